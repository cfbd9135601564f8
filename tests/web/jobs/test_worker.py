"""A job is done once, goes on where it was, and lets go when told: with crashes, two workers, and a moved clock."""

import threading
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.web.accounts.models import User
from kaohe.web.jobs import queue, worker
from kaohe.web.jobs.models import Daily, Job, State
from kaohe.web.jobs.queries import row_of
from kaohe.web.jobs.registry import KINDS, Kind, Step
from tests.web.city import City
from tests.web.conftest import SignIn

NOON = datetime(2010, 5, 18, 4, tzinfo=UTC)
DONE: list[int] = []


class Killed(BaseException):
    """What a kill -9 is to a process: nothing after it runs."""


def counting(job: Job) -> Generator[Step, None, int]:
    """Count to `to`, noting each number done; fall at `fall_at` the first time."""
    start, to = job.cursor or 0, job.arguments["to"]
    for number in range(start, to):
        if number == job.arguments.get("fall_at") and job.attempts == 1 and not job.arguments.get("fallen"):
            raise Killed
        DONE.append(number)
        yield Step(number + 1, number + 1, to)
    return to


def failing(job: Job) -> Generator[Step, None, None]:
    """Fail in the second step."""
    yield Step(1, 1, 2)
    raise ValueError("第 2 行读不出")


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    before = dict(KINDS)
    KINDS.clear()
    KINDS["count"] = Kind("count", ("数数", "count"), counting)
    KINDS["fail"] = Kind("fail", ("失败", "fail"), failing)
    KINDS["nightly"] = Kind("nightly", ("每日", "daily"), counting, daily=True)
    DONE.clear()
    yield
    KINDS.clear()
    KINDS.update(before)


def at(moment: datetime) -> worker.Clock:
    return lambda: moment


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_is_done_step_by_step_and_keeps_its_outcome(db: None) -> None:
    job = queue.put("count", None, {"to": 3}, NOON)

    worker.run_all(at(NOON))

    done = fresh(job)
    assert (done.state, done.outcome, done.done_steps, done.all_steps, done.lease) == (State.DONE, 3, 3, 3, "")
    assert DONE == [0, 1, 2]


def test_a_killed_worker_leaves_a_job_that_goes_on_at_its_last_step_when_the_lease_ran_out(db: None) -> None:
    job = queue.put("count", None, {"to": 4, "fall_at": 2}, NOON)
    with pytest.raises(Killed):
        worker.run_all(at(NOON))
    Job.objects.filter(pk=job.pk).update(arguments={"to": 4})

    before = worker.run_all(at(NOON + timedelta(seconds=59)))
    after = worker.run_all(at(NOON + worker.LEASE + timedelta(seconds=1)))

    assert (before, after) == (0, 1)
    assert DONE == [0, 1, 2, 3]
    assert fresh(job).state == State.DONE


def test_a_worker_that_lost_its_lease_lets_go(db: None) -> None:
    job = queue.put("count", None, {"to": 3}, NOON)
    first = worker.take(at(NOON))
    second = worker.take(at(NOON + worker.LEASE * 2))
    assert first is not None
    assert second is not None
    assert first.pk == second.pk

    worker.run(first, at(NOON))

    assert (fresh(job).state, fresh(job).lease, DONE) == (State.RUNNING, second.lease, [0])


def test_a_job_that_fails_says_where_and_is_not_tried_again(db: None) -> None:
    job = queue.put("fail", None, {}, NOON)

    worker.run_all(at(NOON))

    assert fresh(job).state == State.FAILED
    assert fresh(job).fault.startswith("ValueError: 第 2 行读不出\n")
    assert worker.run_all(at(NOON + timedelta(days=1))) == 0


