"""Imports: the list, a new one, one of them, and what is done with it."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, can, reachable, require
from kaohe.web.intake import procedure, queries, rows, workbooks
from kaohe.web.intake.forms import UploadForm, blank_form, day_of, read_form
from kaohe.web.intake.models import Import, State
from kaohe.web.intake.storing import keep
from kaohe.web.intake.targets import TARGETS
from kaohe.web.intake.uploads import extension_of, under_quota
from kaohe.web.lang.choice import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        return render(request, "intake/new.html", {"form": blank_form(request.standing, request.GET.get("table", ""))})
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
    if table not in TARGETS:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table}.xlsx"
        workbooks.write_template(path, table)
        return _workbook(path, f"{table}.xlsx")


@require_safe
@login_required
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show an import: how far it is, its faults, or its rows against the table."""
    found = _reachable(request, Action.IMPORT_VIEW, pk)
    shown: dict[str, Any] = {"card": queries.card_of(found, request.standing)}
    if found.state == State.READING:
        return render(request, "intake/reading.html", shown | {"reading": queries.reading_of(found)})
    if found.state == State.FAULTY:
        return render(request, "intake/faulty.html", shown | {"lines": rows.faults_shown(found)})
    if found.state == State.DROPPED:
        return render(request, "intake/dropped.html", shown)
    kind = rows.kind_shown(found, request.GET.get("kind", ""))
    listed, tabs = rows.rows_of(found, kind, request), rows.tabs_of(found, kind)
    shown |= {"page": listed.page, "columns": listed.columns, "tabs": tabs, "kind": kind}
    return render(request, "intake/import.html", shown)


@require_safe
@login_required
def progress(request: PageRequest, pk: int) -> HttpResponse:
    """Show how far the reading is; once it is over, have the page loaded anew."""
    found = _reachable(request, Action.IMPORT_VIEW, pk)
    shown = {"card": queries.card_of(found, request.standing), "reading": queries.reading_of(found)}
    answer = render(request, "intake/_progress.html", shown)
    if found.state != State.READING:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_safe
@login_required
def annotated(request: PageRequest, pk: int) -> HttpResponse:
    """Answer a copy of the file in which every fault is marked."""
    found = _reachable(request, Action.IMPORT_VIEW, pk)
    if found.state != State.FAULTY:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annotated.xlsx"
        workbooks.write_annotated(path, found)
        return _workbook(path, f"{Path(found.file_name).stem}-{say('批注', 'marked')}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Bring an import into its table; where a complete file lets something end, ask when."""
    found = _reachable(request, Action.IMPORT_MAKE, pk)
    card = queries.card_of(found, request.standing)
    if found.state != State.READY or not card.changes or (request.method != "POST" and not card.ends):
        return redirect("import", pk=pk)
    typed = request.POST.get("ends_on", timezone.localdate().isoformat())
    day, error = day_of(typed, procedure.first_end(found)) if card.ends else (None, "")
    if request.method != "POST" or error:
        shown = {
            "card": card,
            "table": found.table,
            "ends_on": typed,
            "error": error if request.method == "POST" else "",
        }
        return render(request, "intake/confirm.html", shown, status=422 if shown["error"] else 200)
    if procedure.confirm(pk, request.user, day, timezone.now()):
        messages.success(request, say(f"已导入：{card.summary}", f"Imported: {card.summary}"))
    return redirect("import", pk=pk)


@require_POST
@login_required
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """Drop an import that is not confirmed."""
    found = _reachable(request, Action.IMPORT_MAKE, pk)
    if procedure.drop(pk, request.user, timezone.now()):
        messages.success(
            request,
            say(f"已放弃 {found.file_name}，表中没有改动", f"{found.file_name} is dropped; no table was changed"),
        )
    return redirect("imports")


@require_POST
@login_required
def read_again(request: PageRequest, pk: int) -> HttpResponse:
    """Read an import from the beginning."""
    _reachable(request, Action.IMPORT_MAKE, pk)
    procedure.read_again(pk, request.user, timezone.now())
    return redirect("import", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_back(request: PageRequest, pk: int) -> HttpResponse:
    """Take a confirmed import back, or name what rests on it."""
    found = _reachable(request, Action.IMPORT_MAKE, pk)
    if found.state != State.CONFIRMED:
        return redirect("import", pk=pk)
    if request.method == "POST" and procedure.take_back(pk, request.user, timezone.now()):
        messages.success(request, say("已撤回，各行恢复为导入前的内容", "Taken back: every row is as it was before"))
        return redirect("import", pk=pk)
    shown = {"card": queries.card_of(found, request.standing), "resting": queries.resting_shown(found)}
    return render(request, "intake/take_back.html", shown, status=409 if request.method == "POST" else 200)


def _reachable(request: PageRequest, action: Action, pk: int) -> Import:
    found = reachable(request.standing, action, Import, pk=pk)
    return Import.objects.select_related("authority", "by", "job").get(pk=found.pk)


def _workbook(path: Path, name: str) -> HttpResponse:
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(path.read_bytes(), content_type=XLSX, headers=headers)
