"""The home page in words: where things stand, what is to be done, where to go. What each role sees is in `parts`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import can
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import Standing
from kaohe.web.desk import administrators, queries, rounds, staff
from kaohe.web.desk.house import PLACES
from kaohe.web.desk.part import Part
from kaohe.web.desk.phases import phases_of, round_of
from kaohe.web.lang.choice import say
from kaohe.web.pages.parts import Fact, Phase, Task
from kaohe.web.pages.remembered import remembered
from kaohe.web.rounds.models import Round

UNIT_ROLES = frozenset({Role.OFFICER, Role.LEADER})
WATCHING_ROLES = frozenset({Role.AUDITOR, Role.SECURITY, Role.SYSTEM})
LOOKING_ROLES = frozenset({Role.INSPECTOR, Role.REVIEWER, Role.ACADEMY})

WAYS: dict[str, tuple[str, str]] = {
    "standards": ("百分考核标准：附件表格、每条规则和依据，新旧版本对照", "the hundred-point standard: its annex, each rule and its clause, versions compared"),
    "rounds": ("每一轮的标准、期限、单位和台账", "each round: its standard, dates, units and records"),
    "my-standing": ("台账已经算出的每一项：得分、缺什么、缺谁", "every criterion that the ledger measures: points, what is missing, and who"),
    "my-handbook": ("学时、培训班、竞赛、测评，还缺什么，可以打印", "hours, classes, contests, tests, what is still owed; can be printed"),
    "outbox": ("发出前先看一遍的提醒；没有邮箱的人列在一边打电话", "reminders that you see before they go; who has no address is listed for a call"),
    "units": ("按名称、拼音、首字母或代码查找单位，看责任处室、专人和分管领导", "find units by name, pinyin, initials or code; their office, officer and leader"),
    "people": ("查找人员，看现在和从前所在的单位", "find people, and where they belong and belonged"),
    "imports": ("上传台账、单位或人员的表，逐格核对错误，确认后生效，也可以撤回", "upload records, units or people, see every fault at its cell, confirm, or take back"),
    "accounts": ("开设和关闭账号，定角色和任期，发一次性链接", "open and close accounts, give roles from–to, make one-time links"),
    "journal": ("每一次改动一条，只增不改；核对检查点，下载证明", "every change, never altered; verify checkpoints, download proofs"),
    "security-log": ("登录、失败、拒绝访问的记录", "sign-ins, failures and refusals"),
    "jobs": ("导入、备份做到哪一步，失败的为什么失败", "how far imports and backups are, and why one failed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """A home page: its heading, one sentence, the procedure as a line, what is to be done, the parts beside it, and the ways from here."""

    title: str
    sub: str
    phases: tuple[Phase, ...]
    tasks: tuple[Task, ...]
    parts: tuple[Part, ...]
    ways: tuple[Fact, ...]


def home_of(standing: Standing, now: datetime) -> Home:
    """Say what somebody can do now."""
    today, a_round = timezone.localdate(now), round_of(standing)
    parts = tuple(parts_of(standing, now, a_round))
    return Home(
        title=standing.posts[0].unit_name,
        sub=say("", " ").join(dict.fromkeys(part.sub for part in parts if part.sub)),
        phases=phases_of(a_round, today),
        tasks=tuple(sorted((task for part in parts for task in part.tasks), key=lambda task: not task.over)),
        parts=tuple(part for part in parts if part.figures or part.facts or part.stays),
        ways=tuple(ways(standing)),
    )


def home_part(request: PageRequest, now: datetime) -> SafeString:
    """Return what the home page shows; remembered while nothing has changed, but for those who watch the time."""
    standing, today = request.standing, timezone.localdate(now)

    def shown() -> dict[str, object]:
        return {"home": home_of(standing, now)}

    if standing.roles & WATCHING_ROLES:
        return render_to_string("desk/_home.html", shown())
    return remembered(request, "desk/_home.html", today, shown, also=queries.open_imports())


def parts_of(standing: Standing, now: datetime, a_round: Round | None) -> list[Part]:
    """Return what each of the roles sees, one part for roles that see the same."""
    today = timezone.localdate(now)
    chosen: tuple[tuple[frozenset[str], Callable[[], Part | None]], ...] = (
        (frozenset({Role.OFFICE}), lambda: rounds.office_part(standing, a_round, today)),
        (UNIT_ROLES, lambda: rounds.unit_part(standing, a_round, today)),
        (frozenset({Role.CIVIL_SERVANT}), lambda: rounds.own_part(standing, a_round, today)),
        (LOOKING_ROLES | {Role.AUDITOR}, lambda: rounds.reader_part(standing, a_round, today)),
        (frozenset({Role.OFFICE}), lambda: staff.office_part(standing, today)),
        (UNIT_ROLES, lambda: staff.unit_part(standing, UNIT_ROLES, today)),
        (LOOKING_ROLES, lambda: staff.looking_part(standing, today)),
        (frozenset({Role.CIVIL_SERVANT}), lambda: staff.record_part(standing)),
        (frozenset({Role.AUDITOR}), lambda: administrators.audit_part(now)),
        (frozenset({Role.SYSTEM}), lambda: administrators.system_part(settings.CONFIGURATION.home, now)),
        (frozenset({Role.SECURITY}), lambda: administrators.security_part(now, today)),
    )
    made = (part() for roles, part in chosen if standing.roles & roles)
    return [part for part in made if part is not None]


def ways(standing: Standing) -> list[Fact]:
    """Return the places that somebody may enter, with what is done there."""
    return [
        Fact(say(*words), say(*WAYS[name]), reverse(name))
        for name, action, words in PLACES
        if name in WAYS and action is not None and can(standing, action)
    ]
