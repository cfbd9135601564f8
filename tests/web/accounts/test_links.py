"""One-time links: printed, used once, over after seven days."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from kaohe.web.accounts import procedure
from kaohe.web.accounts.links import account_of, use_link
from kaohe.web.accounts.models import OneTimeLink, User
from kaohe.web.accounts.roles import Duty
from kaohe.web.journal.models import LogEntry, SecurityEvent
from tests.web.accounts.hands import link_on, sign_in, signed_in_by_hand, with_password
from tests.web.city import City, city_with_accounts
from tests.web.conftest import SignIn

NEW = "a sentence nobody guesses"


@pytest.fixture
def link(signed_in: SignIn) -> str:
    """A link for the unit officer, as it stands on the sheet."""
    pk = User.objects.get(username="officer").pk
    return link_on(signed_in("security").post(f"/accounts/{pk}/link/"))  # type: ignore[arg-type]


def test_the_sheet_holds_all_that_is_needed(signed_in: SignIn) -> None:
    pk = User.objects.get(username="officer").pk

    page = signed_in("security").post(f"/accounts/{pk}/link/").content.decode()

    until = timezone.localdate() + timedelta(days=7)
    for part in (
        "本溪市行政机关公务员基本功训练考核",
        "officer先生",
        "officer</b>",
        f"{until}",
        '<svg viewBox="',
        "账号开通单",
    ):
        assert part in page


def test_only_a_digest_is_kept(link: str) -> None:
    token = link.split("/")[2]

    kept = OneTimeLink.objects.get()

    assert len(token) >= 43
    assert token not in f"{kept.digest}{LogEntry.objects.values_list('payload')}"


def test_looking_does_not_use_it_up_and_setting_does(link: str) -> None:
    client = Client()
    looks = [client.get(link).status_code for _ in range(3)]

    set_ = client.post(link, {"password": NEW, "again": NEW})

    assert (looks, set_.headers["Location"]) == ([200, 200, 200], "/sign-in/")
    assert [client.get(link).status_code, client.post(link, {"password": NEW, "again": NEW}).status_code] == [404, 404]
    assert sign_in(Client(), "officer", NEW).headers["Location"] == "/"
    assert SecurityEvent.objects.filter(kind="link:used", username="officer").count() == 1
    assert LogEntry.objects.filter(action="link:use", actor="officer").count() == 1


def test_a_password_that_will_not_do_does_not_use_it_up(link: str) -> None:
    page = Client().post(link, {"password": "short", "again": "short"})

    assert "至少 15 个字符" in page.content.decode()
    assert OneTimeLink.objects.get().used_at is None


def test_used_over_unknown_and_of_a_closed_account_are_answered_alike(link: str) -> None:
    unknown = Client().get("/link/" + "x" * 43 + "/")
    OneTimeLink.objects.update(expires_at=timezone.now())
    over = Client().get(link)
    OneTimeLink.objects.update(expires_at=timezone.now() + timedelta(days=1), used_at=timezone.now())
    used = Client().get(link)
    OneTimeLink.objects.update(used_at=None)
    User.objects.filter(username="officer").update(is_active=False)
    closed = Client().get(link)

    answers = [(page.status_code, page.content.split(b"</main>")[0][-200:]) for page in (unknown, over, used, closed)]

    assert len(set(answers)) == 1
    assert answers[0][0] == 404


def test_a_new_link_ends_the_one_before(link: str, signed_in: SignIn) -> None:
    pk = User.objects.get(username="officer").pk

    second = link_on(signed_in("security").post(f"/accounts/{pk}/link/"))  # type: ignore[arg-type]

    assert [Client().get(path).status_code for path in (link, second)] == [404, 200]


def test_it_signs_the_account_out_everywhere(city: City) -> None:
    before = signed_in_by_hand("officer")
    token = procedure.invite(User.objects.get(username="officer"), None, timezone.now())

    Client().post(f"/link/{token}/", {"password": NEW, "again": NEW})

    assert before.get("/account/").status_code == 302


def test_of_two_at_once_one_wins(committed: None) -> None:
    city_with_accounts()
    now = timezone.now()
    token = procedure.invite(User.objects.get(username="officer"), None, now)
    start, won = Barrier(2), []

    def use(number: int) -> None:
        start.wait()
        if use_link(token, f"{NEW} {number}", now):
            won.append(number)
        connection.close()

    threads = [Thread(target=use, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert User.objects.get(username="officer").check_password(f"{NEW} {won[0]}")
    assert LogEntry.objects.filter(action="link:use").count() == 1


def test_a_link_that_was_given_out_before_an_account_was_closed_is_over_for_good(city: City) -> None:
    user, security = (User.objects.get(username=name) for name in ("officer", "security"))
    token = procedure.invite(user, security, timezone.now())

    procedure.close_account(user, actor="security", now=timezone.now())
    procedure.reopen_account(user, actor="security", now=timezone.now())

    assert account_of(token, timezone.now()) is None


def test_one_makes_no_link_for_oneself_and_none_for_a_closed_account(signed_in: SignIn) -> None:
    client = signed_in("security")
    User.objects.filter(username="officer").update(is_active=False)

    for username in ("security", "officer"):
        client.post(f"/accounts/{User.objects.get(username=username).pk}/link/")

    assert OneTimeLink.objects.count() == 0


def test_the_link_names_an_address_that_others_can_reach(signed_in: SignIn, settings: object) -> None:
    from dataclasses import replace

    settings.CONFIGURATION = replace(settings.CONFIGURATION, hosts=("127.0.0.1", "10.1.1.7"))  # type: ignore[attr-defined]
    pk = User.objects.get(username="officer").pk

    page = signed_in("security").post(f"/accounts/{pk}/link/", headers={"host": "127.0.0.1:8000"}).content.decode()

    assert "http://10.1.1.7:8000/link/" in page


def test_the_first_administrator_is_invited_from_the_command_line(city: City) -> None:
    now = timezone.now()
    made = procedure.create_administrator("admin2", "李四", Duty.SECURITY, city.units["0001"], "system", now)

    token = procedure.invite(made, None, now)

    assert Client().post(f"/link/{token}/", {"password": NEW, "again": NEW}).status_code == 302
    assert sign_in(Client(), "admin2", NEW).headers["Location"] == "/"
    assert with_password("admin2").memberships.get().role == "security"
