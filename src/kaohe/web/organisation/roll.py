"""The people whom somebody may see: a list in a fixed order, and each of them with the postings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from kaohe.web.accounts.models import User
from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say
from kaohe.web.organisation.finding import LONGEST, found_by, key_of, line
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.pages.parts import Tab

HERE, GONE, ALL = "", "gone", "all"
MOST_UNITS = 100
"""How many units can be chosen from; where there are more, the list of one unit is reached from that unit."""


@dataclass(frozen=True, slots=True)
class AskedPeople:
    """Which people are asked for: a text, a unit, and whether those here today, those gone, or all."""

    text: str
    unit: int | None
    show: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a list shows it; joined, departed: of the last posting, `joined` empty where it is not recorded."""

    pk: int
    name: str
    code: str
    post: str
    unit: str
    unit_pk: int
    joined: date | None
    departed: date | None


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A stretch at a unit; `unit_pk` is empty where the unit may not be seen."""

    unit: str
    unit_pk: int | None
    since: date | None
    until: date | None
    last: bool


def asked_from(query: Mapping[str, str]) -> AskedPeople:
    """Read which people are asked for from an address; what cannot be read counts as not said."""
    show = query.get("show", HERE)
    text = line(query.get("q", ""))[:LONGEST]
    return AskedPeople(text, key_of(query.get("unit", "")), show if show in (GONE, ALL) else HERE)


def roll(standing: Standing, asked: AskedPeople, today: date) -> tuple[QuerySet[Person], tuple[Tab, ...]]:
    """Return the people who were asked for, and the filter by presence with its counts."""
    people = visible(standing, Action.PERSON_VIEW, Person)
    if asked.text:
        people = people.filter(found_by(asked.text))
    if asked.unit is not None:
        people = people.filter(unit=asked.unit)
    here = Exists(present_on(today).filter(person=OuterRef("pk")))
    counts = people.order_by().aggregate(all=Count("pk"), here=Count(Case(When(here, then="pk"))))
    shown = {HERE: people.filter(here), GONE: people.exclude(here), ALL: people}[asked.show]
    titles = {
        HERE: (say("在岗", "In post"), counts["here"]),
        GONE: (say("已离岗", "Departed"), counts["all"] - counts["here"]),
        ALL: (say("全部", "All"), counts["all"]),
    }
    tabs = tuple(Tab(address(asked, show), *words, show == asked.show) for show, words in titles.items())
    return shown.order_by("unit__official_order", "unit__code", "unit", "code", "pk"), tabs


def present_on(day: date) -> QuerySet[Posting]:
    """Return the postings that hold on a day."""
    return Posting.objects.filter(Q(departed=None) | Q(departed__gt=day), Q(joined=None) | Q(joined__lte=day))


def address(asked: AskedPeople, show: str) -> str:
    """Return the query string that asks for the same with another filter by presence."""
    said = {"q": asked.text, "unit": asked.unit or "", "show": show}
    return "?" + urlencode({name: value for name, value in said.items() if value})


def rows_of(people: Sequence[Person]) -> tuple[PersonRow, ...]:
    """Return people with their last postings, with one query more."""
    last = _last_postings(people)
    return tuple(
        PersonRow(
            one.pk, one.name, one.code, one.post, one.unit.name, one.unit_id, *last.get(one.pk, (None, None))
        )
        for one in people
    )  # fmt: skip


def units_to_choose(standing: Standing) -> tuple[tuple[int, str], ...]:
    """Return the units with people of which one may see some, in the official order; none where they are too many."""
    people = visible(standing, Action.PERSON_VIEW, Person).filter(unit=OuterRef("pk")).order_by()
    units = visible(standing, Action.UNIT_VIEW, Unit).filter(Exists(people)).order_by("official_order", "code", "pk")
    found = tuple(units.values_list("pk", "name")[: MOST_UNITS + 1])
    return found if 1 < len(found) <= MOST_UNITS else ()


def postings_of(person: Person, standing: Standing) -> tuple[PostingRow, ...]:
    """Return where a person belonged, the latest first; a stretch without a first day begins where the last ended."""
    seen = set(visible(standing, Action.UNIT_VIEW, Unit).filter(postings__person=person).values_list("pk", flat=True))
    return tuple(reversed(tuple(_stretches(person, seen))))


def accounts_of(person: Person, standing: Standing) -> tuple[str, ...]:
    """Return the user names of a person's accounts, to that person alone."""
    if standing.person != person.pk:
        return ()
    return tuple(User.objects.filter(person=person, is_active=True).values_list("username", flat=True))


def _last_postings(people: Sequence[Person]) -> dict[int, tuple[date | None, date | None]]:
    held = Posting.objects.filter(person__in=[one.pk for one in people]).order_by("pk")
    return {person: (joined, departed) for person, joined, departed in held.values_list("person", "joined", "departed")}


def _stretches(person: Person, seen: set[int]) -> Iterator[PostingRow]:
    postings = list(person.postings.order_by("pk").select_related("unit"))
    ended: date | None = None
    for n, posting in enumerate(postings, 1):
        unit_pk = posting.unit_id if posting.unit_id in seen else None
        since = posting.joined or ended
        yield PostingRow(posting.unit.name, unit_pk, since, posting.departed, n == len(postings))
        ended = posting.departed


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person with the postings, the latest first; accounts: the user names, shown to that person alone.

    email, phone: where reminders go; they are kept by the import of people.
    """

    pk: int
    name: str
    code: str
    post: str
    unit: str
    unit_pk: int | None
    here: bool
    postings: tuple[PostingRow, ...]
    accounts: tuple[str, ...]
    email: str = ""
    phone: str = ""


def person_of(person: Person, standing: Standing, today: date) -> PersonCard:
    """Return a person as somebody may see it."""
    postings = postings_of(person, standing)
    return PersonCard(
        pk=person.pk,
        name=person.name,
        code=person.code,
        post=person.post,
        unit=person.unit.name,
        unit_pk=next((row.unit_pk for row in postings), None),
        here=present_on(today).filter(person=person).exists(),
        postings=postings,
        accounts=accounts_of(person, standing),
        email=person.email,
        phone=person.phone,
    )


def chosen(standing: Standing, asked: AskedPeople) -> str:
    """Return the name of the unit that was asked for, where it may be seen."""
    if asked.unit is None:
        return ""
    units = visible(standing, Action.UNIT_VIEW, Unit).filter(pk=asked.unit)
    return units.values_list("name", flat=True).first() or ""
