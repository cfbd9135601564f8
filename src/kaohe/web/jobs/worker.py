"""The loop that takes the next job, keeps its lease alive, and remembers each step.

A job is taken by compare-and-set: whoever changes the row from what it read has it. Its lease says until when; a
worker that was killed lets it run out, and another takes the job up at its last step. A worker that lost its lease
(it slept, the machine was suspended) learns so at its next step and lets go.
"""

import threading
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from kaohe.web.jobs.models import Daily, Job, State
from kaohe.web.jobs.queue import put
from kaohe.web.jobs.registry import KINDS, Step

LEASE = timedelta(seconds=60)
HEARTBEAT = 15.0
MOST_ATTEMPTS = 5
DAY = timedelta(days=1)
Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Raised in a worker whose job was taken up by another."""


def take(clock: Clock = timezone.now) -> Job | None:
    """Take the next due job, or one whose worker has gone; None where there is none.

    A job of a later day than today was queued by a clock that was wrong since; it is due, or it would wait for that day.
    """
    now = clock()
    due = Q(state=State.QUEUED, run_after__lte=now) | Q(state=State.RUNNING, lease_until__lt=now)
    due |= Q(state=State.QUEUED, created_at__gt=now + DAY)
    for job in Job.objects.filter(due).order_by("run_after", "id")[:10]:
        lease = token_hex(16)
        taken = Job.objects.filter(pk=job.pk, state=job.state, lease=job.lease).update(
            state=State.RUNNING, lease=lease, lease_until=now + LEASE, attempts=job.attempts + 1, started_at=job.started_at or now
        )  # fmt: skip
        if taken:
            return Job.objects.get(pk=job.pk)
    return None


def run(job: Job, clock: Clock = timezone.now) -> None:
    """Run a job that was taken, step by step, to its end, its cancelling, its fault, or the loss of its lease."""
    with _Alive(job, clock):
        try:
            outcome = _steps(job, clock)
        except LeaseLost:
            return
        except Exception as error:
            _ended(job, clock, State.FAILED, fault=f"{type(error).__name__}: {error}\n{traceback.format_exc()}")
            return
    if outcome is not None:
        _ended(job, clock, State.DONE, outcome=outcome[0])


def _steps(job: Job, clock: Clock) -> tuple[object] | None:
    """Answer the outcome, or None where the job was cancelled."""
    if job.attempts > MOST_ATTEMPTS:
        raise RuntimeError(f"taken up {MOST_ATTEMPTS} times and never ended")
    work = KINDS[job.kind].work(job)
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            return (end.value,)
        _remember(job, step, clock)
        if Job.objects.filter(pk=job.pk, cancel_asked=True).exists():
            work.close()
            _ended(job, clock, State.CANCELLED)
            return None


def _remember(job: Job, step: Step, clock: Clock) -> None:
    kept = Job.objects.filter(pk=job.pk, lease=job.lease, state=State.RUNNING).update(
        cursor=step.cursor, done_steps=step.done, all_steps=step.of, lease_until=clock() + LEASE, attempts=1
    )
    if not kept:
        raise LeaseLost


def _ended(job: Job, clock: Clock, state: State, *, outcome: object = None, fault: str = "") -> None:
    Job.objects.filter(pk=job.pk, lease=job.lease).update(
        state=state, outcome=outcome, fault=fault[:10_000], finished_at=clock(), lease="", lease_until=None
    )


class _Alive:
    """Says, beside a long step, that its worker lives."""

    def __init__(self, job: Job, clock: Clock) -> None:
        self._job, self._clock, self._over = job, clock, threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT):
            Job.objects.filter(pk=self._job.pk, lease=self._job.lease).update(lease_until=self._clock() + LEASE)
        connection.close()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()


def queue_daily(clock: Clock = timezone.now) -> None:
    """Queue what is due today and was not queued yet; two workers at once queue it once.

    A day later than tomorrow was noted by a clock that was wrong: it must not stop the backups until then.
    """
    now = clock()
    today = timezone.localdate(now)
    for kind in KINDS.values():
        if kind.daily:
            with transaction.atomic():
                made = Daily.objects.get_or_create(kind=kind.name, defaults={"last_day": today})[1]
                due = Q(last_day__lt=today) | Q(last_day__gt=today + DAY)
                if made or Daily.objects.filter(due, kind=kind.name).update(last_day=today):
                    put(kind.name, None, {}, now)


def run_all(clock: Clock = timezone.now) -> int:
    """Run every due job, one after the other; return how many."""
    count = 0
    while job := take(clock):
        run(job, clock)
        count += 1
    return count


def forever(stop: threading.Event, pause: float = 1.0) -> None:
    """Work until told to stop."""
    while not stop.is_set():
        close_old_connections()
        queue_daily()
        if not run_all():
            stop.wait(pause)
