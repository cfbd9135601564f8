"""What was laid becomes part of the ledger, in short transactions; and is taken back, or abandoned on the way.

House rules of this file. A change in the making shows nowhere: the rows that it writes carry its number as `since`, those
that it ends carry it as `until`, and everybody reads at the last number that is in force. Each portion is one transaction
that also keeps how much is written by now, under the condition that nobody else has written meanwhile: so a portion is
there wholly or not at all, is never there twice, and a worker that was overtaken writes nothing. Who waits for the
database waits for one portion.
"""

import re
from array import array
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignObjectRel, Model

from kaohe.web.training.bounds import Bounds
from kaohe.web.training.changes import Busy, Rows, begin
from kaohe.web.training.columns import KEPT_TABLES, Kept
from kaohe.web.training.figures import touched
from kaohe.web.training.laid import laid_table, reading
from kaohe.web.training.meanwhile import moved_meanwhile
from kaohe.web.training.models import STILL, LedgerChange
from kaohe.web.training.resting import resting_on

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Engine

__all__ = ["Busy", "Meanwhile", "Overtaken", "abandon", "begin", "come_into_force", "land", "land_return"]

PORTION = 20_000
"""Rows of one transaction: about a tenth of a second."""
TOGETHER = 100
"""Rows of one statement on SQLite: nearly twice as fast as one by one."""
ABANDONED = STILL
"""`written` of a change that is being taken apart, so that nobody goes on with it."""


