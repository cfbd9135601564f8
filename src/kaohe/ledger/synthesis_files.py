"""The synthetic city's files: rows come in as text, in pieces, and go out as CSV, XLSX or Parquet.

Each format is a context manager around a folder: `write(table, rows)` while it is open; when it
closes, the files stand. Columns, order and Chinese headers all come from `tables.py`.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from kaohe.ledger.sheet_writing import CellWriter, cell_writer
from kaohe.ledger.synthesis_city import GROUP_TITLES
from kaohe.ledger.tables import TABLES, Kind, Table

Form = Literal["csv", "xlsx", "parquet"]
ROW_GROUP = 122_880
ROWS_OF_A_SHEET = 1_048_576

_SQL_TYPES: Mapping[Kind, str] = {
    "day": "DATE", "hours": "DECIMAL(6,1)", "points": "DECIMAL(6,2)", "whole": "INTEGER",
}  # fmt: skip
_WIDTHS: Mapping[Kind, int] = {"name": 30, "text": 34, "day": 12, "key": 14}


class LedgerFiles(Protocol):
    """A folder of ledger files that is being written."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def write(self, table: str, rows: Iterable[tuple[str, ...]]) -> None:
        """Append rows to a table: text in the order of its columns, an empty text for an empty cell."""


class _Files:
    """What the formats share: everything that was opened is closed, in whatever way it ends."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder = folder
        self.scratch = scratch
        self.opened = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.opened.close()


class CsvFiles(_Files):
    """UTF-8 without a byte-order mark, English headers, line feeds."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        super().__init__(folder, scratch)
        self.writers = {table.name: self._open(table) for table in TABLES}

    def _open(self, table: Table) -> Any:
        file = self.opened.enter_context(self.path(table).open("w", encoding="utf-8", newline=""))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        return writer

    def path(self, table: Table) -> Path:
        """Return where a table's CSV is written."""
        return self.folder / f"{table.name}.csv"

    def write(self, table: str, rows: Iterable[tuple[str, ...]]) -> None:
        """Append rows to a table."""
        self.writers[table].writerows(rows)


class ParquetFiles(CsvFiles):
    """Typed Parquet, rows in the order in which they came: spilled as CSV first, then copied by DuckDB."""

    def path(self, table: Table) -> Path:
        """Return where a table is spilled."""
        return self.scratch / f"{table.name}.csv"

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        super().__exit__(kind, error, at)
        if error is None:
            self._copy()

    def _copy(self) -> None:
        import duckdb  # noqa: PLC0415 - slow import, and only Parquet needs it

        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "1GB",
            "temp_directory": str(self.scratch),
            "preserve_insertion_order": "true",
        }
        with duckdb.connect(config=settings) as base:
            for table in TABLES:
                types = ", ".join(f"'{c.name}': '{_SQL_TYPES.get(c.kind, 'VARCHAR')}'" for c in table.columns)
                base.execute(
                    f"COPY (FROM read_csv({_quoted(self.path(table))}, header = true, auto_detect = false, "
                    f"delim = ',', quote = '\"', escape = '\"', nullstr = '', columns = {{{types}}})) "
                    f"TO {_quoted(self.folder / f'{table.name}.parquet')} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})"
                )
                self.path(table).unlink()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


class XlsxFiles(_Files):
    """One workbook a table: Chinese headers and choices, true dates and numbers, keys as text."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        super().__init__(folder, scratch)
        self.cells = {table.name: self._open(table) for table in TABLES}
        self.rows = dict.fromkeys(self.cells, 0)

    def _open(self, table: Table) -> tuple[CellWriter, ...]:
        import xlsxwriter  # slow import

        path = str(self.folder / f"{table.name}.xlsx")
        book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(self.scratch)})
        book.set_properties({"created": datetime(2010, 1, 1, tzinfo=UTC)})  # the same bytes from the same seed
        self.opened.callback(book.close)
        sheet = book.add_worksheet(table.title)
        sheet.freeze_panes(1, 0)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, _WIDTHS.get(column.kind, 12), day if column.kind == "day" else None)
            sheet.write_string(0, at, column.header, bold)
        return tuple(cell_writer(sheet, column, day, GROUP_TITLES) for column in table.columns)

    def write(self, table: str, rows: Iterable[tuple[str, ...]]) -> None:
        """Append rows to a table; empty cells are left out."""
        cells = self.cells[table]
        at = self.rows[table]
        for row in rows:
            at += 1
            for column, (write, value) in enumerate(zip(cells, row, strict=True)):
                if value:
                    write(at, column, value)
        self.rows[table] = at
        if at >= ROWS_OF_A_SHEET:
            raise ValueError(f"{table}: more rows than a sheet holds")


FORMATS: Mapping[Form, Callable[[Path, Path], LedgerFiles]] = {
    "csv": CsvFiles, "xlsx": XlsxFiles, "parquet": ParquetFiles,
}  # fmt: skip
