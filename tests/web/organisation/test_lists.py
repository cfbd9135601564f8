"""The lists: order, groups, numbers, days, search; queries that do not grow with the rows."""

import re
from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaohe.web.organisation.models import Person, Unit, UnitName
from kaohe.web.organisation.people import set_posting
from tests.web.city import City, person, unit
from tests.web.conftest import SignIn

UNITS, PEOPLE = "/organisation/units/", "/organisation/people/"


def shown(answer: HttpResponse) -> list[str]:
    """The row heads of a list."""
    return re.findall(r'<th scope="row".*?>\s*<a [^>]*>([^<]*)</a>', answer.content.decode())


def queries(client: Client, address: str) -> int:
    """How often a page asks for units or people; who is asking is asked for by the frame of every page."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum('FROM "organisation_' in query["sql"] for query in asked.captured_queries)


def sections(answer: HttpResponse) -> list[str]:
    return re.findall(r'scope="rowgroup">([^<]*)</th>', answer.content.decode())


def numbers(answer: HttpResponse) -> list[str]:
    return re.findall(r'<td class="seq">(\d*)</td>', answer.content.decode())


@pytest.fixture
def office(signed_in: SignIn) -> Client:
    return signed_in("office")


def test_units_stand_by_authority_and_group_in_the_official_order(office: Client) -> None:
    answer = office.get(UNITS)

    assert shown(answer) == ["市公训办", "本溪县", "市财政局", "市审计局", "小市镇", "草河口镇"]
    assert sections(answer) == ["主管机关 1", "市公训办 县区 1", "市公训办 部门 2", "本溪县 部门 2"]
    assert numbers(answer) == ["1", "1", "2", "3", "1", "2"]


def test_groups_are_named_in_english_too(office: Client) -> None:
    office.cookies["kaohe-language"] = "en"

    assert sections(office.get(UNITS))[1] == "市公训办 Counties and districts 1"


def test_a_unit_of_a_unit_stands_below_it(office: Client, city: City) -> None:
    unit("D01-1", city.units["D01"], name="市财政局国库处", peer_group="department", official_order=1)

    answer = office.get(UNITS, {"group": "department"})

    assert shown(answer)[:3] == ["市财政局", "市财政局国库处", "市审计局"]
    assert "属 市财政局" in answer.content.decode()


def test_a_filter_keeps_the_numbers(office: Client) -> None:
    answer = office.get(UNITS, {"q": "sjj"})

    assert (shown(answer), numbers(answer)) == (["市审计局"], ["3"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("财政", ["市财政局"]), ("  财政 ", ["市财政局"]), ("shicaizheng", ["市财政局"]), ("Cai Zheng", ["市财政局"]),
        ("sczj", ["市财政局"]), ("CZJ", ["市财政局"]), ("d01", ["市财政局"]), ("Ｄ０１", ["市财政局"]), ("税务", ["市审计局"]),
        ("x01", ["本溪县", "小市镇", "草河口镇"]), ("%", []), ("_", []), ("D_1", []), ("\\", []), ("'", []), ("查无", []),
        ("\x00财政\x00", ["市财政局"]), ("<script>", []), ("财" * 5000, []),
    ],
)  # fmt: skip
def test_units_are_found_by_every_key(office: Client, city: City, text: str, found: list[str]) -> None:
    UnitName.objects.create(unit=city.units["D02"], name="市税务审计局", until=date(2009, 1, 1))

    assert shown(office.get(UNITS, {"q": text})) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("单丽", ["单丽华"]), ("shanlihua", ["单丽华"]), ("danlihua", ["单丽华"]), ("slh", ["单丽华"]), ("DLH", ["单丽华"]),
        ("lihua", ["单丽华"]), ("s7", ["单丽华"]), ("lv", ["吕布"]), ("lü bu", ["吕布"]), ("%", []), ("_", []), ("ss", []),
        ("slh dlh", []),
    ],
)  # fmt: skip
def test_people_are_found_by_every_key(office: Client, city: City, text: str, found: list[str]) -> None:
    person("S7", city.units["D01"], "单丽华")
    person("S8", city.units["D01"], "吕布")

    assert shown(office.get(PEOPLE, {"q": text})) == found


def test_a_list_holds_as_it_was_on_a_day(office: Client, city: City) -> None:
    finance, audit = city.units["D01"], city.units["D02"]
    UnitName.objects.create(unit=finance, name="市财政委员会", until=date(2008, 1, 1))
    UnitName.objects.create(unit=finance, name="市财政管理局", until=date(2010, 7, 1))
    Unit.objects.filter(pk=audit.pk).update(
        valid_from=date(2010, 6, 30), valid_to=date(2011, 12, 31), successor=finance
    )

    on = {
        day: shown(office.get(UNITS, {"on": day, "group": "department"}))
        for day in ("2007-12-31", "2010-06-29", "2010-06-30", "2011-12-31", "2012-01-01")
    }

    assert [names[0] for names in on.values()] == [
        "市财政委员会",
        "市财政管理局",
        "市财政管理局",
        "市财政局",
        "市财政局",
    ]
    assert ["市审计局" in names for names in on.values()] == [False, False, True, True, False]


def test_an_ended_unit_shows_its_last_day_and_its_successor(office: Client, city: City) -> None:
    Unit.objects.filter(code="D02").update(valid_to=date(2009, 12, 31), successor=city.units["D01"])

    page = office.get(UNITS, {"show": "ended"}).content.decode()

    assert "2009-12-31" in page
    assert f'<a href="{UNITS}{city.units["D01"].pk}/">市财政局</a>' in page


def test_a_unit_that_has_not_begun_has_a_list_of_its_own(office: Client) -> None:
    Unit.objects.filter(code="D02").update(valid_from=date(2190, 1, 1))

    assert "市审计局" not in shown(office.get(UNITS))
    assert shown(office.get(UNITS, {"show": "later"})) == ["市审计局"]


def test_people_are_counted_on_the_day(office: Client, city: City) -> None:
    set_posting(city.people["P1"], city.units["D02"], date(2010, 7, 1), None, date(2010, 7, 1))

    page = {day: office.get(UNITS, {"on": day, "q": "D0"}).content.decode() for day in ("2010-06-30", "2010-07-01")}

    assert [re.findall(r'<td class="num">(\d+)</td>', text) for text in page.values()] == [["2", "1"], ["1", "2"]]


@pytest.mark.parametrize(
    "day", ["", "gestern", "2010-13-01", "2010-02-30", "0001-01-01", "9999-12-31", "2010-06-30\x00", "²⁰¹⁰"]
)
def test_a_day_that_is_none_shows_a_list_all_the_same(office: Client, day: str) -> None:
    assert office.get(UNITS, {"on": day}).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=x", "page=99999999999", "unit=x", "unit=99999999999999999999", "unit=²", "show=x", "group=%00"],
)
def test_an_address_with_nonsense_shows_a_list_all_the_same(office: Client, query: str) -> None:
    assert [office.get(f"{page}?{query}").status_code for page in (UNITS, PEOPLE)] == [200, 200]


def test_a_page_holds_eighty_units_and_the_next_the_rest(office: Client, city: City) -> None:
    for n in range(81):
        unit(f"U{n:02d}", city.units["0001"], name=f"第{n}局", peer_group="department", official_order=100 + n)

    pages = [shown(office.get(UNITS, {"page": page})) for page in (1, 2, 3)]

    assert [len(names) for names in pages] == [80, 7, 7]


def test_people_stand_by_unit_then_code_and_departed_apart(office: Client, city: City) -> None:
    set_posting(city.people["P2"], city.units["D01"], None, date(2010, 1, 1), date(2010, 1, 1))

    lists = [shown(office.get(PEOPLE, {"show": show})) for show in ("", "gone", "all")]

    assert lists == [["赵六", "张三", "王五"], ["李四"], ["赵六", "张三", "李四", "王五"]]


def test_people_can_be_asked_for_by_unit(office: Client, city: City) -> None:
    answers = [office.get(PEOPLE, {"unit": city.units[code].pk}) for code in ("D02", "D91")]

    assert [shown(answer) for answer in answers] == [["王五"], []]
    assert "清河" not in answers[1].content.decode()


def test_a_script_gets_the_list_alone(office: Client) -> None:
    whole, part = office.get(UNITS), office.get(UNITS, headers={"HX-Request": "true"})
    again = office.get(UNITS, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert part.content.decode().strip() in whole.content.decode()
    assert ("<html" in part.content.decode(), "<html" in again.content.decode()) == (False, True)
    assert "HX-Request" in whole.headers["Vary"]


def test_a_person_shows_every_posting_the_latest_first(office: Client, city: City) -> None:
    somebody = city.people["P1"]
    set_posting(somebody, city.units["D02"], date(2009, 5, 1), None, date(2009, 5, 1))
    set_posting(somebody, city.units["D01"], None, None, date(2010, 5, 1))

    page = office.get(f"{PEOPLE}{somebody.pk}/").content.decode()

    assert shown(office.get(f"{PEOPLE}{somebody.pk}/")) == ["市财政局", "市审计局", "市财政局"]
    assert re.findall(r"<td class=\"nowrap\">([^<]*)</td>", page) == [
        "2010-05-01",
        "至今",
        "2009-05-01",
        "2010-05-01",
        "—",
        "2009-05-01",
    ]


def test_long_names_and_markup_are_shown_as_they_are(office: Client, city: City) -> None:
    name = "市" + "甲乙丙丁" * 49 + "<b>"
    one = unit("D77", city.units["0001"], name=name, peer_group="department", office="处" * 200)
    who = person("P77", one, "<i>" + "名" * 190)

    pages = [
        office.get(address).content.decode()
        for address in (UNITS, f"{UNITS}{one.pk}/", f"{UNITS}{one.pk}/edit/", PEOPLE, f"{PEOPLE}{who.pk}/")
    ]

    assert ["<b>甲" in page or "乙丙丁<b>" in page for page in pages] == [False] * 5
    assert all(name.replace("<b>", "&lt;b&gt;") in page for page in pages)


@pytest.mark.parametrize("more", [1, 3, 80])
@pytest.mark.parametrize("query", ["", "q=a", "on=2010-06-30"])
def test_the_list_of_units_asks_as_often_for_many_as_for_one(office: Client, city: City, more: int, query: str) -> None:
    for n in range(more):
        one = unit(f"A{n:02d}", city.units["D01"], peer_group="department", successor=city.units["D02"])
        person(f"A{n:02d}", one)
        UnitName.objects.create(unit=one, name="旧名", until=date(2190, 1, 1))

    assert queries(office, f"{UNITS}?{query}") == 6


@pytest.mark.parametrize("more", [1, 3, 80])
@pytest.mark.parametrize("query", ["", "q=a", "show=all"])
def test_the_list_of_people_asks_as_often_for_many_as_for_one(
    office: Client, city: City, more: int, query: str
) -> None:
    for n in range(more):
        person(f"A{n:02d}", unit(f"A{n:02d}", city.units["D01"]))

    assert queries(office, f"{PEOPLE}?{query}") == 4


@pytest.mark.parametrize(("more", "asked"), [(1, 5), (3, 5), (80, 6)])
def test_the_page_of_a_unit_asks_as_often_for_many_as_for_one(
    office: Client, city: City, more: int, asked: int
) -> None:
    for n in range(more):
        person(f"A{n:02d}", city.units["D01"])
        UnitName.objects.create(unit=city.units["D01"], name="旧名", until=date(2009, 1, 1))
        unit(f"A{n:02d}", city.units["D01"], successor=city.units["D01"])

    # beyond one page of people they are counted
    assert queries(office, f"{UNITS}{city.units['D01'].pk}/") == asked


@pytest.mark.parametrize("more", [1, 3])
def test_the_page_of_a_person_asks_as_often_for_many_as_for_one(office: Client, city: City, more: int) -> None:
    for n in range(more):
        set_posting(city.people["P1"], city.units[f"D0{2 - n % 2}"], date(2010 + n, 1, 1), None, date(2010, 1, 1))
    assert Person.objects.count() == 5

    assert queries(office, f"{PEOPLE}{city.people['P1'].pk}/") == 5
