"""The home pages of the three administrators: audit, system, security."""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.urls import reverse
from django.utils import timezone

from kaohe.web.desk import queries
from kaohe.web.desk.part import Part
from kaohe.web.lang.choice import say
from kaohe.web.lang.dates import day_text, moment_text
from kaohe.web.pages.parts import Fact, Figure, Task

OVERDUE = timedelta(days=2)
"""After how long a daily backup or checkpoint is missing, not late."""
MANY_FAILURES = 20
GIGABYTE = 10**9


def audit_part(now: datetime) -> Part:
    """How far the journal is and how much of it the last checkpoint covers; who was turned away."""
    told = queries.trail(now)
    sub = say(f"日志共 {told.entries:,} 条，", f"Entries in the journal: {told.entries:,}, ")
    sub += say(f"检查点盖住前 {told.covered:,} 条。", f"covered by the last checkpoint: {told.covered:,}.")
    figures = (
        Figure(say("日志条目", "Entries"), f"{told.entries:,}", url=reverse("journal")),
        Figure(say("检查点之后", "Since checkpoint"), f"{told.entries - told.covered:,}"),
        Figure(say("登录失败", "Failed sign-ins"), f"{told.failures:,}", say("一天内", "in a day"), told.failures >= MANY_FAILURES, reverse("security-log")),
        Figure(say("拒绝访问", "Refusals"), f"{told.denied:,}", say("一天内", "in a day")),
    )  # fmt: skip
    facts = (
        Fact(say("最近检查点", "Last checkpoint"), moment_text(told.checked_at) if told.checked_at else ""),
        Fact(say("一天内的安全记录", "Security events in a day"), f"{told.events:,}", reverse("security-log")),
    )
    return Part(say("日志", "Journal"), sub, tuple(_audit_tasks(told, now)), figures, facts)


def _audit_tasks(told: queries.Trail, now: datetime) -> list[Task]:
    tasks, journal = [], reverse("journal")
    if told.entries and told.checked_at is None:
        text = say(
            "没有检查点，事后的改动就无从证明。", "Without a checkpoint nothing proves that entries were not altered."
        )
        tasks.append(Task(say("现在", "Now"), "", say("做第一个检查点", "Make the first checkpoint"), text, journal, say("打开日志", "Open the journal"), main=True))  # fmt: skip
    elif told.checked_at and told.entries > told.covered and now - told.checked_at > OVERDUE:
        days = (now - told.checked_at).days
        text = say("每日检查点由后台任务做；问系统管理员，或现在自己做一个。", "Background work makes one daily: ask the system administrator, or make one now.")  # fmt: skip
        tasks.append(Task(say("已逾期", "Overdue"), say(f"{days} 天", f"{days} days"), say("检查点没有按日做", "No daily checkpoint"), text, journal, say("打开日志", "Open the journal"), over=True))  # fmt: skip
    if told.failures >= MANY_FAILURES:
        text = say("看是哪些账号、从哪里来；要关闭账号，找安全管理员。", "See which accounts, and from where. The security administrator closes accounts.")  # fmt: skip
        tasks.append(Task(say("今天", "Today"), "", say(f"查看 {told.failures:,} 次登录失败", f"Look at the failed sign-ins: {told.failures:,}"), text, reverse("security-log"), say("打开安全日志", "Open the security log")))  # fmt: skip
    return tasks


def system_part(home: Path, now: datetime) -> Part:
    """Jobs, the last backup, the disk."""
    told = queries.machine(home, now)
    backup = moment_text(told.backup_at) if told.backup_at else say("还没有", "none yet")
    sub = say(f"最近备份：{backup}。", f"Last backup: {backup}.")
    figures = (
        Figure(say("失败的任务", "Failed work"), f"{told.failed:,}", say("七天内", "in 7 days"), told.failed > 0, reverse("jobs")),
        Figure(say("在做和等待", "At work, waiting"), f"{told.running:,}", url=reverse("jobs")),
        Figure(say("磁盘可用", "Disk free"), f"{told.free / GIGABYTE:,.1f}", f"GB / {told.size / GIGABYTE:,.0f} GB"),
    )  # fmt: skip
    facts = (Fact(say("最近备份", "Last backup"), backup),)
    return Part(say("系统", "System"), sub, tuple(_system_tasks(told, now)), figures, facts)


