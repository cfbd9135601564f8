"""Every page of accounts is there for whom it is, and answers 404 to everybody else."""

import pytest
from django.test import Client
from django.urls import reverse

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from tests.web.city import City
from tests.web.conftest import SignIn

OWN = ("account", "password", "second-factor", "sessions")
PUBLIC = ("sign-in", "forgot")


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_way_in_is_open_to_strangers(client: Client, db: None, name: str, language: str) -> None:
    client.cookies["kaohe-language"] = language

    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", [*OWN, "recovery-codes", "accounts", "new-account"])
def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(client: Client, db: None, name: str) -> None:
    answer = client.get(reverse(name))

    assert answer.headers["Location"].startswith("/sign-in/?next=/account")


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_the_pages_of_the_own_account(signed_in: SignIn, role: Role, name: str) -> None:
    assert signed_in(role.value).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_only_the_security_administrator_and_the_auditor_see_accounts(signed_in: SignIn, role: Role) -> None:
    client, pk = signed_in(role.value), User.objects.get(username="officer").pk
    expected = 200 if role in (Role.SECURITY, Role.AUDITOR) else 404

    answers = [client.get(url).status_code for url in ("/accounts/", f"/accounts/{pk}/", "/accounts/999999/")]

    assert answers == [expected, expected, 404]


CHANGES = ("edit/", "close/", "reopen/", "second-factor/", "link/", "memberships/", "memberships/1/end/")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY])
def test_nobody_else_changes_an_account(signed_in: SignIn, role: Role) -> None:
    client, user = signed_in(role.value), User.objects.get(username="officer")
    held = user.memberships.get().pk
    changes = [change.replace("/1/", f"/{held}/") for change in CHANGES]

    answers = {client.post(f"/accounts/{user.pk}/{change}", {"until": "2020-01-01"}).status_code for change in changes}
    others = {client.get("/accounts/new/").status_code, client.get("/accounts/units/").status_code}

    user.refresh_from_db()
    assert (answers, others) == ({404}, {404})
    assert (user.is_active, user.links.count(), user.memberships.get().until) == (True, 0, None)


def test_the_auditor_sees_no_button(signed_in: SignIn) -> None:
    pk = User.objects.get(username="officer").pk

    pages = "".join(signed_in("auditor").get(url).content.decode() for url in ("/accounts/", f"/accounts/{pk}/"))

    assert "开设账号" not in pages
    assert f"/accounts/{pk}/close/" not in pages


@pytest.mark.parametrize("change", CHANGES)
def test_looking_never_changes(signed_in: SignIn, change: str) -> None:
    pk = User.objects.get(username="officer").pk

    assert signed_in("security").get(f"/accounts/{pk}/{change}").status_code == 405


@pytest.mark.parametrize(("url", "queries"), [("/accounts/", 8), ("/accounts/?role=officer&q=先生&state=active", 8)])
@pytest.mark.parametrize("more", [0, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(
    signed_in: SignIn, city: City, django_assert_num_queries: object, url: str, queries: int, more: int
) -> None:
    from tests.web.city import account

    for number in range(more):
        account(f"x{number}", Role.OFFICER, city.units["D02"])
    client = signed_in("security")
    client.get(url)

    with django_assert_num_queries(queries):  # type: ignore[operator]
        client.get(url)
