"""Records on their way into the ledger and out of it: written in portions that show nowhere, in force with one statement.

How much is written stands with the ledger's change itself, which the import knows (`change`, `return_change`): whoever
takes the job up goes on there. The cursor only says that it is being given up: `undo`, the change that is to go.
"""

import hashlib
from collections.abc import Generator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.intake import organised
from kaohe.web.intake.bounds import bounds_of, ledger_tables
from kaohe.web.intake.models import Import, State
from kaohe.web.intake.procedure import (
    MOVES,
    UNDO,
    RoundClosed,
    begin_anew,
    changes,
    held,
    hold_round,
    queue_for,
    told,
)
from kaohe.web.intake.storing import laid_folder
from kaohe.web.intake.target import Days
from kaohe.web.intake.target import Meanwhile as OrganisationMeanwhile
from kaohe.web.jobs import queue
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import Step
from kaohe.web.journal.append import Change
from kaohe.web.journal.append import change as journalled
from kaohe.web.training import landing
from kaohe.web.training.laying import laid_digest
from kaohe.web.training.models import LedgerChange
from kaohe.web.training.scope import analyse
from kaohe.web.training.touching import touched_units

AGAIN = timedelta(seconds=5)
"""When to ask again where another change of the ledger is being written."""
MUCH = 10_000
"""From so many rows on, the database counts anew what the ledger holds."""

Work = Generator[Step, None, str]


class RestedOn(Exception):
    """Raised where something came to rest on an import while it was being taken back."""


def settle(job: Job) -> Work:
    """Bring what an import holds into the ledger, all of it or nothing; return what became of it."""
    return (yield from _Move(job, State.SETTLING).run())


def give_back(job: Job) -> Work:
    """Take what an import brought out of the ledger again, all of it or nothing; return what became of it."""
    return (yield from _Move(job, State.RETURNING).run())


