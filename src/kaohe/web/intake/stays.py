"""A person's postings as plain values, and what they become: the law of `organisation.people`, for thousands at once.

`set_posting` is the law for one person; a test holds this to it on every history that it can think of.
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
    """Return the postings once the last is exactly this one, as `set_posting` would leave them."""
    stays, begins = list(past), joined or on
    while stays and stays[-1].unit != unit and _start(stays) >= begins:
        stays.pop()
    if stays and stays[-1].unit == unit and not _returns(stays[-1], joined):
        return _amended(stays, joined, departed)
    if stays and (stays[-1].departed is None or stays[-1].departed > begins):
        stays[-1] = replace(stays[-1], departed=begins)
    return [*stays, Stay(None, unit, joined, departed)]


def _amended(stays: list[Stay], joined: date | None, departed: date | None) -> list[Stay]:
    last, former = stays[-1], stays[-2] if len(stays) > 1 else None
    if (last.joined, last.departed) == (joined, departed):
        return stays
    if former and joined and former.departed and (former.departed == last.joined or former.departed > joined):
        stays[-2] = replace(former, departed=max(joined, former.joined or joined))
    stays[-1] = replace(last, joined=joined, departed=departed)
    return stays


def _start(stays: list[Stay]) -> date:
    former = stays[-2].departed if len(stays) > 1 else None
    return stays[-1].joined or former or date.min


def _returns(last: Stay, joined: date | None) -> bool:
    return last.departed is not None and joined is not None and joined > last.departed
