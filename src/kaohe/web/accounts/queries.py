"""What the pages of accounts ask: rows that are complete, so that a template never starts a query."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest
from django.utils.timezone import localdate

from kaohe.web.accounts.models import Membership, OneTimeLink, User
from kaohe.web.accounts.roles import SECOND_FACTOR, Role, title
from kaohe.web.accounts.second_factor import RECOVERY, TOTP
from kaohe.web.accounts.sessions import moment
from kaohe.web.journal import security
from kaohe.web.organisation.models import Unit
from kaohe.web.pages.paging import Page, page_of

CHOICES_SHOWN = 100
"""The most units a picker lists before something is searched for."""


@dataclass(frozen=True, slots=True)
class PostRow:
    """A role at a unit from–to, as it is shown."""

    pk: int
    role: str
    title: str
    unit: str
    code: str
    since: date
    until: date | None
    over: bool
    begins: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a sign-in history."""

    time: datetime
    title: str
    detail: str
    address: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Card:
    """An account as it is shown to its owner, or to the security administrator."""

    pk: int
    username: str
    name: str
    phone: str
    duty: str
    person: str
    active: bool
    has_password: bool
    password_changed: datetime | None
    created: datetime
    has_second_factor: bool
    needs_second_factor: bool
    version: int
    posts: tuple[PostRow, ...]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in the list; `state` is empty where nothing is the matter."""

    pk: int
    username: str
    name: str
    posts: tuple[PostRow, ...]
    state: str
    last_sign_in: datetime | None


def post_row(row: Membership, day: date) -> PostRow:
    """Return a membership as it is shown; its unit was read with it."""
    return PostRow(
        row.pk, row.role, title(row.role), row.unit.name, row.unit.code, row.since, row.until,
        over=row.until is not None and row.until < day, begins=row.since > day,
    )  # fmt: skip


def posts_of(user: User, day: date) -> tuple[PostRow, ...]:
    """Return all roles of an account, the latest first."""
    rows = Membership.objects.filter(user=user).select_related("unit").order_by("-since", "-id")
    return tuple(post_row(row, day) for row in rows)


def account_card(user: User, day: date) -> Card:
    """Return an account with all its roles."""
    posts = posts_of(user, day)
    now = {post.role for post in posts if not post.over and not post.begins}
    return Card(
        user.pk, user.username, user.name, user.phone, user.duty, f"{user.person.name} {user.person.code}" if user.person else "",
        active=user.is_active, has_password=user.has_usable_password(), password_changed=user.password_changed_at,
        created=user.created_at, has_second_factor=Authenticator.objects.filter(user=user, type=TOTP).exists(),
        needs_second_factor=bool(now & SECOND_FACTOR), version=user.version, posts=posts,
    )  # fmt: skip


HEARD = """
SELECT e.time, e.kind, e.detail, e.address FROM journal_securityevent e
WHERE e.user_id = %s ORDER BY e.time DESC, e.id DESC LIMIT %s"""


def history_of(user: User, most: int) -> list[Event]:
    """Return the latest events of an account's sign-ins."""
    with connection.cursor() as cursor:
        cursor.execute(HEARD, [user.pk, most])
        return [
            Event(moment(time), security.title(kind), security.told(detail), address or "", security.is_bad(kind))
            for time, kind, detail, address in cursor.fetchall()
        ]


def recovery_left(user: User) -> int:
    """Return how many recovery codes are left."""
    kept = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return len(kept.wrap().get_unused_codes()) if kept else 0


def open_link_of(user: User, now: datetime) -> datetime | None:
    """Return until when a link of the account can be used; None where there is none."""
    link = OneTimeLink.objects.filter(user=user, used_at=None, expires_at__gt=now).order_by("-expires_at").first()
    return link.expires_at if link else None


# --- the list


def found(accounts: QuerySet[User], words: str) -> QuerySet[User]:
    """Return the accounts whose name or user name holds what was searched for."""
    return accounts.filter(Q(name__icontains=words) | Q(username__icontains=words)) if words else accounts


def in_state(accounts: QuerySet[User], state: str, day: date) -> QuerySet[User]:
    """Return the accounts in a state: `active`, `new` (no password yet), `closed`, `owing` (second factor missing)."""
    match state:
        case "active":
            return accounts.filter(is_active=True)
        case "new":
            return accounts.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
        case "closed":
            return accounts.filter(is_active=False)
        case "owing":
            return accounts.filter(_owing(day), is_active=True)
    return accounts


def _held(day: date, **where: object) -> Exists:
    return Exists(Membership.objects.filter(Membership.on(day), user=OuterRef("pk"), **where))


def _owing(day: date) -> Q:
    second = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=TOTP))
    return Q(_held(day, role__in=sorted(SECOND_FACTOR))) & ~Q(second)


def counts_by_role(accounts: QuerySet[User], day: date) -> dict[str, int]:
    """Return how many of the accounts hold each role on a day: one query."""
    rows = Membership.objects.filter(Membership.on(day), user__in=accounts).values("role").order_by()
    return dict(rows.annotate(count=Count("user", distinct=True)).values_list("role", "count"))


def accounts_page(accounts: QuerySet[User], role: str, request: HttpRequest, now: datetime) -> Page[AccountRow]:
    """Return a page of accounts with their roles of the day: three queries whatever their number."""
    day = localdate(now)
    if role in Role.values:
        accounts = accounts.filter(_held(day, role=role))
    owing = Case(When(_owing(day), then=True), default=False, output_field=BooleanField())
    page: Page[Any] = page_of(accounts.annotate(owing=owing).order_by("username"), request)
    held = Membership.objects.filter(Membership.on(day), user__in=[row.pk for row in page.rows]).select_related("unit")
    posts: dict[int, list[PostRow]] = {}
    for row in held:
        posts.setdefault(row.user_id, []).append(post_row(row, day))
    return replace(page, rows=tuple(_account_row(user, posts.get(user.pk, [])) for user in page.rows))


def _account_row(user: User, posts: list[PostRow]) -> AccountRow:
    owing: bool = user.owing  # type: ignore[attr-defined]
    state = "closed" if not user.is_active else "" if user.has_usable_password() else "new"
    return AccountRow(
        user.pk, user.username, user.name, tuple(posts), state or ("owing" if owing else ""), user.last_login
    )


LAST_STEPS = """
SELECT MAX(u.last_login), MAX(u.password_changed_at),
       (SELECT COUNT(*) FROM mfa_authenticator a WHERE a.type = %s), (SELECT MAX(a.id) FROM mfa_authenticator a)
FROM accounts_user u"""


def last_steps() -> tuple[object, ...]:
    """Return what changes with every step of an owner that the journal does not hold: sign-ins, passwords, factors."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_STEPS, [TOTP.value])
        return tuple(cursor.fetchone())


def choosable(units: QuerySet[Unit], words: str, day: date) -> tuple[list[Unit], bool]:
    """Return the units a picker lists for what was searched, and whether there are more than it lists."""
    valid = units.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("path")
    if words:
        sounds = words.lower().replace(" ", "")
        valid = valid.filter(
            Q(name__icontains=words) | Q(code__istartswith=words) | Q(pinyin__contains=sounds) | Q(initials__contains=sounds)
        )  # fmt: skip
    rows = list(valid.only("name", "code", "authority", "is_authority")[: CHOICES_SHOWN + 1])
    return rows[:CHOICES_SHOWN], len(rows) > CHOICES_SHOWN
