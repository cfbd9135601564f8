"""What units gave themselves against what they were given, where the two can be compared."""

from decimal import Decimal
from fractions import Fraction

from kaohe.assessment.scoring import UnitResult
from kaohe.documents.as_html import Markup, el
from kaohe.documents.charts import Pair, dumbbell
from kaohe.documents.report_parts import Subject, figure, points, section
from kaohe.standard.figures import half_up, two_places
from kaohe.standard.model import Standard

DRAWN = 24
"""How many units the chart shows, those with the largest gap first."""


def self_total(unit: UnitResult, standard: Standard) -> Decimal | None:
    """The total if every self score stood: scored as the unit is, with its own scores where it gave any.

    None where the unit has no total, or gave itself no score that applies.
    """
    if unit.total is None or unit.bonus is None:
        return None
    applies = [score for score in unit.criteria if score.source != "not_applicable"]
    own = [score.self_score for score in applies]
    if all(value is None for value in own):
        return None
    summed = sum((o if o is not None else s.score or Decimal(0) for s, o in zip(applies, own, strict=True)), Decimal(0))
    base = half_up(Fraction(summed) / Fraction(unit.points_counted) * Fraction(standard.points))
    return two_places(base + unit.bonus)


def compared(unit: UnitResult) -> bool:
    """Whether something of the unit's own scores stands against an inspection, a review or the ledger."""
    return any(s.self_score is not None and s.source in ("inspection", "review", "ledger") for s in unit.criteria)


def pairs(subject: Subject) -> list[Pair]:
    """Self score and result of each unit that can be compared, by gap, ties by code."""
    found = []
    for unit in subject.result.units:
        own = self_total(unit, subject.standard)
        if own is not None and unit.total is not None and compared(unit):
            found.append(Pair(unit.unit.name, own, unit.total))
    return sorted(found, key=lambda pair: pair.given - pair.own)


def self_section(subject: Subject) -> Markup:
    """The dumbbell of self scores and results, under what it says on average."""
    words, found = subject.words, pairs(subject)
    if not found:
        return section("self", words.self_result, el("p", words.self_none, class_="small dim"))
    by_size = sorted(found, key=lambda pair: abs(pair.own - pair.given), reverse=True)
    shown = set(map(id, by_size[:DRAWN]))
    drawn, rest = [pair for pair in found if id(pair) in shown], by_size[DRAWN:]
    legend = [el("span", part, class_="nowrap gap") for part in words.self_legend]
    finding = _finding(subject, found)
    chart = figure(finding, legend, dumbbell(drawn, subject.limits(), label=finding))
    more = _more(subject, rest) if rest else ""
    space = " " if more and subject.language == "en" else ""
    note = el("p", words.self_note + space + more, class_="src")
    return section("self", words.self_result, chart, note)


def _finding(subject: Subject, found: list[Pair]) -> str:
    words = subject.words
    mean = Fraction(sum((pair.own - pair.given for pair in found), Decimal(0))) / len(found)
    gap = half_up(abs(mean))
    form = words.self_same if gap == 0 else words.self_above if mean > 0 else words.self_below
    return words.count(form, len(found), gap=gap)


def _more(subject: Subject, rest: list[Pair]) -> str:
    most = max(abs(pair.own - pair.given) for pair in rest)
    return subject.words.count(subject.words.self_more, len(rest), gap=points(most))
