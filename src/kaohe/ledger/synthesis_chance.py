"""Chance from a seed: the same text gives the same draws on every machine and in every version of Python.

Not Python's `random`, whose `sample`, `choices` and `gauss` may change between versions, and which
the rooms do not import: the digits come from SHAKE-256 over the seed and a counter.
"""

import hashlib
import struct
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

T = TypeVar("T")

_BLOCK = 1024
_UNPACK = struct.Struct(f"<{_BLOCK}Q").unpack
_SCALE = 2.0**-53
_DRAWS = 12


class Chance:
    """A stream of draws. Two streams of different seeds have nothing to do with one another."""

    __slots__ = ("_blocks", "_left", "_seed")

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._blocks = 0
        self._left: list[float] = []

    def share(self) -> float:
        """Return a number from 0 (included) to 1 (excluded)."""
        if not self._left:
            self._refill()
        return self._left.pop()

    def happens(self, likely: float) -> bool:
        """Say yes with this likelihood."""
        return self.share() < likely

    def between(self, low: float, high: float) -> float:
        """Return a number between the two, all equally likely."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.share() * (high - low + 1))

    def around(self, middle: float, spread: float) -> float:
        """Return a number around the middle: nearly normal (the sum of twelve draws), with this standard deviation."""
        if len(self._left) < _DRAWS:
            self._refill()
        total = sum(self._left[-_DRAWS:])
        del self._left[-_DRAWS:]
        return middle + spread * (total - _DRAWS / 2)

    def choice(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[int(self.share() * len(items))]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return that many different items, at most all of them, in the order of drawing."""
        left = list(items)
        return [left.pop(int(self.share() * len(left))) for _ in range(min(count, len(left)))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Put the items into another order."""
        for at in range(len(items) - 1, 0, -1):
            other = self.whole(0, at)
            items[at], items[other] = items[other], items[at]

    def _refill(self) -> None:
        """Draw the next block; what is left of the last one is dropped."""
        digits = hashlib.shake_256(f"{self._seed}\n{self._blocks}".encode()).digest(8 * _BLOCK)
        self._blocks += 1
        self._left = [(word >> 11) * _SCALE for word in _UNPACK(digits)]
