"""A round is opened once and closed once: the standard is frozen, the units are as they were then, nothing is half done."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from kaohe.standard.files import read_standard
from kaohe.web.accounts.models import User
from kaohe.web.jobs import worker
from kaohe.web.jobs.models import Job
from kaohe.web.journal.models import Checkpoint, LogEntry
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.forms import stored_form
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.procedure import ChangedMeanwhile, NotADraft, NotReady, change_round, close_round, open_round
from kaohe.web.rounds.queries import current_round
from kaohe.web.rounds.reading import RoundReading
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.procedure import add
from kaohe.web.training.models import UnitFigures
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.rounds.hands import draft_of, opened, said
from tests.web.training.loaded import NOW, change_of, round_at


@pytest.fixture
def office(signed_in: SignIn) -> Client:
    return signed_in("office")


@pytest.fixture
def draft(city: City) -> Round:
    return draft_of(city.units["0001"])


def fresh(one: Round) -> Round:
    return Round.objects.get(pk=one.pk)


def test_opening_says_what_follows_in_numbers(office: Client, draft: Round) -> None:
    page = office.get(f"/rounds/{draft.pk}/open/").content.decode()

    assert "县区 1、部门 2" in page
    assert "开始填报：3 个单位" in page


def test_an_opened_round_has_its_standard_frozen_and_its_units_as_they_are_then(office: Client, draft: Round) -> None:
    Unit.objects.filter(code="D01").update(name="市财政委员会", official_order=9)

    answer = office.post(f"/rounds/{draft.pk}/open/", {"version": "1"})

    now = fresh(draft)
    assert answer.headers["Location"] == f"/rounds/{draft.pk}/"
    assert (now.state, now.version) == (State.REPORTING, 2)
    assert now.opened_at is not None
    assert StandardVersion.objects.get(pk=draft.standard_id).frozen_at == now.opened_at
    assert list(now.units.values_list("name", "official_order")) == [
        ("本溪县", 1),
        ("市审计局", 5),
        ("市财政委员会", 9),
    ]
    entry = LogEntry.objects.order_by("-seq")[0]
    assert (entry.action, said(entry)["units"], said(entry)["standard"]) == ("round:open", 3, draft.standard.digest)


def test_opening_has_the_figures_measured_in_the_background(office: Client, draft: Round) -> None:
    office.post(f"/rounds/{draft.pk}/open/", {"version": "1"})

    assert list(Job.objects.filter(kind="training.measure").values_list("arguments")) == [({"round": draft.pk},)]
    assert UnitFigures.objects.filter(round=draft, stale=True).count() == 3


@pytest.mark.parametrize("step", ["open", "close"])
def test_a_checkpoint_is_signed_of_each_formal_act(office: Client, draft: Round, step: str) -> None:
    office.post(f"/rounds/{draft.pk}/open/", {"version": "1"})
    if step == "close":
        worker.run_all()
        office.post(f"/rounds/{draft.pk}/close/")
    assert not Checkpoint.objects.filter(reason=f"round:{step}").exists()

    worker.run_all()

    entry = LogEntry.objects.get(action=f"round:{step}")
    checkpoint = Checkpoint.objects.get(reason=f"round:{step}")
    assert checkpoint.size > entry.seq
    assert Job.objects.filter(kind="journal.act").exclude(state="done").count() == 0


def test_an_act_is_signed_once_also_where_the_work_is_begun_again(office: Client, draft: Round) -> None:
    office.post(f"/rounds/{draft.pk}/open/", {"version": "1"})
    worker.run_all()
    Job.objects.filter(kind="journal.act").update(state="queued", finished_at=None)

    worker.run_all()

    assert Checkpoint.objects.filter(reason="round:open").count() == 1


def test_a_round_without_units_is_not_opened(office: Client, city: City) -> None:
    draft = draft_of(city.units["0001"], units=[])

    answer = office.post(f"/rounds/{draft.pk}/open/", {"version": "1"})

    assert (answer.status_code, fresh(draft).state) == (422, State.DRAFT)
    assert "还没有选考核单位" in answer.content.decode()


def test_units_that_the_standard_cannot_place_are_named(office: Client, draft: Round, city: City) -> None:
    Unit.objects.filter(code="D01").update(peer_group="bureau")
    Unit.objects.filter(code="D02").update(authority=city.units["9001"])

    page = office.get(f"/rounds/{draft.pk}/open/").content.decode()

    assert "先改好 2 处" in page
    assert "类别“bureau”不在标准里" in page
    assert "已不属这个主管机关" in page
    with pytest.raises(NotReady):
        open_round(draft.pk, 1, User.objects.get(username="office"), NOW)
    assert (fresh(draft).state, LogEntry.objects.count(), Job.objects.count()) == (State.DRAFT, 1, 0)


def test_where_no_group_of_the_standard_can_be_chosen_the_configuration_is_named(
    office: Client, draft: Round, city: City
) -> None:
    other = read_standard("qinghe-2024")
    Round.objects.filter(pk=draft.pk).update(standard=add(city.units["0001"], other, draft.made_by, NOW)[0])

    page = office.get(f"/rounds/{draft.pk}/open/").content.decode()

    assert "先在单位页改类别" not in page
    assert "请系统管理员在部署配置里把 standard 改为这个标准" in page


def test_what_was_confirmed_is_what_is_opened(office: Client, draft: Round) -> None:
    Round.objects.filter(pk=draft.pk).update(version=2, due=date(2010, 12, 24))

    answer = office.post(f"/rounds/{draft.pk}/open/", {"version": "1"}, follow=True)

    assert "另一个人刚改过" in answer.content.decode()
    assert fresh(draft).state == State.DRAFT


@pytest.mark.parametrize("page", ["change", "remove", "open"])
def test_an_opened_round_is_no_draft_any_more(office: Client, draft: Round, page: str) -> None:
    office.post(f"/rounds/{draft.pk}/open/", {"version": "1"})

    for answer in (
        office.get(f"/rounds/{draft.pk}/{page}/", follow=True),
        office.post(f"/rounds/{draft.pk}/{page}/", {"version": "2"}, follow=True),
    ):
        assert answer.redirect_chain[-1][0] == f"/rounds/{draft.pk}/"
        assert "草案不能再改" in answer.content.decode()
    assert fresh(draft).version == 2


def test_a_form_that_was_overtaken_by_the_opening_is_not_written(draft: Round) -> None:
    office = User.objects.get(username="office")
    words = RoundReading(stored_form(draft, date(2010, 11, 20))).words
    assert words is not None

    with pytest.raises(ChangedMeanwhile):
        change_round(draft.pk, 7, words, office, NOW)
    open_round(draft.pk, 1, office, NOW)
    with pytest.raises(NotADraft):
        change_round(draft.pk, 1, words, office, NOW)


def test_closing_says_what_follows_in_numbers(office: Client, city: City) -> None:
    a_round = round_at(city.units["0001"], User.objects.get(username="office"))
    Round.objects.filter(pk=a_round.pk).update(due=timezone.localdate())

    page = office.get(f"/rounds/{a_round.pk}/close/").content.decode()

    assert "3 个单位（县区 1、部门 2）的数字停在现在的样子" in page
    assert "还没到截止日" in page


def test_a_closed_round_keeps_its_figures_and_the_state_of_the_ledger(office: Client, city: City) -> None:
    a_round = round_at(city.units["0001"], User.objects.get(username="office"))
    change_of(city.units["0001"])

    answer = office.post(f"/rounds/{a_round.pk}/close/")

    now = fresh(a_round)
    assert answer.headers["Location"] == f"/rounds/{a_round.pk}/"
    assert (now.state, now.ledger_at) == (State.CLOSED, 1)
    assert now.closed_at is not None
    assert not UnitFigures.objects.filter(round=a_round, stale=True).exists()
    entry = LogEntry.objects.get()
    assert (entry.action, said(entry)) == ("round:close", {"ledger_at": 1, "units": 3})


def test_a_round_is_closed_once(office: Client, city: City) -> None:
    a_round = round_at(city.units["0001"], User.objects.get(username="office"))

    office.post(f"/rounds/{a_round.pk}/close/")
    again = office.post(f"/rounds/{a_round.pk}/close/", follow=True)

    assert "没有在填报" in again.content.decode()
    assert LogEntry.objects.count() == 1


def test_a_draft_cannot_be_closed(office: Client, draft: Round) -> None:
    assert "没有在填报" in office.post(f"/rounds/{draft.pk}/close/", follow=True).content.decode()
    assert fresh(draft).state == State.DRAFT


def test_the_current_round_is_the_open_one_whose_period_ends_last(city: City) -> None:
    top, office = city.units["0001"], User.objects.get(username="office")
    draft_of(top, year=2012)
    half = round_at(top, office, "half_year")
    year = round_at(top, office)
    over = round_at(top, office, year=2011)

    with_three = current_round([top.pk])
    close_round(over.pk, office, NOW)
    close_round(year.pk, office, NOW)

    assert with_three == over
    assert current_round([top.pk]) == half
    assert current_round([city.units["9001"].pk]) is None


def test_an_opened_form_shows_the_draft(office: Client, draft: Round) -> None:
    sent = opened(office, f"/rounds/{draft.pk}/change/")

    assert {name: sent[name] for name in ("kind", "year", "start", "end", "due", "version")} == {
        "kind": "annual", "year": "2010", "start": "2010-01-01", "end": "2010-12-31", "due": "2010-11-30", "version": "1",
    }  # fmt: skip
    assert len(sent["unit"]) == 3
