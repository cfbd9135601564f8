"""The units of a round as the ledger alone scores them now: the measured criteria, without anybody's judgement."""

from dataclasses import dataclass
from decimal import Decimal

from kaohe.assessment.scoring import CriterionScore, Unit, score
from kaohe.ledger.metrics import UnitMetrics
from kaohe.standard.model import Criterion, Standard
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.standards.queries import standard_of
from kaohe.web.training.figures import figures_of


@dataclass(frozen=True, slots=True)
class UnitPoints:
    """A unit and its measured criteria, in the standard's order.

    number: the 序号 in the round; pk: of the unit; scores: where a figure was never given, without points.
    """

    number: int
    pk: int
    code: str
    name: str
    group: str
    metrics: UnitMetrics
    scores: tuple[CriterionScore, ...]

    @property
    def points(self) -> Decimal:
        """The measured points now."""
        return sum((score.score for score in self.scores if score.score is not None), Decimal(0))

    @property
    def full(self) -> Decimal:
        """The measured points that the unit can reach: those that apply to it."""
        return sum((score.criterion.points for score in self.scores if score.source != "not_applicable"), Decimal(0))

    @property
    def gap(self) -> Decimal:
        """The points that are still missing."""
        return self.full - self.points

    @property
    def lacking(self) -> tuple[CriterionScore, ...]:
        """The criteria that miss points, those that miss most first."""
        return tuple(sorted((one for one in self.scores if gap_of(one)), key=gap_of, reverse=True))


@dataclass(frozen=True, slots=True)
class City:
    """All units of a round in official order, and what is measured."""

    standard: Standard
    criteria: tuple[Criterion, ...]
    units: tuple[UnitPoints, ...]

    @property
    def full(self) -> Decimal:
        """The points of all measured criteria."""
        return sum((criterion.points for criterion in self.criteria), Decimal(0))

    @property
    def headcount(self) -> int:
        """The staff of all units."""
        return sum(unit.metrics.headcount for unit in self.units)

    def behind(self, most: int) -> tuple[UnitPoints, ...]:
        """The units that miss most points, at most so many; equal ones in official order."""
        lacking = [unit for unit in self.units if unit.gap]
        return tuple(sorted(lacking, key=lambda unit: -unit.gap)[:most])


def gap_of(score: CriterionScore) -> Decimal:
    """Return the points that a unit still misses at a criterion; none where it does not apply."""
    if score.source == "not_applicable":
        return Decimal(0)
    return score.criterion.points - (score.score or Decimal(0))


def city_of(a_round: Round) -> City:
    """Score the units of a round by their present figures, with two queries."""
    standard = standard_of(a_round.standard).standard
    figures = figures_of(a_round)
    places = {group.id: place for place, group in enumerate(standard.groups)}
    fields = ("unit_id", "code", "name", "peer_group", "official_order")
    rows = sorted(
        RoundUnit.objects.filter(round=a_round).order_by().values_list(*fields),
        key=lambda row: (places.get(row[3], len(places)), row[4], row[1]),
    )
    units = (
        _points(standard, number, row[:4], figures[row[1]]) for number, row in enumerate(rows, 1) if row[1] in figures
    )
    return City(standard, tuple(c for c in standard.criteria if c.kind == "measured"), tuple(units))


def _points(standard: Standard, number: int, row: tuple[int, str, str, str], metrics: UnitMetrics) -> UnitPoints:
    pk, code, name, group = row
    result = score(standard, Unit(code, name, group, metrics.headcount, metrics.measures), ())
    measured = tuple(one for one in result.criteria if one.criterion.kind == "measured")
    return UnitPoints(number, pk, code, name, group, metrics, measured)
