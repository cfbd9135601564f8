"""The words of a person's record, Chinese and English: forms, how somebody attended, contests, the rule of attendance."""

from datetime import date
from fractions import Fraction

from kaohe.documents.numerals import MONTHS, pick
from kaohe.documents.reasons import clause_of
from kaohe.documents.record import Attended, Form
from kaohe.documents.rule_wording import rule_sentence
from kaohe.ledger.tables import CONTEST_KINDS, FORMS, LEVELS, STATUSES
from kaohe.standard.figures import half_up
from kaohe.standard.model import Criterion, Language, Standard
from kaohe.standard.rules import Points

NONE = "—"
_TENTH = 6
"""The minutes in the tenth of an hour to which hours are recorded."""
_FORMS = {"lecture": "Lecture", "half_day": "Weekly half day", "online": "Online study", "class": "Class"}
_STATUSES = {"present": "present", "leave": "leave", "absent": "absent"}
_KINDS = {"writing": "Drafting", "speech": "Speech", "other": "Other"}
_LEVELS = {"unit": "Unit", "city": "City", "city_final": "City final", "province": "Province"}


def hours(minutes: int) -> str:
    """Write minutes as class hours, with one decimal as they are recorded; with two where a minimum is no such figure.

    >>> hours(2070), hours(1), hours(735)
    ('34.5', '0.02', '12.25')
    """
    whole, rest = divmod(minutes, 60)
    if rest % _TENTH:
        return str(half_up(Fraction(minutes, 60)))
    return f"{whole}.{rest // _TENTH}"


def form_title(form: Form, language: Language) -> str:
    """Name a form: 集中训练; lecture."""
    return pick(language, FORMS[form], _FORMS[form])


def hours_title(form: Form, language: Language) -> str:
    """Name the hours that are asked of a form: 自学自练; self-study."""
    if form == "half_day":
        return pick(language, "“每周半日”自学自练", "Weekly half days (self-study)")
    return pick(language, "网络在线学习", "Online study") if form == "online" else form_title(form, language)


def status_word(status: str, language: Language) -> str:
    """Name how somebody attended: 出勤, 请假, 旷课."""
    return pick(language, STATUSES[status], _STATUSES[status])


def kind_title(kind: str, language: Language) -> str:
    """Name the kind of a contest."""
    return pick(language, CONTEST_KINDS[kind], _KINDS[kind])


def level_title(level: str, language: Language) -> str:
    """Name the level of a contest."""
    return pick(language, LEVELS[level], _LEVELS[level])


def days(first: date, last: date, language: Language) -> str:
    """Write the days of an activity without their year: 6月7日至11日; 7 to 11 June.

    >>> days(date(2010, 6, 7), date(2010, 6, 11), "zh"), days(date(2010, 6, 28), date(2010, 7, 2), "en")
    ('6月7日至11日', '28 June to 2 July')
    """
    if first == last:
        return pick(language, f"{last.month}月{last.day}日", f"{last.day} {MONTHS[last.month - 1]}")
    same = (first.year, first.month) == (last.year, last.month)
    if language == "zh":
        year = "" if first.year == last.year else f"{first.year}年"
        return f"{year}{first.month}月{first.day}日至" + (f"{last.day}日" if same else days(last, last, language))
    begins = str(first.day) if same else days(first, first, language)
    return begins + ("" if first.year == last.year else f" {first.year}") + " to " + days(last, last, language)


def attendance_rule(standard: Standard) -> Criterion | None:
    """Return the criterion that scores attendance at classes; None where a standard has none."""
    scored = (one for one in standard.criteria if isinstance(one.rule, Points) and one.rule.metric == "class_points")
    return next(scored, None)


def attendance_basis(standard: Standard, kind: str, language: Language) -> str:
    """Say by which clause and rule attendance counts, and for whom; empty where the standard has no such rule."""
    criterion = attendance_rule(standard)
    if criterion is None:
        return ""
    clause, rule = clause_of(criterion, standard, language), rule_sentence(criterion, standard, kind, language)
    return pick(
        language,
        f"规则（{clause}）：{rule}。这是所在单位{criterion.id}项的计分，不是对个人的评分。",
        f"The rule ({clause}): {rule}. It scores criterion {criterion.id} of the unit, not the person.",
    )


def result_sentence(one: Attended, language: Language) -> str:
    """Say why a class has its points, without them: 缺4.0学时，超过计划的10%."""
    missed = hours(max(one.planned - one.there, 0))
    match one.result:
        case "absent":
            return pick(language, "旷课", "absent without leave")
        case "leave":
            return pick(language, "请假未参加", "leave instead of attending")
        case "left":
            return pick(language, f"缺{missed}学时，超过计划的10%", f"{missed} h missed, over 10% of the plan")
        case _ if one.planned > one.there:
            return pick(language, f"缺{missed}学时，不超过计划的10%", f"{missed} h missed, within 10% of the plan")
        case _:
            return pick(language, "全程参加", "attended throughout")


def placing(place: str, language: Language) -> str:
    """Write a placing as it was recorded, or that there is none."""
    return place or pick(language, "未获名次", "no placing")
