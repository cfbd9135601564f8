"""What is wrong with this deployment, and how to mend it: looked over as a whole, nothing changed."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.core import checks
from django.db import connection
from django.db.utils import Error

from kaohe.web.config import certificates, daily_state, deployment, mail_state, safety
from kaohe.web.config.configuration import Configuration, file_of
from kaohe.web.config.finding import Finding, bad, good, warn
from kaohe.web.config.safety import SHORTEST_SECRET

LEAST_FREE = 2 << 30
CERTIFICATE_DAYS = 30
PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
"""What SQLite must say of itself: a write-ahead log, every commit on the disk, references held."""

Look = Callable[[Configuration, datetime], Iterator[Finding]]


def examine(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Look at everything; a part that cannot be looked at is a finding too."""
    for look in (_settings, _keys, _certificate, _disk, daily_state.backups, _database):
        yield from _looked(look, configuration, now)
    if _is_ready():
        daily = (daily_state.people, daily_state.journal, daily_state.jobs, mail_state.mail, daily_state.fonts)
        for look in (*daily, _django):
            yield from _looked(look, configuration, now)


def _looked(look: Look, configuration: Configuration, now: datetime) -> Iterator[Finding]:
    try:
        yield from look(configuration, now)
    except (Error, OSError, ValueError) as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        yield bad(f"查不了：{said}", f"cannot be looked at: {said}", "先解决它", "mend this first")


def _is_ready() -> bool:
    """Whether the tables are those of this version; else nothing more can be asked of them."""
    try:
        return not deployment.pending() and not deployment.ahead()
    except Error:
        return False