class Meanwhile(Exception):
    """Raised where the ledger is no longer what an import was laid beside; says how many rows that concerns."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class Overtaken(Exception):
    """Raised in a worker whose change somebody else went on with, or ended."""


def land(
    change: LedgerChange, bounds: Bounds, folder: Path, tables: Collection[str], complete: bool
) -> Generator[int, None, None]:
    """Write what was laid of these tables; yield after every portion how many rows are written by now.

    It goes on where it was left. Raises Meanwhile where the ledger has changed since the laying in what these rows touch:
    then the change is to be abandoned.
    """
    change.refresh_from_db()
    if change.written == ABANDONED:
        raise Meanwhile(1)
    with reading(folder) as engine:
        chosen = [kept for name, kept in KEPT_TABLES.items() if name in tables]
        count = moved_meanwhile(engine, folder, change, bounds, chosen, complete=complete)
        if count:
            raise Meanwhile(count)
        skip = change.written
        for kept in chosen:
            for kind in ("absent", "changed", "new") if complete else ("changed", "new"):
                rows = _count(engine, kept, kind)
                if skip < rows:
                    yield from _landed(engine, change, bounds, kept, kind, skip)
                skip = max(skip - rows, 0)


def land_return(change: LedgerChange, taken: int) -> Generator[int, None, None]:
    """Undo the change of this number: what it brought ends, what it ended comes back as a new row.

    It goes on where it was left. Raises Meanwhile where later changes rest on it: then this one is to be abandoned.
    """
    change.refresh_from_db()
    undone = LedgerChange.objects.get(authority=change.authority_id, number=taken)
    if change.written == ABANDONED:
        raise Meanwhile(1)
    if not change.written:
        _begin_return(change, undone)
    rows, skip = Rows.of(undone), change.written
    for kept in KEPT_TABLES.values():
        brought, returned, ended = rows.brought(kept), rows.returned(), rows.ended()
        end = f"UPDATE {kept.stored} AS t SET until = {change.number} WHERE {{}} AND {{}} AND t.until = {STILL}"
        back = _copy_of_rows(kept, change) + " WHERE {} AND {}"
        for where, write in ((brought, end), (returned, end), (ended, back)):
            among = where if where is ended else f"{where} AND t.until IN ({STILL}, {change.number})"
            ids = _ids(kept, among)
            for portion in _portions(ids[skip:]):
                with _written(change, len(portion)):
                    _run(write.format(_between(portion), _unindexed(where)), len(portion))
                yield change.written
            skip = max(skip - len(ids), 0)


def _begin_return(change: LedgerChange, undone: LedgerChange) -> None:
    """Raise Meanwhile where something rests on a change, ValueError where it is itself a return or was undone already."""
    returns = LedgerChange.objects.filter(authority=change.authority_id, takes_back=undone.number).exclude(pk=change.pk)
    if undone.takes_back or undone.settled_at is None or returns.exists():
        raise ValueError(f"change {undone.number} is not there to be taken back")
    count = resting_on(undone, change.authority).count
    if count:
        raise Meanwhile(count)
    LedgerChange.objects.filter(pk=change.pk).update(takes_back=undone.number)


def abandon(change: LedgerChange) -> Generator[int, None, None]:
    """Take every trace of a change away that is not in force, itself at last; whoever refers to it lets go of it.

    It can be begun again as often as it is left.
    """
    done = 0
    if not LedgerChange.objects.filter(pk=change.pk, settled_at=None).update(written=ABANDONED):
        return
    rows = Rows.of(change)
    for kept in KEPT_TABLES.values():
        brought, ended = rows.brought(kept), rows.ended()
        for where, write in (
            (brought, f"DELETE FROM {kept.stored} AS t WHERE {{}} AND {brought}"),
            (ended, f"UPDATE {kept.stored} AS t SET until = {STILL} WHERE {{}} AND {_unindexed(ended)}"),
        ):
            for portion in _portions(_ids(kept, where)):
                with transaction.atomic():
                    _run(write.format(_between(portion)), len(portion))
                done += len(portion)
                yield done
    with transaction.atomic():
        for holder, name in _holders():
            holder._default_manager.filter(**{name: change.pk}).update(**{name: None})
        LedgerChange.objects.filter(pk=change.pk, settled_at=None).delete()


def come_into_force(change: LedgerChange, now: datetime, units: Collection[str] | None) -> None:
    """Let a change be in force that is written, and the figures of units (None: of all) be measured anew.

    To be called in the caller's transaction; raises Overtaken where the change is in force or abandoned.
    """
    mine = LedgerChange.objects.filter(pk=change.pk, settled_at=None).exclude(written=ABANDONED)
    if not mine.update(settled_at=now):
        raise Overtaken
    touched(change.authority_id, units)


def _holders() -> Iterator[tuple[type[Model], str]]:
    """Yield what may refer to a change: models and their fields."""
    for relation in LedgerChange._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            yield relation.field.model, relation.field.name


# --- portions


@contextmanager
def _written(change: LedgerChange, count: int) -> Iterator[None]:
    """One transaction in which so many rows more are written, by whoever wrote those before."""
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            mine = LedgerChange.objects.filter(pk=change.pk, settled_at=None, written=change.written)
            if not mine.update(written=change.written + count):
                raise Overtaken
            yield
    except IntegrityError:
        raise Meanwhile(count) from None
    change.written += count


def _landed(
    engine: "Engine", change: LedgerChange, bounds: Bounds, kept: Kept, kind: str, skip: int
) -> Generator[int, None, None]:
    """Write the rows of one kind from some row on, in the order in which they are laid: that of the index."""
    columns = "" if kind == "absent" else ", ".join(_cell(kept, column) for column in kept.columns)
    picked = ", ".join(filter(None, ("" if kind == "new" else "held", columns)))
    with engine.cursor() as cursor:
        cursor.execute(f"SELECT {picked} FROM {laid_table(kept)} WHERE kind = '{kind}' OFFSET {skip}")
        while rows := cursor.fetchmany(PORTION):
            with _written(change, len(rows)):
                if kind != "new":
                    _end(kept, [row[0] for row in rows], change.number)
                if kind != "absent":
                    _insert(kept, change, bounds, rows if kind == "new" else [row[1:] for row in rows])
            yield change.written


def _count(engine: "Engine", kept: Kept, kind: str) -> int:
    found = engine.execute(f"SELECT COUNT(*) FROM {laid_table(kept)} WHERE kind = ?", [kind]).fetchone()
    return int(found[0]) if found else 0


def _cell(kept: Kept, column: str) -> str:
    """Days and points travel as text, which both databases take for what it says."""
    plain = all(c.kind not in ("day", "points") for c in kept.table.columns if c.name == column)
    return f"after_{column}" if plain else f"CAST(after_{column} AS VARCHAR)"


def _end(kept: Kept, ids: Sequence[int], number: int) -> None:
    update = f"UPDATE {kept.stored} SET until = {number} WHERE until = {STILL} AND id"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{update} = ANY(%s)", [list(ids)])
        else:
            cursor.executemany(f"{update} = %s", [(pk,) for pk in ids])
        if cursor.rowcount != len(ids):
            raise Meanwhile(len(ids) - cursor.rowcount)


def _insert(kept: Kept, change: LedgerChange, bounds: Bounds, rows: Sequence[tuple[Any, ...]]) -> None:
    same = {"authority_id": change.authority_id, "since": change.number, "until": STILL}
    if kept.of_round:
        same["round_id"] = bounds.round.pk
    columns, values = ", ".join((*same, *kept.held_columns)), tuple(same.values())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {kept.stored} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*values, *row))
        return
    wide = len(kept.columns)
    one = f"({', '.join((*map(str, values), *'?' * wide))})"
    flat = list(chain.from_iterable(rows))
    whole = len(rows) // TOGETHER * TOGETHER * wide
    for size, start, end in ((TOGETHER, 0, whole), (1, whole, len(flat))):
        connection.connection.executemany(
            f"INSERT INTO {kept.stored} ({columns}) VALUES {', '.join([one] * size)}",
            (flat[at : at + size * wide] for at in range(start, end, size * wide)),
        )


# --- rows of the database, by their ids


def _ids(kept: Kept, where: str) -> "array[int]":
    """Return the ids of rows in their order: eight bytes each."""
    ids = array("q")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.id FROM {kept.stored} t WHERE {where} ORDER BY t.id")
        while rows := cursor.fetchmany(PORTION):
            ids.extend(pk for (pk,) in rows)
    return ids


def _portions(ids: "array[int]") -> Iterator["array[int]"]:
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


def _between(ids: "array[int]") -> str:
    return f"t.id BETWEEN {ids[0]} AND {ids[-1]}"


def _unindexed(where: str) -> str:
    """Have a condition be looked at row by row, where ids say already which rows."""
    return re.sub(r"(?<!\+)t\.authority_id", "+t.authority_id", where)


def _copy_of_rows(kept: Kept, change: LedgerChange) -> str:
    """Write the statement that brings rows `t` back as new ones, which say what had brought them first."""
    columns = (*(("round_id",) if kept.of_round else ()), *kept.held_columns)
    return (
        f"INSERT INTO {kept.stored} (authority_id, since, until, origin, {', '.join(columns)})"
        f" SELECT t.authority_id, {change.number}, {STILL}, COALESCE(t.origin, t.since), {', '.join(f't.{column}' for column in columns)} FROM {kept.stored} t"
    )


def _run(statement: str, count: int) -> None:
    """Run a statement that writes exactly so many rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        if cursor.rowcount != count:
            raise Meanwhile(abs(count - cursor.rowcount))
