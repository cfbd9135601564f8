"""From raw text to typed columns, set-wise: each distinct text of a column is read once, then joined back.

For `raw_people` the typed relation is `people(n, id, name, unit, joined DATE, departed DATE)`; hours become
`minutes BIGINT`, whole numbers BIGINT, choices their English id. A cell with a fault is NULL there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from kaohe.fault import Fault
from kaohe.ledger.cells import Cell, Terms, blank_sql, normal, read_cell
from kaohe.ledger.faultbook import LISTED, FaultBook
from kaohe.ledger.sources import Source
from kaohe.ledger.tables import Column

CLEAN = "regexp_full_match(v, '[!-~]([ -~]*[!-~])?')"
"""Printable ASCII without blanks at the ends: a key that is already in its normal form."""

APART = "LIMIT 9223372036854775807"
"""Keeps the engine from pushing a filter below DISTINCT, where it would run once a row."""

TYPES = {"day": "DATE", "hours": "BIGINT", "whole": "BIGINT", "points": "DECIMAL(12,2)"}
FEW_MINUTES = 100_000_000
"""Up to here ten times the minutes still fit an INTEGER, which is a seventh quicker to sum than a BIGINT."""
KEPT = ("name", "text")
"""The kinds whose text stays as it was given."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the texts of one column were read: text → cell, for every distinct text that is not its own value."""

    column: Column
    cells: Mapping[str, Cell] = field(default_factory=dict)
    reckoned: bool = False
    decimal: bool = False

    @property
    def sql_type(self) -> str | None:
        """The SQL type of the values; None where they stay text."""
        few = self.column.kind == "hours" and all(int(c.value or 0) <= FEW_MINUTES for c in self.cells.values())
        return "INTEGER" if few else TYPES.get(self.column.kind)

    @property
    def bad(self) -> Mapping[str, Cell]:
        """The texts that cannot be read; cells that are only empty are counted apart."""
        return {text: cell for text, cell in self.cells.items() if cell.fault not in (None, "cell_empty")}

    def own_values(self) -> bool:
        """Whether every text of the column is its own value, so that nothing need be joined; an empty one is none."""
        return self.column.kind not in TYPES and all(
            text != "" and cell.value == text for text, cell in self.cells.items()
        )


