"""Every request after sign-in: what somebody is today, when the session ends, whether a second factor is owed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kaohe.web.accounts.standing import NOBODY, Standing, standing_of

Answer = Callable[[HttpRequest], HttpResponse]


class PageRequest(HttpRequest):
    """A request with the standing of whoever sent it."""

    standing: Standing


class GateMiddleware:
    """Reads the standing."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request in."""
        user = request.user
        request.standing = standing_of(user, timezone.localdate()) if user.is_authenticated else NOBODY  # type: ignore[attr-defined]
        return self._answer(request)
