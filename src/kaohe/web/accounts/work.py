"""What is done for accounts every day."""

from collections.abc import Generator
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from kaohe.web.accounts.models import OneTimeLink
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import Step, kind
from kaohe.web.journal import security


@kind(
    "accounts:tidy", "清理过期的会话、链接和安全日志", "Clear expired sessions, links and security events", daily=True
)
def tidy(job: Job) -> Generator[Step, None, Any]:
    """Clear what has run out; security events only after 180 days. Harmless when done twice."""
    now = timezone.now()
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    yield Step(1, 1, 3)
    links = OneTimeLink.objects.filter(Q(expires_at__lt=now) | ~Q(used_at=None)).delete()[0]
    yield Step(2, 2, 3)
    return {"sessions": sessions, "links": links, "events": security.purge(now)}
