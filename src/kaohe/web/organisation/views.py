"""Units and people: lists, one of them, and the change of a unit."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, reachable, require, visible
from kaohe.web.lang.choice import say
from kaohe.web.organisation import card, listing, queries, roll
from kaohe.web.organisation.editing import answer_to
from kaohe.web.organisation.forms import form_of, typed_form
from kaohe.web.organisation.models import Person, Unit
from kaohe.web.pages.paging import page_of
from kaohe.web.pages.parts import Outcome
from kaohe.web.pages.remembered import remembered

UNITS_A_PAGE, PEOPLE_A_PAGE = 80, 60
STATUS = {Outcome.FAULTY: 422, Outcome.CONFLICT: 409}


@require_safe
@login_required
def units(request: PageRequest) -> HttpResponse:
    """List the units that somebody may see, as they were on a day."""
    require(request.standing, Action.UNIT_VIEW)
    today = timezone.localdate()
    asked = listing.asked_from(request.GET, today)

    def shown() -> dict[str, object]:
        found = listing.listing_of(visible(request.standing, Action.UNIT_VIEW, Unit), asked)
        page = page_of(found.units, request, UNITS_A_PAGE)
        tabs = {"groups": queries.group_tabs(found), "validity": queries.validity_tabs(found)}
        return {"asked": asked, "page": page, "sections": queries.sections_of(found, page.rows), **tabs}

    part = remembered(request, "organisation/_units.html", today, shown)
    return _page_or_part(request, "units", part, {"asked": asked})


@require_safe
@login_required
def unit(request: PageRequest, pk: int) -> HttpResponse:
    """Show a unit."""
    found, today = reachable(request.standing, Action.UNIT_VIEW, Unit, pk=pk), timezone.localdate()

    def shown() -> dict[str, object]:
        seen = card.card_of(found, request.standing, today)
        if not seen.shows_people:
            return {"unit": seen, "page": None}
        people_here = card.people_of(found, request.standing, today)
        return {"unit": seen, "page": page_of(people_here, request, PEOPLE_A_PAGE)}

    part = remembered(request, "organisation/_unit.html", today, shown)
    return render(request, "organisation/unit.html", {"name": found.name, "part": part})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change a unit; who comes second gets both texts."""
    found = reachable(request.standing, Action.UNIT_EDIT, Unit, pk=pk)
    if request.method != "POST":
        return _form(request, {"form": form_of(found, request.standing)})
    form = typed_form(found, request.standing, request.POST.dict())
    answer = answer_to(form, request.user.get_username(), timezone.now())
    if answer.outcome not in STATUS:
        name = answer.form.text["name"]
        messages.success(request, say(f"已保存 {name}", f"{name} is saved"))
        return redirect("unit", pk=pk)
    return _form(request, answer.shown(), STATUS[answer.outcome])


def _form(request: PageRequest, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer with the form of a unit, and the codes that it suggests."""
    codes = remembered(request, "organisation/_codes.html", timezone.localdate(), lambda: shown)
    return render(request, "organisation/unit_edit.html", shown | {"codes": codes}, status=status)


@require_safe
@login_required
def people(request: PageRequest) -> HttpResponse:
    """List the people whom somebody may see."""
    require(request.standing, Action.PERSON_VIEW)
    asked, today = roll.asked_from(request.GET), timezone.localdate()

    def shown() -> dict[str, object]:
        found, tabs = roll.roll(request.standing, asked, today)
        total = next(tab.count for tab in tabs if tab.current)
        page = page_of(found.select_related("unit"), request, PEOPLE_A_PAGE, total)
        return {"asked": asked, "page": page, "rows": roll.rows_of(page.rows), "tabs": tabs}

    def search() -> dict[str, object]:
        chosen = roll.chosen(request.standing, asked)
        return {"asked": asked, "units": roll.units_to_choose(request.standing), "chosen": chosen}

    part = remembered(request, "organisation/_people.html", today, shown)
    return _page_or_part(
        request, "people", part, {"search": remembered(request, "organisation/_people_search.html", today, search)}
    )


@require_safe
@login_required
def person(request: PageRequest, pk: int) -> HttpResponse:
    """Show a person, with the postings."""
    found, today = reachable(request.standing, Action.PERSON_VIEW, Person, pk=pk), timezone.localdate()

    def shown() -> dict[str, object]:
        return {"person": roll.person_of(found, request.standing, today)}

    part = remembered(request, "organisation/_person.html", today, shown)
    return render(request, "organisation/person.html", {"name": found.name, "part": part})


def _page_or_part(request: PageRequest, name: str, part: SafeString, shown: dict[str, object]) -> HttpResponse:
    """Answer with the page, or with its list alone where a script asks for that."""
    htmx = request.htmx  # type: ignore[attr-defined]
    alone = htmx and not htmx.history_restore_request
    answer = HttpResponse(part) if alone else render(request, f"organisation/{name}.html", shown | {"list": part})
    answer.headers["Vary"] = ", ".join(filter(None, (answer.headers.get("Vary"), "HX-Request")))
    return answer
