"""The way into the ledger and out of it: killed at any step, nothing is half there, and the next worker goes on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.intake import procedure
from kaohe.web.intake.models import Import
from kaohe.web.intake.storing import path_of, remove_orphans
from kaohe.web.jobs import queue
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import KINDS
from kaohe.web.jobs.worker import run_all, take
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Person
from kaohe.web.rounds.models import Round
from kaohe.web.training import landing
from kaohe.web.training.models import LedgerChange
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.intake.ledgers import (
    THREE,
    activities,
    brought,
    in_the_making,
    ledger_of,
    open_round,
    returned,
    settled,
    supplies,
    written,
    zipped,
)
from tests.web.intake.sending import dump, post, sent

OLD = supplies("D01,教材,10,8", "D01,手册,3,3", "D02,教材,4,4")
NEW = supplies("D01,教材,10,9", "D02,教材,4,3", "D02,手册,1,1")
"""Two changed, one new and, declared complete, one that ends."""


@pytest.fixture
def a_round(city: City) -> Round:
    """The open annual round of the city."""
    return open_round()


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a row a transaction, so that there are steps between which to be killed."""
    monkeypatch.setattr(landing, "PORTION", 1)


def confirmed_by_post(client: Client, content: bytes, a_round: Round, **values: str) -> Import:
    """Bring in the old state, send a complete file over it, and confirm that without letting anybody work at it."""
    brought(client, OLD, "supplies", a_round)
    found = sent(client, content, "supplies", round=a_round.pk, complete="on", **values)
    assert found.state == "ready", found.faults
    client.post(reverse("import-confirm", args=[found.pk]))
    found.refresh_from_db()
    return found


def killed_after(steps: int, later: timedelta) -> bool:
    """Work at the job whose turn it is for some steps, remembering each as a worker does, and die; False at its end."""
    job = take(lambda: timezone.now() + later)
    assert job is not None
    work = KINDS[job.kind].work(job)
    for _ in range(steps):
        try:
            step = next(work)
        except StopIteration:
            Job.objects.filter(pk=job.pk).update(state="done")
            return False
        Job.objects.filter(pk=job.pk).update(cursor=step.cursor, attempts=1)
    return True


def lives(a_round: Round) -> Iterator[timedelta]:
    """Yield the times at which one worker after the other takes the job up: each when the former's lease is over."""
    return (timedelta(minutes=5 * n) for n in range(30))


