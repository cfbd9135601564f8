"""The agreed examples come out exactly, on every field that they hold, through the command itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from kaohe.cli.main import main


@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_the_small_city_has_its_agreed_results(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    status = main(
        [
            "assess",
            str(examples / "small-city"),
            "--round",
            kind,
            "--year",
            "2010",
            "--json-only",
            "--out",
            str(tmp_path),
        ]
    )

    printed = json.loads((tmp_path / "results.json").read_text("utf-8"))
    agreed = json.loads((examples / f"small-city.{kind}.json").read_text("utf-8"))
    assert status == (3 if any(unit["unscored"] for unit in agreed["units"]) else 0)
    assert without_sentences(printed) == agreed


def without_sentences(data: dict[str, Any]) -> dict[str, Any]:
    assert data.pop("standard")["id"] == "benxi-2010"
    for unit in data["units"]:
        for criterion in unit["criteria"]:
            assert criterion.pop("why")
    return data
