"""A confirmed import goes back exactly, or not at all: then the rows that rest on it are named."""

import pytest
from django.urls import reverse

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.intake.models import Import
from kaohe.web.organisation.models import Person, Unit
from tests.web.city import account, person, unit
from tests.web.conftest import SignIn
from tests.web.intake.sending import confirmed, csv, dump, people, units

WIDE = "单位代码,单位名称,类别,上级代码,并入单位代码,停用日期,电话,官方顺序"
FILES: dict[str, tuple[str, bytes, dict[str, str]]] = {
    "new, renamed and moved units": (
        "units", csv(WIDE, "D01,市财政一局,county,D04,,,024-1,9", "D04,市民政局,department,,,,,", "D02,市审计局,department,D01,D04,2010-06-30,,"), {},
    ),
    "a county that moves": ("units", csv(WIDE, "X01,本溪县,county,D02,,,,"), {}),
    "the authority itself": ("units", csv("单位代码,单位名称,类别,是否主管机关,电话", "0001,市训办,,是,024-2"), {}),
    "a complete file of units": ("units", units("D01,市财政局,department"), {"complete": "on"}),
    "new, renamed and moved people": ("people", people("P1,张三三,D02", "P2,李四,X01", "P7,吴十,D01"), {}),
    "a move at a day": ("people", csv("人员编号,姓名,单位代码,到岗日期,离岗日期,职务", "P1,张三,D02,2010-07-12,,科长"), {}),
    "a departure": ("people", csv("人员编号,姓名,单位代码,离岗日期", "P1,张三,D01,2010-07-12"), {}),
    "a complete file of people": ("people", people("P1,张三,D01"), {"complete": "on"}),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_everything_is_as_it_was(signed_in: SignIn, case: str) -> None:
    table, content, values = FILES[case]
    client, before = signed_in("office"), dump()
    found = confirmed(client, content, table, **values)
    during = dump()

    asked = client.get(reverse("import-take-back", args=[found.pk]))
    client.post(reverse("import-take-back", args=[found.pk]))

    assert during != before
    assert "恢复为导入前的内容" in asked.content.decode()
    assert dump() == before
    found.refresh_from_db()
    assert found.state == "taken_back"


def refusal(client: object, found: Import) -> str:
    """Ask for an import back, expect a refusal that changes nothing, and return its page."""
    before = dump()
    answer = client.post(reverse("import-take-back", args=[found.pk]))  # type: ignore[attr-defined]
    assert answer.status_code == 409
    assert dump() == before
    assert Import.objects.get(pk=found.pk).state == "confirmed"
    return str(answer.content.decode())


def test_a_later_import_is_named_by_its_rows_and_goes_first(signed_in: SignIn) -> None:
    client, before = signed_in("office"), dump()
    first = confirmed(client, units("D01,市财政一局,department", "D02,市审计一局,department"))
    second = confirmed(client, units("D01,市财政二局,department"))

    page = refusal(client, first)
    for found in (second, first):
        client.post(reverse("import-take-back", args=[found.pk]))

    assert '<th scope="row">D01</th>' in page
    assert "名称 市财政一局 → 市财政二局" in page
    assert '<th scope="row">D02</th>' not in page
    assert dump() == before


def test_an_edit_since_is_named(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = confirmed(client, people("P1,张三三,D01"), "people")
    Person.objects.filter(code="P1").update(post="科长")

    assert "职务 — → 科长" in refusal(client, found)


def test_new_units_with_people_units_or_accounts_are_named(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = confirmed(
        client,
        units("D04,民政局,department", "D05,交通局,department", "D06,水利局,department", "D07,林业局,department"),
    )
    made = {code: Unit.objects.get(code=code) for code in ("D04", "D05", "D06")}
    person("P8", made["D04"])
    unit("D05-1", made["D05"])
    account("newcomer", Role.OFFICER, made["D06"])

    page = refusal(client, found)

    assert "已有 1 条人员记在它名下" in page
    assert "已有 1 条下级或并入的单位记在它名下" in page
    assert "已有 1 个账号" in page
    assert '<th scope="row">D07</th>' not in page


def test_a_new_person_with_an_account_is_named(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = confirmed(client, people("P8,孙八,D01"), "people")
    User.objects.filter(username="officer").update(person=Person.objects.get(code="P8"))

    assert "已有 1 个账号" in refusal(client, found)


def test_people_who_moved_to_a_new_unit_keep_it_until_they_move_back(signed_in: SignIn) -> None:
    client, before = signed_in("office"), dump()
    first = confirmed(client, units("D04,市民政局,department"))
    second = confirmed(client, people("P1,张三,D04"), "people")

    assert '<th scope="row">D04</th>' in refusal(client, first)
    for found in (second, first):
        client.post(reverse("import-take-back", args=[found.pk]))
    assert dump() == before


def test_taking_back_twice_is_once(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = confirmed(client, units("D04,市民政局,department"))

    client.post(reverse("import-take-back", args=[found.pk]))
    confirmed(client, units("D04,市民政局,department"))
    again = client.post(reverse("import-take-back", args=[found.pk]))

    assert again.status_code == 302
    assert Unit.objects.filter(code="D04").exists()
