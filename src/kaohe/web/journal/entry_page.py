"""One entry as a whole: what it says, what it is proved by."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from kaohe.proof.entry import Entry, leaf_bytes, leaf_of
from kaohe.web.accounts.standing import Standing
from kaohe.web.journal.models import LogEntry, LogHead
from kaohe.web.journal.payload import Value, read, references, values_of
from kaohe.web.journal.proofs import covering
from kaohe.web.journal.queries import CheckpointRow, checkpoint_row, moment_of
from kaohe.web.journal.rows import COLUMNS, row_of
from kaohe.web.journal.things import names_of
from kaohe.web.journal.wording import action_title
from kaohe.web.lang.choice import say
from kaohe.web.pages.parts import Fact


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry as a whole; `matches`: it is what its leaf says; covered: the latest checkpoint that includes it."""

    seq: int
    facts: tuple[Fact, ...]
    values: tuple[Value, ...]
    payload: str
    hashed: str
    leaf: str
    matches: bool
    covered: CheckpointRow | None
    older: int | None
    newer: int | None


def entry_page(standing: Standing, entry: LogEntry, now: datetime) -> EntryPage:
    """Return all that is to be said of one entry."""
    row, leaf = row_of(tuple(getattr(entry, name) for name in COLUMNS))
    names = names_of(standing, [row.actor], [row.object, *references(row.payload)], timezone.localdate(now))
    moment, (name, unit) = moment_of(row.time), names.actor(row.actor)
    checkpoint, size = covering(row.seq), LogHead.objects.get(pk=1).size
    return EntryPage(
        seq=row.seq,
        facts=(
            Fact(say("时间", "Time"), f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else row.time),
            Fact(say("谁", "Who"), f"{name} {unit}".strip() + _beside(row.actor, name)),
            Fact(say("做了什么", "What"), action_title(row.action) + _beside(row.action, action_title(row.action))),
            Fact(say("对象", "Object"), names.object(row.object) + _beside(row.object, names.object(row.object))),
        ),
        values=values_of(row.payload, names), payload=_pretty(row.payload), hashed=_hashed(row), leaf=leaf.hex(),
        matches=_matches(row, leaf), covered=checkpoint_row(checkpoint) if checkpoint else None,
        older=row.seq - 1 if row.seq > 0 else None, newer=row.seq + 1 if row.seq + 1 < size else None,
    )  # fmt: skip


def _beside(written: str, shown: str) -> str:
    return "" if written == shown else say(f"（{written}）", f" ({written})")


def _pretty(payload: bytes) -> str:
    value = read(payload)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _hashed(row: Entry) -> str:
    try:
        return leaf_bytes(row).decode()
    except ValueError:
        return ""


def _matches(row: Entry, leaf: bytes) -> bool:
    try:
        return leaf_of(row) == leaf
    except ValueError:
        return False
