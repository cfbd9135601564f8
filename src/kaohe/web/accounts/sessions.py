"""The sessions of an account: where it is signed in, and their end."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection

from kaohe.web.accounts.models import User
from kaohe.web.lang.choice import say

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


LIVE = """
SELECT s.id, s.user_agent, s.ip, s.created_at, s.last_seen_at, s.session_key
FROM usersessions_usersession s JOIN django_session d ON d.session_key = s.session_key
WHERE s.user_id = %s AND d.expire_date > %s ORDER BY s.last_seen_at DESC"""
"""Written out, for to build it from querysets takes ten times as long as to run it."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as it is listed."""

    pk: int
    browser: str
    address: str
    began: datetime
    seen: datetime
    current: bool


def browser_of(user_agent: str) -> str:
    """Name browser and system of a `User-Agent`: `Chrome 140, Windows`."""
    for sign, name in BROWSERS:
        if found := re.search(rf"\b{sign}[A-Za-z]*/(\d+)", user_agent):
            system = next((words for mark, words in SYSTEMS if mark in user_agent), "")
            return f"{name} {found[1]}" + (f", {system}" if system else "")
    return say("不认识的浏览器", "unknown browser")


def sessions_of(user: User, current: str | None, now: datetime) -> list[SessionRow]:
    """Return the sessions of an account that have not run out, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(LIVE, [user.pk, connection.ops.adapt_datetimefield_value(now)])
        return [
            SessionRow(pk, browser_of(agent), ip, moment(began), moment(seen), key == current)
            for pk, agent, ip, began, seen, key in cursor.fetchall()
        ]


def moment(value: datetime | str) -> datetime:
    """Return a moment as it comes from a statement that was written out: SQLite keeps it as text, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def end_session(user: User, pk: str, *, but: str | None) -> int:
    """End one session of an account, unless it is the one with the key `but`; return how many."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but)
    found = [row for row in rows if str(row.pk) == pk]
    for row in found:
        row.end()
    return len(found)


def end_sessions(user: User, *, but: str | None = None) -> int:
    """End the sessions of an account, except the one with the key `but`; return how many."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def forget(key: str | None) -> None:
    """Take a session that ends from the list."""
    UserSession.objects.filter(session_key=key).delete()


def touch(key: str | None, now: datetime) -> None:
    """Say that a session was used."""
    UserSession.objects.filter(session_key=key).update(last_seen_at=now)
