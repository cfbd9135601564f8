"""Charts: exact small pictures, and the promise that nothing is drawn outside the box."""

import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.documents.as_html import style_sheet
from kaohe.documents.chart_colours import COLOURS, standalone
from kaohe.documents.charts import (
    Calendar,
    Day,
    Limit,
    Line,
    Pair,
    Part,
    cut,
    distribution,
    dumbbell,
    heat_step,
    percent_of,
    score_bar,
    signed,
    stacked_bar,
    step_lines,
    strip,
    text_width,
)

LIMITS = [Limit(Decimal(90), "一档 90"), Limit(Decimal(60), "二档 60")]
names = st.text(min_size=1, max_size=30)
totals = st.decimals(0, 130, places=2)
JANUARY = date(2010, 1, 1)
YEAR = Calendar(
    JANUARY,
    date(2010, 12, 31),
    [Day(JANUARY, "1 月"), Day(date(2010, 7, 1), "7 月")],
    Day(date(2010, 11, 30), "截止 11月30日"),
)
days = st.dates(date(2009, 12, 1), date(2011, 1, 31))


def test_a_score_bar_is_a_track_and_a_bar() -> None:
    assert score_bar(Decimal("4.00"), Decimal(5), label="4.00 / 5") == (
        '<svg width="84" height="6" viewBox="0 0 84 6" role="img" aria-label="4.00 / 5">'
        '<rect class="f-track" x="0" y="0" width="84" height="6"/>'
        '<rect class="f-navy" x="0" y="0" width="67.2" height="6"/></svg>'
    )


def test_a_stacked_bar_names_its_parts_where_there_is_room() -> None:
    parts = [Part(1, "全面完成", "f-d5"), Part(1, "未完成", "f-red")]

    assert stacked_bar(parts, label="各1个") == (
        '<svg class="ch" viewBox="0 0 460 60" role="img" aria-label="各1个">'
        '<rect class="f-d5" x="0" y="0" width="229" height="34"/><text class="t-on" x="8" y="22">1</text>'
        '<rect class="f-red" x="231" y="0" width="229" height="34"/><text class="t-on" x="239" y="22">1</text>'
        '<text x="0" y="54">全面完成</text><text x="231" y="54">未完成</text></svg>'
    )


def test_a_stacked_bar_has_a_key_where_a_part_is_too_narrow_for_its_name() -> None:
    picture = stacked_bar([Part(99, "基本完成", "f-d3"), Part(1, "未完成", "f-red")], label="")

    assert _texts(picture) == ["99", "基本完成", "99", "未完成", "1"]


def test_a_stacked_bar_leaves_out_an_empty_part() -> None:
    assert "未完成" not in stacked_bar([Part(3, "全面完成", "f-d5"), Part(0, "未完成", "f-red")], label="")


def test_a_strip_is_a_bar_of_its_parts_without_words() -> None:
    parts = [Part(1, "满分", "f-d5"), Part(0, "过半", "f-d4"), Part(2, "零分", "f-red")]

    assert strip(parts, label="满分 1，零分 2") == (
        '<svg width="150" height="10" viewBox="0 0 150 10" role="img" aria-label="满分 1，零分 2">'
        '<rect class="f-d5" x="0" y="0" width="49" height="10"/><rect class="f-red" x="50" y="0" width="99" height="10"/></svg>'
    )


def test_a_line_rises_on_its_days_and_has_its_name_at_its_end() -> None:
    line = Line("42", "navy", [(JANUARY, 0), (date(2010, 12, 31), 50)])

    picture = step_lines([line], YEAR, whole=100, unit="%", label="到 12月31日 42")

    # "100%" takes 4 × 9.6 = 39, and 6 to the axis; "42" takes 20 of 460, and 14 from the axis; 50 of 100 stands at
    # 142 - 116 / 2 = 84.
    assert '<path class="k-navy" d="M45 142H45V142H426V84" fill="none" stroke-width="2.5"/>' in picture
    assert '<circle class="f-navy" cx="426" cy="84" r="4"/>' in picture
    assert '<text class="t-b" x="436" y="89">42</text>' in picture
    assert _texts(picture) == ["0%", "50%", "100%", "截止 11月30日", "42", "1 月", "7 月"]


