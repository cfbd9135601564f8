"""One-time links: by one of them a password is set once. Whoever has it may; only its digest is kept."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db.models import QuerySet

from kaohe.web.accounts.models import OneTimeLink, User
from kaohe.web.accounts.sessions import end_sessions
from kaohe.web.journal.append import change

VALID = timedelta(days=7)


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


def link_for(user: User, made_by: User | None, now: datetime) -> tuple[str, OneTimeLink]:
    """Make a link, in the transaction of its caller; an earlier one that was not used ends."""
    end_links(user, now)
    token = token_urlsafe(32)
    return token, OneTimeLink.objects.create(
        user=user, digest=digest_of(token), made_by=made_by, made_at=now, expires_at=now + VALID
    )


def end_links(user: User, now: datetime) -> None:
    """End the links of an account that were not used."""
    OneTimeLink.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)


def account_of(token: str, now: datetime) -> User | None:
    """Return whose password a link sets; None where it is unknown, used or over, or the account is closed."""
    link = _usable(token, now).select_related("user").first()
    return link.user if link else None


def use_link(token: str, password: str, now: datetime) -> User | None:
    """Set the password, use the link up and end the sessions; of two at once one wins, and the other gets None."""
    link = _usable(token, now).select_related("user").first()
    if link is None:
        return None
    user = link.user
    user.set_password(password)
    user.password_changed_at = now
    with change(user.username, now) as log:
        # conditions of its own table only: whoever waited for the row would see those of another as they were before
        if not OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now):
            return None
        user.save(update_fields=["password", "password_changed_at"])
        end_sessions(user)
        log.says("link:use", f"link {link.pk}", {"account": user.pk})
    return user


def _usable(token: str, now: datetime) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(digest=digest_of(token), used_at=None, expires_at__gt=now, user__is_active=True)
