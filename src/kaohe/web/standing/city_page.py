"""All that the city's page shows, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kaohe.documents.charts import percent_of
from kaohe.documents.numerals import plain, points
from kaohe.web.lang.choice import many, say
from kaohe.web.pages.parts import Figure
from kaohe.web.rounds.models import Round
from kaohe.web.standards.wording import title_in
from kaohe.web.standing.city import City, UnitPoints, city_of, gap_of
from kaohe.web.standing.city_lines import Progress, progress_shown
from kaohe.web.standing.city_progress import Month
from kaohe.web.standing.city_spread import Spread, spreads_of
from kaohe.web.standing.city_table import Table, asked_from, table_of
from kaohe.web.standing.overview import overview

MOST_BEHIND, MOST_LACKING = 10, 3


@dataclass(frozen=True, slots=True)
class Behind:
    """A unit that needs help: the points that it misses, and at which criteria most of them."""

    pk: int
    name: str
    gap: str
    lacks: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class CityPage:
    """The page: its head, the heat table, who needs help, the progress, the spreads."""

    round: int
    title: str
    units: int
    number: int
    full: str
    figures: tuple[Figure, ...]
    table: Table
    behind: tuple[Behind, ...]
    progress: Progress | None
    spreads: tuple[Spread, ...]


def city_page(a_round: Round, query: Mapping[str, str], months: Sequence[Month], today: date) -> CityPage:
    """Return the page of a round, with two queries; `query` sorts and filters its table."""
    city = city_of(a_round)
    return CityPage(
        round=a_round.pk,
        title=title_in(city.standard, a_round.kind, a_round.year),
        units=len(city.units),
        number=len(city.criteria),
        full=plain(city.full),
        figures=_figures(city),
        table=table_of(city, asked_from(query, city)),
        behind=tuple(map(_behind, city.behind(MOST_BEHIND))),
        progress=progress_shown(a_round, months, city.headcount, today),
        spreads=spreads_of(city, a_round.kind),
    )


def _figures(city: City) -> tuple[Figure, ...]:
    seen = overview(city)
    share = [
        f"{percent_of(number, seen.headcount)}%" if seen.headcount else "—" for number in (seen.self_study, seen.online)
    ]
    return (
        Figure(say("单位", "Units"), f"{seen.units:,}"),
        Figure(say("参加考核", "Assessed"), f"{seen.headcount:,}", say("人", "people")),
        Figure(say("平均得分", "Mean"), "—" if seen.mean is None else points(seen.mean), say(f"/ {plain(seen.full)} 分", f"of {plain(seen.full)}")),
        Figure(say("自学达标", "Self-study"), share[0], say(f"{seen.self_study:,} 人", many(seen.self_study, "person", "people"))),
        Figure(say("在线学习达标", "Online"), share[1], say(f"{seen.online:,} 人", many(seen.online, "person", "people"))),
    )  # fmt: skip


def _behind(unit: UnitPoints) -> Behind:
    lacking = unit.lacking
    lacks = tuple(
        (one.criterion.id, say("未报数据", "not given") if one.source == "unscored" else points(gap_of(one)))
        for one in lacking[:MOST_LACKING]
    )
    return Behind(unit.pk, unit.name, points(unit.gap), lacks, len(lacking) - len(lacks))
