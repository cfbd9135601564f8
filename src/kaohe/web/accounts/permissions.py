"""Who may do what to which object: one table, three questions.

`may` (this person, this action, this object), `visible` (to which objects), `holders` (which people): all read
`GRANTS`. A grant reaches everything, the subtree of the unit at which the role is held, that unit and those above it
(`ABOVE`), both (`AROUND`), or what is one's own. An
object that is out of reach is answered as one that is not there.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum, StrEnum
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.standing import Standing

M = TypeVar("M", bound=Model)


class Action(StrEnum):
    """What can be done, as `resource:action`, in alphabetical order."""

    ACCOUNT_MANAGE = "account:manage"
    ACCOUNT_VIEW = "account:view"
    CITY_VIEW = "city:view"
    HANDBOOK_OWN = "handbook:own"
    HANDBOOK_VIEW = "handbook:view"
    IMPORT_MAKE = "import:make"
    IMPORT_VIEW = "import:view"
    JOB_CANCEL = "job:cancel"
    JOB_VIEW = "job:view"
    JOURNAL_VIEW = "journal:view"
    MESSAGE_VIEW = "message:view"
    MESSAGE_WRITE = "message:write"
    NAMES_VIEW = "names:view"
    NOTICE_VIEW = "notice:view"
    PERSON_VIEW = "person:view"
    ROUND_MANAGE = "round:manage"
    ROUND_VIEW = "round:view"
    SECURITY_LOG_VIEW = "security_log:view"
    STANDARD_MANAGE = "standard:manage"
    STANDARD_VIEW = "standard:view"
    STANDING_OWN = "standing:own"
    STANDING_VIEW = "standing:view"
    SYSTEM_VIEW = "system:view"
    UNIT_EDIT = "unit:edit"
    UNIT_VIEW = "unit:view"


class Reach(Enum):
    """How far a grant goes."""

    ALL = "all"
    SUBTREE = "subtree"
    ABOVE = "above"
    AROUND = "around"
    SELF = "self"


_EVERYBODY: dict[str, Reach] = dict.fromkeys(map(str, Role), Reach.SELF)
_READERS: dict[str, Reach] = {
    **dict.fromkeys((Role.OFFICER, Role.LEADER, Role.INSPECTOR, Role.REVIEWER, Role.ACADEMY, Role.CIVIL_SERVANT), Reach.ABOVE),
    Role.OFFICE: Reach.AROUND, Role.AUDITOR: Reach.ALL,
}  # fmt: skip
"""Everybody in the work reads what their own authority lays down; the office what it laid down for those below, too."""

GRANTS: Mapping[Action, Mapping[str, Reach]] = {
    Action.ACCOUNT_MANAGE: {Role.SECURITY: Reach.ALL},
    Action.ACCOUNT_VIEW: {Role.SECURITY: Reach.ALL, Role.AUDITOR: Reach.ALL},
    Action.CITY_VIEW: {Role.OFFICE: Reach.SUBTREE, Role.AUDITOR: Reach.ALL},
    Action.HANDBOOK_OWN: {Role.CIVIL_SERVANT: Reach.SELF},
    Action.HANDBOOK_VIEW: {
        Role.OFFICE: Reach.SUBTREE, Role.OFFICER: Reach.SUBTREE, Role.LEADER: Reach.SUBTREE,
        Role.CIVIL_SERVANT: Reach.SELF, Role.AUDITOR: Reach.ALL,
    },
    Action.IMPORT_MAKE: dict.fromkeys((Role.OFFICE, Role.OFFICER, Role.ACADEMY), Reach.SUBTREE),
    Action.IMPORT_VIEW: {
        **dict.fromkeys((Role.OFFICE, Role.OFFICER, Role.LEADER, Role.ACADEMY), Reach.SUBTREE), Role.AUDITOR: Reach.ALL,
    },
    Action.JOB_CANCEL: {**_EVERYBODY, Role.SYSTEM: Reach.ALL},
    Action.JOB_VIEW: {**_EVERYBODY, Role.SYSTEM: Reach.ALL, Role.AUDITOR: Reach.ALL},
    Action.JOURNAL_VIEW: {Role.AUDITOR: Reach.ALL},
    Action.MESSAGE_VIEW: {
        Role.OFFICE: Reach.SELF, Role.OFFICER: Reach.SELF, Role.LEADER: Reach.SELF, Role.AUDITOR: Reach.ALL,
    },
    Action.MESSAGE_WRITE: dict.fromkeys((Role.OFFICE, Role.OFFICER, Role.LEADER), Reach.SUBTREE),
    Action.NAMES_VIEW: dict.fromkeys((Role.OFFICE, Role.OFFICER, Role.LEADER), Reach.SUBTREE),
    Action.NOTICE_VIEW: _EVERYBODY,
    Action.PERSON_VIEW: {
        Role.OFFICE: Reach.SUBTREE, Role.OFFICER: Reach.SUBTREE, Role.LEADER: Reach.SUBTREE,
        Role.CIVIL_SERVANT: Reach.SELF, Role.AUDITOR: Reach.ALL,
    },
    Action.ROUND_MANAGE: {Role.OFFICE: Reach.SUBTREE},
    Action.ROUND_VIEW: _READERS,
    Action.SECURITY_LOG_VIEW: {Role.AUDITOR: Reach.ALL},
    Action.STANDARD_MANAGE: {Role.OFFICE: Reach.SUBTREE},
    Action.STANDARD_VIEW: _READERS,
    Action.STANDING_OWN: {Role.OFFICER: Reach.SUBTREE, Role.LEADER: Reach.SUBTREE},
    Action.STANDING_VIEW: {
        Role.OFFICE: Reach.SUBTREE, Role.OFFICER: Reach.SUBTREE, Role.LEADER: Reach.SUBTREE, Role.AUDITOR: Reach.ALL,
    },
    Action.SYSTEM_VIEW: {Role.SYSTEM: Reach.ALL},
    Action.UNIT_EDIT: {Role.OFFICE: Reach.SUBTREE},
    Action.UNIT_VIEW: {
        Role.OFFICE: Reach.SUBTREE, Role.OFFICER: Reach.SUBTREE, Role.LEADER: Reach.SUBTREE, Role.INSPECTOR: Reach.SUBTREE,
        Role.REVIEWER: Reach.SUBTREE, Role.ACADEMY: Reach.SUBTREE, Role.CIVIL_SERVANT: Reach.SUBTREE,
        Role.AUDITOR: Reach.ALL, Role.SECURITY: Reach.ALL,
    },
}  # fmt: skip

_PATHS: dict[str, str] = {
    "organisation.Unit": "path",
    "organisation.Person": "unit__path",
    "accounts.User": "memberships__unit__path",
    "intake.Import": "within__path",
    "rounds.Round": "authority__path",
    "standards.StandardVersion": "authority__path",
}
"""How the unit to whose subtree an object belongs is reached; a model that is not here belongs to no unit."""

_OWN: dict[str, tuple[str, str]] = {
    "organisation.Person": ("pk", "person"),
    "jobs.Job": ("owner", "user"),
    "post.Letter": ("by", "user"),
    "post.Notice": ("user", "user"),
}
"""What of an object is compared with what of oneself, for what is one's own."""


