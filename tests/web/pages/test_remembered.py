"""A part of a page is remembered while nobody changes anything, and never shown to whoever may see something else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Unit
from kaohe.web.pages.remembered import MEMORY, Memory
from tests.web.city import City
from tests.web.conftest import SignIn

UNITS, PEOPLE = "/organisation/units/", "/organisation/people/"


@pytest.fixture(autouse=True)
def remembering(nothing_remembered: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MEMORY, "most", 10)
    MEMORY._parts.clear()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len([query for query in seen if "organisation_" in query["sql"]])


@pytest.mark.parametrize("address", [UNITS, PEOPLE])
def test_the_second_look_asks_for_nothing_of_the_list(city: City, signed_in: SignIn, address: str) -> None:
    client = signed_in("office")

    first, second = queries(client, address), queries(client, address)

    assert second < first
    assert second <= 1  # the roles that one holds today


def test_a_change_is_seen_at_once(city: City, signed_in: SignIn) -> None:
    client = signed_in("office")
    client.get(UNITS)
    unit = city.units["D01"]

    with change("office", timezone.now()) as log:
        Unit.objects.filter(pk=unit.pk).update(name="市新财政局")
        log.says("unit:edit", f"unit {unit.pk}", {"name": "市新财政局"})

    assert "市新财政局" in client.get(UNITS).content.decode()


def test_nobody_is_shown_what_another_may_see(city: City, signed_in: SignIn) -> None:
    office, officer = signed_in("office"), signed_in("officer")

    all_units, own_unit = office.get(UNITS).content.decode(), officer.get(UNITS).content.decode()

    assert "市审计局" in all_units
    assert "市审计局" not in own_unit


def test_a_civil_servant_is_not_shown_a_colleagues_page(city: City, signed_in: SignIn) -> None:
    officer, servant = signed_in("officer"), signed_in("civil_servant")

    assert "李四" in officer.get(PEOPLE).content.decode()
    assert "李四" not in servant.get(PEOPLE).content.decode()


def test_each_language_and_each_address_is_remembered_apart(city: City, signed_in: SignIn) -> None:
    client = signed_in("office")
    client.get(UNITS)

    client.cookies["kaohe-language"] = "en"

    assert "Officer" in client.get(UNITS).content.decode()
    assert "没有找到" not in client.get(UNITS).content.decode()
    assert "Nothing found" in client.get(UNITS + "?q=zzz").content.decode()


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    memory = Memory(2)
    for key in ("a", "b"):
        memory.keep(key, key)  # type: ignore[arg-type]
    memory.recall("a")

    memory.keep("c", "c")  # type: ignore[arg-type]

    assert [memory.recall(key) for key in ("a", "b", "c")] == ["a", None, "c"]
