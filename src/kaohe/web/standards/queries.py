"""What the pages ask of the standards: a version as a value, the list, who may do what with one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.apps import apps
from django.db.models import QuerySet

from kaohe.standard.files import StandardFile, library, parse_standard, read_standard
from kaohe.web.accounts.permissions import Action, can, may, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say, spoken
from kaohe.web.organisation.models import Unit
from kaohe.web.pages.remembered import Memory
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.wording import title_in

MOST_WITHOUT = 60
_READ = Memory(64)
_SHORT: Mapping[str, tuple[str, str]] = {
    "benxi-2010": ("本溪市 2010 年标准", "the Benxi standard of 2010"),
    "qinghe-2024": ("清河市 2024 年示例", "the Qinghe example of 2024"),
}


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round under a version, as far as it may be seen."""

    pk: int
    title: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as a list shows it."""

    pk: int
    name: str
    version: str
    title: str
    digest: str
    frozen_at: datetime | None
    rounds: tuple[RoundShown, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The versions of one authority."""

    authority: str
    rows: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A standard that comes with the program: its name, what a button calls it, its title, its document."""

    name: str
    short: str
    title: str
    document: str


def standard_of(version: StandardVersion) -> StandardFile:
    """Return a version of a standard as a value; it is read once a process."""
    key = version.digest, version.file_name
    found: StandardFile | None = _READ.recall(key)
    if found is None:
        found = parse_standard(bytes(version.content), version.file_name)
        _READ.keep(key, found)
    return found


def versions_seen(standing: Standing) -> QuerySet[StandardVersion]:
    """Return the versions that somebody may see, those of one authority together, the newest of a name first."""
    seen = visible(standing, Action.STANDARD_VIEW, StandardVersion).select_related("authority").defer("content")
    return seen.order_by("authority__path", "name", "-added_at", "-pk")


def sections_of(versions: Iterable[StandardVersion], standing: Standing) -> tuple[Section, ...]:
    """Return versions in the order given, by authority: two queries, however many there are."""
    shown = list(versions)
    rounds = rounds_under([version.pk for version in shown], standing)
    return tuple(
        Section(name, tuple(_row(version, rounds[version.pk]) for version in held))
        for (_, name), held in groupby(shown, lambda version: (version.authority_id, version.authority.name))
    )


def rounds_under(versions: Collection[int], standing: Standing) -> Mapping[int, list[RoundShown]]:
    """Return the rounds under versions that somebody may see, the last first: two queries."""
    rounds = apps.get_model("rounds", "Round")
    seen = visible(standing, Action.ROUND_VIEW, rounds).exclude(state="draft")
    seen = (seen | visible(standing, Action.ROUND_MANAGE, rounds)).filter(standard__in=versions)
    rows = list(seen.order_by("-year", "-end", "-id").values_list("pk", "standard_id", "kind", "year"))
    used = {version.pk: version for version in StandardVersion.objects.filter(pk__in={row[1] for row in rows})}
    found: dict[int, list[RoundShown]] = defaultdict(list)
    for pk, version, kind, year in rows:
        found[version].append(RoundShown(pk, title_in(standard_of(used[version]).standard, kind, year)))
    return found


def _row(version: StandardVersion, rounds: Iterable[RoundShown]) -> VersionRow:
    return VersionRow(
        version.pk, version.name, version.version, title_of(version), version.digest, version.frozen_at, tuple(rounds)
    )


def title_of(version: StandardVersion) -> str:
    """Return the title of a version in the language that is being spoken."""
    return say(version.title_zh, version.title_en)


def named(version: StandardVersion) -> str:
    """Return what a version is called in a sentence."""
    return say(f"{version.name} 版本 {version.version}", f"{version.name} version {version.version}")


def managed_authorities(standing: Standing) -> QuerySet[Unit]:
    """Return the authorities whose standards somebody keeps, from the top down."""
    return visible(standing, Action.STANDARD_MANAGE, Unit).filter(is_authority=True).order_by("path")


def without_standard(standing: Standing) -> tuple[Unit, ...]:
    """Return the first of the authorities that have no standard and whose standards somebody keeps."""
    if not can(standing, Action.STANDARD_MANAGE):
        return ()
    return tuple(managed_authorities(standing).filter(standards=None)[:MOST_WITHOUT])


def may_remove(version: StandardVersion, standing: Standing) -> bool:
    """Whether somebody may remove a version, which was never used."""
    manages = can(standing, Action.STANDARD_MANAGE) and may(standing, Action.STANDARD_MANAGE, version)
    return manages and version.frozen_at is None and not version.rounds.exists()


def library_entries() -> tuple[LibraryEntry, ...]:
    """Return the standards that come with the program."""
    files = {name: read_library(name).standard for name in library()}
    return tuple(
        LibraryEntry(
            name,
            say(*_SHORT[name]) if name in _SHORT else standard.title.within(spoken()),
            standard.title.within(spoken()),
            standard.source.number,
        )
        for name, standard in files.items()
    )


def read_library(name: str) -> StandardFile:
    """Return a standard that comes with the program; it is read once a process."""
    found: StandardFile | None = _READ.recall(name)
    if found is None:
        found = read_standard(name)
        _READ.keep(name, found)
    return found
