"""What was laid lands in portions that show nowhere until all are there, whatever happens on the way."""

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from kaohe.web.jobs.models import Job
from kaohe.web.organisation.models import Person, Posting
from kaohe.web.training import landing
from kaohe.web.training.bounds import Bounds
from kaohe.web.training.landing import (
    Busy,
    Meanwhile,
    Overtaken,
    abandon,
    begin,
    come_into_force,
    land,
    land_return,
)
from kaohe.web.training.models import Attendance, LedgerChange, UnitFigures
from kaohe.web.training.touching import touched_units
from tests.web.city import City, person
from tests.web.training.landed import BASE, bounds_in, bring_in, ended, everything, in_force, lay, state, take_back
from tests.web.training.loaded import NOW

NEXT = {
    "activities": [
        ("A1", "", "half_day", "公文写作", "2010-03-01", "2010-03-01", "4"),
        ("A3", "", "class", "调训班", "2010-05-01", "2010-05-05", "30"),
        ("A5", "D02", "online", "网课", "2010-06-01", "2010-06-01", "8"),
    ],
    "attendance": [
        ("A1", "P1", "absent", ""), ("A1", "P3", "present", "2.5"), ("A1", "P2", "present", "1"), ("A5", "P1", "present", ""),
        ("A3", "P2", "leave", ""),
    ],
    "quotas": [("A3", "D01", "4")],
    "contests": [("K1", "writing", "city", "P1", "2010-06-01", "")],
    "supplies": [("D01", "textbook", "10", "10"), ("D01", "handbook", "3", "3")],
    "appraisals": [("P1", "2010-07-01", "合格"), ("P2", "2010-07-01", "合格"), ("P2", "2010-07-01", "合格")],
    "bulletins": [("D01", "2010-08-01", "news", "简报二")],
    "judgements": [("D01", "A1", "review", "5", "李四", "", "")],
}  # fmt: skip
"""Rows of every kind in every table, beside the usual records."""


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "PORTION", 2)


def interrupted(work: Callable[[], Generator[int, None, None]], after: Callable[[], object]) -> list[int]:
    """Run work that is stopped after every portion and begun anew; return how far it said to be."""
    told = list[int]()
    while True:
        going = work()
        try:
            told.append(next(going))
        except StopIteration:
            return told
        going.close()
        after()


def test_a_landing_that_is_stopped_after_every_portion_writes_everything_once(
    city: City, tmp_path: Path, small_portions: None
) -> None:
    bounds, other = bounds_in(city), bounds_in(city, at="9001")
    bring_in(bounds, BASE, tmp_path / "base")
    before = state(bounds)
    laid = lay(bounds, NEXT, tmp_path / "next", complete=True)
    change = begin(bounds.authority, NOW)

    def nothing_shows() -> None:
        assert state(bounds) == before
        bring_in(other, {"bulletins": [("D91", "2010-08-01", "news", "简报")]}, tmp_path / "other")

    told = interrupted(lambda: land(change, bounds, tmp_path / "next", NEXT, True), nothing_shows)
    assert state(bounds) == before
    in_force(bounds, change)

    assert told[-1] == sum(counts[kind] for counts in laid.counts.values() for kind in ("new", "changed", "absent"))
    once = state(bounds)
    assert lay(bounds, NEXT, tmp_path / "again", complete=True).counts == {
        name: {"new": 0, "changed": 0, "unchanged": len(rows), "absent": 0} for name, rows in NEXT.items()
    }
    ended(land_return(begin(bounds.authority, NOW), change.number))
    in_force(bounds, LedgerChange.objects.get(authority=bounds.authority, settled_at=None))
    assert state(bounds) == before != once


