"""The second factor: one-time codes by time (RFC 6238), each accepted once, and recovery codes."""

from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction

from kaohe.web.accounts.models import User

TOTP = Authenticator.Type.TOTP
RECOVERY = Authenticator.Type.RECOVERY_CODES


def _box() -> Fernet:
    """Return what secrets are encrypted with: a key derived from the deployment's."""
    return Fernet(urlsafe_b64encode(sha256(b"kaohe second factor\n" + settings.SECRET_KEY.encode()).digest()))


def sealed(secret: str) -> str:
    """Encrypt a secret for the database."""
    return _box().encrypt(secret.encode()).decode()


def opened(secret: str) -> str:
    """Decrypt a secret; where the deployment's key is another one now, answer a secret that no code fits."""
    try:
        return _box().decrypt(secret.encode()).decode()
    except InvalidToken:
        return b32encode(token_bytes(20)).decode()


def accepted_once(authenticator: Authenticator, code: str) -> bool:
    """Remember the moment a code was made for; False where this moment, or a later one, was accepted before."""
    if authenticator.type != TOTP:
        return True
    secret = decrypt(authenticator.data["secret"])
    moments = [
        at for at in yield_hotp_counters_from_time() if compare_user_code(actual=code, expected=_code(secret, at))
    ]
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        if not moments or moments[-1] <= row.data.get("moment", -1):
            return False
        row.data["moment"] = moments[-1]
        row.save(update_fields=["data"])
    authenticator.data = row.data
    return True


def _code(secret: str, moment: int) -> str:
    return str(format_hotp_value(hotp_value(secret, moment)))


def is_set_up(user: User) -> bool:
    """Whether an account has a second factor."""
    return bool(Authenticator.objects.filter(user=user, type=TOTP).exists())


def totp_of(user: User) -> Authenticator:
    """Return the second factor of an account that has one."""
    return Authenticator.objects.get(user=user, type=TOTP)


def recovery_codes(user: User) -> list[str]:
    """Return the recovery codes that were not used yet, as `1234 5678`."""
    kept = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return [f"{code[:4]} {code[4:]}" for code in kept.wrap().get_unused_codes()] if kept else []
