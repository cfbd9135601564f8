"""The commands of the web: the only place where the first door opens the second."""

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaohe.cli.console import Console
from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.web.config import configuration as configurations
from kaohe.web.config import deployment, safety
from kaohe.web.config.configuration import Configuration

DEMO_TITLE = "本溪市行政机关公务员基本功训练考核"
MARKS = {"good": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


def home_of(options: argparse.Namespace) -> Path:
    """Return the folder that `--home` names, else `KAOHE_HOME`, else `kaohe-data` here."""
    return Path(options.home or os.environ.get("KAOHE_HOME") or "kaohe-data").absolute()


def awake(environment: dict[str, str]) -> Configuration:
    """Read the configuration under this environment, and wake Django up with it."""
    os.umask(0o077)  # what a deployment writes is nobody else's to read
    os.environ.update(environment)
    try:
        found = configurations.current()
    except PermissionError as error:
        raise BadInput(Faults.of([Fault("keys_unreadable", Place(str(error.filename)), str(error.strerror))])) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
    import django

    django.setup()
    return found


def opened(options: argparse.Namespace) -> Configuration:
    """Open the deployment that is there; BadInput where there is none, or its database does not answer."""
    home = home_of(options)
    found = awake({"KAOHE_HOME": str(home)})
    if found.database == "sqlite" and not (home / "kaohe.sqlite3").exists():
        raise BadInput(Faults.of([Fault("home_missing", Place(str(home)))]))
    reach(found)
    return found


def reach(found: Configuration) -> None:
    """Reach the database, or say why it does not answer."""
    from django.db import DatabaseError, OperationalError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        place, said = Place(found.shown_database), str(error).strip().splitlines()[0]
        away = isinstance(error, OperationalError)
        fault = Fault("database_unreachable", place, said) if away else Fault("database_damaged", place, said)
        raise BadInput(Faults.of([fault])) from None


@contextmanager
def permitted(found: Configuration) -> Iterator[None]:
    """Say so where the database does not let its account do what is asked."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        if not deployment.is_refused(error):
            raise
        said = str(error).strip().splitlines()[0]
        raise BadInput(Faults.of([Fault("database_refuses", Place(found.shown_database), said)])) from None


def _refuse_unsafe(found: Configuration, host: str, port: int) -> None:
    unsafe = tuple(safety.faults(found, host, port))
    if unsafe:
        raise BadInput(Faults.of(unsafe))


def _refuse_unready(found: Configuration) -> None:
    """Refuse tables of another version, accounts of a demonstration, and a journal whose key was lost."""
    from kaohe.web.config import demo as demonstration
    from kaohe.web.journal import signing_key

    place = Place(found.shown_database)
    if ahead := deployment.ahead():
        raise BadInput(Faults.of([Fault("database_newer", place, ahead[0])]))
    if pending := deployment.pending():
        raise BadInput(Faults.of([Fault("migrations_pending", place, str(len(pending)))]))
    if not found.demo and demonstration.is_loaded():
        raise BadInput(Faults.of([Fault("demo_accounts", place)]))
    with refused_without_key():
        signing_key.ensure_key()


@contextmanager
def refused_without_key() -> Iterator[None]:
    """Say which key is wanted where the one that signs checkpoints is lost, damaged or another system's."""
    from kaohe.web.journal import signing_key

    try:
        yield
    except signing_key.KeyDamaged as damaged:
        raise BadInput(Faults.of([Fault("key_damaged", Place(str(damaged)))])) from None
    except signing_key.KeyOfAnotherLog as other:
        raise BadInput(Faults.of([Fault("key_of_another_log", Place(str(other)))])) from None
    except signing_key.KeyLost as lost:
        raise BadInput(Faults.of([Fault("key_lost", Place(str(lost)))])) from None


def serve(options: argparse.Namespace, console: Console) -> int:
    """`kaohe serve`: web and background work, until interrupted."""
    said = {"KAOHE_TLS_CERT": options.tls_cert, "KAOHE_TLS_KEY": options.tls_key}
    os.environ.update({name: str(Path(path).absolute()) for name, path in said.items() if path})
    found = opened(options)
    _refuse_unsafe(found, options.host, options.port)
    with permitted(found):
        _refuse_unready(found)
    _run(found, options.host, options.port, console)
    return 0


def _run(found: Configuration, host: str, port: int, console: Console) -> None:
    from django.db import connections

    from kaohe.web.config import serving

    deployment.collect_static(found)
    connections.close_all()
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    address = f"{'https' if found.tls_cert else 'http'}://{shown}:{port}/"
    console.say(f"已启动：{address}　Ctrl-C 结束", f"Serving at {address}   Ctrl-C ends it")
    console.out.flush()
    serving.serve(found, host, port)
    console.say("已停止。", "Stopped.")


def demo(options: argparse.Namespace, console: Console) -> int:
    """`kaohe demo`: an invented city to walk about in; the second time it goes on from what is there.

    A city whose making was interrupted is made afresh.
    """
    home = Path(options.home or "kaohe-demo").absolute()
    unfinished = home / "unfinished"
    _refuse_real(home)
    if options.reset or unfinished.exists():
        shutil.rmtree(home, ignore_errors=True)
    deployment.make_secret(home)
    found = awake(
        {"KAOHE_HOME": str(home), "KAOHE_DEMO": "true", "KAOHE_TITLE": DEMO_TITLE, "KAOHE_DATABASE": "sqlite"}
    )
    _refuse_unsafe(found, "127.0.0.1", options.port)
    from django.utils import timezone

    from kaohe.web.config import demo as demonstration
    from kaohe.web.journal import signing_key

    if not (home / "kaohe.sqlite3").exists():
        unfinished.touch()
    deployment.migrate()
    signing_key.ensure_key()
    if unfinished.exists() or not demonstration.is_loaded():
        console.progress("造一座城市", "making a city")
        demonstration.load(timezone.now())
        unfinished.unlink(missing_ok=True)
        console.clear()
    console.lines(demonstration.welcome(f"http://127.0.0.1:{options.port}/", console.language))
    _run(found, "127.0.0.1", options.port, console)
    return 0


def _refuse_real(home: Path) -> None:
    """Refuse to make a demonstration of a real deployment, or to remove one: `kaohe init` wrote its settings."""
    if (home / "kaohe.toml").exists():
        raise BadInput(Faults.of([Fault("home_taken", Place(str(home)))]))
    if home.exists() and any(home.iterdir()) and not (home / "keys" / "secret-key").exists():
        raise BadInput(Faults.of([Fault("place_not_empty", Place(str(home)))]))


def migrate(options: argparse.Namespace, console: Console) -> int:
    """`kaohe migrate`: bring the tables up to date, after a backup."""
    from django.utils import timezone

    found = opened(options)
    with permitted(found):
        if ahead := deployment.ahead():
            raise BadInput(Faults.of([Fault("database_newer", Place(found.shown_database), ahead[0])]))
        names = deployment.pending()
        if names and not deployment.is_database_empty():
            from kaohe.web.config import backup

            made = backup.make(found, found.backups, timezone.now())
            console.say(f"已备份：{made.path}", f"Backed up: {made.path}")
        deployment.migrate()
    console.say(f"数据库已是最新（{len(names)} 步）。", f"The database is up to date ({len(names)} steps).")
    return 0


def backup(options: argparse.Namespace, console: Console) -> int:
    """`kaohe backup`: write a backup while people go on working."""
    from django.utils import timezone

    from kaohe.web.config import backup as backups

    found = opened(options)
    with permitted(found):
        made = backups.make(found, Path(options.out).absolute() if options.out else found.backups, timezone.now())
    console.say(f"已备份：{made.path}　{made.size:,} 字节", f"Backed up: {made.path}   {made.size:,} bytes")
    console.say(f"不含密钥：另存 {found.keys}", f"Without the keys: keep {found.keys} elsewhere as well")
    return 0


def restore(options: argparse.Namespace, console: Console) -> int:
    """`kaohe restore FILE`: bring a backup back into an empty place, and look it over."""
    file, home = Path(options.file), home_of(options)
    found = awake({"KAOHE_HOME": str(home)})
    if found.database != "sqlite":
        reach(found)
    from kaohe.web.config import restore as restoration

    with permitted(found):
        rows = restoration.restore(found, file)
    missing = [name for name in ("secret-key", "journal-key") if not (found.keys / name).exists()]
    deployment.make_secret(home)
    console.say(
        f"已恢复 {sum(rows.values()):,} 行，{len(rows)} 张表，核对无误。",
        f"Restored and compared: {sum(rows.values()):,} rows in {len(rows)} tables.",
    )
    if missing:
        listed = ", ".join(missing)
        console.say(
            f"密钥不在备份里，这里缺 {listed}：把原来的 keys 文件夹放到 {found.keys}。没有它，动态码要重设，检查点不能再签名。",
            f"Backups hold no keys, and {listed} are missing here: put the old keys folder at {found.keys}. Without it second factors must be set up anew, and checkpoints cannot be signed.",
        )
    if found.database != "sqlite" and "KAOHE_DATABASE" in os.environ:
        console.say(
            "数据库地址不在备份里：写进 kaohe.toml 的 database，或继续用环境变量。",
            "The database's address is not in the backup: write it into kaohe.toml as `database`, or keep the environment variable.",
        )
    from kaohe.cli import journal

    return journal.verify(argparse.Namespace(home=str(home), file=[], checkpoint=[], key=None), console)


def doctor(options: argparse.Namespace, console: Console) -> int:
    """`kaohe doctor`: say what is wrong with this deployment and how to mend it; 1 where something must be mended."""
    found = opened(options)
    from django.utils import timezone

    from kaohe.web.config.doctor import examine

    levels = set()
    for finding in examine(found, timezone.now()):
        mark, colour = MARKS[finding.level]
        said, mend, arrow = (
            (finding.zh, finding.mend_zh, "　→　")
            if console.language == "zh"
            else (finding.en, finding.mend_en, "  ->  ")
        )
        console.lines([console.coloured(f"{mark} {said}{arrow if mend else ''}{mend}", colour, console.out)])
        levels.add(finding.level)
    return int("bad" in levels)
