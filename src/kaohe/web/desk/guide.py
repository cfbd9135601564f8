"""What the help of each role consists of: sections in their order, each a template in both languages."""

from dataclasses import dataclass

from django.urls import reverse

from kaohe.ledger.organisation import ORGANISATION_PEOPLE, ORGANISATION_UNITS
from kaohe.ledger.tables import Table
from kaohe.ledger.template_notes import ORGANISATION_HOLDS
from kaohe.web.accounts.roles import Role, title
from kaohe.web.lang.choice import say, spoken

SECTIONS: dict[str, tuple[str, str]] = {
    "sign_in": ("登录", "Signing in"),
    "second_factor": ("动态码", "One-time codes"),
    "sessions": ("时限和写到一半的内容", "Time limits and half-written text"),
    "display": ("语言、明暗、字号", "Language, light, type size"),
    "finding": ("查找单位和人员", "Finding units and people"),
    "own_unit": ("核对本单位登记", "Checking your unit's record"),
    "own_record": ("核对本人登记", "Checking your own record"),
    "standard": ("考核标准", "The standard"),
    "versions": ("标准的版本", "Versions of a standard"),
    "round": ("考核轮次", "Rounds"),
    "ledger": ("导入训练记录", "Importing training records"),
    "standing": ("本单位台账", "Where your unit stands"),
    "city": ("全市情况", "The whole city"),
    "reminders": ("提醒和发件箱", "Reminders and the outbox"),
    "handbook": ("训练手册", "The handbook"),
    "importing": ("导入单位和人员", "Importing units and people"),
    "formats": ("文件格式", "File formats"),
    "unit_edit": ("更正单位信息", "Correcting a unit"),
    "accounts": ("开设账号和角色", "Accounts and roles"),
    "links": ("一次性链接", "One-time links"),
    "journal": ("日志和证明", "The journal and its proofs"),
    "security_log": ("安全日志", "The security log"),
    "jobs": ("后台任务", "Background work"),
    "system": ("备份、恢复和检查", "Backup, restore and check"),
}
FIRST = ("sign_in",)
LAST = ("sessions", "display")
OWED = ("sign_in", "second_factor")

GUIDE: dict[str, tuple[str, ...]] = {
    Role.OFFICE: (
        *OWED,
        "importing",
        "formats",
        "standard",
        "versions",
        "round",
        "ledger",
        "city",
        "reminders",
        "handbook",
        "finding",
        "unit_edit",
        "jobs",
        *LAST,
    ),
    Role.OFFICER: (
        *FIRST,
        "standing",
        "ledger",
        "reminders",
        "handbook",
        "standard",
        "own_unit",
        "finding",
        "second_factor",
        *LAST,
    ),
    Role.LEADER: (
        *FIRST,
        "standing",
        "reminders",
        "handbook",
        "standard",
        "own_unit",
        "finding",
        "second_factor",
        *LAST,
    ),
    Role.INSPECTOR: (*OWED, "standard", "finding", *LAST),
    Role.REVIEWER: (*OWED, "standard", "finding", *LAST),
    Role.ACADEMY: (*FIRST, "ledger", "finding", "second_factor", *LAST),
    Role.CIVIL_SERVANT: (*FIRST, "handbook", "standard", "own_record", "second_factor", *LAST),
    Role.AUDITOR: (*OWED, "standard", "city", "journal", "security_log", "finding", *LAST),
    Role.SYSTEM: (*OWED, "jobs", "system", *LAST),
    Role.SECURITY: (*OWED, "accounts", "links", *LAST),
}
"""The sections of each role, in the order in which it meets them."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the help: its anchor, its heading, its template."""

    anchor: str
    title: str
    template: str


@dataclass(frozen=True, slots=True)
class Other:
    """The help of a role, as a link."""

    url: str
    title: str
    current: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A column of a file: its two headers, what it holds, and whether it must be filled in."""

    header: str
    name: str
    text: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """The help of one role."""

    role: str
    title: str
    opening: str
    sections: tuple[Section, ...]
    others: tuple[Other, ...]


def guide_of(role: str) -> Guide | None:
    """Return the help of a role; None where there is no such role."""
    if role not in GUIDE:
        return None
    sections = tuple(Section(name, say(*SECTIONS[name]), f"desk/help/_{name}.html") for name in GUIDE[role])
    others = tuple(Other(reverse("help-of", args=[other]), title(other), other == role) for other in GUIDE)
    return Guide(role, title(role), f"desk/help/{role}.html", sections, others)


def columns() -> dict[str, tuple[Explained, ...]]:
    """Return the columns of the two files that an office imports."""
    return {"unit_columns": _explained(ORGANISATION_UNITS), "people_columns": _explained(ORGANISATION_PEOPLE)}


def _explained(table: Table) -> tuple[Explained, ...]:
    return tuple(
        Explained(one.header, one.name, ORGANISATION_HOLDS[table.name, one.name].within(spoken()), not one.empty)
        for one in table.columns
    )
