"""A person's postings as plain values, and what they become when the last is said to be another: the law of postings.

`people.set_posting` writes it for one person, an import for thousands at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Stay:
    """A posting; `pk` is None where it is not written yet."""

    pk: int | None
    unit: int
    joined: date | None
    departed: date | None


def settled(past: Sequence[Stay], unit: int, joined: date | None, departed: date | None, on: date) -> list[Stay]:
    """Return the postings once the last is exactly this one.

    Another unit is a move: the former posting ends on `joined` (where that is empty, on `on`, the day of the change), if
    it did not end before. Who comes back after a departure begins anew. A posting that would end before it began never
    was, so that a corrected or a taken-back move leaves no trace.
    """
    stays, begins = list(past), joined or on
    while stays and stays[-1].unit != unit and _start(stays) >= begins:
        stays.pop()
    if stays and stays[-1].unit == unit and not _returns(stays[-1], joined):
        return _amended(stays, joined, departed)
    if stays and (stays[-1].departed is None or stays[-1].departed > begins):
        stays[-1] = replace(stays[-1], departed=begins)
    return [*stays, Stay(None, unit, joined, departed)]


def _amended(stays: list[Stay], joined: date | None, departed: date | None) -> list[Stay]:
    """Correct the dates of the last posting; the one before it ends where this begins, if it did before."""
    last, former = stays[-1], stays[-2] if len(stays) > 1 else None
    if (last.joined, last.departed) == (joined, departed):
        return stays
    if former and joined and former.departed and (former.departed == last.joined or former.departed > joined):
        stays[-2] = replace(former, departed=max(joined, former.joined or joined))
    stays[-1] = replace(last, joined=joined, departed=departed)
    return stays


def _start(stays: list[Stay]) -> date:
    """The first day of the last of some postings, as far as it is known."""
    former = stays[-2].departed if len(stays) > 1 else None
    return stays[-1].joined or former or date.min


def _returns(last: Stay, joined: date | None) -> bool:
    return last.departed is not None and joined is not None and joined > last.departed
