"""The city's page of a round: the units beside each other."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, reachable
from kaohe.web.pages.remembered import head_of, recalled, remembered
from kaohe.web.rounds.models import Round, State
from kaohe.web.standing.city_page import city_page
from kaohe.web.standing.city_progress import Month, progress_of


@require_safe
@login_required
def city(request: PageRequest, pk: int) -> HttpResponse:
    """Show how the units of a round stand, by what the ledger measures."""
    found, today = reachable(request.standing, Action.CITY_VIEW, Round, pk=pk), timezone.localdate()
    if found.state == State.DRAFT:
        raise Http404

    def months() -> tuple[Month, ...]:
        # sorting and filtering ask for other pages, and none of them for other months
        return recalled(request.standing, ("city-progress", pk), today, lambda: progress_of(found), head_of(request))

    part = remembered(
        request, "standing/_city.html", today, lambda: {"city": city_page(found, request.GET, months(), today)}
    )
    return render(request, "standing/city.html", {"part": part})
