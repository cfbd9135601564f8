"""Standards: the list, one of them as its annex, a new version, two side by side, the file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaohe.fault import BadInput
from kaohe.standard.files import library
from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, can, reachable, require
from kaohe.web.lang.choice import say
from kaohe.web.pages.paging import page_of
from kaohe.web.pages.remembered import head_of, recalled, remembered
from kaohe.web.standards import annex, comparison, forms, procedure, queries
from kaohe.web.standards.checking import checked
from kaohe.web.standards.findings import findings_shown
from kaohe.web.standards.models import StandardVersion

VERSIONS_A_PAGE = 60


@require_safe
@login_required
def standards(request: PageRequest) -> HttpResponse:
    """List the standards of the authorities."""
    require(request.standing, Action.STANDARD_VIEW)

    def shown() -> dict[str, object]:
        page = page_of(queries.versions_seen(request.standing), request, VERSIONS_A_PAGE)
        return {"page": page, "sections": queries.sections_of(page.rows, request.standing)}

    today = timezone.localdate()
    without = recalled(
        request.standing, "authorities without a standard", today,
        lambda: queries.without_standard(request.standing), head_of(request),
    )  # fmt: skip
    around = {
        "list": remembered(request, "standards/_standards.html", today, shown),
        "may_add": can(request.standing, Action.STANDARD_MANAGE),
        "without": without,
        "library": queries.library_entries() if without else (),
    }
    return render(request, "standards/standards.html", around)


@require_safe
@login_required
def standard(request: PageRequest, pk: int) -> HttpResponse:
    """Show a version of a standard: its annex, its rules, the decisions behind them."""
    found = reachable(request.standing, Action.STANDARD_VIEW, StandardVersion, pk=pk)

    def shown() -> dict[str, object]:
        rounds = queries.rounds_under([pk], request.standing)[pk]
        return {"version": found, "annex": annex.annex_of(queries.standard_of(found).standard), "rounds": rounds}

    part = remembered(request, "standards/_standard.html", timezone.localdate(), shown)
    around = {
        "version": found,
        "title": queries.title_of(found),
        "part": part,
        "may_remove": queries.may_remove(found, request.standing),
    }
    return render(request, "standards/standard.html", around)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: PageRequest) -> HttpResponse:
    """Take in a new version; how large it may be is settled before anything is read, the token of the form too."""
    require(request.standing, Action.STANDARD_MANAGE)
    forms.small_only(request)
    return _new(request)


@csrf_protect
def _new(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        form = forms.blank_form(request.standing, request.GET.get("authority", ""))
        return render(request, "standards/new.html", {"form": form})
    sent = forms.read_form(request, request.standing)
    if isinstance(sent, forms.UploadForm):
        return render(request, "standards/new.html", {"form": sent}, status=422)
    try:
        made, is_new = procedure.add(
            sent.authority, checked(sent.content, sent.file_name), request.user, timezone.now()
        )
    except BadInput as refused:
        shown = findings_shown(sent.content, sent.file_name, refused.faults)
        form = forms.blank_form(request.standing, str(sent.authority.pk))
        return render(request, "standards/new.html", {"form": form, "findings": shown}, status=422)
    except procedure.VersionTaken as taken:
        name = queries.named(taken.there)
        error = say(
            f"{name} 已有，内容不同。已有的版本不改动：在文件的 version 处另给一个版本号，再上传。",
            f"{name} is there already with other content. A version never changes: give the file another number "
            "under version, and upload it again.",
        )
        form = forms.blank_form(request.standing, str(sent.authority.pk), file=error)
        return render(request, "standards/new.html", {"form": form}, status=409)
    return _kept(request, made, is_new=is_new)


@require_POST
@login_required
def take(request: PageRequest) -> HttpResponse:
    """Take a standard of the library for an authority."""
    require(request.standing, Action.STANDARD_MANAGE)
    authority = forms.chosen_authority(request.standing, request.POST.get("authority", ""))
    name = request.POST.get("name", "")
    if authority is None or name not in library():
        messages.error(
            request, say("没有采用：请选择主管机关和标准", "Nothing was taken: choose authority and standard")
        )
        return redirect("standards")
    try:
        made, is_new = procedure.take(authority, name, request.user, timezone.now())
    except procedure.VersionTaken as taken:
        name = queries.named(taken.there)
        text = say(f"没有采用：{name} 已有，内容不同", f"Nothing was taken: {name} is there with other content")
        messages.error(request, text)
        return redirect("standards")
    return _kept(request, made, is_new=is_new)


def _kept(request: PageRequest, version: StandardVersion, *, is_new: bool) -> HttpResponse:
    name = queries.named(version)
    if is_new:
        messages.success(request, say(f"已保存 {name}", f"{name} is kept"))
    else:
        messages.info(request, say(f"{name} 已有，内容相同", f"{name} is there already, byte for byte the same"))
    return redirect("standard", pk=version.pk)


@require_safe
@login_required
def compare(request: PageRequest) -> HttpResponse:
    """Show two versions side by side."""
    require(request.standing, Action.STANDARD_VIEW)
    pair = comparison.chosen(request.standing, request.GET.get("old", ""), request.GET.get("new", ""))
    part = None
    if pair.old and pair.new:
        old, new = pair.old, pair.new

        def shown() -> dict[str, object]:
            return {"old": old, "new": new, "parts": comparison.parts_of(old, new)}

        part = remembered(request, "standards/_comparison.html", timezone.localdate(), shown)
    around = {"pair": pair, "choices": comparison.choices(request.standing), "part": part}
    return render(request, "standards/compare.html", around)


@require_safe
@login_required
def file(request: PageRequest, pk: int) -> HttpResponse:
    """Hand out the file of a version, byte for byte as it was kept."""
    found = reachable(request.standing, Action.STANDARD_VIEW, StandardVersion, pk=pk)
    name = f"{found.name}-{found.version}.yaml"
    headers = {
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name)),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(found.content), content_type="application/yaml", headers=headers)


@require_POST
@login_required
def remove(request: PageRequest, pk: int) -> HttpResponse:
    """Remove a version that was never used."""
    found = reachable(request.standing, Action.STANDARD_MANAGE, StandardVersion, pk=pk)
    name = queries.named(found)
    if procedure.remove(found, request.user, timezone.now()):
        messages.success(request, say(f"已移除 {name}", f"{name} is removed"))
        return redirect("standards")
    messages.error(request, say(f"没有移除：{name} 已用于轮次", f"Not removed: {name} is used by a round"))
    return redirect("standard", pk=pk)
