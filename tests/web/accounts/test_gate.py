"""How long a session lasts, and that nothing typed is lost when it is over."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from kaohe.web.accounts.models import Membership, User
from kaohe.web.journal.models import SecurityEvent
from tests.web.accounts.hands import PASSWORD, grow_old, sign_in, signed_in_by_hand, with_password
from tests.web.city import City

HOUR = 3600


@pytest.fixture
def officer(city: City) -> Client:
    """A unit officer who has just signed in."""
    client = signed_in_by_hand("officer")
    client.get("/account/")
    return client


@pytest.mark.parametrize(("idle", "expected"), [(29 * 60, 200), (30 * 60 + 1, 302)])
def test_a_session_ends_after_thirty_minutes_without_use(officer: Client, idle: int, expected: int) -> None:
    grow_old(officer, seen=idle)

    assert officer.get("/account/").status_code == expected


@pytest.mark.parametrize(("age", "expected"), [(10 * HOUR - 60, 200), (10 * HOUR + 1, 302)])
def test_a_session_ends_after_ten_hours_of_use(officer: Client, age: int, expected: int) -> None:
    grow_old(officer, began=age)

    assert officer.get("/account/").status_code == expected


@pytest.mark.parametrize("mark", ["began", "seen"])
def test_a_session_of_a_clock_that_was_ahead_does_not_last_until_then(officer: Client, mark: str) -> None:
    grow_old(officer, **{mark: -1000 * HOUR})

    assert officer.get("/account/").status_code == 302


def test_the_end_is_explained_and_written_down(officer: Client) -> None:
    grow_old(officer, seen=HOUR)

    page = officer.get("/account/", follow=True).content.decode()

    assert "30 分钟没有操作，已自动退出。" in page
    event = SecurityEvent.objects.get(kind="session:expired")
    assert (event.username, event.detail) == ("officer", "reason=idle")


def test_use_is_noted_at_most_once_a_minute(officer: Client) -> None:
    grow_old(officer, seen=50)
    before = officer.session["seen"]
    officer.get("/account/")
    assert officer.session["seen"] == before

    grow_old(officer, seen=20)
    officer.get("/account/")

    assert officer.session["seen"] >= before + 50


def test_what_was_typed_comes_back_when_the_session_is_over(officer: Client) -> None:
    grow_old(officer, seen=HOUR)

    answer = officer.post("/accounts/new/", {"name": "辛苦写了半小时的字"}, headers={"origin": "http://testserver"})

    assert answer.status_code == 403
    assert "辛苦写了半小时的字" in answer.content.decode()


def test_a_closed_account_is_out_at_once(officer: Client) -> None:
    User.objects.filter(username="officer").update(is_active=False)

    assert officer.get("/account/").status_code == 302


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(officer: Client) -> None:
    other = Client()
    sign_in(other, "officer")
    new = "another long battery"

    answer = officer.post("/account/password/", {"old": PASSWORD, "password": new, "again": new})

    assert answer.headers["Location"] == "/account/"
    assert officer.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert sign_in(Client(), "officer", new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "another long battery", "another long battery", "现在的密码不对"),
        (PASSWORD, "short", "short", "至少 15 个字符"),
        (PASSWORD, PASSWORD, PASSWORD, "和现在的一样"),
        (PASSWORD, "another long battery", "another long buttery", "两遍不一样"),
        (PASSWORD, "", "", "填写新密码"),
        (PASSWORD, "x" * 201, "x" * 201, "最多 200 个字符"),
    ],
)
def test_a_password_that_will_not_do_is_explained(officer: Client, old: str, new: str, again: str, said: str) -> None:
    page = officer.post("/account/password/", {"old": old, "password": new, "again": again})

    assert page.status_code == 200
    assert said in page.content.decode()


def test_what_somebody_is_is_read_at_every_request(city: City) -> None:
    client = signed_in_by_hand("security")
    assert client.get("/accounts/").status_code == 200

    Membership.objects.filter(user__username="security").update(until=timezone.localdate() - timedelta(days=1))

    assert client.get("/accounts/").status_code == 404


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(officer: Client) -> None:
    browsers = [
        Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"}) for _ in range(3)
    ]
    for browser in browsers:
        sign_in(browser, "officer")
    page = officer.get("/account/sessions/").content.decode()
    key = browsers[0].session.session_key

    officer.post("/account/sessions/", {"session": str(UserSession.objects.get(session_key=key).pk)})
    one = [browser.get("/account/").status_code for browser in browsers]
    officer.post("/account/sessions/", {"session": "others"})
    all_ = [browser.get("/account/").status_code for browser in browsers]

    assert page.count("Chrome 140, Windows") >= 3
    assert (one, all_) == ([302, 200, 200], [302, 302, 302])
    assert officer.get("/account/").status_code == 200


def test_nobody_ends_the_session_of_another(officer: Client, city: City) -> None:
    leader = signed_in_by_hand("leader")
    theirs = UserSession.objects.get(user__username="leader").pk

    officer.post("/account/sessions/", {"session": str(theirs)})

    assert leader.get("/account/").status_code == 200


def test_a_piece_of_a_page_sends_the_whole_page_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/account/", headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in/")


def test_an_old_password_is_renewed_first_where_the_profile_says_so(officer: Client, settings: object) -> None:
    settings.PASSWORD_DAYS = 90  # type: ignore[attr-defined]
    assert officer.get("/account/").status_code == 200

    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))

    assert officer.get("/account/").headers["Location"] == "/account/password/"
    assert officer.get("/account/password/").status_code == 200


def test_pages_of_an_account_are_not_kept_by_strangers_caches(officer: Client) -> None:
    assert "private" in officer.get("/account/").headers["Cache-Control"]


def test_session_account_and_standing_are_one_question_each(city: City, django_assert_num_queries: object) -> None:
    with_password("officer")
    client = signed_in_by_hand("officer")
    client.get("/accounts/")
    grow_old(client, seen=1)

    with django_assert_num_queries(4):  # type: ignore[operator] - and one for the checkpoint at the page's foot
        client.get("/accounts/")
