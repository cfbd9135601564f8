"""Every request after sign-in: what somebody is today, when the session ends, whether a second factor is owed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from kaohe.web.accounts.models import User
from kaohe.web.accounts.passwords import is_old
from kaohe.web.accounts.sessions import forget, touch
from kaohe.web.accounts.standing import NOBODY, Standing, standing_of
from kaohe.web.config.expired import kept
from kaohe.web.journal import security
from kaohe.web.journal.head import Head
from kaohe.web.lang.choice import say

Answer = Callable[[HttpRequest], HttpResponse]

OPEN = frozenset({"display", "forgot", "health", "link", "sign-in", "sign-in-code", "sign-out"})
"""Pages to which strangers may send something."""
ALWAYS = frozenset({"confirm", "display", "health", "help", "help-of", "sign-out"})
"""Pages that are there whatever is owed."""
SET_UP = ALWAYS | {"second-factor"}
RENEW = ALWAYS | {"password"}
MINUTE = 60


class PageRequest(HttpRequest):
    """A request with the standing of whoever sent it."""

    standing: Standing
    user: User
    journal_head: Head


class GateMiddleware:
    """Ends sessions in time, reads the standing, and leads to what is owed."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request in."""
        now = timezone.now()
        if request.user.is_authenticated:
            _keep_time(request, now)
        user = request.user
        request.standing = standing_of(user, timezone.localdate(now)) if user.is_authenticated else NOBODY  # type: ignore[attr-defined]
        response = self._answer(request)
        if user.is_authenticated and "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_cache=True)
        return _whole_page(request, response)

    def process_view(self, request: HttpRequest, view: Answer, args: Any, named: Any) -> HttpResponse | None:
        """Keep what was typed where the session has ended; lead to the second factor or the password that is owed."""
        name = request.resolver_match.url_name if request.resolver_match else None
        user = request.user
        if not isinstance(user, User):
            return kept(request, 403) if request.method == "POST" and name not in OPEN else None
        if user.demo and settings.CONFIGURATION.demo:
            return None
        if request.standing.owes_second_factor:  # type: ignore[attr-defined]
            return None if name in SET_UP else redirect("second-factor")
        if name not in RENEW and is_old(user.password_changed_at or user.created_at, timezone.now()):
            return redirect("password")
        return None


def _keep_time(request: HttpRequest, now: datetime) -> None:
    """End a session that ran out; else say, once a minute, that it was used.

    One that began later than now is of a clock that was wrong: it would last until then.
    """
    session, moment = request.session, int(now.timestamp())
    began, seen = session.setdefault("began", moment), session.setdefault("seen", moment)
    idle = settings.CONFIGURATION.idle_minutes * 60
    if max(began, seen) - moment >= idle:
        _run_out(request, now, "clock")
    elif moment - seen >= idle:
        _run_out(request, now, "idle")
    elif moment - began >= settings.CONFIGURATION.session_hours * 3600:
        _run_out(request, now, "hours")
    elif moment - seen >= MINUTE:
        session["seen"] = moment
        touch(session.session_key, now)


def _run_out(request: HttpRequest, now: datetime, reason: str) -> None:
    security.note("session:expired", request, user=request.user, detail=f"reason={reason}", at=now)  # type: ignore[arg-type]
    forget(request.session.session_key)
    logout(request)
    minutes, hours = settings.CONFIGURATION.idle_minutes, settings.CONFIGURATION.session_hours
    if reason == "idle":
        text = say(f"{minutes} 分钟没有操作，已自动退出。", f"Signed out after {minutes} minutes without use.")
    elif reason == "clock":
        text = say("服务器的时钟拨回过，请重新登录。", "The server's clock was set back: please sign in again.")
    else:
        text = say(f"登录已满 {hours} 小时，已自动退出。", f"Signed out after {hours} hours.")
    messages.info(request, text)


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Have the whole page go to sign-in, not the piece of it that was asked for."""
    target = response.headers.get("Location", "")
    if "HX-Request" not in request.headers or not target.startswith(reverse("sign-in")):
        return response
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign-in")})
