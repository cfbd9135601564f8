"""A city folder's files, each brought into the engine as raw text: row number and cells, nothing judged.

For a table `people` the raw relation is `raw_people(n, id, name, …)`: `n` is the row as a spreadsheet
counts it (the header is row 1; in Parquet, which has none, the first record is 1), every cell is text,
an empty cell is NULL, a column that the file lacks is NULL throughout, and rows without any cell are gone.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from kaohe.fault import Fault, Place
from kaohe.ledger import delimited
from kaohe.ledger.cells import blank_sql, normal
from kaohe.ledger.faultbook import FaultBook
from kaohe.ledger.spreadsheets import Report
from kaohe.ledger.tables import EXTENSIONS, Column, Form, Table

STREAMED_FROM = 1_000_000
"""Parquet attendance of so many records or more is never copied: checks and metrics stream from the file."""

PARQUET = "file_row_number=true, binary_as_string=true"
"""How Parquet is read: with the number of each record, and text as text where its writer left out to say so."""
WORKBOOK_SECONDS = 600
NUMERIC = (
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INTEGER",
    "BIGINT",
    "SMALLINT",
    "TINYINT",
    "UINTEGER",
    "USMALLINT",
    "UTINYINT",
)
"""The Parquet types of hours that are reckoned with as numbers."""
SHORT_DECIMAL = re.compile(r"DECIMAL\((\d|1[0-6]),\d+\)")
"""Sixty times such hours still fit the 18 digits that the engine reckons with quickly."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that holds a table, and how its columns are written in it (English name → header as written)."""

    table: Table
    path: Path
    headers: Mapping[str, str] = field(default_factory=dict)
    streamed: bool = False
    numeric_hours: bool = False
    decimal_hours: bool = False

    @property
    def file(self) -> str:
        """The file's name, as faults cite it."""
        return self.path.name

    def place(self, row: int | None, column: str | None = None) -> Place:
        """Return a place in this file, the column by the header that the person wrote."""
        return Place(self.file, row, self.headers.get(column, column) if column else None)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling that is not a fault: an ignored column or file."""

    code: str
    place: Place


def find(folder: Path, form: Form, book: FaultBook, notes: list[Note]) -> dict[str, Path]:
    """Find the file of each table; two files for one table, or a required table without one, are faults."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        stem, _, extension = path.name.rpartition(".")
        if not path.is_file() or path.name.startswith(("~$", ".")):
            continue
        if extension.lower() not in EXTENSIONS:
            if form.has(stem.lower()):
                notes.append(Note("format_ignored", Place(path.name)))
            continue
        if form.has(stem.lower()):
            found.setdefault(stem.lower(), []).append(path)
        else:
            notes.append(Note("file_ignored", Place(path.name)))
    for name, paths in found.items():
        if len(paths) > 1:
            files = "、".join(path.name for path in paths)
            book.add(Fault("file_twice", Place(paths[1].name), files, {"table": name}))
    for table in form.tables:
        if table.required and table.name not in found:
            book.add(Fault("table_missing", Place(f"{table.name}.csv"), None, {"title": table.title}))
    return {name: paths[0] for name, paths in found.items() if len(paths) == 1}


def read_workbooks(paths: Mapping[str, Path], aside: Path) -> dict[str, Report]:
    """Read the workbooks among a folder's files, all in one process of their own; see `spreadsheets`."""
    workbooks = {name: path for name, path in paths.items() if path.suffix.lower() == ".xlsx"}
    if not workbooks:
        return {}
    pairs = [[str(path), str(spilled(aside, name))] for name, path in workbooks.items()]
    command = [sys.executable, "-m", "kaohe.ledger.spreadsheets"]
    try:
        done = subprocess.run(
            command, input=json.dumps(pairs).encode(), capture_output=True, timeout=WORKBOOK_SECONDS, check=True
        )
        return dict(zip(workbooks, json.loads(done.stdout), strict=True))
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        # the process died: one by one, to find which workbook killed it, so that it can be named
        if len(workbooks) == 1:
            return {name: {"fault": "workbook_too_large"} for name in workbooks}
        return {name: read_workbooks({name: path}, aside)[name] for name, path in workbooks.items()}


def spilled(aside: Path, table: str) -> Path:
    """Name the file in which a table's cells stand plainly for the engine."""
    return aside / f"{table}.spill.csv"