def test_killed_at_every_step_it_comes_in_whole(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = confirmed_by_post(client, NEW, a_round)
    before, seen = ledger_of(), set()

    for later in lives(a_round):
        if not killed_after(1, later):
            break
        found.refresh_from_db()
        seen.add(written())
        if found.state == "settling":
            assert ledger_of() == before
            assert in_the_making() == 1

    found.refresh_from_db()
    assert found.state == "confirmed"
    assert len(seen) >= 3  # it was killed with one, two and three rows written
    assert [row[1:] for row in ledger_of()["supplies"]] == [
        ("D01", "textbook", 10, 9), ("D02", "handbook", 1, 1), ("D02", "textbook", 4, 3),
    ]  # fmt: skip
    assert LogEntry.objects.filter(action="import:confirm", object=f"import {found.pk}").count() == 1
    assert in_the_making() == 0


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_killed_once_after_any_step_it_comes_in_whole(signed_in: SignIn, a_round: Round, steps: int) -> None:
    client = signed_in("office")
    found = confirmed_by_post(client, NEW, a_round)
    killed_after(steps, timedelta())

    run_all(lambda: timezone.now() + timedelta(minutes=5))

    found.refresh_from_db()
    assert found.state == "confirmed"
    assert len(ledger_of()["supplies"]) == 3
    assert LogEntry.objects.filter(action="import:confirm", object=f"import {found.pk}").count() == 1


def test_killed_at_every_step_it_goes_back_whole(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = confirmed_by_post(client, NEW, a_round)
    run_all()
    during = ledger_of()
    client.post(reverse("import-take-back", args=[found.pk]))

    for later in lives(a_round):
        if not killed_after(1, later):
            break
        found.refresh_from_db()
        if found.state == "returning":
            assert ledger_of() == during

    found.refresh_from_db()
    assert found.state == "taken_back"
    assert [row[1:] for row in ledger_of()["supplies"]] == [
        ("D01", "handbook", 3, 3), ("D01", "textbook", 10, 8), ("D02", "textbook", 4, 4),
    ]  # fmt: skip
    assert LogEntry.objects.filter(action="import:take_back", object=f"import {found.pk}").count() == 1


def test_what_changed_meanwhile_is_laid_beside_anew(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, OLD, "supplies", a_round)
    first = sent(client, supplies("D01,教材,10,9"), "supplies", round=a_round.pk)
    second = sent(client, supplies("D01,教材,10,10", "D02,手册,1,1"), "supplies", round=a_round.pk)

    for found in (first, second):
        settled(client, found)

    assert (first.state, second.state) == ("confirmed", "ready")
    assert second.notes == [{"code": "meanwhile", "count": 1}]
    assert "表中有 1 行在读取之后被改过" in client.get(reverse("import", args=[second.pk])).content.decode()
    assert in_the_making() == 0
    assert written() == 4  # nothing of the second stayed
    assert settled(client, second).state == "confirmed"
    assert ("D01", "textbook", 10, 10) in [row[1:] for row in ledger_of()["supplies"]]


def test_giving_up_can_be_killed_too(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, OLD, "supplies", a_round)
    found = sent(client, supplies("D01,教材,10,9", "D02,教材,9,9", "D02,手册,1,1"), "supplies", round=a_round.pk)
    client.post(reverse("import-confirm", args=[found.pk]))
    before = ledger_of()
    killed_after(2, timedelta())
    Round.objects.filter(pk=a_round.pk).update(state="closed", closed_at=timezone.now())

    for later in list(lives(a_round))[1:]:
        if not killed_after(1, later):
            break
        assert ledger_of() == before

    found.refresh_from_db()
    assert (found.state, found.change, found.notes) == ("ready", None, [{"code": "round_closed"}])
    assert (in_the_making(), ledger_of(), written()) == (0, before, 3)


def test_one_change_at_a_time_the_other_waits(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    first = sent(client, supplies("D01,教材,10,9", "D01,手册,1,1"), "supplies", round=a_round.pk)
    second = sent(client, supplies("D02,教材,10,10"), "supplies", round=a_round.pk)
    for found in (first, second):
        client.post(reverse("import-confirm", args=[found.pk]))
    killed_after(1, timedelta())  # the first is on its way

    run_all()
    second.refresh_from_db()
    waiting = client.get(reverse("import", args=[second.pk])).content.decode()
    run_all(lambda: timezone.now() + timedelta(minutes=5))

    assert second.state == "settling"
    assert "排队等候写入台账" in waiting
    for found in (first, second):
        found.refresh_from_db()
        assert found.state == "confirmed"
    assert len(ledger_of()["supplies"]) == 3


def test_what_was_cancelled_goes_on_or_is_undone(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = confirmed_by_post(client, NEW, a_round)
    before = ledger_of()
    killed_after(2, timedelta())
    found.refresh_from_db()
    assert found.job is not None
    Job.objects.filter(pk=found.job.pk).update(state="cancelled")
    address = reverse("import-read-again", args=[found.pk])

    page = client.get(reverse("import", args=[found.pk])).content.decode()
    client.post(address, {"undo": "on"})
    run_all()
    found.refresh_from_db()

    assert "没有写完" in page
    assert "退回，不写入" in page
    assert (found.state, found.change, found.notes) == ("ready", None, [])
    assert (ledger_of(), in_the_making()) == (before, 0)
    client.post(reverse("import-confirm", args=[found.pk]))
    found.refresh_from_db()
    assert found.job is not None
    queue.cancel(found.job, timezone.now())
    client.post(address)
    run_all()
    found.refresh_from_db()
    assert found.state == "confirmed"


def test_what_is_on_its_way_is_not_dropped_nor_confirmed_again(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = confirmed_by_post(client, NEW, a_round)

    for page in ("import-drop", "import-confirm", "import-take-back", "import-read-again"):
        client.post(reverse(page, args=[found.pk]))

    found.refresh_from_db()
    assert found.state == "settling"
    assert Job.objects.filter(kind="intake.settle", state="queued").count() == 1


def test_the_progress_changes_its_page_with_the_work(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = confirmed_by_post(client, NEW, a_round)
    address = reverse("import-progress", args=[found.pk])
    killed_after(1, timedelta())
    Job.objects.filter(pk=Import.objects.get(pk=found.pk).job_id).update(done_steps=1, all_steps=4)

    same, other = client.get(address, {"of": "settling"}), client.get(address, {"of": "reading"})

    assert "HX-Refresh" not in same.headers
    assert "1 / 4 行" in same.content.decode()
    assert "写完最后一行才生效" in same.content.decode()
    assert other.headers["HX-Refresh"] == "true"


def test_a_city_folder_whose_people_changed_meanwhile_leaves_nothing(signed_in: SignIn, a_round: Round) -> None:
    client, user = signed_in("office"), User.objects.get(username="office")
    folder = {
        "people.csv": "id,name,unit\nP1,张三三,D01\nP8,孙八,D01\n",
        "supplies.csv": "unit,item,planned,received\nD01,textbook,3,3\n",
    }
    found = sent(client, zipped(folder), "city", name="city.zip", round=a_round.pk)
    assert found.state == "ready", found.faults
    Person.objects.filter(code="P1").update(phone="024-1")
    before = dump()

    assert procedure.confirm(found.pk, user, None, timezone.now())
    run_all()

    found.refresh_from_db()
    assert (found.state, found.notes) == ("ready", [{"code": "meanwhile", "count": 1}])
    assert dump() == before
    assert (written(), in_the_making()) == (0, 0)
    found = settled(client, found)
    assert found.state == "confirmed"
    assert Person.objects.get(code="P1").name == "张三三"
    assert returned(client, found).state == "taken_back"
    assert dump() == before


def laid(found: Import) -> Path:
    return path_of(f"{found.stored}.laid")


def test_what_was_laid_beside_the_ledger_goes_and_stays_with_its_file(
    signed_in: SignIn, a_round: Round, django_capture_on_commit_callbacks: object
) -> None:
    client = signed_in("office")
    found = brought(client, OLD, "supplies", a_round)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        dropped = sent(client, NEW, "supplies", round=a_round.pk)
        there = laid(dropped).is_dir()
        client.post(reverse("import-drop", args=[dropped.pk]))
    orphan = path_of("intake/0123.csv.laid")
    (orphan / "1").mkdir(parents=True)

    young = remove_orphans(timezone.now())
    old = remove_orphans(timezone.now() + timedelta(days=2))

    assert there
    assert not laid(dropped).exists()
    assert young == 0
    assert old >= 1
    assert not orphan.exists()
    assert laid(found).is_dir()


def test_a_faulty_file_leaves_nothing_beside_it(
    signed_in: SignIn, a_round: Round, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        post(
            signed_in("office"),
            activities(*THREE, "A4,D09,lecture,讲座,2010-04-21,2010-04-21,3.0"),
            "activities",
            round=a_round.pk,
        )
        run_all()
    found = Import.objects.get()

    assert found.state == "faulty"
    assert not laid(found).exists()
    assert not LedgerChange.objects.exists()
