"""A backup as a file that somebody brings: what it says of itself, and whether it is whole.

The digests stand in the backup itself: they show damage, not forgery. Whoever forges the entries of the journal is
found out by its checkpoints.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from kaohe.fault import Fault, Place
from kaohe.web.config import backup

UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)
LONGEST_MANIFEST = 64 << 20
_TABLE = re.compile(rf"{backup.DATABASE}[a-z][a-z0-9_]*\.copy")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: kind of database, migrations, rows of each table, digest of each member."""

    database: str
    migrations: frozenset[tuple[str, str]]
    rows: dict[str, int]
    sha256: dict[str, str]

    @property
    def tables(self) -> dict[str, str]:
        """The members that hold a table of PostgreSQL, with its name."""
        ends = len(".copy")
        return {name: name[len(backup.DATABASE) : -ends] for name in self.sha256 if _TABLE.fullmatch(name)}


def manifest_of(archive: zipfile.ZipFile) -> Manifest:
    """Return what a backup says of itself; ValueError where it is none."""
    if archive.getinfo(backup.MANIFEST).file_size > LONGEST_MANIFEST:
        raise ValueError(backup.MANIFEST)
    found = json.loads(archive.read(backup.MANIFEST))
    if not isinstance(found, dict) or found.get("format") != backup.FORMAT:
        raise ValueError("format")
    said: list[Any] = [found.get(name) for name in ("rows", "sha256", "migrations")]
    rows, digests, migrations = said
    if not (_maps(rows, int) and _maps(digests, str) and isinstance(migrations, list)):
        raise ValueError(backup.MANIFEST)
    named = [str(name).partition(".") for name in migrations]
    return Manifest(str(found.get("database")), frozenset((app, name) for app, _, name in named), rows, digests)


def _maps(value: Any, kind: type) -> bool:
    return isinstance(value, dict) and all(isinstance(of, kind) for of in value.values())


def faults(file: Path) -> Iterator[Fault]:
    """Yield why a file is not a whole backup: it cannot be read, a member differs, or one would lie outside."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = manifest_of(archive)
            names = [name for name in (info.filename for info in archive.infolist()) if name != backup.MANIFEST]
            yield from (
                Fault("backup_path", Place(file.name, path=n)) for n in {*names, *manifest.sha256} if not _known(n)
            )
            wrong = sorted(_differing(archive, names, manifest.sha256))
            yield from (Fault("backup_differs", Place(file.name, path=name)) for name in wrong)
    except UNREADABLE as error:
        yield Fault("backup_broken", Place(file.name), str(error))


def _known(name: str) -> bool:
    """Whether a member is one that a backup has, and stays inside on every system."""
    if name in (backup.SETTINGS, backup.SQLITE_COPY) or _TABLE.fullmatch(name):
        return True
    parts = PurePosixPath(name).parts
    inside = ".." not in parts and not set(name) & set('\\:*?"<>|\0') and PurePosixPath(*parts).as_posix() == name
    return inside and name.startswith(backup.FILES) and len(parts) > 1


def _differing(archive: zipfile.ZipFile, names: list[str], digests: dict[str, str]) -> Iterator[str]:
    """Yield the members that are missing, surplus, there twice, or not what the manifest's digests say."""
    yield from set(names) ^ set(digests)
    yield from (name for name, times in Counter(names).items() if times > 1)
    for name in set(names) & set(digests):
        try:
            with archive.open(name) as stream:
                digest = hashlib.sha256()
                while piece := stream.read(backup.PIECE):
                    digest.update(piece)
        except UNREADABLE:
            yield name
        else:
            if digest.hexdigest() != digests[name]:
                yield name
