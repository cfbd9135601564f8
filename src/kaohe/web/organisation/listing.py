"""The units that somebody may see, in their order: by authority, in groups, a unit below the one it belongs to.

The order hangs on the tree, so the whole list is read in its slimmest form; a page of it is read in full.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Case, QuerySet, Value, When

from kaohe.web.organisation.finding import LONGEST, day_of, line, typed, unit_found_by
from kaohe.web.organisation.groups import group_titles
from kaohe.web.organisation.models import Unit

VALID, ENDED, LATER = "valid", "ended", "later"
UNGROUPED = "-"
"""How an address names the units without a group."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: a text, the day on which it holds, a group (empty: all), and the validity on that day.

    given: the day as an address says it, empty where it is today.
    """

    text: str
    on: date
    given: str
    group: str
    validity: str


class Entry(NamedTuple):
    """A unit in its slimmest form: what its place in the list hangs on."""

    pk: int
    parent: int | None
    authority: int | None
    is_authority: bool
    group: str
    order: int
    code: str
    valid_from: date | None
    valid_to: date | None
    found: bool

    def validity(self, day: date) -> str:
        """Whether the unit is valid on a day, ended before it, or begins later."""
        if self.valid_to and self.valid_to < day:
            return ENDED
        return LATER if self.valid_from and self.valid_from > day else VALID


@dataclass(frozen=True, slots=True)
class Listing:
    """The units that were asked for in their order, all that may be seen, and the counts of the filters.

    numbers: the 序号 of the valid ones among their authority's; sections: how many were asked for by authority and group.
    """

    asked: Asked
    units: tuple[Entry, ...]
    visible: Mapping[int, Entry]
    numbers: Mapping[int, int]
    by_group: Counter[str]
    by_validity: Counter[str]
    sections: Counter[tuple[int | None, str]]


def asked_from(query: Mapping[str, str], today: date) -> Asked:
    """Read what is asked for from an address; what cannot be read counts as not said."""
    validity, day = query.get("show", ""), day_of(query.get("on", "")) or today
    return Asked(
        line(query.get("q", ""))[:LONGEST],
        day,
        "" if day == today else day.isoformat(),
        typed(query.get("group", ""))[:LONGEST],
        validity if validity in (ENDED, LATER) else VALID,
    )


def listing_of(units: QuerySet[Unit], asked: Asked) -> Listing:
    """Return the list of some units as it was asked for, with one query."""
    ordered = _ordered(tuple(_read(units, asked.text)))
    numbers: dict[int, int] = {}
    seen: Counter[int | None] = Counter()
    for unit in ordered:
        if unit.validity(asked.on) == VALID:
            seen[unit.authority] += 1
            numbers[unit.pk] = seen[unit.authority]
    found = [(unit, unit.validity(asked.on)) for unit in ordered if unit.found]
    wanted = [unit for unit, validity in found if validity == asked.validity]
    in_group = [unit for unit in wanted if not asked.group or asked.group == (unit.group or UNGROUPED)]
    return Listing(
        asked=asked,
        units=tuple(in_group),
        visible={unit.pk: unit for unit in ordered},
        numbers=numbers,
        by_group=Counter(unit.group for unit in wanted),
        by_validity=Counter(validity for _, validity in found),
        sections=Counter((unit.authority, unit.group) for unit in in_group),
    )


def _read(units: QuerySet[Unit], text: str) -> Iterator[Entry]:
    found = Case(When(unit_found_by(text), then=True), default=False) if text else Value(True)
    rows = units.annotate(found=found).order_by()
    fields = (
        "pk",
        "parent",
        "authority",
        "is_authority",
        "peer_group",
        "official_order",
        "code",
        "valid_from",
        "valid_to",
    )
    return map(Entry._make, rows.values_list(*fields, "found"))


def _ordered(units: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return units in the order of their authorities, the standard's groups, and the official order within."""
    by_pk = {unit.pk: unit for unit in units}
    ranks = {pk: rank for rank, pk in enumerate(_authorities(units, by_pk))}
    groups = {group: n for n, group in enumerate(("", *group_titles()))}

    def key(unit: Entry) -> tuple[object, ...]:
        rank = -1 if unit.authority is None else ranks.get(unit.authority, -1)
        return rank, groups.get(unit.group, len(groups)), unit.group, _chain(unit, by_pk), unit.pk

    return tuple(sorted(units, key=key))


def _authorities(units: tuple[Entry, ...], by_pk: Mapping[int, Entry]) -> Iterator[int]:
    """Walk the authorities from the top down, those of one authority in the official order."""
    below: dict[int | None, list[Entry]] = {}
    for unit in units:
        if unit.is_authority:
            below.setdefault(unit.authority if unit.authority in by_pk else None, []).append(unit)
    waiting = sorted(below.get(None, ()), key=_own_place, reverse=True)
    while waiting:
        here = waiting.pop()
        yield here.pk
        waiting += sorted(below.get(here.pk, ()), key=_own_place, reverse=True)


def _own_place(unit: Entry) -> tuple[int, str]:
    return unit.order, unit.code


def _chain(unit: Entry, by_pk: Mapping[int, Entry]) -> tuple[tuple[int, str], ...]:
    """Return the places from the topmost unit of the same group under the same authority down to the unit."""
    places = [_own_place(unit)]
    above = by_pk.get(unit.parent or 0)
    while above and not above.is_authority and (above.authority, above.group) == (unit.authority, unit.group):
        places.append(_own_place(above))
        above = by_pk.get(above.parent or 0)
    return tuple(reversed(places))
