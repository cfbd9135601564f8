"""A draft is looked at before it goes; who has no address is called; what failed goes again."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.roles import Role
from kaohe.web.jobs.models import Job
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Person, Posting
from kaohe.web.post import procedure
from kaohe.web.post.models import Letter, LetterState, Message, Notice, State
from tests.web.city import City, account, person
from tests.web.conftest import SignIn
from tests.web.post.conftest import NOON, TEXTS, Write, send

FIELDS = {"subject_zh": TEXTS.subject_zh, "body_zh": TEXTS.body_zh, "subject_en": TEXTS.subject_en, "body_en": TEXTS.body_en}  # fmt: skip


@pytest.fixture
def letter(people: dict[str, Person], write: Write) -> Letter:
    return write(people)


@pytest.fixture
def officer(signed_in: SignIn) -> Client:
    return signed_in("officer")


def shown(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def states(letter: Letter) -> dict[str, str]:
    return dict(letter.messages.values_list("name", "state"))


def entries() -> list[tuple[str, str, str]]:
    rows = LogEntry.objects.filter(area="message").order_by("seq")
    return [(row.action, row.object, bytes(row.payload).decode()) for row in rows]


def test_a_draft_shows_whom_it_goes_to_and_those_without_an_address_apart(officer: Client, letter: Letter) -> None:
    page = shown(officer, f"/post/{letter.pk}/")

    calls, mails = page.index("没有邮箱，请打电话"), page.index("发邮件 3")
    assert calls < page.index("电话 024-1234") < mails < page.index("a@benxi.gov.cn")
    assert "发出 3 封" in page
    assert ">不发<" in page
    assert Message.objects.filter(state=State.DRAFT).count() == 4
    assert not Job.objects.exists()


def test_sending_queues_the_mails_lists_the_calls_and_makes_the_notices(officer: Client, letter: Letter, people: dict[str, Person]) -> None:  # fmt: skip
    officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "body_zh": "{姓名}：改过的文字\r\n{情况}", "version": 1})

    assert states(letter) == {"王五": "queued", "Ann Lee": "queued", "赵六": "queued", "钱七": "call"}
    assert list(Notice.objects.values_list("user__username", "message__person__name")) == [("ann", "Ann Lee")]
    assert Message.objects.get(name="王五").body == "王五：改过的文字\n"
    assert Job.objects.filter(kind="post.send", state="queued").count() == 1
    page = shown(officer, f"/post/{letter.pk}/")
    assert "3 封邮件等待发出，1 人在系统里收到通知，1 人请打电话" in page
    assert "没有配置邮件服务器，邮件等着" in page


def test_the_journal_tells_how_many_and_the_digest_of_the_text_and_no_name(letter: Letter) -> None:
    send(letter)

    (drafted, sent) = entries()
    assert drafted == ("message:draft", f"letter {letter.pk}", '{"count":4}')
    assert sent[:2] == ("message:send", f"letter {letter.pk}")
    assert sent[2] == f'{{"calls":1,"left_out":0,"mails":3,"notices":1,"text_sha256":"{TEXTS.digest}"}}'


def test_a_subject_that_names_a_long_name_often_is_cut_where_the_outbox_ends(officer: Client, letter: Letter) -> None:
    Message.objects.filter(name="王五").update(name="长" * 200)

    answer = officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "subject_zh": "{姓名}" * 30, "version": 1})

    assert answer.status_code == 302
    assert Message.objects.get(name="长" * 200).subject == "长" * 400


def test_a_letter_is_sent_once(officer: Client, letter: Letter) -> None:
    for _ in range(2):
        assert officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "version": 1}).status_code == 302

    assert Job.objects.count() == 1
    assert Notice.objects.count() == 1
    assert len(entries()) == 2


def test_what_is_not_sent_goes_to_nobody(officer: Client, letter: Letter) -> None:
    officer.post(f"/post/{letter.pk}/drop/")

    assert set(states(letter).values()) == {State.DROPPED}
    assert "谁也没有收到" in shown(officer, f"/post/{letter.pk}/")
    assert send(letter) is None
    assert not Notice.objects.exists()
    assert not Job.objects.exists()


def test_what_still_waits_can_be_dropped_and_what_went_stays(officer: Client, letter: Letter) -> None:
    send(letter)
    Message.objects.filter(name="王五").update(state=State.SENT, next_at=None)

    officer.post(f"/post/{letter.pk}/drop/")

    assert states(letter) == {"王五": "sent", "Ann Lee": "dropped", "赵六": "dropped", "钱七": "call"}
    assert Letter.objects.get(pk=letter.pk).state == LetterState.SENT


def test_the_text_of_a_draft_can_be_kept_and_is_shown_as_each_receives_it(officer: Client, letter: Letter) -> None:
    officer.post(f"/post/{letter.pk}/", {**FIELDS, "subject_zh": "  新的\n标题 ", "version": 1})

    found = Letter.objects.get(pk=letter.pk)
    assert (found.subject_zh, found.version, found.state) == ("新的 标题", 2, "draft")
    ann = Message.objects.get(name="Ann Lee")
    assert "<h3>Reminder: Ann Lee</h3>" in shown(officer, f"/post/{letter.pk}/?to={ann.pk}")
    part = officer.get(f"/post/{letter.pk}/?to={ann.pk}", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="seen"')
    assert 'lang="en"' in part


def test_two_windows_lose_nothing(officer: Client, letter: Letter) -> None:
    officer.post(f"/post/{letter.pk}/", {**FIELDS, "body_zh": "甲的文字", "version": 1})

    for address in (f"/post/{letter.pk}/", f"/post/{letter.pk}/send/"):
        answer = officer.post(address, {**FIELDS, "body_zh": "乙的文字", "version": 1})

        assert answer.status_code == 409
        assert "甲的文字" in answer.content.decode()
        assert "乙的文字" in answer.content.decode()
        assert 'name="version" value="2"' in answer.content.decode()
    assert set(states(letter).values()) == {State.DRAFT}


@pytest.mark.parametrize(("way", "words"), [("send", "已在另一个窗口发出"), ("drop", "已在另一个窗口选了不发")])
@pytest.mark.parametrize("then", ["", "send/"])
@pytest.mark.parametrize("text", ["后来写的", "{姓明}后来写的"])
def test_what_is_typed_after_another_window_settled_the_letter_is_shown(officer: Client, letter: Letter, way: str, words: str, then: str, text: str) -> None:  # fmt: skip
    officer.post(f"/post/{letter.pk}/{way}/", {**FIELDS, "version": 1})

    answer = officer.post(f"/post/{letter.pk}/{then}", {**FIELDS, "body_zh": text, "version": 1})

    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert text in answer.content.decode()
    assert text not in Letter.objects.get(pk=letter.pk).body_zh


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("subject_zh", " \n ", "不能空着"), ("body_zh", "\x00\n", "不能空着"), ("subject_zh", "长" * 151, "最多 150"),
        ("body_en", "x" * 20_001, "最多 20,000"), ("body_zh", "{姓明}：", "{姓明} 在这里不能自动填写"),
        ("subject_zh", "{情况}", "{情况} 在这里不能自动填写"),
    ],
)  # fmt: skip
def test_a_text_that_will_not_do_is_neither_kept_nor_sent(officer: Client, letter: Letter, field: str, text: str, words: str) -> None:  # fmt: skip
    for address in (f"/post/{letter.pk}/", f"/post/{letter.pk}/send/"):
        answer = officer.post(address, {**FIELDS, field: text, "version": 1})

        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert set(states(letter).values()) == {State.DRAFT}
    assert Letter.objects.get(pk=letter.pk).version == 1


@pytest.mark.parametrize(("language", "words"), [("zh", "1 封邮件在发出"), ("en", "Mails on their way: 1")])
def test_one_mail_is_told_as_one(signed_in: SignIn, people: dict[str, Person], write: Write, settle: Callable[..., None], language: str, words: str) -> None:  # fmt: skip
    settle(25)
    client, letter = signed_in("officer"), write(people, "A")
    client.cookies["kaohe-language"] = language

    client.post(f"/post/{letter.pk}/send/", {**FIELDS, "version": 1})

    assert words in shown(client, f"/post/{letter.pk}/")


def test_a_text_is_kept_without_the_characters_that_no_database_takes(officer: Client, letter: Letter) -> None:
    officer.post(f"/post/{letter.pk}/", {**FIELDS, "body_zh": "一\x00\x08二\r\n三\t四", "version": "99999999999999999999"})  # fmt: skip
    officer.post(f"/post/{letter.pk}/", {**FIELDS, "body_zh": "一\x00\x08二\r\n三\t四", "version": 1})

    assert Letter.objects.get(pk=letter.pk).body_zh == "一二\n三\t四"


def test_a_call_is_noted_before_and_after_the_sending(officer: Client, letter: Letter) -> None:
    called = Message.objects.get(name="钱七")

    row = officer.post(f"/post/{letter.pk}/called/{called.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert row.startswith(f'<tr id="to-{called.pk}">')
    assert "已打电话</span>" in row
    send(letter)
    assert states(letter)["钱七"] == State.CALLED
    assert entries()[1] == ("message:call", f"letter {letter.pk}", '{"count":1}')


def test_who_was_called_before_is_neither_to_be_called_nor_forgotten(officer: Client, letter: Letter) -> None:
    called = Message.objects.get(name="钱七")
    officer.post(f"/post/{letter.pk}/called/{called.pk}/")

    officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "version": 1})

    assert "人请打电话" not in shown(officer, f"/post/{letter.pk}/")


def test_a_draft_that_is_not_sent_says_who_was_called_before(officer: Client, letter: Letter) -> None:
    called = Message.objects.get(name="钱七")
    officer.post(f"/post/{letter.pk}/called/{called.pk}/")

    officer.post(f"/post/{letter.pk}/drop/")

    page = shown(officer, f"/post/{letter.pk}/")
    assert "此前打电话告知 1 人" in page
    assert "谁也没有收到" not in page


def test_while_mail_does_not_go_who_waits_for_it_can_be_called(officer: Client, letter: Letter, settle: Callable[..., None]) -> None:  # fmt: skip
    Message.objects.update(phone="024-5678")
    send(letter)
    without_server, down = Message.objects.get(name="王五"), Message.objects.get(name="赵六")
    assert shown(officer, f"/post/{letter.pk}/").count("电话 024-5678") == 4

    officer.post(f"/post/{letter.pk}/called/{without_server.pk}/")
    settle(25)
    Message.objects.filter(pk=down.pk).update(fault="down", attempts=1)
    officer.post(f"/post/{letter.pk}/called/{down.pk}/")

    assert states(letter) == {"王五": "called", "Ann Lee": "queued", "赵六": "called", "钱七": "call"}


def test_only_who_is_to_be_called_can_have_been_called(officer: Client, letter: Letter, settle: Callable[..., None]) -> None:  # fmt: skip
    settle(25)
    send(letter)
    queued, to_call = Message.objects.get(name="王五"), Message.objects.get(name="钱七")

    for message in (queued, to_call):
        assert officer.post(f"/post/{letter.pk}/called/{message.pk}/").status_code == 302

    assert states(letter)["王五"] == State.QUEUED
    assert states(letter)["钱七"] == State.CALLED


def test_what_failed_goes_again_to_the_address_of_today(officer: Client, letter: Letter) -> None:
    send(letter)
    failed = {"state": State.FAILED, "next_at": None, "attempts": 3, "put_off": 3, "fault": "refused", "said": "550 no"}
    Message.objects.filter(name__in=("王五", "赵六")).update(**failed)
    Person.objects.filter(code="A").update(email="new@benxi.gov.cn")
    assert "再发 2 封" in shown(officer, f"/post/{letter.pk}/")

    officer.post(f"/post/{letter.pk}/again/")

    assert list(letter.messages.filter(name__in=("王五", "赵六")).order_by("pk").values_list("address", "state", "attempts", "said")) == [
        ("new@benxi.gov.cn", "queued", 0, ""), ("c@benxi.gov.cn", "queued", 0, ""),
    ]  # fmt: skip


def test_who_failed_can_be_called(officer: Client, letter: Letter) -> None:
    send(letter)
    Message.objects.filter(name="王五").update(
        state=State.FAILED, next_at=None, fault="refused", said="550 no such <user>"
    )
    failed = Message.objects.get(name="王五")
    assert "550 no such &lt;user&gt;" in shown(officer, f"/post/{letter.pk}/")

    officer.post(f"/post/{letter.pk}/called/{failed.pk}/")

    assert states(letter)["王五"] == State.CALLED


def test_what_waits_for_the_server_can_be_tried_now(letter: Letter) -> None:
    send(letter)
    later = NOON + timedelta(hours=1)
    Message.objects.filter(name="王五").update(next_at=later, fault="down", attempts=4)
    Message.objects.filter(name="赵六").update(next_at=later, attempts=1)  # being sent just now

    count = procedure.again(letter.pk, User.objects.get(username="officer"), NOON + timedelta(minutes=1))

    assert count == 2  # 王五, and Ann Lee whose turn has not come yet
    assert Message.objects.get(name="赵六").next_at == later


def test_what_waited_for_want_of_a_server_can_be_sent_when_there_is_one(officer: Client, letter: Letter, settle: Callable[..., None]) -> None:  # fmt: skip
    send(letter)
    Job.objects.all().delete()  # it ran, and there was no server
    settle(25)
    assert "现在再试" in shown(officer, f"/post/{letter.pk}/")

    officer.post(f"/post/{letter.pk}/again/")

    assert "3 封再发一次" in shown(officer, f"/post/{letter.pk}/")
    assert Job.objects.filter(kind="post.send", state="queued").count() == 1


def test_who_left_the_senders_charge_is_left_out(officer: Client, letter: Letter, city: City) -> None:
    moved = Person.objects.get(code="A")
    Person.objects.filter(pk=moved.pk).update(unit=city.units["D02"])

    officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "version": 1})

    message = Message.objects.get(name="王五")
    assert (message.state, message.fault) == (State.DROPPED, "reach")
    assert "这个人已不归你管" in shown(officer, f"/post/{letter.pk}/")


def test_who_has_left_by_the_day_of_sending_is_left_out(officer: Client, letter: Letter) -> None:
    today = timezone.localdate()
    Posting.objects.filter(person__code="A").update(departed=today)
    Posting.objects.filter(person__code="C").update(departed=today + timedelta(days=1))

    officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "version": 1})

    assert states(letter) == {"王五": "dropped", "Ann Lee": "queued", "赵六": "queued", "钱七": "call"}
    assert "1 人已不归你管或已离岗，没有发" in shown(officer, f"/post/{letter.pk}/")


def test_who_no_longer_holds_the_role_sends_nothing(officer: Client, letter: Letter) -> None:
    Membership.objects.filter(user__username="officer").update(role=Role.ACADEMY)

    assert officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "version": 1}).status_code == 404
    assert officer.get(f"/post/{letter.pk}/").status_code == 404


def test_another_person_may_not_touch_a_letter_and_the_auditor_only_looks(signed_in: SignIn, letter: Letter) -> None:
    message = letter.messages.first()
    assert message is not None
    for username, seen in (("leader", 404), ("office", 404), ("auditor", 200), ("civil_servant", 404)):
        client = signed_in(username)
        assert client.get(f"/post/{letter.pk}/").status_code == seen
        for address in ("", "send/", "drop/", "again/", f"called/{message.pk}/"):
            assert client.post(f"/post/{letter.pk}/{address}", FIELDS).status_code == 404
    page = shown(signed_in("auditor"), f"/post/{letter.pk}/")
    assert "<form id=" not in page
    assert "已打电话</" not in page.replace("已打电话</span>", "")


def test_a_draft_about_a_matter_is_there_once(people: dict[str, Person], write: Write) -> None:
    first = write(people, about="round 1 unit 1 A1")
    second = write(people, "AB", about="round 1 unit 1 A1")

    assert first == second
    send(first)
    assert write(people, about="round 1 unit 1 A1") != first


def test_that_the_same_was_written_before_is_said(officer: Client, people: dict[str, Person], write: Write) -> None:
    send(write(people, about="round 1 unit 1 A1"))

    page = shown(officer, f"/post/{write(people, about='round 1 unit 1 A1').pk}/")

    assert "2010-07-20 12:00 已就同一件事发过一次" in page


def test_where_nobody_has_an_address_it_is_a_list_of_calls(officer: Client, people: dict[str, Person], write: Write) -> None:  # fmt: skip
    letter = write(people, "D")
    assert "列入待打电话 1 人" in shown(officer, f"/post/{letter.pk}/")

    officer.post(f"/post/{letter.pk}/send/", {**FIELDS, "version": 1})

    assert states(letter) == {"钱七": "call"}
    assert not Job.objects.exists()


@pytest.mark.parametrize("address", ["/post/?page=99999999999999999", "/post/?page=-1", "/post/{}/?to=%00", "/post/{}/?to=99999999999999999999", "/post/{}/?page=x"])  # fmt: skip
def test_odd_addresses_are_answered(officer: Client, letter: Letter, address: str) -> None:
    assert officer.get(address.format(letter.pk)).status_code == 200


@pytest.mark.parametrize("address", ["/post/99999999999999999999/", "/post/0/", "/notices/99999999999999999999/"])
def test_what_is_not_there_is_not_found(officer: Client, letter: Letter, address: str) -> None:
    assert officer.get(address).status_code == 404


@pytest.mark.parametrize("username", ["officer", "auditor"])
def test_the_pages_take_as_many_queries_for_many_as_for_few(signed_in: SignIn, city: City, people: dict[str, Person], write: Write, username: str) -> None:  # fmt: skip
    client, counts = signed_in(username), []
    letter = write(people)
    send(write(people))
    for page in ("/post/", f"/post/{letter.pk}/"):
        client.get(page)
    for more in (0, 12):
        for n in range(more):
            added = person(f"E{n}", city.units["D01"], "多人")
            account(f"e{n}", Role.CIVIL_SERVANT, city.units["D01"], person=added)
            Message.objects.create(letter=letter, person=added, name="多人", address="x@y.cn")
            send(write(people))
        with CaptureQueriesContext(connection) as seen:
            for page in ("/post/", f"/post/{letter.pk}/"):
                assert client.get(page).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_speak_both_languages(signed_in: SignIn, people: dict[str, Person], write: Write, language: str) -> None:  # fmt: skip
    User.objects.filter(username="officer").update(language=language)
    client, letter = signed_in("officer"), write(people)

    draft, box = shown(client, f"/post/{letter.pk}/"), shown(client, "/post/")
    send(letter)
    gone = shown(client, f"/post/{letter.pk}/")

    words = {"zh": ("发出 3 封", "发件箱", "等待发出"), "en": ("Send 3", "Outbox", "waiting")}[language]
    assert [word in page for word, page in zip(words, (draft, box, gone), strict=True)] == [True] * 3
