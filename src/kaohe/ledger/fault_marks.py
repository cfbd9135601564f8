"""Where in a sheet each fault is marked, and what is said there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kaohe.fault import Fault
from kaohe.ledger.grids import MOST_ROWS, Grid

SURPLUS = -1
"""Stands for the cells beyond the header: what is at fault where a fault names a row but no column."""
_OF_HEADERS = frozenset({"column_missing", "column_twice"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said where: row of the sheet → column → sentences; row → all its sentences; and of the whole file."""

    cells: dict[int, dict[int, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    rows: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    whole: list[str] = field(default_factory=list)


def marks_of(faults: Iterable[Fault], sentence: Callable[[Fault], str], file: str, grid: Grid | None) -> Marks:
    """Say every fault once, at its place in the sheet; those of the header stand with the whole file's too."""
    marks = Marks()
    columns = _columns(grid.header) if grid else {}
    for fault in faults:
        row = fault.place.row
        if grid is None or row is None or fault.place.file != file or row + grid.shift > MOST_ROWS:
            marks.whole.append(sentence(fault))
            continue
        row = 1 if _is_header(fault, grid) else row + grid.shift
        said = sentence(replace(fault, place=replace(fault.place, row=row)))
        (marks.whole if row == 1 else marks.rows[row]).append(said)
        for column in _at(fault.place.column, columns)[: None if row == 1 else 1]:
            marks.cells[row][column].append(said)
    return marks


def _is_header(fault: Fault, grid: Grid) -> bool:
    """Row 1 is the header, except in Parquet, whose first record has that number too."""
    return fault.place.row == 1 and (grid.shift == 0 or fault.code in _OF_HEADERS)


def _columns(header: Sequence[str]) -> dict[str, list[int]]:
    """Return where each header stands, as written or else without the blanks at its ends."""
    exact, trimmed = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for at, written in enumerate(header):
        exact[written].append(at)
        trimmed[written.strip()].append(at)
    return trimmed | exact


def _at(column: str | None, columns: Mapping[str, Sequence[int]]) -> Sequence[int]:
    return [SURPLUS] if column is None else columns.get(column, ())
