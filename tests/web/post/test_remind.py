"""“Remind these four”: a draft to those who lack something under a criterion, with what each lacks, in their language."""

from datetime import date

import pytest
from django.test import Client

from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person
from kaohe.web.post.models import Letter, Message
from kaohe.web.rounds.models import Round, State
from kaohe.web.training.models import Activity, Attendance
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.post.conftest import send
from tests.web.training.loaded import change_of, round_at


@pytest.fixture
def a_round(city: City, people: dict[str, Person]) -> Round:
    """A round in which one at the bureau did 13.5 hours online, and the others nothing."""
    made = round_at(city.units["0001"], User.objects.get(username="office"))
    authority, number = city.units["0001"], change_of(city.units["0001"]).number
    Activity.objects.create(
        authority=authority, since=number, code="N1", unit="D01", form="online", title="在线课", minutes=810,
        starts_on=date(2010, 3, 1), ends_on=date(2010, 3, 1),
    )  # fmt: skip
    Attendance.objects.create(
        authority=authority, since=number, activity="N1", person="A", status="present", minutes=810
    )
    return made


def address(a_round: Round, unit: int, criterion: str = "B4") -> str:
    return f"/rounds/{a_round.pk}/units/{unit}/remind/{criterion}/"


def test_everybody_who_lacks_something_is_in_the_draft_with_what_it_is(signed_in: SignIn, a_round: Round, city: City) -> None:  # fmt: skip
    answer = signed_in("officer").post(address(a_round, city.units["D01"].pk), follow=True)

    letter = Letter.objects.get()
    assert answer.redirect_chain == [(f"/post/{letter.pk}/", 302)]
    assert answer.status_code == 200
    facts = dict(letter.messages.values_list("person__code", "facts"))
    assert set(facts) == {"A", "B", "C", "D", "P1", "P2"}
    assert facts["A"] == "在线学习还缺 26.5 学时（已修 13.5，应修 40）"
    assert facts["B"] == "40 hours of online study missing (0 of 40)"


def test_the_text_says_what_is_owed_by_when_and_where_to_look(signed_in: SignIn, a_round: Round, city: City) -> None:
    User.objects.filter(username="officer").update(name="苏丽华", phone="448 0017")
    signed_in("officer").post(address(a_round, city.units["D01"].pk))

    send(Letter.objects.get())

    zh, en = Message.objects.get(person__code="A"), Message.objects.get(person__code="B")
    due = f"{a_round.due.year}年{a_round.due.month}月{a_round.due.day}日 24:00"
    for words in ("王五：", "B4", "还缺 26.5 学时", "2010年1月1日至2010年12月31日", due, "http://testserver/ ", "苏丽华（448 0017）", "市财政局"):  # fmt: skip
        assert words in zh.body
    for words in ("Ann Lee:", "B4", "40 hours of online study", "1 January 2010 to 31 December 2010", "http://testserver/", "448 0017"):  # fmt: skip
        assert words in en.body
    assert "B4" not in zh.subject
    assert not any(word in zh.body + en.body for word in ("您", "{", "}", "！"))


def test_pressed_twice_it_is_the_same_draft(signed_in: SignIn, a_round: Round, city: City) -> None:
    officer = signed_in("officer")
    for _ in range(2):
        answer = officer.post(address(a_round, city.units["D01"].pk), follow=True)

    assert Letter.objects.count() == 1
    assert "还没有发出。要按现在的台账重拟" in answer.content.decode()


def test_where_nobody_lacks_anything_there_is_no_draft(signed_in: SignIn, a_round: Round, city: City) -> None:
    answer = signed_in("office").post(address(a_round, city.units["X01"].pk), follow=True)

    assert "没有拟提醒" in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_round_that_is_over_reminds_nobody(signed_in: SignIn, a_round: Round, city: City) -> None:
    Round.objects.filter(pk=a_round.pk).update(state=State.CLOSED, closed_at=a_round.made_at, ledger_at=1)

    answer = signed_in("officer").post(address(a_round, city.units["D01"].pk), follow=True)

    assert "这一轮不在填报中" in answer.content.decode()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("criterion", ["A1", "D1", "none", "%00", "B4 "])
def test_a_criterion_that_asks_nothing_of_single_persons_has_no_reminder(signed_in: SignIn, a_round: Round, city: City, criterion: str) -> None:  # fmt: skip
    assert signed_in("officer").post(address(a_round, city.units["D01"].pk, criterion)).status_code == 404


def test_only_the_units_own_and_the_office_remind(signed_in: SignIn, a_round: Round, city: City) -> None:
    own, other = address(a_round, city.units["D01"].pk), address(a_round, city.units["D02"].pk)
    allowed = {"office": (302, 302), "officer": (302, 404), "leader": (302, 404)}
    for username in ("office", "officer", "leader", "inspector", "reviewer", "academy", "civil_servant", "auditor", "system", "security"):  # fmt: skip
        client: Client = signed_in(username)
        found = (client.post(own).status_code, client.post(other).status_code)
        assert found == allowed.get(username, (404, 404)), username
        assert client.get(own).status_code == 405
