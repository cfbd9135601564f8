"""The linter: where a standard contradicts itself, the line of each place, and what would mend it.

Decisions of this file. The rules read lower bounds only and sort them (decision 5), so the order in
the file hides nothing and `at_most` is never applied: it is checked because a document writes it. A
scale above the criterion's points is right when it is written (decision 3: out of 10, worth 5); steps
without a scale are points of the criterion itself. A cap below a single bonus is a fault: that bonus
could never be paid in full. A total has two decimals (decision 4), so bands may meet at 89.99 | 90;
a rate is any fraction, so steps meet only where `at_most` is left out or equals the next bound.
A date must exist in every year, which 29 February does not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Generic, Literal, TypeVar, assert_never

from kaohe.fault import Fault, Faults
from kaohe.standard.figures import HUNDREDTH, written
from kaohe.standard.files import StandardFile
from kaohe.standard.model import Band, Criterion, Standard
from kaohe.standard.rules import LEAST, AllOrNothing, Bands, Count, MeasuredRule, Points, Proportional, Step

LintCode = Literal[
    "band_above_maximum", "band_gap", "band_not_from_zero", "band_overlap", "band_reversed", "band_top_closed",
    "band_twice", "bonus_exceeds_cap", "bonus_not_counted", "bonus_without_cap", "checklist_does_not_add_up", "checklist_exceeds_points",
    "clause_missing", "criteria_do_not_add_up", "date_impossible", "full_points_unreachable", "hours_impossible",
    "hours_missing",
    "id_twice", "items_do_not_add_up", "least_unknown", "metric_unknown",
    "metric_unsuited", "points_negative", "points_not_positive",
    "round_reversed", "round_unknown", "scale_exceeds_points", "step_does_not_divide", "step_exceeds_scale",
    "step_not_positive", "step_reversed", "step_too_fine", "step_top_closed", "step_unreachable",
    "steps_do_not_reach_zero", "steps_gap", "steps_not_falling", "steps_overlap", "threshold_not_positive",
    "whole_unreachable", "wording_group_missing", "wording_group_unknown",
]  # fmt: skip

Part = TypeVar("Part", Step, Band)
AN_ORDINARY_YEAR = 2010
"""A year without 29 February."""
MOST = {"class_points": Fraction(5), "city_contest_kinds": Fraction(2)}
"""The most that a figure can be that is neither a share nor without an end."""
HOURS_OF_A_YEAR, TENTH = 366 * 24, Fraction(1, 10)


def lint(file: StandardFile, metrics: frozenset[str]) -> Faults:
    """Return every contradiction in a standard, in the order of its lines; `metrics` are the names the ledger knows."""
    found = [*_unknown_metrics(file, metrics), *(fault for check in CHECKS for fault in check(file))]
    return Faults.of(sorted(found, key=lambda fault: fault.place.line or 0))


def _fault(file: StandardFile, code: LintCode, path: str, found: str | None = None, **values: str) -> Fault:
    return Fault(code, file.place(path), found, values)


def _line(file: StandardFile, path: str) -> str:
    return str(file.place(path).line)


def _criteria(standard: Standard) -> Iterator[tuple[str, Criterion]]:
    for i, item in enumerate(standard.items):
        for j, criterion in enumerate(item.criteria):
            yield f"items[{i}].criteria[{j}]", criterion


def _scales(standard: Standard) -> Iterator[tuple[str, Criterion, Bands]]:
    for path, criterion in _criteria(standard):
        if isinstance(criterion.rule, Bands):
            yield f"{path}.rule", criterion, criterion.rule


# Identity: ids, names of metrics, groups and kinds of round


def _ids(file: StandardFile) -> Iterator[Fault]:
    """Within each list; criteria and bonuses share one list, for their scores stand in one sheet."""
    standard = file.standard
    yield from _twice(file, ((f"groups[{i}].id", group.id) for i, group in enumerate(standard.groups)))
    yield from _twice(file, ((f"bands[{i}].id", band.id) for i, band in enumerate(standard.bands)))
    yield from _twice(file, ((f"items[{i}].id", item.id) for i, item in enumerate(standard.items)))
    scored = [(f"{path}.id", criterion.id) for path, criterion in _criteria(standard)]
    yield from _twice(file, scored + [(f"bonus[{i}].id", bonus.id) for i, bonus in enumerate(standard.bonus)])


def _twice(file: StandardFile, ids: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for path, identifier in ids:
        if first.setdefault(identifier, path) != path:
            yield _fault(file, "id_twice", path, identifier, first_line=_line(file, first[identifier]))


def _unknown_metrics(file: StandardFile, metrics: frozenset[str]) -> Iterator[Fault]:
    for path, metric in _metrics_named(file.standard):
        if metric not in metrics:
            yield _fault(file, "metric_unknown", path, metric, known=", ".join(sorted(metrics)))


def _metrics_named(standard: Standard) -> Iterator[tuple[str, str]]:
    for path, criterion in _criteria(standard):
        if criterion.measured_rule is not None:
            yield f"{path}.rule.metric", criterion.measured_rule.metric
        if criterion.shows is not None:
            yield f"{path}.shows", criterion.shows
    yield from ((f"bonus[{i}].metric", bonus.metric) for i, bonus in enumerate(standard.bonus))


def _bonus_metrics(file: StandardFile) -> Iterator[Fault]:
    """A bonus is paid for entries, so its metric is a count; rates and means are named as such by the ledger."""
    for index, bonus in enumerate(file.standard.bonus):
        if bonus.metric.endswith(("_rate", "_points", "_least")):
            yield _fault(file, "bonus_not_counted", f"bonus[{index}].metric", bonus.metric)


def _suited(file: StandardFile) -> Iterator[Fault]:
    """Each shape is for figures of some kind: a mean is points already, a share is no number of things."""
    for path, criterion in _criteria(file.standard):
        rule = criterion.measured_rule
        if rule is not None and not _suits(rule) and not _lacks_least(rule):
            yield _fault(file, "metric_unsuited", f"{path}.rule.metric", rule.metric, shape=rule.shape)


def _suits(rule: MeasuredRule) -> bool:
    is_mean, is_share = rule.metric.endswith(("_points", "_least")), rule.metric.endswith("_rate")
    return is_mean == isinstance(rule, Points) and not (is_share and isinstance(rule, Count))


def _wholes(file: StandardFile) -> Iterator[Fault]:
    """Full points ask for no more than a figure can be, and of a mean for all that it can be."""
    for path, criterion in _criteria(file.standard):
        rule = criterion.measured_rule
        most = _most(rule.metric) if rule and _suits(rule) else None
        if rule is None or most is None:
            continue
        setting, whole = _whole(rule, criterion)
        if whole > most or (isinstance(rule, Points) and whole > 0 and whole != most):
            said = written(whole, rule.metric)
            yield _fault(file, "whole_unreachable", f"{path}.rule.{setting}", said, most=written(most, rule.metric))


def _most(metric: str) -> Fraction | None:
    """The most that a figure can be; None where it has no end (received textbooks are not capped)."""
    if metric.endswith("_rate"):
        return None if metric == "textbook_rate" else Fraction(1)
    return MOST.get(metric)


def _whole(rule: MeasuredRule, criterion: Criterion) -> tuple[str, Fraction]:
    """Return the setting by which a rule gives full points, and the figure that it asks for."""
    match rule:
        case Proportional(of=of):
            return "of", Fraction(of)
        case AllOrNothing(at_least=at_least):
            return "at_least", at_least
        case Bands(steps=steps):
            place, step = max(enumerate(steps), key=lambda one: one[1].at_least)
            return f"steps[{place}].at_least", step.at_least
        case Points(scale=scale):
            return "scale", Fraction(scale)
        case Count(each=each):
            return "each", Fraction(criterion.points) / Fraction(each) if each > 0 else Fraction(0)
        case _:  # pragma: no cover - mypy proves that this cannot be reached
            assert_never(rule)


def _least(file: StandardFile) -> Iterator[Fault]:
    for path, criterion in _criteria(file.standard):
        rule = criterion.measured_rule
        if rule is not None and _lacks_least(rule):
            yield _fault(file, "least_unknown", f"{path}.rule.aggregate", rule.metric, known=", ".join(sorted(LEAST)))


def _lacks_least(rule: MeasuredRule) -> bool:
    return isinstance(rule, Points) and rule.aggregate == "min" and rule.metric not in LEAST


def _wordings(file: StandardFile) -> Iterator[Fault]:
    groups = [group.id for group in file.standard.groups]
    for path, criterion in _criteria(file.standard):
        if isinstance(criterion.wording, str):
            continue
        for group in groups:
            if group not in criterion.wording:
                yield _fault(file, "wording_group_missing", f"{path}.wording", None, group=group)
        for name in criterion.wording:
            if name not in groups:
                yield _fault(file, "wording_group_unknown", f"{path}.wording.{name}", name, known=", ".join(groups))


def _hours(file: StandardFile) -> Iterator[Fault]:
    """Decision 12: each of the two minimums says a figure for every kind of round.

    Hours are recorded with one decimal: whoever has the hours to the tenth could still lack what is finer.
    """
    minimum = file.standard.minimum_hours
    for path, hours in (("self_study", minimum.self_study.hours), ("online", minimum.online.hours)):
        yield from _unknown_rounds(file, f"minimum_hours.{path}.hours", hours)
        for kind in file.standard.rounds:
            if kind not in hours:
                yield _fault(file, "hours_missing", f"minimum_hours.{path}.hours", None, round=kind)
        for kind, figure in hours.items():
            if not 0 <= figure <= HOURS_OF_A_YEAR or Fraction(figure) % TENTH:
                yield _fault(file, "hours_impossible", f"minimum_hours.{path}.hours.{kind}", written(figure))


def _weights(file: StandardFile) -> Iterator[Fault]:
    if file.standard.overall is not None:
        yield from _unknown_rounds(file, "overall.weights", file.standard.overall.weights)


def _unknown_rounds(file: StandardFile, path: str, named: Mapping[str, Decimal]) -> Iterator[Fault]:
    for kind in named:
        if kind not in file.standard.rounds:
            yield _fault(file, "round_unknown", f"{path}.{kind}", kind, known=", ".join(file.standard.rounds))


def _clauses(file: StandardFile) -> Iterator[Fault]:
    standard = file.standard
    given = [(path, criterion.clause) for path, criterion in _criteria(standard)]
    given += [(f"bands[{i}]", band.clause) for i, band in enumerate(standard.bands)]
    given += [(f"bonus[{i}]", bonus.clause) for i, bonus in enumerate(standard.bonus)]
    minimum = standard.minimum_hours
    given += [("minimum_hours.self_study", minimum.self_study.clause), ("minimum_hours.online", minimum.online.clause)]
    missing = [path for path, clause in given if not (clause or "").strip()]
    yield from (_fault(file, "clause_missing", f"{path}.clause") for path in missing)


def _dates(file: StandardFile) -> Iterator[Fault]:
    for kind, round_kind in file.standard.rounds.items():
        days = {"start": round_kind.start, "end": round_kind.end, "due": round_kind.due}
        wrong = [name for name, day in days.items() if not _exists(day)]
        yield from (_fault(file, "date_impossible", f"rounds.{kind}.{name}", days[name]) for name in wrong)
        if not wrong and round_kind.start > round_kind.end:
            yield _fault(file, "round_reversed", f"rounds.{kind}.start", round_kind.start, end=round_kind.end)


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(f"{AN_ORDINARY_YEAR}-{day}")
    except ValueError:
        return False
    return True


# Points: sums, signs, the step in which points are given


def _sums(file: StandardFile) -> Iterator[Fault]:
    standard = file.standard
    for i, item in enumerate(standard.items):
        total = sum((criterion.points for criterion in item.criteria), Decimal(0))
        if total != item.points:
            path, found = f"items[{i}].points", written(item.points)
            yield _fault(file, "criteria_do_not_add_up", path, found, sum=written(total), item=item.id)
    total = sum((item.points for item in standard.items), Decimal(0))
    if total != standard.points:
        yield _fault(file, "items_do_not_add_up", "points", written(standard.points), sum=written(total))


def _checklists(file: StandardFile) -> Iterator[Fault]:
    """Points of checks may be left out; those given stay within the criterion, all given make it up."""
    for path, criterion in _criteria(file.standard):
        given = [check.points for check in criterion.checklist if check.points is not None]
        total, full = sum(given, Decimal(0)), criterion.points
        if total > full:
            yield _fault(file, "checklist_exceeds_points", f"{path}.checklist", written(total), points=written(full))
        elif given and len(given) == len(criterion.checklist) and total < full:
            yield _fault(file, "checklist_does_not_add_up", f"{path}.checklist", written(total), points=written(full))


def _signs(file: StandardFile) -> Iterator[Fault]:
    for path, points in _points_given(file.standard):
        if points is not None and points <= 0:
            yield _fault(file, "points_not_positive", path, written(points))
    for path, criterion in _criteria(file.standard):
        rule = criterion.rule
        if isinstance(rule, AllOrNothing) and rule.at_least <= 0:
            yield _fault(file, "threshold_not_positive", f"{path}.rule.at_least", written(rule.at_least, rule.metric))


def _points_given(standard: Standard) -> Iterator[tuple[str, Decimal | None]]:
    yield "points", standard.points
    yield "bonus_cap", standard.bonus_cap
    yield from ((f"bonus[{i}].points", bonus.points) for i, bonus in enumerate(standard.bonus))
    yield from ((f"items[{i}].points", item.points) for i, item in enumerate(standard.items))
    for path, criterion in _criteria(standard):
        yield f"{path}.points", criterion.points
        yield from ((f"{path}.checklist[{i}].points", check.points) for i, check in enumerate(criterion.checklist))
        if isinstance(criterion.rule, Bands | Points):
            yield f"{path}.rule.scale", criterion.rule.scale
        elif isinstance(criterion.rule, Count):
            yield f"{path}.rule.each", criterion.rule.each


def _step(file: StandardFile) -> Iterator[Fault]:
    """Decision 18: points are given in this step, on every criterion (a unit scores itself on each)."""
    step = file.standard.step
    if step <= 0:
        yield _fault(file, "step_not_positive", "step", written(step))
        return
    if Fraction(step) % Fraction(HUNDREDTH):
        yield _fault(file, "step_too_fine", "step", written(step))
    for path, criterion in _criteria(file.standard):
        if Fraction(criterion.points) % Fraction(step):
            yield _fault(file, "step_does_not_divide", f"{path}.points", written(criterion.points), step=written(step))


def _bonuses(file: StandardFile) -> Iterator[Fault]:
    """Decision 7: bonuses need a cap, and each can be paid in full under it."""
    cap = file.standard.bonus_cap
    if file.standard.bonus and cap is None:
        yield _fault(file, "bonus_without_cap", "bonus")
    for i, bonus in enumerate(file.standard.bonus):
        if cap is not None and bonus.points > cap > 0:
            yield _fault(file, "bonus_exceeds_cap", f"bonus[{i}].points", written(bonus.points), cap=written(cap))


# Ranges: steps of a scale and bands of the total


@dataclass(frozen=True, slots=True)
class _Ranges(Generic[Part]):
    """Steps or bands, highest first, with their paths; `grain` is the least difference of two figures."""

    file: StandardFile
    ordered: Sequence[tuple[str, Part]]
    write: Callable[[Decimal | Fraction], str]
    grain: Fraction

    @classmethod
    def of(
        cls, file: StandardFile, path: str, parts: Sequence[Part], *, metric: str = "", grain: Fraction = Fraction(0)
    ) -> "_Ranges[Part]":
        numbered = [(f"{path}[{i}]", part) for i, part in enumerate(parts)]
        ordered = sorted(numbered, key=lambda part: part[1].at_least, reverse=True)
        return cls(file, ordered, lambda value: written(value, metric), grain)

    def reversed(self, code: LintCode) -> Iterator[Fault]:
        for path, part in self.ordered:
            if part.at_most is not None and part.at_most < part.at_least:
                yield self._upper(code, path, part.at_most, at_least=self.write(part.at_least))

    def overlaps(self, code: LintCode) -> Iterator[Fault]:
        for (_, higher), (path, part) in pairwise(self.ordered):
            if part.at_most is not None and part.at_most > higher.at_least:
                yield self._upper(code, path, part.at_most, next=self.write(higher.at_least))

    def gaps(self, code: LintCode) -> Iterator[Fault]:
        for (_, higher), (path, part) in pairwise(self.ordered):
            if part.at_most is None or part.at_most < part.at_least:
                continue
            if Fraction(part.at_most) + self.grain < higher.at_least:
                yield self._upper(code, path, part.at_most, next=self.write(higher.at_least))

    def closed(self, code: LintCode, highest: Decimal | Fraction) -> Iterator[Fault]:
        path, top = self.ordered[0]
        if top.at_most is not None and top.at_least <= top.at_most < highest:
            yield self._upper(code, path, top.at_most, highest=self.write(highest))

    def _upper(self, code: LintCode, path: str, at_most: Decimal | Fraction, **values: str) -> Fault:
        return _fault(self.file, code, f"{path}.at_most", self.write(at_most), **values)


def _step_bounds(file: StandardFile) -> Iterator[Fault]:
    """Decision 5 (textbooks: 79 | 80, the 30% step without its upper end)."""
    for path, _, rule in _scales(file.standard):
        ranges = _Ranges.of(file, f"{path}.steps", rule.steps, metric=rule.metric)
        yield from ranges.reversed("step_reversed")
        yield from ranges.overlaps("steps_overlap")
        yield from ranges.gaps("steps_gap")
        yield from ranges.closed("step_top_closed", Fraction(1))
        yield from _hidden_steps(ranges)
        lowest, step = ranges.ordered[-1]
        if step.at_least > 0:
            yield _fault(file, "steps_do_not_reach_zero", f"{lowest}.at_least", ranges.write(step.at_least))


def _hidden_steps(ranges: _Ranges[Step]) -> Iterator[Fault]:
    """A figure is never negative, so nothing reaches a step below one that starts at 0 or at the same bound."""
    for (above, higher), (path, lower) in pairwise(ranges.ordered):
        if higher.at_least <= max(lower.at_least, Fraction(0)):
            line = _line(ranges.file, f"{above}.at_least")
            yield _fault(
                ranges.file, "step_unreachable", f"{path}.at_least", ranges.write(lower.at_least),
                hidden_by=ranges.write(higher.at_least), hidden_by_line=line,
            )  # fmt: skip


def _step_points(file: StandardFile) -> Iterator[Fault]:
    """Decision 3 (textbooks: worth 5 points, yet the second step gives 8)."""
    for path, criterion, rule in _scales(file.standard):
        full = _full(criterion, rule)
        above: LintCode = "step_exceeds_scale" if rule.scale is not None else "scale_exceeds_points"
        for i, step in enumerate(rule.steps):
            if step.points < 0:
                yield _fault(file, "points_negative", f"{path}.steps[{i}].points", written(step.points))
            if step.points > full > 0:
                yield _fault(file, above, f"{path}.steps[{i}].points", written(step.points), full=written(full))


def _step_order(file: StandardFile) -> Iterator[Fault]:
    """A lower bound gives fewer points, and the highest gives them all."""
    for path, criterion, rule in _scales(file.standard):
        ordered = _Ranges.of(file, f"{path}.steps", rule.steps).ordered
        for (_, higher), (place, lower) in pairwise(ordered):
            if lower.points >= higher.points:
                yield _fault(
                    file, "steps_not_falling", f"{place}.points", written(lower.points),
                    at_least=written(lower.at_least, rule.metric), higher=written(higher.points),
                    higher_at_least=written(higher.at_least, rule.metric),
                )  # fmt: skip
        (top, highest), full = ordered[0], _full(criterion, rule)
        if highest.points < full:
            yield _fault(file, "full_points_unreachable", f"{top}.points", written(highest.points), full=written(full))


def _full(criterion: Criterion, rule: Bands) -> Decimal:
    return criterion.points if rule.scale is None else rule.scale


def _bands(file: StandardFile) -> Iterator[Fault]:
    """Decision 4 (89 | 90 and 59 | 60)."""
    ranges = _Ranges.of(file, "bands", file.standard.bands, grain=Fraction(HUNDREDTH))
    yield from ranges.reversed("band_reversed")
    yield from ranges.overlaps("band_overlap")
    yield from ranges.gaps("band_gap")
    lowest, band = ranges.ordered[-1]
    if band.at_least != 0:
        yield _fault(file, "band_not_from_zero", f"{lowest}.at_least", written(band.at_least))
    for (above, higher), (path, lower) in pairwise(ranges.ordered):
        if lower.at_least == higher.at_least:
            line = _line(file, f"{above}.at_least")
            yield _fault(file, "band_twice", f"{path}.at_least", written(lower.at_least), first_line=line)
    highest = _highest_total(file.standard)
    if highest is not None:
        yield from ranges.closed("band_top_closed", highest)
        yield from _bands_above(file, ranges, highest)


def _bands_above(file: StandardFile, ranges: _Ranges[Band], highest: Decimal) -> Iterator[Fault]:
    for path, band in ranges.ordered:
        if band.at_least > highest:
            found = written(band.at_least)
            yield _fault(file, "band_above_maximum", f"{path}.at_least", found, maximum=written(highest))


def _highest_total(standard: Standard) -> Decimal | None:
    """The most that decides a band; None where bonuses for each entry have no cap."""
    if "band" not in standard.bonus_counts_for:
        return standard.points
    once = all(bonus.per == "unit" for bonus in standard.bonus)
    limits = [sum((bonus.points for bonus in standard.bonus), Decimal(0))] if once else []
    limits += [standard.bonus_cap] if standard.bonus_cap is not None else []
    return standard.points + min(limits) if limits else None


CHECKS: tuple[Callable[[StandardFile], Iterator[Fault]], ...] = (
    _ids, _suited, _wholes, _least, _bonus_metrics, _wordings, _hours, _weights, _clauses, _dates, _sums, _checklists, _signs, _step, _bonuses,
    _step_bounds, _step_points, _step_order, _bands,
)  # fmt: skip
