"""One cell: every accepted spelling of `data-format.md`, and that nothing else is accepted."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.ledger.cells import BLANKS, Cell, Terms, normal, read_cell
from kaohe.ledger.tables import BY_NAME, TABLES, Column

TERMS = Terms(
    {"county": "county", "县区": "county"}, {"A1": Decimal(5)}, frozenset(), frozenset({"P1"}), Decimal("0.5")
)
HOURS = BY_NAME["attendance"].column("hours")
DAY = BY_NAME["activities"].column("ends_on")
POINTS = BY_NAME["judgements"].column("points")
SEATS = BY_NAME["quotas"].column("seats")
PLACE = BY_NAME["contests"].column("place")

WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(["{0}", "{1}/{2}/{3}", "{1}.{2}.{3}", "{1}年{2}月{3}日", "{1}-{2}-{3}"]),
)
def test_a_day_is_read_in_each_of_its_spellings_full_width_or_not(day: date, spelling: str) -> None:
    text = spelling.format(day.isoformat(), day.year, day.month, day.day)

    for written in (text, text.translate(WIDE), f"　{text} "):
        assert read_cell(DAY, written, TERMS) == Cell(day.isoformat())


@given(st.integers(0, 9_999_999_990))
def test_hours_become_whole_minutes_exactly(tenths: int) -> None:
    text = f"{tenths // 10}.{tenths % 10}"

    assert read_cell(HOURS, text, TERMS) == Cell(str(tenths * 6))
    assert read_cell(HOURS, f"{text}0".translate(WIDE), TERMS) == Cell(str(tenths * 6))


@given(st.text(max_size=12))
def test_no_text_crashes_the_reader_and_what_is_read_is_in_its_form(text: str) -> None:
    for table in TABLES:
        for column in table.columns:
            cell = read_cell(column, text, TERMS)
            assert (cell.fault is None) or (cell.value is None)
            if column.kind == "day" and cell.value is not None:
                assert date.fromisoformat(cell.value).isoformat() == cell.value
            if column.kind in ("hours", "whole") and cell.value is not None:
                assert int(cell.value) >= 0


@pytest.mark.parametrize("column", [c for table in TABLES for c in table.columns if c.choices], ids=lambda c: c.name)
def test_a_choice_is_read_in_english_and_in_chinese(column: Column) -> None:
    for english, chinese in column.choices.items():
        for written in (english, chinese, english.translate(WIDE), f" {chinese}　"):
            assert read_cell(column, written, TERMS) == Cell(english)
    assert read_cell(column, next(iter(column.choices)).upper(), TERMS).fault == "choice_unknown"


@pytest.mark.parametrize("text", ["无", "0", "-", "—", "０", "－", " 无 ", ""])
def test_a_placing_spelled_out_as_none_is_none(text: str) -> None:
    assert read_cell(PLACE, text, TERMS) == Cell()


@pytest.mark.parametrize("text", ["1", "一等奖", "00", "第0名", "优秀"])
def test_any_other_text_is_a_placing(text: str) -> None:
    assert read_cell(PLACE, text, TERMS).value == text


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (HOURS, "1,000", "number_wrong"), (HOURS, "+1", "number_wrong"), (HOURS, "1e3", "number_wrong"),
        (HOURS, "٣", "number_wrong"), (HOURS, "0.05", "hours_decimals"), (HOURS, "-0.1", "number_negative"),
        (SEATS, "2.5", "number_not_whole"), (POINTS, "4.25", "points_off_step"), (POINTS, "4.125", "points_decimals"),
        (DAY, "2010-02-29", "day_impossible"), (DAY, "10-02-01", "day_wrong"), (DAY, "2010-5/18", "day_wrong"),
        (DAY, "2010-05-18 09:00", "day_wrong"), (DAY, "40316", "day_wrong"),
    ],
)  # fmt: skip
def test_what_is_not_accepted(column: Column, text: str, code: str) -> None:
    assert read_cell(column, text, TERMS).fault == code


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [(SEATS, "5.0", "5"), (SEATS, "0", "0"), (POINTS, "4.50", "4.50"), (HOURS, "2.50", "150"), (HOURS, "-0", "0")],
)
def test_decimals_count_by_value(column: Column, text: str, value: str) -> None:
    assert read_cell(column, text, TERMS) == Cell(value)


def test_every_blank_is_trimmed() -> None:
    assert all(blank.strip() == "" for blank in BLANKS)
    assert normal(f"{BLANKS}Ｕ０１{BLANKS}") == "U01"
