"""Actors and objects by their names, as far as whoever asks may see them: one query a kind, whatever the number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model, Q

from kaohe.web.accounts.models import Membership, OneTimeLink, User
from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.intake.models import Import
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Person, Unit
from kaohe.web.standards.models import StandardVersion

SYSTEM = "system"
MOST_FOUND = 200
_LONGEST_KEY = 18
_KINDS: Mapping[str, tuple[Action, type[Model], str, tuple[str, str]]] = {
    "unit": (Action.UNIT_VIEW, Unit, "name", ("单位", "unit")),
    "person": (Action.PERSON_VIEW, Person, "name", ("人员", "person")),
    "account": (Action.ACCOUNT_VIEW, User, "name", ("账号", "account")),
    "import": (Action.IMPORT_VIEW, Import, "file_name", ("导入", "import")),
    "standard": (Action.STANDARD_VIEW, StandardVersion, "name", ("标准", "standard")),
    "membership": (Action.ACCOUNT_VIEW, Membership, "user__name", ("角色", "role")),
    "link": (Action.ACCOUNT_VIEW, OneTimeLink, "user__name", ("一次性链接", "one-time link")),
}
"""How the kinds of objects are named: who may see them, what they are, the field that names them."""
_ALIASES = {"user": "account"}
_OTHER_KINDS = {
    "letter": ("邮件", "letter"),
    "journal": ("日志", "journal"),
    "round": ("考核轮次", "round"),
    "security_log": ("安全日志", "security log"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """The names that were looked up."""

    actors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)

    def actor(self, username: str) -> tuple[str, str]:
        """Return an actor's name and unit; the user name alone where there is no more to be seen."""
        if username == SYSTEM:
            return say("系统", "system"), ""
        return self.actors.get(username, (username, ""))

    def object(self, thing: str) -> str:
        """Return an object's name, with its kind where it has none."""
        kind, key = _parted(thing)
        name = self.objects.get(f"{kind} {key}")
        if name:
            return name
        words = _KINDS[kind][3] if kind in _KINDS else _OTHER_KINDS.get(kind)
        return f"{say(*words)} {key}".strip() if words else thing


def names_of(standing: Standing, actors: Collection[str], things: Iterable[str], day: date) -> Names:
    """Look up the names of actors and objects: two queries for the actors, one for each kind of object."""
    keys: dict[str, set[int]] = defaultdict(set)
    for thing in things:
        kind, key = _parted(thing)
        if kind in _KINDS and key.isascii() and key.isdecimal() and len(key) <= _LONGEST_KEY:
            keys[kind].add(int(key))
    objects: dict[str, str] = {}
    for kind, (action, model, label, _) in _KINDS.items():
        if keys[kind]:
            found = visible(standing, action, model).filter(pk__in=keys[kind]).values_list("pk", label)
            objects |= {f"{kind} {pk}": name for pk, name in found}
    return Names(_actors(standing, actors, day), objects)


def _actors(standing: Standing, usernames: Collection[str], day: date) -> dict[str, tuple[str, str]]:
    people = visible(standing, Action.ACCOUNT_VIEW, User).filter(username__in=set(usernames))
    named = dict(people.values_list("username", "name"))
    held = Membership.objects.filter(Membership.on(day), user__username__in=list(named)).order_by("-since", "-id")
    units = dict(held.values_list("user__username", "unit__name"))
    return {username: (name, units.get(username, "")) for username, name in named.items()}


def matching(standing: Standing, words: str) -> Q:
    """Return the condition for entries by whom or about what somebody searches: a name, a code, a user name.

    Of each kind at most 200 are looked for.
    """
    accounts = visible(standing, Action.ACCOUNT_VIEW, User).filter(Q(username=words.lower()) | Q(name__contains=words))
    found = list(accounts.order_by("pk").values_list("pk", "username")[:MOST_FOUND])
    things = [f"{kind} {pk}" for pk, _ in found for kind in ("account", "user")]
    for kind in ("unit", "person"):
        action, model, _, _ = _KINDS[kind]
        named = visible(standing, action, model).filter(Q(name__contains=words) | Q(code=words))
        things += [f"{kind} {pk}" for pk in named.order_by("pk").values_list("pk", flat=True)[:MOST_FOUND]]
    return Q(actor__in=[words, *(username for _, username in found)]) | Q(object__in=[words, *things])


def _parted(thing: str) -> tuple[str, str]:
    kind, _, key = thing.partition(" ")
    return _ALIASES.get(kind, kind), key
