"""What is done with an import: received, read again, dropped, confirmed, taken back. One transaction each, journalled."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.intake.models import OPEN, Import, ImportRow, State
from kaohe.web.intake.rewriting import rewrite
from kaohe.web.intake.storing import Stored, remove
from kaohe.web.intake.target import Days, Held, Meanwhile, Target
from kaohe.web.intake.targets import target_of
from kaohe.web.jobs import queue
from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Unit
from kaohe.web.organisation.tree import hold_tree
from kaohe.web.training.rows import Kind, Row

READ = "intake.read"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form says of a file: for which table of which authority, under which name, whether it is complete."""

    authority: Unit
    table: str
    file_name: str
    complete: bool
    token: str


def receive(user: User, sent: Sent, stored: Stored, now: datetime) -> Import:
    """Make an import of a stored file and queue its reading; the form of an import that is there already makes none."""
    try:
        with change(user.username, now) as log:
            made = Import.objects.create(
                authority=sent.authority, within=sent.authority, table=sent.table, by=user, token=sent.token, file_name=sent.file_name,
                complete=sent.complete, stored=stored.name, digest=stored.digest, size=stored.size, created_at=now,
            )  # fmt: skip
            _queue(made, user, now)
            log.says("import:upload", f"import {made.pk}", _told(made))
    except IntegrityError:
        remove(stored.name)
        return Import.objects.get(by=user, token=sent.token)
    return made


def sent_before(user: User, token: str) -> Import | None:
    """Return the import that a form has made already."""
    return Import.objects.filter(by=user, token=token).first()


def read_again(pk: int, user: User, now: datetime) -> bool:
    """Read an import from the beginning; False where it is settled."""
    with transaction.atomic():
        found = _held(pk)
        if found.state not in OPEN:
            return False
        _begin_anew(found, user, now, meanwhile=0)
    return True


def drop(pk: int, user: User, now: datetime) -> bool:
    """Drop an import that is not confirmed, its rows and its file; False where it is settled."""
    with change(user.username, now) as log:
        found = _held(pk)
        if found.state not in OPEN:
            return False
        found.rows.all().delete()
        Import.objects.filter(pk=pk).update(state=State.DROPPED, settled_at=now, faults=[], more_faults=0)
        if found.job:
            queue.cancel(found.job, now)
        log.says("import:drop", f"import {pk}", _told(found))
        transaction.on_commit(lambda: remove(found.stored))
    return True


def confirm(pk: int, user: User, ends_on: date | None, now: datetime) -> bool:
    """Bring an import into its table, all of it or nothing.

    ends_on: when that ends which a complete file lacks. False where the import is settled, or where the table has
    changed meanwhile: then it is being read again, and says how many rows had changed.
    """
    seen = Import.objects.get(pk=pk)
    rows, target = _touched(seen), target_of(seen.table)
    target.prepare(rows)
    on = timezone.localdate(now)
    if ends_on is None and any(row.kind == "absent" for row in rows):
        raise ValueError("a complete file needs the day on which the rest ends")
    try:
        with change(user.username, now) as log:
            found = _held(pk)
            if (found.state, found.attempt) != (State.READY, seen.attempt) or not rows:
                return False
            _check_still_so(found, target, rows)
            target.apply(found.authority, rows, Days(on, ends_on or on))
            digest = _record(found, target, rows)
            Import.objects.filter(pk=pk).update(
                state=State.CONFIRMED, settled_at=now, rows_digest=digest, ends_on=ends_on if found.complete else None
            )
            log.says("import:confirm", f"import {pk}", _told(found) | {"rows_sha256": digest})
    except Meanwhile as changed:
        _lay_beside_again(pk, user, changed.count, now)
        return False
    return True


def first_end(found: Import) -> date | None:
    """Return the first day on which what a complete file lacks could end; None where any day would do."""
    rows = found.rows.filter(kind="absent").values_list("n", "key", "before")
    return target_of(found.table).first_end(Row(n, key, "absent", before, None) for n, key, before in rows)


