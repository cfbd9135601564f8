"""A file's cells as they stand, whatever table it may be, with nothing judged: what a marked copy is made from."""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kaohe.ledger import delimited
from kaohe.ledger.sheet_writing import display_width
from kaohe.ledger.sources import PARQUET, parquet_text, read_workbooks, spilled

MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 1_048_576, 16_384, 32_767
"""What a sheet of Excel holds."""
_MEASURED_ROWS = 200
_AT_ONCE = 10_000
_NAME = "grid"


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a file, spilled: its header, and how far and how wide it goes.

    shift: how many rows lower a record stands in a sheet than its faults say (in Parquet, which has no
    header row, one; otherwise none); widths: of each column, in Latin characters; whole: whether a
    sheet can hold every row and column; dropped: the columns of the file that are left out.
    """

    path: Path
    header: tuple[str, ...]
    shift: int
    widths: tuple[int, ...]
    whole: bool
    dropped: frozenset[int]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that a sheet can hold: the row in the sheet and its cells, those without any left out."""
        for row, cells in _spill_rows(self.path, self.dropped):
            if row <= MOST_ROWS:
                yield row, cells[: MOST_COLUMNS - 1]


def grid_of(source: Path, aside: Path, *, without: Collection[str] = ()) -> Grid | None:
    """Spill a file's cells into the folder `aside`; None where it cannot be read as rows and cells at all.

    without: the headers of columns to leave out.
    """
    readers = {".xlsx": _from_workbook, ".parquet": _from_parquet}
    try:
        header = readers.get(source.suffix.lower(), _from_csv)(source, aside)
        shift = 1 if source.suffix.lower() == ".parquet" else 0
        dropped = frozenset(at for at, written in enumerate(header) if written.strip() in without)
        return _measured(spilled(aside, _NAME), header, shift, dropped) if any(header) else None
    except (delimited.Refused, duckdb.Error, csv.Error):
        return None


def _from_csv(source: Path, aside: Path) -> Sequence[str]:
    records = delimited.records(source, delimited.look(source).encoding)
    _, header = next(records, (1, []))
    _write(aside, ((row, cells) for row, cells in records if any(cells)))
    return header


def _from_workbook(source: Path, aside: Path) -> Sequence[str]:
    report = read_workbooks({_NAME: source}, aside)[_NAME]
    return () if "fault" in report else report["header"]


def _from_parquet(source: Path, aside: Path) -> Sequence[str]:
    """Write out the records as text, numbered as they will stand below a header."""
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as engine:
        engine.execute("SET enable_progress_bar = false")
        described = engine.execute("DESCRIBE SELECT * FROM read_parquet(?, binary_as_string=true)", [str(source)])
        kinds = {str(name): str(kind) for name, kind, *_ in described.fetchall()}
        # one character more than a sheet holds, so that what is cut shows
        cells = ", ".join(f"left({parquet_text(name, kind)}, {MOST_TEXT + 1})" for name, kind in kinds.items())
        engine.execute(f"SELECT file_row_number + 2, {cells} FROM read_parquet(?, {PARQUET})", [str(source)])
        _write(aside, _fetched(engine))
    return list(kinds)


def _fetched(engine: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, list[str]]]:
    while rows := engine.fetchmany(_AT_ONCE):
        for row, *cells in rows:
            yield row, [cell or "" for cell in cells]


def _write(aside: Path, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    with spilled(aside, _NAME).open("w", encoding="utf-8", newline="") as stream:
        delimited.plain_writer(stream).writerows([row, *cells] for row, cells in rows)


def _spill_rows(path: Path, dropped: frozenset[int]) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row, *cells in csv.reader(stream):
            yield int(row), _kept(cells, dropped)


def _kept(cells: Sequence[str], dropped: frozenset[int]) -> list[str]:
    return [cell for at, cell in enumerate(cells) if at not in dropped]


def _measured(path: Path, written: Sequence[str], shift: int, dropped: frozenset[int]) -> Grid:
    """Go through the rows once: the widest decides where what is added may stand."""
    header = _kept(written, dropped)
    widths = [display_width(text) for text in header]
    last = 0
    for at, (row, cells) in enumerate(_spill_rows(path, dropped)):
        last = row
        widths += [0] * (len(cells) - len(widths))
        if at < _MEASURED_ROWS:
            for column, text in enumerate(cells):
                widths[column] = max(widths[column], display_width(text[:100]))
    whole = last <= MOST_ROWS and len(widths) < MOST_COLUMNS
    return Grid(path, tuple(header[: MOST_COLUMNS - 1]), shift, tuple(widths[: MOST_COLUMNS - 1]), whole, dropped)
