"""Rounds: the list, one of them, its draft, and the two steps that cannot be undone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, can, reachable, require
from kaohe.web.lang.choice import say
from kaohe.web.organisation.finding import key_of
from kaohe.web.pages.paging import page_of
from kaohe.web.pages.parts import Outcome
from kaohe.web.pages.remembered import remembered
from kaohe.web.rounds import card, procedure, queries
from kaohe.web.rounds.editing import answer_to
from kaohe.web.rounds.forms import RoundForm, managed, new_form, proposed, stored_form, typed_form, typed_new_form
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.opening import hindrances
from kaohe.web.rounds.wording import distance, due_text, period_text, round_title, version_title

ROUNDS_A_PAGE, UNITS_A_PAGE = 60, 80
STATUS = {Outcome.FAULTY: 422, Outcome.CONFLICT: 409}


@require_safe
@login_required
def rounds(request: PageRequest) -> HttpResponse:
    """List the rounds that somebody may see."""
    require(request.standing, Action.ROUND_VIEW)
    today = timezone.localdate()

    def shown() -> dict[str, object]:
        page = page_of(queries.listed(request.standing), request, ROUNDS_A_PAGE)
        return {"page": page, "rows": queries.rows_of(page.rows, today)}

    part = remembered(request, "rounds/_rounds.html", today, shown)
    makes = can(request.standing, Action.ROUND_MANAGE)
    return render(request, "rounds/rounds.html", {"part": part, "may_make": makes})


@require_safe
@login_required
def one_round(request: PageRequest, pk: int) -> HttpResponse:
    """Show a round."""
    found, today = _seen(request, pk), timezone.localdate()

    def shown() -> dict[str, object]:
        units = card.units_of(found)
        page = page_of(units, request, UNITS_A_PAGE)
        groups = card.groups_of(found, units, page.rows, request.standing)
        return {"facts": card.facts_of(found, today), "page": page, "groups": groups}

    head = card.head_of(found, request.standing, today)
    part = remembered(request, "rounds/_round.html", today, shown)
    return render(request, "rounds/round.html", {"head": head, "part": part})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: PageRequest) -> HttpResponse:
    """Draft a round."""
    require(request.standing, Action.ROUND_MANAGE)
    authorities, today = managed(request.standing), timezone.localdate()
    if not authorities:
        return render(request, "rounds/edit.html", {"form": None})
    if request.method != "POST":
        return render(request, "rounds/edit.html", {"form": new_form(authorities, today)})
    form = typed_new_form(authorities, request.POST, today)
    return _written(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: PageRequest, pk: int) -> HttpResponse:
    """Change a draft; who comes second gets both texts."""
    draft, today = _managed(request, pk), timezone.localdate()
    if draft.state != State.DRAFT:
        return _too_late(request, pk)
    if request.method != "POST":
        return render(request, "rounds/edit.html", {"form": stored_form(draft, today), "title": round_title(draft)})
    return _written(request, typed_form(draft, request.POST, today), round_title(draft))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: PageRequest, pk: int) -> HttpResponse:
    """Remove a draft."""
    draft = _managed(request, pk)
    if draft.state != State.DRAFT:
        return _too_late(request, pk)
    if request.method != "POST":
        units = draft.units.count()
        return render(request, "rounds/remove.html", {"draft": draft, "title": round_title(draft), "units": units})
    title = round_title(draft)
    return _done(
        request, pk, lambda: procedure.remove_round(pk, _version(request), request.user, timezone.now()),
        say(f"已删除草案：{title}", f"The draft is removed: {title}"), "rounds",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_(request: PageRequest, pk: int) -> HttpResponse:
    """Have a round take records."""
    draft = _managed(request, pk)
    if draft.state != State.DRAFT:
        return _too_late(request, pk)
    hindering = hindrances(draft)
    if request.method != "POST" or hindering:
        status = 422 if request.method == "POST" else 200
        return render(request, "rounds/open.html", _asked(draft) | {"hindrances": hindering}, status=status)
    title = round_title(draft)
    return _done(
        request, pk, lambda: procedure.open_round(pk, _version(request), request.user, timezone.now()),
        say(f"{title}已开始填报", f"{title} now takes records"), "round",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Have a round take nothing any more."""
    found = _managed(request, pk)
    if found.state != State.REPORTING:
        return _not_open(request, pk)
    if request.method != "POST":
        return render(request, "rounds/close.html", _asked(found))
    title = round_title(found)
    return _done(
        request, pk, lambda: procedure.close_round(pk, request.user, timezone.now()),
        say(f"{title}已结束，不再收记录", f"{title} is closed and takes no records any more"), "round",
    )  # fmt: skip