def test_the_due_day_is_a_red_rule() -> None:
    picture = step_lines([], YEAR, whole=10, label="")

    # The axis runs from 26 to 446, and 30 November is the 334th of 365 days, 333 after the first.
    assert '<line class="k-red" x1="410.2" x2="410.2" y1="20" y2="142" stroke-width="1"/>' in picture
    # Its name takes 4 × 16 + 5 × 9.6 = 112 and would leave the picture: it ends at 460.
    assert '<text class="t-red" x="404" y="14" text-anchor="middle">截止 11月30日</text>' in picture


def test_names_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    lines = [Line(name, "navy", [(JANUARY, value)]) for name, value in (("甲", 2), ("乙", 1), ("丙", 99))]

    picture = step_lines(lines, YEAR, whole=100, label="")

    places = dict(re.findall(r'<text class="t-b"[^>]* y="([\d.]+)">(.)</text>', picture))
    assert {name: float(y) for y, name in places.items()} == {"丙": 32.2, "甲": 129, "乙": 147}


def test_a_line_without_days_is_not_drawn() -> None:
    assert "<path" not in step_lines([Line("甲", "navy", [])], YEAR, whole=1, label="")


def test_a_dumbbell_shows_ring_dot_and_gap() -> None:
    picture = dumbbell([Pair("南芬区", Decimal("82.50"), Decimal("70.00"))], LIMITS, label="高出12.50分")

    # Names take 3 × 16 + 14 = 62, the axis from 70 to 90 ends at 460 - 62 = 398: 82.50 stands at 62 + 336 × 0.625.
    assert '<circle class="f-paper k-navy" cx="272" cy="35.5" r="4.5" stroke-width="2"/>' in picture
    assert '<circle class="f-navy" cx="62" cy="35.5" r="5.5"/>' in picture
    assert '<text class="t-b" x="458" y="40.5" text-anchor="end">+12.50</text>' in picture
    assert _texts(picture) == ["一档 90", "70", "80", "90", "南芬区", "+12.50"]


def test_a_dumbbell_without_a_gap_is_a_dot() -> None:
    picture = dumbbell([Pair("南芬区", Decimal(70), Decimal(70))], [], label="")

    assert picture.count("<circle") == 1
    assert '<text x="458" y="40.5" text-anchor="end">0.00</text>' in picture


def test_a_distribution_counts_every_total_in_its_step() -> None:
    values = [Decimal(v) for v in ("59.99", "60.00", "64.99", "65.00", "89.99", "90.00", "98.64", "112.89")]

    picture = distribution(values, LIMITS, label="")

    counted = re.findall(r'<text class="t-b"[^>]*>(\d+)</text>', picture)
    assert counted == ["1", "2", "1", "1", "1", "1", "1"]
    assert "一档 90" in picture
    assert "二档 60" in picture


@pytest.mark.parametrize(
    ("score", "step"), [("0", 1), ("1.99", 1), ("2", 2), ("3", 3), ("4", 4), ("4.75", 5), ("5", 5)]
)
def test_heat_steps_stand_at_40_60_80_and_95_per_cent(score: str, step: int) -> None:
    assert heat_step(Decimal(score), Decimal(5)) == step


def test_only_full_points_are_100_per_cent_and_only_none_are_0() -> None:
    shown = [percent_of(Decimal(score), Decimal(15)) for score in ("15", "14.99", "7.50", "0.01", "0")]

    assert shown == [100, 99, 50, 1, 0]


def test_names_are_escaped_and_long_ones_cut() -> None:
    picture = dumbbell([Pair("<script>&", Decimal(1), Decimal(2))], [], label='a"b')

    assert "&lt;script&gt;&amp;" in picture
    assert 'aria-label="a&quot;b"' in picture
    assert cut("市城市管理综合行政执法总局局", 12) == "市城市管理综合行政执法…"
    assert cut("市城市管理综合行政执法局", 12) == "市城市管理综合行政执法局"


def test_differences_carry_their_sign() -> None:
    assert [signed(Decimal(v)) for v in ("1.5", "-0.5", "0")] == ["+1.50", "−0.50", "0.00"]


def test_outside_a_page_the_classes_become_the_colours_of_the_style_sheet() -> None:
    style = style_sheet("report.css")
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style.split("@media")[0]))
    same = {"mid": "navy-mid", "grid": "line", "axis": "ink", "on": "on-data", "text": "ink-2"}

    assert {name: tokens[same.get(name, name)] for name in COLOURS} == COLOURS


