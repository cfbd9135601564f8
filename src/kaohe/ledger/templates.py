"""Empty Excel templates of the ten tables, with lists to choose from, checks of what is typed, and notes.

One workbook a table, named as the ledger reads it. The first sheet holds only the Chinese header
and is filled in; the second shows invented examples; the third explains every column. Everything
about columns comes from `tables.py`; groups and criteria are the standard's, passed in.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from kaohe.ledger.organisation import ORGANISATION
from kaohe.ledger.sheet_writing import cell_writer, display_width
from kaohe.ledger.tables import TABLES, Column, Table
from kaohe.ledger.template_examples import example_rows
from kaohe.ledger.template_notes import ERRORS, HOLDS, ORGANISATION_HOLDS, WORDS, Language, Text
from kaohe.ledger.template_sheet import Lists, NotesSheet, must, set_up_page

_LAST_ROW = 1_048_575
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_NUMBER_FORMATS = {"day": "yyyy-mm-dd", "hours": "0.0", "points": "0.00", "whole": "0"}
"""By kind of column; every other kind is text, so that 007 stays 007."""
_WIDEST = 44
_LEAST_WIDTHS = {"name": 16, "text": 26, "day": 13}


def write_templates(
    folder: Path,
    *,
    groups: Sequence[tuple[str, str]],
    criteria: Sequence[tuple[str, str, Decimal]],
    language: Language = "zh",
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write the templates and return their paths, in the order of the tables.

    groups: id and Chinese title of each peer group, at least one; criteria: id, title and maximum.
    language: of notes and messages; headers and choices stay Chinese. Files that are there already
    raise FileExistsError with their names, and then nothing is written, unless `overwrite`.
    """
    paths = tuple(folder / f"{table.name}.xlsx" for table in TABLES)
    present = [path.name for path in paths if path.exists()]
    if present and not overwrite:
        raise FileExistsError(f"{folder}: {', '.join(present)}")
    folder.mkdir(parents=True, exist_ok=True)
    lists = Lists(tuple(groups), tuple(criteria))
    examples = example_rows(groups, criteria)
    with tempfile.TemporaryDirectory(prefix=".templates-", dir=folder) as aside:
        for table, path in zip(TABLES, paths, strict=True):
            _Template(table, lists, language).write(Path(aside) / path.name, examples[table.name])
        for path in paths:
            (Path(aside) / path.name).replace(path)
    return paths


def write_organisation_template(
    path: Path, table: str, *, groups: Sequence[tuple[str, str]], language: Language = "zh"
) -> None:
    """Write the template of one table of the organisation; KeyError where it has none of that name.

    groups and language: as for `write_templates`. A file that is there already is replaced.
    """
    wanted = next((each for each in ORGANISATION.tables if each.name == table), None)
    if wanted is None:
        raise KeyError(table)
    width = len(wanted.columns)
    examples = [(*row, *[""] * (width - len(row))) for row in example_rows(groups, ())[table]]
    _Template(wanted, Lists(tuple(groups), ()), language, ORGANISATION_HOLDS).write(path, examples)


