"""`kaohe journal verify` and `kaohe journal export`."""

import io
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from kaohe.cli import journal
from kaohe.cli.console import Console
from kaohe.web.journal import export, triggers
from kaohe.web.journal.checkpoints import make
from tests.web.journal.entries import AT, write


@pytest.fixture
def console() -> Console:
    return Console("en", io.StringIO(), io.StringIO())


def said(console: Console) -> str:
    assert isinstance(console.out, io.StringIO)
    return console.out.getvalue()


def test_a_whole_journal_is_verified(db: None, console: Console) -> None:
    write(3)
    make("daily", AT)

    assert journal._verify_database([], console) == 0
    assert "Verified: 3 entries without a gap, in agreement with 1 checkpoint." in said(console)


def test_an_altered_one_is_named_with_its_number(db: None, console: Console) -> None:
    write(3)
    with connection.cursor() as cursor:
        for statement in triggers.DROP[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("UPDATE journal_logentry SET actor = 'mallory' WHERE seq = 1")

    assert journal._verify_database([], console) == 1
    assert said(console).startswith("entry 1: the entry is not what its digest says")


def test_a_kept_checkpoint_is_held_against_it(db: None, console: Console, tmp_path: Path) -> None:
    write(3)
    kept = tmp_path / "kept.txt"
    kept.write_text(make("daily", AT).note, "utf-8")
    assert journal._verify_database([str(kept)], console) == 0

    kept.write_text(kept.read_text("utf-8").replace("\n3\n", "\n2\n"), "utf-8")

    assert journal._verify_database([str(kept)], console) == 1
    assert "It differs: the first 2 entries" in said(console)


def test_the_command_walks_a_deployment_from_export_to_verification(tmp_path: Path) -> None:
    environment = {"KAOHE_HOME": str(tmp_path / "home"), "KAOHE_SECRET_KEY": "x" * 60, "PATH": os.environ["PATH"]}
    program = (
        "import sys; from argparse import Namespace; from kaohe.cli import journal, console\n"
        "options = Namespace(home=None, file=sys.argv[2:], out=sys.argv[-1], checkpoint=[], key=None)\n"
        "sys.exit(getattr(journal, sys.argv[1])(options, console.console(['--lang', 'en'])))"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    (tmp_path / "home").mkdir()
    made = run("-m", "django", "migrate", "--settings", "kaohe.web.config.settings", "--verbosity", "0")
    file = str(tmp_path / "journal.jsonl")
    exported = run("-c", program, "export", file)
    again = run("-c", program, "verify")
    alone = run("-c", program, "verify", file)

    assert made.returncode == 0, made.stderr
    assert exported.returncode == 0, exported.stderr
    assert again.returncode == 0, again.stderr
    assert "Verified: 1 entry" in again.stdout
    assert alone.returncode == 0, alone.stdout
    assert "entries: 1" in alone.stdout


def test_an_export_that_fails_leaves_no_part_of_a_journal(
    db: None, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterator[bytes]:
        yield b"a line\n"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "_open", lambda *_: True)
    monkeypatch.setattr(export, "journal_file", broken)

    with pytest.raises(OSError, match="No space"):
        journal.export(Namespace(out=str(tmp_path / "journal.jsonl")), console)

    assert list(tmp_path.iterdir()) == []


def test_the_worst_of_several_files_decides(tmp_path: Path, console: Console) -> None:
    (tmp_path / "a.jsonl").write_text('{"first":0,"format":"kaohe-journal/1","origin":"x"}\n', "utf-8")
    options = Namespace(
        file=[str(tmp_path / "a.jsonl"), str(tmp_path / "none.jsonl")], checkpoint=[], key=None, home=None
    )

    assert journal.verify(options, console) == 2
