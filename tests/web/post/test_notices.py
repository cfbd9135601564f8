"""A notice in the system: one's own, new until it is opened, counted in the letterhead without another query."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.organisation.models import Person
from kaohe.web.post.models import Letter, Message, Notice
from tests.web.city import City, account
from tests.web.conftest import SignIn
from tests.web.post.conftest import NOON, Write, send


@pytest.fixture
def notice(people: dict[str, Person], write: Write) -> Notice:
    send(write(people))
    return Notice.objects.get(user__username="ann")


def shown(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_the_letterhead_counts_what_is_new_until_it_is_opened(signed_in: SignIn, notice: Notice) -> None:
    ann = signed_in("ann")
    assert "1 new notice</a>" in shown(ann, "/")

    answer = ann.post(f"/notices/{notice.pk}/open/", follow=True)

    assert "Ann Lee:" in answer.content.decode()
    assert "new notice" not in shown(ann, "/")
    assert ">Notices</a>" in shown(ann, "/")


def test_to_look_at_a_notice_changes_nothing(signed_in: SignIn, notice: Notice) -> None:
    ann = signed_in("ann")

    assert "Mark as opened" in shown(ann, f"/notices/{notice.pk}/")
    assert Notice.objects.get().read_at is None


def test_a_notice_was_first_opened_when_it_was_first_opened(signed_in: SignIn, notice: Notice) -> None:
    ann = signed_in("ann")
    Notice.objects.update(read_at=NOON)

    ann.post(f"/notices/{notice.pk}/open/")

    assert Notice.objects.get().read_at == NOON


def test_a_notice_is_its_recipients_alone(signed_in: SignIn, notice: Notice) -> None:
    for username in ("officer", "office", "auditor", "civil_servant"):
        client = signed_in(username)
        assert client.get(f"/notices/{notice.pk}/").status_code == 404
        assert client.post(f"/notices/{notice.pk}/open/").status_code == 404
        assert "Reminder: Ann Lee" not in shown(client, "/notices/")


def test_every_open_account_of_a_person_finds_it_and_a_closed_one_does_not(city: City, people: dict[str, Person], write: Write) -> None:  # fmt: skip
    account("ann2", Role.LEADER, city.units["D01"], person=people["B"])
    account("ann3", Role.LEADER, city.units["D01"], person=people["B"], is_active=False)

    gone = send(write(people))

    assert sorted(Notice.objects.values_list("user__username", flat=True)) == ["ann", "ann2"]
    assert gone is not None
    assert gone.notices == 1


def test_a_recipient_without_an_address_finds_it_too(city: City, people: dict[str, Person], write: Write) -> None:
    account("qian", Role.CIVIL_SERVANT, city.units["D01"], person=people["D"])

    send(write(people, "D"))

    assert Notice.objects.get().user.username == "qian"
    assert Message.objects.get().body == "钱七：\n\n\n"


def test_the_unread_ones_come_first(signed_in: SignIn, people: dict[str, Person], write: Write) -> None:
    for n in range(3):
        letter = write(people, "B")
        Letter.objects.filter(pk=letter.pk).update(subject_en=f"Letter {n}")
        send(Letter.objects.get(pk=letter.pk))
    newest = Notice.objects.order_by("-pk").first()
    assert newest is not None
    ann = signed_in("ann")
    ann.post(f"/notices/{newest.pk}/open/")

    assert re.findall(r"Letter \d", shown(ann, "/notices/")) == ["Letter 1", "Letter 0", "Letter 2"]


def test_markup_in_a_letter_stays_text(signed_in: SignIn, people: dict[str, Person], write: Write) -> None:
    letter = write(people, "B")
    Letter.objects.filter(pk=letter.pk).update(subject_en="<b>x</b>", body_en="<script>alert(1)</script> javascript:alert(1)")  # fmt: skip
    send(Letter.objects.get(pk=letter.pk))
    ann = signed_in("ann")

    page = shown(ann, "/notices/") + shown(ann, f"/notices/{Notice.objects.get().pk}/")

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert 'href="javascript' not in page


def test_the_pages_take_as_many_queries_for_many_as_for_few(signed_in: SignIn, people: dict[str, Person], write: Write) -> None:  # fmt: skip
    ann, counts = signed_in("ann"), []
    for more in (1, 12):
        for _ in range(more):
            send(write(people, "B"))
        ann.get("/notices/")
        with CaptureQueriesContext(connection) as seen:
            ann.get("/notices/")
            ann.get("/")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_count_takes_no_query_of_its_own(signed_in: SignIn, notice: Notice) -> None:
    ann = signed_in("ann")
    ann.get("/help/")

    with CaptureQueriesContext(connection) as seen:
        ann.get("/help/")

    assert [query["sql"] for query in seen if "post_notice" in query["sql"] and "membership" not in query["sql"]] == []
    assert sum("post_notice" in query["sql"] for query in seen) == 1


def test_beyond_a_hundred_it_only_says_that_there_are_more(signed_in: SignIn, notice: Notice) -> None:
    message, ann = notice.message, User.objects.get(username="ann")
    for n in range(120):
        copy = Message.objects.create(letter=message.letter, name=str(n), body="x", subject="x")
        Notice.objects.create(user=ann, message=copy, made_at=NOON)

    assert "99+ new notices" in shown(signed_in("ann"), "/")
