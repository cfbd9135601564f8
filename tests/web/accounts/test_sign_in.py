"""Signing in by user name: equal answers, safe ways on, limits, and what is written down."""

from statistics import median
from time import perf_counter

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from kaohe.web.accounts.models import User
from kaohe.web.journal.models import SecurityEvent
from tests.depth import deep
from tests.web.accounts.hands import PASSWORD, sign_in, signed_in_by_hand, with_password
from tests.web.city import City


@pytest.fixture
def officer(city: City) -> User:
    """An account that signs in by password alone."""
    return with_password("officer")


@pytest.mark.parametrize("typed", ["officer", "OFFICER", " Officer "])
def test_a_user_name_is_known_in_any_case(officer: User, client: Client, typed: str) -> None:
    answer = sign_in(client, typed)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200


def test_it_works_by_bare_address(officer: User) -> None:
    client = Client(headers={"host": "127.0.0.1:8123"})

    sign_in(client, "officer")

    assert client.get("/account/").status_code == 200


def test_unknown_wrong_and_closed_are_answered_alike(officer: User, client: Client) -> None:
    User.objects.filter(username="leader").update(is_active=False)
    with_password("leader")
    User.objects.filter(username="leader").update(is_active=False)
    tries = [("nobody", PASSWORD), ("officer", "wrong"), ("leader", PASSWORD), ("academy", PASSWORD)]

    pages = [sign_in(client, name, word) for name, word in tries]

    bodies = {
        page.content.decode().replace(name, "X").split("<main")[1].split("csrfmiddlewaretoken")[0]
        for page, (name, _) in zip(pages, tries, strict=True)
    }
    assert {page.status_code for page in pages} == {200}
    assert len(bodies) == 1
    assert "用户名或密码不对" in bodies.pop()


def test_unknown_and_wrong_take_the_same_time(officer: User, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}  # type: ignore[attr-defined]
    times: dict[str, list[float]] = {"officer": [], "nobody": []}
    client = Client()
    for name in times:
        sign_in(client, name, "warm")

    for _ in range(7):
        for name, taken in times.items():
            began = perf_counter()
            sign_in(client, name, "wrong")
            taken.append(perf_counter() - began)

    ratio = median(times["nobody"]) / median(times["officer"])
    assert 0.5 < ratio < 2


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http://127.0.0.1/x",
        "javascript:alert(1)",
        "///x",
    ],
)
def test_the_way_on_never_leaves_the_system(officer: User, client: Client, target: str) -> None:
    assert sign_in(client, "officer", next=target).headers["Location"] == "/"


def test_one_comes_back_to_the_page_one_asked_for(officer: User, client: Client) -> None:
    asked = client.get("/account/sessions/").headers["Location"]

    answer = client.post(asked, {"login": "officer", "password": PASSWORD, "next": "/account/sessions/"})

    assert answer.headers["Location"] == "/account/sessions/"


def test_a_session_gets_a_new_key_at_sign_in(officer: User, client: Client) -> None:
    client.get("/sign-in/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key

    sign_in(client, "officer")

    assert client.session.session_key != before


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1@evil.example", "testserver.evil.example"])
def test_a_foreign_host_name_is_refused(officer: User, host: str) -> None:
    assert Client(headers={"host": host}).get("/sign-in/").status_code == 400


def test_an_account_is_held_back_after_five_failures_whatever_the_host_name(officer: User) -> None:
    for number in range(5):
        sign_in(Client(headers={"host": f"testserver:{number + 1}"}, REMOTE_ADDR=f"10.0.0.{number}"), "officer", "no")

    held = sign_in(Client(REMOTE_ADDR="10.0.0.99"), "officer")

    assert "尝试次数过多" in held.content.decode()


def test_another_account_still_signs_in_from_another_address(officer: User, city: City) -> None:
    with_password("leader")
    for _ in range(20):
        sign_in(Client(REMOTE_ADDR="10.0.0.1"), "officer", "no")

    assert sign_in(Client(REMOTE_ADDR="10.0.0.2"), "leader").headers["Location"] == "/"


def _flood(attempts: int) -> None:
    client = Client(REMOTE_ADDR="10.0.0.1")
    for number in range(attempts):
        sign_in(client, ("officer", "nobody", f"guess{number}")[number % 3], "no")


def test_a_flood_of_failures_is_written_down_in_few_rows(officer: User) -> None:
    _flood(150)

    rows = SecurityEvent.objects.all()
    counted = sum(int(row.detail.split()[0][6:]) for row in rows if row.detail.startswith("count="))
    failed = rows.filter(kind="sign-in:failed").count()
    assert rows.count() < 30
    assert counted + failed == 150


def test_ten_thousand_failures_are_written_down_in_few_rows(officer: User) -> None:
    _flood(deep(300, 10_000))

    assert SecurityEvent.objects.count() < 1_000
    with_password("leader")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.2"), "leader").headers["Location"] == "/"


def test_what_is_no_user_name_is_not_kept(officer: User, client: Client) -> None:
    sign_in(client, "my secret password", "x")

    event = SecurityEvent.objects.get()
    assert (event.username, event.user, event.detail) == ("", None, "reason=unknown")


@pytest.mark.parametrize(
    ("near", "forwarded", "expected"),
    [
        ("10.9.9.9", "1.2.3.4", "10.9.9.9"),
        ("10.0.0.5", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.5", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.5", "1.2.3.4, rubbish", "10.0.0.5"),
        ("10.0.0.5", "::ffff:1.2.3.4", "1.2.3.4"),
        ("10.0.0.5", "", "10.0.0.5"),
    ],
)
def test_a_forwarded_address_is_believed_of_a_declared_proxy_only(
    officer: User, settings: object, near: str, forwarded: str, expected: str
) -> None:
    from dataclasses import replace

    settings.CONFIGURATION = replace(settings.CONFIGURATION, proxies=("10.0.0.5",))  # type: ignore[attr-defined]

    sign_in(Client(REMOTE_ADDR=near, HTTP_X_FORWARDED_FOR=forwarded), "officer")

    assert SecurityEvent.objects.get(kind="sign-in").address == expected


def test_signing_out_ends_the_session(officer: User) -> None:
    client = signed_in_by_hand("officer")

    answer = client.post("/sign-out/")

    assert answer.headers["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302
    assert SecurityEvent.objects.filter(kind="sign-out").count() == 1
    assert Session.objects.count() <= 1


def test_looking_at_sign_out_does_nothing(officer: User) -> None:
    client = signed_in_by_hand("officer")

    assert client.get("/sign-out/").status_code == 405
    assert client.get("/account/").status_code == 200


def test_passwords_are_kept_as_argon2id_with_at_least_46_mib(officer: User) -> None:
    kind, settings_ = officer.password.split("$")[1:4:2][0], officer.password.split("$")[3]

    assert kind == "argon2id"
    assert int(dict(part.split("=") for part in settings_.split(","))["m"]) >= 46 * 1024


@pytest.mark.parametrize(
    "name", ["", "x" * 5000, "a\x00b", "' OR 1=1 --", "<script>alert(1)</script>", "\U0001f600" * 40]
)
def test_no_user_name_breaks_the_form(officer: User, client: Client, name: str) -> None:
    answer = sign_in(client, name, "x")

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_an_endless_password_is_refused_without_being_hashed(officer: User, client: Client) -> None:
    began = perf_counter()
    answer = sign_in(client, "officer", "x" * 1_000_000)

    assert answer.status_code == 200
    assert perf_counter() - began < 5
