"""A backup brought back into an empty place, and looked over: digests, rows, references. It is there whole, or not at all."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.web.config import backup, backup_reading, deployment
from kaohe.web.config.backup_reading import Manifest
from kaohe.web.config.configuration import Configuration


class Unsound(Exception):
    """Raised where a backup is as it was written, but what was written does not hold together."""


def unfit(configuration: Configuration, file: Path) -> list[Fault]:
    """Return why a backup cannot be brought back here: it is broken, from elsewhere, or the place is not empty."""
    found = list(backup_reading.faults(file))
    if found:
        return found
    with zipfile.ZipFile(file) as archive:
        manifest = backup_reading.manifest_of(archive)
    return [*_foreign(manifest, file), *_taken(configuration)]


def _foreign(manifest: Manifest, file: Path) -> Iterator[Fault]:
    if manifest.database != connection.vendor:
        here = {"here": connection.display_name}
        yield Fault("backup_of_other_database", Place(file.name), manifest.database, here)
    elif unknown := deployment.unknown(manifest.migrations):
        yield Fault("backup_newer", Place(file.name), min(unknown))
    elif connection.vendor == "sqlite" and backup.SQLITE_COPY not in manifest.sha256:
        yield Fault("backup_broken", Place(file.name), backup.SQLITE_COPY)
    elif connection.vendor != "sqlite" and set(manifest.tables.values()) != set(manifest.rows):
        yield Fault("backup_broken", Place(file.name), backup.DATABASE)


def _taken(configuration: Configuration) -> Iterator[Fault]:
    if configuration.files.exists() and any(configuration.files.iterdir()):
        yield Fault("place_not_empty", Place(str(configuration.files)))
    if not deployment.is_database_empty():
        yield Fault("database_not_empty", Place(configuration.shown_database))


def restore(configuration: Configuration, file: Path) -> dict[str, int]:
    """Bring a backup back; return the rows of each table. Raises BadInput, and changes nothing, where it is unfit."""
    found = unfit(configuration, file)
    if found:
        raise BadInput(Faults.of(found))
    with zipfile.ZipFile(file) as archive, _whole_or_nothing(configuration, file):
        manifest = backup_reading.manifest_of(archive)
        if connection.vendor == "sqlite":
            _place_sqlite(archive)
        else:
            _fill_postgresql(archive, manifest)
        _check(manifest.rows)
        for name in manifest.sha256:
            if name.startswith(backup.FILES):
                _extract(archive, name, configuration.home / name)
        deployment.migrate()
        if backup.SETTINGS in manifest.sha256:
            _extract(archive, backup.SETTINGS, configuration.home / backup.SETTINGS)
    return manifest.rows


@contextmanager
def _whole_or_nothing(configuration: Configuration, file: Path) -> Iterator[None]:
    """Make the place empty again, as it was found, where something goes wrong."""
    existed = configuration.home.exists()
    try:
        yield
    except BaseException as error:
        shutil.rmtree(configuration.files, ignore_errors=True)
        deployment.empty_database()
        if not existed:
            shutil.rmtree(configuration.home, ignore_errors=True)
        unsound = isinstance(error, Unsound | DatabaseError | sqlite3.DatabaseError)
        if unsound and not deployment.is_refused(error):
            raise BadInput(Faults.of([Fault("backup_unsound", Place(file.name), str(error))])) from error
        raise


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    if target.exists():
        return  # the settings of the new place stay
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(name) as read, target.open("xb") as written:
        target.chmod(0o600)
        shutil.copyfileobj(read, written, backup.PIECE)


def _place_sqlite(archive: zipfile.ZipFile) -> None:
    connection.close()
    for path in deployment.sqlite_files():
        path.unlink(missing_ok=True)
    target = deployment.sqlite_files()[0]
    _extract(archive, backup.SQLITE_COPY, target)
    with closing(sqlite3.connect(target)) as database:
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
        dangling = database.execute("PRAGMA foreign_key_check").fetchall()
    if whole != "ok" or dangling:
        raise Unsound(f"integrity: {whole}; dangling references: {len(dangling)}")


def _fill_postgresql(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made, and fill them; later changes of the tables follow."""
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    whole = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    plan = [(step, back) for step, back in whole if (step.app_label, step.name) in manifest.migrations]
    executor.migrate([(step.app_label, step.name) for step, _ in plan], plan)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in manifest.tables.values():
            cursor.execute(f'DELETE FROM "{table}"')
        for name, table in manifest.tables.items():
            with archive.open(name) as stream:
                _fill(cursor, table, stream)
        _set_sequences(cursor)


def _fill(cursor: Any, table: str, stream: IO[bytes]) -> None:
    columns = json.loads(stream.readline())
    listed = ", ".join(map(connection.ops.quote_name, columns))
    with cursor.cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
        while piece := stream.read(backup.PIECE):
            copy.write(piece)


def _set_sequences(cursor: Any) -> None:
    """Let each sequence go on after the highest number there is; tables that are not there yet have none."""
    there = set(connection.introspection.table_names(cursor))
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and m._meta.db_table in there]
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence('django_migrations', 'id'), (SELECT MAX(id) FROM django_migrations))"
    )


def _check(rows: dict[str, int]) -> None:
    """Compare the rows of every table with what the manifest says."""
    differing = list(_differing(rows))
    if differing:
        raise Unsound("rows differ: " + ", ".join(differing))


def _differing(rows: dict[str, int]) -> Iterator[str]:
    with connection.cursor() as cursor:
        for table, count in rows.items():
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            found = cursor.fetchone()[0]
            if found != count:
                yield f"{table}: {found} instead of {count}"
