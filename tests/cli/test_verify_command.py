"""`kaohe verify` on the package of a real run, and on one whose two standards disagree."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from kaohe.assessment.result import RoundResult
from kaohe.cli.main import main
from kaohe.proof.package import package
from kaohe.standard.files import StandardFile, parse_standard
from tests.builders import city


def test_its_own_package_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "v.zip").write_bytes(package(city()))

    assert main(["verify", str(tmp_path / "v.zip"), "--lang", "en"]) == 0
    assert "46" in capsys.readouterr().out


def test_a_published_standard_that_was_not_the_one_recomputed_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An office that publishes one standard and computes by another: every digest agrees, the standards do not."""
    honest = city(counties=1, departments=2)
    other = parse_standard(honest.file.content.replace(b"at_least: 90.00", b"at_least: 95.00"), "benxi-2010.yaml")
    two_faced = StandardFile(honest.standard, other.name, other.content, other.lines)
    (tmp_path / "v.zip").write_bytes(package(RoundResult(two_faced, honest.round, honest.units, honest.inputs)))

    assert main(["verify", str(tmp_path / "v.zip"), "--lang", "en"]) == 1
    assert "not the same standard" in capsys.readouterr().out


def test_a_file_that_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "v.zip").write_bytes(b"PK")

    assert main(["verify", str(tmp_path / "v.zip")]) == 2
    assert main(["verify", str(tmp_path / "nothing.zip")]) == 2


def test_the_package_holds_no_training_record(tmp_path: Path) -> None:
    (tmp_path / "v.zip").write_bytes(package(city(counties=1, departments=1)))
    with ZipFile(tmp_path / "v.zip") as archive:
        units = json.loads(archive.read("units.json"))

    assert {key for unit in units for key in unit} == {"code", "name", "peer_group", "headcount", "metrics"}
