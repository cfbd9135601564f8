"""Whoever changes where people belong tells it: the figures of the units concerned are measured anew, no others."""

from datetime import date

import pytest
from django.urls import reverse

from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person
from kaohe.web.organisation.moves import tell_moves
from kaohe.web.organisation.people import set_posting
from kaohe.web.organisation.tree import place
from kaohe.web.rounds.models import Round
from kaohe.web.training.models import UnitFigures
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.intake.sending import confirmed, csv, people
from tests.web.training.loaded import round_at


@pytest.fixture
def a_round(city: City) -> Round:
    """An open round whose figures are all measured."""
    made = round_at(city.units["0001"], User.objects.get(username="office"))
    UnitFigures.objects.update(stale=False)
    return made


def stale(a_round: Round) -> set[str]:
    return set(UnitFigures.objects.filter(round=a_round, stale=True).values_list("unit", flat=True))


def test_a_move_concerns_both_units(city: City, a_round: Round) -> None:
    set_posting(city.people["P1"], city.units["D02"], date(2010, 7, 1), None, date(2010, 7, 1))

    assert stale(a_round) == {"D01", "D02"}


def test_the_same_posting_again_concerns_nobody(city: City, a_round: Round) -> None:
    set_posting(city.people["P1"], city.units["D01"], None, None, date(2010, 7, 1))

    assert stale(a_round) == set()


def test_a_unit_that_goes_to_another_authority_takes_its_people_out_of_the_figures(city: City, a_round: Round) -> None:
    county = round_at(city.units["X01"], User.objects.get(username="office"), "half_year")
    UnitFigures.objects.update(stale=False)

    place(city.units["D01"], city.units["X01"])

    assert stale(a_round) == {"D01"}
    assert stale(county) == set()  # it had no D01 when it was opened


def test_codes_are_those_of_one_authority(city: City, a_round: Round) -> None:
    tell_moves(city.units["X01"].pk, [city.units["D01"].pk])

    assert stale(a_round) == set()


@pytest.mark.parametrize(
    ("file", "concerned"),
    [
        (people("P1,张三,D02"), {"D01", "D02"}),
        (csv("人员编号,姓名,单位代码,离岗日期", "P1,张三,D01,2010-07-12"), {"D01"}),
        (people("P9,新人,D02"), {"D02"}),
        (csv("人员编号,姓名,单位代码,电话", "P1,张三三,D01,024-1"), set()),
    ],
)
def test_a_file_of_people_tells_it_too_and_so_does_its_return(
    signed_in: SignIn, a_round: Round, file: bytes, concerned: set[str]
) -> None:
    client = signed_in("office")

    found = confirmed(client, file, "people")
    came = stale(a_round)
    UnitFigures.objects.update(stale=False)
    client.post(reverse("import-take-back", args=[found.pk]))

    assert came == concerned
    assert stale(a_round) == concerned
    assert Person.objects.filter(code="P9", authority__code="0001").count() == 0


def test_whom_a_complete_file_lacks_leaves_the_figures(signed_in: SignIn, a_round: Round) -> None:
    confirmed(signed_in("office"), people("P1,张三,D01", "P2,李四,D01"), "people", complete="on")

    assert stale(a_round) == {"D02"}