def test_a_standalone_picture_has_no_class_left_and_parses() -> None:
    picture = standalone(dumbbell([Pair("南芬区", Decimal(80), Decimal(70))], LIMITS, label="高出10.00分"))

    root = ET.fromstring(picture)  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["fill"] == "#4a463f"
    assert "class=" not in picture
    assert 'fill="#fbfaf7" stroke="#1c4077" cx=' in picture


@given(
    st.lists(st.tuples(st.integers(0, 3000), names), min_size=1, max_size=6).filter(
        lambda parts: any(n for n, _ in parts)
    )
)
def test_stacked_bars_stay_inside_the_box(parts: list[tuple[int, str]]) -> None:
    _stays_inside(stacked_bar([Part(count, name, "f-d3") for count, name in parts], label=""))


@given(st.lists(st.tuples(names, totals, totals), min_size=1, max_size=12))
def test_dumbbells_stay_inside_the_box(rows: list[tuple[str, Decimal, Decimal]]) -> None:
    _stays_inside(dumbbell([Pair(*row) for row in rows], LIMITS, label=""))


@given(st.lists(st.tuples(st.integers(0, 50), names), min_size=1, max_size=7))
def test_strips_stay_inside_the_box(parts: list[tuple[int, str]]) -> None:
    _stays_inside(strip([Part(count, name, "f-d3") for count, name in parts], label=""))


@given(
    st.lists(st.tuples(names, st.dictionaries(days, st.integers(0, 2_000_000))), max_size=4),
    st.integers(1, 1_000_000), days, st.integers(0, 400),
)  # fmt: skip
def test_step_lines_stay_inside_the_box(
    lines: list[tuple[str, dict[date, int]]], whole: int, due: date, length: int
) -> None:
    ticks = [Day(JANUARY + timedelta(days=day), f"{day} 月") for day in range(0, length, 30)]
    calendar = Calendar(JANUARY, JANUARY + timedelta(days=length), ticks, Day(due, f"due {due}"))

    picture = step_lines(
        [Line(name, "mid", sorted(marks.items())) for name, marks in lines], calendar, whole=whole, label=""
    )

    _stays_inside(picture)
    for path in re.findall(r' d="([^"]*)"', picture):
        assert all(0 <= float(x) <= 460 for x in re.findall(r"H([\d.]+)", path))
        assert all(26 <= float(y) <= 142 for y in re.findall(r"V([\d.]+)", path))


@given(st.lists(totals, min_size=1, max_size=200))
def test_distributions_stay_inside_the_box_and_lose_nobody(values: list[Decimal]) -> None:
    picture = distribution(values, LIMITS, label="")

    _stays_inside(picture)
    counted = re.findall(r'<text class="t-b"[^>]*>(\d+)</text>', picture)
    assert sum(map(int, counted)) == len(values)


@given(st.decimals(-1, 20, places=2), st.decimals(0, 15, places=2))
def test_score_bars_stay_inside_the_box(score: Decimal, full: Decimal) -> None:
    _stays_inside(score_bar(score, full, label=""))


def _texts(picture: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture)


def _stays_inside(picture: str) -> None:
    """Every shape of a picture lies in its view box, and the picture is well-formed."""
    root = ET.fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", picture))  # noqa: S314 - our own
    width, height = (float(edge) for edge in root.attrib["viewBox"].split()[2:])
    for mark in root:
        box = {name: float(value) for name, value in mark.attrib.items() if _is_number(value)}
        across = [box[k] for k in ("x", "x1", "x2", "cx") if k in box]
        down = [box[k] for k in ("y", "y1", "y2", "cy") if k in box]
        assert all(0 <= x <= width + 0.1 for x in across), ET.tostring(mark)
        assert all(0 <= y <= height + 0.1 for y in down), ET.tostring(mark)
        if mark.tag == "rect":
            assert box["x"] + box["width"] <= width + 0.1
            assert box["y"] + box["height"] <= height + 0.1
        if mark.tag == "text":
            _text_fits(mark, box["x"], width)


def _text_fits(mark: ET.Element, x: float, width: float) -> None:
    room = text_width(mark.text or "")
    left = x - {"end": room, "middle": room / 2}.get(mark.attrib.get("text-anchor", ""), 0)
    assert left >= -1
    assert left + room <= width + 1


def _is_number(value: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
