"""What the pages of the journal show, read in a number of queries that does not depend on how many rows there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kaohe.web.accounts.standing import Standing
from kaohe.web.jobs.models import Job, State
from kaohe.web.journal.checkpoints import latest
from kaohe.web.journal.filters import EntryFilter
from kaohe.web.journal.models import Checkpoint, LogEntry, LogHead
from kaohe.web.journal.payload import gist, kept_values, references
from kaohe.web.journal.rows import plain
from kaohe.web.journal.signing_key import known_key
from kaohe.web.journal.things import Names, matching, names_of
from kaohe.web.journal.wording import action_title, area_title, difference_title, reason_title
from kaohe.web.lang.choice import say
from kaohe.web.pages.parts import Fact, Tab

PAGE = 50
VERIFY = "journal.verify"
_BRIEF = ("seq", "time", "actor", "action", "object", "payload", "leaf")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in the list; `cut`: a checkpoint was made of it and all that is older."""

    seq: int
    time: datetime | None
    this_year: bool
    actor: str
    unit: str
    done: str
    object: str
    gist: str
    leaf: str
    cut: bool


@dataclass(frozen=True, slots=True)
class EntryList:
    """A page of entries, newest first; older and newer are addresses, empty where there is nothing."""

    rows: tuple[EntryRow, ...]
    older: str
    newer: str


def entries(standing: Standing, asked: EntryFilter) -> QuerySet[LogEntry]:
    """Return the entries that a filter asks for, in no order."""
    found = LogEntry.objects.filter(asked.on_time())
    if asked.area:
        found = found.filter(area=asked.area)
    if asked.words:
        number = asked.words.replace(",", "")
        by_number = number.isascii() and number.isdecimal() and len(number) <= len(str(10**15))
        found = found.filter(seq=int(number)) if by_number else found.filter(matching(standing, asked.words))
    return found


def entry_list(standing: Standing, asked: EntryFilter, now: datetime) -> EntryList:
    """Return the page of entries that a filter asks for, by number, never by how many lie before it."""
    found = entries(standing, asked)
    if asked.after is not None:
        read_rows = list(found.filter(seq__gt=asked.after).order_by("seq").values_list(*_BRIEF)[: PAGE + 1])
        more_newer, more_older = len(read_rows) > PAGE, True
        shown = read_rows[:PAGE][::-1]
    else:
        before = found if asked.before is None else found.filter(seq__lt=asked.before)
        read_rows = list(before.order_by("-seq").values_list(*_BRIEF)[: PAGE + 1])
        more_newer, more_older = asked.before is not None, len(read_rows) > PAGE
        shown = read_rows[:PAGE]
    if not shown:
        return EntryList((), "", asked.address() if more_newer or more_older else "")
    return EntryList(
        _rows(standing, shown, now),
        asked.address(before=shown[-1][0]) if more_older else "",
        asked.address(after=shown[0][0]) if more_newer else "",
    )


def _rows(standing: Standing, shown: list[tuple[Any, ...]], now: datetime) -> tuple[EntryRow, ...]:
    payloads = [plain(values[5]) for values in shown]
    things = [values[4] for values in shown] + [thing for payload in payloads for thing in references(payload)]
    names = names_of(standing, [values[2] for values in shown], things, timezone.localdate(now))
    kept, year = kept_values(payloads), timezone.localtime(now).year
    newest, oldest = shown[0][0], shown[-1][0]
    cuts = set(
        Checkpoint.objects.filter(size__gt=oldest, size__lte=newest + 1).order_by().values_list("size", flat=True)
    )
    return tuple(_row(values, names, kept, values[0] + 1 in cuts, year) for values in shown)


