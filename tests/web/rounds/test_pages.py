"""The list and the page of a round: who sees them, what they say, and that their queries do not grow."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.rounds.wording import distance
from tests.web.city import City, account, unit
from tests.web.conftest import SignIn
from tests.web.rounds.hands import draft_of
from tests.web.training.loaded import round_at

READERS = ("office", "officer", "leader", "inspector", "reviewer", "academy", "civil_servant", "auditor")


def open_round(city: City, code: str = "0001", **values: object) -> Round:
    return round_at(city.units[code], User.objects.get(username="office"), **values)  # type: ignore[arg-type]


def asked(client: Client, address: str) -> int:
    """How many queries a page asks, but for what a session asks once."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", READERS)
def test_everybody_in_the_work_sees_an_open_round_of_the_authority_above(
    signed_in: SignIn, city: City, role: str
) -> None:
    a_round, client = open_round(city), signed_in(role)

    assert "2010年全年考核" in client.get("/rounds/").content.decode()
    assert "市审计局" in client.get(f"/rounds/{a_round.pk}/").content.decode()


@pytest.mark.parametrize("role", READERS[1:])
def test_a_draft_is_seen_by_its_office_alone(signed_in: SignIn, city: City, role: str) -> None:
    draft = draft_of(city.units["0001"])

    assert signed_in("office").get(f"/rounds/{draft.pk}/").status_code == 200
    assert signed_in(role).get(f"/rounds/{draft.pk}/").status_code == 404
    assert "2010年全年考核" not in signed_in(role).get("/rounds/").content.decode()


def test_rounds_of_others_are_not_there(signed_in: SignIn, city: City) -> None:
    account("county", Role.OFFICE, city.units["X01"])
    foreign, draft_above = open_round(city, "9001"), draft_of(city.units["0001"])

    for pk in (foreign.pk, draft_above.pk):
        assert signed_in("county").get(f"/rounds/{pk}/").status_code == 404
    assert signed_in("office").get(f"/rounds/{foreign.pk}/").status_code == 404


def test_who_may_nothing_is_offered_nothing(signed_in: SignIn, city: City) -> None:
    a_round = open_round(city)

    page = signed_in("civil_servant").get(f"/rounds/{a_round.pk}/").content.decode()

    for name in ("close", "export", "change"):
        assert f"/rounds/{a_round.pk}/{name}/" not in page


def test_the_page_names_the_standard_by_its_digest_and_the_units_by_group(signed_in: SignIn, city: City) -> None:
    a_round = open_round(city)

    page = signed_in("officer").get(f"/rounds/{a_round.pk}/").content.decode()

    assert a_round.standard.digest in page
    assert f"/standards/{a_round.standard_id}/" in page
    assert page.index("县区 1") < page.index("本溪县</") < page.index("部门 2") < page.index("市审计局")


def test_a_unit_leads_to_where_it_stands_for_whom_that_is_open(signed_in: SignIn, city: City) -> None:
    a_round, own, other = open_round(city), city.units["D01"].pk, city.units["D02"].pk

    office = signed_in("office").get(f"/rounds/{a_round.pk}/").content.decode()
    officer = signed_in("officer").get(f"/rounds/{a_round.pk}/").content.decode()
    reader = signed_in("inspector").get(f"/rounds/{a_round.pk}/").content.decode()

    assert all(f"/rounds/{a_round.pk}/units/{pk}/" in office for pk in (own, other))
    assert f"/rounds/{a_round.pk}/city/" in office
    assert f"/rounds/{a_round.pk}/units/{own}/" in officer
    assert f"units/{other}/" not in officer
    assert f"/rounds/{a_round.pk}/city/" not in officer
    assert f"/organisation/units/{own}/" in reader
    assert f"/rounds/{a_round.pk}/units/" not in reader


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [(12, "还有 12 天", "12 days left"), (1, "还有 1 天", "1 day left"), (0, "就是今天", "today"), (-3, "已过 3 天", "3 days ago")],
)  # fmt: skip
def test_the_due_day_stands_with_its_distance(signed_in: SignIn, city: City, days: int, zh: str, en: str) -> None:
    a_round, today = open_round(city), timezone.localdate()
    Round.objects.filter(pk=a_round.pk).update(due=today + timedelta(days))
    client = signed_in("office")

    assert distance(date(2010, 1, 1) + timedelta(days), date(2010, 1, 1)) == zh
    assert zh in client.get("/rounds/").content.decode()
    client.cookies["kaohe-language"] = "en"
    assert en in client.get(f"/rounds/{a_round.pk}/").content.decode()


def test_queries_do_not_grow_with_the_rounds(signed_in: SignIn, city: City) -> None:
    client = signed_in("office")
    for year in (2008, 2009):
        open_round(city, year=year)
    few = asked(client, "/rounds/")

    for year in range(2011, 2017):
        open_round(city, year=year)

    assert asked(client, "/rounds/") == few


@pytest.mark.parametrize("page", ["", "change/", "open/"])
def test_queries_do_not_grow_with_the_units(signed_in: SignIn, city: City, page: str) -> None:
    client, draft = signed_in("office"), draft_of(city.units["0001"])
    few = asked(client, f"/rounds/{draft.pk}/{page}")

    for number in range(20):
        one = unit(f"N{number:02}", city.units["0001"], official_order=50)
        RoundUnit.objects.create(round=draft, unit=one, code=one.code, name=one.name, peer_group=one.peer_group)

    assert asked(client, f"/rounds/{draft.pk}/{page}") == few


@pytest.mark.parametrize("address", ["/rounds/?page=99999999999999999999", "/rounds/?page=x", "/rounds/?page=%00"])
def test_a_page_out_of_range_is_the_nearest(signed_in: SignIn, city: City, address: str) -> None:
    open_round(city)

    assert "2010年全年考核" in signed_in("office").get(address).content.decode()


def test_a_round_that_cannot_be_is_not_there(signed_in: SignIn, city: City) -> None:
    for pk in ("0", "9" * 18, "9" * 40):
        assert signed_in("office").get(f"/rounds/{pk}/").status_code == 404
        assert signed_in("office").get(f"/rounds/{pk}/change/").status_code == 404


def test_pages_speak_english_too(signed_in: SignIn, city: City) -> None:
    a_round, client = open_round(city), signed_in("office")
    client.cookies["kaohe-language"] = "en"

    for page in ("", f"{a_round.pk}/", "new/", f"{a_round.pk}/close/"):
        text = client.get(f"/rounds/{page}").content.decode()
        assert "round" in text.lower()
        assert "考核轮次" not in text
