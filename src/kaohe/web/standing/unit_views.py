"""Where a unit stands: its page, who lacks what, and the way to one's own."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, require
from kaohe.web.pages.paging import page_of
from kaohe.web.pages.remembered import remembered
from kaohe.web.standing.unit_lacking import lacking_page
from kaohe.web.standing.unit_page import unit_page
from kaohe.web.standing.unit_queries import assessed_unit, own_rounds


@require_safe
@login_required
def mine(request: PageRequest) -> HttpResponse:
    """Lead to the page of one's own unit in the open round; without one, list the rounds that are over."""
    require(request.standing, Action.STANDING_OWN)
    rounds = own_rounds(request.standing)
    if rounds and rounds[0].open:
        return redirect("standing", rounds[0].round, rounds[0].unit)
    return render(request, "standing/unit_none.html", {"rounds": rounds})


@require_safe
@login_required
def standing(request: PageRequest, round_pk: int, pk: int) -> HttpResponse:
    """Show where a unit stands in a round."""
    assessed = assessed_unit(request.standing, Action.STANDING_VIEW, round_pk, pk)

    def shown() -> dict[str, object]:
        return {"page": unit_page(assessed, request.standing)}

    part = remembered(request, "standing/_unit.html", timezone.localdate(), shown)
    return render(request, "standing/unit.html", {"name": assessed.name, "part": part})


@require_safe
@login_required
def lacking(request: PageRequest, round_pk: int, pk: int, criterion: str) -> HttpResponse:
    """List everybody who lacks something under a criterion."""
    assessed = assessed_unit(request.standing, Action.NAMES_VIEW, round_pk, pk)

    def shown() -> dict[str, object]:
        found = lacking_page(assessed, request.standing, criterion)
        if found is None:
            raise Http404
        return {"list": found, "page": page_of(found.people, request)}

    part = remembered(request, "standing/_unit_lacking.html", timezone.localdate(), shown)
    return render(request, "standing/unit.html", {"name": f"{assessed.name} {criterion}", "part": part, "narrow": True})
