"""The annex of 本公训办发〔2010〕2号, sentence by sentence, as `benxi-2010` carries it."""

from decimal import Decimal

import pytest

from kaohe.standard.files import read_standard
from kaohe.standard.rules import Outcome, outcome

STANDARD = read_standard("benxi-2010").standard


def points_of(identifier: str, above: int, below: int) -> str:
    criterion = STANDARD.criterion(identifier)
    assert criterion.measured_rule is not None
    return str(outcome(criterion.measured_rule, (above, below), criterion.points).points)


# 附件：项目和分值


def test_the_standard_is_out_of_a_hundred() -> None:
    assert STANDARD.points == 100


def test_fifteen_and_forty_five_and_twenty_and_twenty_make_a_hundred() -> None:
    points = [item.points for item in STANDARD.items]

    assert points == [15, 45, 20, 20]
    assert sum(points) == 100


def test_the_four_items_are_leadership_tasks_training_from_above_and_groundwork() -> None:
    assert [item.title.zh for item in STANDARD.items] == [
        "组织领导和管理情况", "落实任务、达到要求情况", "完成上级调训任务情况", "基础工作建设情况",
    ]  # fmt: skip


def test_there_are_seventeen_criteria_three_six_four_and_four() -> None:
    assert [len(item.criteria) for item in STANDARD.items] == [3, 6, 4, 4]
    assert len(STANDARD.criteria) == 17


def test_criteria_are_numbered_by_position_where_the_print_repeats_itself() -> None:
    assert " ".join(criterion.id for criterion in STANDARD.criteria) == (
        "A1 A2 A3 B1 B2 B3 B4 B5 B6 C1 C2 C3 C4 D1 D2 D3 D4"
    )


def test_fifteen_criteria_are_worth_five_points() -> None:
    five = [criterion.id for criterion in STANDARD.criteria if criterion.points == 5]

    assert " ".join(five) == "A1 A2 A3 B1 B3 B4 B5 C1 C2 C3 C4 D1 D2 D3 D4"


def test_organised_training_is_worth_ten_points() -> None:
    assert STANDARD.criterion("B2").points == 10


def test_the_drafting_contest_is_worth_fifteen_points() -> None:
    assert STANDARD.criterion("B6").points == 15


def test_the_criteria_of_each_item_add_up_to_it() -> None:
    # 5+5+5, 5+10+5+5+5+15, 5+5+5+5, 5+5+5+5
    assert [sum(criterion.points for criterion in item.criteria) for item in STANDARD.items] == [15, 45, 20, 20]


def test_seven_criteria_are_judged_and_ten_measured() -> None:
    judged = [criterion.id for criterion in STANDARD.criteria if criterion.kind == "judged"]

    assert judged == ["A1", "A2", "A3", "B1", "B2", "B6", "D4"]


def test_money_is_asked_of_counties_and_departments_in_different_words() -> None:
    money = STANDARD.criterion("A3")

    assert "列入县区政府年度财政预算" in money.wording_for("county")
    assert "拨款或经费投入数额" in money.wording_for("department")
    assert all("会议记录或领导批示件" in money.wording_for(group.id) for group in STANDARD.groups)


def test_organised_training_has_five_proofs_of_two_points_each() -> None:
    checklist = STANDARD.criterion("B2").checklist

    assert [check.title.zh for check in checklist] == [
        "授课内容", "时间（日程）", "授课教师名单或讲稿", "签到记录", "个人训练学习笔记",
    ]  # fmt: skip
    assert [check.points for check in checklist] == [2, 2, 2, 2, 2]


def test_every_checklist_is_marked_as_a_local_addition() -> None:
    assert all(check.local for criterion in STANDARD.criteria for check in criterion.checklist)


def test_self_study_is_no_less_than_five_days_or_thirty_class_hours() -> None:
    # a day is 6 class hours: 5 * 6 = 30; half a year owes half of it
    assert STANDARD.minimum_hours.self_study.hours == {"annual": 30, "half_year": 15}


def test_participation_reaches_a_hundred_percent() -> None:
    assert points_of("B5", 37, 37) == "5.00"
    assert points_of("B5", 999, 1000) == "4.99"


def test_who_enters_drafting_and_speech_earns_half_for_each() -> None:
    assert [points_of("C3", kinds, 1) for kinds in (0, 1, 2)] == ["0.00", "2.50", "5.00"]


def test_reaching_the_city_final_earns_five_points() -> None:
    assert [points_of("C4", entries, 1) for entries in (0, 1, 2)] == ["0.00", "5.00", "5.00"]


