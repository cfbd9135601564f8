"""Persons, trainees, seats and entries, summed over a unit, are its row of `metrics.sql`: on every engine."""

import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, get_args

import pytest

from kaohe.ledger.engines import SCHEMA, metrics_of
from kaohe.ledger.metrics import Window
from kaohe.ledger.reading import Ledger, open_ledger
from kaohe.ledger.standing import Facts, facts_sql
from kaohe.standard.files import read_standard
from kaohe.terms import round_of, terms_of, window_of
from random_city import random_city, write_city
from tests.depth import deep

STANDARD = read_standard("benxi-2010").standard
TABLES = SCHEMA | {
    "people": "id TEXT PRIMARY KEY, name TEXT, unit TEXT, joined {day}, departed {day}",
    "activities": "id TEXT PRIMARY KEY, form TEXT, title TEXT, ends_on {day}, minutes BIGINT",
}
"""What the texts read: as `metrics.sql`, and names and titles."""

Row = dict[str, Any]
Answers = dict[Facts, list[Row]]


def answers(cursor: Any) -> Answers:
    """The four queries, run where their tables are; days as ISO text, which is all that SQLite has."""
    found: Answers = {}
    for facts in get_args(Facts):
        cursor.execute(facts_sql(facts))
        columns = [column[0] for column in cursor.description]
        found[facts] = [dict(zip(columns, map(plain, row), strict=True)) for row in cursor.fetchall()]
    return found


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def copied(ledger: Ledger, window: Window, cursor: Any, day: str, mark: str) -> Answers:
    """The same in a database to which the ledger is copied."""
    a_round = [window.start, window.end, window.self_study_minutes, window.online_minutes]
    for table, columns in TABLES.items():
        cursor.execute(f"CREATE TABLE {table} ({columns.format(day=day)})")
        names = [column.split()[0] for column in columns.split(", ")]
        read = f"SELECT {', '.join(names)} FROM {table}"
        rows = [a_round] if table == "the_round" else ledger.connection.execute(read).fetchall()
        shown = [[plain(value) if day == "TEXT" else value for value in row] for row in rows]
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join([mark] * len(names))})", shown)
    return answers(cursor)


def by_unit(rows: Iterable[Row], figure: Callable[[list[Row]], Any]) -> dict[str, Any]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["unit"]].append(row)
    return {unit: figure(rows) for unit, rows in grouped.items()}


def sums(found: Answers, window: Window) -> dict[str, dict[str, Any]]:
    """What the rows come to, metric by metric and unit by unit."""
    staff = [row for row in found["people"] if row["is_staff"]]
    kinds = {"writing", "speech"}
    return {
        "headcount": by_unit(staff, len),
        "participation_rate": by_unit(staff, lambda rows: sum(row["took_part"] for row in rows)),
        "self_study_rate": by_unit(
            staff, lambda rows: sum(row["self_minutes"] >= window.self_study_minutes for row in rows)
        ),
        "online_rate": by_unit(staff, lambda rows: sum(row["online_minutes"] >= window.online_minutes for row in rows)),
        "appraisal_rate": by_unit(staff, lambda rows: sum(row["appraised"] for row in rows)),
        "class_points": by_unit(found["classes"], lambda rows: (sum(row["points"] for row in rows), len(rows))),
        "class_points_least": by_unit(found["classes"], lambda rows: (min(row["points"] for row in rows), 1)),
        "quota_fill_rate": by_unit(
            found["seats"],
            lambda rows: (sum(min(row["sent"], row["seats"]) for row in rows), sum(row["seats"] for row in rows)),
        ),
        "city_contest_kinds": by_unit(
            found["contests"],
            lambda rows: len(
                {row["kind"] for row in rows if row["level"] in ("city", "city_final") and row["kind"] in kinds}
            ),
        ),
        "city_finals": by_unit(
            found["contests"],
            lambda rows: sum(row["level"] == "city_final" and row["kind"] in kinds for row in rows),
        ),
        "province_entries": by_unit(found["contests"], lambda rows: sum(row["level"] == "province" for row in rows)),
        "province_placings": by_unit(
            found["contests"],
            lambda rows: sum(row["level"] == "province" and row["place"] is not None for row in rows),
        ),
    }


@pytest.mark.parametrize("kind", ["annual", "half_year"])
@pytest.mark.parametrize("seed", range(deep(6, 30)))
def test_the_rows_of_a_unit_come_to_its_metrics(tmp_path: Path, seed: int, kind: str) -> None:
    write_city(random_city(random.Random(50_000 + seed)), tmp_path / "city")
    window = window_of(STANDARD, round_of(STANDARD, kind, 2010))

    with open_ledger(tmp_path / "city", terms_of(STANDARD)) as ledger:
        measured = metrics_of(ledger, window)
        found = sums(answers(ledger.connection), window)

    for unit, metrics in measured.items():
        assert found["headcount"].get(unit, 0) == metrics.headcount
        for name, figures in found.items():
            if name != "headcount":
                expected: Any = metrics.measures[name]
                whole = name in ("class_points", "class_points_least", "quota_fill_rate")
                assert figures.get(unit, (0, 0) if whole else 0) == (expected if whole else expected[0]), (unit, name)


@pytest.mark.parametrize("seed", range(deep(4, 20)))
def test_three_engines_answer_the_same_rows(tmp_path: Path, postgresql: Any, seed: int) -> None:
    write_city(random_city(random.Random(51_000 + seed)), tmp_path / "city")

    with open_ledger(tmp_path / "city", terms_of(STANDARD)) as ledger:
        for kind in ("annual", "half_year"):
            window = window_of(STANDARD, round_of(STANDARD, kind, 2010))
            metrics_of(ledger, window)
            on_duckdb = answers(ledger.connection)
            with sqlite3.connect(":memory:") as database:
                on_sqlite = copied(ledger, window, database.cursor(), "TEXT", "?")
            on_postgresql = copied(ledger, window, postgresql.cursor(), "DATE", "%s")
            postgresql.rollback()

            ordered = [
                {facts: sorted(rows, key=str) for facts, rows in each.items()}
                for each in (on_duckdb, on_sqlite, on_postgresql)
            ]
            assert ordered[0] == ordered[1] == ordered[2]
