"""Speaks to everybody in their language, light and size."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from kaohe.web.lang.choice import DJANGO_CODES
from kaohe.web.pages.display import COOKIES, Display, display_from


def display_of(request: HttpRequest) -> Display:
    """Return what the account says, else the browser's cookie, else Chinese."""
    return display_from(
        {name: getattr(request.user, name, "") or request.COOKIES.get(cookie, "") for name, cookie in COOKIES.items()}
    )


class DisplayMiddleware:
    """Speaks the language of whoever asks."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request in its language."""
        display = display_of(request)
        request.display = display  # type: ignore[attr-defined]
        with translation.override(DJANGO_CODES[display.language]):
            response = self._answer(request)
        response.headers.setdefault("Content-Language", "en" if display.language == "en" else "zh-CN")
        return response
