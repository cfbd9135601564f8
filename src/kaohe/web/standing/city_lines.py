"""The progress of a round in words, as step lines, and as the figures behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe

from kaohe.documents.charts import Calendar, Day, Line, percent_of, step_lines
from kaohe.ledger.metrics import Window
from kaohe.web.lang.choice import say
from kaohe.web.lang.dates import day_text
from kaohe.web.rounds.models import Round
from kaohe.web.standing.city_progress import Month
from kaohe.web.training.figures import window

QUARTER = 3


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month: the percentage of the staff at each minimum by its end, and the hours recorded by then."""

    name: str
    self_study: int
    online: int
    hours: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The findings, their pictures, and the months."""

    reached: str
    reached_lines: SafeString
    recorded: str
    recorded_lines: SafeString
    months: tuple[MonthRow, ...]


def progress_shown(a_round: Round, months: Sequence[Month], headcount: int, today: date) -> Progress | None:
    """Return the progress of a round with so many staff; None where nothing is recorded yet."""
    if not months:
        return None
    rows = tuple(_rows(months, headcount, window(a_round)))
    ends = [_end(month, today) for month in months]
    reached, recorded = _reached(rows[-1], ends[-1]), _recorded(rows[-1], ends[-1])
    calendar = _calendar(a_round)
    shares = [
        Line(say(f"自学 {rows[-1].self_study}%", f"self {rows[-1].self_study}%"), "navy", _marks(ends, [row.self_study for row in rows])),
        Line(say(f"在线 {rows[-1].online}%", f"online {rows[-1].online}%"), "mid", _marks(ends, [row.online for row in rows])),
    ]  # fmt: skip
    hours = Line(f"{rows[-1].hours:,}", "navy", _marks(ends, [row.hours for row in rows]))
    return Progress(
        reached, _picture(step_lines(shares, calendar, whole=100, unit="%", label=reached)),
        recorded, _picture(step_lines([hours], calendar, whole=rounded_up(rows[-1].hours), label=recorded)), rows,
    )  # fmt: skip


def _rows(months: Sequence[Month], headcount: int, owed: Window) -> Iterator[MonthRow]:
    several = months[0].first.year != months[-1].last.year
    for month in months:
        year = say(f"{month.first.year} 年 ", "") if several else ""
        name = say(
            f"{year}{month.first.month} 月", f"{month.first:%b} {month.first.year}" if several else f"{month.first:%b}"
        )
        self_study = percent_of(month.self_study, headcount) if owed.self_study_minutes else 100
        online = percent_of(month.online, headcount) if owed.online_minutes else 100
        yield MonthRow(name, self_study, online, month.minutes // 60)


def _end(month: Month, today: date) -> date:
    """The day up to which a month is counted: its last, or today in a month that is not over."""
    return today if month.first <= today < month.last else month.last


def _marks(ends: Sequence[date], values: Sequence[int]) -> list[tuple[date, int]]:
    return list(zip(ends, values, strict=True))


def _reached(last: MonthRow, day: date) -> str:
    return say(
        f"到 {day_text(day)}，自学达标 {last.self_study}%，在线学习达标 {last.online}%",
        f"By {day_text(day)}, {last.self_study}% have the hours of self-study, {last.online}% those online",
    )


def _recorded(last: MonthRow, day: date) -> str:
    return say(
        f"到 {day_text(day)}，台账记下 {last.hours:,} 学时",
        f"By {day_text(day)} the ledger holds {last.hours:,} hours",
    )


def _calendar(a_round: Round) -> Calendar:
    """The period, longer where the due day lies behind it; every third month is named."""
    last = max(a_round.end, a_round.due)
    ticks, first = [Day(a_round.start, _month(a_round.start))], a_round.start.replace(day=1)
    while first <= last:
        if first > a_round.start and (first.month - a_round.start.month) % QUARTER == 0:
            ticks.append(Day(first, _month(first)))
        first = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    due = Day(a_round.due, say(f"截止 {day_text(a_round.due)}", f"due {day_text(a_round.due)}"))
    return Calendar(a_round.start, last, ticks, due)


def _month(day: date) -> str:
    return say(f"{day.month} 月", f"{day:%b}")


def rounded_up(number: int) -> int:
    """Return the next number that an axis can end with: 10, 20, 40, 50, 60, 80 and their tens.

    >>> [rounded_up(n) for n in (0, 7, 11, 41, 600, 604_767)]
    [10, 10, 20, 50, 600, 800000]
    """
    step = int("1" + "0" * max(len(str(number)) - 1, 1))
    return next(times * step for times in (1, 2, 4, 5, 6, 8, 10) if times * step >= number)


def _picture(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308 - the chart escapes what it is given
