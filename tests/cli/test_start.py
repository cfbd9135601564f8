"""What a command loads: the start is quick because heavy libraries are imported where they are used."""

import subprocess
import sys
from pathlib import Path

import pytest

from kaohe.proof.package import package
from tests.builders import city

HEAVY = {
    "duckdb",
    "typst",
    "docx",
    "xlsxwriter",
    "python_calamine",
    "lxml",
    "django",
    "granian",
    "allauth",
    "cryptography",
}


def loaded(arguments: list[str]) -> set[str]:
    code = (
        "import sys\nfrom kaohe.cli.main import main\n"
        f"try:\n    status = main({arguments!r})\nexcept SystemExit as end:\n    status = end.code\n"
        "print('MODULES', status, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, *modules = done.stdout.partition("MODULES ")[2].split()
    assert status in ("0", "None")
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["assess", "--help"], ["--version"], ["verify", "--help"], ["serve", "--help"], ["init", "--help"]],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert not loaded(arguments) & (HEAVY | {"pydantic", "yaml"})


def test_verify_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "verification.zip").write_bytes(package(city(counties=1, departments=2)))

    assert not loaded(["verify", str(tmp_path / "verification.zip")]) & HEAVY


def test_importing_kaohe_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import kaohe, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )

    assert not {name.partition(".")[0] for name in done.stdout.split()} & HEAVY
