"""Results written aside and then renamed: a folder never holds half a result, whatever interrupts."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".kaohe-partial-"


@contextmanager
def written_aside(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; when all is written, move everything into `folder` by renaming.

    What stood there under the same names is replaced, other files stay. If anything fails or
    interrupts before the renaming, nothing of this run remains; what a killed run left aside is
    cleared by the next.
    """
    made = _missing_parents(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    try:
        yield work
        made = []
        for item in sorted(work.iterdir()):
            _replace(item, folder / item.name, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        for parent in made:
            _remove_if_empty(parent)


def _missing_parents(folder: Path) -> list[Path]:
    """Return the folders that do not exist yet, innermost first."""
    return [path for path in (folder, *folder.parents) if not path.exists()]


def _replace(item: Path, target: Path, work: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        old = work.parent / f"{work.name}.{target.name}.old"
        target.replace(old)
        item.replace(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        item.replace(target)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