class Loader:
    """Brings files into one engine; keeps what it must write aside in one temporary folder."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, aside: Path, book: FaultBook, notes: list[Note]) -> None:
        self._connection, self._aside, self._book, self._notes = connection, aside, book, notes

    def load(self, table: Table, path: Path, report: Report | None) -> Source | None:
        """Bring a table's file in as `raw_<table>`; one refused as a whole is noted in the book, and None answered.

        `report` is what `read_workbooks` found, for a workbook.
        """
        source = Source(table, path)
        try:
            if report is not None:
                return self._from_workbook(source, report)
            return self._from_parquet(source) if path.suffix.lower() == ".parquet" else self._from_csv(source)
        except delimited.Refused as refusal:
            self._book.add(Fault(refusal.code, source.place(refusal.row)))
            return None

    # --- CSV

    def _from_csv(self, source: Source) -> Source | None:
        path, found = source.path, delimited.look(source.path)
        if found.encoding != "utf-8":
            path = self._aside / f"{source.table.name}.utf8.csv"
            delimited.transcode(source.path, found.encoding, path)
        header = delimited.header_of(path)
        matched = self._matched(source, header)
        if matched is None:
            return None
        if not (found.simple and self._load_simple(matched, path, header)):
            self._load_spilled(matched, path, header)
        return matched

    def _load_simple(self, source: Source, path: Path, header: Sequence[str]) -> bool:
        """Let the engine split a plain file; False where a row has more or fewer cells than the header."""
        names = {f"c{index}": "VARCHAR" for index in range(len(header))}
        try:
            self._make_raw(
                source, header, "row_number() OVER () + 1",
                "read_csv(?, auto_detect=false, header=false, skip=1, delim=',', quote='', escape='', nullstr='', columns=?)",
                [str(path), names],
            )  # fmt: skip
        except duckdb.InvalidInputException:
            return False
        return True

    def _load_spilled(self, source: Source, path: Path, header: Sequence[str]) -> None:
        target = spilled(self._aside, source.table.name)
        wide = delimited.spill(path, target)
        faults = [Fault("row_too_wide", source.place(row), cell) for row, cell in wide]
        self._book.add_some(faults, len(faults))
        self._load_spill(source, target, header)

    def _load_spill(self, source: Source, path: Path, header: Sequence[str]) -> None:
        names = {"n": "BIGINT"} | {f"c{index}": "VARCHAR" for index in range(len(header))}
        self._make_raw(
            source, header, "n",
            f"read_csv(?, {delimited.PLAIN}, columns=?)",
            [str(path), names],
        )  # fmt: skip

    # --- XLSX

    def _from_workbook(self, source: Source, report: Report) -> Source | None:
        if "fault" in report:
            raise delimited.Refused(report["fault"], 1 if report["fault"] == "header_not_first" else None)
        header = report["header"]
        matched = self._matched(source, header)
        if matched is None:
            return None
        errors = [Fault("error_cell", place) for place in _places(matched, header, report["errors"])]
        self._book.add_some(errors, len(errors))
        lost = [Fault("formula_unreckoned", place) for place in _places(matched, header, report["unreckoned"])]
        self._book.add_some(lost, len(lost))
        self._load_spill(matched, spilled(self._aside, source.table.name), header)
        return matched

    # --- Parquet

    def _from_parquet(self, source: Source) -> Source | None:
        try:
            described = self._connection.execute(
                "DESCRIBE SELECT * FROM read_parquet(?, binary_as_string=true)", [str(source.path)]
            ).fetchall()
            counted = self._connection.execute(
                "SELECT SUM(num_rows) FROM parquet_file_metadata(?)", [str(source.path)]
            ).fetchone()
        except duckdb.Error:
            raise delimited.Refused("parquet_broken") from None
        kinds = {str(name): str(kind) for name, kind, *_ in described}
        matched = self._matched(source, list(kinds))
        if matched is None or self._has_nested(matched, kinds):
            return None
        if source.table.name == "attendance" and counted is not None and counted[0] >= STREAMED_FROM:
            return self._streamed(matched, kinds)
        known = set(matched.headers.values())
        cells = [parquet_text(name, kind) if name in known else "NULL" for name, kind in kinds.items()]
        scan = ", ".join(f"{cell} AS c{index}" for index, cell in enumerate(cells))
        relation = f"(SELECT file_row_number AS n, {scan} FROM read_parquet(?, {PARQUET}))"
        try:
            self._make_raw(matched, list(kinds), "n + 1", relation, [str(source.path)])
        except duckdb.Error:
            raise delimited.Refused("parquet_broken") from None
        return matched

    def _has_nested(self, source: Source, kinds: Mapping[str, str]) -> bool:
        nested = [
            w for w in source.headers.values() if not kinds[w].startswith("DECIMAL") and set(kinds[w]) & set("([")
        ]
        for written in nested:
            self._book.add(Fault("parquet_nested", source.place(None, written)))
        return bool(nested)

    def _streamed(self, source: Source, kinds: Mapping[str, str]) -> Source:
        """Make `raw_attendance` a view on the file: what is a number in it stays one."""
        picked = [self._streamed_cell(source, column, kinds) for column in source.table.columns]
        file = str(source.path).replace("'", "''")
        self._connection.execute(
            f"CREATE OR REPLACE VIEW raw_{source.table.name} AS SELECT file_row_number + 1 AS n, {', '.join(picked)} "
            f"FROM read_parquet('{file}', {PARQUET})"
        )
        kind = kinds[source.headers["hours"]]
        numeric, decimal = kind.startswith(NUMERIC), SHORT_DECIMAL.fullmatch(kind) is not None
        return Source(
            source.table, source.path, source.headers, streamed=True, numeric_hours=numeric, decimal_hours=decimal
        )

    def _streamed_cell(self, source: Source, column: Column, kinds: Mapping[str, str]) -> str:
        written = source.headers[column.name]
        kind = kinds[written]
        as_it_is = kind == "VARCHAR" or (column.kind == "hours" and kind.startswith(NUMERIC))
        return f"{_quoted(written) if as_it_is else parquet_text(written, kind)} AS {column.name}"

    # --- all

    def _matched(self, source: Source, header: Sequence[str]) -> Source | None:
        """Match a header with the table's columns, English or Chinese, in any order; note what is ignored."""
        spelled = {text: column.name for column in source.table.columns for text in (column.name, column.header)}
        headers: dict[str, str] = {}
        complete = True
        for written in header:
            name = spelled.get(normal(written))
            if name is None:
                if normal(written):
                    self._notes.append(Note("column_ignored", source.place(1, written.strip())))
            elif name in headers:
                self._book.add(Fault("column_twice", source.place(1, written.strip()), written.strip(), {"name": name}))
                complete = False
            else:
                headers[name] = written
        for column in source.table.columns:
            if column.name not in headers and not column.optional:
                wanted = {"name": column.name, "header": column.header}
                self._book.add(Fault("column_missing", source.place(1, column.name), None, wanted))
                complete = False
        return Source(source.table, source.path, headers) if complete else None

    def _make_raw(self, source: Source, header: Sequence[str], row: str, relation: str, values: list[object]) -> None:
        """Create `raw_<table>` from a relation whose columns are c0, c1, …, and drop rows without a cell."""
        index = {written: position for position, written in reversed(list(enumerate(header)))}
        picked = [
            f"c{index[source.headers[column.name]]} AS {column.name}"
            if column.name in source.headers
            else f"CAST(NULL AS VARCHAR) AS {column.name}"
            for column in source.table.columns
        ]
        blank = " AND ".join(blank_sql(column.name) for column in source.table.columns)
        self._connection.execute(
            f"CREATE OR REPLACE TABLE raw_{source.table.name} AS SELECT * FROM "
            f"(SELECT {row} AS n, {', '.join(picked)} FROM {relation}) WHERE NOT ({blank})",
            values,
        )


def _places(source: Source, header: Sequence[str], cells: Iterable[tuple[int, int]]) -> list[Place]:
    """Return the places of cells (row, column) of a workbook, those of the table's columns alone."""
    known = set(source.headers.values())
    return [Place(source.file, row, header[at]) for row, at in cells if at < len(header) and header[at] in known]


def parquet_text(name: str, kind: str) -> str:
    """Write a Parquet column as the text of its cells."""
    cell = _quoted(name)
    if kind.startswith("TIMESTAMP"):
        return f"CASE WHEN {cell} = date_trunc('day', {cell}) THEN CAST(CAST({cell} AS DATE) AS VARCHAR) ELSE CAST({cell} AS VARCHAR) END"
    return f"CAST({cell} AS VARCHAR)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
