"""`metrics.sql` runs unchanged on DuckDB, SQLite and PostgreSQL and measures the same."""

import random
from pathlib import Path
from typing import Any

import pytest

from kaohe.ledger.engines import metrics_of, on_database
from kaohe.ledger.reading import open_ledger
from kaohe.standard.files import read_standard
from kaohe.terms import round_of, terms_of, window_of
from random_city import random_city, write_city
from tests.depth import deep

STANDARD = read_standard("benxi-2010").standard


@pytest.mark.parametrize("seed", range(deep(6, 60)))
def test_three_engines_measure_the_same(tmp_path: Path, postgresql: Any, seed: int) -> None:
    write_city(random_city(random.Random(30_000 + seed)), tmp_path / "city")

    with open_ledger(tmp_path / "city", terms_of(STANDARD)) as ledger:
        for kind in ("annual", "half_year"):
            window = window_of(STANDARD, round_of(STANDARD, kind, 2010))
            on_duckdb = metrics_of(ledger, window)
            on_sqlite = metrics_of(ledger, window, "sqlite")
            on_postgresql = on_database(ledger, window, postgresql, day="DATE", mark="%s")
            postgresql.rollback()

            assert on_duckdb == on_sqlite == on_postgresql


@pytest.mark.parametrize("hours", ["DECIMAL(8,1)", "DECIMAL(16,4)", "DECIMAL(18,1)", "DOUBLE"])
@pytest.mark.parametrize("seed", range(deep(2, 20)))
def test_streamed_hours_of_every_number_type_measure_the_same(
    tmp_path: Path, postgresql: Any, monkeypatch: pytest.MonkeyPatch, seed: int, hours: str
) -> None:
    folder, window = tmp_path / "city", window_of(STANDARD, round_of(STANDARD, "annual", 2010))
    write_city(random_city(random.Random(31_000 + seed)), folder)
    with open_ledger(folder, terms_of(STANDARD)) as ledger:
        expected = metrics_of(ledger, window)
        written = f"SELECT activity, person, status, CAST(minutes / 60.0 AS {hours}) AS hours FROM attendance"
        ledger.connection.execute(f"COPY ({written}) TO '{tmp_path / 'attendance.parquet'}' (FORMAT parquet)")
    for old in folder.glob("attendance.*"):
        old.unlink()
    (tmp_path / "attendance.parquet").rename(folder / "attendance.parquet")
    monkeypatch.setattr("kaohe.ledger.sources.STREAMED_FROM", 0)

    with open_ledger(folder, terms_of(STANDARD)) as ledger:
        on_duckdb = metrics_of(ledger, window)
        on_sqlite = metrics_of(ledger, window, "sqlite")
        on_postgresql = on_database(ledger, window, postgresql, day="DATE", mark="%s")
        postgresql.rollback()

    assert on_duckdb == on_sqlite == on_postgresql == expected
