"""What a process works on stays below the deployment's home, and what a killed one left is taken away a day later."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kaohe.web.config.scratch import LEFT_AFTER, sweep_scratch, use_scratch


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)


def test_work_in_hand_stays_below_the_home_for_its_owner_alone(tmp_path: Path) -> None:
    use_scratch(tmp_path / "home", timezone.now())

    with tempfile.TemporaryDirectory() as name:
        assert Path(name).parent == tmp_path / "home" / "scratch"
    assert os.name == "nt" or (tmp_path / "home" / "scratch").stat().st_mode & 0o077 == 0


def test_what_was_left_goes_after_a_day_and_not_before(tmp_path: Path) -> None:
    use_scratch(tmp_path, now := timezone.now())
    left = Path(tempfile.mkdtemp())
    (left / "people.csv").write_text("id,name", "utf-8")
    Path(tempfile.mkstemp()[1]).write_text("x", "utf-8")

    assert sweep_scratch(tmp_path, now + LEFT_AFTER - timedelta(minutes=1)) == 0
    assert left.is_dir()
    assert sweep_scratch(tmp_path, now + LEFT_AFTER + timedelta(minutes=1)) == 2
    assert list((tmp_path / "scratch").iterdir()) == []


def test_where_there_is_no_such_folder_nothing_is_swept(tmp_path: Path) -> None:
    assert sweep_scratch(tmp_path, timezone.now()) == 0
