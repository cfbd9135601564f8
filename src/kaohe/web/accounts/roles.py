"""The ten roles, and what keeps the three administrators apart from each other and from every score."""

from django.db.models import TextChoices

from kaohe.web.lang.choice import say


class Duty(TextChoices):
    """What an account is for, for good: one of the three administrators, or the work itself."""

    WORK = ""
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Role(TextChoices):
    """What somebody does at a unit."""

    OFFICE = "office"
    OFFICER = "officer"
    LEADER = "leader"
    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    ACADEMY = "academy"
    CIVIL_SERVANT = "civil_servant"
    AUDITOR = "auditor"
    SYSTEM = "system"
    SECURITY = "security"


TITLES: dict[str, tuple[str, str]] = {
    Role.OFFICE: ("训练办公室", "training office"),
    Role.OFFICER: ("单位专人", "unit officer"),
    Role.LEADER: ("分管领导", "unit leader"),
    Role.INSPECTOR: ("考核员", "inspector"),
    Role.REVIEWER: ("复核员", "reviewer"),
    Role.ACADEMY: ("行政学院", "academy"),
    Role.CIVIL_SERVANT: ("公务员", "civil servant"),
    Role.AUDITOR: ("审计员", "auditor"),
    Role.SYSTEM: ("系统管理员", "system administrator"),
    Role.SECURITY: ("安全管理员", "security administrator"),
}

ROLES_OF_DUTY: dict[str, frozenset[str]] = {
    Duty.SYSTEM: frozenset({Role.SYSTEM}),
    Duty.SECURITY: frozenset({Role.SECURITY}),
    Duty.AUDIT: frozenset({Role.AUDITOR}),
    Duty.WORK: frozenset(set(Role) - {Role.SYSTEM, Role.SECURITY, Role.AUDITOR}),
}

SECOND_FACTOR = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDITOR, Role.OFFICE, Role.INSPECTOR, Role.REVIEWER})
"""The roles that must hold a second factor."""


def title(role: str) -> str:
    """Return the role's name in the language that is being spoken."""
    return say(*TITLES[role])
