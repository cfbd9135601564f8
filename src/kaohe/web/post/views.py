"""The outbox: letters that wait for their sender's look, and what became of them; and one's own notices."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, can, reachable, require
from kaohe.web.lang.choice import say
from kaohe.web.organisation.finding import key_of
from kaohe.web.post import procedure, queries
from kaohe.web.post.forms import LetterForm, after_conflict, form_of, typed_form
from kaohe.web.post.models import Letter, LetterState, Message, Notice


@require_safe
@login_required
def outbox(request: PageRequest) -> HttpResponse:
    """List the letters that somebody may see."""
    require(request.standing, Action.MESSAGE_VIEW)
    shown = {
        "page": queries.letters_page(request.standing, request),
        "shows_sender": not can(request.standing, Action.MESSAGE_WRITE),
    }
    return render(request, "post/outbox.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def letter(request: PageRequest, pk: int) -> HttpResponse:
    """Show a letter; keep the text of a draft."""
    if request.method == "POST":
        return _keep(request, _own(request, pk))
    found = reachable(request.standing, Action.MESSAGE_VIEW, Letter, pk=pk)
    if request.headers.get("HX-Request") == "true" and "to" in request.GET:
        return render(request, "post/_seen.html", {"seen": queries.seen_by(found, key_of(request.GET["to"]))})
    return _page(request, found)


def _keep(request: PageRequest, found: Letter) -> HttpResponse:
    form = typed_form(found, _languages(found), request.POST.dict())
    if form.errors and found.state == LetterState.DRAFT:
        return _page(request, found, form, 422)
    try:
        kept = procedure.rewrite(found.pk, form.version, form.texts)
    except procedure.ChangedMeanwhile:
        return _conflict(request, found, form)
    if not kept:
        return _settled(request, found, form)
    messages.success(request, say("文字已保存，还没有发出", "The text is saved; nothing is sent yet"))
    return redirect("letter", pk=found.pk)


@require_POST
@login_required
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Send a draft as it stands in the form."""
    found = _own(request, pk)
    form = typed_form(found, _languages(found), request.POST.dict())
    if form.errors and found.state == LetterState.DRAFT:
        return _page(request, found, form, 422)
    now = timezone.now()
    within = queries.within(found, request.standing, timezone.localdate(now))
    try:
        gone = procedure.send(pk, form.version, form.texts, within, request.user, now)
    except procedure.ChangedMeanwhile:
        return _conflict(request, found, form)
    if gone is None:
        return _settled(request, found, form)
    messages.success(request, _told(gone))
    return redirect("letter", pk=pk)


def _told(gone: procedure.Gone) -> str:
    going = ("在发出", "on their way") if settings.EMAIL_HOST else ("等待发出", "waiting")
    parts = (
        (gone.mails, f"{gone.mails:,} 封邮件{going[0]}", f"mails {going[1]}: {gone.mails:,}"),
        (gone.notices, f"{gone.notices:,} 人在系统里收到通知", f"notified in the system: {gone.notices:,}"),
        (gone.calls, f"{gone.calls:,} 人请打电话", f"to be called: {gone.calls:,}"),
        (gone.left_out, f"{gone.left_out:,} 人已不归你管或已离岗，没有发", f"left out, as no longer in your charge: {gone.left_out:,}"),
    )  # fmt: skip
    en = "; ".join(en for count, _, en in parts if count)
    return say("，".join(zh for count, zh, _ in parts if count), en[:1].upper() + en[1:])


@require_POST
@login_required
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """Do not send a draft, or what of a letter still waits."""
    found = _own(request, pk)
    count = procedure.drop(pk, request.user, timezone.now())
    if found.state == LetterState.DRAFT:
        messages.success(request, say("草稿没有发，留在发件箱里", "The draft is not sent; it stays in the outbox"))
        return redirect("outbox")
    messages.success(request, say(f"{count} 封不再发", f"Not to be sent: {count}"))
    return redirect("letter", pk=pk)


@require_POST
@login_required
def again(request: PageRequest, pk: int) -> HttpResponse:
    """Try again now what failed or waits."""
    _own(request, pk)
    count = procedure.again(pk, request.user, timezone.now())
    if count:
        messages.success(request, say(f"{count} 封再发一次", f"Tried again: {count}"))
    return redirect("letter", pk=pk)


@require_POST
@login_required
def called(request: PageRequest, pk: int, message: int) -> HttpResponse:
    """Note that a recipient was told by a call; asked for by HTMX, answer with that row alone."""
    found = _own(request, pk)
    one = reachable(request.standing, Action.MESSAGE_VIEW, Letter, pk=pk, messages=message)
    procedure.called(one.pk, message, request.user, timezone.now())
    if request.headers.get("HX-Request") != "true":
        return redirect("letter", pk=pk)
    row = queries.message_row(Message.objects.get(pk=message))
    shown = {"row": row, "card": queries.card_of(found, request.standing)}
    return render(request, "post/_row.html", shown)


@require_safe
@login_required
def notices(request: PageRequest) -> HttpResponse:
    """List one's own notices, the unread ones first."""
    return render(request, "post/notices.html", {"page": queries.notices_page(request.standing, request)})


@require_safe
@login_required
def notice(request: PageRequest, pk: int) -> HttpResponse:
    """Show a notice."""
    found = queries.own_notice(request.standing, pk)
    return render(request, "post/notice.html", {"notice": found, "message": found.message})


@require_POST
@login_required
def open_notice(request: PageRequest, pk: int) -> HttpResponse:
    """Open a notice: it counts as read from now on."""
    procedure.open_notice(reachable(request.standing, Action.NOTICE_VIEW, Notice, pk=pk), timezone.now())
    return redirect("notice", pk=pk)


def _own(request: PageRequest, pk: int) -> Letter:
    """Return a letter of one's own, of which something is to be done."""
    require(request.standing, Action.MESSAGE_WRITE)
    return reachable(request.standing, Action.MESSAGE_VIEW, Letter, pk=pk, by=request.standing.user)


def _languages(found: Letter) -> tuple[str, ...]:
    return tuple(found.messages.order_by("-language").values_list("language", flat=True).distinct())


def _conflict(request: PageRequest, found: Letter, form: LetterForm) -> HttpResponse:
    now = Letter.objects.get(pk=found.pk)
    return _page(request, now, after_conflict(form, now), 409)


def _settled(request: PageRequest, found: Letter, form: LetterForm) -> HttpResponse:
    """Answer where a letter went, or was dropped, in another window: what was typed since is shown, not lost."""
    now = Letter.objects.get(pk=found.pk)
    both = after_conflict(form, now)
    return _page(request, now, both, 409) if both.differences else redirect("letter", pk=found.pk)


def _page(request: PageRequest, found: Letter, form: LetterForm | None = None, status: int = 200) -> HttpResponse:
    """Answer with the page of a letter: what was typed, its recipients, and how one of them sees it."""
    card = queries.card_of(found, request.standing)
    shown = {
        "card": card,
        "page": queries.messages_page(found, request, sum(card.counts.values())),
        "seen": queries.seen_by(found, key_of(request.GET.get("to", ""))),
        "differences": form.differences if form else (),
        "form": (form or form_of(found, card.languages)) if card.draft and card.may_write else None,
    }
    return render(request, "post/letter.html", shown, status=status)
