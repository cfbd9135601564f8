"""Postings: a move ends one and begins another, a correction leaves no trace, and the unit follows."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.web.organisation.models import Person, Posting
from kaohe.web.organisation.people import belonging_on, set_posting
from tests.web.city import City

TODAY = date(2010, 6, 30)
Stretch = tuple[str, date | None, date | None]


def stretches(person: Person) -> list[Stretch]:
    return list(person.postings.order_by("pk").values_list("unit__code", "joined", "departed"))


def put(city: City, person: Person, code: str, joined: date | None = None, departed: date | None = None) -> None:
    set_posting(person, city.units[code], joined, departed, TODAY)


@pytest.fixture
def newcomer(city: City) -> Person:
    return Person.objects.create(code="N1", name="新人", authority=city.units["0001"], unit=city.units["D01"])


def test_the_first_posting_is_as_it_was_said(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01", date(2009, 3, 1), date(2010, 3, 1))

    assert stretches(newcomer) == [("D01", date(2009, 3, 1), date(2010, 3, 1))]


def test_a_move_ends_the_former_posting_on_the_day_of_joining(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01", date(2009, 3, 1))

    put(city, newcomer, "D02", date(2010, 4, 1))

    assert stretches(newcomer) == [("D01", date(2009, 3, 1), date(2010, 4, 1)), ("D02", date(2010, 4, 1), None)]


def test_a_move_without_a_day_ends_the_former_posting_today(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01")

    put(city, newcomer, "D02")

    assert stretches(newcomer) == [("D01", None, TODAY), ("D02", None, None)]


def test_the_unit_follows_the_last_posting(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01")

    put(city, newcomer, "D02")

    assert newcomer.unit == city.units["D02"]
    assert Person.objects.get(pk=newcomer.pk).unit == city.units["D02"]


def test_the_same_twice_changes_nothing(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01")
    put(city, newcomer, "D02")
    before = list(newcomer.postings.values())

    put(city, newcomer, "D02")

    assert list(newcomer.postings.values()) == before


def test_a_departure_is_written_into_the_posting(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01", date(2009, 3, 1))

    put(city, newcomer, "D01", date(2009, 3, 1), date(2010, 3, 1))

    assert stretches(newcomer) == [("D01", date(2009, 3, 1), date(2010, 3, 1))]


def test_who_comes_back_after_a_departure_begins_anew(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01", date(2008, 3, 1), date(2009, 3, 1))

    put(city, newcomer, "D01", date(2010, 3, 1))

    assert stretches(newcomer) == [("D01", date(2008, 3, 1), date(2009, 3, 1)), ("D01", date(2010, 3, 1), None)]


def test_a_gap_before_a_move_stays(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01", date(2008, 3, 1), date(2009, 3, 1))

    put(city, newcomer, "D02", date(2010, 3, 1))

    assert stretches(newcomer) == [("D01", date(2008, 3, 1), date(2009, 3, 1)), ("D02", date(2010, 3, 1), None)]


def test_a_corrected_day_of_a_move_moves_the_end_of_the_former_posting(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01", date(2008, 3, 1))
    put(city, newcomer, "D02", date(2010, 3, 1))

    put(city, newcomer, "D02", date(2010, 2, 1))

    assert stretches(newcomer) == [("D01", date(2008, 3, 1), date(2010, 2, 1)), ("D02", date(2010, 2, 1), None)]


def test_a_wrong_unit_corrected_for_the_same_day_leaves_no_trace(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01", date(2008, 3, 1))

    put(city, newcomer, "D02", date(2008, 3, 1))

    assert stretches(newcomer) == [("D02", date(2008, 3, 1), None)]


def test_on_any_day_a_person_belongs_to_one_unit_at_most(city: City, newcomer: Person) -> None:
    put(city, newcomer, "D01")
    put(city, newcomer, "D02")

    held = {
        day: list(newcomer.postings.filter(belonging_on(day)).values_list("unit__code", flat=True))
        for day in (date(2009, 1, 1), date(2010, 6, 29), TODAY)
    }

    assert list(held.values()) == [["D01"], ["D01"], ["D02"]]


days = st.none() | st.dates(date(2005, 1, 1), date(2012, 1, 1))
steps = st.lists(
    st.tuples(st.sampled_from(["D01", "D02", "X01-1"]), days, days, st.dates(date(2009, 1, 1), date(2012, 1, 1))),
    max_size=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=steps)
def test_whatever_is_said_the_last_posting_is_what_was_said_last(
    city: City, steps: list[tuple[str, date | None, date | None, date]]
) -> None:
    person = Person.objects.create(code="H", name="某人", authority=city.units["0001"], unit=city.units["D01"])

    for code, joined, departed, on in steps:
        if joined and departed and joined > departed:
            joined, departed = departed, joined
        set_posting(person, city.units[code], joined, departed, on)

        assert stretches(person)[-1] == (code, joined, departed)
        assert Person.objects.get(pk=person.pk).unit.code == code
        assert Posting.objects.filter(person=person, departed=None).count() == (departed is None)
        assert Posting.objects.filter(belonging_on(on), person=person).count() <= 1
    person.delete()
