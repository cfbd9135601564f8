"""What the ledger knows of one person in a round, as values: facts alone, never a total or a grade (decision 15)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kaohe.assessment.result import Round

Form = Literal["lecture", "half_day", "online", "class"]
Result = Literal["attended", "left", "leave", "absent"]
"""What the rule of attendance finds: there, leave over a tenth of the time, leave instead of attending, no leave."""

POINTS: dict[Result, int] = {"attended": 5, "left": 4, "leave": 4, "absent": 0}
OWED: tuple[Form, ...] = ("half_day", "online")
"""The forms of which a standard asks a minimum."""
MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch at a unit; `departed` is the first day away.

    number: its place among the person's stretches, by which records name it; counted: whether the round assesses the
    unit; staff: whether the unit's rates count the person, who is there at the end of the period.
    """

    number: int
    code: str
    unit: str
    joined: date | None
    departed: date | None
    counted: bool
    staff: bool


@dataclass(frozen=True, slots=True)
class Attended:
    """An activity and how the person attended it; time in minutes.

    stay: the stretch in which it fell; unit: whose activity it is, empty where the authority runs it; spent: the time
    as it was recorded, None where it was left empty.
    """

    stay: int
    activity: str
    unit: str
    form: Form
    title: str
    starts_on: date
    ends_on: date
    planned: int
    status: str
    spent: int | None

    @property
    def there(self) -> int:
        """The time attended: left empty, it is the planned time of whoever was present, and none of anybody else."""
        if self.spent is not None:
            return self.spent
        return self.planned if self.status == "present" else 0

    @property
    def counts(self) -> int:
        """The time that counts towards a minimum: that of whoever was present."""
        return self.there if self.status == "present" else 0

    @property
    def result(self) -> Result:
        """What the rule of attendance at classes finds, as `metrics.sql` has it; exactly a tenth of leave is none.

        >>> day = date(2010, 6, 11)
        >>> def result(status, spent): return Attended(1, "T1", "", "class", "", day, day, 600, status, spent).result
        >>> [result("present", None), result("present", 540), result("present", 539), result("leave", 539)]
        ['attended', 'attended', 'left', 'left']
        >>> [result("leave", None), result("leave", 0), result("leave", 600), result("absent", None)]
        ['leave', 'leave', 'attended', 'absent']
        """
        if self.status == "absent":
            return "absent"
        if self.status == "leave" and not self.spent:
            return "leave"
        missed = 0 if self.spent is None else self.planned - self.spent
        return "left" if missed * 10 > self.planned else "attended"

    @property
    def points(self) -> int:
        """The points that the unit has for it: 5, 4 or 0."""
        return POINTS[self.result]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in a contest; `place` is empty where there was no placing."""

    stay: int
    contest: str
    kind: str
    level: str
    held_on: date
    place: str


@dataclass(frozen=True, slots=True)
class Appraised:
    """A test and its result, as it was recorded."""

    stay: int
    tested_on: date
    result: str


@dataclass(frozen=True, slots=True)
class Hours:
    """The minutes of one form: done, and the minimum (0: none is asked)."""

    form: Form
    done: int
    wanted: int

    @property
    def lacking(self) -> int:
        """The minutes that are still owed."""
        return max(self.wanted - self.done, 0)


@dataclass(frozen=True, slots=True)
class Month:
    """The minutes of a month by form; a form is missing from `done` where nothing is recorded."""

    first: date
    done: dict[Form, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A person's record in a round: all stays together, the records in the order of their days.

    period: the round; due: the day on which the units report; minimums in minutes.
    """

    name: str
    code: str
    post: str
    period: Round
    due: date
    self_wanted: int
    online_wanted: int
    stays: tuple[Stay, ...]
    attended: tuple[Attended, ...]
    contests: tuple[Entry, ...]
    tests: tuple[Appraised, ...]

    @property
    def moved(self) -> bool:
        """Whether the records belong to more than one stay."""
        return sum(stay.counted for stay in self.stays) > 1

    @property
    def last(self) -> Stay | None:
        """The last stay."""
        return self.stays[-1] if self.stays else None

    @property
    def staff(self) -> Stay | None:
        """The stay in which the person is counted by the unit's rates; None of whoever is not there at the end."""
        return next((stay for stay in self.stays if stay.staff), None)

    def of(self, *forms: Form) -> tuple[Attended, ...]:
        """Return the activities of some forms."""
        return tuple(one for one in self.attended if one.form in forms)

    def hours(self, form: Form, stay: int | None = None) -> Hours:
        """Return what is done of a form, in one stay or in all, and the minimum of the round."""
        wanted = {"half_day": self.self_wanted, "online": self.online_wanted}.get(form, 0)
        counted = (one.counts for one in self.of(form) if stay in (None, one.stay))
        return Hours(form, sum(counted), wanted)

    def unit_of(self, stay: int) -> str:
        """Return the name of the unit of a stay."""
        return next((one.unit for one in self.stays if one.number == stay), "")

    def months(self) -> tuple[Month, ...]:
        """Return the months of the period with the minutes of each form; none where they are too many for a table."""
        firsts = tuple(_firsts(self.period))
        if len(firsts) > MOST_MONTHS:
            return ()
        return tuple(
            Month(first, _sums(one for one in self.attended if _first(one.ends_on) == first)) for first in firsts
        )


def _sums(attended: Iterable[Attended]) -> dict[Form, int]:
    sums: dict[Form, int] = {}
    for one in attended:
        sums[one.form] = sums.get(one.form, 0) + one.counts
    return sums


def _first(day: date) -> date:
    return day.replace(day=1)


def _firsts(period: Round) -> Iterator[date]:
    year, month = period.start.year, period.start.month
    while (year, month) <= (period.end.year, period.end.month):
        yield date(year, month, 1)
        year, month = (year, month + 1) if month < MOST_MONTHS else (year + 1, 1)
