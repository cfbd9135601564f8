"""How pages are shown: in which language, in which light, in which size."""

from dataclasses import dataclass

from django.http import HttpRequest

from kaohe.web.lang.choice import Spoken

COOKIES = {"language": "kaohe-language", "theme": "kaohe-theme", "type_size": "kaohe-type"}
CHOICES = {"language": ("zh", "en"), "theme": ("", "light", "dark"), "type_size": ("", "large")}
"""The settings and their values; an empty theme follows the system."""


@dataclass(frozen=True, slots=True)
class Display:
    """How pages are shown: `theme` empty follows the system; `type_size` is empty or `large`."""

    language: Spoken = "zh"
    theme: str = ""
    type_size: str = ""


def display_from(said: dict[str, str]) -> Display:
    """Return the display of what was said, as far as it is known."""
    kept = {name: value for name, value in said.items() if value and value in CHOICES[name]}
    return Display(**kept)  # type: ignore[arg-type]


def display_of_browser(request: HttpRequest) -> Display:
    """Return what the browser's cookies say, without a query."""
    return display_from({name: request.COOKIES.get(cookie, "") for name, cookie in COOKIES.items()})
