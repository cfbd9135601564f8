"""Making a deployment ready: its secret, its tables, its static files. Each step does nothing where it was done."""

import os
from collections.abc import Iterable
from pathlib import Path
from secrets import token_urlsafe

from kaohe.web.config.configuration import Configuration

PRIVATE = 0o600


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read; one that is there stays as it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def make_secret(home: Path) -> None:
    """Make the key that signs sessions and seals second factors, in the folder of keys."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(home / "keys" / "secret-key", token_urlsafe(64))


def pending() -> list[str]:
    """Return the names of the migrations that the database has not had yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def ahead() -> list[str]:
    """Return the names of our migrations that the database has had and this version does not know."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return unknown(MigrationRecorder(connection).applied_migrations())


def unknown(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Return which migrations of our own apps this version does not know: they come from a newer one."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    own = {app.label for app in apps.get_app_configs() if app.name.startswith("kaohe.")}
    known = set(MigrationLoader(None).disk_migrations)
    return sorted(f"{app}.{name}" for app, name in set(applied) - known if app in own)


def is_refused(error: BaseException | None) -> bool:
    """Whether an error, or one behind it, is PostgreSQL's word that its account may not do this."""
    while error is not None:
        if getattr(error, "sqlstate", None) == "42501":
            return True
        error = error.__cause__ or error.__context__
    return False


def is_database_empty() -> bool:
    """Whether the database holds no table; a file of SQLite that is not there is not made."""
    from django.db import connection

    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if not path.exists() or not path.stat().st_size:
            return True
    return not connection.introspection.table_names()


def sqlite_files() -> list[Path]:
    """Return the files of an SQLite database: itself, its log, its shared memory."""
    from django.db import connection

    target = Path(connection.settings_dict["NAME"])
    return [target.with_name(target.name + end) for end in ("", "-wal", "-shm")]


def empty_database() -> None:
    """Take every table away that was made in a place found empty, where making it whole failed."""
    from django.db import connection

    connection.close()
    if connection.vendor == "sqlite":
        for path in sqlite_files():
            path.unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
    connection.close()


def migrate() -> None:
    """Bring the tables up to date."""
    from django.core.management import call_command

    if pending():
        call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def collect_static(configuration: Configuration) -> None:
    """Put the static files of this version in place; whitenoise serves them under names that hold their digest."""
    from django.core.management import call_command

    from kaohe import __version__

    mark = configuration.home / "static" / "version"
    if not mark.exists() or mark.read_text(encoding="utf-8") != _fingerprint(__version__):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.write_text(_fingerprint(__version__), encoding="utf-8")


def _fingerprint(version: str) -> str:
    """The version and the newest change of our own files, so that a checkout that changes is collected anew."""
    own = Path(__file__).resolve().parent.parent / "static"
    return f"{version} {max(path.stat().st_mtime_ns for path in own.rglob('*'))}"