def test_a_job_that_kills_its_worker_each_time_is_given_up(db: None) -> None:
    job = queue.put("count", None, {"to": 1}, NOON)
    Job.objects.filter(pk=job.pk).update(attempts=worker.MOST_ATTEMPTS)

    worker.run_all(at(NOON))

    assert fresh(job).state == State.FAILED


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_after_its_step(db: None) -> None:
    waiting = queue.put("count", None, {"to": 3}, NOON)
    queue.cancel(waiting, NOON)
    running = queue.put("count", None, {"to": 3}, NOON)
    taken = worker.take(at(NOON))
    assert taken is not None
    queue.cancel(running, NOON)

    worker.run(taken, at(NOON))

    assert (fresh(waiting).state, fresh(running).state, DONE) == (State.CANCELLED, State.CANCELLED, [0])


def test_work_for_later_waits(db: None) -> None:
    queue.put("count", None, {"to": 1}, NOON, run_after=NOON + timedelta(hours=1))

    assert worker.run_all(at(NOON)) == 0
    assert worker.run_all(at(NOON + timedelta(hours=1))) == 1


def test_daily_work_is_queued_once_a_day_in_the_offices_own_time(db: None) -> None:
    before_midnight = datetime(2010, 5, 18, 15, 59, tzinfo=UTC)

    for moment in (NOON, NOON, before_midnight, before_midnight + timedelta(minutes=2)):
        worker.queue_daily(at(moment))

    assert Job.objects.filter(kind="nightly").count() == 2
    assert str(Daily.objects.get(kind="nightly").last_day) == "2010-05-19"


def test_a_clock_that_was_years_ahead_does_not_stop_daily_work_until_then(db: None) -> None:
    worker.queue_daily(at(NOON + timedelta(days=9000)))

    for day in (0, 0, 1):
        worker.queue_daily(at(NOON + timedelta(days=day)))

    assert Job.objects.filter(kind="nightly").count() == 3


def test_a_job_queued_by_a_clock_that_was_ahead_is_done(db: None) -> None:
    queue.put("count", None, {"to": 1}, NOON + timedelta(days=9000))

    assert worker.run_all(at(NOON)) == 1


def test_two_workers_at_once_do_each_job_once(committed: None) -> None:
    jobs = [queue.put("count", None, {"to": 1}, NOON) for _ in range(12)]

    def work() -> None:
        try:
            worker.run_all(at(NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(DONE) == 12
    assert set(Job.objects.values_list("state", "attempts")) == {(State.DONE, 1)}
    assert len(jobs) == 12


def test_an_owner_sees_only_what_is_theirs(city: City, signed_in: SignIn) -> None:
    own = queue.put("count", User.objects.get(username="office").pk, {"to": 1}, NOON)
    other = queue.put("count", User.objects.get(username="officer").pk, {"to": 1}, NOON)
    client = signed_in("office")

    listed = client.get("/jobs/").content.decode()

    assert client.get(f"/jobs/{own.pk}/").status_code == 200
    assert client.get(f"/jobs/{other.pk}/").status_code == 404
    assert client.post(f"/jobs/{other.pk}/cancel/").status_code == 404
    assert f"/jobs/{own.pk}/" in listed
    assert f"/jobs/{other.pk}/" not in listed


def test_the_list_takes_as_many_queries_for_many_jobs_as_for_one(city: City, signed_in: SignIn) -> None:
    owner = User.objects.get(username="office").pk
    client = signed_in("office")
    client.get("/jobs/")
    counts = []
    for more in (1, 12):
        for _ in range(more):
            queue.put("count", owner, {"to": 1}, NOON)
        with CaptureQueriesContext(connection) as seen:
            client.get("/jobs/")
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(("state", "done", "share"), [(State.DONE, 2, 100), (State.FAILED, 1, 50), (State.CANCELLED, 1, 50)])  # fmt: skip
def test_what_is_done_is_done_to_its_end(db: None, state: State, done: int, share: int) -> None:
    at = datetime(2010, 7, 20, 4, tzinfo=UTC)
    job = Job(kind="backup", state=state, created_at=at, run_after=at, done_steps=1, all_steps=2)

    row = row_of(job)

    assert (row.done, row.share) == (done, share)
