"""What is typed on the way in, and into one's own account."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kaohe.web.accounts.adapter import AccountAdapter, words
from kaohe.web.accounts.models import User
from kaohe.web.accounts.passwords import faults
from kaohe.web.accounts.second_factor import accepted_once
from kaohe.web.journal import security
from kaohe.web.lang.choice import say

LONGEST = 200
"""Characters of a password: hashing an endless one would be work for nothing."""
LACKS = {
    "username": words("填写用户名。", "Enter your user name."),
    "password": words("填写密码。", "Enter your password."),
    "code": words("填写动态码或恢复码。", "Enter the one-time code, or a recovery code."),
}


class SignInForm(LoginForm):  # type: ignore[misc]
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["required"] = LACKS["username"]
        self.fields["login"].validators = []
        self.fields["password"].error_messages["required"] = LACKS["password"]

    def clean_login(self) -> str:
        """Leave out what no database takes."""
        return self.cleaned_data["login"].replace("\0", "").strip() or "-"

    def clean_password(self) -> str:
        """Refuse what is too long to be anybody's password."""
        return _not_endless(self.cleaned_data["password"])


class ConfirmForm(ReauthenticateForm):  # type: ignore[misc]
    """The password again, before one's own account is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = LACKS["password"]


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A one-time code, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = LACKS["code"]

    def clean_code(self) -> str:
        """Accept a code once; write down what was refused."""
        request, now = AccountAdapter().request, timezone.now()
        try:
            code: str = super().clean_code()
            if not accepted_once(self.authenticator, code):
                raise AccountAdapter().validation_error("incorrect_code")
        except ValidationError as error:
            if getattr(error, "code", "") == "too_many_login_attempts":
                security.count("second-factor:throttled", request, user=self.user, at=now)
            else:
                security.note("second-factor:failed", request, user=self.user, at=now)
            raise
        return code


class SetUpForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a second factor that is being set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = words(
            "填写应用上的 6 位动态码。", "Enter the six digits that the app shows."
        )


class NewPasswordForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        strip=False, error_messages={"required": words("填写新密码。", "Enter the new password.")}
    )
    again = forms.CharField(strip=False, error_messages={"required": words("再填一遍新密码。", "Enter it once more.")})

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Hold the password to the profile."""
        password: str = self.cleaned_data["password"]
        if len(password) > LONGEST:
            raise ValidationError(say(f"最多 {LONGEST} 个字符。", f"At most {LONGEST} characters."))
        if found := faults(password, self.user):
            raise ValidationError(found)
        return password

    def clean_again(self) -> str:
        """Compare both."""
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(say("两遍不一样，重填这一遍。", "The two differ. Enter this one again."))
        return again


class ChangePasswordForm(NewPasswordForm):
    """The present password, and the new one twice."""

    old = forms.CharField(
        strip=False, error_messages={"required": words("填写现在的密码。", "Enter your present password.")}
    )
    field_order = ("old", "password", "again")

    def clean_old(self) -> str:
        """Check the present password."""
        old: str = self.cleaned_data["old"]
        if not AccountAdapter().reauthenticate(self.user, old[:LONGEST]):
            raise ValidationError(say("现在的密码不对。", "This is not your present password."))
        return old

    def clean_password(self) -> str:
        """Ask for another one than the present."""
        password = super().clean_password()
        if password == self.cleaned_data.get("old"):
            raise ValidationError(say("和现在的一样，换一个。", "That is the present one. Take another."))
        return password


def _not_endless(password: str) -> str:
    if len(password) > LONGEST:
        raise AccountAdapter().validation_error("username_password_mismatch")
    return password
