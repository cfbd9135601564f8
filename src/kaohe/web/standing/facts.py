"""The facts behind a unit's figures in a round: its staff, trainees, seats, entries, supplies, bulletins.

All are read through the one scope of the unit, so that they cannot be other records than those that `metrics.sql` counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kaohe.ledger.standing import facts_sql
from kaohe.web.rounds.models import Round
from kaohe.web.training.figures import records_of
from kaohe.web.training.scope import Scope, day_of


@dataclass(frozen=True, slots=True)
class StaffMember:
    """What the ledger says of somebody on the staff; records: how many it has of each kind."""

    pk: int
    code: str
    name: str
    took_part: bool
    self_minutes: int
    online_minutes: int
    appraised: bool
    records: int
    self_records: int
    online_records: int
    tests: int


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody whom the unit sent to a class, and the points that the attendance gives."""

    pk: int
    name: str
    title: str
    ends_on: date
    status: str
    planned: int
    minutes: int
    points: int


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats that the unit has in a class, and how many people it sent."""

    title: str
    ends_on: date
    seats: int
    sent: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of somebody in a contest."""

    pk: int
    name: str
    kind: str
    level: str
    held_on: date
    place: str | None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The facts of one unit. supplies: planned and received by item, where there is a row; bulletins: by kind."""

    staff: tuple[StaffMember, ...]
    trainees: tuple[Trainee, ...]
    seats: tuple[Seats, ...]
    entries: tuple[Entry, ...]
    supplies: Mapping[str, tuple[int, int]]
    bulletins: Mapping[str, int]


def facts_of(a_round: Round, code: str) -> UnitFacts:
    """Read the facts of a unit of a round: six queries, whatever there is."""
    scope = records_of(a_round, [code])
    return UnitFacts(
        staff=tuple(_staff(scope)),
        trainees=tuple(_trainees(scope)),
        seats=tuple(_seats(scope)),
        entries=tuple(_entries(scope)),
        supplies=_supplies(scope),
        bulletins=_bulletins(scope),
    )


def staff_of(a_round: Round, code: str) -> tuple[StaffMember, ...]:
    """Read what the ledger says of each person on a unit's staff, by code: one query."""
    return tuple(_staff(records_of(a_round, [code])))


def _staff(scope: Scope) -> Iterator[StaffMember]:
    query = (
        "SELECT p.person_id, p.person, f.name, f.took_part, f.self_minutes, f.online_minutes, f.appraised, f.records,"
        f" f.self_records, f.online_records, f.tests FROM ({facts_sql('people')}) f JOIN people p ON p.id = f.id"
        " WHERE f.is_staff = 1 ORDER BY p.person"
    )
    for pk, code, name, took_part, self_minutes, online_minutes, appraised, *records in scope.rows(query)[1]:
        yield StaffMember(pk, code, name, bool(took_part), self_minutes, online_minutes, bool(appraised), *records)


def _trainees(scope: Scope) -> Iterator[Trainee]:
    query = (
        "SELECT p.person_id, f.name, f.title, f.ends_on, f.status, f.planned, f.minutes, f.points"
        f" FROM ({facts_sql('classes')}) f JOIN people p ON p.id = f.person ORDER BY f.ends_on, f.activity, p.person"
    )
    for pk, name, title, ends_on, *figures in scope.rows(query)[1]:
        yield Trainee(pk, name, title, day_of(ends_on), *figures)


def _seats(scope: Scope) -> Iterator[Seats]:
    query = f"SELECT f.title, f.ends_on, f.seats, f.sent FROM ({facts_sql('seats')}) f ORDER BY f.ends_on, f.activity"
    for title, ends_on, seats, sent in scope.rows(query)[1]:
        yield Seats(title, day_of(ends_on), seats, sent)


def _entries(scope: Scope) -> Iterator[Entry]:
    query = (
        "SELECT p.person_id, f.name, f.kind, f.level, f.held_on, f.place"
        f" FROM ({facts_sql('contests')}) f JOIN people p ON p.id = f.person ORDER BY f.held_on, f.contest, p.person"
    )
    for pk, name, kind, level, held_on, place in scope.rows(query)[1]:
        yield Entry(pk, name, kind, level, day_of(held_on), place)


def _supplies(scope: Scope) -> dict[str, tuple[int, int]]:
    rows = scope.rows("SELECT s.item, s.planned, s.received FROM supplies s")[1]
    return {item: (planned, received) for item, planned, received in rows}


def _bulletins(scope: Scope) -> dict[str, int]:
    query = (
        "SELECT b.kind, COUNT(*) FROM bulletins b CROSS JOIN the_round r"
        " WHERE b.sent_on >= r.period_start AND b.sent_on <= r.period_end GROUP BY b.kind"
    )
    return dict(scope.rows(query)[1])
