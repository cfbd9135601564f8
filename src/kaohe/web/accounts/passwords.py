"""How passwords are kept, and what the profiles ask of them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from kaohe.web.lang.choice import say

if TYPE_CHECKING:
    from kaohe.web.accounts.models import User

SHORTEST = {"modern": 15, "dengbao": 8}


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane (OWASP ASVS 5.0, 11.4.2)."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1


class ComplexityValidator:
    """Three of: capitals, small letters, digits, others (GB/T 22239-2019, 8.1.4.1 a)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where fewer than three kinds occur."""
        kinds = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
        if sum(any(map(kind, password)) for kind in kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return say(
            "大写字母、小写字母、数字、其他字符，至少有三种。",
            "At least three of: capitals, small letters, digits, other characters.",
        )


def faults(password: str, user: "User") -> list[str]:
    """Return what the profile finds wrong with a password, in the language that is being spoken."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [_told(fault) for fault in error.error_list]
    return []


def _told(fault: ValidationError) -> str:
    shortest = SHORTEST[settings.CONFIGURATION.password_profile]
    match fault.code:
        case "password_too_short":
            return say(f"太短，至少 {shortest} 个字符。", f"Too short: at least {shortest} characters.")
        case "password_too_common":
            return say("太常见，容易被猜到。换一个别人想不到的。", "Too common. Take one that nobody would guess.")
        case "password_too_similar":
            return say("和用户名太像。", "Too much like the user name.")
        case _:
            return str(fault.messages[0])


def asked() -> str:
    """Say before anybody types what the profile asks."""
    if settings.PASSWORD_DAYS:
        return say(
            f"至少 8 个字符，大写字母、小写字母、数字、其他字符有三种，每 {settings.PASSWORD_DAYS} 天更换一次。",
            f"At least 8 characters of three kinds: capitals, small letters, digits, others. To be changed every {settings.PASSWORD_DAYS} days.",
        )
    return say(
        "至少 15 个字符，可以用一句话。不要求大小写和符号，也不用定期更换。",
        "At least 15 characters; a sentence will do. No capitals or signs are asked for, and it need not be changed.",
    )


def is_old(changed: datetime, now: datetime) -> bool:
    """Whether the profile asks for a new password in place of one of that day."""
    return settings.PASSWORD_DAYS is not None and changed < now - timedelta(days=settings.PASSWORD_DAYS)
