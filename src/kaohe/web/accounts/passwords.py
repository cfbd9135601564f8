"""How passwords are kept, and what the profile `dengbao` asks of them."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

from kaohe.web.lang.choice import say


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
