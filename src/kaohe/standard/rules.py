"""The six ways of turning a figure into points. Each is a frozen value read from the standard's file.

A rule answers with an `Outcome`: the points and the reason for them, as a code. Nothing here knows a
year, a city or a criterion; what 2010 decided stands in `library/benxi-2010.yaml`.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, assert_never

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kaohe.standard.figures import Measure, below_full, half_up, two_places

Reason = Literal[
    "judged", "no_judgement", "whole", "share", "share_below_full", "reached", "not_reached", "step", "below_steps",
    "mean", "mean_full", "mean_below_full", "least", "counted", "counted_full", "absent", "absent_zero", "missing",
    "missing_zero",
]  # fmt: skip


LONGEST_FIGURE = 20
"""How many digits a figure of a standard has at most, as it is written out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of one figure: points (two places; None where there are none), the reason
    code, and which step of a scale applied (its index, highest first)."""

    points: Decimal | None
    reason: Reason
    step: int | None = None


def _exact(value: Any) -> Any:
    """Read 80%, 0.8 or 4/5 as an exact fraction."""
    text = str(value).strip()
    if len(text) > LONGEST_FIGURE or "e" in text.lower():  # an exponent could stand for a number of any length
        raise ValueError("write a share such as 80%, 0.8 or 4/5")
    try:
        return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError("write a share such as 80%, 0.8 or 4/5") from None


Figure = Annotated[Decimal, Field(max_digits=LONGEST_FIGURE)]
Exact = Annotated[Fraction, BeforeValidator(_exact)]


class Frozen(BaseModel):
    """A part of a standard: immutable, and strict about keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


class Judged(Frozen):
    """An inspector gives points with a reason, guided by the criterion's checklist."""

    shape: Literal["judged"]


class Measured(Frozen):
    """What all rules on a metric share: its name, and what follows where it has no figure."""

    metric: str
    when_absent: Literal["not_applicable", "zero"] = "not_applicable"
    when_missing: Literal["unscored", "not_applicable", "zero"] = "unscored"


class Proportional(Measured):
    """The share of the whole is the share of the points; full points only at the whole.

    `of` says what the whole is where the metric is a count (C3: two kinds of contest).

    >>> rule = Proportional(shape="proportional", metric="participation_rate")
    >>> outcome(rule, (36, 37), Decimal(5)).points
    Decimal('4.86')
    >>> outcome(rule, (999, 1000), Decimal(5))
    Outcome(points=Decimal('4.99'), reason='share_below_full', step=None)
    """

    shape: Literal["proportional"]
    of: Annotated[int, Field(ge=1)] = 1


class AllOrNothing(Measured):
    """Full points where the metric reaches `at_least`, otherwise none (C4: one entry in the final).

    >>> rule = AllOrNothing(shape="all_or_nothing", metric="city_finals")
    >>> [outcome(rule, (n, 1), Decimal(5)).points for n in (0, 1, 2)]
    [Decimal('0.00'), Decimal('5.00'), Decimal('5.00')]
    """

    shape: Literal["all_or_nothing"]
    at_least: Exact = Fraction(1)


class Step(Frozen):
    """One step of a scale: a lower bound, and the points on the scale from there on.

    `at_most` exists so that a document's own closed ranges can be written down; the linter shows
    the gaps that they leave.
    """

    at_least: Exact
    at_most: Exact | None = None
    points: Figure


class Bands(Measured):
    """Steps by lower bound (half-open), given on a scale and scaled to the criterion's points.

    Note 二 of the annex (textbooks), decisions 3 and 5:

    >>> rule = Bands(shape="bands", metric="textbook_rate", scale=10,
    ...              steps=[{"at_least": "80%", "points": 10}, {"at_least": "70%", "points": 8}])
    >>> [outcome(rule, figure, Decimal(5)).points for figure in ((79, 100), (80, 100), (6, 10))]
    [Decimal('4.00'), Decimal('5.00'), Decimal('0.00')]
    """

    shape: Literal["bands"]
    scale: Figure | None = None
    steps: tuple[Step, ...] = Field(min_length=1)


