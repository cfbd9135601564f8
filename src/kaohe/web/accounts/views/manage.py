"""Accounts, as the security administrator keeps them and the auditor sees them."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kaohe.web.accounts import procedure
from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.listing import listing
from kaohe.web.accounts.management_forms import ALL_ROLES, LastDayForm, NewAccountForm, PersonForm, PostForm, errors_of
from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.permissions import Action, can, reachable, require, visible
from kaohe.web.accounts.picture import account_picture, picker
from kaohe.web.accounts.procedure import Refused
from kaohe.web.accounts.queries import last_steps
from kaohe.web.accounts.roles import ROLES_OF_DUTY, Duty
from kaohe.web.accounts.sheet import sheet_of
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Unit
from kaohe.web.pages.parts import Difference
from kaohe.web.pages.remembered import remembered

T = TypeVar("T")
OPENED = (
    "账号已开设。下一步：生成链接，交给本人设密码。",
    "The account is open. Next: make the link by which its owner sets a password.",
)


@require_safe
@login_required
def accounts(request: PageRequest) -> HttpResponse:
    """List the accounts."""
    require(request.standing, Action.ACCOUNT_VIEW)
    shown, now = visible(request.standing, Action.ACCOUNT_VIEW, User), timezone.now()

    def listed() -> dict[str, object]:
        return listing(shown, request, now) | {"may_manage": can(request.standing, Action.ACCOUNT_MANAGE)}

    part = remembered(request, "accounts/_accounts.html", timezone.localdate(now), listed, also=last_steps())
    return render(request, "accounts/accounts.html", {"part": part})


@login_required
def new_account(request: PageRequest) -> HttpResponse:
    """Open an account."""
    require(request.standing, Action.ACCOUNT_MANAGE)
    now, units = timezone.now(), visible(request.standing, Action.UNIT_VIEW, Unit)
    form = NewAccountForm(units, ALL_ROLES, request.POST or None, initial={"since": f"{timezone.localdate(now)}"})
    if _sent(request) and form.is_valid():
        user = _tried(
            form, "username", lambda: procedure.create_account(**form.account(), actor=request.user.username, now=now)
        )
        if user:
            messages.success(request, say(*OPENED))
            return redirect("one-account", user.pk)
    shown = {"form": form, "errors": errors_of(form) if _sent(request) else {}}
    return render(request, "accounts/new.html", shown | picker(form, timezone.localdate(now)))


@require_safe
@login_required
def unit_choices(request: PageRequest) -> HttpResponse:
    """Answer the units of a picker, for what was searched."""
    require(request.standing, Action.ACCOUNT_MANAGE)
    form = PostForm(visible(request.standing, Action.UNIT_VIEW, Unit), ALL_ROLES, request.GET)
    return render(request, "accounts/_units.html", picker(form, timezone.localdate()))


@require_safe
@login_required
def one_account(request: PageRequest, pk: int) -> HttpResponse:
    """Show an account."""
    return _one(request, reachable(request.standing, Action.ACCOUNT_VIEW, User, pk=pk))


def _one(
    request: PageRequest, user: User, form: PostForm | None = None, status: int = 200, **more: object
) -> HttpResponse:
    now, units = timezone.now(), visible(request.standing, Action.UNIT_VIEW, Unit)
    typed = form or PostForm(units, ROLES_OF_DUTY[Duty(user.duty)], initial={"since": f"{timezone.localdate(now)}"})
    shown = account_picture(user, now) | picker(typed, timezone.localdate(now)) | {
        "form": typed, "errors": errors_of(form) if form and _sent(request) else {}, "opened": form is not None,
        "may_manage": can(request.standing, Action.ACCOUNT_MANAGE),
    }  # fmt: skip
    return render(request, "accounts/one.html", shown | more, status=status)


@login_required
@require_POST
def edit(request: PageRequest, pk: int) -> HttpResponse:
    """Correct name and telephone; where somebody else did so meanwhile, show both."""
    user, form = _theirs(request, pk), PersonForm(request.POST)
    if not form.is_valid():
        return _one(request, user, person_form=form, person_errors=errors_of(form))
    typed, version = form.cleaned_data, request.POST.get("version", "")
    known = int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0
    if procedure.edit_account(user, known, **typed, actor=request.user.username, now=timezone.now()):
        messages.success(request, say("已保存。", "Saved."))
        return redirect("one-account", pk)
    differences = [
        Difference(say("姓名", "Name"), user.name, typed["name"]),
        Difference(say("电话", "Telephone"), user.phone, typed["phone"]),
    ]
    return _one(request, user, status=409, person_form=form, person_errors={}, differences=differences)


@login_required
@require_POST
def begin(request: PageRequest, pk: int) -> HttpResponse:
    """Give an account a role."""
    user = _theirs(request, pk)
    units = visible(request.standing, Action.UNIT_VIEW, Unit)
    form = PostForm(units, ROLES_OF_DUTY[Duty(user.duty)], request.POST)
    if _sent(request) and form.is_valid():
        act = partial(procedure.begin_membership, user, form.post(), actor=request.user.username, now=timezone.now())
        if _tried(form, "role", act):
            messages.success(request, say("角色已增加。", "The role is given."))
            return redirect("one-account", pk)
    return _one(request, user, form)


@login_required
@require_POST
def end(request: PageRequest, pk: int, membership: int) -> HttpResponse:
    """Say the last day of a role."""
    user, form = _theirs(request, pk), LastDayForm(request.POST)
    held = reachable(request.standing, Action.ACCOUNT_MANAGE, Membership, pk=membership, user=user)
    if not form.is_valid():
        messages.error(request, next(iter(errors_of(form).values())))
        return redirect("one-account", pk)
    last = form.cleaned_data["until"]
    return _done(
        request, user, lambda: procedure.end_membership(held, last, actor=request.user.username, now=timezone.now()),
        say(f"角色到 {last} 为止。", f"The role ends on {last}."),
    )  # fmt: skip


@login_required
@require_POST
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close an account."""
    user = _theirs(request, pk)
    return _done(
        request, user, lambda: procedure.close_account(user, actor=request.user.username, now=timezone.now()),
        say("账号已关闭，会话已结束。", "The account is closed, its sessions have ended."),
    )  # fmt: skip


