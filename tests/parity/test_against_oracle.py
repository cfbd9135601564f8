"""The engine agrees with an independent implementation on every field of `results.json`.

`oracle.py` was written from `data-format.md` and `standard-2010.md` alone, row by row, without SQL.
"""

import random
from pathlib import Path

import pytest

from kaohe.assessment.result import results_data
from kaohe.city import assess
from oracle import results
from random_city import CANONICAL, random_city, write_city
from tests.depth import deep

FORMS = ("csv", "xlsx", "parquet", "mixed")


def engine_results(folder: Path, kind: str, engine: str = "duckdb") -> dict[str, object]:
    data = results_data(assess(folder, kind=kind, year=2010, engine=engine).result)
    del data["standard"]
    return data


@pytest.mark.parametrize("seed", range(deep(40, 600)))
def test_every_field_agrees_in_every_spelling_and_form(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    city = random_city(rng)
    write_city(city, tmp_path / "plain", spelling=CANONICAL)
    write_city(city, tmp_path / "spelled", rng, form=FORMS[seed % len(FORMS)])

    for kind in ("annual", "half_year"):
        assert engine_results(tmp_path / "spelled", kind) == results(tmp_path / "plain", kind, 2010)


@pytest.mark.parametrize("seed", range(deep(6, 60)))
def test_a_streamed_file_gives_the_same_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr("kaohe.ledger.sources.STREAMED_FROM", 0)
    monkeypatch.setattr("kaohe.ledger.checks.CHUNK_ROWS", 7)
    rng = random.Random(10_000 + seed)
    city = random_city(rng)
    write_city(city, tmp_path / "plain", spelling=CANONICAL)
    write_city(city, tmp_path / "streamed", rng, form="parquet")

    assert engine_results(tmp_path / "streamed", "annual") == results(tmp_path / "plain", "annual", 2010)


@pytest.mark.parametrize("seed", range(deep(2, 20)))
def test_the_sqlite_engine_gives_the_same_results(tmp_path: Path, seed: int) -> None:
    city = random_city(random.Random(20_000 + seed))
    write_city(city, tmp_path / "plain", spelling=CANONICAL)

    assert engine_results(tmp_path / "plain", "annual", "sqlite") == results(tmp_path / "plain", "annual", 2010)
