"""The notes sheet of a template: every column explained, and the lists that cells choose from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kaohe.ledger.sheet_writing import display_width
from kaohe.ledger.tables import Column, Table
from kaohe.ledger.template_notes import REMEDIES, RULES, SPELLINGS, WORDS, Language, Text

_WIDTHS = (15, 15, 15, 42, 42, 46)
_LINE = 16
_A4 = 9


@dataclass(frozen=True, slots=True)
class Lists:
    """What the standard gives: id and title of each group; id, title and maximum of each criterion."""

    groups: tuple[tuple[str, str], ...]
    criteria: tuple[tuple[str, str, Decimal], ...]


def set_up_page(sheet: Any, title: str, language: Language) -> None:
    """Make a sheet print well: A4 across, one page wide, its header on every page, pages numbered."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
    sheet.set_header(f"&C&14{title}")
    sheet.set_footer(f"&C{WORDS['page'].within(language)}")
    sheet.hide_gridlines(0)


def must(column: Column, language: Language) -> str:
    """Say whether a column is required."""
    word = "optional" if column.optional else "may_be_empty" if column.empty else "required"
    return WORDS[word].within(language)


class NotesSheet:
    """The third sheet. The lists below its table are what the first sheet's cells choose from."""

    def __init__(
        self, book: Any, table: Table, lists: Lists, language: Language, holds: Mapping[tuple[str, str], Text]
    ) -> None:
        self.table, self.holds = table, holds
        self.lists = lists
        self.language = language
        self.name = WORDS["notes"].within(language)
        self.sheet = book.add_worksheet(self.name)
        self.plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
        self.head = book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1, "valign": "vcenter"})
        self.free = book.add_format({"text_wrap": True, "valign": "top"})
        self.number = book.add_format({"num_format": "0.##", "border": 1})
        self._set_up()
        self._rules()
        self._explain()
        self._list()

    @property
    def _table_row(self) -> int:
        return len(RULES) + 2

    @property
    def _list_row(self) -> int:
        return self._table_row + len(self.table.columns) + 3

    def choices(self, kind: str) -> str:
        """Return the range that holds the groups' titles, or the criteria's ids."""
        return self._range(len(self.lists.groups if kind == "group" else self.lists.criteria), last_column="A")

    def most(self, cell: str) -> str:
        """Return the formula of the maximum of the criterion in a cell; without one, of all."""
        whole = self._range(len(self.lists.criteria), last_column="C")
        greatest = max((most for _, _, most in self.lists.criteria), default=Decimal(0))
        return f"IFERROR(VLOOKUP({cell},{whole[1:]},3,FALSE),{greatest})"

    def _range(self, rows: int, *, last_column: str) -> str:
        first = self._list_row + 1
        return f"='{self.name}'!$A${first}:${last_column}${first + max(rows, 1) - 1}"

    def _set_up(self) -> None:
        set_up_page(self.sheet, self.table.title, self.language)
        self.sheet.repeat_rows(self._table_row)
        self.sheet.hide_gridlines(2)
        for at, width in enumerate(_WIDTHS):
            self.sheet.set_column(at, at, width)

    def _rules(self) -> None:
        title = f"{self.table.title}（{self.table.name}.xlsx）"
        self.sheet.merge_range(0, 0, 0, len(_WIDTHS) - 1, title, self.head)
        for row, rule in enumerate(RULES, 1):
            self.sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, rule.within(self.language), self.free)

    def _explain(self) -> None:
        heads = ("header", "name", "must", "holds", "spellings", "remedy")
        for at, head in enumerate(heads):
            self.sheet.write_string(self._table_row, at, WORDS[head].within(self.language), self.head)
        for row, column in enumerate(self.table.columns, self._table_row + 1):
            cells = self._about(column)
            self.sheet.set_row(row, _lines(cells) * _LINE)
            for at, cell in enumerate(cells):
                self.sheet.write_string(row, at, cell, self.plain)

    def _about(self, column: Column) -> tuple[str, ...]:
        between = "、" if self.language == "zh" else ", "
        choices = between.join(f"{title}（{value}）" for value, title in column.choices.items())
        return (
            column.header,
            column.name,
            must(column, self.language),
            self.holds[self.table.name, column.name].within(self.language),
            SPELLINGS[column.kind].within(self.language).format(choices=choices),
            REMEDIES[column.kind].within(self.language),
        )

    def _list(self) -> None:
        """Write the groups or the criteria, where the table has such a column."""
        kinds = {column.kind for column in self.table.columns}
        if "group" in kinds:
            self._heads("group", "group_id")
            for row, (identifier, title) in enumerate(self.lists.groups, self._list_row):
                self.sheet.write_string(row, 0, title, self.plain)
                self.sheet.write_string(row, 1, identifier, self.plain)
        if "criterion" in kinds:
            self._heads("criterion", "criterion_title", "maximum")
            for row, (identifier, title, most) in enumerate(self.lists.criteria, self._list_row):
                self.sheet.write_string(row, 0, identifier, self.plain)
                self.sheet.write_string(row, 1, title, self.plain)
                self.sheet.write_number(row, 2, float(most), self.number)

    def _heads(self, *heads: str) -> None:
        for at, head in enumerate(heads):
            self.sheet.write_string(self._list_row - 1, at, WORDS[head].within(self.language), self.head)


def _lines(cells: tuple[str, ...]) -> int:
    """Return how many lines a row of the table needs: its height is fixed, so that every office suite shows all."""
    return max(math.ceil(display_width(cell) / (width - 2)) for cell, width in zip(cells, _WIDTHS, strict=True))