def take_back(pk: int, user: User, now: datetime) -> bool:
    """Put everything back to what it was before an import; False where it is not confirmed, or something rests on it."""
    seen = Import.objects.get(pk=pk)
    rows, target = _touched(seen), target_of(seen.table)
    target.prepare(row for row in rows if row.before)
    with change(user.username, now) as log:
        found = _held(pk)
        if found.state != State.CONFIRMED or resting_on(found, rows):
            return False
        target.restore(found.authority, rows)
        Import.objects.filter(pk=pk).update(state=State.TAKEN_BACK, settled_at=now)
        log.says("import:take_back", f"import {pk}", _told(found) | {"rows_sha256": found.rows_digest})
    return True


@dataclass(frozen=True, slots=True)
class Resting:
    """What stands against taking an import back: rows that were changed since, and new records that others rest on."""

    changed: tuple[Row, ...]
    held: tuple[Held, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.held)


def resting_on(found: Import, rows: Iterable[Row] | None = None) -> Resting:
    """Return what stands against taking a confirmed import back."""
    rows, target = list(_touched(found) if rows is None else rows), target_of(found.table)
    keys = {row.key for row in rows}
    images = target.images(found.authority, keys)
    changed = tuple(row for row in rows if images.get(row.key) != row.after)
    moved = {row.key for row in changed}
    new = [row.key for row in rows if row.kind == "new" and row.key not in moved]
    return Resting(changed, tuple(target.held(found.authority, new, keys)))


def _touched(found: Import) -> list[Row]:
    """Return the rows that a confirmation writes: what a file lacks only where it is declared complete."""
    kinds = ["new", "changed", *(["absent"] if found.complete else [])]
    rows = found.rows.filter(kind__in=kinds).values_list("n", "key", "kind", "before", "after")
    return [Row(n, key, cast(Kind, kind), before, after) for n, key, kind, before, after in rows.iterator(10_000)]


def _held(pk: int) -> Import:
    """Hold the tree and the import, in this order: whoever confirms or takes back waits for whoever does."""
    hold_tree()
    return Import.objects.select_for_update(of=("self",)).select_related("authority", "job").get(pk=pk)


def _check_still_so(found: Import, target: Target, rows: Sequence[Row]) -> None:
    """Raise Meanwhile where the table no longer holds what the rows were compared with."""
    images = target.images(found.authority, {row.key for row in rows})
    stale = sum(images.get(row.key) != row.before for row in rows)
    if stale:
        raise Meanwhile(stale)


def _record(found: Import, target: Target, rows: Sequence[Row]) -> str:
    """Keep what each row has become, to know later whether it still is; return the digest of all of it."""
    keys = {row.key for row in rows}
    images = target.images(found.authority, keys)
    digest, written = hashlib.sha256(), []
    for row in found.rows.exclude(kind="unchanged").order_by("key", "id").iterator(10_000):
        if row.key in keys:
            row.after = images[row.key]
            line = json.dumps([row.key, row.kind, row.before, row.after], ensure_ascii=False, sort_keys=True)
            digest.update(line.encode() + b"\n")
            written.append(row)
    rewrite(ImportRow, ("after",), written)
    return digest.hexdigest()


def _lay_beside_again(pk: int, user: User, count: int, now: datetime) -> None:
    with transaction.atomic():
        found = _held(pk)
        if found.state == State.READY:
            _begin_anew(found, user, now, meanwhile=count)


def _begin_anew(found: Import, user: User, now: datetime, *, meanwhile: int) -> None:
    notes = [{"code": "meanwhile", "count": meanwhile}] if meanwhile else []
    Import.objects.filter(pk=found.pk).update(
        state=State.READING, attempt=found.attempt + 1, counts={}, notes=notes, faults=[], more_faults=0
    )
    found.rows.all().delete()
    if found.job:
        queue.cancel(found.job, now)
    _queue(found, user, now)


def _queue(found: Import, user: User, now: datetime) -> None:
    job = queue.put(READ, user.pk, {"import": found.pk}, now)
    Import.objects.filter(pk=found.pk).update(job=job)
    found.job = job


def _told(found: Import) -> dict[str, object]:
    """What the journal says of an import: no name, no value."""
    return {
        "authority": found.authority.code, "table": found.table, "complete": found.complete,
        "file_sha256": found.digest, "counts": found.counts,
    }  # fmt: skip
