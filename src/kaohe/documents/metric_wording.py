"""The metrics in words, Chinese and English: what stands above and below the line, and who is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kaohe.documents.numerals import plain
from kaohe.standard.model import Language, Standard, Text


@dataclass(frozen=True, slots=True)
class MetricWording:
    """One metric in words.

    kind: a share of a whole, a mean, or a count; above, below: what is divided by what; one: the unit
    that is counted (`人`; `person|people`); short: who is missing to the whole, with `{n}`; nothing:
    why there is nothing to measure; ungiven: that the figures were never given; values: how a mean's
    single values are given.
    """

    kind: Literal["share", "mean", "count"]
    title: Text
    above: Text
    one: Text
    below: Text | None = None
    short: Text | None = None
    nothing: Text | None = None
    ungiven: Text | None = None
    values: Text | None = None

    def counted(self, number: int, language: Language) -> str:
        """Write so many of the unit: 13人; 13 people."""
        if language == "zh":
            return f"{number}{self.one.zh}"
        singular, _, plural = self.one.en.partition("|")
        return f"{number} {singular if number == 1 else plural or singular}"


def _t(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


_STAFF = _t("在册人数", "staff")
_PEOPLE = _t("人", "person|people")
_NO_STAFF = _t("没有在册人员", "the unit has no staff")
_ENTRIES = _t("人次", "entry|entries")


def _of_staff(title: Text, above: Text, short: Text) -> MetricWording:
    return MetricWording("share", title, above, _PEOPLE, _STAFF, short, _NO_STAFF)


def _count(title: Text, above: Text, one: Text) -> MetricWording:
    return MetricWording("count", title, above, one)


METRICS: Mapping[str, MetricWording] = {
    "participation_rate": _of_staff(
        _t("参训率", "participation"), _t("参训人数", "staff who took part"), _t("{n}人未参训", "{n} took no part")
    ),
    "self_study_rate": _of_staff(
        _t("自学自练达标率", "share with the hours of self-study"),
        _t("自学自练满{hours}学时人数", "staff with {hours} or more hours of self-study"),
        _t("{n}人未达到", "{n} fell short"),
    ),
    "online_rate": _of_staff(
        _t("在线学习达标率", "share with the hours of online study"),
        _t("在线学习满{hours}学时人数", "staff with {hours} or more hours of online study"),
        _t("{n}人未达到", "{n} fell short"),
    ),
    "quota_fill_rate": MetricWording(
        "share",
        _t("调训名额完成率", "share of seats filled"),
        _t("实派人数", "people sent"),
        _t("人", "person|people"),
        _t("下达名额", "seats"),
        _t("{n}个名额未派", "seats left empty: {n}"),
        _t("没有下达调训名额", "no seats were allotted"),
    ),
    "class_points": MetricWording(
        "mean",
        _t("学员平均分", "mean of the trainees"),
        _t("学员得分合计", "points of all trainees"),
        _t("分", "point|points"),
        _t("学员人次", "trainees"),
        None,
        _t("没有学员参加集中训练", "nobody was sent to a class"),
        values=_t(
            "每名学员出勤得5分，请假未参加或请假超过10%得4分，旷课得0分",
            "each trainee has 5 points, 4 with leave over 10% or instead of attending, 0 when absent without leave",
        ),
    ),
    "class_points_least": MetricWording(
        "mean",
        _t("学员最低分", "least of the trainees"),
        _t("学员最低分", "least of the trainees"),
        _t("分", "point|points"),
        None,
        None,
        _t("没有学员参加集中训练", "nobody was sent to a class"),
    ),
    "city_contest_kinds": _count(
        _t("参加全市竞赛", "city contests entered"),
        _t("参加的竞赛种类数", "kinds of contest entered"),
        _t("类", "kind|kinds"),
    ),
    "city_finals": _count(
        _t("进入全市决赛", "entries in city finals"), _t("进入全市决赛人次", "entries in city finals"), _ENTRIES
    ),
    "province_entries": _count(
        _t("参加全省单项竞赛", "entries in provincial contests"),
        _t("参加全省单项竞赛人次", "entries in provincial contests"),
        _ENTRIES,
    ),
    "province_placings": _count(
        _t("在全省单项竞赛中取得名次", "placings in provincial contests"),
        _t("取得名次人次", "placings in provincial contests"),
        _t("人次", "placing|placings"),
    ),
    "textbook_rate": MetricWording(
        "share",
        _t("教材落实率", "share of textbooks received"),
        _t("实领教材册数", "textbooks received"),
        _t("册", "copy|copies"),
        _t("计划册数", "textbooks planned"),
        _t("{n}册未到", "copies short: {n}"),
        _t("教材计划数为0", "no textbooks were planned"),
        _t("教材数据未报", "the textbook figures were never given"),
    ),
    "handbook_rate": _of_staff(
        _t("手册领取率", "share with a handbook"),
        _t("实领手册人数", "staff with a handbook"),
        _t("{n}人未领", "{n} without one"),
    ),
    "appraisal_rate": _of_staff(
        _t("测评记录率", "share with a recorded test"),
        _t("有测评记录人数", "staff with a recorded test"),
        _t("{n}人无记录", "{n} without a record"),
    ),
    "bulletin_count": _count(
        _t("训练工作信息", "bulletins"), _t("信息条数", "bulletins"), _t("条", "bulletin|bulletins")
    ),
}

HOURS = {"self_study_rate": "self_study", "online_rate": "online"}


def metric_wording(metric: str) -> MetricWording:
    """Return a metric's words; a metric that nobody has put into words goes by its name."""
    return METRICS.get(metric) or _count(_t(metric, metric), _t(metric, metric), _t("项", "item|items"))


def above(metric: str, standard: Standard, kind: str, language: Language) -> str:
    """Say what stands above the line; the minimum hours are those of the round's kind."""
    text = metric_wording(metric).above.within(language)
    if "{hours}" not in text:
        return text
    hours = minimum_hours(metric, standard, kind)
    if hours is None:
        text = text.replace("满{hours}学时", "达到规定学时").replace("{hours} or more hours", "the required hours")
    return text.format(hours=plain(hours) if hours is not None else "")


def minimum_hours(metric: str, standard: Standard, kind: str) -> Decimal | None:
    """Return the class hours that a person owes for this metric in a kind of round, or None."""
    name = HOURS.get(metric)
    if name is None:
        return None
    minimum = standard.minimum_hours.self_study if name == "self_study" else standard.minimum_hours.online
    return minimum.hours.get(kind)
