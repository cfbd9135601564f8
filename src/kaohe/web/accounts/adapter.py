"""What django-allauth asks of us: words, addresses, limits, and what is written down of a sign-in."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.http import url_has_allowed_host_and_scheme

from kaohe.web.accounts.models import User
from kaohe.web.accounts.qr import qr
from kaohe.web.accounts.second_factor import opened, sealed
from kaohe.web.journal import security
from kaohe.web.lang.choice import say

words = lazy(say, str)
"""A text in both languages whose language is chosen when it is shown."""

THROTTLED = words(
    "尝试次数过多，这个用户名或这台电脑暂时不能登录。五分钟后再试，或请安全管理员重置密码。",
    "Too many attempts: this user name or this computer is held back. Try again in five minutes, or ask the security administrator for a new password.",
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; accounts come from the security administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": words(
            "用户名或密码不对。用户名是开户时给的，不是姓名。",
            "Wrong user name or password. The user name is the one on your sheet, not your own name.",
        ),
        "invalid_login": words("用户名或密码不对。", "Wrong user name or password."),
        "too_many_login_attempts": THROTTLED,
        "incorrect_password": words("密码不对。", "Wrong password."),
        "incorrect_code": words(
            "动态码不对，或已经用过。等下一个再输。", "Wrong code, or one already used. Wait for the next one."
        ),
        "rate_limited": THROTTLED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Answer no."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the limits are counted by."""
        return security.address_of(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be sent there after sign-in: only to a page of this very system."""
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whether one's own account asks for the password again: not within minutes of the sign-in itself."""
        began = self.request.session.get("began", 0)
        return bool(timezone.now().timestamp() - began >= app_settings.REAUTHENTICATION_TIMEOUT)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer the password only."""
        return [way for way in super().get_reauthentication_methods(user) if way["id"] == "reauthenticate"]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count the attempts of an account whatever host name they are sent to."""
        return str(credentials.get("username", "")).strip().lower()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Hold back who tries too often, and count it in one row."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            user = _known(credentials)
            security.count("sign-in:throttled", request, user=user, at=timezone.now())
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Answer the account; a closed one like one that is not there."""
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if isinstance(user, User):
            self._rollback_login_failed_rl_usage()
            return user
        self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write a failure down."""
        user = _known(credentials)
        reason = "unknown" if user is None else "password" if user.is_active else "closed"
        kind = "confirm:failed" if request.user.is_authenticated else "sign-in:failed"
        security.note(kind, request, user=user, detail=f"reason={reason}", at=timezone.now())

    def post_login(self, request: HttpRequest, user: User, **hints: Any) -> HttpResponse:
        """Write a sign-in down, and start the clock of its session."""
        now = timezone.now()
        request.session["began"] = request.session["seen"] = int(now.timestamp())
        security.note("sign-in", request, user=user, at=now)
        return super().post_login(request, user, **hints)  # type: ignore[no-any-return]

    def set_password(self, user: User, password: str) -> None:
        """Keep a new password and its day."""
        user.set_password(password)
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_changed_at"])


def _known(credentials: dict[str, Any]) -> User | None:
    return User.objects.filter(username=str(credentials.get("username", "")).lower()).first()


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors, their secrets encrypted under the deployment's key, which no backup holds."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"]
    }

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code into the page itself."""
        return qr(url)

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret of the database."""
        return opened(encrypted_text)
