"""The security log is kept half a year, and cleared of nothing younger."""

from datetime import timedelta
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from kaohe.web.accounts import procedure
from kaohe.web.accounts.models import OneTimeLink, User
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.queue import put
from kaohe.web.jobs.registry import KINDS
from kaohe.web.jobs.worker import run_all
from kaohe.web.journal import security
from kaohe.web.journal.models import SecurityEvent
from kaohe.web.lang.choice import DJANGO_CODES
from tests.web.city import City


def test_nothing_younger_than_180_days_is_purged(city: City) -> None:
    now = timezone.now()
    for days in (0, 179, 180, 181, 400):
        security.note("sign-in", "10.0.0.1", at=now - timedelta(days=days), detail=f"days={days}")

    gone = security.purge(now)

    assert gone == 2
    assert set(SecurityEvent.objects.values_list("detail", flat=True)) == {"days=0", "days=179", "days=180"}


def test_what_is_repeated_within_the_hour_is_counted_in_one_row(city: City) -> None:
    now, user = timezone.now(), User.objects.get(username="officer")
    for minutes in (0, 10, 59, 61):
        security.count("sign-in:throttled", "10.0.0.1", user=user, at=now + timedelta(minutes=minutes))
    security.count("sign-in:throttled", "10.0.0.2", user=user, at=now)

    rows = SecurityEvent.objects.filter(address="10.0.0.1").order_by("time")

    assert [row.detail.split()[0] for row in rows] == ["count=3", "count=1"]
    assert SecurityEvent.objects.count() == 3


def test_what_is_repeated_at_once_is_counted_to_the_last(committed: None) -> None:
    now = timezone.now()
    security.count("sign-in:throttled", "10.0.0.1", at=now)

    def hammer() -> None:
        for _ in range(5):
            security.count("sign-in:throttled", "10.0.0.1", at=now)
        connection.close()

    threads = [Thread(target=hammer) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert SecurityEvent.objects.get().detail.split()[0] == "count=16"


def test_the_daily_work_clears_what_has_run_out_and_is_harmless_twice(city: City) -> None:
    now, user = timezone.now(), User.objects.get(username="officer")
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    procedure.invite(user, None, now - timedelta(days=8))
    procedure.invite(user, None, now)
    security.note("sign-in", "10.0.0.1", at=now - timedelta(days=200))

    for _ in range(2):
        put("accounts:tidy", None, {}, now)
        run_all()

    assert [job.outcome for job in Job.objects.order_by("id")] == [
        {"sessions": 1, "links": 1, "events": 1}, {"sessions": 0, "links": 0, "events": 0},
    ]  # fmt: skip
    assert (Session.objects.get().session_key, OneTimeLink.objects.count()) == ("new", 1)
    assert KINDS["accounts:tidy"].daily


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_and_detail_is_told_in_both_languages(language: str) -> None:
    from django.utils import translation

    details = [f"reason={reason}" for reason in security.REASONS] + ["count=37 last=2026-11-24T10:00:00+0000"]
    with translation.override(DJANGO_CODES[language]):  # type: ignore[index]
        texts = [security.title(kind) for kind in security.KINDS] + [security.told(detail) for detail in details]

    assert all(texts)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) == (language == "zh") for text in texts)
