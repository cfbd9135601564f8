"""The heat table of a round: units down, measured criteria across, in official order or by a column."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from kaohe.assessment.scoring import CriterionScore
from kaohe.documents.charts import heat_step
from kaohe.documents.numerals import points
from kaohe.standard.figures import half_up
from kaohe.standard.model import Language
from kaohe.web.lang.choice import say, spoken
from kaohe.web.pages.parts import Tab
from kaohe.web.standing.city import City, UnitPoints

SUM, GAP = "_sum", "_gap"
"""How an address names the columns that are no criteria; the name of a criterion begins with a letter."""

MOST_BESIDE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What the table is asked for: a column (empty: official order), whether the best come first, a group (empty: all)."""

    by: str
    best_first: bool
    group: str

    def query(self, **other: object) -> str:
        """Return the query string of the table, with another column or group."""
        by = other.get("by", f"-{self.by}" if self.best_first else self.by)
        said = {"by": by, "group": other.get("group", self.group)}
        return "?" + urlencode({name: value for name, value in said.items() if value}) + "#points"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its short name, what it is in full, where it sorts, and how it is sorted (as ARIA says it)."""

    name: str
    title: str
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The points of a unit at a criterion; `kind` colours it, `said` is read out in place of a sign."""

    text: str
    kind: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit: its 序号, its cells, and the points it has, can have, and misses."""

    number: int
    pk: int
    name: str
    cells: tuple[Cell, ...]
    points: str
    full: str
    gap: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows below a heading; one without a title where the units are sorted."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The heat table: `headings` each span so many columns, `means` stand at its foot; `official`: where its order is."""

    headings: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    total: Column
    gap: Column
    sections: tuple[Section, ...]
    means: tuple[str, ...]
    mean: str
    mean_gap: str
    tabs: tuple[Tab, ...]
    official: str
    shown: int

    @property
    def width(self) -> int:
        """The columns beside the unit's name."""
        return len(self.columns) + 3

    @property
    def fits(self) -> bool:
        """Whether it has room beside what stands at its right; then its head stays in sight."""
        return len(self.columns) <= MOST_BESIDE


def asked_from(query: Mapping[str, str], city: City) -> Asked:
    """Read what is asked for from an address; what is not there counts as not said."""
    by, group = query.get("by", ""), query.get("group", "")
    column = by.removeprefix("-")
    known = column in {SUM, GAP, *(criterion.id for criterion in city.criteria)}
    present = any(unit.group == group for unit in city.units)
    return Asked(column if known else "", known and by != column, group if present else "")


def table_of(city: City, asked: Asked) -> Table:
    """Return the table as it was asked for."""
    units = [unit for unit in city.units if asked.group in ("", unit.group)]
    return Table(
        headings=tuple(_headings(city, spoken())),
        columns=tuple(_column(asked, one.id, one.id, one.title.within(spoken())) for one in city.criteria),
        total=_column(asked, SUM, say("合计", "Sum"), say("已得的分", "the points reached")),
        gap=_column(asked, GAP, say("还差", "Short"), say("离满分还差的分", "the points still missing")),
        sections=tuple(_sections(city, units, asked)),
        means=tuple(_mean(unit.scores[place].score for unit in units) for place in range(len(city.criteria))),
        mean=_mean(unit.points for unit in units),
        mean_gap=_mean(unit.gap for unit in units),
        tabs=tuple(_tabs(city, asked)),
        official=asked.query(by="") if asked.by else "",
        shown=len(units),
    )


def _headings(city: City, language: Language) -> Iterator[tuple[str, int]]:
    for item in city.standard.items:
        columns = sum(criterion.kind == "measured" for criterion in item.criteria)
        if columns:
            yield item.title.within(language), columns


def _column(asked: Asked, key: str, name: str, title: str) -> Column:
    """A link sorts those first that need help; a second time, those last."""
    current = asked.by == key
    url = asked.query(by=f"-{key}" if current and not asked.best_first else key)
    rising = asked.best_first == (key == GAP)
    return Column(name, title, url, ("ascending" if rising else "descending") if current else "")


def _sections(city: City, units: list[UnitPoints], asked: Asked) -> Iterator[Section]:
    if asked.by:
        yield Section("", tuple(map(_row, _sorted(city, units, asked))))
        return
    for group, title in _groups(city).items():
        rows = tuple(_row(unit) for unit in units if unit.group == group)
        if rows:
            yield Section(title, rows)


def _sorted(city: City, units: list[UnitPoints], asked: Asked) -> list[UnitPoints]:
    """Units by a column, equal ones in official order; those without points there come last."""
    value = _value(city, asked.by)
    there = [unit for unit in units if value(unit) is not None]
    turn = -1 if asked.best_first else 1
    there.sort(key=lambda unit: turn * (value(unit) or Decimal(0)))
    return there + [unit for unit in units if value(unit) is None]


def _value(city: City, by: str) -> Callable[[UnitPoints], Decimal | None]:
    """What a column is sorted by: the less, the more help is needed."""
    if by == SUM:
        return lambda unit: unit.points
    if by == GAP:
        return lambda unit: -unit.gap
    place = [criterion.id for criterion in city.criteria].index(by)
    return lambda unit: unit.scores[place].score


def _groups(city: City) -> dict[str, str]:
    """The groups that have units with their titles, in the order of the units."""
    titles = {group.id: group.title.within(spoken()) for group in city.standard.groups}
    return {unit.group: titles.get(unit.group, unit.group) for unit in city.units}


def _tabs(city: City, asked: Asked) -> Iterator[Tab]:
    yield Tab(asked.query(group=""), say("全部单位", "All units"), len(city.units), not asked.group)
    for group, title in _groups(city).items():
        count = sum(unit.group == group for unit in city.units)
        yield Tab(asked.query(group=group), title, count, asked.group == group)


def _row(unit: UnitPoints) -> Row:
    cells = tuple(map(cell_of, unit.scores))
    return Row(unit.number, unit.pk, unit.name, cells, points(unit.points), points(unit.full), points(unit.gap))


def cell_of(score: CriterionScore) -> Cell:
    """Return how the points of a criterion are shown; 不适用 is a word, — a figure that was never given."""
    if score.score is not None:
        return Cell(points(score.score), f"h{heat_step(score.score, score.criterion.points)}")
    if score.source == "not_applicable":
        return Cell(say("不适用", "n/a"), "na", say("", "not applicable"))
    return Cell("—", "un", say("未报数据", "figures not given"))


def _mean(values: Iterator[Decimal | None]) -> str:
    given = [value for value in values if value is not None]
    return points(half_up(Fraction(sum(given, Decimal(0))) / len(given))) if given else "—"
