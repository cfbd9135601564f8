"""What somebody is today: the account, and its roles at units. Read once a request."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from kaohe.web.accounts.models import Membership, User
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
    """An account with its posts of today, and whether it has a second factor."""

    user: int
    person: int | None
    posts: tuple[Post, ...]
    has_second_factor: bool = False

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


def standing_of(user: User, day: date) -> Standing:
    """Read what an account is on a day; an account that was closed is nobody."""
    if not user.is_active:
        return NOBODY
    held = Membership.objects.filter(Membership.on(day), user=user).order_by("since", "id")
    second = Exists(Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP))
    rows = list(held.values_list("role", "unit_id", "unit__path", "unit__name", "unit__is_authority", second))
    return Standing(user.pk, user.person_id, tuple(Post(*row[:5]) for row in rows), any(row[5] for row in rows))
