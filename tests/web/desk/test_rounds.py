"""The home page in a round: the phases, and what each role has to do by when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from kaohe.web.accounts.models import User
from kaohe.web.accounts.standing import Standing, standing_of
from kaohe.web.desk import rounds
from kaohe.web.desk.home import Home, home_of
from kaohe.web.desk.phases import phases_of, round_of
from kaohe.web.rounds.models import Round, State
from tests.web.city import City
from tests.web.training.loaded import close, round_at, version_of

MORNING = datetime(2010, 11, 20, 1, tzinfo=UTC)
TODAY = date(2010, 11, 20)


def who(username: str) -> Standing:
    return standing_of(User.objects.get(username=username), TODAY)


def home(username: str) -> Home:
    return home_of(who(username), MORNING)


@pytest.fixture
def open_round(city: City) -> Round:
    return round_at(city.units["0001"], User.objects.get(username="office"))


@pytest.mark.parametrize(
    ("state", "expected"),
    [(State.DRAFT, "now,,,"), (State.REPORTING, "done,now,,"), (State.CLOSED, "done,done,,")],
)
def test_the_line_stands_where_the_round_is(open_round: Round, state: State, expected: str) -> None:
    open_round.state = state

    assert ",".join(phase.state for phase in phases_of(open_round, TODAY)) == expected


def test_without_a_round_the_first_phase_is_still_to_do(city: City) -> None:
    assert [phase.state for phase in phases_of(None, TODAY)] == ["now", "", "", ""]


@pytest.mark.parametrize(
    "username",
    [
        "office",
        "officer",
        "leader",
        "inspector",
        "reviewer",
        "academy",
        "civil_servant",
        "auditor",
        "system",
        "security",
    ],
)
def test_every_role_sees_the_four_phases(open_round: Round, username: str) -> None:
    shown = home(username)

    assert [phase.title[:4] for phase in shown.phases] == ["第一阶段", "第二阶段", "第三阶段", "第四阶段"]
    assert shown.phases[1].note == "11月30日 24:00截止，还有 10 天"


def test_whoever_stands_below_a_foreign_authority_has_no_part_in_the_round(city: City, open_round: Round) -> None:
    foreign = round_at(city.units["9001"], User.objects.get(username="office"))
    Round.objects.filter(pk=open_round.pk).delete()

    assert round_of(who("officer")) is None
    assert foreign.authority == city.units["9001"]


def test_an_office_is_led_from_the_standard_to_the_round(city: City) -> None:
    assert [task.title for task in rounds.office_part(who("office"), None, TODAY).tasks] == ["定下考核标准"]
    version_of(city.units["0001"])
    assert [task.title for task in rounds.office_part(who("office"), None, TODAY).tasks] == ["建立考核轮次"]

    draft = round_at(city.units["0001"], User.objects.get(username="office"))
    Round.objects.filter(pk=draft.pk).update(state=State.DRAFT, opened_at=None)

    assert [task.title for task in rounds.office_part(who("office"), round_of(who("office")), TODAY).tasks] == [
        "开始 2010年全年考核 填报"
    ]


def test_an_office_sees_the_units_furthest_behind(open_round: Round) -> None:
    part = rounds.office_part(who("office"), open_round, TODAY)

    assert len(part.tasks) == 3
    assert part.tasks[0].when == "11月30日"
    assert [figure.value for figure in part.figures][:2] == ["0", "0"]


def test_a_unit_sees_what_brings_it_most(open_round: Round) -> None:
    part = rounds.unit_part(who("officer"), open_round, TODAY)

    assert part is not None
    assert part.tasks[0].title.startswith("B3 ")
    assert "还有 10 天" in part.sub


def test_what_is_late_is_said_to_be_late(open_round: Round) -> None:
    part = rounds.unit_part(who("officer"), open_round, TODAY + timedelta(days=20))

    assert part is not None
    assert all(task.over for task in part.tasks)


def test_a_closed_round_asks_nothing(open_round: Round) -> None:
    close(open_round)

    for username in ("officer", "office"):
        assert not [task for task in home(username).tasks if "缺" in task.title]


def test_an_inspector_is_told_of_the_round_and_sees_no_points(open_round: Round) -> None:
    part = rounds.reader_part(who("inspector"), open_round, TODAY)

    assert part is not None
    assert [fact.label for fact in part.facts] == ["标准", "考核期间", "自评报告截止"]
    assert not part.figures


@pytest.mark.parametrize(("day", "said"), [(TODAY, "is due 20 Nov, 24:00, today"), (date(2010, 11, 17), "was due 17 Nov, 24:00, 3 days ago")])  # fmt: skip
def test_a_due_day_that_is_over_was_due(open_round: Round, day: date, said: str) -> None:
    Round.objects.filter(pk=open_round.pk).update(due=day)

    with translation.override("en"):
        assert f"Annual round of 2010 {said}" in home("office").sub
