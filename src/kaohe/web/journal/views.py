"""Pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def journal(request: HttpRequest) -> HttpResponse:
    """Show."""
    return render(request, "desk/home.html")


@login_required
def security_log(request: HttpRequest) -> HttpResponse:
    """Show."""
    return render(request, "desk/home.html")
