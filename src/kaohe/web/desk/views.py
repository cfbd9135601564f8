"""Home, help, display, the styleguide."""

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.roles import Role
from kaohe.web.desk.guide import columns, guide_of
from kaohe.web.desk.home import home_part
from kaohe.web.desk.procedure import keep_display
from kaohe.web.desk.samples import samples
from kaohe.web.lang.choice import Spoken, spoken
from kaohe.web.pages.display import CHOICES, COOKIES

YEAR = 365 * 24 * 3600


@require_safe
@login_required
def home(request: PageRequest) -> HttpResponse:
    """Show what somebody can do now; who has no role today is told whom to ask."""
    if not request.standing.posts:
        return render(request, "desk/nobody.html")
    return render(request, "desk/home.html", {"part": home_part(request, timezone.now())})


@require_safe
@login_required
def own_help(request: PageRequest) -> HttpResponse:
    """Explain the system to whoever asks, in their first role."""
    return help_page(request, request.standing.posts[0].role if request.standing.posts else Role.CIVIL_SERVANT)


@require_safe
@login_required
def help_page(request: HttpRequest, role: str) -> HttpResponse:
    """Explain the system to a role; anybody may read it."""
    guide = guide_of(role)
    if guide is None:
        raise Http404
    content = _help(role, spoken(), settings.CONFIGURATION.contact)
    return render(request, "desk/help.html", {"guide": guide, "content": content})


@lru_cache(64)
def _help(role: str, spoken: Spoken, contact: str) -> SafeString:
    """Return the text of a role's help, which is the same for everybody."""
    return render_to_string("desk/_help.html", {"guide": guide_of(role), "house_contact": contact, **columns()})


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Change language, light or type size, for the account and for this browser; works before sign-in."""
    said = {name: request.POST[name] for name in COOKIES if request.POST.get(name) in CHOICES[name]}
    if request.user.is_authenticated:
        keep_display(request.user.pk, said)
    answer = redirect(local(request))
    for name, value in said.items():
        answer.set_cookie(
            COOKIES[name], value, YEAR if value else 0, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )  # fmt: skip
    return answer


def local(request: HttpRequest) -> str:
    """Return where to go back to: an address of ours, or home."""
    there = request.POST.get("next", "")
    return there if there.startswith("/") and url_has_allowed_host_and_scheme(there, None) else "/"


@require_safe
@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; only in a demonstration."""
    if not settings.CONFIGURATION.demo:
        raise Http404
    return render(request, "desk/styleguide.html", samples())
