"""One change, one entry, one transaction: the number is taken last, under a lock that is held to the commit.

The rules of `change`:

- It is the outermost transaction. Inside somebody's `atomic()` it is refused (RuntimeError), because its number would
  then not be taken last: the lock would be held while other rows are still being locked, and two writers could wait
  for each other.
- A `change` inside a `change` of the same actor and moment joins it: what the inner one says is appended when the
  outer one ends, in the order in which it was said. If the inner one fails and the outer one goes on, what the inner
  one did and said is gone, both. An inner change of somebody else, or of another moment, is refused (ValueError).
- What is not of its form (an action that is not `resource:verb`, a payload with a float) raises where it is said, and
  nothing of the change is kept.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from secrets import token_bytes
from typing import Any

from django.db import connection, transaction

from kaohe.proof.entry import SALT_BYTES, Entry, bad_field, canonical, commitment, leaf_of, time_text
from kaohe.proof.merkle import Frontier, node_hash
from kaohe.web.journal.models import LogEntry, LogHead, LogTile, PersonalValue

LOCK = 0x6B616F6865
"""The advisory lock of the log on PostgreSQL ("kaohe"). On SQLite a transaction begins with the only writer's lock."""

TILE_LEVEL = 8
TILE = 1 << TILE_LEVEL
"""How many entries the root of a tile covers."""

LONGEST_ACTOR, LONGEST_ACTION, LONGEST_OBJECT = 100, 60, 200
_ACTION = re.compile(r"[a-z][a-z_]*:[a-z][a-z_]*")


@dataclass(slots=True)
class Change:
    """What one transaction says to the journal when it ends."""

    actor: str
    at: datetime
    said: list[tuple[str, str, bytes]] = field(default_factory=list)

    def says(self, action: str, thing: str, payload: Mapping[str, Any]) -> None:
        """Have an entry written at the end: `action` as `resource:verb`, `thing` as `unit 12`.

        ValueError or TypeError where something is not of its form (`kaohe.proof.entry`).
        """
        if not _ACTION.fullmatch(action) or len(action) > LONGEST_ACTION:
            raise ValueError(f"an action is resource:verb, not {action!r}")
        if not thing.isprintable() or not 0 < len(thing) <= LONGEST_OBJECT:
            raise ValueError(f"an object is a kind and a key, at most {LONGEST_OBJECT} characters: {thing!r}")
        self.said.append((action, thing, canonical(payload)))

    def sealed(self, value: str) -> str:
        """Keep a personal value beside the log and return the salted digest that stands for it in an entry."""
        salt = token_bytes(SALT_BYTES)
        digest = commitment(salt, value)
        PersonalValue.objects.create(digest=digest, salt=salt, value=value)
        return digest


_open: ContextVar[Change | None] = ContextVar("the change that is being made", default=None)


def is_open() -> bool:
    """Whether a change is being made just now, of which nothing is in the log yet."""
    return _open.get() is not None


@contextmanager
def change(actor: str, at: datetime) -> Iterator[Change]:
    """Run one transaction; what it says is appended as its last statements, or nothing of it is kept.

    actor: the user name, or `system`; at: the moment, read once at the door.
    """
    outer = _open.get()
    if outer is not None:
        with _joined(outer, actor, at):
            yield outer
        return
    if not actor.isprintable() or not 0 < len(actor) <= LONGEST_ACTOR:
        raise ValueError(f"an actor is a user name: {actor!r}")
    told = Change(actor, at)
    token = _open.set(told)
    try:
        with transaction.atomic(durable=True):
            yield told
            append(told)
    finally:
        _open.reset(token)


@contextmanager
def _joined(outer: Change, actor: str, at: datetime) -> Iterator[None]:
    if (actor, at) != (outer.actor, outer.at):
        raise ValueError(f"a change of {actor} inside a change of {outer.actor}, or of another moment")
    said = len(outer.said)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del outer.said[said:]
        raise


def append(told: Change) -> None:
    """Write the entries of a change; to be called last in its transaction."""
    if not told.said:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    head = LogHead.objects.get(pk=1)
    frontier = Frontier.from_bytes(bytes(head.frontier))
    time, rows, tiles = time_text(told.at), [], []
    for action, thing, payload in told.said:
        row = _row(Entry(frontier.size, time, told.actor, action, thing, payload))
        rows.append(row)
        if row.seq % TILE == TILE - 1:
            tiles.append(LogTile(n=row.seq // TILE, root=_tile_root(frontier, bytes(row.leaf))))
        frontier = frontier.append(bytes(row.leaf))
    LogEntry.objects.bulk_create(rows)
    if tiles:
        LogTile.objects.bulk_create(tiles)
    areas = dict(Counter(head.areas) + Counter(row.area for row in rows))
    LogHead.objects.filter(pk=1).update(size=frontier.size, frontier=frontier.to_bytes(), areas=areas)


def _row(entry: Entry) -> LogEntry:
    wrong = bad_field(entry)
    if wrong is not None:
        raise ValueError(f"an entry whose {wrong} is not of its form: {getattr(entry, wrong)!r}")
    return LogEntry(
        seq=entry.seq, time=entry.time, actor=entry.actor, action=entry.action, object=entry.object,
        payload=entry.payload, leaf=leaf_of(entry), area=entry.action.partition(":")[0],
    )  # fmt: skip


def _tile_root(frontier: Frontier, last: bytes) -> bytes:
    """The root over a tile's entries, of which `last` is not in the frontier yet: the smallest subtrees join with it."""
    return reduce(lambda right, left: node_hash(left, right), reversed(frontier.roots[-TILE_LEVEL:]), last)
