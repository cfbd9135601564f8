"""One's own account."""

from collections.abc import Callable
from typing import TypeVar

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.password_change import change_password, finalize_password_change
from allauth.core.ratelimit import consume_or_429
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from kaohe.web.accounts.forms import ChangePasswordForm, SetUpForm
from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.passwords import asked, is_old
from kaohe.web.accounts.queries import history_of, posts_of, recovery_left
from kaohe.web.accounts.second_factor import accepted_once, is_set_up, recovery_codes, totp_of
from kaohe.web.accounts.sessions import end_session, end_sessions, sessions_of
from kaohe.web.journal import security
from kaohe.web.lang.choice import say
from kaohe.web.pages.remembered import remembered

V = TypeVar("V", bound=Callable[..., HttpResponse])
SHOWN = "recovery-codes-shown"
"""The session's note that the recovery codes may be looked at, until one says that they are kept."""


def confirmed(view: V) -> V:
    """Ask for the password again, before a view."""
    asking: V = reauthentication_required(app="kaohe")(view)
    return asking


@require_safe
@login_required
def account(request: PageRequest) -> HttpResponse:
    """Show one's own account."""
    now, user = timezone.now(), request.user
    today, has_factor = timezone.localdate(now), request.standing.has_second_factor

    def posts() -> dict[str, object]:
        return {"card": {"posts": posts_of(user, today)}}

    history = history_of(user, 10)
    return render(request, "accounts/account.html", {
        "posts": remembered(request, "accounts/_own_posts.html", today, posts, also=user.pk),
        "has_second_factor": has_factor,
        "sessions": sessions_of(user, request.session.session_key, now),
        "history": remembered(
            request, "accounts/_history.html", today, lambda: {"history": history}, also=tuple(history)
        ),
        "recovery_left": recovery_left(user) if has_factor else 0,
    })  # fmt: skip


@login_required
@sensitive_post_parameters("old", "password", "again")
def password(request: PageRequest) -> HttpResponse:
    """Change one's own password; the other sessions end."""
    if limited := consume_or_429(request, action="change_password", user=request.user):
        return limited  # type: ignore[no-any-return]
    user, now = request.user, timezone.now()
    form = ChangePasswordForm(user, request.POST or None)
    if not form.is_valid():
        owed = is_old(user.password_changed_at or user.created_at, now)
        return render(request, "accounts/password.html", {"form": form, "asked": asked(), "owed": owed})
    change_password(user, form.cleaned_data["password"])
    finalize_password_change(request, user)
    end_sessions(user, but=request.session.session_key)
    security.note("password:changed", request, user=user, at=now)
    messages.success(
        request, say("密码已修改，其他会话已结束。", "The password is changed; your other sessions have ended.")
    )
    return redirect("account")


@login_required
@never_cache
def second_factor(request: PageRequest) -> HttpResponse:
    """Set a second factor up; or show that there is one, and remove it where it is not obligatory."""
    if not is_set_up(request.user):
        return SetUp.as_view()(request)  # type: ignore[no-any-return]
    if request.method == "POST":
        return _remove(request)
    return render(request, "accounts/second_factor.html", {"left": recovery_left(request.user)})


@confirmed
def _remove(request: PageRequest) -> HttpResponse:
    if request.standing.needs_second_factor:
        raise Http404
    deactivate_totp(request, totp_of(request.user))
    security.note("second-factor:removed", request, user=request.user, at=timezone.now())
    messages.success(request, say("动态码已停用。", "The second factor is removed."))
    return redirect("account")


class SetUp(ActivateTOTPView):  # type: ignore[misc]
    """The secret as a QR code and as text, and the first code to prove that it was taken over."""

    form_class = SetUpForm
    template_name = "accounts/second_factor_set_up.html"

    def form_valid(self, form: SetUpForm) -> HttpResponse:
        """Spend the code, end the sessions that were begun without it, and show the recovery codes."""
        activate_totp(self.request, form)
        user = self.request.user
        accepted_once(totp_of(user), form.cleaned_data["code"])
        end_sessions(user, but=self.request.session.session_key)
        security.note("second-factor:set-up", self.request, user=user, at=timezone.now())
        self.request.session[SHOWN] = True
        return redirect("recovery-codes")


@login_required
@never_cache
@confirmed
def recovery(request: PageRequest) -> HttpResponse:
    """Show the recovery codes until one says that they are kept, and never again; make new ones."""
    if not is_set_up(request.user):
        return redirect("second-factor")
    if request.method == "POST" and request.POST.get("do") == "kept":
        request.session.pop(SHOWN, None)
        return redirect("account")
    if request.method == "POST":
        generate_recovery_codes(request)
        security.note("recovery-codes:made", request, user=request.user, at=timezone.now())
        request.session[SHOWN] = True
        return redirect("recovery-codes")
    codes = recovery_codes(request.user) if request.session.get(SHOWN) else []
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "left": recovery_left(request.user)})


@login_required
@never_cache
@require_POST
@confirmed
def recovery_file(request: PageRequest) -> HttpResponse:
    """Hand the recovery codes out as a text file, while they may be looked at."""
    if not request.session.get(SHOWN):
        raise Http404
    lines = [settings.CONFIGURATION.title, request.user.username, "", *recovery_codes(request.user), ""]
    return HttpResponse(
        "\r\n".join(lines),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="kaohe-{request.user.pk}-recovery-codes.txt"'},
    )


@login_required
@confirmed
def sessions(request: PageRequest) -> HttpResponse:
    """List where one is signed in; end one, or all others."""
    now, own = timezone.now(), request.session.session_key
    if request.method == "POST":
        return _end(request)
    return render(request, "accounts/sessions.html", {"sessions": sessions_of(request.user, own, now)})


def _end(request: PageRequest) -> HttpResponse:
    key = request.session.session_key
    if request.POST.get("session") == "others":
        ended = end_sessions(request.user, but=key)
    else:
        ended = end_session(request.user, request.POST.get("session", ""), but=key)
    if ended:
        security.note("session:ended", request, user=request.user, detail=f"count={ended}", at=timezone.now())
    messages.success(request, say(f"已结束 {ended} 个会话。", f"Sessions ended: {ended}."))
    return redirect("sessions")