def test_a_portion_that_breaks_before_its_end_was_never_there(
    city: City, tmp_path: Path, small_portions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds, insert, broken = bounds_in(city), landing._insert, list[int]()
    lay(bounds, BASE, tmp_path)
    change = begin(bounds.authority, NOW)

    def breaks(*arguments: Any) -> None:
        insert(*arguments)
        if len(broken) < 40 and (broken.append(1) or len(broken) % 2):
            raise SystemExit

    monkeypatch.setattr(landing, "_insert", breaks)
    for _ in range(100):
        try:
            ended(land(change, bounds, tmp_path, BASE, False))
            break
        except SystemExit:
            continue
    in_force(bounds, change)

    assert {name: len(rows) for name, rows in state(bounds).items()} == {name: len(rows) for name, rows in BASE.items()}


def test_a_return_that_is_stopped_after_every_portion_restores_exactly(
    city: City, tmp_path: Path, small_portions: None
) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path / "base")
    before = state(bounds)
    taken = bring_in(bounds, NEXT, tmp_path / "next", complete=True)
    after = state(bounds)
    change = begin(bounds.authority, NOW)

    def nothing_shows() -> None:
        assert state(bounds) == after

    interrupted(lambda: land_return(change, taken.number), nothing_shows)
    in_force(bounds, change)

    assert (state(bounds), change.takes_back) == (before, taken.number)
    for number in (taken.number, change.number):
        with pytest.raises(ValueError, match="taken back"):
            next(land_return(LedgerChange.objects.create(authority=bounds.authority, number=99, begun_at=NOW), number))
        LedgerChange.objects.filter(number=99).delete()


@pytest.mark.parametrize("returning", [False, True])
def test_an_abandoned_change_leaves_no_trace_wherever_it_is_stopped(
    city: City, tmp_path: Path, small_portions: None, returning: bool
) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path / "base")
    taken = bring_in(bounds, NEXT, tmp_path / "next", complete=True)
    kept, before = everything(), state(bounds)
    again = {**BASE, "attendance": BASE["attendance"][1:]}
    lay(bounds, again, tmp_path / "again", complete=True)

    for portions in (0, 1, 4, 9, 100):
        change = begin(bounds.authority, NOW)
        going = (
            land_return(change, taken.number) if returning else land(change, bounds, tmp_path / "again", again, True)
        )
        for _, _ in zip(range(portions), going, strict=False):
            pass
        going.close()
        interrupted(partial(abandon, change), lambda: None)
        assert (everything(), state(bounds)) == (kept, before)
        assert not LedgerChange.objects.filter(settled_at=None).exists()


def test_nobody_goes_on_with_what_is_being_abandoned(city: City, tmp_path: Path, small_portions: None) -> None:
    bounds = bounds_in(city)
    lay(bounds, BASE, tmp_path)
    change = begin(bounds.authority, NOW)
    slow = land(change, bounds, tmp_path, BASE, False)
    next(slow)
    next(abandon(LedgerChange.objects.get(pk=change.pk)))

    with pytest.raises(Overtaken):
        next(slow)
    with pytest.raises(Meanwhile):
        next(land(change, bounds, tmp_path, BASE, False))
    with pytest.raises(Overtaken), transaction.atomic():
        come_into_force(change, NOW, None)


def test_of_two_workers_with_one_change_the_slower_writes_nothing(
    city: City, tmp_path: Path, small_portions: None
) -> None:
    bounds = bounds_in(city)
    lay(bounds, BASE, tmp_path)
    change = begin(bounds.authority, NOW)
    slow = land(LedgerChange.objects.get(pk=change.pk), bounds, tmp_path, BASE, False)
    next(slow)
    ended(land(change, bounds, tmp_path, BASE, False))
    with pytest.raises(Overtaken):
        next(slow)
    in_force(bounds, change)
    with pytest.raises(Overtaken), transaction.atomic():
        come_into_force(change, NOW, None)
    assert {name: len(rows) for name, rows in state(bounds).items()} == {name: len(rows) for name, rows in BASE.items()}


def test_an_authority_has_one_change_in_the_making(city: City) -> None:
    first = begin(city.units["0001"], NOW)
    with pytest.raises(Busy):
        begin(city.units["0001"], NOW)
    assert begin(city.units["9001"], NOW).number == first.number == 1


