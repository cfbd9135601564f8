"""Pages for what went wrong: not there, refused, broken, expired. What needs no database asks none."""

import sys

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kaohe.web.config.busy import busy, is_busy
from kaohe.web.config.expired import kept
from kaohe.web.pages.plain import plain


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: for what is not there and for what is not yours, the same."""
    return render(request, "desk/not_found.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return render(request, "desk/refused.html", status=403)


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400; a session that ended, or could not be saved, while its form was on the way keeps what was typed."""
    if is_busy(exception):
        return busy(request, exception)
    if isinstance(exception, SessionInterrupted):
        return kept(request, 403)
    return plain(request, "desk/bad.html", 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500; a database that did not answer a middleware is busy, not broken."""
    error = sys.exc_info()[1]
    if is_busy(error):
        return busy(request, error)
    return plain(request, "desk/broken.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose session has ended: what was typed is shown again."""
    return kept(request, 403)
