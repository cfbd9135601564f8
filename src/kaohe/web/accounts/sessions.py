"""The sessions of an account: where it is signed in, and their end."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from kaohe.web.accounts.models import User
from kaohe.web.lang.choice import say

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


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
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = UserSession.objects.filter(user=user.pk, session_key__in=live).order_by("-last_seen_at")
    fields = ("pk", "user_agent", "ip", "created_at", "last_seen_at", "session_key")
    return [
        SessionRow(pk, browser_of(agent), ip, began, seen, key == current)
        for pk, agent, ip, began, seen, key in rows.values_list(*fields)
    ]


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
