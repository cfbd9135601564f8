"""A law of the ledger: any sequence of files and of taking them back leaves what a plain book of records says."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.web.training.bounds import Bounds
from kaohe.web.training.landing import Meanwhile, abandon, begin, land_return
from kaohe.web.training.models import LedgerChange
from kaohe.web.training.resting import resting_on
from tests.depth import deep
from tests.web.city import City
from tests.web.training.landed import BASE, bounds_in, bring_in, ended, state, take_back
from tests.web.training.loaded import NOW

Key = tuple[str, ...]
STATUSES = ("present", "leave", "absent")
KEYS = [("A1", "P1"), ("A1", "P2"), ("A2", "P1")]
TESTS = [("P1", "2010-07-01", "合格"), ("P1", "2010-07-01", "优秀"), ("P2", "2010-07-02", "合格")]
FILES = st.tuples(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(STATUSES), max_size=3),
    st.lists(st.sampled_from(TESTS), max_size=4),
    st.booleans(),
)
STEPS = st.lists(st.one_of(FILES, st.integers(0, 9)), min_size=1, max_size=7)


@dataclass
class Book:
    """The records as plain values: who has which status, and which change brought it; each test once a change that did.

    past: by change, what it touched: the records that it replaced or ended, how many of each test came (or went); given:
    the records that have a status by it; gone: of each test, which went.
    """

    held: dict[Key, tuple[str, int]] = field(default_factory=dict)
    tests: dict[Key, list[int]] = field(default_factory=lambda: {test: [] for test in TESTS})
    past: dict[int, tuple[dict[Key, tuple[str, int] | None], dict[Key, int]]] = field(default_factory=dict)
    given: dict[int, set[Key]] = field(default_factory=dict)
    gone: dict[int, dict[Key, list[int]]] = field(default_factory=dict)

    def bring_in(self, number: int, attendance: dict[Key, str], tests: list[Key], complete: bool) -> None:
        """A file comes in."""
        was, more, gone = dict[Key, tuple[str, int] | None](), dict[Key, int](), dict[Key, list[int]]()
        for key in KEYS:
            now = self.held.get(key)
            if key in attendance and (now is None or now[0] != attendance[key]):
                was[key], self.held[key] = now, (attendance[key], number)
            elif complete and key not in attendance and now is not None:
                was[key] = self.held.pop(key)
        for test in TESTS:
            more[test] = tests.count(test) - len(self.tests[test])
            if more[test] < 0 and complete:
                gone[test] = self.tests[test][more[test] :]
                del self.tests[test][more[test] :]
            elif more[test] < 0:
                more[test] = 0
            self.tests[test] += [number] * more[test]
        self.gone[number] = gone
        self.given[number] = {key for key in was if key in attendance}
        self.past[number] = (was, more)

    def rests(self, number: int) -> bool:
        """Whether something that a change brought is gone, or something that it ended came again by a later one."""
        was, more = self.past[number]
        for key in was:
            now = self.held.get(key, ("", 0))[1]
            if now != number if key in self.given[number] else now > number:
                return True
        return any(
            self.tests[test].count(number) < count or (count < 0 and any(one > number for one in self.tests[test]))
            for test, count in more.items()
        )

    def take_back(self, number: int) -> None:
        """A change is undone: what it ended is there again, as that of the change that had brought it."""
        was, more = self.past[number]
        for key, before in was.items():
            self.held.pop(key, None)
            if before is not None:
                self.held[key] = before
        for test in more:
            self.tests[test] = [one for one in self.tests[test] if one != number] + self.gone[number].get(test, [])


def same(book: Book, bounds: Bounds) -> bool:
    """Whether the ledger says what the book says."""
    found = state(bounds)
    attendance = {(activity, person): status for activity, person, status, _ in found["attendance"]}
    tests = sorted((person, day.isoformat(), result) for person, day, result in found["appraisals"])
    wanted = sorted(test for test, since in book.tests.items() for _ in since)
    return attendance == {key: status for key, (status, _) in book.held.items()} and tests == wanted


@settings(
    max_examples=deep(12, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_sequence_of_files_and_returns_leaves_what_a_plain_book_says(city: City, steps: list[object]) -> None:
    with tempfile.TemporaryDirectory() as name, transaction.atomic():
        _follow(bounds_in(city), steps, Path(name))
        transaction.set_rollback(True)


def _follow(bounds: Bounds, steps: list[object], folder: Path) -> None:
    bring_in(bounds, {"activities": BASE["activities"]}, folder / "base")
    book, changes = Book(), dict[int, LedgerChange]()
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            attendance, tests, complete = step
            rows = [(*key, status, "") for key, status in attendance.items()]
            change = bring_in(
                bounds, {"attendance": rows, "appraisals": tests}, folder / str(number), complete=complete
            )
            book.bring_in(change.number, attendance, tests, complete)
            changes[change.number] = change
        elif changes:
            taken = [*changes.values()][step % len(changes)]  # type: ignore[operator]
            assert bool(resting_on(taken, bounds.authority)) is book.rests(taken.number)
            if book.rests(taken.number):
                _refused(bounds, taken)
            else:
                take_back(bounds, changes.pop(taken.number))
                book.take_back(taken.number)
        assert same(book, bounds)


def _refused(bounds: Bounds, taken: LedgerChange) -> None:
    change = begin(bounds.authority, NOW)
    try:
        ended(land_return(change, taken.number))
    except Meanwhile:
        ended(abandon(change))
    else:
        raise AssertionError("it was taken back although something rests on it")
