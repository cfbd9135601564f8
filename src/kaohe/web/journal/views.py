"""The auditor's pages: the journal, its entries, checkpoints and proofs, and the security log."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, reachable, require
from kaohe.web.journal import checkpoints as log_checkpoints
from kaohe.web.journal import events, export, filters, procedure, proofs, queries
from kaohe.web.journal.comparison import comparison_text, kept_text
from kaohe.web.journal.entry_page import entry_page
from kaohe.web.journal.models import Checkpoint, LogEntry
from kaohe.web.journal.signing_key import KeyLost, known_key
from kaohe.web.lang.choice import say
from kaohe.web.pages.paging import page_of
from kaohe.web.pages.remembered import head_of, recalled, remembered


@login_required
@require_GET
def journal(request: PageRequest) -> HttpResponse:
    """List the entries, newest first."""
    require(request.standing, Action.JOURNAL_VIEW)
    asked, now = filters.entry_filter(request.GET), timezone.now()
    today, head = timezone.localdate(now), head_of(request)

    def rows() -> dict[str, object]:
        return {"asked": asked, "page": queries.entry_list(request.standing, asked, now)}

    shown = {
        "asked": asked,
        "extent": recalled(request.standing, ("extent", asked), today, lambda: queries.extent(asked), head),
        "rows": remembered(request, "journal/_entry_rows.html", today, rows),
        "latest": recalled(request.standing, "latest", today, queries.latest_facts, head),
        "check": queries.last_check(),
    }
    return render(request, "journal/journal.html", shown)


@login_required
@require_GET
def journal_entry(request: PageRequest, seq: int) -> HttpResponse:
    """Show one entry as a whole."""
    entry = reachable(request.standing, Action.JOURNAL_VIEW, LogEntry, pk=seq)
    return render(request, "journal/entry.html", {"entry": entry_page(request.standing, entry, timezone.now())})


@login_required
@require_GET
def entry_proof(request: PageRequest, seq: int) -> HttpResponse:
    """Hand out the proof that an entry stands in the latest checkpoint that includes it."""
    reachable(request.standing, Action.JOURNAL_VIEW, LogEntry, pk=seq)
    try:
        proof = proofs.proof_for(seq)
    except (proofs.NotCovered, proofs.LogTooShort, ValueError):
        raise Http404 from None
    answer = JsonResponse(proof, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="proof-{seq}.json"'
    return answer


@login_required
@require_POST
def export_journal(request: PageRequest) -> StreamingHttpResponse:
    """Hand out the whole journal, or (`format=csv`) a table of what the filter asks for."""
    require(request.standing, Action.JOURNAL_VIEW)
    actor, now = request.user.get_username(), timezone.now()
    if request.POST.get("format") == "csv":
        asked = filters.entry_filter(request.POST)
        return _file(
            export.entries_table(request.standing, actor, asked, now), "text/csv; charset=utf-8", "journal.csv"
        )
    return _file(export.journal_file(actor, now), "application/jsonl; charset=utf-8", "journal.jsonl")


@login_required
@require_POST
def verify_journal(request: PageRequest) -> HttpResponse:
    """Have the whole journal checked in the background."""
    require(request.standing, Action.JOURNAL_VIEW)
    procedure.ask_for_check(request.standing.user, timezone.now())
    return redirect("journal")


@login_required
@require_http_methods(["GET", "POST"])
def checkpoints(request: PageRequest) -> HttpResponse:
    """List the checkpoints; hold one that somebody kept against the present log."""
    require(request.standing, Action.JOURNAL_VIEW)
    page, key = page_of(Checkpoint.objects.all(), request), known_key()
    shown = {"page": page, "rows": [queries.checkpoint_row(row) for row in page.rows], "key": key and key.written}
    if request.method == "POST":
        text = kept_text(request.POST.get("text", ""), request.FILES.get("file"))
        shown |= {"text": text, "comparison": comparison_text(log_checkpoints.compare(text))}
    return render(request, "journal/checkpoints.html", shown)


@login_required
@require_POST
def sign_checkpoint(request: PageRequest) -> HttpResponse:
    """Sign the log's head now."""
    require(request.standing, Action.JOURNAL_VIEW)
    try:
        made = log_checkpoints.make(log_checkpoints.ASKED, timezone.now())
    except KeyLost:
        messages.error(
            request,
            say(
                "签名钥匙不在这台机器上：先放回 keys/journal-key。",
                "The signing key is not on this machine: bring keys/journal-key back.",
            ),
        )
    except log_checkpoints.TwoHistories:
        messages.error(
            request,
            say(
                "日志与上一个检查点不符，没有签发。核对日志，看哪里被改过。",
                "The journal is not the one of the last checkpoint; nothing was signed. Check the journal to see what was altered.",
            ),
        )
    else:
        messages.success(request, say(f"最近的检查点：{made.size:,} 号", f"Latest checkpoint: {made.size:,}"))
    return redirect("checkpoints")


@login_required
@require_GET
def checkpoint_note(request: PageRequest, pk: int) -> HttpResponse:
    """Hand out a checkpoint as text."""
    note = reachable(request.standing, Action.JOURNAL_VIEW, Checkpoint, pk=pk)
    return _text(note.note, f"checkpoint-{note.size}.txt")


@login_required
@require_GET
def verifier_key(request: PageRequest) -> HttpResponse:
    """Hand out the public key of the checkpoints' signatures."""
    require(request.standing, Action.JOURNAL_VIEW)
    key = known_key()
    if key is None:
        raise Http404
    return _text(key.written + "\n", "journal-key.txt")


@login_required
@require_GET
def security_log(request: PageRequest) -> HttpResponse:
    """List who came in and who was turned away, newest first."""
    require(request.standing, Action.SECURITY_LOG_VIEW)
    asked = filters.event_filter(request.GET)
    shown = {"asked": asked, "page": events.event_list(request.standing, asked), "kinds": events.kinds()}
    return render(request, "journal/security.html", shown)


@login_required
@require_POST
def export_security_log(request: PageRequest) -> StreamingHttpResponse:
    """Hand out a table of the security log."""
    require(request.standing, Action.SECURITY_LOG_VIEW)
    asked = filters.event_filter(request.POST)
    rows = export.events_table(request.standing, request.user.get_username(), asked, timezone.now())
    return _file(rows, "text/csv; charset=utf-8", "security-log.csv")


def _file(lines: Iterable[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(lines, content_type=content_type, headers=headers)


def _text(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
