"""What pages show of imports: the list, one import, its rows, its faults."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from kaohe.web.accounts.permissions import Action, may, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.intake.models import OPEN, Import, State
from kaohe.web.intake.procedure import Resting, resting_on
from kaohe.web.intake.target import Target
from kaohe.web.intake.targets import target_of
from kaohe.web.intake.wording import KINDS, STATES, note
from kaohe.web.jobs.models import State as JobState
from kaohe.web.lang.choice import say
from kaohe.web.pages.paging import Page, page_of
from kaohe.web.pages.parts import Fact
from kaohe.web.training.rows import Image

ROWS_A_PAGE = 60
RESTING_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ListedImport:
    """An import in the list; a count is None where the file has not been compared."""

    pk: int
    file: str
    table: str
    authority: str
    by: str
    at: datetime
    mark: str
    word: str
    new: int | None
    changed: int | None
    absent: int | None
    faults: int | None


def imports_page(standing: Standing, request: HttpRequest) -> Page[ListedImport]:
    """Return a page of the imports that somebody may see, newest first."""
    found = visible(standing, Action.IMPORT_VIEW, Import).select_related("authority", "by").defer("faults", "notes")
    page = page_of(found, request, ROWS_A_PAGE)
    return replace(page, rows=tuple(map(_listed, page.rows)))  # type: ignore[arg-type, return-value]


def _listed(found: Import) -> ListedImport:
    mark, zh, en = STATES[found.state]
    new, changed, absent = (found.counts.get(kind) for kind in ("new", "changed", "absent"))
    return ListedImport(
        found.pk, shortened(found.file_name), say(*target_of(found.table).title), found.authority.name, found.by.name,
        found.created_at, mark, say(zh, en), new, changed, absent,
        found.counts.get("faults"),
    )  # fmt: skip


def shortened(name: str, most: int = 30) -> str:
    """Return a file's name as a list shows it: its beginning and its end.

    >>> shortened("a" * 40 + ".xlsx")
    'aaaaaaaaaaaaaaaaaaa…aaaaa.xlsx'
    """
    return name if len(name) <= most else f"{name[: most - 11]}…{name[-10:]}"


@dataclass(frozen=True, slots=True)
class ImportCard:
    """One import: what it is, where it is, what can be done with it."""

    pk: int
    file: str
    table: str
    authority: str
    by: str
    at: datetime
    settled_at: datetime | None
    state: str
    mark: str
    word: str
    new: int
    changed: int
    absent: int
    unchanged: int
    complete: bool
    may_make: bool
    notes: tuple[str, ...]
    faults: int
    more_faults: int
    facts: tuple[Fact, ...]
    same: "SameFile | None"

    @property
    def open(self) -> bool:
        """Whether it can still be dropped."""
        return self.state in OPEN

    @property
    def ends(self) -> int:
        """How many records end with it."""
        return self.absent if self.complete else 0

    @property
    def restored(self) -> int:
        """How many records would become again what they were."""
        return self.changed + self.ends

    @property
    def changes(self) -> int:
        """How many records a confirmation would change."""
        return self.new + self.changed + self.ends

    @property
    def summary(self) -> str:
        """Say what a confirmation does, as its button does."""
        counts = (
            ("新增 {:,}", "{:,} new", self.new),
            ("更改 {:,}", "{:,} changed", self.changed),
            ("停止 {:,}", "{:,} ended", self.ends),
        )
        return say("，", ", ").join(say(zh, en).format(count) for zh, en, count in counts if count)


@dataclass(frozen=True, slots=True)
class SameFile:
    """Another import of the same bytes, and whether it is confirmed."""

    pk: int
    at: datetime
    confirmed: bool


def card_of(found: Import, standing: Standing) -> ImportCard:
    """Return an import as its page shows it."""
    mark, zh, en = STATES[found.state]
    count = {kind: int(found.counts.get(kind, 0)) for kind in KINDS}
    facts = (
        Fact(say("主管机关", "Authority"), f"{found.authority.name} {found.authority.code}"),
        Fact(say("大小", "Size"), say(f"{found.size:,} 字节", f"{found.size:,} bytes")),
        Fact("SHA-256", found.digest, hash=True),
    )
    return ImportCard(
        pk=found.pk, file=found.file_name, table=say(*target_of(found.table).title), authority=found.authority.name,
        by=found.by.name, at=found.created_at, settled_at=found.settled_at, state=found.state, mark=mark, word=say(zh, en),
        new=count["new"], changed=count["changed"], absent=count["absent"], unchanged=count["unchanged"],
        complete=found.complete, may_make=may(standing, Action.IMPORT_MAKE, found),
        notes=tuple(note(told, found.file_name) for told in found.notes), faults=len(found.faults) + found.more_faults, more_faults=found.more_faults,
        facts=facts, same=_same_file(found),
    )  # fmt: skip


def _same_file(found: Import) -> SameFile | None:
    if found.state not in OPEN:
        return None
    others = Import.objects.filter(
        authority=found.authority_id, table=found.table, digest=found.digest, state__in=(State.READY, State.CONFIRMED)
    ).exclude(pk=found.pk)
    other = others.order_by("-settled_at", "-pk").first()
    if other is None:
        return None
    return SameFile(other.pk, other.settled_at or other.created_at, other.state == State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a file has been read; `stopped`: nobody reads it any more, and nobody will."""

    done: int
    of: int
    waiting: bool
    stopped: bool