@login_required
@require_POST
def reopen(request: PageRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    user = _theirs(request, pk)
    return _done(
        request, user, lambda: procedure.reopen_account(user, actor=request.user.username, now=timezone.now()),
        say("账号已重新开放。", "The account is open again."),
    )  # fmt: skip


@login_required
@require_POST
def reset(request: PageRequest, pk: int) -> HttpResponse:
    """Remove the second factor of somebody who lost it."""
    user = _theirs(request, pk)
    return _done(
        request, user, lambda: procedure.reset_second_factor(user, actor=request.user.username, now=timezone.now()),
        say("动态码已重置，本人下次登录时重新设置。", "The second factor is reset; its owner sets up another at the next sign-in."),
    )  # fmt: skip


@login_required
@never_cache
@require_POST
def make_link(request: PageRequest, pk: int) -> HttpResponse:
    """Make a one-time link and show it, once, on a sheet to print."""
    user, now = _theirs(request, pk), timezone.now()
    try:
        token = procedure.invite(user, request.user, now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("one-account", pk)
    return render(request, "accounts/sheet.html", {"sheet": sheet_of(user, token, request, now)})


def _theirs(request: PageRequest, pk: int) -> User:
    return reachable(request.standing, Action.ACCOUNT_MANAGE, User, pk=pk)


def _sent(request: PageRequest) -> bool:
    """Whether a form was sent, and not only searched in."""
    return request.method == "POST" and "find" not in request.POST


def _tried(form: NewAccountForm | PostForm, field: str, act: Callable[[], T]) -> T | None:
    try:
        return act()
    except Refused as refused:
        form.add_error(field, str(refused))
        return None


def _done(request: PageRequest, user: User, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
        messages.success(request, words)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("one-account", user.pk)
