"""Accounts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    return render(request, "desk/home.html")


@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts."""
    return render(request, "desk/home.html")
