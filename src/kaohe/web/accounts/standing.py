"""What somebody is today: the account, and its roles at units. Read once a request."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.db import connection

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import SECOND_FACTOR


@dataclass(frozen=True, slots=True)
class Post:
    """A role at a unit, as it holds today."""

    role: str
    unit: int
    path: str
    unit_name: str
    is_authority: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An account with its posts of today, whether it has a second factor, and how many notices it has not read."""

    user: int
    person: int | None
    posts: tuple[Post, ...]
    has_second_factor: bool = False
    unread: int = 0

    @property
    def roles(self) -> frozenset[str]:
        """The roles held today."""
        return frozenset(post.role for post in self.posts)

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the roles must hold a second factor."""
        return bool(self.roles & SECOND_FACTOR)

    @property
    def owes_second_factor(self) -> bool:
        """Whether one must be set up before anything else."""
        return self.needs_second_factor and not self.has_second_factor


NOBODY = Standing(0, None, ())

HELD = """
SELECT m.role, m.unit_id, u.path, u.name, u.is_authority,
       EXISTS (SELECT 1 FROM mfa_authenticator a WHERE a.user_id = m.user_id AND a.type = %s),
       (SELECT COUNT(*) FROM post_notice n WHERE n.user_id = m.user_id AND n.read_at IS NULL)
FROM accounts_membership m JOIN organisation_unit u ON u.id = m.unit_id
WHERE m.user_id = %s AND m.since <= %s AND (m.until IS NULL OR m.until >= %s)
ORDER BY m.since, m.id"""
"""The roles of an account on a day, and the unread notices, which the letterhead counts: asked for with every request,
so the statement is written out (to build it from querysets takes longer than to run it). The same as `Membership.on`,
which a test compares."""


def standing_of(user: User, day: date) -> Standing:
    """Read what an account is on a day; an account that was closed is nobody."""
    if not user.is_active:
        return NOBODY
    with connection.cursor() as cursor:
        cursor.execute(HELD, [Authenticator.Type.TOTP.value, user.pk, day, day])
        rows = cursor.fetchall()
    posts = tuple(Post(role, unit, path, name, bool(authority)) for role, unit, path, name, authority, *_ in rows)
    return Standing(user.pk, user.person_id, posts, any(row[5] for row in rows), rows[0][6] if rows else 0)