class _Move:
    """One attempt at moving an import's records, by one job."""

    def __init__(self, job: Job, state: State) -> None:
        self._job, self._state, self._pk = job, state, int(job.arguments["import"])
        self._user: User = job.owner  # type: ignore[assignment]
        self._column = "change" if state == State.SETTLING else "return_change"

    def run(self) -> Work:
        """Begin or go on; give up where what it rests on is another by now."""
        found = self._mine()
        if found is None:
            return "settled"
        cursor: dict[str, Any] = self._job.cursor or {}
        if UNDO in cursor:
            return (yield from self._undo(cursor[UNDO], cursor["code"], cursor["count"]))
        try:
            # a folder of units and people alone changes nothing in the ledger
            begun = self._begun(found) if ledger_tables(found) else None
        except landing.Busy:
            return self._again()
        pk = begun.pk if begun else None
        try:
            if begun is not None:
                yield from self._written(found, begun)
            self._in_force(begun)
        except landing.Overtaken:
            return "overtaken"
        except (landing.Meanwhile, OrganisationMeanwhile) as changed:
            code = "meanwhile" if self._state == State.SETTLING else "rested_on"
            return (yield from self._undo(pk, code, changed.count))
        except RoundClosed:
            return (yield from self._undo(pk, "round_closed", 0))
        except RestedOn:
            return (yield from self._undo(pk, "rested_on", 0))
        if changes(found) >= MUCH:
            analyse()
        return "in force"

    def _mine(self) -> Import | None:
        """Return the import where this job still moves it."""
        found = Import.objects.select_related(
            "authority", "within", "round__standard", "round__authority", "change", "return_change"
        )
        return found.filter(pk=self._pk, state=self._state, job=self._job.pk).first()

    def _begun(self, found: Import) -> LedgerChange:
        """Return the change that was begun for the import, or begin one; raises Busy."""
        begun: LedgerChange | None = getattr(found, self._column)
        if begun is None:
            with transaction.atomic():
                begun = landing.begin(found.authority, timezone.now())
                Import.objects.filter(pk=self._pk).update(**{self._column: begun})
        return begun

    def _again(self) -> str:
        with transaction.atomic():
            found = held(self._pk)
            if found.state == self._state and found.job_id == self._job.pk:
                now = timezone.now()
                queue_for(found, MOVES[self._state], self._user, now, cursor=self._job.cursor, run_after=now + AGAIN)
        return "another change is being written"

    # --- forwards

    def _written(self, found: Import, begun: LedgerChange) -> Generator[Step, None, None]:
        of = changes(found)
        for rows in self._writing(found, begun):
            yield Step(None, min(rows, of), of)

    def _writing(self, found: Import, begun: LedgerChange) -> Iterable[int]:
        if self._state == State.RETURNING:
            return landing.land_return(begun, _number(found))
        tables = ledger_tables(found)
        folder = laid_folder(found.stored, found.attempt)
        return landing.land(begun, bounds_of(found), folder, tables, found.complete)

    def _in_force(self, begun: LedgerChange | None) -> None:
        """Have it hold, with the units and people that belong to it: one transaction, one entry."""
        now = timezone.now()
        seen = self._mine()
        if seen is None:
            raise landing.Overtaken
        # what takes long is done before anybody is made to wait
        parts, laid = organised.parts_of(seen), self._digest(seen)
        organised.prepare(parts)
        touched = touched_units(seen.authority, begun) if begun else None
        with journalled(self._user.username, now) as log:
            found = held(self._pk)
            if found.state != self._state or found.job_id != self._job.pk:
                raise landing.Overtaken
            closed = hold_round(found)
            if begun is not None:
                landing.come_into_force(begun, now, touched)
            if self._state == State.RETURNING:
                self._taken_back(found, parts, now, log)
            elif closed:
                raise RoundClosed
            else:
                self._confirmed(found, parts, laid, now, log)
            queue.put("training.measure", None, {"authority": found.authority_id}, now)

    def _digest(self, found: Import) -> list[str]:
        """Return the digest of the rows of the ledger's own tables, where there are any that are to be written."""
        tables = ledger_tables(found)
        if self._state == State.RETURNING or not tables:
            return []
        return [laid_digest(laid_folder(found.stored, found.attempt), tables, found.complete)]

    def _confirmed(
        self, found: Import, parts: Sequence[organised.Part], laid: list[str], now: datetime, log: Change
    ) -> None:
        organised.check_still_so(found, parts)
        on = timezone.localdate(now)
        digests = [*([organised.apply(found, parts, Days(on, found.ends_on or on))] if parts else []), *laid]
        digest = digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
        Import.objects.filter(pk=found.pk).update(state=State.CONFIRMED, settled_at=now, rows_digest=digest, notes=[])
        log.says("import:confirm", f"import {found.pk}", told(found) | {"rows_sha256": digest})

    def _taken_back(self, found: Import, parts: Sequence[organised.Part], now: datetime, log: Change) -> None:
        # the landing has looked after the ledger; units and people could come to be needed to the last
        if organised.resting_on(found, parts):
            raise RestedOn
        organised.restore(found, parts)
        Import.objects.filter(pk=found.pk).update(state=State.TAKEN_BACK, settled_at=now, notes=[])
        log.says("import:take_back", f"import {found.pk}", told(found) | {"rows_sha256": found.rows_digest})

    # --- backwards

    def _undo(self, change: int | None, code: str, count: int) -> Work:
        """Give up: what was written goes, and the import is again what it was before it was sent on its way."""
        cursor = {UNDO: change, "code": code, "count": count}
        if self._job.cursor != cursor:
            # known before the import lets go of the change, so that whoever takes the job up finds it
            yield Step(cursor, 0, 0)
        Import.objects.filter(**{"pk": self._pk, self._column: change}).update(**{self._column: None})
        begun = LedgerChange.objects.filter(pk=change or 0, settled_at=None).first()
        if begun is not None:
            for done in landing.abandon(begun):
                yield Step(cursor, done, 0)
        now = timezone.now()
        with transaction.atomic():
            found = held(self._pk)
            if found.state != self._state or found.job_id != self._job.pk:
                return "settled"
            if self._state == State.RETURNING:
                self._stands(State.CONFIRMED, code)
            elif code == "meanwhile":
                found.job = None  # this one ends by itself
                begin_anew(found, self._user, now, meanwhile=count)
            else:
                self._stands(State.READY, code)
        return code

    def _stands(self, state: State, code: str) -> None:
        notes = [] if code == "asked" else [{"code": code}]
        Import.objects.filter(pk=self._pk).update(state=state, notes=notes)


def _number(found: Import) -> int:
    """Return the number of the change that brought an import's records in."""
    if found.change is None:
        raise ValueError(f"import {found.pk} brought nothing into the ledger")
    return found.change.number
