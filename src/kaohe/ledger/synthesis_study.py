"""Who studied how much in the synthetic city: the weekly half days and the online courses of one unit.

Time is counted in tenths of a class hour. A minimum of 30 hours of self-study and 40 online (15 and
20 in the half year) splits the staff: nearly all of a good unit reach it, few of a poor one, and
some people stop at exactly 30.0 or 40.0, because that is what was asked.
"""

import math
from collections.abc import Sequence
from datetime import date

from kaohe.ledger.synthesis_chance import Chance
from kaohe.ledger.synthesis_city import Person

Row = tuple[str, ...]

HALF_DAY_HOURS = "3.0"
_WHOLE, _LEAVE, _ABSENT = 30, -1, -2
_SELF_STUDY_ASKED, _ONLINE_ASKED = 300, 400


def hours_of(tenths: int) -> str:
    """Return a number of tenths as hours with one decimal: 15 is 1.5."""
    return f"{tenths // 10}.{tenths % 10}"


_CELLS = {tenths: ("present", hours_of(tenths)) for tenths in range(_WHOLE)} | {
    _WHOLE: ("present", ""),
    _LEAVE: ("leave", ""),
    _ABSENT: ("absent", ""),
}
"""Status and hours of somebody at a half day; who stayed to the end has the planned hours, so an empty cell."""


def half_day_rows(
    chance: Chance, sessions: Sequence[tuple[str, date]], people: Sequence[Person], quality: float
) -> list[Row]:
    """Return the attendance of a unit's half days (activity, day), one after the other, people in their order."""
    by_session: list[list[Row]] = [[] for _ in sessions]
    first = min((day for _, day in sessions), default=date.max)
    for person in people:
        if person.idle and chance.happens(0.5):
            continue
        weeks = _weeks(chance, len(sessions), person, quality)
        always = person.in_post(first) and person.departed is None
        for rows, (activity, day), spent in zip(by_session, sessions, weeks, strict=True):
            if always or person.in_post(day):
                rows.append((activity, person.id, *_CELLS[spent]))
    return [row for rows in by_session for row in rows]


def _weeks(chance: Chance, count: int, person: Person, quality: float) -> list[int]:
    """What one person did in each session: tenths of an hour, or leave, or absence."""
    if person.idle:
        return [_LEAVE] * count
    there = 0.6 + 0.36 * quality
    excused = there + (1 - there) * (0.82 + 0.17 * quality)
    usual = (8.5 + 9 * quality) * math.exp((0.3 - 0.12 * quality) * person.zeal)
    choices = [min(_WHOLE, max(3, round(usual * factor))) for factor in (0.7, 0.9, 1.0, 1.0, 1.4)]
    draw = chance.share
    weeks = []
    for _ in range(count):
        drawn = draw()
        if drawn < there:
            weeks.append(choices[int(drawn / there * 5)])
        else:
            weeks.append(_LEAVE if drawn < excused else _ABSENT)
    if chance.happens(0.4):
        _stop_at(weeks, _SELF_STUDY_ASKED)
    return weeks


def _stop_at(weeks: list[int], asked: int) -> None:
    """Cut the last sessions of somebody who is at most a tenth above what is asked, down to exactly that."""
    spare = sum(spent for spent in weeks if spent > 0) - asked
    if not 0 < spare <= asked // 10:
        return
    for at in range(len(weeks) - 1, -1, -1):
        if weeks[at] > 0:
            cut = min(spare, weeks[at])
            weeks[at] -= cut
            spare -= cut


def online_hours(chance: Chance, person: Person, quality: float, year: int) -> tuple[int, int]:
    """Return the tenths of hours that the provincial export shows for a person in spring and in autumn."""
    total = round((310 + 215 * quality) * math.exp(0.14 * person.zeal + chance.around(0, 0.05)))
    spring = round(total * chance.between(0.46, 0.58))
    if chance.happens(0.3) and _ONLINE_ASKED < total < _ONLINE_ASKED * 11 // 10:
        total, spring = _ONLINE_ASKED, max(spring, _ONLINE_ASKED // 2)
    if not person.in_post(date(year, 4, 1)):
        return 0, total - spring
    return spring, total - spring if person.in_post(date(year, 11, 1)) else 0