def _row(values: tuple[Any, ...], names: Names, kept: dict[str, str], cut: bool, year: int) -> EntryRow:
    seq, time, actor, action, thing, payload, leaf = values
    moment, (name, unit) = moment_of(time), names.actor(actor)
    return EntryRow(
        seq=seq, time=moment, this_year=moment is not None and timezone.localtime(moment).year == year, actor=name,
        unit=unit, done=action_title(action), object=names.object(thing), gist=gist(plain(payload), names, kept),
        leaf=plain(leaf).hex()[:10], cut=cut,
    )  # fmt: skip


def moment_of(time: str) -> datetime | None:
    """Return an entry's time, or None where it was altered into none."""
    try:
        return datetime.fromisoformat(time)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the log goes: entries, the first one's time, a tab for each area."""

    size: int
    since: datetime | None
    tabs: tuple[Tab, ...]


def extent(asked: EntryFilter) -> Extent:
    """Return how far the log goes; the counts stand in its head."""
    head = LogHead.objects.get(pk=1)
    first = LogEntry.objects.filter(seq=0).values_list("time", flat=True).first()
    tabs = [Tab(asked.address(area=""), say("全部", "All"), current=not asked.area)]
    for area, count in sorted(head.areas.items(), key=lambda pair: (-pair[1], pair[0])):
        tabs.append(Tab(asked.address(area=area), area_title(area), count, asked.area == area))
    return Extent(head.size, moment_of(first) if first else None, tuple(tabs))


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A checkpoint, in the box and in the list."""

    pk: int
    size: int
    time: datetime
    reason: str
    root: str


def checkpoint_row(checkpoint: Checkpoint) -> CheckpointRow:
    """Return a checkpoint as pages show it."""
    reason = reason_title(checkpoint.reason)
    return CheckpointRow(checkpoint.pk, checkpoint.size, checkpoint.time, reason, checkpoint.root)


def latest_facts() -> tuple[Fact, ...]:
    """Return what the box of the latest checkpoint says; nothing where there is none."""
    last, key = latest(), known_key()
    if last is None:
        return ()
    signed = key.written.rpartition("+")[0] if key else say("钥匙不在这台机器上", "the key is not on this machine")
    return (
        Fact(say("号数", "Number"), say(f"{last.size:,} 条", f"{last.size:,} entries")),
        Fact(say("时间", "Time"), f"{timezone.localtime(last.time):%Y-%m-%d %H:%M:%S}"),
        Fact(say("缘由", "Reason"), reason_title(last.reason)),
        Fact(say("根摘要", "Root"), last.root, hash=True),
        Fact(say("签名", "Signature"), f"Ed25519 {signed}", hash=True),
        Fact(say("算法", "Algorithm"), say("SHA-256，RFC 6962", "SHA-256, RFC 6962")),
    )


@dataclass(frozen=True, slots=True)
class Check:
    """The last check of the whole log: when, what was found; `waiting`: another is under way."""

    at: datetime | None
    entries: int
    checkpoints: int
    found: tuple[str, ...]
    waiting: bool


def last_check() -> Check:
    """Return what the last check of the whole log found."""
    jobs, open_ = Job.objects.filter(kind=VERIFY), Q(state__in=(State.QUEUED, State.RUNNING))
    last_done = jobs.filter(state=State.DONE).order_by("-id").values("id")[:1]
    rows = list(jobs.filter(open_ | Q(id__in=last_done)).values_list("state", "finished_at", "outcome"))
    waiting = any(state != State.DONE for state, _, _ in rows)
    at, outcome = next(((at, outcome) for state, at, outcome in rows if state == State.DONE), (None, None))
    if outcome is None:
        return Check(None, 0, 0, (), waiting)
    found = tuple(difference_text(**one) for one in outcome["differences"])
    return Check(at, outcome["entries"], outcome["checkpoints"], found, waiting)


def difference_text(code: str, seq: int | None, place: str) -> str:
    """Say what is wrong and where."""
    where = say(f"第 {seq} 号：", f"entry {seq}: ") if isinstance(seq, int) else ""
    return where + difference_title(code) + (say(f"（{place}）", f" ({place})") if place else "")
