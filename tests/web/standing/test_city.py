"""The city's page of a round: who may see it, what its table says, how it sorts, and that it stays quick."""

import random
import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaohe.city import assess
from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.pages.remembered import MEMORY
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.standing.city import city_of
from kaohe.web.standing.city_lines import progress_shown
from kaohe.web.standing.city_page import city_page
from kaohe.web.standing.city_progress import Month, progress_of
from kaohe.web.standing.overview import overview_of
from kaohe.web.training.figures import figures_of, measure_stale
from kaohe.web.training.models import Activity, Attendance, Supply
from random_city import random_city, write_city
from tests.depth import deep
from tests.web.city import City, account, person, unit
from tests.web.conftest import SignIn
from tests.web.training.loaded import NOW, change_of, load, round_at

NO_CITY = [role for role in Role if role not in (Role.OFFICE, Role.AUDITOR)]


@pytest.fixture
def reporting(city: City) -> Round:
    """A round of the county X01 (nobody on its staff), D01 (P1 and P2) and D02 (P3).

    Self-study asks for 30 hours: P1 has 20 in March and 10 in May, P2 the 20 alone. P3 has the 40 hours online in February.
    """
    top = city.units["0001"]
    made = round_at(top, User.objects.get(username="office"))
    held = {"authority": top, "since": change_of(top).number}
    for code, form, month, hours, people in (
        ("A1", "online", 2, 40, ["P3"]), ("A2", "half_day", 3, 20, ["P1", "P2"]), ("A3", "half_day", 5, 10, ["P1"]),
    ):  # fmt: skip
        day = date(2010, month, 10)
        Activity.objects.create(
            code=code, form=form, title=code, starts_on=day, ends_on=day, minutes=hours * 60, **held
        )
        for one in people:
            Attendance.objects.create(person=one, activity=code, status="present", **held)
    return made


def address(a_round: Round, query: str = "") -> str:
    return f"/rounds/{a_round.pk}/city/{query}"


def heat(client: Client, a_round: Round, query: str = "") -> list[list[str]]:
    """The rows of the heat table as somebody reads them: 序号, unit, cells, sum, full points, gap."""
    page = client.get(address(a_round, query)).content.decode()
    table = page[page.index('class="tbl heat"') : page.index("<tfoot>")]
    rows = re.findall(r'<tr><td class="seq opt">(.*?)</tr>', table, re.DOTALL)
    return [re.sub(r"(<[^>]*>)+", "|", row).strip("|").split("|") for row in rows]


@pytest.mark.parametrize("seed", range(deep(3, 10)))
@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_the_points_are_those_that_the_engine_measures(tmp_path: Path, city: City, seed: int, kind: str) -> None:
    write_city(random_city(random.Random(70_000 + seed)), tmp_path / "city")

    loaded = load(tmp_path / "city", city.units["9001"], User.objects.get(username="office"), kind)

    expected = {
        unit.unit.code: [one.outcome.points for one in unit.criteria if one.outcome is not None]
        for unit in assess(tmp_path / "city", kind=kind, year=2010).units
    }
    found = {unit.code: [one.score for one in unit.scores] for unit in city_of(loaded.round).units}
    assert {code: found[code] for code in expected} == expected


@pytest.mark.parametrize("seed", range(deep(3, 10)))
@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_the_last_month_is_what_the_metrics_say(tmp_path: Path, city: City, seed: int, kind: str) -> None:
    write_city(random_city(random.Random(80_000 + seed)), tmp_path / "city")

    loaded = load(tmp_path / "city", city.units["9001"], User.objects.get(username="office"), kind)

    months = progress_of(loaded.round)
    overview = overview_of(loaded.round)
    last = months[-1] if months else Month(NOW.date(), NOW.date(), 0, 0, 0)
    assert (last.self_study, last.online) == (overview.self_study, overview.online)
    counted = [(month.self_study, month.online, month.minutes) for month in months]
    assert all(a <= b for one, later in pairwise(counted) for a, b in zip(one, later, strict=True))


