"""A person's handbook, the same as a printed sheet, and the way to one's own."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, reachable, require, visible
from kaohe.web.organisation.models import Person
from kaohe.web.pages.paging import page_of
from kaohe.web.pages.remembered import head_of, remembered
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.queries import current_round
from kaohe.web.standards.queries import standard_of
from kaohe.web.standing import handbook_page, handbook_rows, handbook_sheet
from kaohe.web.standing.handbook import record_of

ACTIVITIES_A_PAGE = 60


@require_safe
@login_required
def handbook(request: PageRequest, round_pk: int, pk: int) -> HttpResponse:
    """Show what the ledger has of a person in a round, and what is still owed."""
    person, a_round = _asked(request, round_pk, pk)
    today, form = timezone.localdate(), handbook_rows.form_asked(request.GET)

    def shown() -> dict[str, object]:
        record, standard = record_of(a_round, person), standard_of(a_round.standard).standard
        page = page_of(handbook_rows.activities_of(record, form), request, ACTIVITIES_A_PAGE)
        return {
            "book": handbook_page.book_of(record, a_round, standard, today),
            "person": person,
            "round": a_round,
            "rounds": handbook_page.round_tabs(handbook_page.rounds_of(person), person, a_round),
            "forms": handbook_rows.form_tabs(record, form),
            "page": page,
            "sections": handbook_rows.sections_of(record, page.rows),
        }

    part = remembered(request, "standing/_handbook.html", today, shown)
    return render(request, "standing/handbook.html", {"name": person.name, "part": part})


@require_safe
@login_required
def sheet(request: PageRequest, round_pk: int, pk: int) -> HttpResponse:
    """Print a person's record sheet as it is today."""
    person, a_round = _asked(request, round_pk, pk)
    record, standard = record_of(a_round, person), standard_of(a_round.standard).standard
    answer = HttpResponse(
        handbook_sheet.printed(record, standard, timezone.localdate(), head_of(request)), "application/pdf"
    )
    name = handbook_sheet.file_name(person.code)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
    return answer


@require_safe
@login_required
def mine(request: PageRequest) -> HttpResponse:
    """Lead to one's own handbook, or say why there is none."""
    require(request.standing, Action.HANDBOOK_OWN)
    person = visible(request.standing, Action.HANDBOOK_OWN, Person).first()
    if person is None:
        return render(request, "standing/handbook_none.html", {"connected": False})
    return _now(request, person)


@require_safe
@login_required
def current(request: PageRequest, pk: int) -> HttpResponse:
    """Lead to a person's handbook, or say that there is none yet."""
    return _now(request, reachable(request.standing, Action.HANDBOOK_VIEW, Person, pk=pk))


def _now(request: PageRequest, person: Person) -> HttpResponse:
    """Lead to the handbook of the open round, else to that of the last round that is over."""
    a_round = current_round([person.authority_id]) or next(iter(handbook_page.rounds_of(person)), None)
    if a_round is None:
        return render(request, "standing/handbook_none.html", {"connected": True})
    return redirect("handbook", a_round.pk, person.pk)


def _asked(request: PageRequest, round_pk: int, pk: int) -> tuple[Person, Round]:
    """Return a person whose handbook may be seen, and a round of the same authority that takes records or took them."""
    person = reachable(request.standing, Action.HANDBOOK_VIEW, Person, pk=pk)
    rounds = Round.objects.select_related("standard").exclude(state=State.DRAFT)
    try:
        return person, rounds.get(pk=round_pk, authority=person.authority_id)
    except (Round.DoesNotExist, OverflowError):
        raise Http404 from None
