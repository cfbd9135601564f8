"""Browsers ask and post; nothing else is spoken here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

SPOKEN = ("GET", "HEAD", "POST")


class MethodsMiddleware:
    """Refuses every method that no page has, before anything is read."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, or 405."""
        return self._answer(request) if request.method in SPOKEN else HttpResponseNotAllowed(SPOKEN)
