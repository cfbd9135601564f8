"""A database that is locked, or not there: said in words, and nothing that was typed is lost."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class BusyMiddleware:
    """Turns a locked database into a page that holds what was typed; never a 500."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 with what was typed."""
        if not isinstance(error, OperationalError):
            return None
        return render(request, "desk/busy.html", status=503)
