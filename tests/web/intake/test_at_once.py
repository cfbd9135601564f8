"""Two at once, and a reader that was killed: nothing twice, nothing half."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.intake import organised, procedure, staging
from kaohe.web.intake.models import Import, ImportRow
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.worker import run_all, take
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Person, Unit
from tests.web.city import city_with_accounts
from tests.web.conftest import SignIn
from tests.web.intake.sending import csv, people, post, sent, units


def office() -> Client:
    """Make the city and sign in as its training office, in tests that really commit."""
    city_with_accounts()
    client = Client()
    client.force_login(User.objects.get(username="office"))
    return client


def at_once(*things: Callable[[], object]) -> list[object]:
    """Do things at the same moment and return what each answered, or the exception."""
    answers: list[object] = [None] * len(things)
    ready = threading.Barrier(len(things))

    def do(n: int) -> None:
        try:
            ready.wait()
            answers[n] = things[n]()
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(n,)) for n in range(len(things))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_confirmations_at_once_one_applies(committed: None) -> None:
    found = sent(office(), people("P1,张三,D02", "P5,孙八,X01"), "people")
    user = User.objects.get(username="office")

    answers = at_once(*[lambda: procedure.confirm(found.pk, user, None, timezone.now())] * 4)

    assert sorted(map(str, answers)) == ["False"] * 3 + ["True"]
    assert Person.objects.filter(code="P5").count() == 1
    assert Person.objects.get(code="P1").postings.count() == 2
    assert LogEntry.objects.filter(action="import:confirm").count() == 1


def test_two_files_confirmed_at_once_do_not_overwrite_each_other(committed: None) -> None:
    client, user = office(), User.objects.get(username="office")
    found = [sent(client, units(f"D02,市审计{n}局,department", f"N{n},新{n}局,department")) for n in (1, 2)]

    answers = at_once(*[lambda pk=each.pk: procedure.confirm(pk, user, None, timezone.now()) for each in found])

    assert sorted(map(str, answers)) == ["False", "True"]
    n = answers.index(True) + 1
    assert Unit.objects.get(code="D02").name == f"市审计{n}局"
    assert set(Unit.objects.filter(code__startswith="N").values_list("code", flat=True)) == {f"N{n}"}
    assert Import.objects.get(pk=found[2 - n].pk).state == "reading"


def test_two_take_backs_at_once_are_one(committed: None) -> None:
    found = sent(office(), units("D02,市审计署,department", "D09,新局,department"))
    user = User.objects.get(username="office")
    procedure.confirm(found.pk, user, None, timezone.now())

    answers = at_once(*[lambda: procedure.take_back(found.pk, user, timezone.now())] * 2)

    assert sorted(map(str, answers)) == ["False", "True"]
    assert LogEntry.objects.filter(action="import:take_back").count() == 1


def test_one_form_sent_twice_at_once_makes_one_import(committed: None) -> None:
    client = office()
    answers = at_once(*[lambda: post(client, units("D09,新局,department"), token="a" * 32).headers["Location"]] * 2)

    assert len(set(map(str, answers))) == 1
    assert Import.objects.count() == 1
    assert Job.objects.filter(kind="intake.read").count() == 1


def many(count: int) -> bytes:
    """Return a file of so many new people."""
    return people(*(f"N{n:05},张三,D01" for n in range(count)))


def test_a_reader_that_was_killed_is_followed_by_one_that_begins_anew(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "BATCH", 10)
    post(signed_in("office"), many(35), "people")
    job = take()
    assert job is not None
    killed = staging.read_import(job.arguments["import"])
    next(killed)
    next(killed)
    staged = ImportRow.objects.count()

    later = timezone.now() + timedelta(minutes=5)
    run_all(lambda: later)

    found = Import.objects.get()
    assert staged == 20
    assert (found.state, found.counts["new"], found.counts["absent"]) == ("ready", 35, 3)
    assert ImportRow.objects.count() == 38


def test_a_reader_that_was_overtaken_writes_nothing_more(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "BATCH", 10)
    post(signed_in("office"), many(35), "people")
    pk = Import.objects.get().pk
    first = staging.read_import(pk)
    next(first)
    assert list(staging.read_import(pk))

    with pytest.raises(StopIteration) as end:
        next(first)

    assert end.value.value == "overtaken"
    assert ImportRow.objects.count() == 38


def test_what_is_dropped_while_it_is_read_stays_dropped(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "BATCH", 10)
    post(signed_in("office"), many(35), "people")
    found = Import.objects.get()
    reader = staging.read_import(found.pk)
    next(reader)

    procedure.drop(found.pk, User.objects.get(username="office"), timezone.now())

    assert list(reader) == []
    found.refresh_from_db()
    assert found.state == "dropped"
    assert not ImportRow.objects.exists()


def test_a_confirmation_that_fails_leaves_nothing(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.web.intake.sending import dump

    client = signed_in("office")
    found = sent(
        client, csv("单位代码,单位名称,类别,上级代码", "D02,市审计署,department,D01", "D09,新局,department,D01")
    )
    before, entries = dump(), LogEntry.objects.count()

    def broken(*values: object) -> str:
        raise RuntimeError("the power went")

    monkeypatch.setattr(organised, "_record", broken)
    with pytest.raises(RuntimeError):
        procedure.confirm(found.pk, User.objects.get(username="office"), None, timezone.now())

    assert dump() == before
    assert LogEntry.objects.count() == entries
