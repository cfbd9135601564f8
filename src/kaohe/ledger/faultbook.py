"""Faults as they are found: the first hundred a file are listed, the rest are counted."""

from collections import defaultdict
from collections.abc import Sequence
from threading import Lock

from kaohe.fault import Fault, Faults, Place
from kaohe.ledger.tables import TABLES, Table

LISTED = 100
LOST = ("error_cell", "formula_unreckoned")
"""The faults of cells that hold something and read as empty."""


class FaultBook:
    """Collects faults file by file, in the order of tables and rows, from several readers at once.

    A lost cell is one fault, not also an empty cell.
    """

    def __init__(self, tables: Sequence[Table] = TABLES) -> None:
        self._order = [table.name for table in tables]
        self._listed: dict[str, list[Fault]] = defaultdict(list)
        self._counts: dict[str, int] = defaultdict(int)
        self._errors: set[Place] = set()
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Note one fault."""
        self.add_some([fault], 1)

    def add_some(self, faults: Sequence[Fault], count: int) -> None:
        """Note faults of one file, of which there are `count` in all: those given are the first by row."""
        with self._lock:
            new = [fault for fault in faults if fault.place not in self._errors]
            for fault in new:
                self._listed[fault.place.file].append(fault)
                if fault.code in LOST:
                    self._errors.add(fault.place)
            if faults:
                self._counts[faults[0].place.file] += count - (len(faults) - len(new))

    def has(self, file: str) -> bool:
        """Whether anything is wrong in a file so far."""
        return self._counts[file] > 0

    def __bool__(self) -> bool:
        return any(self._counts.values())

    def faults(self) -> Faults:
        """Return what was found: per file the first by row, then how many more there are."""
        listed: list[Fault] = []
        more: list[tuple[str, int]] = []
        for file, faults in sorted(self._listed.items(), key=lambda item: self._turn(item[0])):
            first = sorted(faults, key=lambda fault: fault.place.row or 0)[:LISTED]
            listed += first
            if self._counts[file] > len(first):
                more.append((file, self._counts[file] - len(first)))
        return Faults(tuple(listed), tuple(more))

    def _turn(self, file: str) -> tuple[int, str]:
        """Files come in the order of their tables, any other name first."""
        stem = file.rpartition(".")[0].lower()
        return (self._order.index(stem) + 1 if stem in self._order else 0), file