def reading_of(found: Import) -> Reading:
    """Return how far an import's file has been read."""
    job = found.job
    if job is None:
        return Reading(0, 0, waiting=False, stopped=True)
    stopped = job.state not in (JobState.QUEUED, JobState.RUNNING)
    return Reading(job.done_steps, job.all_steps, waiting=job.state == JobState.QUEUED, stopped=stopped)


# --- what rests on an import


@dataclass(frozen=True, slots=True)
class RestingLine:
    """A row that keeps an import from being taken back, and why."""

    key: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class RestingShown:
    """What keeps an import from being taken back: the first of them, and how many there are."""

    lines: tuple[RestingLine, ...]
    total: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.total - len(self.lines)


def resting_shown(found: Import) -> RestingShown:
    """Return what keeps a confirmed import from being taken back, in words."""
    target, resting = target_of(found.table), resting_on(found)
    keys = {row.key for row in resting.changed} | {held.key for held in resting.held}
    images = target.images(found.authority, keys)
    lines = [
        RestingLine(row.key, _name(row.after), _why_changed(target, row.after, images.get(row.key)))
        for row in resting.changed
    ]
    lines += [RestingLine(h.key, _name(images.get(h.key)), _why_held(h.what, h.count)) for h in resting.held]
    return RestingShown(tuple(lines[:RESTING_SHOWN]), _total(resting))


def _total(resting: Resting) -> int:
    return len(resting.changed) + len(resting.held)


def _name(image: Mapping[str, Any] | None) -> str:
    return str((image or {}).get("name", ""))


def _why_changed(target: Target, after: Image | None, now: Image | None) -> str:
    if now is None:
        return say("之后已删除", "removed since")
    names = [name for name in target.fields if (after or {}).get(name) != now.get(name)]
    if not names:
        return say("之后的经过有变", "its past was changed since")
    said = [
        f"{say(*target.fields[name])} {target.shown(name, (after or {}).get(name)) or '—'} → {target.shown(name, now.get(name)) or '—'}"
        for name in names
    ]
    return say("之后改过：", "changed since: ") + say("；", "; ").join(said)


def _why_held(what: tuple[str, str], count: int) -> str:
    return say(
        f"已有 {count:,} 条{what[0]}记在它名下" if what[0] != "账号" else f"已有 {count:,} 个账号",
        f"{count:,} {what[1]} rest on it",
    )
