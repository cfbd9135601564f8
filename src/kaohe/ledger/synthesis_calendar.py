"""The year of the synthetic city: days off, the quiet weeks, and the weekly half days of a unit."""

from datetime import date, timedelta

from kaohe.ledger.synthesis_chance import Chance

_SPRING_FESTIVALS = {
    2005: "02-09", 2006: "01-29", 2007: "02-18", 2008: "02-07", 2009: "01-26", 2010: "02-14", 2011: "02-03",
    2012: "01-23", 2013: "02-10", 2014: "01-31", 2015: "02-19", 2016: "02-08", 2017: "01-28", 2018: "02-16",
    2019: "02-05", 2020: "01-25", 2021: "02-12", 2022: "02-01", 2023: "01-22", 2024: "02-10", 2025: "01-29",
    2026: "02-17", 2027: "02-06", 2028: "01-26", 2029: "02-13", 2030: "02-03",
}  # fmt: skip
"""New Year's Day of the lunar calendar. Another year takes 5 February: near enough for invented records."""

_DAYS_OFF = (("01-01", 3), ("04-04", 3), ("05-01", 3), ("10-01", 7))
_LAST_HALF_DAY = "12-24"


def day_of(year: int, month_and_day: str) -> date:
    """Return a day of the year from MM-DD."""
    return date.fromisoformat(f"{year:04d}-{month_and_day}")


def is_day_off(day: date) -> bool:
    """Say whether nobody trains on this day: a week-end, a holiday, the two weeks around Spring Festival."""
    festival = day_of(day.year, _SPRING_FESTIVALS.get(day.year, "02-05"))
    if day.weekday() >= 5 or -4 <= (day - festival).days <= 9:
        return True
    return any(0 <= (day - day_of(day.year, first)).days < length for first, length in _DAYS_OFF)


def workday(year: int, month_and_day: str) -> date:
    """Return that day of the year, or the next one on which people work."""
    day = day_of(year, month_and_day)
    while is_day_off(day):
        day += timedelta(days=1)
    return day


def monday(year: int, month_and_day: str) -> date:
    """Return that day of the year, or the next Monday on which people work."""
    day = workday(year, month_and_day)
    while day.weekday() or is_day_off(day):
        day += timedelta(days=1)
    return day


def half_days(year: int, chance: Chance, *, kept: float) -> tuple[date, ...]:
    """Return the days of a unit's weekly half days: Thursdays or Fridays, every second week in high summer.

    kept: the share of the possible weeks in which the unit really holds it.
    """
    weekday = 3 if chance.happens(0.4) else 4
    first = date(year, 1, 4)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    last, summer = day_of(year, _LAST_HALF_DAY), (day_of(year, "07-12"), day_of(year, "08-27"))
    days = []
    while day <= last:
        quiet = summer[0] <= day <= summer[1] and day.isocalendar().week % 2
        if not is_day_off(day) and not quiet and chance.happens(kept):
            days.append(day)
        day += timedelta(days=7)
    return tuple(days)
