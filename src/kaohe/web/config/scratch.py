"""Work in hand on the disk: below the deployment's home, so that a process that was killed leaves nothing anywhere else.

Unpacked folders and copies of the ledger hold personal data; the system's own folder for such things is no place for them.
"""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

LEFT_AFTER = timedelta(days=1)


def use_scratch(home: Path, now: datetime) -> None:
    """Have this process keep what it works on below `home`, for its owner alone, and take away what others left."""
    folder = home / "scratch"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep_scratch(home, now)
    tempfile.tempdir = str(folder)


def sweep_scratch(home: Path, now: datetime) -> int:
    """Take away what has lain there for a day: whoever worked on it is gone; return how much."""
    folder, before = home / "scratch", (now - LEFT_AFTER).timestamp()
    left = [path for path in folder.iterdir() if path.stat().st_mtime < before] if folder.is_dir() else []
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(left)
