"""Keeps how somebody wants pages to be shown. It is a matter of taste, not of record: the journal hears nothing."""

from collections.abc import Mapping

from kaohe.web.accounts.models import User


def keep_display(user: int, said: Mapping[str, str]) -> None:
    """Keep display settings on an account."""
    if said:
        User.objects.filter(pk=user).update(**said)
