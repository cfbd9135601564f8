"""From raw text to typed columns, set-wise: each distinct text of a column is read once, then joined back.

For `raw_people` the typed relation is `people(n, id, name, unit, joined DATE, departed DATE)`; hours become
`minutes BIGINT`, whole numbers BIGINT, choices their English id. A cell with a fault is NULL there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from kaohe.fault import Fault
from kaohe.ledger.cells import Cell, Terms, blank_sql, normal, read_cell
from kaohe.ledger.faultbook import LISTED, FaultBook
from kaohe.ledger.sources import Source
from kaohe.ledger.tables import Column

_CLEAN = "regexp_full_match({0}, '[!-~]([ -~]*[!-~])?')"
"""Printable ASCII without blanks at the ends: a key that is already in its normal form."""

_TYPES = {"day": "DATE", "hours": "BIGINT", "whole": "BIGINT", "points": "DECIMAL(12,2)"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a column's raw texts become values: an SQL expression over `r`, and the join it needs."""

    expression: str
    join: str = ""


class Typist:
    """Types the columns of a table and notes the cells that cannot be read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, terms: Terms, book: FaultBook) -> None:
        self._connection, self._terms, self._book = connection, terms, book

    def type_table(self, source: Source) -> None:
        """Create the typed relation of a source: a table, or a view where the file is streamed."""
        name = source.table.name
        spellings = {column.name: self._spelling(source, column) for column in source.table.columns}
        picked = [f"{s.expression} AS {typed_name(source.table.column(c))}" for c, s in spellings.items()]
        joins = " ".join(s.join for s in spellings.values())
        what = "VIEW" if source.streamed else "TABLE"
        self._connection.execute(
            f"CREATE OR REPLACE {what} {name} AS SELECT r.n, {', '.join(picked)} FROM raw_{name} r {joins}"
        )

    def _spelling(self, source: Source, column: Column) -> Spelling:
        if column.kind in ("name", "text"):
            self._note_blank(source, column)
            return Spelling(f"r.{column.name}")
        if column.kind == "key":
            return self._keys(source, column)
        if source.streamed and column.kind == "hours":
            return self._streamed_hours(source, column)
        return self._mapped(source, column)

    def _keys(self, source: Source, column: Column) -> Spelling:
        """Keys are their own value where they are plain ASCII; any other spelling is brought to its normal form."""
        raw, name = f"raw_{source.table.name}", column.name
        distinct = distinct_name(source, column)
        # a table of its own: as a subquery, the filter would be pushed below DISTINCT and run once a row
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {distinct} AS SELECT DISTINCT {name} AS v FROM {raw} WHERE {name} IS NOT NULL"
        )
        dirty = self._rows(f"SELECT v FROM {distinct} WHERE NOT {_CLEAN.format('v')}")
        mapping = {text: normal(text) for (text,) in dirty}
        if not column.empty:
            blank = [text for text, key in mapping.items() if key == ""]
            self._note(source, column, {text: Cell(fault="cell_empty") for text in blank}, empty=True)
        if not mapping:
            return Spelling(f"r.{name}")
        table = self._mapping_table(source, column, {text: Cell(key or None) for text, key in mapping.items()})
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {distinct} AS SELECT DISTINCT CASE WHEN m.raw IS NULL THEN d.v ELSE m.value END AS v "
            f"FROM {distinct} d LEFT JOIN {table} m ON m.raw = d.v"
        )
        expression = f"CASE WHEN {table}.raw IS NULL THEN r.{name} ELSE {table}.value END"
        return Spelling(expression, f"LEFT JOIN {table} ON {table}.raw = r.{name}")

    def _mapped(self, source: Source, column: Column) -> Spelling:
        """Read each distinct text of a column once and join the values back."""
        raw, name = f"raw_{source.table.name}", column.name
        texts = self._rows(f"SELECT DISTINCT {name} FROM {raw} WHERE {name} IS NOT NULL")
        cells = {text: read_cell(column, text, self._terms) for (text,) in texts}
        self._note(source, column, {text: cell for text, cell in cells.items() if cell.fault}, empty=not column.empty)
        kind = _TYPES.get(column.kind)
        if kind is None and all(cell.value == text for text, cell in cells.items()):
            return Spelling(f"r.{name}")
        table = self._mapping_table(source, column, cells)
        value = f"{table}.value" if kind is None else f"CAST({table}.value AS {kind})"
        return Spelling(value, f"LEFT JOIN {table} ON {table}.raw = r.{name}")

    def _streamed_hours(self, source: Source, column: Column) -> Spelling:
        """Hours that the file holds as numbers are reckoned, not joined: a hundred million rows feel the difference."""
        raw, name = f"raw_{source.table.name}", column.name
        kind = self._rows(f"DESCRIBE SELECT {name} FROM {raw}")[0][1]
        if kind == "VARCHAR":
            return self._mapped(source, column)
        values = self._rows(f"SELECT DISTINCT {name} FROM {raw} WHERE {name} IS NOT NULL")
        cells = {str(value): read_cell(column, str(value), self._terms) for (value,) in values}
        self._note(source, column, {text: cell for text, cell in cells.items() if cell.fault}, empty=not column.empty)
        return Spelling(f"CAST(round(r.{name} * 10) AS BIGINT) * 6")

    def _mapping_table(self, source: Source, column: Column, cells: Mapping[str, Cell]) -> str:
        name = f"map_{source.table.name}_{column.name}"
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS raw, unnest(?::VARCHAR[]) AS value",
            [list(cells), [cell.value for cell in cells.values()]],
        )
        return name

    def _note_blank(self, source: Source, column: Column) -> None:
        if not column.empty:
            self._note_where(source, column, blank_sql(column.name), {}, {})

    def _note(self, source: Source, column: Column, bad: Mapping[str, Cell], *, empty: bool) -> None:
        """Note every row whose cell is one of the bad texts or, where that is a fault, empty."""
        wrong = f"CAST({column.name} AS VARCHAR) IN (SELECT unnest(?::VARCHAR[]))" if bad else "false"
        where = f"{wrong} OR {column.name} IS NULL" if empty else wrong
        if where != "false":
            self._note_where(source, column, where, bad, {"texts": list(bad)} if bad else {})

    def _note_where(
        self, source: Source, column: Column, where: str, bad: Mapping[str, Cell], values: Mapping[str, list[str]]
    ) -> None:
        raw = f"raw_{source.table.name}"
        rows = self._rows(
            f"SELECT n, {column.name}, COUNT(*) OVER () FROM {raw} WHERE {where} ORDER BY n LIMIT {LISTED}",
            *values.values(),
        )
        faults = [self._fault(source, column, row, text, bad) for row, text, _ in rows]
        self._book.add_some(faults, rows[0][2] if rows else 0)

    def _fault(self, source: Source, column: Column, row: int, text: object, bad: Mapping[str, Cell]) -> Fault:
        written = None if text is None else str(text)
        cell = bad.get(written or "", Cell(fault="cell_empty"))
        found = None if cell.fault == "cell_empty" else written
        return Fault(cell.fault or "cell_empty", source.place(row, column.name), found, dict(cell.wanted))

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, list(values)).fetchall()


def distinct_name(source: Source, column: Column) -> str:
    """Name the table of a key column's distinct values (in `v`), made while the column is typed."""
    return f"distinct_{source.table.name}_{column.name}"


def typed_name(column: Column) -> str:
    """Name a column as `metrics.sql` reads it: hours are minutes there."""
    return "minutes" if column.kind == "hours" else column.name
