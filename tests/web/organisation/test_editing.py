"""Changing a unit: the journal says old and new, a new name keeps the old, two at once lose nothing."""

import json
import re
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.journal.models import LogEntry, PersonalValue
from kaohe.web.organisation.models import Unit, UnitName
from kaohe.web.organisation.procedure import ChangedMeanwhile, UnitWords, edit_unit
from tests.web.city import City, city_with_accounts, person, unit
from tests.web.conftest import SignIn


def opened(client: Client, one: Unit) -> dict[str, str]:
    """The form as a browser would send it back."""
    page = client.get(address(one)).content.decode()
    fields = re.findall(r'<input[^>]* name="([a-z_]+)"[^>]*>', page)
    sent = {name: value_in(page, name) for name in fields if name != "csrfmiddlewaretoken"}
    chosen = re.search(r'<option value="([^"]*)" selected', page)
    return sent | {"peer_group": chosen[1] if chosen else ""}


def value_in(page: str, name: str) -> str:
    tag = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    value = re.search(r' value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


def address(one: Unit) -> str:
    return f"/organisation/units/{one.pk}/edit/"


def said(entry: LogEntry) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(bytes(entry.payload))
    return told


def fresh(one: Unit) -> Unit:
    return Unit.objects.get(pk=one.pk)


@pytest.fixture
def office(signed_in: SignIn) -> Client:
    return signed_in("office")


@pytest.fixture
def finance(city: City) -> Unit:
    return city.units["D01"]


def test_a_change_is_written_and_told(office: Client, finance: Unit) -> None:
    sent = opened(office, finance) | {
        "official_order": "7",
        "office": "人事科",
        "officer": "王小明",
        "valid_from": "2001-01-01",
    }

    answer = office.post(address(finance), sent)

    now, entry = fresh(finance), LogEntry.objects.get()
    assert answer.headers["Location"] == f"/organisation/units/{finance.pk}/"
    assert (now.official_order, now.office, now.officer, now.valid_from) == (7, "人事科", "王小明", date(2001, 1, 1))
    assert (now.version, entry.action, entry.object, entry.actor) == (2, "unit:edit", f"unit {finance.pk}", "office")
    assert said(entry)["official_order"] == {"old": 4, "new": 7}
    assert said(entry)["valid_from"] == {"old": None, "new": "2001-01-01"}


def test_names_of_persons_and_phones_are_sealed(office: Client, finance: Unit) -> None:
    office.post(
        address(finance), opened(office, finance) | {"officer": "王小明", "leader": "李大海", "phone": "42840001"}
    )

    entry = LogEntry.objects.get()
    kept = {value.digest: value.value for value in PersonalValue.objects.all()}
    assert {name: kept[said(entry)[name]["new"]] for name in ("officer", "leader", "phone")} == {
        "officer": "王小明", "leader": "李大海", "phone": "42840001",
    }  # fmt: skip
    assert not any(value.encode() in bytes(entry.payload) for value in kept.values())


def test_a_new_name_keeps_the_old_one(office: Client, finance: Unit) -> None:
    office.post(address(finance), opened(office, finance) | {"name": "市财政委员会", "renamed_on": "2010-05-01"})

    now = fresh(finance)
    assert (now.name, now.pinyin, now.initials) == ("市财政委员会", "shicaizhengweiyuanhui", "sczwyh")
    assert list(UnitName.objects.values_list("name", "until")) == [("市财政局", date(2010, 5, 1))]
    assert said(LogEntry.objects.get())["name"] == {"old": "市财政局", "new": "市财政委员会", "since": "2010-05-01"}


def test_a_corrected_name_keeps_none(office: Client, finance: Unit) -> None:
    office.post(address(finance), opened(office, finance) | {"name": "市财政局（国资局）"})

    assert (fresh(finance).name, UnitName.objects.count()) == ("市财政局（国资局）", 0)


def test_a_form_that_changes_nothing_writes_nothing(office: Client, finance: Unit) -> None:
    answer = office.post(address(finance), opened(office, finance))

    assert (answer.status_code, fresh(finance).version, LogEntry.objects.count()) == (302, 1, 0)


def test_the_same_form_sent_twice_is_done_once(office: Client, finance: Unit) -> None:
    sent = opened(office, finance) | {"name": "市财政委员会", "renamed_on": "2010-05-01"}

    answers = [office.post(address(finance), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (fresh(finance).version, LogEntry.objects.count(), UnitName.objects.count()) == (2, 1, 1)


def test_a_form_without_its_version_is_never_written(office: Client, finance: Unit) -> None:
    answer = office.post(address(finance), {"name": "别的名称"})

    assert (answer.status_code, fresh(finance).name) == (409, "市财政局")


def test_the_second_of_two_editors_gets_both_texts(signed_in: SignIn, finance: Unit) -> None:
    one, two = signed_in("office"), signed_in("office")
    first, second = opened(one, finance), opened(two, finance)
    one.post(address(finance), first | {"officer": "王小明", "phone": "111"})

    answer = two.post(address(finance), second | {"officer": "李大海", "office": "人事科"})

    assert answer.status_code == 409
    assert compared(answer) == {"责任处室": ("—", "人事科"), "专人": ("王小明", "李大海"), "电话": ("111", "相同")}
    assert [value_in(answer.content.decode(), name) for name in ("officer", "office", "phone", "version")] == [
        "李大海",
        "人事科",
        "111",
        "2",
    ]


def test_sent_once_more_both_changes_are_kept(signed_in: SignIn, finance: Unit) -> None:
    one, two = signed_in("office"), signed_in("office")
    first, second = opened(one, finance), opened(two, finance)
    one.post(address(finance), first | {"officer": "王小明", "phone": "111"})
    page = two.post(address(finance), second | {"officer": "李大海", "office": "人事科"}).content.decode()
    again = {name: value_in(page, name) for name in second} | {"peer_group": second["peer_group"]}

    answer = two.post(address(finance), again)

    now = fresh(finance)
    assert answer.status_code == 302
    assert (now.officer, now.office, now.phone, now.version) == ("李大海", "人事科", "111", 3)


def compared(answer: HttpResponse) -> dict[str, tuple[str, str]]:
    """The fields of the page with both texts: stored, typed."""
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', answer.content.decode())
    return {label: (stored, re.sub("<.*?>", "", typed)) for label, stored, typed in rows}


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": " "}, "name", "填单位名称"),
        ({"name": "长" * 201}, "name", "最多 200 个字，现在 201 个"),
        ({"officer": "长" * 101}, "officer", "最多 100 个字"),
        ({"official_order": "-1"}, "official_order", "0 至 999999"),
        ({"official_order": "٣"}, "official_order", "0 至 999999"),
        ({"official_order": "9" * 400}, "official_order", "0 至 999999"),
        ({"peer_group": "nobody"}, "peer_group", "从列表里选"),
        ({"peer_group": ""}, "peer_group", "从列表里选"),
        ({"valid_from": "昨天"}, "valid_from", "2010-06-30 的样子"),
        ({"valid_from": "2010-01-02", "valid_to": "2010-01-01"}, "valid_to", "停用不能早于启用"),
        ({"successor": "D02"}, "valid_to", "要填停用日期"),
        ({"successor": "D01", "valid_to": "2010-01-01"}, "successor", "不能并入自己"),
        ({"successor": "D91", "valid_to": "2010-01-01"}, "successor", "没有代码是 D91"),
        ({"parent": ""}, "parent", "填上级单位的代码"),
        ({"parent": "9001"}, "parent", "没有代码是 9001"),
        ({"parent": "D01"}, "parent", "不能是本单位"),
        ({"parent": "D01-1"}, "parent", "也不能在本单位之下"),
        ({"name": "新名", "renamed_on": "2190-01-01"}, "renamed_on", "还没到日子"),
        ({"name": "新名", "renamed_on": "x"}, "renamed_on", "2010-06-30 的样子"),
        ({"name": "新名", "renamed_on": "2008-01-01"}, "renamed_on", "要晚于上次改名"),
    ],
)  # fmt: skip
def test_a_fault_is_named_beside_its_field_and_nothing_is_lost(
    office: Client, city: City, finance: Unit, typed: dict[str, str], field: str, words: str
) -> None:
    unit("D01-1", finance)
    UnitName.objects.create(unit=finance, name="旧名", until=date(2009, 1, 1))
    before = Unit.objects.filter(pk=finance.pk).values().get()

    answer = office.post(address(finance), opened(office, finance) | {"office": "人事科"} | typed)

    page = answer.content.decode()
    fault = re.search(rf'id="{field}-err">(.*?)</p>', page)
    assert answer.status_code == 422
    assert fault is not None
    assert words in fault[1]
    assert value_in(page, "office") == "人事科"
    assert Unit.objects.filter(pk=finance.pk).values().get() == before
    assert LogEntry.objects.count() == 0


def test_a_merged_unit_ends_in_its_successor(office: Client, city: City, finance: Unit) -> None:
    office.post(address(finance), opened(office, finance) | {"valid_to": "2010-12-31", "successor": "D02"})

    page = office.get(f"/organisation/units/{finance.pk}/").content.decode()
    other = office.get(f"/organisation/units/{city.units['D02'].pk}/").content.decode()
    assert fresh(finance).successor == city.units["D02"]
    assert "有效到 2010-12-31" in page
    assert "并入本单位" in other


def test_two_units_are_not_merged_into_each_other(office: Client, city: City, finance: Unit) -> None:
    Unit.objects.filter(code="D02").update(successor=finance)

    answer = office.post(address(finance), opened(office, finance) | {"valid_to": "2010-12-31", "successor": "D02"})

    assert (answer.status_code, "先改那一边" in answer.content.decode()) == (422, True)


def test_a_unit_moves_with_its_people(office: Client, city: City, finance: Unit) -> None:
    office.post(address(finance), opened(office, finance) | {"parent": "X01"})

    county, now = city.units["X01"], fresh(finance)
    assert (now.parent, now.authority, now.path) == (county, county, f"{county.path}{finance.pk}/")
    assert {one.authority for one in finance.people.all()} == {county}
    assert said(LogEntry.objects.get())["parent"] == {"old": city.units["0001"].pk, "new": county.pk}


def test_a_move_that_meets_the_same_code_is_refused_in_words(office: Client, city: City, finance: Unit) -> None:
    person("P1", city.units["X01-1"])

    answer = office.post(address(finance), opened(office, finance) | {"parent": "X01", "office": "人事科"})

    assert (answer.status_code, "P1" in answer.content.decode(), fresh(finance).office) == (422, True, "")


def test_the_unit_at_which_the_editor_sits_cannot_be_moved(office: Client, city: City) -> None:
    top = city.units["0001"]

    page = office.get(address(top)).content.decode()
    office.post(address(top), opened(office, top) | {"parent": "D01", "office": "综合科"})

    assert 'name="parent"' not in page
    assert (fresh(top).parent, fresh(top).office) == (None, "综合科")


def test_fields_of_the_row_that_the_form_lacks_stay(office: Client, finance: Unit) -> None:
    before = Unit.objects.filter(pk=finance.pk).values().get()
    forged = {
        "code": "HACK",
        "path": "/",
        "is_authority": "true",
        "authority": "1",
        "id": "1",
        "pinyin": "x",
        "initials": "x",
    }

    office.post(address(finance), opened(office, finance) | forged | {"office": "人事科"})

    after = Unit.objects.filter(pk=finance.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {"office", "version"}


def test_typed_control_characters_are_made_plain(office: Client, finance: Unit) -> None:
    office.post(address(finance), opened(office, finance) | {"office": "人事\x00科\r\n<b>", "officer": "　王　"})

    assert (fresh(finance).office, fresh(finance).officer) == ("人事 科 <b>", "王")


def test_the_form_asks_in_both_languages(office: Client, finance: Unit) -> None:
    office.cookies["kaohe-language"] = "en"

    page = office.post(address(finance), opened(office, finance) | {"parent": "D01"}).content.decode()

    assert "The superior cannot be this unit, nor stand below it." in page


def test_of_many_at_once_one_wins_and_the_others_learn_it(committed: None) -> None:
    one = city_with_accounts().units["D01"]
    won, lost, gate = [], [], Barrier(6)
    User.objects.get(username="office")

    def write(n: int) -> None:
        gate.wait()
        plain = {
            name: getattr(one, name)
            for name in ("name", "peer_group", "valid_from", "valid_to", "office", "leader", "phone")
        }
        words = UnitWords({**plain, "official_order": 100 + n, "officer": f"第{n}人"}, one.parent, None, None)
        try:
            edit_unit(one, 1, words, "office", timezone.now() + timedelta(seconds=n))
            won.append(n)
        except ChangedMeanwhile:
            lost.append(n)
        finally:
            connection.close()

    threads = [Thread(target=write, args=[n]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 5)
    assert fresh(one).official_order == 100 + won[0]
    assert LogEntry.objects.count() == 1
