"""Who may import where: what is foreign is answered like what is not there; pages ask a constant number of queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.intake.models import Import
from kaohe.web.organisation.models import Person, Unit
from tests.web.city import City, account
from tests.web.conftest import SignIn
from tests.web.intake.sending import confirmed, people, post, sent, units

OTHERS = [Role.INSPECTOR, Role.REVIEWER, Role.CIVIL_SERVANT, Role.SYSTEM, Role.SECURITY]
READING = ("import", "import-progress")
DOING = ("import-confirm", "import-take-back")
POSTED = ("import-confirm", "import-drop", "import-read-again", "import-take-back")


@pytest.fixture
def county_office(city: City) -> str:
    """The training office of the county X01."""
    return account("county", Role.OFFICE, city.units["X01"]).username


def test_a_county_imports_for_itself_alone(signed_in: SignIn, county_office: str) -> None:
    client = signed_in(county_office)

    page = client.get(reverse("import-new")).content.decode()
    foreign = post(client, units("D01,甲,department"), at="0001")
    found = confirmed(client, people("P4,赵六六,X01-1"), "people", at="X01")

    assert "本溪县 X01" in page
    assert "0001" not in page
    assert foreign.status_code == 422
    assert found.authority.code == "X01"
    assert Person.objects.get(code="P4").name == "赵六六"


def test_a_unit_that_is_no_authority_takes_no_file(signed_in: SignIn) -> None:
    assert post(signed_in("office"), units("D01,甲,department"), at="D01").status_code == 422


def test_codes_of_a_county_are_its_own(signed_in: SignIn, county_office: str) -> None:
    found = sent(signed_in(county_office), units("D01,县财政局,department"), at="X01")

    assert found.counts == {"new": 1, "changed": 0, "unchanged": 0, "absent": 2}


def test_the_office_above_reaches_the_county_but_not_the_other_way(signed_in: SignIn, county_office: str) -> None:
    office, county = signed_in("office"), signed_in(county_office)
    above = sent(office, units("D09,甲,department"))
    below = sent(county, units("X01-9,甲,department"), at="X01")

    for name in READING:
        assert county.get(reverse(name, args=[above.pk])).status_code == 404
        assert office.get(reverse(name, args=[below.pk])).status_code == 200
    for name in DOING:
        assert county.get(reverse(name, args=[above.pk])).status_code == 404
    for name in POSTED:
        assert county.post(reverse(name, args=[above.pk])).status_code == 404
        assert county.post(reverse(name, args=[10**9])).status_code == 404
    assert above.file_name not in county.get(reverse("imports")).content.decode().replace(below.file_name, "")
    assert Import.objects.get(pk=above.pk).state == "ready"


def test_the_auditor_looks_and_does_nothing(signed_in: SignIn) -> None:
    found, auditor = sent(signed_in("office"), units("D09,甲,department")), signed_in("auditor")

    page = auditor.get(reverse("import", args=[found.pk]))

    assert page.status_code == 200
    assert "确认导入" not in page.content.decode()
    assert auditor.get(reverse("imports")).status_code == 200
    assert auditor.get(reverse("import-new")).status_code == 404
    assert [auditor.post(reverse(name, args=[found.pk])).status_code for name in POSTED] == [404] * 4


@pytest.mark.parametrize("role", OTHERS)
def test_for_everybody_else_there_are_no_imports(signed_in: SignIn, role: str) -> None:
    found, client = sent(signed_in("office"), units("D09,甲,department")), signed_in(role)

    addresses = [
        reverse("imports"),
        reverse("import-new"),
        reverse("import-template", args=["units"]),
        reverse("import", args=[found.pk]),
    ]

    assert [client.get(address).status_code for address in addresses] == [404] * 4


def test_strangers_are_asked_to_sign_in(signed_in: SignIn) -> None:
    from django.test import Client

    found = sent(signed_in("office"), units("D09,甲,department"))

    for address in (reverse("imports"), reverse("import-new"), reverse("import", args=[found.pk])):
        assert Client().get(address).headers["Location"].startswith("/sign-in/")


def test_a_form_without_its_token_of_the_session_is_refused(signed_in: SignIn) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="office"))

    assert client.post(reverse("import-new"), {"token": "0" * 32}).status_code == 403


def test_get_writes_nothing(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = sent(client, units("D09,甲,department"))

    for name in (*READING, "import-confirm", "import-take-back"):
        client.get(reverse(name, args=[found.pk]))
    for name in ("import-drop", "import-read-again"):
        assert client.get(reverse(name, args=[found.pk])).status_code == 405

    assert Import.objects.get(pk=found.pk).state == "ready"


def queries(ask: Callable[[], object]) -> int:
    """Count the queries of a page, but for those of the session and the frame around it."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_pages_ask_the_same_number_of_queries_however_many_rows(signed_in: SignIn) -> None:
    client = signed_in("office")
    few = sent(client, units("N1,甲,department"))
    counted = [
        queries(lambda: client.get(reverse("imports"))),
        queries(lambda: client.get(reverse("import", args=[few.pk]))),
    ]
    many = sent(client, units(*(f"N{n},甲{n},department" for n in range(3))))
    sent(client, units("N9,甲,乡镇"))

    assert [
        queries(lambda: client.get(reverse("imports"))),
        queries(lambda: client.get(reverse("import", args=[many.pk]))),
    ] == counted
    assert counted == [5, 8]


def test_a_list_is_a_page_of_sixty(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = sent(client, units(*(f"N{n:03},甲{n},department" for n in range(130))))
    page = client.get(reverse("import", args=[found.pk]), {"kind": "new", "page": 3}).content.decode()

    assert page.count('<th scope="row">N') == 10
    assert "第 121 至 130 条，共 130 条" in page
    assert Unit.objects.count() == 8
