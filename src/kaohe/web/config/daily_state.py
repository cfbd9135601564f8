"""What the doctor asks of daily life: backups, accounts, the journal's key, background work, the faces of documents."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from kaohe.web.config import backup
from kaohe.web.config.configuration import Configuration
from kaohe.web.config.finding import Finding, bad, good, warn

OLDEST_BACKUP = timedelta(days=2)
LONGEST_WAIT = timedelta(minutes=10)


def backups(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Look for a backup of these days; say what none of them holds."""
    last = backup.newest(configuration.backups, now)
    if last is None:
        yield warn(
            "还没有备份", "there is no backup yet",
            "运行 kaohe backup；kaohe serve 运行时每天自动备份", "run `kaohe backup`; while `kaohe serve` runs it is made daily",
        )  # fmt: skip
        return
    age = now - datetime.fromtimestamp(last.stat().st_mtime, tz=now.tzinfo)
    if -age > OLDEST_BACKUP:
        yield warn(
            f"最近的备份 {last.name} 的时间还没有到", f"the newest backup, {last.name}, is of a day to come",
            "校准服务器的时钟，再运行 kaohe backup", "set the server's clock right, and run `kaohe backup`",
        )  # fmt: skip
    elif age > OLDEST_BACKUP:
        yield warn(
            f"最近的备份是 {age.days} 天前", f"the newest backup is {age.days} days old",
            "让 kaohe serve 一直运行，或定时运行 kaohe backup", "keep `kaohe serve` running, or run `kaohe backup` by a timer",
        )  # fmt: skip
    else:
        yield good(f"最近的备份：{last.name}", f"the newest backup: {last.name}")
    yield warn(
        "备份不含密钥，也还在这台机器上", "backups hold no keys, and lie on this machine",
        f"把 {configuration.keys} 和备份另存到别处", f"keep copies of {configuration.keys} and of the backups elsewhere",
    )  # fmt: skip


def people(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Look for a security administrator who can sign in, and for accounts of the demonstration."""
    from kaohe.web.accounts.models import Membership, User
    from kaohe.web.accounts.roles import Role

    today = timezone.localdate(now)
    held = Membership.objects.filter(Membership.on(today), user__is_active=True, role=Role.SECURITY)
    if not any(membership.user.has_usable_password() for membership in held.select_related("user")):
        yield bad(
            "没有一个安全管理员能登录", "no security administrator can sign in",
            "用 kaohe init 给出的一次性链接设密码；链接过期则恢复备份或重新 kaohe init",
            "set the password by the link that `kaohe init` gave; if it is over, restore a backup or `kaohe init` anew",
        )  # fmt: skip
    if not configuration.demo and User.objects.filter(demo=True, is_active=True).exists():
        yield bad(
            "正式系统里有演示账号", "accounts of the demonstration in a real system",
            "这个数据库是演示用的：另建一个", "this database is a demonstration's: make another",
        )  # fmt: skip


def journal(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Look for the key by which checkpoints are signed."""
    from kaohe.web.journal.checkpoints import latest
    from kaohe.web.journal.signing_key import KeyDamaged, has_signed, known_key

    last = latest()
    try:
        key = known_key()
    except KeyDamaged:
        yield bad(
            "签名用的密钥文件已损坏", "the key that signs checkpoints is damaged",
            "放回原来的 keys/journal-key，不要另做一把", "put the old keys/journal-key back; never make another",
        )  # fmt: skip
        return
    if key is not None and not has_signed(key):
        yield bad(
            "签名用的密钥是另一个系统的", "the key that signs checkpoints is another system's",
            "放回这个系统原来的 keys/journal-key", "put this system's own keys/journal-key back",
        )  # fmt: skip
    elif key is None and last is not None:
        yield bad(
            "签名用的密钥不见了", "the key that signs checkpoints is missing",
            "放回原来的 keys/journal-key，不要另做一把", "put the old keys/journal-key back; never make another",
        )  # fmt: skip
    elif last is not None:
        at = timezone.localtime(last.time)
        yield good(
            f"最近的检查点：{at:%Y-%m-%d}，{last.size:,} 条",
            f"the latest checkpoint: {at:%Y-%m-%d}, {last.size:,} entries",
        )


def jobs(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Look for background work that failed or is not taken up."""
    from kaohe.web.jobs.models import Job, State

    failed = Job.objects.filter(state=State.FAILED, finished_at__gte=now - timedelta(days=7)).count()
    waiting = Job.objects.filter(state=State.QUEUED, run_after__lt=now - LONGEST_WAIT).count()
    waiting += Job.objects.filter(state=State.RUNNING, lease_until__lt=now - LONGEST_WAIT).count()
    if failed:
        yield warn(
            f"近 7 天有 {failed} 个后台任务失败", f"jobs that failed in the last 7 days: {failed}",
            "系统管理员在“后台任务”里看原因", "the system administrator sees why under Background work",
        )  # fmt: skip
    if waiting:
        yield bad(
            f"{waiting} 个后台任务等了 10 分钟以上", f"jobs that have waited for over 10 minutes: {waiting}",
            "kaohe serve 没有运行，或后台进程起不来：看它的输出", "`kaohe serve` is not running, or its worker falls: see its output",
        )  # fmt: skip
    if not failed and not waiting:
        yield good("后台任务正常", "background work goes well")


def fonts(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Say which face prints each role, and which characters of the names of units and people it lacks."""
    from kaohe.documents.as_pdf import Press
    from kaohe.documents.faces import font_folders
    from kaohe.web.organisation.models import Person, Unit

    press = Press(font_folders((), os.environ.get("KAOHE_FONT_DIRS", "")))
    for face in press.faces:
        said_zh, said_en = f"{face.role}：{face.family}", f"{face.role}: {face.family}"
        if face.substitute:
            yield warn(
                f"{said_zh}（代用）", f"{said_en} (stands in)",
                "把单位的字体放进一个文件夹，用 KAOHE_FONT_DIRS 指明", "put the office's own faces into a folder and name it in KAOHE_FONT_DIRS",
            )  # fmt: skip
        else:
            yield good(said_zh, said_en)
    names = {*Unit.objects.values_list("name", flat=True), *Person.objects.values_list("name", flat=True)}
    for role, characters in press.missing(["".join(sorted(set("".join(names))))]).items():
        yield warn(
            f"{role}缺字：{characters}", f"{role} lacks: {characters}",
            "换一种收字更多的字体", "take a face that has them",
        )  # fmt: skip
