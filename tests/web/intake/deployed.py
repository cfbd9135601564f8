"""A deployment of its own whose worker is killed, and what is asked of it and done in it from inside, in its processes.

`Inside` and `Worker` are for the tests; what stands below them runs in the processes that they start.
"""

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.desk.procedure import keep_display
from kaohe.web.intake import procedure
from kaohe.web.intake.models import Import, ImportRow
from kaohe.web.intake.storing import keep, laid_folder, path_of
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.worker import run_all
from kaohe.web.journal.append import change
from kaohe.web.journal.models import LogEntry
from kaohe.web.journal.verification import Tally, differences
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.rounds.models import Round
from kaohe.web.training import landing
from kaohe.web.training.figures import figures_of, measured_rows
from kaohe.web.training.laid import laid_digest
from kaohe.web.training.models import Attendance, LedgerChange, UnitFigures
from kaohe.web.training.scope import head_of_ledger
from tests.web.city import account, unit
from tests.web.config.places import Deployment
from tests.web.training.loaded import round_at

ROOT = str(Path(__file__).parents[3])
BEGIN = """
import tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
aside = Path(os.environ["KAOHE_HOME"]).parent / "aside"  # what a killed process leaves goes with the test
aside.mkdir(exist_ok=True)
tempfile.tempdir = str(aside)
from tests.web.intake import deployed
"""
LEASES = timedelta(minutes=5)
"""How much later by its clock each worker takes up what the one before it left: its lease has run out by then."""
IN_FORCE = "in force"
UNITS, PEOPLE = 6, 300

Row = tuple[str, str, str, int | None]
Said = dict[str, Any]


class Inside:
    """A process in a deployment that answers questions, and has no connection to the database between them."""

    def __init__(self, place: Deployment) -> None:
        self._process = place.start(BEGIN + "deployed.answer()", ROOT)

    def ask(self, name: str, *arguments: object) -> Any:
        """Have something done, or said."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([name, *arguments]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        """Let it go."""
        self._process.communicate(timeout=60)


@contextmanager
def inside(place: Deployment) -> Iterator[Inside]:
    """Have such a process for a while."""
    process = Inside(place)
    try:
        yield process
    finally:
        process.end()


class Worker:
    """A process that works the queue off, and has begun once it is made."""

    def __init__(self, place: Deployment, lives: int, portion: int = landing.PORTION) -> None:
        """lives: how many workers died before it."""
        self._process = place.start(BEGIN + "deployed.work()", ROOT, str(lives), str(portion))
        assert self._says("ready")
        self._begun = time.monotonic()

    def ended(self) -> float:
        """Wait for its end and return how many seconds it worked."""
        assert self._says("done")
        worked = time.monotonic() - self._begun
        self._process.communicate(timeout=60)
        assert self._process.returncode == 0
        return worked

    def killed_after(self, seconds: float, *, of_last_step: bool = False) -> bool:
        """Kill it at a moment, of all its work or of putting an import in force; False where it had ended by then."""
        assert not of_last_step or self._says(IN_FORCE)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            return True
        self.ended()
        return False

    def _says(self, line: str) -> bool:
        """Listen until it says something; False where it ends without."""
        assert self._process.stdout is not None
        return any(said == f"{line}\n" for said in self._process.stdout)


class Writer:
    """A process that writes again and again what people write: how they want pages shown, and entries of the journal."""

    def __init__(self, place: Deployment) -> None:
        self._process = place.start(BEGIN + "deployed.write()", ROOT)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def ended(self) -> Said:
        """Let it go and return how often it wrote (`count`), and how long it had to wait (`longest`, seconds)."""
        said, _ = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, said
        return dict(json.loads(said))


def digest_of(rows: Iterable[Any]) -> str:
    """Return what stands for rows, in whatever order they come."""
    return hashlib.sha256("\n".join(sorted(json.dumps(row) for row in rows)).encode()).hexdigest()


# --- in the processes


def answer() -> None:
    """Answer the questions that come in, one a line."""
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answered = QUESTIONS[name](*arguments)
        connection.close()
        _say(json.dumps(answered))


def work() -> None:
    """Work off what is due, by a clock that is as many leases ahead as workers have died."""
    from kaohe.web.intake import settling, staging  # noqa: F401 - what is slow to load is loaded before it begins

    lives, landing.PORTION = int(sys.argv[2]), int(sys.argv[3])
    _say("ready")
    with connection.execute_wrapper(_tell_in_force):
        run_all(lambda: timezone.now() + lives * LEASES)
    _say("done")


def _tell_in_force(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
    """Say that a change is being put in force, in the midst of that transaction."""
    if sql.startswith('UPDATE "training_ledgerchange" SET "settled_at"'):
        _say(IN_FORCE)
    return execute(sql, *others)


def write() -> None:
    """Write until nobody listens any more."""
    over, count, longest = threading.Event(), 0, 0.0
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    user = User.objects.get(username="office")
    _say("ready")
    while not over.wait(0.01):
        begun = time.monotonic()
        keep_display(user.pk, {"language": ("zh", "en")[count % 2]})
        with change(user.username, timezone.now()) as log:
            log.says("unit:edit", f"unit {count}", {"turn": count})
        count, longest = count + 1, max(longest, time.monotonic() - begun)
    _say(json.dumps({"count": count, "longest": longest}))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _found(activities: str) -> None:
    """Make units, people, an account of the training office and a round, and bring activities in."""
    top = Unit.objects.get()
    office = account("office", Role.OFFICE, top)
    units = [unit(f"D{n:02}", top, official_order=n + 1) for n in range(UNITS)]
    people = [
        Person(code=f"P{n:03}", name="张三", authority=top, unit=units[n % UNITS], pinyin="zhangsan", initials="zs")
        for n in range(PEOPLE)
    ]
    Person.objects.bulk_create(people)
    Posting.objects.bulk_create(Posting(person=one, unit=one.unit, joined=date(2009, 1, 1)) for one in people)
    round_at(top, office)
    _brought("activities", activities)


def _send(table: str, content: str, complete: bool) -> int:
    authority, user = Unit.objects.get(is_authority=True), User.objects.get(username="office")
    sent = procedure.Sent(authority, table, f"{table}.csv", complete, token_hex(16), Round.objects.get())
    return procedure.receive(user, sent, keep([content.encode()], "csv"), timezone.now()).pk


def _brought(table: str, content: str) -> int:
    """Have a file brought in, with nobody in the way."""
    pk = _send(table, content, False)
    run_all()
    _confirm(pk)
    run_all()
    assert Import.objects.get(pk=pk).state == "confirmed"
    return pk


def _confirm(pk: int) -> None:
    assert procedure.confirm(pk, User.objects.get(username="office"), None, timezone.now())


def _take_back(pk: int) -> None:
    assert procedure.take_back(pk, User.objects.get(username="office"), timezone.now())


@transaction.atomic
def _seen(pk: int) -> Said:
    """Say what everybody can see of the ledger, and where an import is; all of it at one moment."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    a_round = Round.objects.select_related("standard", "authority").get()
    head = head_of_ledger(a_round.authority_id)
    held = Attendance.objects.filter(since__lte=head, until__gt=head)
    return {
        "state": Import.objects.get(pk=pk).state,
        "rows": digest_of(held.values_list("person", "activity", "status", "minutes")),
        "measured": digest_of(sorted(measured_rows(a_round).items())),
        "figures": digest_of(sorted((code, repr(figures)) for code, figures in figures_of(a_round).items())),
        "written": Attendance.objects.count(),
        "on_the_way": Attendance.objects.exclude(since__lte=head).count(),
    }


