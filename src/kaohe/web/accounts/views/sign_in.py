"""The way in and out."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from kaohe.web.accounts.forms import CodeForm, ConfirmForm, NewPasswordForm, SignInForm
from kaohe.web.accounts.links import account_of, use_link
from kaohe.web.accounts.models import User
from kaohe.web.accounts.passwords import asked
from kaohe.web.accounts.second_factor import RECOVERY
from kaohe.web.accounts.sessions import forget
from kaohe.web.journal import security
from kaohe.web.lang.choice import say


class SignIn(LoginView):  # type: ignore[misc]
    """User name and password."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"


class SignInCode(AuthenticateView):  # type: ignore[misc]
    """The one-time code, or a recovery code, before anybody is signed in."""

    form_class = CodeForm
    template_name = "accounts/sign_in_code.html"

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Say when a recovery code was spent."""
        if form.authenticator.type == RECOVERY:
            security.note("recovery-code:used", self.request, user=form.user, at=timezone.now())
        return super().form_valid(form)  # type: ignore[no-any-return]


class Confirm(ReauthenticateView):  # type: ignore[misc]
    """The password again."""

    form_class = ConfirmForm
    template_name = "accounts/confirm.html"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, or a sign-in that is half done."""
    if isinstance(request.user, User):
        security.note("sign-out", request, user=request.user, at=timezone.now())
        forget(request.session.session_key)
    logout(request, show_message=False)
    messages.success(request, say("已退出。", "Signed out."))
    response = redirect("sign-in")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_safe
def forgot(request: HttpRequest) -> HttpResponse:
    """Say whom to call: there is no mail."""
    return render(request, "accounts/forgot.html")


@never_cache
@sensitive_post_parameters("password", "again")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a one-time link. Looking at it does not use it up."""
    now = timezone.now()
    user = account_of(token, now)
    if user is None:
        raise Http404
    form = NewPasswordForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/link.html", {"form": form, "account": user, "asked": asked()})
    if not use_link(token, form.cleaned_data["password"], now):
        raise Http404
    security.note("link:used", request, user=user, at=now)
    logout(request, show_message=False)
    messages.success(
        request, say(f"密码已设好。用 {user.username} 登录。", f"The password is set. Sign in as {user.username}.")
    )
    return redirect("sign-in")


def too_many(request: HttpRequest, *args: Any) -> HttpResponse:
    """Answer 429, and count it in one row."""
    user = request.user if isinstance(request.user, User) else None
    security.count("sign-in:throttled", request, user=user, at=timezone.now())
    return render(request, "accounts/too_many.html", status=429)