@pytest.mark.parametrize("identifier", ["B3", "B4", "B5", "C1", "C2", "D1", "D2", "D3"])
def test_what_does_not_apply_to_a_unit_earns_neither_points_nor_nothing(identifier: str) -> None:
    rule = STANDARD.criterion(identifier).measured_rule
    assert rule is not None

    assert outcome(rule, (0, 0), Decimal(5)) == Outcome(None, "absent")
    assert rule.when_absent == "not_applicable"


def test_a_textbook_figure_that_was_never_given_leaves_the_unit_unscored() -> None:
    rule = STANDARD.criterion("D1").measured_rule
    assert rule is not None

    assert rule.when_missing == "unscored"


# 考评说明一：考评档次


@pytest.mark.parametrize(
    ("total", "band", "consequence"),
    [
        ("120.00", "全面完成", "praise"),
        ("100.00", "全面完成", "praise"),
        ("90.00", "全面完成", "praise"),
        ("89.99", "基本完成", "none"),  # between 89 and 90 the document says nothing
        ("89.00", "基本完成", "none"),
        ("60.00", "基本完成", "none"),
        ("59.99", "未完成", "criticism"),  # nor between 59 and 60
        ("59.00", "未完成", "criticism"),
        ("0.00", "未完成", "criticism"),
    ],
)
def test_ninety_is_fully_sixty_is_basically_accomplished_and_less_is_not(
    total: str, band: str, consequence: str
) -> None:
    found = STANDARD.band_of(Decimal(total))

    assert (found.title.zh, found.consequence) == (band, consequence)


# 考评说明二：教材要求


@pytest.mark.parametrize(
    ("percent", "points"),
    [
        (100, "5.00"),
        (80, "5.00"),  # 80% and more: full points
        (79, "4.00"),  # 79% to 70%: 8 of 10
        (70, "4.00"),
        (69, "2.50"),  # 69% to 60%: 5 of 10
        (60, "2.50"),
        (59, "1.00"),  # down to 30%: 2 of 10
        (30, "1.00"),
        (29, "0.00"),  # 29% and less: 0
        (0, "0.00"),
    ],
)
def test_textbooks_at_eighty_seventy_sixty_and_thirty_percent(percent: int, points: str) -> None:
    assert points_of("D1", percent, 100) == points


def test_the_gaps_between_the_textbook_steps_belong_to_the_lower_step() -> None:
    # 79.99%, 69.99%, 59.99%, 29.99%
    assert [points_of("D1", hundredths, 10_000) for hundredths in (7999, 6999, 5999, 2999)] == [
        "4.00", "2.50", "1.00", "0.00",
    ]  # fmt: skip


# 考评说明三：集中训练要求


def test_leave_instead_of_attending_earns_four_and_absence_nothing() -> None:
    # one trainee each: 5 present, 4 on leave, 0 absent without leave
    assert [points_of("C2", points, 1) for points in (5, 4, 0)] == ["5.00", "4.00", "0.00"]


def test_a_unit_earns_the_mean_of_its_trainees() -> None:
    # (5 + 5 + 4 + 0) / 4
    assert points_of("C2", 14, 4) == "3.50"


# 考评说明四：全省竞赛


def test_the_provincial_contest_adds_ten_and_a_placing_another_ten() -> None:
    assert [(bonus.metric, bonus.points) for bonus in STANDARD.bonus] == [
        ("province_entries", 10), ("province_placings", 10),
    ]  # fmt: skip


def test_each_bonus_is_given_once_a_unit_and_at_most_twenty_in_all() -> None:
    assert {bonus.per for bonus in STANDARD.bonus} == {"unit"}
    assert STANDARD.bonus_cap == 20
    assert set(STANDARD.bonus_counts_for) == {"band", "ranking"}


# 五（三）：上报时间


def test_reports_are_due_by_the_end_of_july_and_of_november() -> None:
    assert str(STANDARD.rounds["half_year"].due_on(2010)) == "2010-07-31"
    assert str(STANDARD.rounds["annual"].due_on(2010)) == "2010-11-30"


def test_the_half_year_ends_in_june_and_the_year_in_december() -> None:
    assert [str(day) for day in STANDARD.rounds["half_year"].period(2010)] == ["2010-01-01", "2010-06-30"]
    assert [str(day) for day in STANDARD.rounds["annual"].period(2010)] == ["2010-01-01", "2010-12-31"]


# The document's number, and the decisions on what it leaves open


def test_the_standard_cites_its_document() -> None:
    assert STANDARD.source.number == "本公训办发〔2010〕2号"
    assert str(STANDARD.source.date) == "2010-05-18"


def test_every_criterion_band_and_bonus_names_its_clause() -> None:
    parts = [*STANDARD.criteria, *STANDARD.bands, *STANDARD.bonus]

    assert [part.id for part in parts if not part.clause] == []


def test_nineteen_open_questions_are_decided() -> None:
    assert [decision.number for decision in STANDARD.decisions] == list(range(1, 20))
