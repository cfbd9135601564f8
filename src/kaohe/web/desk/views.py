"""Home and help."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what this role can do now."""
    return render(request, "desk/home.html")


@login_required
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the system to this role."""
    return render(request, "desk/help.html")