def visible(standing: Standing, action: Action, model: type[M]) -> QuerySet[M]:
    """Return the objects of a model to which somebody may do something."""
    objects = model._default_manager.all()
    grants, label = GRANTS[action], model._meta.label
    reached = Q(pk__in=())
    for post in standing.posts:
        match grants.get(post.role):
            case Reach.ALL:
                return objects
            case Reach.SUBTREE if label in _PATHS:
                reached |= Q(**{f"{_PATHS[label]}__startswith": post.path})
            case Reach.ABOVE if label in _PATHS:
                reached |= Q(**{f"{_PATHS[label]}__in": [*_from_top(post.path)]})
            case Reach.AROUND if label in _PATHS:
                reached |= Q(**{f"{_PATHS[label]}__startswith": post.path})
                reached |= Q(**{f"{_PATHS[label]}__in": [*_from_top(post.path)]})
            case Reach.SELF if label in _OWN:
                theirs, ours = _OWN[label]
                reached |= Q(**{theirs: getattr(standing, ours)})
    several = objects.filter(reached)
    return several.distinct() if "memberships" in _PATHS.get(label, "") else several


def may(standing: Standing, action: Action, thing: Model) -> bool:
    """Whether somebody may do something to an object."""
    return visible(standing, action, type(thing)).filter(pk=thing.pk).exists()


def can(standing: Standing, action: Action) -> bool:
    """Whether somebody may do something to anything at all: what decides whether a page is there for them."""
    return any(post.role in GRANTS[action] for post in standing.posts)


def holders(action: Action, thing: Model, day: date) -> QuerySet[User]:
    """Return the active accounts that may do something to an object on a day."""
    grants, label = GRANTS[action], type(thing)._meta.label
    held = Membership.objects.filter(Membership.on(day))
    reached = Q(role__in=[role for role, reach in grants.items() if reach is Reach.ALL])
    if label in _PATHS:
        paths = type(thing)._default_manager.filter(pk=thing.pk).values_list(_PATHS[label], flat=True)
        found = list(paths)
        roles = [role for role, reach in grants.items() if reach in (Reach.SUBTREE, Reach.AROUND)]
        reached |= Q(role__in=roles, unit__path__in={above for path in found if path for above in _from_top(path)})
        roles = [role for role, reach in grants.items() if reach in (Reach.ABOVE, Reach.AROUND)]
        for path in filter(None, found):
            reached |= Q(role__in=roles, unit__path__startswith=path)
    if label in _OWN:
        theirs, ours = _OWN[label]
        owner = type(thing)._default_manager.filter(pk=thing.pk).values_list(theirs, flat=True)
        roles = [role for role, reach in grants.items() if reach is Reach.SELF]
        reached |= Q(
            role__in=roles, **{"user__person__in" if ours == "person" else "user__in": list(filter(None, owner))}
        )
    return User.objects.filter(is_active=True, pk__in=held.filter(reached).values("user"))


def _from_top(path: str) -> Iterator[str]:
    """Yield the paths of the units above, and of the unit itself: `/1/`, `/1/7/` of `/1/7/`."""
    ids = path.strip("/").split("/")
    yield from (f"/{'/'.join(ids[:length])}/" for length in range(1, len(ids) + 1))


def require(standing: Standing, action: Action) -> None:
    """Raise Http404 where nothing of the kind is there for somebody."""
    if not can(standing, action):
        raise Http404


def reachable(standing: Standing, action: Action, model: type[M], **where: object) -> M:
    """Return the one object to which somebody may do something; Http404 where it is not there, or not theirs."""
    try:
        return visible(standing, action, model).get(**where)
    except (model.DoesNotExist, ValueError, OverflowError):  # type: ignore[attr-defined]
        raise Http404 from None
