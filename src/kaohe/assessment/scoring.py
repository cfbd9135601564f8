"""Scores of one unit under a standard: frozen values in, a `UnitResult` with every reason out.

House rules of this file. Judgements stand in layers (self, inspection, review); the latest one
decides and none is averaged or overwritten. A measured criterion is the ledger's, unless an
inspection or review overrides it. Points that do not apply leave both sides of the sum; a figure
that was never given leaves the unit without a total.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from kaohe.standard.figures import Measure, half_up, two_places
from kaohe.standard.model import Band, Bonus, Criterion, Standard
from kaohe.standard.rules import Outcome, metric_read, outcome

Stage = Literal["self", "inspection", "review"]
Source = Literal["self", "inspection", "review", "ledger", "not_applicable", "unscored"]
LATEST_FIRST: tuple[Stage, ...] = ("review", "inspection", "self")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person gave one unit for one criterion, at one stage."""

    unit: str
    criterion: str
    stage: Stage
    points: Decimal
    judge: str
    reason: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit under assessment, with its figures from the ledger (metric name → measure)."""

    code: str
    name: str
    peer_group: str
    headcount: int
    metrics: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """The score of one criterion and where it comes from.

    score: two places, None where not applicable or unscored; outcome: what the ledger's rule said
    (also under an override), None for a judged criterion; judgements: by stage, as they were given.
    """

    criterion: Criterion
    score: Decimal | None
    source: Source
    outcome: Outcome | None
    measure: Measure
    judgements: Mapping[Stage, Judgement]

    @property
    def measured(self) -> Decimal | None:
        """The ledger's own score, also where it was overridden; None if judged, absent or missing.

        Absent and missing give None even where the standard pays 0 for them: there is no figure.
        """
        if self.outcome is None or self.measure is None or self.measure[1] == 0:
            return None
        return self.outcome.points

    @property
    def self_score(self) -> Decimal | None:
        """What the unit gave itself, or None."""
        given = self.judgements.get("self")
        return given.points if given else None

    @property
    def deciding(self) -> Judgement | None:
        """The judgement that gave the score; None where the ledger did, or nobody."""
        if self.source in ("self", "inspection", "review"):
            return self.judgements[self.source]
        return None

    @property
    def overridden(self) -> bool:
        """Whether a judgement stands in place of the ledger's score."""
        return self.criterion.kind == "measured" and self.deciding is not None


@dataclass(frozen=True, slots=True)
class BonusScore:
    """The points of one bonus, before the cap, and the entries counted for it."""

    bonus: Bonus
    entries: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit's result. base, bonus, total and band are None while anything is unscored."""

    unit: Unit
    criteria: tuple[CriterionScore, ...]
    bonuses: tuple[BonusScore, ...]
    base: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    band: Band | None
    rank: int | None = None
    group_rank: int | None = None
    _by_id: Mapping[str, CriterionScore] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {score.criterion.id: score for score in self.criteria})

    def criterion(self, identifier: str) -> CriterionScore:
        """Return the score of one criterion; KeyError where the standard has none of that id."""
        return self._by_id[identifier]

    @property
    def not_applicable(self) -> tuple[str, ...]:
        """The ids of the criteria that do not apply to this unit, in the standard's order."""
        return tuple(s.criterion.id for s in self.criteria if s.source == "not_applicable")

    @property
    def unscored(self) -> tuple[str, ...]:
        """The ids of the criteria that nobody scored, in the standard's order."""
        return tuple(s.criterion.id for s in self.criteria if s.source == "unscored")

    @property
    def verified(self) -> bool:
        """False while a judged criterion rests on the unit's self score, or on nothing (decision 13)."""
        return all(s.source not in ("self", "unscored") for s in self.criteria if s.criterion.kind == "judged")

    @property
    def points_counted(self) -> Decimal:
        """The points that apply to this unit: the standard's, less those of criteria not applicable."""
        return sum((s.criterion.points for s in self.criteria if s.source != "not_applicable"), Decimal(0))

    @property
    def sum_of_scores(self) -> Decimal:
        """The exact sum of the rounded criteria, before any scaling."""
        return sum((s.score for s in self.criteria if s.score is not None), Decimal(0))


def score(standard: Standard, unit: Unit, judgements: Iterable[Judgement]) -> UnitResult:
    """Score one unit: its figures by the standard's rules, its judgements by the latest stage.

    `judgements` are this unit's own, at most one a criterion and stage. The unit's metrics hold
    every metric that the standard names. Ranks are given later, by `ranking.rank`.
    """
    given: dict[str, dict[Stage, Judgement]] = {}
    for judgement in judgements:
        given.setdefault(judgement.criterion, {})[judgement.stage] = judgement
    scores = tuple(_criterion(criterion, unit, given.get(criterion.id, {})) for criterion in standard.criteria)
    bonuses = tuple(_bonus(bonus, unit) for bonus in standard.bonus)
    return _totalled(standard, UnitResult(unit, scores, bonuses, None, None, None, None))


def _criterion(criterion: Criterion, unit: Unit, given: Mapping[Stage, Judgement]) -> CriterionScore:
    rule = criterion.measured_rule
    if rule is None:
        return _by_judgement(criterion, given, LATEST_FIRST) or CriterionScore(
            criterion, None, "unscored", None, None, given
        )
    measure = unit.metrics[metric_read(rule)]
    result = outcome(rule, measure, criterion.points)
    override = _by_judgement(criterion, given, LATEST_FIRST[:2], result, measure)
    return override or CriterionScore(
        criterion, result.points, _ledger_source(criterion, result), result, measure, given
    )


def _by_judgement(
    criterion: Criterion, given: Mapping[Stage, Judgement], stages: tuple[Stage, ...],
    result: Outcome | None = None, measure: Measure = None,
) -> CriterionScore | None:  # fmt: skip
    for stage in stages:
        if stage in given:
            return CriterionScore(criterion, two_places(given[stage].points), stage, result, measure, given)
    return None


def _ledger_source(criterion: Criterion, result: Outcome) -> Source:
    if result.points is not None:
        return "ledger"
    rule = criterion.measured_rule
    missing_is_unscored = rule is not None and rule.when_missing == "unscored"
    return "unscored" if result.reason == "missing" and missing_is_unscored else "not_applicable"


def _bonus(bonus: Bonus, unit: Unit) -> BonusScore:
    measure = unit.metrics[bonus.metric]
    entries = measure[0] if measure is not None else 0
    times = entries if bonus.per == "entry" else min(entries, 1)
    return BonusScore(bonus, entries, two_places(bonus.points * times))


def _totalled(standard: Standard, result: UnitResult) -> UnitResult:
    """Add up: base = the exact sum, scaled to the whole where points do not apply; total = base + bonus."""
    counted = result.points_counted
    if result.unscored or counted == 0:
        return result
    base = result.sum_of_scores
    if counted != standard.points:
        base = half_up(Fraction(base) / Fraction(counted) * Fraction(standard.points))
    bonus = sum((b.points for b in result.bonuses), Decimal(0))
    if standard.bonus_cap is not None:
        bonus = min(bonus, standard.bonus_cap)
    total = base + bonus
    band = standard.band_of(total if "band" in standard.bonus_counts_for else base)
    return UnitResult(
        result.unit, result.criteria, result.bonuses, two_places(base), two_places(bonus), two_places(total), band
    )