def test_whoever_reaches_a_minimum_counts_from_that_month_on(reporting: Round) -> None:
    assert [(m.last, m.self_study, m.online, m.minutes // 60) for m in progress_of(reporting)] == [
        (date(2010, 1, 31), 0, 0, 0),
        (date(2010, 2, 28), 0, 1, 40),
        (date(2010, 3, 31), 0, 1, 80),
        (date(2010, 4, 30), 0, 1, 80),
        (date(2010, 5, 31), 1, 1, 90),
    ]


def test_the_hours_of_units_that_the_round_does_not_assess_are_not_counted(reporting: Round) -> None:
    reporting.units.filter(code="D02").delete()

    assert [m.minutes // 60 for m in progress_of(reporting)] == [0, 0, 40, 40, 50]


def test_the_progress_is_said_in_words_and_in_figures(reporting: Round) -> None:
    shown = progress_shown(reporting, progress_of(reporting), 3, date(2010, 5, 20))

    assert shown is not None
    assert shown.reached == "到 5月20日，自学达标 33%，在线学习达标 33%"
    assert shown.recorded == "到 5月20日，台账记下 90 学时"
    assert [(row.name, row.self_study, row.online, row.hours) for row in shown.months][1::3] == [
        ("2 月", 0, 33, 40), ("5 月", 33, 33, 90),
    ]  # fmt: skip
    assert "截止 11月30日" in shown.reached_lines


def test_a_round_without_records_has_no_progress(city: City, signed_in: SignIn) -> None:
    made = round_at(city.units["0001"], User.objects.get(username="office"))

    assert progress_of(made) == ()
    assert "台账里还没有这些单位的出勤记录" in signed_in("office").get(address(made)).content.decode()


def test_the_table_has_the_units_in_official_order_with_every_point(reporting: Round, signed_in: SignIn) -> None:
    # D01: one of two at the minimum of self-study, nobody online, both took part. No seats, no classes, no textbooks.
    none, x = "不适用", "—"
    assert heat(signed_in("office"), reporting) == [
        ["1", "本溪县", none, none, none, none, none, "0.00", "0.00", x, "未报数据", none, none, "0.00", "15.00", "15.00"],
        ["2", "市财政局", "2.50", "0.00", "5.00", none, none, "0.00", "0.00", x, "未报数据", "0.00", "0.00", "7.50", "40.00", "32.50"],
        ["3", "市审计局", "0.00", "5.00", "5.00", none, none, "0.00", "0.00", x, "未报数据", "0.00", "0.00", "10.00", "40.00", "30.00"],
    ]  # fmt: skip


def test_the_step_of_a_colour_is_the_share_of_the_points(reporting: Round, signed_in: SignIn) -> None:
    page = signed_in("office").get(address(reporting)).content.decode()

    assert '<td class="h2">2.50</td><td class="h1">0.00</td><td class="h5">5.00</td><td class="na">不适用</td>' in page
    assert '<td class="un"><span aria-hidden="true">—</span><span class="sr">未报数据</span></td>' in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "123"), ("?by=B3", "321"), ("?by=-B3", "231"), ("?by=_sum", "123"), ("?by=-_sum", "321"),
        ("?by=_gap", "231"), ("?by=-_gap", "132"), ("?group=department", "23"), ("?group=department&by=B4", "23"),
        ("?group=county", "1"), ("?by=A1", "123"), ("?by=x%00&group=%00", "123"), ("?by=--B3", "123"),
        ("?by=" + "B3" * 2000, "123"), ("?by=-", "123"), ("?by=", "123"), ("?group=' OR 1=1", "123"),
    ],
)  # fmt: skip
def test_a_column_sorts_and_a_group_filters(reporting: Round, signed_in: SignIn, query: str, numbers: str) -> None:
    assert "".join(row[0] for row in heat(signed_in("office"), reporting, query)) == numbers


def test_a_sorted_column_says_so_and_turns(reporting: Round, signed_in: SignIn) -> None:
    page = signed_in("office").get(address(reporting, "?by=B3&group=department")).content.decode()

    assert 'aria-sort="ascending"><a href="?by=-B3&amp;group=department#points">B3' in page
    assert '<a href="?by=_gap&amp;group=department#points">还差</a>' in page
    assert '<a href="?group=department#points">恢复机构顺序</a>' in page.replace(' class="small"', "")
    assert '<a href="?by=B3#points">全部单位 <b>3</b></a>' in page


def test_the_units_that_miss_most_stand_first_with_what_they_lack(reporting: Round, signed_in: SignIn) -> None:
    page = signed_in("office").get(address(reporting)).content.decode()

    part = page[page.index("最需要帮助的单位") : page.index("<h2>进度")]
    assert re.findall(r"<td class=\"num strong\">([\d.]+)", part) == ["32.50", "30.00", "15.00"]
    assert re.findall(r">(\w\d)</a> ([^、<]+)", part)[:3] == [("B4", "5.00"), ("C3", "5.00"), ("C4", "5.00")]
    assert f"/rounds/{reporting.pk}/units/" in part


