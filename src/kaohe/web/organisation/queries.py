"""The rows of the list of units: a page of it in full, as it was on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count

from kaohe.web.lang.choice import say
from kaohe.web.organisation.groups import group_titles
from kaohe.web.organisation.listing import ENDED, LATER, UNGROUPED, VALID, Asked, Entry, Listing
from kaohe.web.organisation.models import Posting, Unit, UnitName
from kaohe.web.organisation.people import belonging_on
from kaohe.web.pages.parts import Tab


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as a list shows it.

    name: the one of the day; now: the present one where it differs; above: the unit to which it belongs, where that
    is no authority; ends: the last day; successor: empty where there is none, or none that may be seen.
    """

    pk: int
    number: int | None
    name: str
    now: str
    above: str
    code: str
    office: str
    officer: str
    leader: str
    phone: str
    people: int
    begins: date | None
    ends: date | None
    successor: str
    successor_pk: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """The units of one group under one authority, as far as they stand on the page; `count` of them were asked for."""

    authority: str
    title: str
    count: int
    rows: tuple[UnitRow, ...]


def sections_of(listing: Listing, shown: Sequence[Entry]) -> tuple[Section, ...]:
    """Return the units of a page in their sections: three queries, however many there are."""
    rows, day = {row.pk: row for row in _rows(listing, shown)}, listing.asked.on
    authorities = {entry.authority for entry in shown} & set(listing.visible)
    names = names_on(day, [pk for pk in authorities if pk]) if len(listing.sections) > 1 else {}
    return tuple(
        Section(
            names.get(authority or 0, ""),
            title_of(group),
            listing.sections[authority, group],
            tuple(rows[entry.pk] for entry in entries),
        )
        for (authority, group), entries in groupby(shown, lambda entry: (entry.authority, entry.group))
    )


def names_on(day: date, units: Sequence[int]) -> dict[int, str]:
    """Return the names that some units bore on a day, with two queries."""
    names = dict(Unit.objects.filter(pk__in=units).order_by().values_list("pk", "name"))
    return names | former_on(day, units)


def former_on(day: date, units: Sequence[int]) -> dict[int, str]:
    """Return the names that some units bore on a day and bear no longer."""
    former = UnitName.objects.filter(unit__in=units, until__gt=day).order_by("-until", "-pk")
    return dict(former.values_list("unit", "name"))


def people_on(day: date, units: Sequence[int]) -> dict[int, int]:
    """Return how many people belonged to each of some units on a day; a unit without people is not in it."""
    held = Posting.objects.filter(belonging_on(day), unit__in=units).order_by().values("unit")
    return dict(held.annotate(people=Count("pk")).values_list("unit", "people"))


def title_of(group: str) -> str:
    """Return the title of a group; one that the standard does not know by its id."""
    return group_titles().get(group, group) or say("主管机关", "Authorities")


def group_tabs(listing: Listing) -> tuple[Tab, ...]:
    """Return the filter by group, with the counts of the validity that is shown."""
    asked, counts = listing.asked, listing.by_group
    known = [group for group in group_titles() if counts[group]]
    groups = known + sorted(group for group in counts if group and group not in known)
    if counts[""]:
        groups.insert(0, "")
    tabs = [Tab(address(asked, group=""), say("全部", "All"), counts.total(), not asked.group)]
    for group in groups:
        named = group or UNGROUPED
        tabs.append(Tab(address(asked, group=named), title_of(group), counts[group], asked.group == named))
    return tuple(tabs)


def validity_tabs(listing: Listing) -> tuple[Tab, ...]:
    """Return the filter by validity on the day; what has not begun only where there is any."""
    asked, counts = listing.asked, listing.by_validity
    titles = {VALID: say("有效", "Valid"), ENDED: say("已停用", "Ended"), LATER: say("尚未启用", "Not yet begun")}
    return tuple(
        Tab(address(asked, validity=validity), title, counts[validity], asked.validity == validity)
        for validity, title in titles.items()
        if counts[validity] or validity != LATER
    )


def address(asked: Asked, *, group: str | None = None, validity: str | None = None) -> str:
    """Return the query string that asks for the same with another group or validity."""
    said = {
        "q": asked.text,
        "on": asked.given,
        "group": asked.group if group is None else group,
        "show": (asked.validity if validity is None else validity).replace(VALID, ""),
    }
    return "?" + urlencode({name: value for name, value in said.items() if value})


def _rows(listing: Listing, shown: Sequence[Entry]) -> Iterator[UnitRow]:
    keys, day = [entry.pk for entry in shown], listing.asked.on
    former, people = former_on(day, keys), people_on(day, keys)
    units = Unit.objects.filter(pk__in=keys).order_by().select_related("parent", "successor")
    for unit in units:
        seen = unit.successor if unit.successor_id in listing.visible else None
        yield UnitRow(
            pk=unit.pk,
            number=listing.numbers.get(unit.pk),
            name=former.get(unit.pk, unit.name),
            now=unit.name if unit.pk in former else "",
            above=unit.parent.name if unit.parent and _is_seen_below(unit, listing) else "",
            code=unit.code,
            office=unit.office,
            officer=unit.officer,
            leader=unit.leader,
            phone=unit.phone,
            people=people.get(unit.pk, 0),
            begins=unit.valid_from,
            ends=unit.valid_to,
            successor=seen.name if seen else "",
            successor_pk=seen.pk if seen else None,
        )


def _is_seen_below(unit: Unit, listing: Listing) -> bool:
    above = listing.visible.get(unit.parent_id or 0)
    return above is not None and not above.is_authority
