"""Imports: the list, a new one, one of them, and what is done with it."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, can, require
from kaohe.web.intake import organised, procedure, queries, resting, rows, workbooks
from kaohe.web.intake.access import makeable, seen
from kaohe.web.intake.forms import UploadForm, blank_form, day_of, read_form
from kaohe.web.intake.models import CITY, MOVING, Import, State
from kaohe.web.intake.storing import keep
from kaohe.web.intake.titles import TITLES
from kaohe.web.intake.uploads import extension_of, under_quota
from kaohe.web.lang.choice import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


@require_safe
@login_required
def imports(request: PageRequest) -> HttpResponse:
    """List the imports."""
    require(request.standing, Action.IMPORT_VIEW)
    return render(
        request,
        "intake/imports.html",
        {
            "page": queries.imports_page(request.standing, request),
            "may_make": can(request.standing, Action.IMPORT_MAKE),
        },
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: PageRequest) -> HttpResponse:
    """Take in a file; how much of it is settled before anything is read, the token of the form too."""
    require(request.standing, Action.IMPORT_MAKE)
    under_quota(request)
    return _new(request)


@csrf_protect
def _new(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        form = blank_form(request.standing, request.GET.get("table", ""), request.GET.get("round", ""))
        return render(request, "intake/new.html", {"form": form})
    before = procedure.sent_before(request.user, request.POST.get("token", ""))
    if before is not None:
        return redirect("import", pk=before.pk)
    sent = read_form(request, request.standing)
    if isinstance(sent, UploadForm):
        return render(request, "intake/new.html", {"form": sent}, status=422)
    what, file = sent
    stored = keep(file.chunks(), extension_of(file))
    return redirect("import", pk=procedure.receive(request.user, what, stored, timezone.now()).pk)


@require_safe
@login_required
def template(request: PageRequest, table: str) -> HttpResponse:
    """Answer the empty workbook of a table."""
    require(request.standing, Action.IMPORT_MAKE)
    if table not in TITLES or table == CITY:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table}.xlsx"
        workbooks.write_template(path, table)
        return _file(path, f"{table}.xlsx", XLSX)


@require_safe
@login_required
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show an import: how far it is, its faults, or its rows against the table."""
    found = _reached(seen(request.standing), pk)
    shown: dict[str, Any] = {"card": queries.card_of(found, request.standing)}
    if found.state in queries.WORK:
        return render(request, "intake/reading.html", shown | {"progress": queries.progress_of(found)})
    if found.state == State.FAULTY:
        faulty = {"lines": rows.faults_shown(found), "markable": workbooks.markable(found)}
        return render(request, "intake/faulty.html", shown | faulty)
    if found.state == State.DROPPED:
        return render(request, "intake/dropped.html", shown)
    asked = rows.asked_of(found, request.GET)
    listed = rows.rows_of(found, asked, request)
    shown |= {
        "page": listed.page, "heads": listed.heads, "columns": listed.columns, "kind": asked.kind,
        "tabs": rows.tabs_of(found, asked), "table_tabs": rows.table_tabs(found, asked),
    }  # fmt: skip
    return render(request, "intake/import.html", shown)


@require_safe
@login_required
def progress(request: PageRequest, pk: int) -> HttpResponse:
    """Show how far the work is; once it is over, or another work has begun, have the page loaded anew."""
    found = _reached(seen(request.standing), pk)
    shown = {"card": queries.card_of(found, request.standing), "progress": queries.progress_of(found)}
    answer = render(request, "intake/_progress.html", shown)
    if queries.WORK.get(found.state, "") != request.GET.get("of", "reading"):
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_safe
@login_required
def annotated(request: PageRequest, pk: int) -> HttpResponse:
    """Answer a copy of the file in which every fault is marked; of a city folder, one for each file with faults."""
    found = _reached(seen(request.standing), pk)
    if found.state != State.FAULTY or not workbooks.markable(found):
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annotated"
        if found.table == CITY:
            workbooks.write_annotated_city(path, found)
        else:
            workbooks.write_annotated(path, found)
        return _file(path, workbooks.marked_name(found), ZIP if found.table == CITY else XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Bring an import into its table; where a complete file lets something end, ask when."""
    found = _reached(makeable(request.standing), pk)
    card = queries.card_of(found, request.standing)
    if found.state != State.READY or not card.changes or (request.method != "POST" and not card.asks_day):
        return redirect("import", pk=pk)
    typed = request.POST.get("ends_on", timezone.localdate().isoformat())
    day, error = day_of(typed, organised.first_end(found)) if card.asks_day else (None, "")
    if request.method != "POST" or error:
        shown = {
            "card": card,
            "table": found.table,
            "ends_on": typed,
            "error": error if request.method == "POST" else "",
        }
        return render(request, "intake/confirm.html", shown, status=422 if shown["error"] else 200)
    try:
        if procedure.confirm(pk, request.user, day, timezone.now()) and card.at_once:
            messages.success(request, say(f"已导入：{card.summary}", f"Imported: {card.summary}"))
    except procedure.RoundClosed:
        messages.error(
            request,
            say(
                f"没有导入：{card.round}已经结束，不再接收记录。",
                f"Nothing was imported: {card.round} is closed and takes no more records.",
            ),
        )
    return redirect("import", pk=pk)


@require_POST
@login_required
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """Drop an import that is not confirmed."""
    found = _reached(makeable(request.standing), pk)
    if procedure.drop(pk, request.user, timezone.now()):
        messages.success(
            request,
            say(f"已放弃 {found.file_name}，表中没有改动", f"{found.file_name} is dropped; no table was changed"),
        )
    return redirect("imports")


@require_POST
@login_required
def read_again(request: PageRequest, pk: int) -> HttpResponse:
    """Read an import from the beginning, or take up its way into the ledger or out of it where that was broken off.

    `undo`: have what was written on that way be taken back instead.
    """
    found = _reached(makeable(request.standing), pk)
    if found.state in MOVING:
        procedure.go_on(pk, request.user, timezone.now(), undo="undo" in request.POST)
    else:
        procedure.read_again(pk, request.user, timezone.now())
    return redirect("import", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_back(request: PageRequest, pk: int) -> HttpResponse:
    """Take a confirmed import back, or name what rests on it."""
    found = _reached(makeable(request.standing), pk)
    if found.state != State.CONFIRMED:
        return redirect("import", pk=pk)
    card = queries.card_of(found, request.standing)
    if request.method == "POST" and procedure.take_back(pk, request.user, timezone.now()):
        if card.at_once:
            messages.success(
                request, say("已撤回，各行恢复为导入前的内容", "Taken back: every row is as it was before")
            )
        return redirect("import", pk=pk)
    shown = {"card": card, "resting": resting.resting_shown(found)}
    return render(request, "intake/take_back.html", shown, status=409 if request.method == "POST" else 200)


def _reached(imports: QuerySet[Import], pk: int) -> Import:
    """Return one of the imports that somebody reaches; Http404 where it is not among them."""
    whole = imports.select_related("authority", "within", "by", "job", "round__standard", "round__authority", "change")
    return get_object_or_404(whole, pk=pk)


def _file(path: Path, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(path.read_bytes(), content_type=kind, headers=headers)
