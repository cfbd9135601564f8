"""The record sheet states facts: hours, classes by the rule, contests and tests; it adds nobody up and grades nobody."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from kaohe.assessment.result import Round
from kaohe.documents.as_pdf import Press
from kaohe.documents.content import Table
from kaohe.documents.record import Appraised, Attended, Entry, Form, Record, Stay
from kaohe.documents.record_sheet import Checkpoint, RecordSheet, record_sheet
from kaohe.documents.record_tables import SheetPart
from kaohe.standard.files import parse_standard, read_standard

FILE = read_standard("benxi-2010")
STANDARD = FILE.standard
ON = date(2010, 12, 1)
CHECKPOINT = Checkpoint(9345, "q7Zt4cVd3k9bq0sM1xW8hYpLr2aGfTe6uJn5iKoBm0E=")
HERE = Stay(1, "D34", "市药监局", date(2004, 7, 1), None, True, True)
MOVED = (
    replace(HERE, departed=date(2010, 8, 1), staff=False),
    Stay(2, "D02", "市财政局", date(2010, 8, 1), None, True, True),
)
GONE = (replace(HERE, departed=date(2010, 9, 1), staff=False),)


def attended(
    form: Form, day: date, planned: float, status: str = "present", spent: float | None = None, **more: Any
) -> Attended:
    minutes = None if spent is None else int(spent * 60)
    values = {"stay": 1, "activity": "A", "unit": "D34", "title": "公文写作", "starts_on": day, "ends_on": day} | more
    return Attended(form=form, planned=int(planned * 60), status=status, spent=minutes, **values)


RECORD = Record(
    name="韩雪梅", code="D034-0027", post="副主任科员", period=Round("annual", 2010, date(2010, 1, 1), date(2010, 12, 31)),
    due=date(2010, 11, 30), self_wanted=1800, online_wanted=2400, stays=(HERE,),
    attended=(
        attended("half_day", date(2010, 1, 8), 3, "leave", 3),
        attended("half_day", date(2010, 2, 5), 3, spent=1.5),
        attended("half_day", date(2010, 3, 5), 33),
        attended("lecture", date(2010, 4, 16), 3),
        attended("lecture", date(2010, 5, 21), 3, "leave", unit="", title="全市辅导讲座"),
        attended("class", date(2010, 6, 11), 30, starts_on=date(2010, 6, 7), title="训练班（第2期）"),
        attended("online", date(2010, 6, 30), 36),
        attended("class", date(2010, 9, 8), 18, "leave", 16, title="自动化班"),
        attended("class", date(2010, 9, 18), 18, "absent", title="演讲班"),
    ),
    contests=(Entry(1, "K1", "writing", "unit", date(2010, 6, 25), "二等奖"), Entry(1, "K2", "speech", "city_final", date(2010, 9, 17), "")),
    tests=(Appraised(1, date(2010, 11, 19), "合格"),),
)  # fmt: skip


def moved() -> Record:
    later = tuple(replace(one, stay=2) if one.ends_on >= date(2010, 8, 1) else one for one in RECORD.attended)
    return replace(RECORD, stays=MOVED, attended=later)


def part(content: RecordSheet, title: str) -> SheetPart:
    return next(part for part in content.parts if part.title == title)


def cells(table: Table | None) -> list[tuple[str, ...]]:
    assert table is not None
    return [tuple(cell.text for cell in row.cells) for section in table.sections for row in section.rows]


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "").replace(" ", "")


def test_the_head_says_who_when_and_where() -> None:
    content = record_sheet(RECORD, STANDARD, ON)

    assert content.title == "行政机关公务员基本功训练手册记录"
    assert content.headline == ("2010年度", "记录截至2010年12月1日", "编号　D034-0027")
    assert (content.name, content.facts, content.since) == ("韩雪梅", "市药监局　副主任科员", "2004年7月1日到岗")
    assert content.stays == ()
    assert "benxi-2010 第1版" in content.note


def test_only_presence_counts_as_hours() -> None:
    hours = record_sheet(RECORD, STANDARD, ON).hours

    # half days: 1.5 of 3 planned and 33 planned in full; three hours on leave count nothing
    assert [(row.title, row.wanted, row.done, row.lacking) for row in hours] == [
        ("“每周半日”自学自练", "30.0", "34.5", "0.0"), ("网络在线学习", "40.0", "36.0", "4.0"),
    ]  # fmt: skip
    assert [row.share for row in hours] == [1.0, 0.9]


def test_a_month_without_records_differs_from_one_without_hours() -> None:
    rows = cells(record_sheet(RECORD, STANDARD, ON).months)

    assert rows[0] == ("自学自练", "0.0", "1.5", "33.0", *["—"] * 9, "34.5")


def test_lectures_say_who_held_them_and_who_was_on_leave() -> None:
    found = part(record_sheet(RECORD, STANDARD, ON), "集中训练")

    assert found.note == "2次，请假1次"
    assert cells(found.table) == [
        ("4月16日", "公文写作", "本单位", "3.0", "3.0", "出勤"), ("5月21日", "全市辅导讲座", "全市", "3.0", "0.0", "请假"),
    ]  # fmt: skip


def test_classes_have_the_points_of_the_rule_with_clause_and_sentence() -> None:
    found = part(record_sheet(RECORD, STANDARD, ON), "调训班")

    assert cells(found.table) == [
        ("6月7日至11日", "训练班（第2期）", "30.0", "30.0", "出勤", "全程参加", "5"),
        ("9月8日", "自动化班", "18.0", "16.0", "请假", "缺2.0学时，超过计划的10%", "4"),
        ("9月18日", "演讲班", "18.0", "0.0", "旷课", "旷课", "0"),
    ]
    assert found.below.startswith("规则（一（二），附件三之2，考评说明三）：每名学员出勤得5分，")
    assert found.below.endswith("这是所在单位C2项的计分，不是对个人的评分。")


def test_a_standard_without_a_rule_of_attendance_gives_classes_no_points() -> None:
    rule = b"{shape: points, metric: class_points, scale: 5, aggregate: mean, when_absent: not_applicable}"
    judged = parse_standard(FILE.content.replace(rule, b"{shape: judged}"), "judged.yaml").standard

    found = part(record_sheet(RECORD, judged, ON), "调训班")

    assert cells(found.table)[2] == ("9月18日", "演讲班", "18.0", "0.0", "旷课")
    assert found.below == ""


def test_contests_and_tests_stand_as_they_were_recorded() -> None:
    content = record_sheet(RECORD, STANDARD, ON)

    assert cells(part(content, "竞赛").table) == [
        ("6月25日", "公文写作", "单位", "K1", "二等奖"), ("9月17日", "主题演讲", "全市决赛", "K2", "未获名次"),
    ]  # fmt: skip
    assert cells(part(content, "考核测评").table) == [("11月19日", "合格")]


def test_nothing_recorded_is_said_in_words() -> None:
    content = record_sheet(replace(RECORD, attended=(), contests=(), tests=()), STANDARD, ON)

    assert [(part.note, part.table) for part in content.parts] == [("没有记录", None)] * 4
    assert [row.lacking for row in content.hours] == ["30.0", "40.0"]


def test_of_whoever_moved_every_record_says_for_which_unit_it_counts() -> None:
    content = record_sheet(moved(), STANDARD, ON)
    table = part(content, "调训班").table

    assert table is not None
    assert [(section.title, len(section.rows)) for section in table.sections] == [
        ("计入市药监局", 1),
        ("计入市财政局", 2),
    ]
    assert content.stays == (
        "市药监局：2004年7月1日到岗，2010年8月1日离岗；自学自练34.5学时，网络学习36.0学时",
        "市财政局：2010年8月1日到岗；自学自练0.0学时，网络学习0.0学时",
    )
    assert "各单位只计在本单位期间的记录" in content.note


def test_whoever_is_gone_when_the_period_ends_owes_nothing() -> None:
    content = record_sheet(replace(RECORD, stays=GONE), STANDARD, ON)

    assert [row.lacking for row in content.hours] == ["—", "—"]
    assert content.since == "2010年9月1日离岗"


def test_months_of_a_long_period_are_left_out() -> None:
    period = Round("annual", 2010, date(2009, 6, 1), date(2010, 12, 31))

    assert record_sheet(replace(RECORD, period=period), STANDARD, ON).months is None


def test_in_english() -> None:
    content = record_sheet(RECORD, STANDARD, ON, "en")

    assert content.headline == ("2010", "As recorded on 1 December 2010", "No. D034-0027")
    assert cells(part(content, "Classes").table)[1][5:] == ("2.0 h missed, over 10% of the plan", "4")
    assert content.foot == ("The journal has no checkpoint yet", "")


def test_printed_it_is_one_page_with_the_checkpoint(press: Press) -> None:
    pdf = press.record_sheet(record_sheet(RECORD, STANDARD, ON, "zh", CHECKPOINT))

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    found = text(pdf)
    assert all(
        said in found
        for said in ("韩雪梅", "34.5", "演讲班", "二等奖", "日志检查点9,345号", CHECKPOINT.root, "第1页，共1页")
    )


def test_the_same_values_give_the_same_bytes_whatever_was_printed_before(press: Press) -> None:
    content = record_sheet(RECORD, STANDARD, ON, "zh", CHECKPOINT)
    before = press.record_sheet(content)
    press.record_sheet(record_sheet(moved(), STANDARD, ON, "en"))

    assert press.record_sheet(content) == before == Press().record_sheet(content)


def test_long_lists_run_over_pages_with_their_heads(press: Press) -> None:
    many = tuple(attended("lecture", date(2010, 4, 16), 3, title="讲座" * 20) for _ in range(90))
    pages = PdfReader(io.BytesIO(press.record_sheet(record_sheet(replace(RECORD, attended=many), STANDARD, ON)))).pages

    assert len(pages) > 2
    assert all("名称" in page.extract_text() for page in pages[:3])
    assert "本人核对" in pages[-1].extract_text()
