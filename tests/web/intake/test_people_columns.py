"""Addresses and telephone numbers of people come in, stay where a file lacks them, and go back exactly."""

import pytest
from django.urls import reverse

from kaohe.web.organisation.models import Person
from tests.web.conftest import SignIn
from tests.web.intake.sending import confirmed, csv, dump, people, sent

WIDE = "人员编号,姓名,单位代码,邮箱,电话"


def reached(code: str) -> tuple[str, str]:
    return Person.objects.values_list("email", "phone").get(code=code)


def test_they_come_in_and_go_back(signed_in: SignIn) -> None:
    client, before = signed_in("office"), dump()

    found = confirmed(client, csv(WIDE, "P1,张三,D01,zhang@example.cn,024-1", "P7,吴十,D02,,139 0414 0000"), "people")
    during = reached("P1"), reached("P7")
    client.post(reverse("import-take-back", args=[found.pk]))

    assert during == (("zhang@example.cn", "024-1"), ("", "139 0414 0000"))
    assert dump() == before


def test_a_file_without_them_leaves_them_and_an_empty_cell_empties(signed_in: SignIn) -> None:
    client = signed_in("office")
    Person.objects.filter(code="P1").update(email="zhang@example.cn", phone="024-1")

    confirmed(client, people("P1,张三三,D01"), "people")
    kept = reached("P1")
    confirmed(client, csv("人员编号,姓名,单位代码,邮箱", "P1,张三三,D01,"), "people")

    assert kept == ("zhang@example.cn", "024-1")
    assert reached("P1") == ("", "024-1")


def test_a_change_since_keeps_the_import(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = confirmed(client, csv(WIDE, "P1,张三,D01,zhang@example.cn,024-1"), "people")
    Person.objects.filter(code="P1").update(phone="024-2")

    answer = client.post(reverse("import-take-back", args=[found.pk]))

    assert answer.status_code == 409
    assert "电话 024-1 → 024-2" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["zhang", "a@b@c", "a b@example.cn", "a@b.cn;c@d.cn", "@example.cn", "a@b.cn\nBcc: x"]
)
def test_what_is_no_address_is_told_at_its_cell(signed_in: SignIn, address: str) -> None:
    client = signed_in("office")

    found = sent(client, csv(WIDE, f'P1,张三,D01,"{address}",'), "people")

    assert [(fault["row"], fault["column"], fault["code"]) for fault in found.faults] == [(2, "邮箱", "email_wrong")]
    assert "不是邮箱地址" in client.get(reverse("import", args=[found.pk])).content.decode()


def test_what_is_too_long_is_told(signed_in: SignIn) -> None:
    found = sent(signed_in("office"), csv(WIDE, f"P1,张三,D01,{'a' * 250}@example.cn,{'1' * 101}"), "people")

    assert {(fault["column"], fault["code"]) for fault in found.faults} == {
        ("邮箱", "text_too_long"),
        ("电话", "text_too_long"),
    }
