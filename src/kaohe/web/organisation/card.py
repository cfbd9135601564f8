"""What a unit's page shows: where it stands, what is known of it, its past, and the people in it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from kaohe.web.accounts.permissions import Action, can, may, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.organisation.people import belonging_on
from kaohe.web.organisation.queries import title_of
from kaohe.web.pages.parts import Fact


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its name, and where it is shown."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that a unit bore up to a day, which is the first of the next."""

    name: str
    until: date


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit. crumbs: from the topmost that may be seen; successor and predecessors: those that may be seen."""

    pk: int
    name: str
    state: str
    crumbs: tuple[Named, ...]
    facts: tuple[Fact, ...]
    contacts: tuple[Fact, ...]
    former_names: tuple[FormerName, ...]
    predecessors: tuple[Named, ...]
    successor: Named | None
    ends: date | None
    may_edit: bool
    shows_people: bool


def card_of(unit: Unit, standing: Standing, today: date) -> UnitCard:
    """Return a unit as somebody may see it."""
    above = [int(pk) for pk in unit.path.strip("/").split("/")][:-1]
    beside = Unit.objects.filter(pk__in=[*above, unit.successor_id or 0]) | Unit.objects.filter(successor=unit)
    seen = {one.pk: one for one in visible(standing, Action.UNIT_VIEW, Unit) & beside}
    ended = unit.valid_to is not None and unit.valid_to < today
    return UnitCard(
        pk=unit.pk,
        name=unit.name,
        state="ended" if ended else "later" if unit.valid_from and unit.valid_from > today else "valid",
        crumbs=tuple(_named(seen[pk]) for pk in above if pk in seen),
        facts=_facts(unit),
        contacts=_contacts(unit),
        former_names=tuple(FormerName(*row) for row in unit.former_names.values_list("name", "until")),
        predecessors=tuple(_named(one) for one in seen.values() if one.successor_id == unit.pk),
        successor=_named(seen[unit.successor_id]) if unit.successor_id in seen else None,
        ends=unit.valid_to,
        may_edit=can(standing, Action.UNIT_EDIT) and may(standing, Action.UNIT_EDIT, unit),
        shows_people=can(standing, Action.PERSON_VIEW),
    )


def people_of(unit: Unit, standing: Standing, today: date) -> QuerySet[Person]:
    """Return those people of a unit today whom somebody may see, in the order of their codes."""
    here = Posting.objects.filter(belonging_on(today), unit=unit)
    return visible(standing, Action.PERSON_VIEW, Person).filter(pk__in=here.values("person")).order_by("code", "pk")


def _named(unit: Unit) -> Named:
    return Named(unit.name, reverse("unit", args=[unit.pk]))


def _facts(unit: Unit) -> tuple[Fact, ...]:
    order = str(unit.official_order) if unit.official_order else ""
    return (
        Fact(say("单位代码", "Code"), unit.code),
        Fact(say("类别", "Group"), title_of(unit.peer_group)),
        Fact(say("官方顺序", "Official order"), order),
        Fact(say("启用", "Valid from"), _day(unit.valid_from)),
        Fact(say("停用（最后一天）", "Valid to (last day)"), _day(unit.valid_to)),
    )


def _contacts(unit: Unit) -> tuple[Fact, ...]:
    return (
        Fact(say("责任处室", "Responsible office"), unit.office),
        Fact(say("专人", "Officer"), unit.officer),
        Fact(say("分管领导", "Leader"), unit.leader),
        Fact(say("电话", "Phone"), unit.phone),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
