"""The second factor: real codes, each accepted once; recovery codes; obligatory where the role says so."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import SECOND_FACTOR, Role
from kaohe.web.accounts.second_factor import opened, recovery_codes, sealed
from kaohe.web.journal.models import SecurityEvent
from tests.web.accounts.hands import code, sign_in, signed_in_by_hand, with_password
from tests.web.city import SECRET, City

SET_UP = "/account/second-factor/"


@pytest.fixture
def at_the_code(city: City, client: Client) -> Client:
    """The training office, past its password."""
    with_password("office")
    assert sign_in(client, "office").headers["Location"] == "/sign-in/second-factor/"
    return client


def test_nobody_is_in_before_the_code(at_the_code: Client) -> None:
    assert at_the_code.get("/account/").status_code == 302
    assert at_the_code.get("/sign-in/second-factor/").status_code == 200


@pytest.mark.parametrize("later", [-1, 0, 1])
def test_a_code_of_the_moment_opens(at_the_code: Client, later: int) -> None:
    answer = at_the_code.post("/sign-in/second-factor/", {"code": code(later=later)})

    assert answer.headers["Location"] == "/"
    assert at_the_code.get("/account/").status_code == 200


@pytest.mark.parametrize("typed", ["", "000000", "abc", "1" * 500, "１２３４５６", "old"])
def test_a_wrong_code_does_not(at_the_code: Client, typed: str) -> None:
    answer = at_the_code.post("/sign-in/second-factor/", {"code": code(later=-9) if typed == "old" else typed})

    assert answer.status_code == 200
    assert at_the_code.get("/account/").status_code == 302


def test_a_code_is_accepted_once(at_the_code: Client) -> None:
    used = code()
    at_the_code.post("/sign-in/second-factor/", {"code": used})
    other = Client()
    sign_in(other, "office")

    answer = other.post("/sign-in/second-factor/", {"code": used})

    assert answer.status_code == 200
    assert other.get("/account/").status_code == 302


def test_an_earlier_code_is_refused_after_a_later_one_even_without_the_cache(at_the_code: Client) -> None:
    from django.core.cache import cache

    at_the_code.post("/sign-in/second-factor/", {"code": code()})
    cache.clear()
    other = Client()
    sign_in(other, "office")

    answers = {other.post("/sign-in/second-factor/", {"code": code(later=by)}).status_code for by in (-1, 0)}

    assert answers == {200}


def test_guessing_codes_is_held_back(at_the_code: Client) -> None:
    for _ in range(6):
        at_the_code.post("/sign-in/second-factor/", {"code": "000000"})

    answer = at_the_code.post("/sign-in/second-factor/", {"code": code()})

    assert "尝试次数过多" in answer.content.decode()
    assert SecurityEvent.objects.filter(kind="second-factor:throttled", username="office").count() == 1


def test_somebody_else_can_sign_in_instead(at_the_code: Client) -> None:
    at_the_code.post("/sign-out/")

    assert at_the_code.get("/sign-in/").status_code == 200


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR))
def test_who_owes_a_second_factor_is_led_to_setting_it_up(city: City, role: str) -> None:
    Authenticator.objects.all().delete()
    client = signed_in_by_hand(role)

    pages = {url: client.get(url) for url in ("/", "/account/", "/account/password/", "/accounts/", "/journal/")}

    assert {page.headers.get("Location") for page in pages.values()} == {SET_UP}
    assert client.get(SET_UP).status_code == 200
    assert client.get("/help/", follow=True).status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("role", sorted(set(Role) - SECOND_FACTOR))
def test_the_others_may_do_without(city: City, role: str) -> None:
    assert signed_in_by_hand(role).get("/").status_code == 200


def test_in_the_demonstration_its_accounts_may_do_without(city: City, settings: object) -> None:
    from dataclasses import replace

    Authenticator.objects.all().delete()
    User.objects.update(demo=True)
    client = signed_in_by_hand("office")
    assert client.get("/").status_code == 200

    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=False)  # type: ignore[attr-defined]

    assert client.get("/").headers["Location"] == SET_UP


def _set_up(client: Client) -> str:
    page = client.get(SET_UP).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret
    assert '<svg viewBox="' in page
    assert "data:" not in page
    assert client.post(SET_UP, {"code": code(secret[1])}).headers["Location"] == "/account/recovery-codes/"
    return secret[1]


def test_setting_up_proves_the_code_and_shows_recovery_codes_until_they_are_kept(city: City) -> None:
    client = signed_in_by_hand("officer")

    _set_up(client)

    shown = re.findall(r"<code>(\d{4} \d{4})</code>", client.get("/account/recovery-codes/").content.decode())
    file = client.post("/account/recovery-codes/file/")
    client.post("/account/recovery-codes/", {"do": "kept"})
    assert len(shown) == 10
    assert all(word in file.content.decode() for word in shown)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert re.findall(r"\d{4} \d{4}", client.get("/account/recovery-codes/").content.decode()) == []
    assert client.post("/account/recovery-codes/file/").status_code == 404


def test_the_code_of_the_setting_up_does_not_open_a_session(city: City) -> None:
    client = signed_in_by_hand("officer")
    secret = _set_up(client)
    other = Client()
    sign_in(other, "officer")

    answer = other.post("/sign-in/second-factor/", {"code": code(secret)})

    assert answer.status_code == 200


def test_a_recovery_code_opens_once(city: City) -> None:
    _set_up(signed_in_by_hand("officer"))
    spent = recovery_codes(User.objects.get(username="officer"))[3]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "officer")

    answers = [client.post("/sign-in/second-factor/", {"code": spent}).status_code for client in (first, second)]

    assert answers == [302, 200]
    assert SecurityEvent.objects.filter(kind="recovery-code:used", username="officer").count() == 1


def test_new_recovery_codes_end_the_old_ones(city: City) -> None:
    client = signed_in_by_hand("officer")
    _set_up(client)
    user = User.objects.get(username="officer")
    old = recovery_codes(user)

    client.post("/account/recovery-codes/", {"do": "make"})

    assert set(old).isdisjoint(recovery_codes(user))


def test_it_is_removed_where_it_is_optional_only(city: City) -> None:
    officer, office = signed_in_by_hand("officer"), signed_in_by_hand("office")
    _set_up(officer)

    answers = [officer.post(SET_UP).status_code, office.post(SET_UP).status_code]

    assert answers == [302, 404]
    assert set(Authenticator.objects.values_list("user__username", flat=True)).isdisjoint({"officer"})
    assert Authenticator.objects.filter(user__username="office").exists()


def test_the_password_is_asked_again_once_the_sign_in_is_some_minutes_old(city: City) -> None:
    from tests.web.accounts.hands import PASSWORD, grow_old

    client = signed_in_by_hand("officer")
    grow_old(client, began=400)

    asked = client.get(SET_UP)
    refused = client.post("/account/confirm/", {"password": "no", "next": SET_UP})
    passed = client.post("/account/confirm/", {"password": PASSWORD, "next": SET_UP})

    assert asked.headers["Location"] == "/account/confirm/?next=%2Faccount%2Fsecond-factor%2F"
    assert (refused.status_code, passed.headers["Location"]) == (200, SET_UP)
    assert client.get(SET_UP).status_code == 200


def test_secrets_lie_encrypted_and_another_key_opens_nothing(city: City, settings: object) -> None:
    kept = sealed(SECRET)
    assert SECRET not in kept
    assert opened(kept) == SECRET

    settings.SECRET_KEY = "another" * 10  # type: ignore[attr-defined]

    assert opened(kept) not in (SECRET, "")
