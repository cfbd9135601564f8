"""What a unit misses under a measured criterion, in words: how much, and who or what it is."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.assessment.scoring import CriterionScore
from kaohe.documents.metric_wording import metric_wording
from kaohe.documents.numerals import points
from kaohe.ledger.metrics import Window
from kaohe.standard.rules import AllOrNothing, Bands, MeasuredRule, outcome
from kaohe.web.lang.choice import say, spoken
from kaohe.web.lang.dates import day_text
from kaohe.web.standing.facts import Entry, Trainee, UnitFacts
from kaohe.web.standing.missing import HOURS, Lack, hours, lacks_of
from kaohe.web.standing.unit_scores import measures_nothing, whole_of

CONTESTS = {"writing": ("公文写作", "drafting"), "speech": ("主题演讲", "speech"), "other": ("其他", "other")}
LEVELS = {
    "unit": ("单位竞赛", "unit contest"), "city": ("全市竞赛", "city contest"), "city_final": ("全市决赛", "city final"),
    "province": ("全省竞赛", "provincial contest"),
}  # fmt: skip
BULLETINS = {"news": ("信息", "news"), "experience": ("经验", "experience"), "problem": ("问题", "problems")}
WANTED_KINDS = ("writing", "speech")
FULL_ATTENDANCE = 5


@dataclass(frozen=True, slots=True)
class Detail:
    """A line below what is missing: a class, or somebody (`person`: whose handbook it leads to) and what happened."""

    title: str
    note: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: in few words for a table, in a sentence, and who or what it is; empty where nothing is."""

    short: str = ""
    text: str = ""
    lacks: tuple[Lack, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A measured criterion of a unit: its score, the facts behind it, and what the round asks of each person."""

    score: CriterionScore
    facts: UnitFacts
    asked: Window
    lacks: tuple[Lack, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lacks", tuple(lacks_of(self.metric, self.facts.staff, self.asked)))

    @property
    def rule(self) -> MeasuredRule:
        """The rule of the criterion."""
        rule = self.score.criterion.measured_rule
        if rule is None:
            raise ValueError(f"{self.score.criterion.id} is judged")
        return rule

    @property
    def metric(self) -> str:
        """The metric that the rule is about."""
        return self.rule.metric


def gap_in(case: Case) -> Gap:
    """Return what is missing under a criterion."""
    score = case.score
    if score.source == "not_applicable" or score.score == score.criterion.points:
        return Gap()
    if measures_nothing(score):
        return _nothing(case)
    return GAPS.get(case.metric, _unexplained)(case)


def entry_details(
    entries: Iterable[Entry], levels: Iterable[str], kinds: Iterable[str] = tuple(CONTESTS)
) -> tuple[Detail, ...]:
    """Return the entries at some levels in contests of some kinds: who, in what, when, and the placing."""
    wanted, of = set(levels), set(kinds)
    return tuple(_entry(one) for one in entries if one.level in wanted and one.kind in of)


def bulletins_text(bulletins: Mapping[str, int]) -> str:
    """Say how many bulletins there are of each kind."""
    parts = [
        say(f"{zh} {bulletins.get(kind, 0)} 条", f"{en} {bulletins.get(kind, 0)}")
        for kind, (zh, en) in BULLETINS.items()
    ]
    return say("、", ", ").join(parts)


def _many(number: int | str, one: str, more: str) -> str:
    """Write a number with its English noun: 1 seat, 3 seats."""
    return f"{number} {one if str(number) == '1' else more}"


def _hours(case: Case) -> Gap:
    number, rest = len(case.lacks), hours(sum(lack.rest for lack in case.lacks))
    short = say(
        f"{number} 人共缺 {rest} 学时", f"{_many(number, 'person lacks', 'people lack')} {_many(rest, 'hour', 'hours')}"
    )
    staff, wanted = len(case.facts.staff), hours(case.lacks[0].wanted) if case.lacks else ""
    of = say(*HOURS[case.metric])
    text = say(
        f"{staff} 人中 {number} 人没有修满 {wanted} 学时，共缺 {rest} 学时",
        f"{number} of {staff} {'falls' if number == 1 else 'fall'} short of {wanted} hours of {of}:"
        f" {_many(rest, 'hour', 'hours')} in all",
    )
    return Gap(short, text, case.lacks)


def _participation(case: Case) -> Gap:
    number, staff = len(case.lacks), len(case.facts.staff)
    text = say(f"{staff} 人中 {number} 人没有参加过任何训练", f"{number} of {staff} took part in nothing at all")
    return Gap(say(f"{number} 人未参训", f"{number} took no part"), text, case.lacks)


def _appraisal(case: Case) -> Gap:
    number, staff = len(case.lacks), len(case.facts.staff)
    text = say(f"{staff} 人中 {number} 人没有测评记录", f"{number} of {staff} without a recorded test")
    return Gap(say(f"{number} 人无测评记录", f"{number} not tested"), text, case.lacks)


def _seats(case: Case) -> Gap:
    unfilled = [one for one in case.facts.seats if one.sent < one.seats]
    empty = sum(one.seats - one.sent for one in unfilled)
    details = tuple(
        Detail(
            one.title,
            say(
                f"{day_text(one.ends_on)}结束，名额 {one.seats}，已派 {one.sent}，空 {one.seats - one.sent}",
                f"ends {day_text(one.ends_on)}: {_many(one.seats, 'seat', 'seats')}, {one.sent} sent",
            ),
        )
        for one in unfilled
    )
    seats, classes = _many(empty, "seat", "seats"), _many(len(unfilled), "class", "classes")
    text = say(f"{len(unfilled)} 个班有 {empty} 个名额未派", f"{seats} left empty in {classes}")
    return Gap(say(f"{empty} 个名额未派", f"{seats} empty"), text, details=details)


def _attendance(case: Case) -> Gap:
    short_of = [one for one in case.facts.trainees if one.points < FULL_ATTENDANCE]
    counts = Counter("absent" if one.status == "absent" else "leave" for one in short_of)
    words = {
        "leave": (f"{counts['leave']} 人次请假", f"{counts['leave']} on leave"),
        "absent": (f"{counts['absent']} 人次旷课", f"{counts['absent']} absent without leave"),
    }
    short = say("、", ", ").join(say(*words[what]) for what in words if counts[what])
    number = len(case.facts.trainees)
    text = say(f"学员 {number} 人次中 {short}", f"of {_many(number, 'trainee', 'trainees')}: {short}")
    return Gap(short, text, details=tuple(Detail(one.name, _attended(one), one.pk) for one in short_of))


def _attended(one: Trainee) -> str:
    if one.status == "absent":
        what = say("旷课", "absent without leave")
    elif one.minutes == 0:
        what = say("请假未参加", "on leave throughout")
    else:
        rest, planned = hours(one.planned - one.minutes), hours(one.planned)
        what = say(f"缺 {rest} 学时（计划 {planned}）", f"{rest} of {planned} hours missed")
    day = day_text(one.ends_on)
    return say(
        f"{one.title}（{day}结束）：{what}，计 {one.points} 分",
        f"{one.title} (ended {day}): {what}, {one.points} points",
    )


def _contest_kinds(case: Case) -> Gap:
    entered = {one.kind for one in case.facts.entries if one.level in ("city", "city_final")}
    missing = [CONTESTS[kind] for kind in WANTED_KINDS if kind not in entered]
    names = say("、".join(zh for zh, _ in missing), " and ".join(en for _, en in missing))
    text = say(f"没有人参加全市的{names}竞赛", f"nobody entered the city's {names} contest")
    details = entry_details(case.facts.entries, ("city", "city_final"), WANTED_KINDS)
    return Gap(say(f"缺{names}", f"no {names} entry"), text, details=details)


def _finals(case: Case) -> Gap:
    done, rest = _counted(case)
    if done + rest > 1:
        text = say(
            f"进入全市决赛（公文写作或主题演讲）{done} 人次，还差 {rest} 人次",
            f"{_many(done, 'entry', 'entries')} in city finals, in drafting or speech: {rest} short of full points",
        )
        return Gap(_entries_short(rest), text, details=entry_details(case.facts.entries, ("city_final",), WANTED_KINDS))
    text = say("还没有人进入全市决赛（公文写作或主题演讲）", "nobody has reached a city final, in drafting or speech")
    return Gap(say("尚无人进入决赛", "nobody in a final"), text)


def _province(case: Case) -> Gap:
    done, rest = _counted(case)
    placed = case.metric == "province_placings"
    what_zh, what_en = (
        ("在全省竞赛取得名次", "with a placing in provincial contests")
        if placed
        else ("参加全省竞赛", "in provincial contests")
    )
    text = say(
        f"{what_zh} {done} 人次，还差 {rest} 人次",
        f"{_many(done, 'entry', 'entries')} {what_en}: {rest} short of full points",
    )
    earned = [one for one in case.facts.entries if one.place is not None or not placed]
    return Gap(_entries_short(rest), text, details=entry_details(earned, ("province",)))


def _counted(case: Case) -> tuple[int, int]:
    """Return how many are counted, and how many more full points take."""
    done = case.score.measure[0] if case.score.measure else 0
    return done, math.ceil(whole_of(case.score.criterion)) - done


def _entries_short(rest: int) -> str:
    return say(f"还差 {rest} 人次", f"{_many(rest, 'entry', 'entries')} short")


def _entry(one: Entry) -> Detail:
    level, kind = say(*LEVELS[one.level]), say(*CONTESTS[one.kind])
    note = say(f"{level}（{kind}），{day_text(one.held_on)}", f"{level}, {kind}, {day_text(one.held_on)}")
    if one.place:
        note += say(f"，名次：{one.place}", f", placing: {one.place}")
    return Detail(one.name, note, one.pk)


def _textbooks(case: Case) -> Gap:
    row = case.facts.supplies.get("textbook")
    if row is None:
        text = say("应配和实配册数都没有报", "neither the planned nor the received number was given")
        return Gap(say("教材数未报", "figures not given"), text)
    planned, received = row
    rest = planned - received
    text = say(f"应配 {planned} 册，实配 {received} 册", f"{planned} planned, {received} received")
    if rest > 0:  # a bound may lie above the plan
        text += say(f"，还差 {rest} 册", f", {rest} short")
    step = _next_step(case, planned, received)
    return Gap(step or _short_of(rest), say("；", "; ").join(filter(None, (text, step))))


def _short_of(copies: int) -> str:
    return say(f"差 {copies} 册", f"{_many(copies, 'copy', 'copies')} short")


def _next_step(case: Case, planned: int, received: int) -> str:
    """Say what the next bound takes; empty where the rule has none, as points rise with every copy."""
    if case.score.score is None:
        return ""
    full = case.score.criterion.points
    for bound in _bounds(case.rule):
        needed = math.ceil(bound * planned)
        worth = outcome(case.rule, (needed, planned), full).points
        if needed > received and worth is not None and worth > case.score.score:
            more = needed - received
            return say(
                f"再配 {more} 册得 {points(worth)} 分",
                f"{_many(more, 'more copy gives', 'more copies give')} {points(worth)}",
            )
    return ""


def _bounds(rule: MeasuredRule) -> list[Fraction]:
    match rule:
        case Bands(steps=steps):
            return sorted(step.at_least for step in steps)
        case AllOrNothing(at_least=at_least):
            return [at_least]
    return []


def _handbooks(case: Case) -> Gap:
    staff, row = len(case.facts.staff), case.facts.supplies.get("handbook")
    received = row[1] if row else 0
    given = (
        say(f"实配 {received} 册", f"{received} received")
        if row
        else say("没有报，按 0 册计", "none reported, counted as 0")
    )
    rest = staff - received
    text = say(f"在册 {staff} 人，手册{given}，还差 {rest} 册", f"{staff} on the staff, {given}, {rest} short")
    return Gap(_short_of(rest), text)


def _bulletins(case: Case) -> Gap:
    sent, rest = bulletins_text(case.facts.bulletins), _counted(case)[1]
    text = say(f"已报 {sent}，还差 {rest} 条", f"reported: {sent}; {rest} short of full points")
    return Gap(say(f"还差 {rest} 条", f"{_many(rest, 'bulletin', 'bulletins')} short"), text)


def _nothing(case: Case) -> Gap:
    """There is nothing to measure, and the standard gives nothing for it."""
    words = metric_wording(case.metric).nothing
    said = words.within(spoken()) if words else ""
    return Gap(said, said)


def _unexplained(case: Case) -> Gap:
    """A metric of which nothing more is known than its own words for what is missing."""
    words = metric_wording(case.metric)
    if words.short is None or case.score.measure is None:
        return Gap()
    above, below = case.score.measure
    said = words.short.within(spoken()).format(n=max(below - above, 0))
    return Gap(said, said)


GAPS: Mapping[str, Callable[[Case], Gap]] = {
    "self_study_rate": _hours,
    "online_rate": _hours,
    "participation_rate": _participation,
    "appraisal_rate": _appraisal,
    "quota_fill_rate": _seats,
    "class_points": _attendance,
    "city_contest_kinds": _contest_kinds,
    "city_finals": _finals,
    "province_entries": _province,
    "province_placings": _province,
    "textbook_rate": _textbooks,
    "handbook_rate": _handbooks,
    "bulletin_count": _bulletins,
}
"""What is missing, by the metric of the criterion."""
