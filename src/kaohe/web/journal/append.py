"""One change, one entry, one transaction: the number is taken last, under a lock that is held to the commit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes
from typing import Any

from django.db import connection, transaction

from kaohe.proof.entry import SALT_BYTES, Entry, canonical, commitment, leaf_of, time_text
from kaohe.proof.merkle import Frontier
from kaohe.web.journal.models import LogEntry, LogHead, PersonalValue

LOCK = 0x6B616F6865
"""The advisory lock of the log on PostgreSQL ("kaohe"). On SQLite a transaction begins with the only writer's lock."""


@dataclass(slots=True)
class Change:
    """What one transaction says to the journal when it ends."""

    actor: str
    at: datetime
    said: list[tuple[str, str, bytes]] = field(default_factory=list)

    def says(self, action: str, thing: str, payload: Mapping[str, Any]) -> None:
        """Have an entry written at the end: `action` as `resource:verb`, `thing` as `unit 12`."""
        self.said.append((action, thing, canonical(payload)))

    def sealed(self, value: str) -> str:
        """Keep a personal value beside the log and return the salted digest that stands for it in an entry."""
        salt = token_bytes(SALT_BYTES)
        digest = commitment(salt, value)
        PersonalValue.objects.create(digest=digest, salt=salt, value=value)
        return digest


@contextmanager
def change(actor: str, at: datetime) -> Iterator[Change]:
    """Run one transaction; what it says is appended as its last statements, or nothing of it is kept.

    actor: the user name, or `system`; at: the moment, read once at the door.
    """
    with transaction.atomic():
        told = Change(actor, at)
        yield told
        append(told)


def append(told: Change) -> None:
    """Write the entries of a change; to be called last in its transaction."""
    if not told.said:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    head = LogHead.objects.get(pk=1)
    frontier = Frontier.from_bytes(bytes(head.frontier))
    time = time_text(told.at)
    rows = []
    for action, thing, payload in told.said:
        entry = Entry(frontier.size, time, told.actor, action, thing, payload)
        leaf = leaf_of(entry)
        rows.append(
            LogEntry(
                seq=entry.seq, time=time, actor=told.actor, action=action, object=thing, payload=payload, leaf=leaf
            )
        )
        frontier = frontier.append(leaf)
    LogEntry.objects.bulk_create(rows)
    LogHead.objects.filter(pk=1).update(size=frontier.size, frontier=frontier.to_bytes())
