"""A fault: what is wrong in something that a person wrote, where, and what would be right.

Faults are values, not crashes: a reader collects all of them and answers with the list. They carry
a code and plain values; the sentence, Chinese or English, is made at the doors (`documents.wording`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is.

    file: the file's name as the person knows it (`people.csv`); row: the row as a spreadsheet counts
    it (the header is row 1); column: the header as written in the file, or the English name where
    the file has none; path: a place inside a standard (`items[1].criteria[3].id`); line: its line.
    """

    file: str
    row: int | None = None
    column: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: a code of the catalogue, its place, the value found and what the sentence needs."""

    code: str
    place: Place
    found: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Faults:
    """The answer to bad input: the faults that are listed, and how many more each file has."""

    listed: tuple[Fault, ...]
    more: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return len(self.listed) + sum(count for _, count in self.more)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> "Faults":
        return cls(tuple(faults))


class BadInput(Exception):
    """Raised at a door's edge when input is refused; carries every fault found, never only the first."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(
            f"{len(faults)} fault{'s' if len(faults) != 1 else ''}: "
            + ", ".join(sorted({f.code for f in faults.listed}))
        )
        self.faults = faults
