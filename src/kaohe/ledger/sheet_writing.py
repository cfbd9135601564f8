"""Cells of a worksheet that is being written: texts become true dates, numbers and Chinese choices."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kaohe.ledger.tables import Column

_FIRST_WIDE = 0x2E80
"""From here on (radicals, CJK, full-width forms) a character is as wide as two Latin ones."""


CellWriter = Callable[[int, int, str], object]
"""Writes a text into the cell of a row and a column, both counted from 0."""


def cell_writer(sheet: Any, column: Column, day_format: Any, group_titles: Mapping[str, str]) -> CellWriter:
    """Return what writes a ledger text (`2010-05-18`, `3.0`, `present`) into a cell as the thing that it means.

    sheet: a worksheet of xlsxwriter; group_titles: the Chinese title of each peer group's id.
    """
    if column.kind == "day":
        return lambda row, at, value: sheet.write_datetime(row, at, date.fromisoformat(value), day_format)
    if column.kind in ("hours", "points", "whole"):
        return lambda row, at, value: sheet.write_number(row, at, float(value))
    titles = group_titles if column.kind == "group" else column.choices
    if titles:
        return lambda row, at, value: sheet.write_string(row, at, titles[value])
    write: CellWriter = sheet.write_string
    return write


def display_width(text: str) -> int:
    """Return how many Latin characters wide a text's widest line is.

    >>> display_width("单位 code")
    9
    """
    return max(sum(2 if ord(character) >= _FIRST_WIDE else 1 for character in line) for line in text.split("\n"))
