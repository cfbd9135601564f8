"""Uploaded files on the disk: under random names, readable by the server alone, whole or not there at all."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from kaohe.web.intake.models import Import, State

FOLDER = "intake"
LAID = ".laid"
ORPHANED_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was kept: its place below the folder of files, the SHA-256 of its bytes, how many there are."""

    name: str
    digest: str
    size: int


def keep(chunks: Iterable[bytes], extension: str) -> Stored:
    """Write a file; when this returns it is on the disk. `extension` is one that the reader knows."""
    name = f"{FOLDER}/{token_hex(16)}.{extension}"
    path, digest, size = path_of(name), hashlib.sha256(), 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:  # noqa: PTH123 - a descriptor
        for chunk in chunks:
            digest.update(chunk)
            size += stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    _settle(path.parent)
    return Stored(name, digest.hexdigest(), size)


def path_of(name: str) -> Path:
    """Return where a stored file is."""
    return Path(settings.CONFIGURATION.files / name)


def laid_folder(name: str, attempt: int) -> Path:
    """Return the folder in which a reading keeps a stored file's rows as it laid them beside the ledger."""
    return path_of(name + LAID) / str(attempt)


def begin_laid(name: str, attempt: int) -> Path:
    """Return the folder of a reading, empty; what earlier readings laid there goes."""
    shutil.rmtree(path_of(name + LAID), ignore_errors=True)
    folder = laid_folder(name, attempt)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def remove_laid(name: str) -> None:
    """Take away what readings laid beside a stored file."""
    shutil.rmtree(path_of(name + LAID), ignore_errors=True)


def remove(name: str) -> None:
    """Take a stored file away, and what was laid beside it; it may be gone already."""
    path_of(name).unlink(missing_ok=True)
    remove_laid(name)


def remove_orphans(now: datetime) -> int:
    """Take away the files that no open or confirmed import holds, a day after they came; return how many.

    What was laid beside a file goes with it.
    """
    folder, before = path_of(FOLDER), (now - ORPHANED_AFTER).timestamp()
    if not folder.is_dir():
        return 0
    held = set(Import.objects.exclude(state=State.DROPPED).values_list("stored", flat=True))
    found = ((path, f"{FOLDER}/{path.name.removesuffix(LAID)}") for path in folder.iterdir())
    orphans = [path for path, name in found if name not in held and path.stat().st_mtime < before]
    for path in orphans:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(orphans)


def _settle(folder: Path) -> None:
    """Have the folder's entry on the disk too, where the system can (Windows cannot open a folder)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
