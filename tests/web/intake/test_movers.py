"""Records of somebody who moved are those of the unit of their day: nobody else's file changes or ends them."""

from typing import Any

import pytest
from django.test import Client

from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from tests.web.conftest import SignIn
from tests.web.intake.ledgers import activities, attendance, brought, ledger_of, open_round
from tests.web.intake.sending import confirmed, csv, sent

SPRING, AUTUMN = "S,,lecture,春季讲座,2010-04-21,2010-04-21,3.0", "W,,lecture,秋季讲座,2010-10-21,2010-10-21,3.0"
CONTESTS, APPRAISALS = "竞赛编号,类别,层级,人员编号,日期", "人员编号,日期,测评结果"


@pytest.fixture
def a_round(signed_in: SignIn) -> Round:
    """P1 has records in spring at D01 and, having moved in July, in autumn at D02."""
    client, made = signed_in("office"), open_round()
    brought(client, activities(SPRING, AUTUMN), "activities", made)
    confirmed(client, csv("人员编号,姓名,单位代码,到岗日期", "P1,张三,D02,2010-07-12"), "people")
    for table, content in everything("spring", "autumn").items():
        brought(client, content, table, made)
    return made


def everything(*seasons: str) -> dict[str, bytes]:
    """Return the files of P1's records of some seasons."""
    days = {"spring": ("S", "2010-04-21"), "autumn": ("W", "2010-10-21")}
    some = [days[season] for season in seasons]
    return {
        "attendance": attendance(*(f"{activity},P1,present," for activity, _ in some)),
        "contests": csv(CONTESTS, *(f"K{activity},writing,city,P1,{day}" for activity, day in some)),
        "appraisals": csv(APPRAISALS, *(f"P1,{day},合格" for _, day in some)),
    }


def sent_by_the_officer(client: Client, content: bytes, table: str, a_round: Round, **values: Any) -> Any:
    unit = Unit.objects.get(code="D01").pk
    return sent(client, content, table, round=a_round.pk, authority=f"unit-{unit}", **values)


@pytest.mark.parametrize("table", ["attendance", "contests", "appraisals"])
def test_the_former_unit_brings_in_what_was_done_there(signed_in: SignIn, a_round: Round, table: str) -> None:
    client = signed_in("officer")
    spring = sent_by_the_officer(client, everything("spring")[table], table, a_round, complete="on")
    assert (spring.state, spring.counts["unchanged"], spring.counts["absent"]) == ("ready", 1, 0)

    autumn = sent_by_the_officer(client, everything("autumn")[table], table, a_round)
    assert [fault["code"] for fault in autumn.faults] == ["not_yours"]


def test_an_entry_of_the_new_unit_does_not_become_one_of_the_former_by_another_day(
    signed_in: SignIn, a_round: Round
) -> None:
    moved = csv(CONTESTS, "KW,writing,city,P1,2010-04-21")
    found = sent_by_the_officer(signed_in("officer"), moved, "contests", a_round)
    assert [(fault["code"], fault["column"]) for fault in found.faults] == [("not_yours", "日期")]


@pytest.mark.parametrize("table", ["attendance", "contests", "appraisals"])
def test_a_round_without_the_new_unit_lets_nothing_of_it_end(signed_in: SignIn, a_round: Round, table: str) -> None:
    client, before = signed_in("office"), ledger_of()
    a_round.units.filter(code="D02").delete()

    found = brought(client, everything("spring")[table], table, a_round, complete="on")
    assert (found.counts["absent"], ledger_of()) == (0, before)
    found = sent(client, everything()[table], table, round=a_round.pk, complete="on")
    assert found.counts["absent"] == 1