class Points(Measured):
    """The metric is itself points on a scale, averaged over people (or the least of them).

    Note 三 of the annex (attendance), decision 6:

    >>> rule = Points(shape="points", metric="class_points", scale=5)
    >>> outcome(rule, (9, 2), Decimal(5)).points
    Decimal('4.50')
    """

    shape: Literal["points"]
    scale: Figure
    aggregate: Literal["mean", "min"] = "mean"


class Count(Measured):
    """So many points for each one counted, up to the criterion's points.

    >>> rule = Count(shape="count", metric="bulletin_count", each="0.5")
    >>> [outcome(rule, (n, 1), Decimal(5)).points for n in (0, 3, 10, 11)]
    [Decimal('0.00'), Decimal('1.50'), Decimal('5.00'), Decimal('5.00')]
    """

    shape: Literal["count"]
    each: Annotated[Figure, Field(decimal_places=2)]


MeasuredRule = Proportional | AllOrNothing | Bands | Points | Count
Rule = Annotated[Judged | MeasuredRule, Field(discriminator="shape")]

LEAST = {"class_points": "class_points_least"}
"""The metric that holds the least single value behind a mean, for `aggregate: min`."""


def metric_read(rule: MeasuredRule) -> str:
    """Name the metric whose figure the rule is applied to."""
    if isinstance(rule, Points) and rule.aggregate == "min":
        return LEAST[rule.metric]
    return rule.metric


def outcome(rule: MeasuredRule, measure: Measure, full: Decimal) -> Outcome:
    """Apply a rule to a metric's figure, for a criterion worth `full` points."""
    if measure is None:
        return _without_figure("missing", zero=rule.when_missing == "zero")
    above, below = measure
    if below == 0:
        return _without_figure("absent", zero=rule.when_absent == "zero")
    value = Fraction(above, below)
    match rule:
        case Proportional():
            return _share(value / rule.of, full)
        case AllOrNothing():
            if value >= rule.at_least:
                return Outcome(two_places(full), "reached")
            return Outcome(two_places(Decimal(0)), "not_reached")
        case Bands():
            return _step(rule, value, full)
        case Points():
            return _points(rule, value, full)
        case Count():
            earned = half_up(value * Fraction(rule.each))
            return Outcome(two_places(full), "counted_full") if earned >= full else Outcome(earned, "counted")
        case _:  # pragma: no cover - mypy proves that this cannot be reached
            assert_never(rule)


def _without_figure(what: Literal["absent", "missing"], *, zero: bool) -> Outcome:
    if not zero:
        return Outcome(None, what)
    return Outcome(two_places(Decimal(0)), "absent_zero" if what == "absent" else "missing_zero")


def _share(rate: Fraction, full: Decimal) -> Outcome:
    if rate >= 1:
        return Outcome(two_places(full), "whole")
    exact = rate * Fraction(full)
    points = below_full(exact, full)
    return Outcome(points, "share" if points == half_up(exact) else "share_below_full")


def _step(rule: Bands, value: Fraction, full: Decimal) -> Outcome:
    scale = Fraction(rule.scale if rule.scale is not None else full)
    ordered = sorted(rule.steps, key=lambda step: step.at_least, reverse=True)
    for index, step in enumerate(ordered):
        if value >= step.at_least:
            return Outcome(half_up(Fraction(step.points) / scale * Fraction(full)), "step", index)
    return Outcome(two_places(Decimal(0)), "below_steps")


def _points(rule: Points, value: Fraction, full: Decimal) -> Outcome:
    exact = value / Fraction(rule.scale) * Fraction(full)
    if value >= rule.scale:
        return Outcome(two_places(full), "least" if rule.aggregate == "min" else "mean_full")
    points = below_full(exact, full)
    if rule.aggregate == "min":
        return Outcome(points, "least")
    return Outcome(points, "mean" if points == half_up(exact) else "mean_below_full")