def test_whoever_refers_to_an_abandoned_change_lets_go_of_it(city: City) -> None:
    from kaohe.web.accounts.models import User
    from kaohe.web.intake.models import Import

    change = begin(city.units["0001"], NOW)
    user = User.objects.get(username="office")
    made = Import.objects.create(
        authority=city.units["0001"],
        within=city.units["0001"],
        table="quotas",
        by=user,
        size=1,
        change=change,
        created_at=NOW,
    )
    ended(abandon(change))
    made.refresh_from_db()
    assert (made.change, Job.objects.count()) == (None, 0)


# --- what happened between the laying and the landing


@pytest.mark.parametrize(
    ("laid", "meanwhile", "count"),
    [
        ({"attendance": [("A1", "P1", "leave", "")]}, {"attendance": [("A1", "P1", "absent", "")]}, 1),
        ({"attendance": [("A1", "P2", "leave", "")]}, {"attendance": [("A1", "P2", "leave", "")]}, 1),
        ({"attendance": [("A1", "P2", "leave", "")]}, {"attendance": [("A2", "P2", "leave", "")]}, 0),
        ({"attendance": [("A1", "P2", "leave", "")]}, {"activities": [("A1", "", "online", "网课", "2010-03-01", "2010-03-01", "9")]}, 1),
        ({"appraisals": [("P2", "2010-07-01", "合格")]}, {"appraisals": [("P2", "2010-07-01", "合格")]}, 1),
        ({"appraisals": [("P2", "2010-07-01", "合格")]}, {"appraisals": [("P2", "2010-07-02", "合格")]}, 0),
        ({"contests": [("K5", "speech", "city", "P1", "2010-06-01", "")]}, {"contests": [("K5", "writing", "city", "P3", "2010-06-01", "")]}, 1),
        ({"activities": [("A3", "", "class", "班", "2010-05-01", "2010-05-05", "30")]}, {"quotas": [("A3", "D01", "9")]}, 0),
        ({"activities": [("B1", "", "class", "班", "2010-05-01", "2010-05-05", "30")]}, {"bulletins": [("D01", "2010-08-09", "news", "报")]}, 0),
    ],
)  # fmt: skip
def test_what_another_import_has_touched_meanwhile_does_not_land(
    city: City, tmp_path: Path, laid: dict[str, Any], meanwhile: dict[str, Any], count: int
) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path / "base")
    lay(bounds, laid, tmp_path / "laid")
    bring_in(bounds, meanwhile, tmp_path / "meanwhile")
    change = begin(bounds.authority, NOW)

    if not count:
        ended(land(change, bounds, tmp_path / "laid", laid, False))
        return
    with pytest.raises(Meanwhile) as stopped:
        ended(land(change, bounds, tmp_path / "laid", laid, False))
    assert stopped.value.count == count


def test_an_activity_to_which_somebody_went_meanwhile_does_not_end(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, {"activities": BASE["activities"]}, tmp_path / "base")
    lay(bounds, {"activities": BASE["activities"][1:]}, tmp_path / "laid", complete=True)
    bring_in(bounds, {"attendance": [("A1", "P1", "present", "")]}, tmp_path / "meanwhile")

    with pytest.raises(Meanwhile) as stopped:
        ended(land(begin(bounds.authority, NOW), bounds, tmp_path / "laid", ["activities"], True))
    assert stopped.value.count == 1


def test_records_of_somebody_who_is_gone_meanwhile_do_not_land(city: City, tmp_path: Path) -> None:
    bounds, gone = bounds_in(city), person("P7", city.units["D01"])
    lay(bounds, {"appraisals": [("P7", "2010-07-01", "合格"), ("P1", "2010-07-01", "合格")]}, tmp_path)
    Person.objects.filter(pk=gone.pk).delete()

    with pytest.raises(Meanwhile) as stopped:
        ended(land(begin(bounds.authority, NOW), bounds, tmp_path, ["appraisals"], False))
    assert stopped.value.count == 1