def _import(pk: int) -> Said:
    """Say all of an import that does not depend on when it was read and settled."""
    found = Import.objects.get(pk=pk)
    folder = laid_folder(found.stored, found.attempt)
    return {
        "state": found.state, "counts": found.counts, "notes": found.notes, "faults": found.faults, "digest": found.rows_digest,
        "laid": laid_digest(folder, ["attendance"], found.complete), "readings": len(list(folder.parent.iterdir())),
        "staged": ImportRow.objects.count(),
    }  # fmt: skip


def _whole(pk: int) -> Said:
    """Say what is amiss in the deployment, and what was said of an import: its actions in the journal."""
    a_round = Round.objects.select_related("standard", "authority").get()
    kept = dict(UnitFigures.objects.filter(stale=False).values_list("unit", "row"))
    amiss = [str(wrong) for wrong in differences(Tally())]
    amiss += [f"{job.kind} {job.state} {job.fault}" for job in Job.objects.exclude(state="done")]
    amiss += [f"change {number} in the making" for number in _numbers(settled_at=None)]
    amiss += ["figures are not those of the records"] if kept != measured_rows(a_round) else []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            amiss += [row[0] for row in cursor.execute("PRAGMA integrity_check") if row[0] != "ok"]
            amiss += [f"foreign key of {row[0]}" for row in cursor.execute("PRAGMA foreign_key_check")]
    said = LogEntry.objects.filter(object=f"import {pk}").order_by("seq").values_list("action", flat=True)
    return {"amiss": amiss, "said": list(said), "changes": _numbers()}


def _numbers(**of: object) -> list[int]:
    return list(LedgerChange.objects.filter(**of).order_by("number").values_list("number", flat=True))


def _files() -> int:
    return len(list(path_of("intake").glob("*.csv")))


QUESTIONS: dict[str, Callable[..., Any]] = {
    "found": _found, "send": _send, "brought": _brought, "work": run_all, "confirm": _confirm,
    "take back": _take_back, "seen": _seen, "import": _import, "whole": _whole, "files": _files,
}  # fmt: skip
