"""`metrics.sql` runs unchanged on DuckDB, SQLite and PostgreSQL and measures the same."""

import random
from pathlib import Path
from typing import Any

import pytest

from kaohe.city import round_of, terms_of, window_of
from kaohe.ledger.engines import metrics_of, on_database
from kaohe.ledger.reading import open_ledger
from kaohe.standard.files import read_standard
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