def test_the_spread_is_a_finding(reporting: Round, city: City, signed_in: SignIn) -> None:
    Supply.objects.create(
        authority=city.units["0001"], since=1, round=reporting, unit="D01", item="textbook", planned=100, received=62
    )

    page = signed_in("office").get(address(reporting)).content.decode()

    assert "30 学时：2 个单位中没有一个全员达标，最低 0%（市审计局）。" in page
    assert "2 个单位中 2 个满分。" in page
    assert "1 个单位中没有一个满分，最低 62%（市财政局）。" in page
    assert "没有一个单位有得分。" in page
    assert 'aria-label="一半以上 1，0 分 1，没有得分 1"' in page


def test_the_head_says_that_nothing_is_published(reporting: Round, signed_in: SignIn) -> None:
    office = signed_in("office")

    assert "尚未发布，仅训练办公室和审计员可见" in office.get(address(reporting)).content.decode()
    office.cookies["kaohe-language"] = "en"
    english = office.get(address(reporting)).content.decode()
    assert "Not published: only the training office and the auditor see this." in english
    assert "30 hours: None of 2 units with everybody there; lowest 0% (市审计局)." in english


def test_the_overview_sums_a_round_up(reporting: Round) -> None:
    found = overview_of(reporting)

    assert (found.units, found.headcount, found.self_study, found.online) == (3, 3, 1, 1)
    assert (found.mean, found.full) == (Decimal("5.83"), Decimal(50))  # 17.50 of three units
    assert [unit.name for unit in found.furthest] == ["市财政局", "市审计局", "本溪县"]


def test_the_overview_asks_for_the_kept_figures_only(reporting: Round) -> None:
    measure_stale(reporting, NOW)
    kept = Round.objects.select_related("standard").get(pk=reporting.pk)

    with CaptureQueriesContext(connection) as asked:
        overview_of(kept)

    assert len(asked) == 2
    assert not any("training_attendance" in query["sql"] for query in asked.captured_queries)


def test_the_office_and_the_auditor_see_it_and_nobody_else(reporting: Round, city: City, signed_in: SignIn) -> None:
    account("county", Role.OFFICE, city.units["X01"])
    account("foreign", Role.OFFICE, city.units["9001"])

    assert {role: signed_in(role).get(address(reporting)).status_code for role in ("office", "auditor")} == {
        "office": 200, "auditor": 200,
    }  # fmt: skip
    others = [*NO_CITY, "county", "foreign"]
    assert {one: signed_in(one).get(address(reporting)).status_code for one in others} == dict.fromkeys(others, 404)


def test_a_draft_is_not_there_and_a_closed_round_is(reporting: Round, signed_in: SignIn) -> None:
    office, everything = signed_in("office"), Round.objects.filter(pk=reporting.pk)

    everything.update(state=State.CLOSED, closed_at=NOW, ledger_at=1)
    assert office.get(address(reporting)).status_code == 200
    everything.update(state=State.DRAFT, opened_at=None, closed_at=None)
    assert office.get(address(reporting)).status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_a_round_that_is_not_there_is_not_there(reporting: Round, signed_in: SignIn, pk: str) -> None:
    assert signed_in("office").get(f"/rounds/{pk}/city/").status_code == 404


def test_a_round_of_another_authority_shows_only_its_own_units(reporting: Round, city: City, signed_in: SignIn) -> None:
    other = round_at(city.units["9001"], User.objects.get(username="office"))

    rows = heat(signed_in("auditor"), other)

    assert [row[1] for row in rows] == ["清河财政局"]
    assert set(figures_of(other)) == {"D91"}


def test_twice_the_units_and_records_ask_no_more(reporting: Round, city: City, signed_in: SignIn) -> None:
    client, top = signed_in("office"), city.units["0001"]

    def asked(a_round: Round) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(a_round)).status_code == 200
        return len(queries)

    asked(reporting)
    few = asked(reporting)
    for n in range(6):
        person(f"Q{n}", unit(f"E{n}", top, name=f"市{n}局", official_order=10 + n))
        Attendance.objects.create(authority=top, since=1, person=f"Q{n}", activity="A2", status="present")
    more = round_at(top, User.objects.get(username="office"), kind="half_year")

    assert len(city_of(more).units) == 9
    assert asked(more) == few


def test_sorting_does_not_count_the_months_again(
    reporting: Round, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MEMORY, "most", 300)
    client = signed_in("office")
    measure_stale(reporting, NOW)
    client.get(address(reporting))

    with CaptureQueriesContext(connection) as asked:
        page = client.get(address(reporting, "?by=B3")).content.decode()

    assert "台账记下 90 学时" in page
    assert not any("training_attendance" in query["sql"] for query in asked.captured_queries)


def test_a_share_of_nobody_is_no_figure(reporting: Round) -> None:
    RoundUnit.objects.filter(round=reporting).exclude(code="X01").delete()

    page = city_page(reporting, {}, (), date(2010, 5, 20))

    assert [figure.value for figure in page.figures][-2:] == ["—", "—"]
