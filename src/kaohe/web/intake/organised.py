"""The units and people of an import: compared once more, applied, recorded, put back; in the caller's transaction."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from kaohe.ledger.cells import normal
from kaohe.web.intake.joining import join, joined, joining_round, leave
from kaohe.web.intake.models import CITY, Import, ImportRow
from kaohe.web.intake.rewriting import rewrite
from kaohe.web.intake.target import Days, Held, Meanwhile, Target
from kaohe.web.intake.targets import TARGETS, target_of
from kaohe.web.organisation.models import Person, Posting
from kaohe.web.training.resting import people_in_use, units_in_use
from kaohe.web.training.rows import Kind, Row

AT_ONCE = 10_000
RECORDS = ("台账记录", "records of the ledger")
"""What rests on units and people by their codes alone, so that the database does not know it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that a confirmation writes, and the table as their target."""

    table: str
    target: Target
    rows: Sequence[Row]

    @property
    def keys(self) -> set[str]:
        """The keys of its rows."""
        return {row.key for row in self.rows}


def parts_of(found: Import) -> tuple[Part, ...]:
    """Return the units, then the people, that an import writes: what a file lacks only where it is declared complete."""
    kinds = ["new", "changed", *(["absent"] if found.complete else [])]
    tables = tuple(TARGETS) if found.table == CITY else (found.table,) if found.table in TARGETS else ()
    parts = (Part(table, target_of(table), _rows(found, table, kinds)) for table in tables)
    return tuple(part for part in parts if part.rows or found.table != CITY)


def _rows(found: Import, table: str, kinds: Collection[str]) -> list[Row]:
    rows = found.rows.filter(kind__in=kinds, table=table if found.table == CITY else "")
    values = rows.values_list("n", "key", "kind", "before", "after")
    return [Row(n, key, cast(Kind, kind), before, after) for n, key, kind, before, after in values.iterator(AT_ONCE)]


def first_end(found: Import) -> date | None:
    """Return the first day on which what a complete file lacks could end; None where any day would do."""
    days = [part.target.first_end(row for row in part.rows if row.kind == "absent") for part in parts_of(found)]
    return max((day for day in days if day), default=None)


def prepare(parts: Sequence[Part]) -> None:
    """Work out what takes long, before anybody is made to wait."""
    for part in parts:
        part.target.prepare(part.rows)


def check_still_so(found: Import, parts: Sequence[Part]) -> None:
    """Raise Meanwhile where the tables no longer hold what the rows were compared with."""
    stale = 0
    for part in parts:
        images = part.target.images(found.authority, part.keys)
        stale += sum(images.get(row.key) != row.before for row in part.rows)
    if stale:
        raise Meanwhile(stale)


def apply(found: Import, parts: Sequence[Part], days: Days) -> str:
    """Bring the rows into their tables, units first; keep what each has become, and return the digest of all of it.

    The new units of a city folder join its round.
    """
    digests = []
    for part in parts:
        part.target.apply(found.authority, part.rows, days)
    if found.round is not None:
        join(found.round, _joining(found))
    for part in parts:
        digests.append(_record(found, part))
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def restore(found: Import, parts: Sequence[Part]) -> None:
    """Put everything back to what it was before, people before their units."""
    if found.round is not None:
        leave(found.round, _joining(found))
    for part in reversed(parts):
        part.target.restore(found.authority, part.rows)


@dataclass(frozen=True, slots=True)
class Resting:
    """What stands against taking an import back: rows that were changed since, and new records that others rest on.

    Both by table, for the keys of two tables may meet.
    """

    changed: tuple[tuple[str, Row], ...]
    held: tuple[tuple[str, Held], ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.held)


def resting_on(found: Import, parts: Sequence[Part]) -> Resting:
    """Return what stands against putting these rows back."""
    own, changed, held = _own(found, parts), list[tuple[str, Row]](), list[tuple[str, Held]]()
    in_use = {"units": units_in_use, "people": people_in_use}
    for part in parts:
        images = part.target.images(found.authority, part.keys)
        moved = {row.key: row for row in part.rows if images.get(row.key) != row.after}
        new = [row.key for row in part.rows if row.kind == "new" and row.key not in moved]
        changed += [(part.table, row) for row in moved.values()]
        held += [(part.table, each) for each in part.target.held(found.authority, new, part.keys, own)]
        recorded = in_use[part.table](found.authority, new, found.change)
        held += [(part.table, Held(key, RECORDS, count)) for key, count in sorted(recorded.items())]
    return Resting(tuple(changed), tuple(held))


def _own(found: Import, parts: Sequence[Part]) -> dict[str, Collection[int]]:
    """Return the records of a city folder that rest on its own units and go back with it."""
    if found.table != CITY or found.round is None:
        return {}
    keys = next((part.keys for part in parts if part.table == "people"), set[str]())
    people = {pk for pk, code in Person.objects.filter(authority=found.authority).values_list("pk", "code") if normal(code) in keys}  # fmt: skip
    stays = Posting.objects.filter(person__authority=found.authority).values_list("pk", "person_id")
    return {
        "organisation.Person": people,
        "organisation.Posting": {pk for pk, person in stays if person in people},
        "rounds.RoundUnit": set(joined(found.round, _joining(found)).values_list("pk", flat=True)),
    }


def _joining(found: Import) -> list[str]:
    return list(joining_round(found).values_list("key", flat=True))


def _record(found: Import, part: Part) -> str:
    """Keep what each row has become, to know later whether it still is; return the digest of all of it."""
    keys, images = part.keys, part.target.images(found.authority, part.keys)
    digest, written = hashlib.sha256(), list[ImportRow]()
    rows = found.rows.exclude(kind="unchanged").filter(table=part.table if found.table == CITY else "")
    for row in rows.order_by("key", "id").iterator(AT_ONCE):
        if row.key in keys:
            row.after = images[row.key]
            line = json.dumps([row.key, row.kind, row.before, row.after], ensure_ascii=False, sort_keys=True)
            digest.update(line.encode() + b"\n")
            written.append(row)
    rewrite(ImportRow, ("after",), written)
    return digest.hexdigest()
