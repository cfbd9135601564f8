"""The engines that run `metrics.sql`: DuckDB where the ledger was read, or any DB-API database it is copied to."""

import sqlite3
from collections.abc import Iterable
from typing import Any

import duckdb

from kaohe.ledger.metrics import UnitMetrics, Window, measures, metrics_sql
from kaohe.ledger.reading import Ledger

ENGINES = ("duckdb", "sqlite")

SCHEMA = {
    "units": "code TEXT PRIMARY KEY",
    "people": "id TEXT PRIMARY KEY, unit TEXT, joined {day}, departed {day}",
    "activities": "id TEXT PRIMARY KEY, form TEXT, ends_on {day}, minutes BIGINT",
    "attendance": "activity TEXT, person TEXT, status TEXT, minutes BIGINT",
    "quotas": "activity TEXT, unit TEXT, seats BIGINT",
    "contests": "contest TEXT, kind TEXT, level TEXT, person TEXT, held_on {day}, place TEXT",
    "supplies": "unit TEXT, item TEXT, planned BIGINT, received BIGINT",
    "appraisals": "person TEXT, tested_on {day}",
    "bulletins": "unit TEXT, sent_on {day}",
    "the_round": "period_start {day}, period_end {day}, minimum_self_study BIGINT, minimum_online BIGINT",
}
"""The columns that `metrics.sql` reads. `{day}` is DATE, or TEXT where the engine has no dates."""


def metrics_of(ledger: Ledger, window: Window, engine: str = "duckdb") -> dict[str, UnitMetrics]:
    """Measure every unit of a ledger in a round, on one of `ENGINES`."""
    if engine == "duckdb":
        return _on_duckdb(ledger.connection, window)
    with sqlite3.connect(":memory:") as database:
        return on_database(ledger, window, database, day="TEXT", mark="?")


def _on_duckdb(connection: duckdb.DuckDBPyConnection, window: Window) -> dict[str, UnitMetrics]:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE the_round ({SCHEMA['the_round'].format(day='DATE')})")
    connection.execute("INSERT INTO the_round VALUES (?, ?, ?, ?)", _round_row(window))
    answer = connection.execute(metrics_sql())
    return measures([column[0] for column in answer.description], answer.fetchall())


def _round_row(window: Window) -> list[Any]:
    return [window.start, window.end, window.self_study_minutes, window.online_minutes]


def on_database(ledger: Ledger, window: Window, database: Any, *, day: str, mark: str) -> dict[str, UnitMetrics]:
    """Copy a ledger into a DB-API database and measure it there.

    day: the column type of a day (`TEXT` makes days ISO text); mark: the parameter mark (`?`, `%s`).
    """
    cursor = database.cursor()
    for table, columns in SCHEMA.items():
        cursor.execute(f"CREATE TABLE {table} ({columns.format(day=day)})")
        names = [column.split()[0] for column in columns.split(", ")]
        rows = [_round_row(window)] if table == "the_round" else _rows(ledger, table, names)
        marks = ", ".join([mark] * len(names))
        cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", [_days(row, as_text=day == "TEXT") for row in rows])
    cursor.execute(metrics_sql())
    return measures([column[0] for column in cursor.description], cursor.fetchall())


def _rows(ledger: Ledger, table: str, names: list[str]) -> list[Any]:
    # streamed minutes may be whole decimals, which other engines would not take for integers
    picked = ["CAST(minutes AS BIGINT)" if name == "minutes" else name for name in names]
    return ledger.connection.execute(f"SELECT {', '.join(picked)} FROM {table}").fetchall()


def _days(row: Iterable[Any], *, as_text: bool) -> list[Any]:
    return [value.isoformat() if as_text and hasattr(value, "isoformat") else value for value in row]
