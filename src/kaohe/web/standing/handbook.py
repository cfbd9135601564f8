"""A person's handbook (训练手册): what the ledger has of one person in a round, all stays together, and what is owed.

Facts alone: nothing here adds up a person's points or grades anybody (decision 15 of the standard).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kaohe.documents.record import Appraised, Attended, Entry, Hours, Record, Stay
from kaohe.standard.model import Standard
from kaohe.web.organisation.models import Person, Posting
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.standards.queries import standard_of
from kaohe.web.training.figures import period_of, records_of, window
from kaohe.web.training.scope import Scope, day_of

Lacking = Literal["self_study", "online", "training", "test"]

_STAYS = """
SELECT p.number,
       CASE WHEN (p.joined IS NULL OR p.joined <= r.period_end)
             AND (p.departed IS NULL OR p.departed > r.period_end) THEN 1 ELSE 0 END AS is_staff
FROM people p CROSS JOIN the_round r WHERE p.person_id = %s"""
_ATTENDED = """
SELECT p.number, a.id, a.unit, a.form, a.title, a.starts_on, a.ends_on, a.minutes, t.status, t.minutes
FROM people p JOIN attendance t ON t.person = p.id JOIN activities a ON a.id = t.activity CROSS JOIN the_round r
WHERE p.person_id = %s AND a.ends_on >= r.period_start AND a.ends_on <= r.period_end
ORDER BY a.ends_on, a.starts_on, a.id"""
_CONTESTS = """
SELECT p.number, c.contest, c.kind, c.level, c.held_on, c.place
FROM people p JOIN contests c ON c.person = p.id CROSS JOIN the_round r
WHERE p.person_id = %s AND c.held_on >= r.period_start AND c.held_on <= r.period_end
ORDER BY c.held_on, c.contest"""
_TESTS = """
SELECT p.number, e.tested_on, e.result
FROM people p JOIN appraisals e ON e.person = p.id CROSS JOIN the_round r
WHERE p.person_id = %s AND e.tested_on >= r.period_start AND e.tested_on <= r.period_end
ORDER BY e.tested_on, e.result"""
"""What belongs to a round, and who is staff, is as in `metrics.sql`, which a test holds."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What the round asks of a person, and what is done; time in minutes.

    is_staff: whether a unit's rates count the person; whoever is gone by the end of the period owes nothing more.
    self_here, online_here: of whoever moved, the minutes at the present unit, whose rates count no others.
    took_part: whether there was any activity at which the person was present; asks_training, asks_test: whether the
    standard counts who took part in anything, and who was tested.
    """

    is_staff: bool
    self_minutes: int
    self_here: int
    self_wanted: int
    online_minutes: int
    online_here: int
    online_wanted: int
    took_part: bool
    tests: int
    asks_training: bool
    asks_test: bool

    @property
    def self_lacking(self) -> int:
        """The minutes of self-study that are still owed."""
        return Hours("half_day", self.self_minutes, self.self_wanted).lacking if self.is_staff else 0

    @property
    def online_lacking(self) -> int:
        """The minutes of online study that are still owed."""
        return Hours("online", self.online_minutes, self.online_wanted).lacking if self.is_staff else 0

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        """What is still missing, in the order of the standard."""
        if not self.is_staff:
            return ()
        missing: tuple[tuple[Lacking, bool], ...] = (
            ("self_study", self.self_lacking > 0),
            ("online", self.online_lacking > 0),
            ("training", self.asks_training and not self.took_part),
            ("test", self.asks_test and self.tests == 0),
        )
        return tuple(what for what, is_missing in missing if is_missing)


def owed_by(a_round: Round, person: Person) -> Owed:
    """Return what a round asks of a person and what is done, in a fixed number of queries."""
    return owed_of(record_of(a_round, person), standard_of(a_round.standard).standard)


def owed_of(record: Record, standard: Standard) -> Owed:
    """Return what a standard asks of a person, and what is done by the record."""
    metrics = {one.measured_rule.metric for one in standard.criteria if one.measured_rule}
    here = record.staff.number if record.staff else None
    return Owed(
        is_staff=record.staff is not None,
        self_minutes=record.hours("half_day").done,
        self_here=record.hours("half_day", here).done,
        self_wanted=record.self_wanted,
        online_minutes=record.hours("online").done,
        online_here=record.hours("online", here).done,
        online_wanted=record.online_wanted,
        took_part=any(one.status == "present" for one in record.attended),
        tests=len(record.tests),
        asks_training="participation_rate" in metrics,
        asks_test="appraisal_rate" in metrics,
    )


def record_of(a_round: Round, person: Person) -> Record:
    """Return what the ledger has of a person in a round, in a fixed number of queries."""
    postings = tuple(person.postings.order_by("pk").select_related("unit"))
    theirs = RoundUnit.objects.filter(round=a_round, unit__in=[posting.unit_id for posting in postings])
    units = {pk: (code, name) for pk, code, name in theirs.order_by().values_list("unit", "code", "name")}
    scope, asked = records_of(a_round, [code for code, _ in units.values()]), window(a_round)
    staff = {int(number): bool(is_staff) for number, is_staff in _rows(scope, _STAYS, person)}
    return Record(
        name=person.name,
        code=person.code,
        post=person.post,
        period=period_of(a_round),
        due=a_round.due,
        self_wanted=asked.self_study_minutes,
        online_wanted=asked.online_minutes,
        stays=tuple(_stays(postings, units, staff)),
        attended=tuple(_attended(scope, person)),
        contests=tuple(
            Entry(int(number), contest, kind, level, day_of(held), place or "")
            for number, contest, kind, level, held, place in _rows(scope, _CONTESTS, person)
        ),
        tests=tuple(
            Appraised(int(number), day_of(tested), result) for number, tested, result in _rows(scope, _TESTS, person)
        ),
    )


def _rows(scope: Scope, query: str, person: Person) -> list[tuple[Any, ...]]:
    return scope.rows(query, [person.pk])[1]


def _stays(
    postings: Iterable[Posting], units: Mapping[int, tuple[str, str]], staff: Mapping[int, bool]
) -> Iterator[Stay]:
    """Every posting as a stay, under the number that the scope gives it; units as they were when the round opened."""
    ended: date | None = None
    for number, one in enumerate(postings, 1):
        code, name = units.get(one.unit_id, (one.unit.code, one.unit.name))
        joined, ended = one.joined or ended, one.departed
        yield Stay(number, code, name, joined, ended, number in staff, staff.get(number, False))


def _attended(scope: Scope, person: Person) -> Iterator[Attended]:
    for number, code, unit, form, title, starts, ends, planned, status, spent in _rows(scope, _ATTENDED, person):
        minutes = None if spent is None else int(spent)
        yield Attended(
            int(number), code, unit or "", form, title, day_of(starts), day_of(ends), int(planned), status, minutes
        )  # fmt: skip