def _settings(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Say why `kaohe serve` would refuse these settings; of the session key `_keys` speaks."""
    from kaohe.documents.fault_wording import sentence

    for fault in safety.of_settings(configuration):
        if fault.code != "secret_weak":
            yield bad(
                sentence(fault, "zh"), sentence(fault, "en"),
                "先改好，否则 kaohe serve 不启动", "mend it first, or `kaohe serve` will not start",
            )  # fmt: skip


def _keys(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    if len(configuration.secret_key) < SHORTEST_SECRET:
        yield bad(
            "会话密钥没有或太短", "the session key is missing or too short",
            "放回原来的 keys/secret-key", "put the old keys/secret-key back",
        )  # fmt: skip
    else:
        yield good("会话密钥在", "the session key is there")
    readable = list(_readable_by_others(configuration))
    if readable:
        names = ", ".join(readable)
        yield bad(
            f"别人可读：{names}", f"others can read: {names}",
            "改为只有运行系统的账号可读（chmod 600，文件夹 700）",
            "let only the account that runs the system read them (chmod 600, folders 700)",
        )  # fmt: skip


def _readable_by_others(configuration: Configuration) -> Iterator[str]:
    """Yield what others could read. On Windows the folder's own permissions decide, which are not looked at."""
    if sys.platform == "win32":
        return
    home = configuration.home
    keys = (
        [path for path in configuration.keys.rglob("*") if path.suffix != ".crt"] if configuration.keys.exists() else []
    )
    password = [Path(configuration.smtp_password_file)] if configuration.smtp_password_file else []
    for path in (home, home / "kaohe.sqlite3", file_of(os.environ, home), *{*keys, *password}):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield path.name if path == home or not path.is_relative_to(home) else path.relative_to(home).as_posix()


def _certificate(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    listed = ", ".join(configuration.hosts)
    yield good(f"可用地址：{listed}", f"reached as: {listed}")
    if any(fault.place.path == "tls_cert" for fault in safety.of_settings(configuration)):
        return  # told already
    if configuration.tls_cert:
        ends = certificates.expires(Path(configuration.tls_cert))
        left = (ends - now).days
        mend = (
            "运行 kaohe init --certificate 重发，再重启",
            "run `kaohe init --certificate` for a new one, and restart",
        )
        if left < 0:
            yield bad(f"证书已于 {ends:%Y-%m-%d} 到期", f"the certificate ended on {ends:%Y-%m-%d}", *mend)
        elif left < CERTIFICATE_DAYS:
            yield warn(f"证书 {ends:%Y-%m-%d} 到期", f"the certificate ends on {ends:%Y-%m-%d}", *mend)
        else:
            yield good(f"证书到 {ends:%Y-%m-%d}", f"the certificate lasts until {ends:%Y-%m-%d}")
    elif not configuration.proxies:
        yield warn(
            "没有证书：只能在本机用 http 访问", "no certificate: it can be reached from this machine only, by http",
            "运行 kaohe init --certificate，或声明反向代理 proxies", "run `kaohe init --certificate`, or declare `proxies`",
        )  # fmt: skip


def _disk(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(configuration.home).free
    size = f"{free / 2**30:.1f} GB"
    if free < LEAST_FREE:
        yield bad(
            f"磁盘只剩 {size}", f"only {size} of the disk are free",
            "清理磁盘，或把整个文件夹移到大盘", "free some, or move the whole folder to a larger disk",
        )  # fmt: skip
    else:
        yield good(f"磁盘还有 {size}", f"{size} of the disk are free")


def _database(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield from _postgresql()
    if newer := deployment.ahead():
        yield bad(
            f"数据库来自更新的版本（{newer[0]}）", f"the database is of a newer version ({newer[0]})",
            "升级 kaohe", "upgrade kaohe",
        )  # fmt: skip
    elif names := deployment.pending():
        yield bad(
            f"数据库差 {len(names)} 步升级", f"the database lacks {len(names)} steps",
            "运行 kaohe migrate（会先备份）", "run `kaohe migrate` (it backs up first)",
        )  # fmt: skip


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        said = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            said = said.strip().splitlines()[-1]
            yield bad(
                f"数据库文件损坏：{said}", f"the database file is damaged: {said}",
                "停止服务，保留这个文件夹，把最近的备份用 kaohe restore 恢复到另一个文件夹",
                "stop serving, keep this folder, and `kaohe restore` the newest backup into another one",
            )  # fmt: skip
            return
        found = {name: str(cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in PRAGMAS}
        dangling = cursor.execute("PRAGMA foreign_key_check").fetchone()
    wrong = ", ".join(f"{name}={value}" for name, value in found.items() if value != PRAGMAS[name])
    if wrong:
        yield bad(
            f"SQLite 的设置没有生效：{wrong}", f"SQLite does not keep its settings: {wrong}",
            "把文件夹放在本机磁盘上，不要放在网络盘", "keep the folder on a disk of this machine, not on a network share",
        )  # fmt: skip
    if dangling:
        yield bad(
            f"表 {dangling[0]} 有断开的引用", f"table {dangling[0]} refers to rows that are not there",
            "恢复最近的备份", "restore the newest backup",
        )  # fmt: skip
    if not wrong and not dangling:
        yield good(
            "数据库完好（SQLite，预写日志，逐次落盘）",
            "the database is sound (SQLite, write-ahead log, every commit synced)",
        )


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        off = []
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] == "off":
                off.append(name)
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    if off:
        yield bad(
            f"PostgreSQL 关掉了 {', '.join(off)}：断电会丢失已保存的内容", f"PostgreSQL has {', '.join(off)} off: a power failure loses what was saved",
            "在 postgresql.conf 里改回 on", "set them on again in postgresql.conf",
        )  # fmt: skip
    else:
        yield good(f"数据库连得上（PostgreSQL {version}）", f"the database answers (PostgreSQL {version})")


def _django(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    for message in checks.run_checks(include_deployment_checks=configuration.secure):
        if message.level >= checks.WARNING:
            said, hint = f"{message.id}: {message.msg}", str(message.hint or "")
            yield bad(said, said, hint, hint)