class Typist:
    """Types the columns of a table and notes the cells that cannot be read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, terms: Terms, book: FaultBook) -> None:
        self._connection, self._terms, self._book = connection, terms, book

    def type_table(self, source: Source) -> None:
        """Create the typed relation of a source: a table, or a view where the file is streamed."""
        readings = self._read(source)
        self._note_empty(source, readings)
        for reading in readings:
            self._note_bad(source, reading)
        self._create(source, {reading.column.name: reading for reading in readings})

    def _read(self, source: Source) -> list[Reading]:
        """Read each distinct text of a column once.

        Keys are their own value where they are plain ASCII, so only other spellings are fetched.
        """
        columns = [column for column in source.table.columns if column.kind not in KEPT]
        texts = self._distinct(source, columns)
        return [self._reading(source, column, texts[column.name]) for column in columns]

    def _reading(self, source: Source, column: Column, texts: Sequence[str]) -> Reading:
        if column.kind == "key":
            return Reading(column, {text: _key_cell(column, text) for text in texts})
        cells = {text: read_cell(column, text, self._terms) for text in texts}
        if source.streamed and column.kind == "hours" and source.numeric_hours:
            # a hundred million rows feel the difference between a sum and a join
            return Reading(column, cells, reckoned=True, decimal=source.decimal_hours)
        return Reading(column, cells)

    def _distinct(self, source: Source, columns: Sequence[Column]) -> dict[str, list[str]]:
        """Return the distinct texts of each column (of keys, those not in normal form), in one statement."""
        found: dict[str, list[str]] = {column.name: [] for column in columns}
        parts = (
            f"SELECT '{c.name}', CAST(v AS VARCHAR) FROM (SELECT DISTINCT {c.name} AS v FROM raw_{source.table.name} {APART}) "
            f"WHERE v IS NOT NULL{f' AND NOT {CLEAN}' if c.kind == 'key' else ''}"
            for c in columns
        )
        for name, text in self._rows(" UNION ALL ".join(parts)):
            found[name].append(text)
        return found

    def _create(self, source: Source, readings: Mapping[str, Reading]) -> None:
        name = source.table.name
        joined = [r for r in readings.values() if r.cells and not r.own_values() and not r.reckoned]
        if joined:
            self._create_map(name, joined)
        picked = ", ".join(_picked(column, readings.get(column.name)) for column in source.table.columns)
        joins = " ".join(
            f"LEFT JOIN map_{name} {_alias(r.column)} ON {_alias(r.column)}.c = '{r.column.name}' "
            f"AND {_alias(r.column)}.raw = CAST(r.{r.column.name} AS VARCHAR)"
            for r in joined
        )
        what = "VIEW" if source.streamed else "TABLE"
        self._connection.execute(f"CREATE OR REPLACE {what} {name} AS SELECT r.n, {picked} FROM raw_{name} r {joins}")

    def _create_map(self, name: str, readings: Iterable[Reading]) -> None:
        rows = [(r.column.name, text, cell.value) for r in readings for text, cell in r.cells.items()]
        self._connection.execute(
            f"CREATE OR REPLACE TABLE map_{name} AS "
            "SELECT unnest(?::VARCHAR[]) AS c, unnest(?::VARCHAR[]) AS raw, unnest(?::VARCHAR[]) AS value",
            [list(column) for column in zip(*rows, strict=True)],
        )

    # --- faults

    def _note_empty(self, source: Source, readings: Iterable[Reading]) -> None:
        """Note the empty cells of columns that must be filled: one statement counts them for the whole table."""
        blank = {r.column.name: [t for t, cell in r.cells.items() if cell.fault == "cell_empty"] for r in readings}
        where = {
            column.name: blank_sql(column.name) if blank.get(column.name, True) else f"{column.name} IS NULL"
            for column in source.table.columns
            if not column.empty
        }
        counts = ", ".join(f"COUNT(*) FILTER ({condition})" for condition in where.values())
        counted = self._rows(f"SELECT {counts} FROM raw_{source.table.name}")[0]
        for name, count in zip(where, counted, strict=True):
            if count:
                self._note_where(source, source.table.column(name), where[name], {})

    def _note_bad(self, source: Source, reading: Reading) -> None:
        bad = reading.bad
        if bad:
            where = f"CAST({reading.column.name} AS VARCHAR) IN (SELECT unnest(?::VARCHAR[]))"
            self._note_where(source, reading.column, where, bad, list(bad))

    def _note_where(
        self, source: Source, column: Column, where: str, bad: Mapping[str, Cell], *values: list[str]
    ) -> None:
        rows = self._rows(
            f"SELECT n, CAST({column.name} AS VARCHAR), COUNT(*) OVER () FROM raw_{source.table.name} "
            f"WHERE {where} ORDER BY n LIMIT {LISTED}",
            *values,
        )
        faults = [self._fault(source, column, row, text, bad.get(text)) for row, text, _ in rows]
        self._book.add_some(faults, rows[0][2] if rows else 0)

    def _fault(self, source: Source, column: Column, row: int, text: str | None, cell: Cell | None) -> Fault:
        if cell is None or cell.fault is None:
            return Fault("cell_empty", source.place(row, column.name))
        return Fault(cell.fault, source.place(row, column.name), text, dict(cell.wanted))

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, list(values)).fetchall()


def _key_cell(column: Column, text: str) -> Cell:
    key = normal(text)
    return Cell(key) if key or column.empty else Cell(fault="cell_empty")


def _picked(column: Column, reading: Reading | None) -> str:
    """Write the typed expression of a column over the raw relation `r` and its map."""
    raw, alias = f"r.{column.name}", _alias(column)
    kind = TYPES.get(column.kind) if reading is None else reading.sql_type
    if reading is None or not reading.cells or reading.own_values():
        value = raw if kind is None else f"CAST({raw} AS {kind})"
    elif reading.decimal:
        # exact and without a cast that could fail, so that the engine puts it off to the rows that its joins leave
        value = f"{raw} * CAST(60 AS DECIMAL(2,0))"
    elif reading.reckoned:
        # exact: tenths of an hour times 60 is within a hair of a whole number, to which the cast rounds
        value = f"CAST(CAST({raw} AS DOUBLE) * 60 AS {kind})"
    elif column.kind == "key":
        value = f"CASE WHEN {alias}.raw IS NULL THEN {raw} ELSE NULLIF({alias}.value, '') END"
    else:
        value = f"{alias}.value" if kind is None else f"CAST({alias}.value AS {kind})"
    return f"{value} AS {typed_name(column)}"


def _alias(column: Column) -> str:
    return f"m_{column.name}"


def typed_name(column: Column) -> str:
    """Name a column as `metrics.sql` reads it: hours are minutes there."""
    return "minutes" if column.kind == "hours" else column.name
