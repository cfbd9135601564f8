"""Pages for what went wrong: not there, refused, broken."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: for what is not there and for what is not yours, the same."""
    return render(request, "desk/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return render(request, "desk/broken.html", status=500)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return render(request, "desk/refused.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose session has ended: what was typed is shown again."""
    return render(request, "desk/expired.html", status=403)