def test_what_was_not_laid_as_complete_does_not_land_so(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    lay(bounds, BASE, tmp_path)
    with pytest.raises(ValueError, match="complete"):
        ended(land(begin(bounds.authority, NOW), bounds, tmp_path, BASE, True))


# --- who is touched


@pytest.mark.parametrize(
    ("tables", "units"),
    [
        ({"attendance": [("A1", "P3", "leave", "")]}, {"D02"}),
        ({"attendance": [("A1", "P3", "present", "2.5")]}, set()),
        ({"contests": [("K2", "writing", "city", "P1", "2010-06-01", "")]}, {"D01", "X01"}),
        ({"appraisals": [("P3", "2010-07-01", "合格")]}, {"D02"}),
        ({"supplies": [("D02", "textbook", "1", "1")]}, {"D02"}),
        ({"quotas": [("A3", "D01", "1")]}, {"D01"}),
        ({"bulletins": [("D02", "2010-07-01", "news", "报")]}, {"D02"}),
        ({"judgements": [("D02", "A1", "self", "5", "张三", "", "")]}, set()),
        ({"activities": [("A2", "D01", "lecture", "讲座", "2010-04-01", "2010-04-02", "5")]}, {"D01", "X01"}),
        ({"activities": [("A3", "", "class", "班", "2010-05-01", "2010-06-05", "30")]}, {"D01", "D02"}),
        ({"activities": [("A3", "", "class", "另一个名称", "2010-05-01", "2010-05-05", "30")]}, set()),
    ],
)  # fmt: skip
def test_a_change_touches_the_units_on_whose_figures_it_bears(
    city: City, tmp_path: Path, tables: dict[str, Any], units: set[str]
) -> None:
    Posting.objects.create(person=city.people["P1"], unit=city.units["X01"], departed="2010-02-01")
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path / "base")
    UnitFigures.objects.update(stale=False)

    change = bring_in(bounds, tables, tmp_path / "change")

    assert touched_units(bounds.authority, change) == units
    assert set(UnitFigures.objects.filter(stale=True).values_list("unit", flat=True)) == units
    UnitFigures.objects.update(stale=False)
    take_back(bounds, change)
    assert set(UnitFigures.objects.filter(stale=True).values_list("unit", flat=True)) == units


# --- nothing leaks


def test_a_change_of_one_authority_leaves_the_rows_of_another_alone(city: City, tmp_path: Path) -> None:
    one, other = bounds_in(city), bounds_in(city, at="9001")
    for code in ("P1", "P2", "P3"):
        person(code, city.units["D91"])
    same = {name: rows for name, rows in BASE.items() if name in ("attendance", "appraisals")}
    activities = [(code, "", *rest) for code, _, *rest in BASE["activities"]]
    bring_in(one, BASE, tmp_path / "one")
    bring_in(other, {"activities": activities, **same}, tmp_path / "other")
    kept = state(other)

    changed = bring_in(one, NEXT, tmp_path / "next", complete=True)
    take_back(one, changed)

    assert state(other) == kept
    assert Attendance.objects.filter(authority=other.authority).count() == len(BASE["attendance"])


def test_what_belongs_to_a_round_is_of_that_round_alone(city: City, tmp_path: Path) -> None:
    annual, half_year = bounds_in(city), bounds_in(city, kind="half_year")
    of_round = {name: BASE[name] for name in ("supplies", "judgements")}
    bring_in(annual, of_round, tmp_path / "annual")

    laid = lay(half_year, of_round, tmp_path / "laid", complete=True)
    assert {name: (one["new"], one["absent"]) for name, one in laid.counts.items()} == {
        "supplies": (2, 0),
        "judgements": (2, 0),
    }
    before = rows_of(annual)
    bring_in(half_year, of_round, tmp_path / "half")
    bring_in(half_year, dict.fromkeys(of_round, ()), tmp_path / "none", complete=True)

    assert (rows_of(annual), rows_of(half_year)) == (before, {"supplies": 0, "judgements": 0})


def rows_of(bounds: Bounds) -> dict[str, int]:
    """How many rows of a round hold."""
    return {name: sum(row[-1] == bounds.round.pk for row in state(bounds)[name]) for name in ("supplies", "judgements")}
