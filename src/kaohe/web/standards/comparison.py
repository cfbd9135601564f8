"""Two versions side by side: what differs, by criterion and setting, old and new."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kaohe.standard.compare import Difference, compare
from kaohe.web.accounts.permissions import Action, reachable
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.queries import named, standard_of, versions_seen
from kaohe.web.standards.wording import parted

MOST_CHOICES = 300
_KINDS = {
    "added": ("增加", "added"),
    "removed": ("删去", "removed"),
    "changed": ("改动", "changed"),
    "moved": ("移动", "moved"),
}


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """A difference of one setting; `path` as the file has it."""

    setting: str
    path: str
    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Part:
    """The differences in one criterion, or in another part of the standard."""

    title: str
    differences: tuple[DifferenceShown, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two versions that were chosen, None where nothing was."""

    old: StandardVersion | None
    new: StandardVersion | None


def choices(standing: Standing) -> tuple[tuple[int, str], ...]:
    """Return the versions that somebody can choose from, by authority."""
    return tuple((version.pk, label(version)) for version in versions_seen(standing)[:MOST_CHOICES])


def label(version: StandardVersion) -> str:
    """Return what a version is called where several authorities stand side by side."""
    return f"{version.authority.name}　{named(version)}"


def chosen(standing: Standing, old: str, new: str) -> Pair:
    """Return the versions that an address names; Http404 where one of them is not there, or may not be seen."""
    found = [
        reachable(standing, Action.STANDARD_VIEW, StandardVersion, pk=said) if said else None for said in (old, new)
    ]
    return Pair(*found)


def parts_of(old: StandardVersion, new: StandardVersion) -> tuple[Part, ...]:
    """Return what differs between two versions, by the part of the standard, in the order of the model."""
    standards = standard_of(old).standard, standard_of(new).standard
    found = [(parted(difference.path, *standards), difference) for difference in compare(*standards)]
    return tuple(
        Part(title, tuple(_shown(setting, difference) for (_, setting), difference in held))
        for title, held in groupby(_together(found), lambda one: one[0][0])
    )


Placed = tuple[tuple[str, str], Difference]


def _together(found: Sequence[Placed]) -> list[Placed]:
    """Bring the differences of one part together, the parts in the order in which they first come."""
    order: dict[str, int] = {}
    for (title, _), _ in found:
        order.setdefault(title, len(order))
    return sorted(found, key=lambda one: order[one[0][0]])


def _shown(setting: str, difference: Difference) -> DifferenceShown:
    return DifferenceShown(
        setting or say("整项", "the whole"), difference.path, say(*_KINDS[difference.kind]), difference.old or "", difference.new or "",
    )  # fmt: skip
