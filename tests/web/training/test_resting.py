"""What rests on a change, so that it cannot be taken back; and on people and units."""

from pathlib import Path
from typing import Any

import pytest

from kaohe.web.organisation.models import Person, Unit
from kaohe.web.training import resting
from kaohe.web.training.landing import Meanwhile, begin, land, land_return
from kaohe.web.training.resting import people_in_use, resting_on, units_in_use
from tests.web.city import City, person, unit
from tests.web.training.landed import BASE, Tables, bounds_in, bring_in, ended, lay, state, take_back
from tests.web.training.loaded import NOW

CLASS = ("A1", "", "class", "班", "2010-03-01", "2010-03-01", "3.5")
SPEECH = [("K1", "speech", "city", "P1", "2010-06-01", ""), ("K1", "speech", "city", "P3", "2010-06-01", "")]


@pytest.mark.parametrize(
    ("first", "then", "rests"),
    [
        # changed again, ended, or not touched
        ({"attendance": [("A1", "P1", "leave", "")]}, {"attendance": [("A1", "P1", "absent", "")]}, [("attendance", "A1 P1", resting.CHANGED)]),
        ({"attendance": [("A1", "P1", "leave", "")]}, {"attendance": [("A1", "P3", "absent", "")]}, []),
        ({"bulletins": [("D01", "2010-08-02", "news", "报")]}, {"bulletins": ()}, [("bulletins", "D01 2010-08-02", resting.CHANGED)]),
        # what it ended came in again
        ({"contests": ()}, {"contests": [("K1", "speech", "city", "P3", "2010-06-01", "")]}, [("contests", "K1 P3", resting.GIVEN), ("contests", "K1 P3", resting.DIFFERS)]),
        ({"appraisals": ()}, {"appraisals": [("P3", "2010-07-01", "优秀")]}, [("appraisals", "P3 2010-07-01", resting.GIVEN)]),
        ({"supplies": ()}, {"supplies": [("D01", "textbook", "1", "1")]}, [("supplies", "D01 textbook", resting.GIVEN)]),
        ({"supplies": ()}, {"supplies": [("D01", "handbook", "1", "1")]}, []),
        # others rest on an activity that only it brought, or made a class
        ({"activities": [("B1", *CLASS[1:])]}, {"attendance": [("B1", "P1", "leave", "")]}, [("attendance", "B1 P1", resting.RESTS)]),
        ({"activities": [("B1", *CLASS[1:])]}, {"quotas": [("B1", "D01", "1")]}, [("quotas", "B1 D01", resting.RESTS)]),
        ({"activities": [CLASS]}, {"attendance": [("A1", "P2", "leave", "")]}, []),
        ({"activities": [CLASS]}, {"quotas": [("A1", "D01", "1")]}, [("quotas", "A1 D01", resting.NOT_CLASS)]),
        # a contest that it described otherwise has new entries
        ({"contests": SPEECH}, {"contests": [("K1", "speech", "city", "P2", "2010-06-01", "")]}, [("contests", "K1 P2", resting.DIFFERS)]),
        # what would come back has nothing to stand on
        ({"attendance": (), "quotas": ()}, {"activities": ()}, [("attendance", "A1 P1", resting.GONE), ("attendance", "A3 P2", resting.GONE)]),
    ],
)  # fmt: skip
def test_what_rests_on_a_change_stands_against_taking_it_back(
    city: City, tmp_path: Path, first: Tables, then: Tables, rests: list[Any]
) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path / "base")
    change = bring_in(bounds, first, tmp_path / "first", complete=not all(first.values()))
    before = state(bounds)
    assert not resting_on(change, bounds.authority)
    later = bring_in(bounds, then, tmp_path / "then", complete=not all(then.values()))

    found = resting_on(change, bounds.authority)

    assert set(rests) <= {(one.table, one.key, one.why) for one in found.first}
    assert bool(found) is bool(rests)
    if rests:
        with pytest.raises(Meanwhile) as stopped:
            ended(land_return(begin(bounds.authority, NOW), change.number))
        assert stopped.value.count == found.count
    else:
        take_back(bounds, change)
        later = take_back(bounds, later)
        assert later.number == 5
    assert state(bounds) != before


def test_once_what_rests_on_it_is_taken_back_a_change_can_be_too(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    empty = state(bounds)
    changes = [bring_in(bounds, BASE, tmp_path / "base")]
    changes.append(bring_in(bounds, {"activities": [("B1", *CLASS[1:])]}, tmp_path / "b"))
    changes.append(bring_in(bounds, {"attendance": [("B1", "P1", "leave", "")]}, tmp_path / "c"))
    changes.append(bring_in(bounds, dict.fromkeys(BASE, ()), tmp_path / "d", complete=True))

    for change in reversed(changes):
        assert not resting_on(change, bounds.authority)
        take_back(bounds, change)

    assert state(bounds) == empty


def test_what_comes_back_needs_its_person_and_its_unit(city: City, tmp_path: Path) -> None:
    bounds, _ = bounds_in(city), person("P7", city.units["D01"])
    gone = unit("D88", city.units["0001"])
    later = bounds_in(city, kind="half_year")
    bring_in(later, {"appraisals": [("P7", "2010-05-01", "合格")], "bulletins": [("D88", "2010-05-01", "news", "报")]}, tmp_path / "a")  # fmt: skip
    ending = bring_in(later, {"appraisals": (), "bulletins": ()}, tmp_path / "b", complete=True)
    assert not resting_on(ending, bounds.authority)
    Person.objects.filter(code="P7").delete()
    later.round.units.filter(unit=gone).delete()
    Unit.objects.filter(pk=gone.pk).delete()

    assert {(one.table, one.why) for one in resting_on(ending, bounds.authority).first} == {
        ("appraisals", resting.GONE),
        ("bulletins", resting.GONE),
    }


def test_quotas_do_not_come_back_to_what_is_no_class_by_now(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path / "base")
    ending = bring_in(bounds, {"quotas": ()}, tmp_path / "a", complete=True)
    lecture = [("A3", "", "lecture", "调训班", "2010-05-01", "2010-05-05", "30")]
    changing = bring_in(bounds, {"activities": lecture}, tmp_path / "b")

    found = resting_on(ending, bounds.authority)
    assert (found.count, {(one.table, one.why) for one in found.first}) == (2, {("quotas", resting.NO_LONGER_CLASS)})

    take_back(bounds, changing)
    assert not resting_on(ending, bounds.authority)


def test_of_many_the_first_are_named_and_all_are_counted(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    rows = [("D01", "2010-08-01", "news", f"简报{i}") for i in range(50)]
    change = bring_in(bounds, {"bulletins": rows}, tmp_path / "a")
    bring_in(bounds, {"bulletins": ()}, tmp_path / "b", complete=True)

    found = resting_on(change, bounds.authority)

    assert (found.count, len(found.first)) == (50, resting.SHOWN)


def test_people_and_units_in_use_are_counted_and_so_is_what_is_being_written(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path / "base")
    codes = ["P1", "P2", "P4", "D01", "D02", "X01"]

    assert people_in_use(bounds.authority, codes) == {"P1": 6, "P2": 1}
    assert units_in_use(bounds.authority, codes) == {"D01": 6, "D02": 3}
    assert people_in_use(city.units["9001"], codes) == {}

    ends_one = {"appraisals": [("P4", "2010-07-01", "合格")][:0]}
    lay(bounds, ends_one, tmp_path / "laid", complete=True)
    ended(land(begin(bounds.authority, NOW), bounds, tmp_path / "laid", ends_one, True))
    assert people_in_use(bounds.authority, codes) == {"P1": 6, "P2": 1}
