"""Language, light and type size: for the account and for the browser, before and after sign-in."""

import pytest
from django.test import Client

from kaohe.web.accounts.models import User
from tests.web.conftest import SignIn


def test_a_stranger_reads_the_sign_in_page_in_english(client: Client, db: None) -> None:
    answer = client.post("/display/", {"language": "en", "next": "/sign-in/"})

    assert answer.headers["Location"] == "/sign-in/"
    assert '<html lang="en"' in client.get("/sign-in/").content.decode()


def test_the_choice_is_kept_on_the_account(signed_in: SignIn) -> None:
    client = signed_in("office")

    client.post("/display/", {"theme": "dark"})
    client.post("/display/", {"type_size": "large"})

    user = User.objects.get(username="office")
    assert (user.theme, user.type_size, user.language) == ("dark", "large", "")
    assert '<html lang="zh-CN" data-theme="dark" data-type="large">' in client.get("/").content.decode()


def test_the_choice_can_be_taken_back(signed_in: SignIn) -> None:
    client = signed_in("office")
    client.post("/display/", {"theme": "dark"})

    client.post("/display/", {"theme": ""})

    assert User.objects.get(username="office").theme == ""
    assert "data-theme" not in client.get("/").content.decode()


def test_cookies_are_closed_to_scripts_and_other_sites(client: Client, db: None) -> None:
    cookie = client.post("/display/", {"language": "en"}).cookies["kaohe-language"]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 31_536_000)


@pytest.mark.parametrize("value", ["fr", "zh;drop", "", "中" * 5000])
def test_an_unknown_language_changes_nothing(signed_in: SignIn, value: str) -> None:
    answer = signed_in("office").post("/display/", {"language": value})

    assert "kaohe-language" not in answer.cookies
    assert User.objects.get(username="office").language == ""


@pytest.mark.parametrize(
    "there", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "x", ""]
)
def test_nobody_is_led_away(client: Client, db: None, there: str) -> None:
    assert client.post("/display/", {"language": "en", "next": there}).headers["Location"] == "/"


def test_a_page_keeps_its_filters(client: Client, db: None) -> None:
    answer = client.post("/display/", {"language": "en", "next": "/organisation/units/?q=局&page=2"})

    assert answer.headers["Location"] == "/organisation/units/?q=%E5%B1%80&page=2"


def test_looking_changes_nothing(client: Client, db: None) -> None:
    assert client.get("/display/").status_code == 405


def test_a_forged_cookie_is_passed_over(client: Client, db: None) -> None:
    client.cookies["kaohe-theme"] = '"><script>'

    assert "data-theme" not in client.get("/sign-in/").content.decode()
