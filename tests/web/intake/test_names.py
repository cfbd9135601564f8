"""Beside each key stands whom and what it means: in the preview, and where an import cannot be taken back."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kaohe.web.intake.models import Import
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.training.models import Activity
from tests.web.city import City, person
from tests.web.conftest import SignIn
from tests.web.intake.ledgers import (
    THREE,
    activities,
    attendance,
    brought,
    open_round,
    quotas,
    settled,
    supplies,
    zipped,
)
from tests.web.intake.sending import csv, people, sent, units
from tests.web.intake.test_access import queries


@pytest.fixture
def a_round(city: City) -> Round:
    """The open annual round of the city."""
    return open_round()


def table_of(client: Client, found: Import, **query: str) -> list[list[str]]:
    """Return the rows of an import's page as texts, the heading first."""
    page = client.get(reverse("import", args=[found.pk]), query).content.decode()
    return cells_of(page)


def cells_of(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<table")[2].partition("</table>")[0], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in cells]


def test_attendance_says_who_of_which_unit_was_where(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    brought(client, activities(*THREE), "activities", a_round)

    found = sent(client, attendance("A1,P1,出勤,3.0", "A2,P3,旷课,"), "attendance", round=a_round.pk)

    assert table_of(client, found) == [
        ["行", "记录", "人员", "所在单位", "活动", "出勤", "实到学时"],
        ["2", "A1 P1", "张三", "市财政局", "公文讲座", "出勤", "3.0"],
        ["3", "A2 P3", "王五", "市审计局", "网络学习", "旷课", ""],
    ]


def test_a_units_own_officer_is_not_told_the_unit(signed_in: SignIn, a_round: Round) -> None:
    brought(signed_in("office"), activities(*THREE), "activities", a_round)
    client, own = signed_in("officer"), f"unit-{Unit.objects.get(code='D01').pk}"

    found = sent(client, attendance("A1,P1,出勤,3.0"), "attendance", authority=own, round=a_round.pk)

    assert table_of(client, found)[0] == ["行", "记录", "人员", "活动", "出勤", "实到学时"]
    assert table_of(client, found)[1][2:4] == ["张三", "公文讲座"]


@pytest.mark.parametrize(
    ("table", "content", "heading", "row"),
    [
        ("quotas", quotas("A3,D01,2"), ["单位", "活动", "名额"], ["A3 D01", "市财政局", "骨干班", "2"]),
        ("supplies", supplies("D02,教材,4,3"), ["单位", "物品", "应配数", "实配数"], ["D02 textbook", "市审计局", "教材", "4", "3"]),
        ("contests", csv("竞赛编号,类别,层级,人员编号,日期", "K1,writing,city,P2,2010-06-09"), ["人员", "所在单位", "类别", "层级", "日期"], ["K1 P2", "李四", "市财政局", "公文写作", "全市", "2010-06-09"]),
        ("appraisals", csv("人员编号,日期,测评结果", "P2,2010-06-09,优秀"), ["人员", "所在单位", "日期", "测评结果"], ["P2 2010-06-09", "李四", "市财政局", "2010-06-09", "优秀"]),
        ("bulletins", csv("单位代码,日期,类别,标题", "D01,2010-06-09,信息,开班"), ["单位", "日期", "类别", "标题"], ["D01 2010-06-09", "市财政局", "2010-06-09", "信息", "开班"]),
        ("activities", activities(THREE[0]), ["名称", "组织单位", "形式", "开始", "结束", "计划学时"], ["A1", "公文讲座", "市财政局 D01", "集中训练", "2010-04-21", "2010-04-21", "3.0"]),
    ],
)  # fmt: skip
def test_every_table_says_what_its_keys_stand_for(
    signed_in: SignIn, a_round: Round, table: str, content: bytes, heading: list[str], row: list[str]
) -> None:
    client = signed_in("office")
    if table == "quotas":
        brought(client, activities(*THREE), "activities", a_round)

    shown = table_of(client, sent(client, content, table, round=a_round.pk))

    assert shown[0][2:] == heading
    assert shown[1][1:] == row


@pytest.mark.parametrize(("language", "title"), [("zh", "{0.zh}"), ("en", "{0.en}")])
def test_a_judgement_says_the_criterion_as_the_rounds_standard_does(
    signed_in: SignIn, a_round: Round, language: str, title: str
) -> None:
    from kaohe.web.standards.queries import standard_of

    criterion = next(one for one in standard_of(a_round.standard).standard.criteria if one.kind == "judged")
    client = signed_in("office")
    client.cookies["kaohe-language"] = language
    file = csv("单位代码,指标编号,环节,得分,评分人,理由", f"D01,{criterion.id},自评,0,甲,无")

    shown = table_of(client, sent(client, file, "judgements", round=a_round.pk))

    assert shown[1][1:4] == [f"D01 {criterion.id} self", "市财政局", title.format(criterion.title)]


def test_a_changed_activity_is_called_by_its_title_and_its_units_by_their_names(
    signed_in: SignIn, a_round: Round
) -> None:
    client = signed_in("office")
    brought(client, activities(*THREE), "activities", a_round)

    found = sent(
        client, activities("A1,D02,lecture,公文讲座,2010-04-21,2010-04-21,3.0"), "activities", round=a_round.pk
    )

    assert table_of(client, found, kind="changed") == [
        ["行", "编号", "名称", "组织单位"],
        ["2", "A1", "公文讲座", "市财政局 D01 → 市审计局 D02"],
    ]


NEW_CITY = {
    "units.csv": units("D09,市新局,department", "D01,市财政局,department").decode(),
    "people.csv": people("Q1,新人,D09", "Q2,郑一,D01", "P1,张三三,D01").decode(),
    "activities.csv": activities("N1,D09,lecture,新讲座,2010-04-21,2010-04-21,3.0").decode(),
    "attendance.csv": attendance("N1,Q1,出勤,3.0", "N1,Q2,请假,", "A2,P1,出勤,20.0").decode(),
}
OF_THE_FOLDER = [
    ["N1 Q1", "新人", "市新局", "新讲座"],
    ["A2 P1", "张三", "市财政局", "网络学习"],
    ["N1 Q2", "郑一", "市财政局", "新讲座"],
]


def test_who_and_what_is_new_in_the_same_folder_is_called_as_the_folder_calls_it(
    signed_in: SignIn, a_round: Round
) -> None:
    client = signed_in("office")
    brought(client, activities(*THREE), "activities", a_round)

    found = sent(client, zipped(NEW_CITY), "city", round=a_round.pk, name="city.zip")

    assert found.state == "ready", found.faults
    shown = table_of(client, found, table="attendance", kind="new")
    assert sorted(row[1:5] for row in shown[1:]) == sorted(OF_THE_FOLDER)
    assert table_of(client, found, table="activities", kind="new")[1][1:4] == ["N1", "新讲座", "市新局 D09"]
    settled(client, found)
    shown = table_of(client, found, table="attendance", kind="new")
    assert sorted(row[2] for row in shown[1:]) == sorted(["新人", "张三三", "郑一"])  # as everybody is called by now


def test_a_long_title_is_broken_into_lines(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    long, short = "公文写作与处理" * 10, "讲座"
    brought(client, activities(*(f"L{n},D01,lecture,{title},2010-04-21,2010-04-21,3.0" for n, title in enumerate((long, short)))), "activities", a_round)  # fmt: skip
    found = sent(client, attendance("L0,P1,请假,", "L1,P1,请假,"), "attendance", round=a_round.pk)

    page = client.get(reverse("import", args=[found.pk])).content.decode()

    assert f'<td class="wraps">{long}</td>' in page
    assert f'<td class="nowrap">{short}</td>' in page


def test_names_are_looked_up_for_the_page_in_the_same_number_of_queries(signed_in: SignIn, a_round: Round) -> None:
    client, unit = signed_in("office"), Unit.objects.get(code="D02")
    brought(client, activities(*THREE), "activities", a_round)
    for n in range(80):
        person(f"M{n:02}", unit, f"人{n:02}")
    few = sent(client, attendance("A1,P1,请假,"), "attendance", round=a_round.pk)
    many = sent(client, attendance(*(f"A{n % 3 + 1},M{n:02},请假," for n in range(80))), "attendance", round=a_round.pk)

    def count(found: Import) -> int:
        return queries(lambda: client.get(reverse("import", args=[found.pk])))

    assert count(few) == count(many)
    assert [row[2] for row in table_of(client, many, page="2")[1:]] == [f"人{n:02}" for n in range(60, 80)]
    assert Activity.objects.count() == 3


def test_who_left_the_ledger_leaves_an_empty_cell(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    found = sent(client, csv("人员编号,日期,测评结果", "P2,2010-06-09,优秀"), "appraisals", round=a_round.pk)
    Unit.objects.get(code="D01").people.get(code="P2").delete()

    assert table_of(client, found)[1][1:4] == ["P2 2010-06-09", "", ""]


def test_what_stands_against_taking_back_is_named(signed_in: SignIn, a_round: Round) -> None:
    client = signed_in("office")
    first = brought(client, activities(*THREE), "activities", a_round)
    brought(client, attendance("A1,P1,出勤,3.0"), "attendance", a_round)
    brought(client, activities("A3,,class,骨干二班,2010-04-12,2010-04-16,30.0"), "activities", a_round)

    page = client.get(reverse("import-take-back", args=[first.pk])).content.decode()

    assert {tuple(row[1:3]) for row in cells_of(page)[1:]} == {("A1 P1", "张三，市财政局，公文讲座"), ("A3", "骨干班")}


def test_an_academy_is_not_told_who_stands_behind_an_id(signed_in: SignIn, a_round: Round) -> None:
    brought(signed_in("office"), activities(*THREE), "activities", a_round)
    academy = signed_in("academy")

    classes = f"classes-{a_round.authority_id}"
    found = sent(academy, attendance("A3,P1,出勤,30.0"), "attendance", authority=classes, round=a_round.pk)

    assert found.classes_only
    assert table_of(academy, found)[0] == ["行", "记录", "活动", "出勤", "实到学时"]
    assert "张三" not in academy.get(reverse("import", args=[found.pk])).content.decode()


@pytest.mark.parametrize(
    ("language", "heads"), [("zh", ["行", "编号", "姓名", "单位"]), ("en", ["Row", "Id", "Name", "Unit"])]
)
def test_people_have_ids_and_names(signed_in: SignIn, language: str, heads: list[str]) -> None:
    client = signed_in("office")
    client.cookies["kaohe-language"] = language

    assert table_of(client, sent(client, people("Q7,新来,D01"), "people"))[0] == heads
