"""What a round's results come to: averages, bands, weak criteria, self scores against verified ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.documents.band_wording import ordered_bands
from kaohe.standard.model import Band, Criterion, Group, Item


def mean(values: Iterable[Decimal | None]) -> Fraction | None:
    """Return the exact mean of what is there, or None where nothing is."""
    given = [value for value in values if value is not None]
    return Fraction(sum(given, Decimal(0))) / len(given) if given else None


def scored(result: RoundResult) -> tuple[UnitResult, ...]:
    """The units with a total, in official order: by group as the standard lists them, then by code."""
    return tuple(unit for unit in in_official_order(result) if unit.total is not None)


def in_official_order(result: RoundResult) -> tuple[UnitResult, ...]:
    """All units by group as the standard lists the groups, then by code."""
    order = {group.id: index for index, group in enumerate(result.standard.groups)}
    return tuple(sorted(result.units, key=lambda u: (order[u.unit.peer_group], u.unit.code)))


def groups_present(result: RoundResult) -> tuple[tuple[Group, tuple[UnitResult, ...]], ...]:
    """The standard's groups that have units in the round, each with its units."""
    units = in_official_order(result)
    found = ((group, tuple(u for u in units if u.unit.peer_group == group.id)) for group in result.standard.groups)
    return tuple((group, members) for group, members in found if members)


def by_band(result: RoundResult) -> tuple[tuple[Band, tuple[UnitResult, ...]], ...]:
    """The bands, highest first, each with its units in official order (also with none)."""
    units = scored(result)
    return tuple((band, tuple(u for u in units if u.band == band)) for band in ordered_bands(result.standard))


@dataclass(frozen=True, slots=True)
class Average:
    """The average of a criterion, an item or the base: everywhere and by group (None: nobody has one).

    full: the units with full points; counted: those with a score at all.
    """

    points: Decimal
    everywhere: Fraction | None
    groups: tuple[Fraction | None, ...]
    full: int = 0
    counted: int = 0

    @property
    def rate(self) -> Fraction | None:
        """The share of the points that was earned on average."""
        return self.everywhere / Fraction(self.points) if self.everywhere is not None else None


@dataclass(frozen=True, slots=True)
class ItemAverage:
    """An item's average, the sum of its criteria's, and each criterion's own."""

    item: Item
    average: Average
    criteria: tuple[tuple[Criterion, Average], ...]


def averages(result: RoundResult) -> tuple[ItemAverage, ...]:
    """Average every criterion over the scored units to which it applies; items are sums of criteria."""
    members = [[u for u in units if u.total is not None] for _, units in groups_present(result)]
    return tuple(_item(item, members) for item in result.standard.items)


def _item(item: Item, members: Sequence[Sequence[UnitResult]]) -> ItemAverage:
    rows = tuple((criterion, _criterion(criterion, members)) for criterion in item.criteria)
    columns = zip(*(average.groups for _, average in rows), strict=True)
    whole = Average(item.points, _sum([a.everywhere for _, a in rows]), tuple(_sum(column) for column in columns))
    return ItemAverage(item, whole, rows)


def _sum(values: Sequence[Fraction | None]) -> Fraction | None:
    given = [value for value in values if value is not None]
    return sum(given, Fraction(0)) if len(given) == len(values) else None


def _criterion(criterion: Criterion, members: Sequence[Sequence[UnitResult]]) -> Average:
    groups = [[unit.criterion(criterion.id).score for unit in units] for units in members]
    everyone = [score for group in groups for score in group if score is not None]
    full = sum(score >= criterion.points for score in everyone)
    return Average(criterion.points, mean(everyone), tuple(mean(group) for group in groups), full, len(everyone))


def base_average(result: RoundResult) -> Average:
    """The average base, everywhere and by group."""
    groups = [[unit.base for unit in units] for _, units in groups_present(result)]
    return Average(result.standard.points, mean(b for g in groups for b in g), tuple(mean(group) for group in groups))


def weakest(rows: Iterable[ItemAverage], most: int = 4) -> tuple[tuple[Criterion, Average], ...]:
    """The criteria with the lowest rates, lowest first, none of them at the whole."""
    found = [(c, a) for row in rows for c, a in row.criteria if a.rate is not None and a.full < a.counted]
    return tuple(sorted(found, key=lambda pair: pair[1].rate or 0)[:most])


def missing_people(result: RoundResult, metric: str) -> int:
    """Add up, over the scored units, what a share lacks to the whole (people short of their hours)."""
    figures = (unit.unit.metrics[metric] for unit in scored(result))
    return sum(max(figure[1] - figure[0], 0) for figure in figures if figure is not None)


@dataclass(frozen=True, slots=True)
class SelfScores:
    """Self scores against what inspectors found, over units with both: by how much the self score is
    higher on average (negative: lower), how many units are above, and the largest difference."""

    units: int
    above: int
    mean: Fraction
    largest: Decimal


def self_scores(result: RoundResult) -> SelfScores | None:
    """Compare judged criteria of verified units, where the unit had given itself points too."""
    differences = [found for unit in scored(result) if (found := _difference(unit)) is not None]
    if not differences:
        return None
    average = Fraction(sum(differences, Decimal(0))) / len(differences)
    return SelfScores(len(differences), sum(d > 0 for d in differences), average, max(differences))


def _difference(unit: UnitResult) -> Decimal | None:
    judged = [s for s in unit.criteria if s.criterion.kind == "judged"]
    pairs = [(s.self_score, s.score) for s in judged if s.source in ("inspection", "review")]
    given = [(own, found) for own, found in pairs if own is not None and found is not None]
    if not unit.verified or not given:
        return None
    return sum((own - found for own, found in given), Decimal(0))
