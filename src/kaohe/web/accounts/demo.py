"""Accounts of a demonstration: everybody knows their password; a real system neither makes them nor lets them in."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password

from kaohe.web.accounts.models import User


def open_to_everybody(user: User, password: str, now: datetime) -> None:
    """Give an account a password that everybody knows; RuntimeError outside a demonstration."""
    if not settings.CONFIGURATION.demo:
        raise RuntimeError("only in a demonstration")
    User.objects.filter(pk=user.pk).update(demo=True, password=make_password(password), password_changed_at=now)
