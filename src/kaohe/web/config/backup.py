"""A backup: the database and the files in one zip, with the digest of each; never the keys.

People go on working meanwhile: SQLite is copied by its own backup, PostgreSQL is read in one snapshot. A file that is
uploaded after the rows were read is not in it, and no row of it speaks of that file. Sessions stay behind: after a
restoration everybody signs in anew. Nothing is held in memory but a piece of a file.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kaohe import __version__
from kaohe.web.config.configuration import Configuration, file_of, settings_to_keep

FORMAT = "kaohe-backup/1"
MANIFEST = "manifest.json"
SETTINGS = "kaohe.toml"
FILES = "files/"
DATABASE = "database/"
PREFIX = "kaohe-"
LEFT_BEHIND = ("django_cache", "django_session", "usersessions_usersession")
"""Tables whose rows a restored system does without."""
SQLITE_COPY = f"{DATABASE}kaohe.sqlite3"
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written: where, and its size in bytes."""

    path: Path
    size: int


def make(configuration: Configuration, folder: Path, now: datetime) -> Backup:
    """Write a backup into a folder; it appears under its name only when it is whole."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{PREFIX}{timezone.localtime(now):%Y%m%d-%H%M%S}.zip"
    with tempfile.TemporaryDirectory(prefix=".kaohe-", dir=folder) as aside:
        work = Path(aside) / "backup.zip"
        with zipfile.ZipFile(work, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            _write(configuration, archive, Path(aside), now)
        work.chmod(0o600)
        with work.open("rb+") as stream:
            os.fsync(stream.fileno())
        work.replace(target)
    return Backup(target, target.stat().st_size)


def _write(configuration: Configuration, archive: zipfile.ZipFile, aside: Path, now: datetime) -> None:
    digests: dict[str, str] = {}
    if connection.vendor == "sqlite":
        rows, migrations = _write_sqlite(archive, digests, aside)
    else:
        rows, migrations = _write_postgresql(archive, digests)
    settings = file_of(os.environ, configuration.home)
    if settings.exists():
        digests[SETTINGS] = _put(archive, SETTINGS, [settings_to_keep(settings)])
    for name, path in _files(configuration):
        try:
            digests[name] = _put(archive, name, _pieces(path))
        except FileNotFoundError:
            continue  # taken away meanwhile, by whoever dropped its row
    manifest = {
        "format": FORMAT, "version": __version__, "database": connection.vendor, "time": now.isoformat(),
        "migrations": migrations, "rows": rows, "sha256": digests,
    }  # fmt: skip
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


def _files(configuration: Configuration) -> Iterator[tuple[str, Path]]:
    if configuration.files.exists():
        for path in sorted(p for p in configuration.files.rglob("*") if p.is_file() and not p.is_symlink()):
            yield f"{FILES}{path.relative_to(configuration.files).as_posix()}", path


def _put(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Write a member piece by piece and return its SHA-256; nothing is written where there is no first piece to read."""
    source, digest = iter(pieces), hashlib.sha256()
    piece = next(source, b"")
    with archive.open(name, "w", force_zip64=True) as stream:
        while piece:
            stream.write(piece)
            digest.update(piece)
            piece = next(source, b"")
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _write_sqlite(
    archive: zipfile.ZipFile, digests: dict[str, str], aside: Path
) -> tuple[dict[str, int], list[str]]:  # fmt: skip
    """Copy the database by its own backup, which lets writers go on, without the sessions."""
    copy = aside / "copy.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as read, closing(sqlite3.connect(copy)) as written:
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")
        tables = _sqlite_tables(written)
        for table in set(LEFT_BEHIND) & set(tables):
            written.execute(f'DELETE FROM "{table}"')
        written.commit()
        written.execute("VACUUM")
        rows = {table: written.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables}
        migrations = [f"{app}.{name}" for app, name in written.execute(APPLIED)]
    digests[SQLITE_COPY] = _put(archive, SQLITE_COPY, _pieces(copy))
    copy.unlink()
    return rows, migrations


APPLIED = "SELECT app, name FROM django_migrations ORDER BY app, name"


def _sqlite_tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return sorted(name for (name,) in found)


def _write_postgresql(archive: zipfile.ZipFile, digests: dict[str, str]) -> tuple[dict[str, int], list[str]]:
    """Copy every table in PostgreSQL's own text form, all from one snapshot."""
    rows: dict[str, int] = {}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in sorted(set(connection.introspection.table_names(cursor)) - set(LEFT_BEHIND)):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            name = f"{DATABASE}{table}.copy"
            listed = ", ".join(map(connection.ops.quote_name, columns))
            head = json.dumps(columns).encode() + b"\n"
            with _copied(cursor, f'COPY "{table}" ({listed}) TO STDOUT') as pieces:
                digests[name] = _put(archive, name, _then(head, pieces))
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            rows[table] = cursor.fetchone()[0]
        cursor.execute(APPLIED)
        migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    return rows, migrations


@contextmanager
def _copied(cursor: Any, statement: str) -> Iterator[Iterable[bytes]]:
    with cursor.cursor.copy(statement) as copy:
        yield (bytes(piece) for piece in copy)


def _then(head: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from pieces


def prune(folder: Path, keep: int, now: datetime) -> list[Path]:
    """Remove all but the newest `keep` backups of a folder; return what was removed."""
    old = _in_order(folder, now)[:-keep] if keep > 0 else []
    for path in old:
        path.unlink()
    return old


def newest(folder: Path, now: datetime) -> Path | None:
    """Return the newest backup of a folder."""
    return next(reversed(_in_order(folder, now)), None)


def _in_order(folder: Path, now: datetime) -> list[Path]:
    """Return the backups, the oldest first; one of a day to come was made under a wrong clock, and is none of the newest."""
    last = f"{PREFIX}{timezone.localtime(now + timedelta(days=1)):%Y%m%d-%H%M%S}.zip"
    return sorted(folder.glob(f"{PREFIX}*.zip"), key=lambda path: (path.name <= last, path.name))