def _system_tasks(told: queries.Machine, now: datetime) -> list[Task]:
    tasks, work = [], reverse("jobs")
    if told.backup_at is None or now - told.backup_at > OVERDUE:
        when = day_text(timezone.localdate(told.backup_at)) if told.backup_at else say("从未", "never")
        text = say("备份每天夜里自动做。看后台任务为什么没有做，或在服务器上运行 kaohe backup。", "Backups run every night. See why this one did not, or run kaohe backup on the server.")  # fmt: skip
        tasks.append(Task(say("已逾期", "Overdue"), when, say("做一次备份", "Make a backup"), text, work, say("查看任务", "See the work"), over=True))  # fmt: skip
    if told.failed:
        text = say("每一个都写着原因。", "Each says why.")
        tasks.append(Task(say("七天内", "In 7 days"), "", say(f"查看 {told.failed:,} 个失败的任务", f"Look at the work that failed: {told.failed:,}"), text, work, say("查看任务", "See the work")))  # fmt: skip
    if told.free * 10 < told.size:
        text = say("磁盘满了，谁也不能保存。移走旧的备份，或扩大磁盘。", "Nobody can save on a full disk. Move old backups away, or enlarge it.")  # fmt: skip
        tasks.append(Task(say("现在", "Now"), "", say("磁盘剩余不到一成", "Less than a tenth of the disk is free"), text, over=True))  # fmt: skip
    return tasks


def security_part(now: datetime, today: date) -> Part:
    """Accounts that cannot come in, or soon will not."""
    told = queries.doors(now, today)
    accounts = reverse("accounts")
    sub = say(f"在用账号 {told.accounts:,} 个。", f"Active accounts: {told.accounts:,}.")
    figures = (
        Figure(say("在用账号", "Active accounts"), f"{told.accounts:,}", url=f"{accounts}?state=active"),
        Figure(say("没有密码", "No password"), f"{told.without_password:,}", url=f"{accounts}?state=new"),
        Figure(say("缺动态码", "No codes"), f"{told.without_factor:,}", url=f"{accounts}?state=owing"),
        Figure(say("待用链接", "Open links"), f"{told.links:,}"),
    )
    return Part(say("账号", "Accounts"), sub, tuple(_security_tasks(told, today)), figures)


def _security_tasks(told: queries.Doors, today: date) -> list[Task]:
    tasks, accounts = [], reverse("accounts")
    go, now = say("打开账号", "Open accounts"), say("现在", "Now")
    if told.without_password:
        text = say("没有密码的账号进不来。生成一次性链接，当面交给本人。", "They cannot come in. Make a one-time link and hand it over.")  # fmt: skip
        tasks.append(Task(now, "", say(f"{told.without_password:,} 个账号没有密码", f"Accounts without a password: {told.without_password:,}"), text, f"{accounts}?state=new", go))  # fmt: skip
    if told.without_factor:
        text = say("这些角色必须有动态码；下次登录时系统会要求设置。", "Their roles must have one; the system asks at the next sign-in.")  # fmt: skip
        tasks.append(Task(now, "", say(f"{told.without_factor:,} 个账号还没有动态码", f"Accounts without one-time codes: {told.without_factor:,}"), text, f"{accounts}?state=owing", go))  # fmt: skip
    dated: list[tuple[date, Task]] = []
    if told.first_end:
        left = (told.first_end - today).days
        text = say(
            "到期后进不来。要延长，改任期。", "Nobody comes in after the last day. To prolong, change the dates."
        )
        dated.append((told.first_end, Task(day_text(told.first_end), say(f"剩 {left} 天", f"days left: {left}"), say(f"{told.ending:,} 个角色三十天内到期", f"Roles that end within 30 days: {told.ending:,}"), text, accounts, go)))  # fmt: skip
    if told.first_link_ends:
        ends = timezone.localdate(told.first_link_ends)
        text = say("过了时间要重新生成。", "After its time a link has to be made anew.")
        dated.append((ends, Task(day_text(ends), say("最早失效", "first to lapse"), say(f"{told.links:,} 个一次性链接还没有用", f"One-time links not used yet: {told.links:,}"), text, accounts, go)))  # fmt: skip
    return tasks + [task for _, task in sorted(dated, key=lambda one: one[0])]
