"""What went wrong is said in words, and what was typed is not lost."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from kaohe.web.accounts.models import User
from kaohe.web.config.busy import BusyMiddleware, is_busy
from kaohe.web.config.expired import kept, typed
from kaohe.web.desk import failures
from tests.web.city import City, city_with_accounts
from tests.web.conftest import SignIn

OURS = {"HTTP_ORIGIN": "http://testserver"}
TEXT = "会议记录：四人<b>\n第二行"


def test_what_is_not_there_is_said_with_the_way_home(signed_in: SignIn) -> None:
    answer = signed_in("office").get("/nowhere/")

    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_a_stranger_is_told_the_same_and_shown_the_door(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert 'href="/sign-in/">登录' in answer.content.decode()
    assert "退出" not in answer.content.decode()


def test_a_fault_is_said_without_asking_the_database(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().get("/")

    with django_assert_num_queries(0):
        answer = failures.broken(request)

    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()


def test_refusal_is_a_page(rf: RequestFactory, db: None) -> None:
    request = rf.get("/")
    request.session = {}

    assert failures.refused(request).status_code == 403


def test_a_host_that_is_not_ours_is_a_bad_request(client: Client) -> None:
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400


# --- a session that ended in mid-form


def strict(client: Client) -> Client:
    again = Client(enforce_csrf_checks=True)
    again.cookies = client.cookies
    return again


def test_a_form_without_its_token_comes_back_with_what_was_typed(signed_in: SignIn) -> None:
    client = strict(signed_in("office"))

    answer = client.post("/display/?a=1", {"remark": TEXT, "csrfmiddlewaretoken": "old"}, **OURS)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "会议记录：四人&lt;b&gt;\n第二行</textarea>" in page
    assert 'action="/display/?a=1"' in page
    assert "再送一次" in page


def test_a_stranger_is_sent_to_sign_in_in_a_new_window(client: Client, db: None) -> None:
    page = strict(client).post("/display/", {"remark": TEXT}, **OURS).content.decode()

    assert "登录已结束，你写的还在" in page
    assert 'href="/sign-in/" target="_blank"' in page


def test_what_came_back_can_be_sent_again_as_it_was(signed_in: SignIn) -> None:
    client = strict(signed_in("office"))
    page = client.post("/display/", {"language": "en", "next": "/help/"}, **OURS)

    fields = {"csrfmiddlewaretoken": page.context["csrf_token"], "language": "en", "next": "/help/"}
    answer = client.post("/display/", fields, **OURS)

    assert answer.headers["Location"] == "/help/"


def test_a_form_goes_through_after_signing_in_anew(city: City) -> None:
    officer = User.objects.get(username="officer")
    officer.set_password("a sentence that is long enough")
    officer.save()
    client, there = Client(enforce_csrf_checks=True), f"/organisation/units/{city.units['D01'].pk}/edit/"
    before = client.get("/sign-in/").context["csrf_token"]

    ended = client.post(there, {"remark": TEXT, "csrfmiddlewaretoken": before}, **OURS)
    client.post(
        "/sign-in/",
        {"login": "officer", "password": "a sentence that is long enough", "csrfmiddlewaretoken": before}, **OURS,
    )  # fmt: skip
    once_more = client.post(there, {"remark": TEXT, "csrfmiddlewaretoken": ended.context["csrf_token"]}, **OURS)
    taken = client.post(there, {"remark": TEXT, "csrfmiddlewaretoken": once_more.context["csrf_token"]}, **OURS)

    assert "会议记录：四人" in ended.content.decode()
    assert "登录换过之后" in once_more.content.decode()
    assert "会议记录：四人" in once_more.content.decode()
    assert taken.status_code == 404  # an officer may not edit: the form itself was taken and answered


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_foreign_page_cannot_lay_words_into_a_form_of_ours(signed_in: SignIn, origin: str) -> None:
    answer = strict(signed_in("office")).post("/display/", {"language": "en"}, HTTP_ORIGIN=origin)

    assert answer.status_code == 403
    assert "<form class" not in answer.content.decode()


@pytest.mark.parametrize("name", ["password", "old_password", "password1", "code", "token", "totp_secret"])
def test_a_secret_is_never_shown_nor_sent_again(name: str) -> None:
    request = RequestFactory().post("/x/", {name: "hush-hush", "username": "office"}, **OURS)

    page = kept(request, 403).content.decode()

    assert "hush-hush" not in page
    assert "<form" not in page
    assert "office" in page


def test_a_file_is_asked_for_again() -> None:
    request = RequestFactory().post("/x/", {"file": SimpleUploadedFile("花名册.xlsx", b"x"), "table": "people"}, **OURS)

    page = kept(request, 403).content.decode()

    assert "再选一次文件：花名册.xlsx" in page
    assert 'enctype="multipart/form-data"' in page


def test_a_body_that_cannot_be_read_is_said_without_what_was_in_it() -> None:
    request = RequestFactory().post("/x/", b"--broken", content_type="multipart/form-data; boundary=")

    assert typed(request).fields == ()
    assert kept(request, 403).status_code == 403


def test_looking_typed_nothing() -> None:
    page = kept(RequestFactory().get("/x/?q=1"), 503, "desk/busy.html").content.decode()

    assert 'href="/x/?q=1"' in page
    assert "<form" not in page


def test_what_was_typed_speaks_the_language_of_the_browser() -> None:
    request = RequestFactory().post("/x/", {"a": "text"}, **OURS)
    request.COOKIES["kaohe-language"] = "en"

    assert "What you wrote" in kept(request, 503, "desk/busy.html").content.decode()


def test_a_session_that_was_ended_elsewhere_while_the_form_was_on_its_way(rf: RequestFactory) -> None:
    request = rf.post("/x/", {"remark": TEXT}, **OURS)

    answer = failures.bad(request, SessionInterrupted("gone"))

    assert answer.status_code == 403
    assert "会议记录：四人" in answer.content.decode()


# --- a database that is locked


@contextmanager
def locked(mode: str) -> Iterator[None]:
    """Hold the database as somebody who writes for long, on a connection of their own."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.cursor().execute("PRAGMA busy_timeout = 100")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        connection.cursor().execute("SET lock_timeout = '100ms'")
        other = connections.create_connection("default")
        other.set_autocommit(False)
        other.cursor().execute(f"LOCK TABLE accounts_user, django_session IN {mode} MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@pytest.fixture
def clerk(committed: None) -> Client:
    """A training officer in mid-form, whose session is stored and was used within the minute."""
    logging.disable(logging.CRITICAL)
    city_with_accounts()
    User.objects.update(demo=True)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="office"))
    client.get("/help/")
    return client


