"""How the units of a round spread over each measured criterion: a finding in words, a bar, the counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.safestring import SafeString, mark_safe

from kaohe.assessment.scoring import CriterionScore
from kaohe.documents.charts import Part, percent_of, strip
from kaohe.documents.metric_wording import HOURS, metric_wording, minimum_hours
from kaohe.documents.numerals import plain
from kaohe.standard.model import Criterion
from kaohe.web.lang.choice import say, spoken
from kaohe.web.standing.city import City, UnitPoints

Scored = Sequence[tuple[UnitPoints, CriterionScore]]


@dataclass(frozen=True, slots=True)
class Spread:
    """A criterion over all units: how many have it in full, half or more, less, nothing; how many have no points there."""

    id: str
    title: str
    finding: str
    bar: SafeString
    in_full: int
    upper: int
    lower: int
    nothing: int
    not_applicable: int
    not_given: int


def spreads_of(city: City, kind: str) -> tuple[Spread, ...]:
    """Return the spread of each criterion; `kind` is the round's, which sets the minimum hours."""
    return tuple(_spread(city, kind, place, criterion) for place, criterion in enumerate(city.criteria))


def _spread(city: City, kind: str, place: int, criterion: Criterion) -> Spread:
    everywhere = [(unit, unit.scores[place]) for unit in city.units]
    scored = [(unit, score) for unit, score in everywhere if score.score is not None]
    values = [score.score or Decimal(0) for _, score in scored]
    full, half = criterion.points, criterion.points / 2
    in_full, upper = sum(value == full for value in values), sum(half <= value < full for value in values)
    lower, nothing = sum(0 < value < half for value in values), sum(value == 0 for value in values)
    without = sum(score.source == "not_applicable" for _, score in everywhere)
    not_given = len(everywhere) - len(scored) - without
    parts = [
        Part(in_full, say("满分", "in full"), "f-d5"), Part(upper, say("一半以上", "half or more"), "f-d4"),
        Part(lower, say("不足一半", "less than half"), "f-d3"), Part(nothing, say("0 分", "nothing"), "f-red"),
        Part(without + not_given, say("没有得分", "no points"), "f-track"),
    ]  # fmt: skip
    finding = _finding(city, kind, criterion, scored)
    return Spread(
        criterion.id, criterion.title.within(spoken()), finding, _bar(parts), in_full, upper, lower, nothing, without,
        not_given,
    )  # fmt: skip


def _bar(parts: list[Part]) -> SafeString:
    label = say("，", ", ").join(f"{part.name} {part.count}" for part in parts if part.count)
    return mark_safe(strip(parts, label=label))  # noqa: S308 - the chart escapes what it is given


def _finding(city: City, kind: str, criterion: Criterion, scored: Scored) -> str:
    if not scored:
        return say("没有一个单位有得分。", "No unit has points here.")
    rule = criterion.measured_rule
    metric = rule.metric if rule else ""
    hours = minimum_hours(metric, city.standard, kind)
    in_full = sum(score.score == criterion.points for _, score in scored)
    number = len(scored)
    before = "" if hours is None else say(f"{plain(hours)} 学时：", f"{plain(hours)} hours: ")
    count = say(f"{in_full} 个", str(in_full)) if in_full else say("没有一个", "None")
    full = say("全员达标", "with everybody there") if metric in HOURS else say("满分", "in full")
    units = "units" if number > 1 else "unit"
    said = say(f"{number} 个单位中{' ' if in_full else ''}{count}{full}", f"{count} of {number} {units} {full}")
    return before + said + _lowest(metric, criterion, scored) + say("。", ".")


def _lowest(metric: str, criterion: Criterion, scored: Scored) -> str:
    """Name the lowest: a share as it was counted, anything else by its points."""
    if all(score.score == criterion.points for _, score in scored):
        return ""
    is_share = metric_wording(metric).kind == "share"
    worth = {unit.pk: _share(score) if is_share else _points(score) for unit, score in scored}
    least = min(worth.values())
    there = [unit for unit, _ in scored if worth[unit.pk] == least]
    who = there[0].name if len(there) == 1 else say(f"{len(there)} 个单位", f"{len(there)} units")
    figure = f"{percent_of(least, 1)}%" if is_share else say(f"{least:.2f} 分", f"{least:.2f}")
    return say(f"，最低 {figure}（{who}）", f"; lowest {figure} ({who})")


def _share(score: CriterionScore) -> Fraction | Decimal:
    above, below = score.measure or (0, 0)
    return Fraction(above, below) if below else Fraction(0)


def _points(score: CriterionScore) -> Fraction | Decimal:
    return score.score or Decimal(0)
