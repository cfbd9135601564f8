"""The daily backup, and how many are kept."""

import dataclasses
import resource
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from django.conf import LazySettings

from kaohe.web.jobs.models import Job
from kaohe.web.jobs.queue import put
from kaohe.web.jobs.registry import KINDS
from kaohe.web.jobs.worker import run_all
from tests.web.config.places import PROGRAM, Deployment

MOST = 700 << 20
"""Bytes: what the program itself asks for, and less than the file."""
NOW = datetime(2010, 6, 1, tzinfo=UTC)


def test_it_is_due_every_day_and_the_oldest_go(committed: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, home=tmp_path, backup_keep=2)
    (tmp_path / "backups").mkdir()
    for day in ("20100501", "20100502"):
        (tmp_path / "backups" / f"kaohe-{day}-020000.zip").touch()

    put("backup", None, {}, NOW)
    run_all()

    job = Job.objects.get()
    assert (job.state, job.outcome["removed"]) == ("done", 1), job.fault
    assert [p.name for p in sorted((tmp_path / "backups").iterdir())] == [
        "kaohe-20100502-020000.zip",
        job.outcome["file"],
    ]
    assert KINDS["backup"].daily


def test_a_large_file_is_never_held_in_memory(founded: Deployment, tmp_path: Path) -> None:
    (founded.home / "files").mkdir()
    with (founded.home / "files" / "film.mp4").open("wb") as film:
        film.truncate(1 << 30)

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MOST, MOST))

    done = subprocess.run(
        [*PROGRAM, "backup", "--out", str(tmp_path / "out")], env=founded.environment, preexec_fn=bounded,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
