"""What pages show of imports: the list, one import, its rows, its faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from kaohe.web.accounts.standing import Standing
from kaohe.web.intake.access import makeable, seen
from kaohe.web.intake.models import CITY, MOVING, OPEN, Import, State
from kaohe.web.intake.procedure import UNDO
from kaohe.web.intake.targets import TARGETS
from kaohe.web.intake.titles import title_of
from kaohe.web.intake.wording import KINDS, STATES, note
from kaohe.web.jobs.models import State as JobState
from kaohe.web.lang.choice import say
from kaohe.web.pages.paging import Page, page_of, with_rows
from kaohe.web.pages.parts import Fact
from kaohe.web.rounds.models import Round
from kaohe.web.rounds.wording import round_title

ROWS_A_PAGE = 60


@dataclass(frozen=True, slots=True)
class ListedImport:
    """An import in the list; a count is None where the file has not been compared."""

    pk: int
    file: str
    table: str
    round: str
    whose: str
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
    found = seen(standing).select_related("within", "by").defer("faults", "notes")
    page = page_of(found, request, ROWS_A_PAGE)
    rounds = Round.objects.filter(pk__in={one.round_id for one in page.rows}).select_related("standard")
    titles = {one.pk: round_title(one) for one in rounds}
    return with_rows(page, (_listed(one, titles) for one in page.rows))


def _listed(found: Import, titles: Mapping[int, str]) -> ListedImport:
    mark, zh, en = STATES[found.state]
    new, changed, absent = (found.counts.get(kind) for kind in ("new", "changed", "absent"))
    return ListedImport(
        found.pk, shortened(found.file_name), title_of(found.table), titles.get(found.round_id or 0, ""),
        found.within.name, found.by.name, found.created_at, mark, say(zh, en), new, changed, absent,
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
    round: str
    whose: str
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
    city: bool
    organised: bool
    ends_at_once: bool
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
    def at_once(self) -> bool:
        """Whether it is brought in and taken back at once, and not in the background."""
        return self.organised

    @property
    def asks_day(self) -> bool:
        """Whether units or people end with it, for which somebody must say when."""
        return bool(self.ends) and not self.ends_at_once

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
    tables = found.counts.get("tables", {})
    organised = found.table in TARGETS or any(tables.get(table, {}).get("absent") for table in TARGETS)
    facts = (
        Fact(say("主管机关", "Authority"), f"{found.authority.name} {found.authority.code}"),
        *((Fact(say("考核轮次", "Round"), round_title(found.round)),) if found.round else ()),
        Fact(say("大小", "Size"), say(f"{found.size:,} 字节", f"{found.size:,} bytes")),
        Fact("SHA-256", found.digest, hash=True),
    )
    return ImportCard(
        pk=found.pk, file=found.file_name, table=title_of(found.table), whose=found.within.name,
        round=round_title(found.round) if found.round else "",
        by=found.by.name, at=found.created_at, settled_at=found.settled_at, state=found.state, mark=mark, word=say(zh, en),
        new=count["new"], changed=count["changed"], absent=count["absent"], unchanged=count["unchanged"],
        complete=found.complete, city=found.table == CITY, organised=found.table in TARGETS, ends_at_once=not organised,
        may_make=makeable(standing).filter(pk=found.pk).exists(),
        notes=tuple(note(told, "" if found.table == CITY else found.file_name) for told in found.notes), faults=len(found.faults) + found.more_faults, more_faults=found.more_faults,
        facts=facts, same=_same_file(found),
    )  # fmt: skip


def _same_file(found: Import) -> SameFile | None:
    if found.state not in OPEN:
        return None
    others = Import.objects.filter(
        authority=found.authority_id, within=found.within_id, round=found.round_id, table=found.table,
        digest=found.digest, state__in=(State.READY, State.CONFIRMED),
    ).exclude(pk=found.pk)  # fmt: skip
    other = others.order_by("-settled_at", "-pk").first()
    if other is None:
        return None
    return SameFile(other.pk, other.settled_at or other.created_at, other.state == State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on an import is.

    what: `reading`, `settling` or `returning`; undoing: it is being given up; stopped: nobody works at it any more, and
    nobody will.
    """

    what: str
    done: int
    of: int
    waiting: bool
    stopped: bool
    undoing: bool = False


WORK: dict[str, str] = {State.READING: "reading", State.SETTLING: "settling", State.RETURNING: "returning"}
"""The states in which something is being done in the background."""


def progress_of(found: Import) -> Progress:
    """Return how far the work on an import is."""
    job, what = found.job, WORK.get(found.state, "reading")
    if job is None:
        return Progress(what, 0, 0, waiting=False, stopped=True)
    stopped = job.state not in (JobState.QUEUED, JobState.RUNNING)
    undoing = found.state in MOVING and UNDO in (job.cursor or {})
    waiting = job.state == JobState.QUEUED
    return Progress(what, job.done_steps, job.all_steps, waiting=waiting, stopped=stopped, undoing=undoing)
