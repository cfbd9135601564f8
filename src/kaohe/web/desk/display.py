"""In which language, in which light, in which size."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from kaohe.web.lang.choice import DJANGO_CODES, Spoken

COOKIES = {"language": "kaohe-language", "theme": "kaohe-theme", "type_size": "kaohe-type"}
CHOICES = {"language": ("zh", "en"), "theme": ("light", "dark"), "type_size": ("large",)}


@dataclass(frozen=True, slots=True)
class Display:
    """How pages are shown: `theme` empty follows the system; `type_size` is empty or `large`."""

    language: Spoken = "zh"
    theme: str = ""
    type_size: str = ""


def display_of(request: HttpRequest) -> Display:
    """Return what the account says, else the browser's cookie, else Chinese."""
    said = {
        name: (getattr(request.user, name, "") or request.COOKIES.get(cookie, "")) for name, cookie in COOKIES.items()
    }
    kept = {name: value for name, value in said.items() if value in CHOICES[name]}
    return Display(**kept)  # type: ignore[arg-type]


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
