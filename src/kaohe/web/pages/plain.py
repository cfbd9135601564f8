"""A page that stands by itself: no account, no session, no query. For when the database does not answer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation

from kaohe import __version__
from kaohe.web.lang.choice import DJANGO_CODES
from kaohe.web.pages.display import Display, display_of_browser


def plain(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """Render a page with what is known without a query."""
    display: Display = getattr(request, "display", None) or display_of_browser(request)
    around = {
        "house_title": settings.CONFIGURATION.title,
        "house_contact": settings.CONFIGURATION.contact,
        "house_version": __version__,
        "demo": settings.CONFIGURATION.demo,
        "display": display,
        "csrf_token": get_token(request),
    }
    with translation.override(DJANGO_CODES[display.language]):
        answer = HttpResponse(render_to_string(template, around | context), status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