def _seen(request: PageRequest, pk: int) -> Round:
    found = (
        queries.rounds_for(request.standing).filter(pk=pk).select_related("authority", "standard", "made_by").first()
    )
    if found is None:
        raise Http404
    return found


def _managed(request: PageRequest, pk: int) -> Round:
    return reachable(request.standing, Action.ROUND_MANAGE, Round, pk=pk)


def _version(request: PageRequest) -> int:
    return key_of(request.POST.get("version", "")) or 0


def _asked(a_round: Round) -> dict[str, Any]:
    """Return what is asked before a step that cannot be undone: the consequence in numbers."""
    today, units = timezone.localdate(), card.units_of(a_round)
    return {
        "round": a_round, "title": round_title(a_round), "units": len(units), "counted": card.counted(a_round, units),
        "period": period_text(a_round.start, a_round.end), "due": due_text(a_round.due, today),
        "distance": distance(a_round.due, today), "early": a_round.due >= today, "version": a_round.version,
        "standard": version_title(a_round.standard),
    }  # fmt: skip


def _written(request: PageRequest, form: RoundForm, title: str = "") -> HttpResponse:
    """Answer to a draft's form: with what the standard proposes where that was asked for, else with what became of it."""
    shown: dict[str, Any] = {"title": title}
    if "propose" in request.POST:
        return render(request, "rounds/edit.html", shown | {"form": proposed(form)})
    try:
        answer = answer_to(form, request.user, timezone.now())
    except procedure.NotADraft:
        return _too_late(request, form.pk)
    except Round.DoesNotExist:
        raise Http404 from None
    if answer.outcome in STATUS:
        return render(request, "rounds/edit.html", shown | answer.shown(), status=STATUS[answer.outcome])
    messages.success(request, say("草案已保存", "The draft is saved"))
    return redirect("round", pk=answer.pk)


def _done(request: PageRequest, pk: int, step: Callable[[], object], words: str, after: str) -> HttpResponse:
    """Take a step and say so; who was overtaken by somebody else looks at the round first."""
    try:
        step()
    except Round.DoesNotExist:
        raise Http404 from None
    except procedure.NotADraft:
        return _too_late(request, pk)
    except procedure.NotOpen:
        return _not_open(request, pk)
    except (procedure.ChangedMeanwhile, procedure.NotReady):
        words = say("另一个人刚改过，先看现在的内容再做。", "Somebody else has just changed it; look at it first.")
        messages.error(request, words)
        return redirect("round", pk=pk)
    messages.success(request, words)
    return redirect(after) if after == "rounds" else redirect(after, pk=pk)


def _too_late(request: PageRequest, pk: int) -> HttpResponse:
    words = say("这一轮已经开始填报，草案不能再改。", "This round was opened already; it is no draft any more.")
    messages.error(request, words)
    return redirect("round", pk=pk)


def _not_open(request: PageRequest, pk: int) -> HttpResponse:
    words = say("这一轮没有在填报，不用结束。", "This round takes no records; there is nothing to close.")
    messages.error(request, words)
    return redirect("round", pk=pk)
