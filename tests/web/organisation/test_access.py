"""Who reaches which page of which unit and person: one table; what is out of reach looks like what is not there."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.organisation.models import Person, Unit
from tests.web.city import City, account
from tests.web.conftest import SignIn

CITY = {"0001", "X01", "X01-1", "X01-2", "D01", "D02"}
EVERYWHERE = CITY | {"9001", "D91"}
TABLE: dict[str, tuple[set[str], set[str], set[str]]] = {
    "office": (CITY, CITY, {"P1", "P2", "P3", "P4"}),
    "officer": ({"D01"}, set(), {"P1", "P2"}),
    "leader": ({"D01"}, set(), {"P1", "P2"}),
    "inspector": (CITY, set(), set()),
    "reviewer": (CITY, set(), set()),
    "academy": (CITY, set(), set()),
    "civil_servant": ({"D01"}, set(), {"P1"}),
    "auditor": (EVERYWHERE, set(), {"P1", "P2", "P3", "P4", "P9"}),
    "system": (set(), set(), set()),
    "security": (EVERYWHERE, set(), set()),
    "county": ({"X01", "X01-1", "X01-2"}, {"X01", "X01-1", "X01-2"}, {"P4"}),
    "county_officer": ({"X01", "X01-1", "X01-2"}, set(), {"P4"}),
}
"""Account → units seen, units edited, people seen. The county's office stands at X01: own X01, parent 0001, children X01-1
and X01-2, siblings D01 and D02, foreign 9001 and D91."""


@pytest.fixture
def visitor(signed_in: SignIn, city: City) -> SignIn:
    account("county", Role.OFFICE, city.units["X01"])
    account("county_officer", Role.OFFICER, city.units["X01"])
    return signed_in


def status(client: Client, address: str) -> int:
    return client.get(address).status_code


def units_with(client: Client, page: str) -> set[str]:
    """The units whose page answers 200."""
    return {one.code for one in Unit.objects.all() if status(client, page.format(one.pk)) == 200}


@pytest.mark.parametrize("username", TABLE)
def test_units_are_shown_to_whom_the_table_says(visitor: SignIn, username: str) -> None:
    assert units_with(visitor(username), "/organisation/units/{}/") == TABLE[username][0]


@pytest.mark.parametrize("username", TABLE)
def test_units_are_edited_by_whom_the_table_says(visitor: SignIn, username: str) -> None:
    assert units_with(visitor(username), "/organisation/units/{}/edit/") == TABLE[username][1]


@pytest.mark.parametrize("username", TABLE)
def test_units_are_changed_by_nobody_else(visitor: SignIn, username: str) -> None:
    client = visitor(username)

    changed = {
        one.code
        for one in Unit.objects.order_by("pk")
        if client.post(f"/organisation/units/{one.pk}/edit/", {"version": one.version}).status_code == 302
    }

    assert changed == TABLE[username][1]


@pytest.mark.parametrize("username", TABLE)
def test_people_are_shown_to_whom_the_table_says(visitor: SignIn, username: str) -> None:
    client = visitor(username)

    shown = {one.code for one in Person.objects.all() if status(client, f"/organisation/people/{one.pk}/") == 200}

    assert shown == TABLE[username][2]


@pytest.mark.parametrize("username", TABLE)
def test_the_lists_hold_what_the_table_says(visitor: SignIn, username: str) -> None:
    client, (units, _, people) = visitor(username), TABLE[username]

    in_units, in_people = client.get("/organisation/units/"), client.get("/organisation/people/")

    assert in_units.status_code == (200 if units else 404)
    assert in_people.status_code == (200 if people else 404)
    assert linked(in_units, "units") == set(Unit.objects.filter(code__in=units).values_list("pk", flat=True))
    assert linked(in_people, "people") == set(Person.objects.filter(code__in=people).values_list("pk", flat=True))


@pytest.mark.parametrize("username", TABLE)
def test_a_search_finds_nothing_beyond_the_table(visitor: SignIn, username: str) -> None:
    client, (units, _, people) = visitor(username), TABLE[username]

    in_units = client.get("/organisation/units/", {"q": "清河"})
    in_people = client.get("/organisation/people/", {"q": "钱七"})

    assert len(linked(in_units, "units")) == (2 if "D91" in units else 0)
    assert len(linked(in_people, "people")) == (1 if "P9" in people else 0)


def linked(answer: HttpResponse, kind: str) -> set[int]:
    """The objects to which a page links."""
    return {int(pk) for pk in re.findall(rf'href="/organisation/{kind}/(\d+)/"', answer.content.decode())}


def plain(answer: HttpResponse) -> str:
    """A page without what differs from one request to the next."""
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    text = re.sub(r"<time.*?</time>", "", text)
    return re.sub(r"/organisation/\w+/\d+/(edit/)?", "", text)


@pytest.mark.parametrize(
    "address", ["/organisation/units/{}/", "/organisation/units/{}/edit/", "/organisation/people/{}/"]
)
@pytest.mark.parametrize("username", ["office", "officer", "civil_servant", "system"])
def test_what_is_foreign_looks_like_what_is_not_there(visitor: SignIn, city: City, username: str, address: str) -> None:
    client = visitor(username)
    foreign = city.people["P9"].pk if "people" in address else city.units["D91"].pk

    answers = [client.get(address.format(pk)) for pk in (foreign, 999_999, 2**70)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert plain(answers[0]) == plain(answers[1]) == plain(answers[2])


def test_strangers_are_asked_to_sign_in(client: Client, city: City) -> None:
    pk, who = city.units["D01"].pk, city.people["P1"].pk
    pages = ["units/", f"units/{pk}/", f"units/{pk}/edit/", "people/", f"people/{who}/"]

    answers = [client.get(f"/organisation/{page}") for page in pages]

    assert [answer.headers["Location"].startswith("/sign-in/") for answer in answers] == [True] * 5


def test_the_button_to_edit_is_there_for_who_may_edit(visitor: SignIn, city: City) -> None:
    address = f"/organisation/units/{city.units['D01'].pk}/"

    shown = {name for name in TABLE if "edit/" in visitor(name).get(address).content.decode()}

    assert shown == {"office"}


def test_an_account_is_shown_to_its_own_person_alone(visitor: SignIn, city: City) -> None:
    User.objects.filter(username="civil_servant").update(username="own-account")
    address = f"/organisation/people/{city.people['P1'].pk}/"

    shown = {
        name
        for name in ("office", "officer", "own-account", "auditor")
        if "own-account</a>" in visitor(name).get(address).content.decode()
    }

    assert shown == {"own-account"}


def test_the_path_to_a_unit_begins_at_what_may_be_seen(visitor: SignIn, city: City) -> None:
    address = f"/organisation/units/{city.units['X01-1'].pk}/"

    pages = {name: visitor(name).get(address).content.decode() for name in ("office", "county")}

    assert ("市公训办</a>" in pages["office"], "本溪县</a>" in pages["office"]) == (True, True)
    assert ("市公训办</a>" in pages["county"], "本溪县</a>" in pages["county"]) == (False, True)


def test_a_successor_out_of_reach_is_not_named(visitor: SignIn, city: City) -> None:
    Unit.objects.filter(code="D01").update(successor=city.units["D02"], valid_to="2010-01-01")

    page = visitor("officer").get(f"/organisation/units/{city.units['D01'].pk}/").content.decode()
    in_list = visitor("officer").get("/organisation/units/?show=ended").content.decode()

    assert "市财政局" in page
    assert "市审计局" not in page + in_list


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_lists_and_pages_are_only_read(visitor: SignIn, city: City, method: str) -> None:
    pk, who = city.units["D01"].pk, city.people["P1"].pk
    client = visitor("office")

    answers = [
        getattr(client, method)(f"/organisation/{page}")
        for page in ("units/", f"units/{pk}/", "people/", f"people/{who}/")
    ]

    assert [answer.status_code for answer in answers] == [405] * 4
