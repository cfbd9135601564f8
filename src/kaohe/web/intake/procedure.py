"""What is done with an import: received, read again, dropped, confirmed, taken back.

One transaction each, journalled. What holds records of the ledger is only sent on its way here: `settling` brings it in
and out in the background.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.intake import organised
from kaohe.web.intake.models import MOVING, OPEN, Import, State
from kaohe.web.intake.resting import rests
from kaohe.web.intake.storing import Stored, remove
from kaohe.web.intake.target import Days, Meanwhile
from kaohe.web.intake.targets import TARGETS
from kaohe.web.jobs import queue
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.models import State as JobState
from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Unit
from kaohe.web.organisation.tree import hold_tree
from kaohe.web.rounds.models import Round
from kaohe.web.rounds.models import State as RoundState

READ, SETTLE, RETURN = "intake.read", "intake.settle", "intake.return"
MOVES = {State.SETTLING: SETTLE, State.RETURNING: RETURN}
UNDO = "undo"
"""What the cursor of a job names that takes its own work back."""


class RoundClosed(Exception):
    """Raised where the round of an import takes no more records."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form says of a file: for which authority, of which table, its name, whether it is complete.

    round: for which the records of the ledger are; within: the unit whose records alone it may hold, None where it may
    hold everybody's; classes_only: it may hold records of classes alone.
    """

    authority: Unit
    table: str
    file_name: str
    complete: bool
    token: str
    round: Round | None = None
    within: Unit | None = None
    classes_only: bool = False


def receive(user: User, sent: Sent, stored: Stored, now: datetime) -> Import:
    """Make an import of a stored file and queue its reading; the form of an import that is there already makes none."""
    try:
        with change(user.username, now) as log:
            made = Import.objects.create(
                authority=sent.authority, within=sent.within or sent.authority, round=sent.round, classes_only=sent.classes_only,
                table=sent.table, by=user, token=sent.token, file_name=sent.file_name, complete=sent.complete,
                stored=stored.name, digest=stored.digest, size=stored.size, created_at=now,
            )  # fmt: skip
            queue_for(made, READ, user, now)
            log.says("import:upload", f"import {made.pk}", told(made))
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
        found = held(pk)
        if found.state not in OPEN:
            return False
        begin_anew(found, user, now, meanwhile=0)
    return True


def drop(pk: int, user: User, now: datetime) -> bool:
    """Drop an import that is not confirmed, its rows and its file; False where it is settled."""
    with change(user.username, now) as log:
        found = held(pk)
        if found.state not in OPEN:
            return False
        found.rows.all().delete()
        Import.objects.filter(pk=pk).update(state=State.DROPPED, settled_at=now, faults=[], more_faults=0)
        if found.job:
            queue.cancel(found.job, now)
        log.says("import:drop", f"import {pk}", told(found))
        transaction.on_commit(lambda: remove(found.stored))
    return True


def confirm(pk: int, user: User, ends_on: date | None, now: datetime) -> bool:
    """Bring an import into its table, all of it or nothing; what holds records of the ledger, in the background.

    ends_on: when that ends which a complete file lacks. False where the import is settled, or where the table has
    changed meanwhile: then it is being read again, and says how many rows had changed. Raises RoundClosed.
    """
    seen = Import.objects.get(pk=pk)
    parts = organised.parts_of(seen)
    if ends_on is None and any(row.kind == "absent" for part in parts for row in part.rows):
        raise ValueError("a complete file needs the day on which the rest ends")
    if seen.table not in TARGETS:
        return _send_in(pk, user, ends_on, now)
    organised.prepare(parts)
    on = timezone.localdate(now)
    try:
        with change(user.username, now) as log:
            found = held(pk)
            if (found.state, found.attempt) != (State.READY, seen.attempt) or not parts[0].rows:
                return False
            organised.check_still_so(found, parts)
            digest = organised.apply(found, parts, Days(on, ends_on or on))
            Import.objects.filter(pk=pk).update(
                state=State.CONFIRMED, settled_at=now, rows_digest=digest, ends_on=ends_on if found.complete else None
            )
            log.says("import:confirm", f"import {pk}", told(found) | {"rows_sha256": digest})
    except Meanwhile as changed:
        _lay_beside_again(pk, user, changed.count, now)
        return False
    return True


def _send_in(pk: int, user: User, ends_on: date | None, now: datetime) -> bool:
    with transaction.atomic():
        found = held(pk)
        if found.state != State.READY or not changes(found):
            return False
        if hold_round(found):
            raise RoundClosed
        Import.objects.filter(pk=pk).update(state=State.SETTLING, ends_on=ends_on if found.complete else None, notes=[])
        queue_for(found, SETTLE, user, now)
    return True


def take_back(pk: int, user: User, now: datetime) -> bool:
    """Put everything back to what it was before an import; False where it is not confirmed, or something rests on it.

    What holds records of the ledger goes back in the background.
    """
    seen = Import.objects.select_related("authority", "round", "change").get(pk=pk)
    parts = organised.parts_of(seen)
    if seen.table not in TARGETS:
        return not rests(seen) and _send_back(pk, user, now)
    organised.prepare(parts)
    with change(user.username, now) as log:
        found = held(pk)
        if found.state != State.CONFIRMED or organised.resting_on(found, parts):
            return False
        organised.restore(found, parts)
        Import.objects.filter(pk=pk).update(state=State.TAKEN_BACK, settled_at=now)
        log.says("import:take_back", f"import {pk}", told(found) | {"rows_sha256": found.rows_digest})
    return True


def _send_back(pk: int, user: User, now: datetime) -> bool:
    with transaction.atomic():
        found = held(pk)
        if found.state != State.CONFIRMED:
            return False
        Import.objects.filter(pk=pk).update(state=State.RETURNING, notes=[])
        queue_for(found, RETURN, user, now)
    return True


def go_on(pk: int, user: User, now: datetime, *, undo: bool = False) -> bool:
    """Take up what was broken off on its way into the ledger or out of it; False where it goes on by itself.

    undo: have what was written of it be taken back instead.
    """
    with transaction.atomic():
        found = held(pk)
        if found.state not in MOVING or (found.job and found.job.state in (JobState.QUEUED, JobState.RUNNING)):
            return False
        cursor = found.job.cursor if found.job else None
        if undo and UNDO not in (cursor or {}):
            moving = found.change_id if found.state == State.SETTLING else found.return_change_id
            cursor = {UNDO: moving, "code": "asked", "count": 0}
        queue_for(found, MOVES[State(found.state)], user, now, cursor=cursor)
    return True


# --- what several of these do


def held(pk: int) -> Import:
    """Hold the tree and the import, in this order: whoever confirms or takes back waits for whoever does."""
    hold_tree()
    found = Import.objects.select_for_update(of=("self",))
    return found.select_related("authority", "within", "job", "round__standard", "round__authority", "change", "return_change").get(pk=pk)  # fmt: skip


def hold_round(found: Import) -> bool:
    """Hold the authority and the round of an import, in this order, as whoever closes one does; whether it is closed."""
    list(Unit.objects.select_for_update(of=("self",)).filter(pk=found.authority_id))
    rounds = Round.objects.select_for_update(of=("self",)).filter(pk=found.round_id or 0)
    return any(one.state != RoundState.REPORTING for one in rounds)


def changes(found: Import) -> int:
    """Return how many records a confirmation changes."""
    kinds = ("new", "changed", *(["absent"] if found.complete else []))
    return sum(int(found.counts.get(kind, 0)) for kind in kinds)


def _lay_beside_again(pk: int, user: User, count: int, now: datetime) -> None:
    with transaction.atomic():
        found = held(pk)
        if found.state == State.READY:
            begin_anew(found, user, now, meanwhile=count)


def begin_anew(found: Import, user: User, now: datetime, *, meanwhile: int) -> None:
    """Have an import be read from the beginning, in the caller's transaction."""
    notes = [{"code": "meanwhile", "count": meanwhile}] if meanwhile else []
    Import.objects.filter(pk=found.pk).update(
        state=State.READING, attempt=found.attempt + 1, counts={}, notes=notes, faults=[], more_faults=0
    )
    found.rows.all().delete()
    if found.job:
        queue.cancel(found.job, now)
    queue_for(found, READ, user, now)


def queue_for(
    found: Import, kind: str, user: User, now: datetime, *, cursor: object = None, run_after: datetime | None = None
) -> None:
    """Queue work on an import, in the caller's transaction, perhaps to go on at a cursor."""
    job = queue.put(kind, user.pk, {"import": found.pk}, now, run_after)
    if cursor is not None:
        Job.objects.filter(pk=job.pk).update(cursor=cursor)
    Import.objects.filter(pk=found.pk).update(job=job)
    found.job = job


def told(found: Import) -> dict[str, object]:
    """Return what the journal says of an import: no name, no value."""
    said: dict[str, object] = {
        "authority": found.authority.code, "table": found.table, "complete": found.complete,
        "file_sha256": found.digest, "counts": found.counts,
    }  # fmt: skip
    if found.round is not None:
        said["round"] = str(found.round)
    if found.within_id != found.authority_id:
        said["within"] = found.within.code
    return said