@dataclass(frozen=True, slots=True)
class _Template:
    """One table's template in the making."""

    table: Table
    lists: Lists
    language: Language
    holds: Mapping[tuple[str, str], Text] = field(default_factory=lambda: HOLDS)

    def write(self, path: Path, examples: Sequence[tuple[str, ...]]) -> None:
        """Write the workbook."""
        import xlsxwriter  # slow import

        with xlsxwriter.Workbook(str(path)) as book:
            book.set_properties({"title": self.table.title, "created": datetime(2010, 1, 1, tzinfo=UTC)})
            form = book.add_worksheet(self.table.title)
            example = book.add_worksheet(WORDS["example"].within(self.language))
            notes = NotesSheet(book, self.table, self.lists, self.language, self.holds)
            for sheet in (form, example):
                self._columns(book, sheet, examples)
                set_up_page(sheet, self.table.title, self.language)
            for at, column in enumerate(self.table.columns):
                self._check(form, at, column, notes)
                form.write_comment(0, at, self._comment(column), {"x_scale": 1.6, "y_scale": 1.1})
            self._mark_gaps(book, form)
            self._fill(book, example, examples)
            form.activate()

    def _columns(self, book: Any, sheet: Any, examples: Sequence[tuple[str, ...]]) -> None:
        """Headers, widths and formats of whole columns; the header's colour says what is required."""
        look = {"bold": True, "border": 1, "align": "center", "valign": "vcenter"}
        required = book.add_format(look | {"bg_color": "#F4C77B"})
        free = book.add_format(look | {"bg_color": "#EDEDED"})
        sheet.set_row(0, 22)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(self.table.columns):
            cells = book.add_format({"num_format": _NUMBER_FORMATS.get(column.kind, "@")})
            sheet.set_column(at, at, _width(column, [row[at] for row in examples]), cells)
            sheet.write_string(0, at, column.header, free if column.empty else required)

    def _comment(self, column: Column) -> str:
        """What the mark at a header says: whether it is required, and what it holds."""
        return f"{must(column, self.language)}\n{self.holds[self.table.name, column.name].within(self.language)}"

    def _check(self, sheet: Any, at: int, column: Column, notes: NotesSheet) -> None:
        """Attach the check of what is typed into a column, if its kind has one."""
        rule = self._rule(at, column, notes)
        if rule is None:
            return
        message = rule.pop("message")
        rule |= {
            "error_title": ERRORS["title"].within(self.language),
            "error_message": ERRORS[message].within(self.language),
        }
        sheet.data_validation(1, at, _LAST_ROW, at, rule)

    def _rule(self, at: int, column: Column, notes: NotesSheet) -> dict[str, Any] | None:
        """Return xlsxwriter's terms for a kind of column and the message's name; None where any text is right."""
        rule: dict[str, Any]
        match column.kind:
            case "choice":
                rule = {"validate": "list", "source": list(column.choices.values()), "message": "list"}
            case "group" | "criterion":
                rule = {"validate": "list", "source": notes.choices(column.kind), "message": "list"}
            case "day":
                rule = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
            case "whole":
                rule = {"validate": "integer", "criteria": ">=", "value": 0}
            case "hours" | "points":
                rule = {"validate": "custom", "value": self._within(at, column, notes)}
            case _:
                return None
        return {"message": column.kind} | rule

    def _within(self, at: int, column: Column, notes: NotesSheet) -> str:
        """Return the formula that holds hours to one decimal, and points to two and the criterion's maximum."""
        from xlsxwriter.utility import xl_rowcol_to_cell  # slow import

        cell = xl_rowcol_to_cell(1, at)
        if column.kind == "hours":
            return f"=AND(ISNUMBER({cell}),{cell}>=0,ROUND({cell},1)={cell})"
        criterion = xl_rowcol_to_cell(1, [each.kind for each in self.table.columns].index("criterion"))
        return f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}<={notes.most(criterion)},ROUND({cell},2)={cell})"

    def _mark_gaps(self, book: Any, sheet: Any) -> None:
        """Colour a required cell that is empty in a row that holds something."""
        from xlsxwriter.utility import xl_col_to_name  # slow import

        gap = book.add_format({"bg_color": "#FBE3E0"})
        last = xl_col_to_name(len(self.table.columns) - 1)
        for at, column in enumerate(self.table.columns):
            if not column.empty:
                formula = f"=AND(COUNTA($A2:${last}2)>0,LEN({xl_col_to_name(at)}2)=0)"
                sheet.conditional_format(1, at, _LAST_ROW, at, {"type": "formula", "criteria": formula, "format": gap})

    def _fill(self, book: Any, sheet: Any, examples: Sequence[tuple[str, ...]]) -> None:
        """Write the example rows as the things that they mean."""
        day = book.add_format({"num_format": _NUMBER_FORMATS["day"]})
        writers = [cell_writer(sheet, column, day, dict(self.lists.groups)) for column in self.table.columns]
        for row, cells in enumerate(examples, 1):
            for at, (write, value) in enumerate(zip(writers, cells, strict=True)):
                if value:
                    write(row, at, value)


def _width(column: Column, examples: Sequence[str]) -> int:
    """Return a column's width in Latin characters: its header (and the mark at it), its longest example."""
    longest = max(display_width(text) for text in (*examples, *column.choices.values(), ""))
    return min(_WIDEST, max(display_width(column.header) + 5, longest + 2, _LEAST_WIDTHS.get(column.kind, 10)))
