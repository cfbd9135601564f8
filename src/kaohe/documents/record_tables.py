"""The tables of a record sheet: hours month by month, lectures, classes, contests and tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kaohe.documents.content import Align, Cell, Column, Row, Section, Table
from kaohe.documents.numerals import MONTHS, pick
from kaohe.documents.record import OWED, Attended, Form, Record
from kaohe.documents.record_wording import (
    NONE,
    attendance_basis,
    attendance_rule,
    days,
    hours,
    kind_title,
    level_title,
    placing,
    result_sentence,
    status_word,
)
from kaohe.standard.model import Language, Standard

Head = tuple[str, str, Align, float | None]
"""A column: Chinese, English, side, width in millimetres (None: what is left)."""
Line = tuple[int, tuple[str, ...]]
"""A row: the stay in which it fell, and its cells."""

DATE: Head = ("日期", "Date", "left", 30)
TITLE: Head = ("名称", "Title", "left", None)
ATTENDANCE: tuple[Head, ...] = (
    ("应到", "Planned", "right", 16), ("实到", "There", "right", 16), ("出勤", "Attendance", "left", 20),
)  # fmt: skip
BY_RULE: tuple[Head, ...] = (("按规则", "By the rule", "left", 34), ("计分", "Points", "right", 13))
CONTEST: tuple[Head, ...] = (
    DATE, ("类别", "Kind", "left", 30), ("层级", "Level", "left", 30), ("竞赛编号", "Contest", "left", None), ("名次", "Placing", "left", 40),
)  # fmt: skip
TEST: tuple[Head, ...] = (DATE, ("结果", "Result", "left", None))
SHORT: dict[Form, tuple[str, str]] = {"half_day": ("自学自练", "Self-study"), "online": ("网络学习", "Online")}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A part of the sheet: heading, what stands beside it, the table, what stands below; no table where it is empty."""

    title: str
    note: str
    table: Table | None
    below: str = ""


def months(record: Record, language: Language) -> Table | None:
    """Return the hours of which a minimum is asked, month by month; None where the months are too many for a table."""
    shown = record.months()
    if not shown:
        return None
    names = [pick(language, f"{one.first.month}月", MONTHS[one.first.month - 1][:3]) for one in shown]
    columns = (
        Column(pick(language, "分月", "Month"), "left", 25),
        *(Column(name, "right", None) for name in names),
        Column(pick(language, "合计", "Total"), "right", 13),
    )
    rows = tuple(
        Row((
            Cell(pick(language, *SHORT[form])),
            *(Cell(hours(one.done[form]) if form in one.done else NONE) for one in shown),
            Cell(hours(record.hours(form).done), strong=True),
        ))
        for form in OWED
    )  # fmt: skip
    return Table(columns, (Section("", rows),))


def lectures(record: Record, standard: Standard, language: Language) -> SheetPart:
    """Return the lectures, with who held them."""
    found = record.of("lecture")
    lines = [
        (one.stay, (_days(one, language), one.title, _organiser(one, record, standard, language), *_there(one, language)))
        for one in found
    ]  # fmt: skip
    heads = (DATE, TITLE, ("组织", "Held by", "left", 22), *ATTENDANCE)
    return _part(record, language, ("集中训练", "Lectures"), heads, lines, _summed(found, language))


def classes(record: Record, standard: Standard, kind: str, language: Language) -> SheetPart:
    """Return the classes, with the points that the rule of attendance gives the unit for each."""
    found, scored = record.of("class"), attendance_rule(standard) is not None
    lines = [
        (one.stay, (_days(one, language), one.title, *_there(one, language), *(_by_rule(one, language) if scored else ())))
        for one in found
    ]  # fmt: skip
    heads = (DATE, TITLE, *ATTENDANCE, *(BY_RULE if scored else ()))
    below = attendance_basis(standard, kind, language) if found else ""
    return _part(record, language, ("调训班", "Classes"), heads, lines, _summed(found, language), below)


def contests(record: Record, language: Language) -> SheetPart:
    """Return the contests with level and placing."""
    lines = [
        (one.stay, (
            days(one.held_on, one.held_on, language), kind_title(one.kind, language), level_title(one.level, language),
            one.contest, placing(one.place, language),
        ))
        for one in record.contests
    ]  # fmt: skip
    return _part(record, language, ("竞赛", "Contests"), CONTEST, lines, _times(len(lines), language))


def tests(record: Record, language: Language) -> SheetPart:
    """Return the tests with their results as they were recorded."""
    lines = [(one.stay, (days(one.tested_on, one.tested_on, language), one.result)) for one in record.tests]
    return _part(record, language, ("考核测评", "Tests"), TEST, lines, _times(len(lines), language))


def _part(
    record: Record, language: Language, title: tuple[str, str], heads: Sequence[Head], lines: Sequence[Line], note: str,
    below: str = "",
) -> SheetPart:  # fmt: skip
    """A part with its table; of somebody who moved, headings say for which unit the rows count."""
    if not lines:
        return SheetPart(pick(language, *title), pick(language, "没有记录", "nothing recorded"), None)
    columns = tuple(Column(pick(language, zh, en), side, width) for zh, en, side, width in heads)
    sections = tuple(
        Section(_counts_for(record, stay, language), tuple(Row(tuple(map(Cell, cells))) for _, cells in group))
        for stay, group in groupby(lines, lambda line: line[0])
    )
    return SheetPart(pick(language, *title), note, Table(columns, sections), below)


def _counts_for(record: Record, stay: int, language: Language) -> str:
    unit = record.unit_of(stay)
    return pick(language, f"计入{unit}", f"counts for {unit}") if record.moved else ""


def _days(one: Attended, language: Language) -> str:
    return days(one.starts_on, one.ends_on, language)


def _there(one: Attended, language: Language) -> tuple[str, str, str]:
    return hours(one.planned), hours(one.there), status_word(one.status, language)


def _by_rule(one: Attended, language: Language) -> tuple[str, str]:
    return result_sentence(one, language), str(one.points)


def _organiser(one: Attended, record: Record, standard: Standard, language: Language) -> str:
    if not one.unit:
        return pick(language, standard.source.scope, "city")
    own = any(stay.number == one.stay and stay.code == one.unit for stay in record.stays)
    return pick(language, "本单位", "own unit") if own else pick(language, "其他单位", "another unit")


def _times(number: int, language: Language) -> str:
    return pick(language, f"{number}次", str(number))


def _summed(found: Sequence[Attended], language: Language) -> str:
    """How many, and how many of them on leave or absent."""
    said = _times(len(found), language)
    for status in ("leave", "absent"):
        if number := sum(one.status == status for one in found):
            word = status_word(status, language)
            said += pick(language, f"，{word}{number}次", f", {word} {number}")
    return said