@pytest.fixture(autouse=True)
def audible() -> Iterator[None]:
    yield
    logging.disable(logging.NOTSET)


def test_a_locked_database_is_busy_and_the_text_is_kept(clerk: Client) -> None:
    with locked("EXCLUSIVE"):
        answer = clerk.post("/display/", {"language": "en", "remark": TEXT}, **OURS)

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "系统正忙，你写的还在" in page
    assert "会议记录：四人&lt;b&gt;\n第二行</textarea>" in page
    assert User.objects.get(username="office").language == ""


def test_a_session_that_cannot_be_read_or_kept_is_busy_too(clerk: Client) -> None:
    Session.objects.all().delete()
    clerk.force_login(User.objects.get(username="office"))  # a new session, which its first page writes to

    with locked("ACCESS EXCLUSIVE"):
        answer = clerk.post("/display/", {"remark": TEXT}, **OURS)

    assert answer.status_code == 503
    assert "会议记录：四人&lt;b&gt;" in answer.content.decode()


def test_what_was_kept_goes_through_once_the_lock_is_gone(clerk: Client) -> None:
    with locked("EXCLUSIVE"):
        clerk.post("/display/", {"language": "en"}, **OURS)

    clerk.post("/display/", {"language": "en"}, **OURS)

    assert User.objects.get(username="office").language == "en"


class _Cause(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "busy"),
    [
        ("55P03", True),
        ("40P01", True),
        ("53300", True),
        ("57P01", True),
        ("08006", True),
        (None, True),
        ("42P01", False),
    ],
)
def test_only_what_passes_is_busy(sqlstate: str | None, busy: bool) -> None:
    error = OperationalError("x")
    error.__cause__ = _Cause(sqlstate)

    assert is_busy(error) is busy


class _CauseOfSqlite(Exception):
    sqlite_errorname = "SQLITE_FULL"


@pytest.mark.parametrize("cause", [_Cause("53100"), _CauseOfSqlite()])
def test_a_full_disk_is_told_and_logged_and_the_text_is_kept(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture, cause: Exception
) -> None:
    error = OperationalError("database or disk is full")
    error.__cause__ = cause

    answer = BusyMiddleware(lambda _: HttpResponse()).process_exception(
        rf.post("/units/1/edit/", {"remark": TEXT}, **OURS), error
    )

    assert answer is not None
    assert answer.status_code == 503
    assert "写不进去，你写的还在" in answer.content.decode()
    assert "会议记录：四人&lt;b&gt;\n第二行</textarea>" in answer.content.decode()
    assert "database or disk is full" in caplog.text


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (OperationalError("database is locked"), True), (OperationalError("database table is locked: x"), True),
        (OperationalError("no such table: x"), False), (OperationalError("disk I/O error"), False),
        (InterfaceError("bad parameter"), False), (ValueError("locked"), False), (None, False),
    ],
)  # fmt: skip
def test_a_fault_of_ours_is_not_called_busy(error: Exception | None, busy: bool) -> None:
    assert is_busy(error) is busy
