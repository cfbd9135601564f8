"""Results appear whole or not at all: an error, an interrupt or a full disk leaves nothing behind."""

import errno
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kaohe.cli.aside import written_aside
from tests.depth import deep
from tests.folders import write


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_what_was_written_aside_moves_into_place(tmp_path: Path) -> None:
    out = tmp_path / "a" / "results"
    with written_aside(out) as work:
        (work / "results.json").write_text("new")
        (work / "sheets").mkdir()
        (work / "sheets" / "U01.pdf").write_text("sheet")
        assert names(out) == [
            work.name,
            f"{work.name}/results.json",
            f"{work.name}/sheets",
            f"{work.name}/sheets/U01.pdf",
        ]

    assert names(out) == ["results.json", "sheets", "sheets/U01.pdf"]


def test_an_earlier_result_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "gone.pdf").write_text("a unit that is no more")
    (tmp_path / "results.json").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    with written_aside(tmp_path) as work:
        (work / "results.json").write_text("new")
        (work / "sheets").mkdir()

    assert names(tmp_path) == ["notes.txt", "results.json", "sheets"]
    assert (tmp_path / "results.json").read_text() == "new"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device"), ValueError()])
def test_a_failure_leaves_neither_files_nor_folders(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), written_aside(tmp_path / "a" / "results") as work:
        (work / "results.json").write_text("half")
        raise error

    assert names(tmp_path) == []


def test_a_failure_leaves_an_earlier_result_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("old")
    with pytest.raises(KeyboardInterrupt), written_aside(tmp_path) as work:
        (work / "results.json").write_text("half")
        raise KeyboardInterrupt

    assert (tmp_path / "results.json").read_text() == "old"
    assert names(tmp_path) == ["results.json"]


def test_what_a_killed_run_left_aside_is_cleared_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".kaohe-partial-killed").mkdir()
    with written_aside(tmp_path) as work:
        (work / "results.json").write_text("new")

    assert names(tmp_path) == ["results.json"]


COMMAND = [sys.executable, "-m", "kaohe.cli.main", "assess"]
ROUND = ["--round", "annual", "--year", "2010", "--lang", "en"]


@pytest.mark.parametrize("kill", range(deep(5, 200)))
def test_a_killed_run_leaves_a_whole_result_or_none(tmp_path: Path, kill: int) -> None:
    """Ctrl-C (even numbers) and kill -9 (odd) at any moment: the results are all there, or not there at all."""
    folder = write(tmp_path / "city")
    after = random.Random(kill).uniform(0.1, 4)
    running = subprocess.Popen([*COMMAND, str(folder), *ROUND], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        running.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM) if kill % 2 else signal.SIGINT)
        running.wait(60)

    left = [name for name in names(folder) if name.startswith("results") and ".kaohe-partial-" not in name]
    whole = {"results/results.json", "results/circular.pdf", "results/verification.zip", "results/sheets/U01.pdf"}
    assert whole <= set(left) or not [name for name in left if name != "results"]
    if kill % 2 == 0:
        assert not list(folder.rglob(".kaohe-partial-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process's files are a thing of POSIX")
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    import resource

    folder = write(tmp_path / "city")
    done = subprocess.run(
        [*COMMAND, str(folder), *ROUND, "--json-only"], capture_output=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )  # fmt: skip

    assert done.returncode == 1
    assert b"File too large" in done.stderr
    assert b"Nothing was written" in done.stderr
    assert not (folder / "results").exists()
