"""The Excel templates: headers from `tables.py`, lists and checks where they belong, examples that are valid."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from kaohe.ledger.tables import BY_NAME, TABLES, Column, Table
from kaohe.ledger.template_notes import HOLDS
from kaohe.ledger.templates import write_templates

GROUPS = (("county", "县区"), ("department", "部门"))
CRITERIA = (("A1", "组织领导", Decimal(5)), ("B6", "竞赛活动", Decimal(15)), ("D1", "教材", Decimal("2.5")))
LETTERS = "ABCDEFG"
LAST = 1_048_576
Books = dict[str, Any]
"""The workbooks as openpyxl reads them, by table."""


def load(path: Path) -> Any:
    from openpyxl import load_workbook

    return load_workbook(path)


def write(folder: Path, **changes: object) -> tuple[Path, ...]:
    return write_templates(folder, **({"groups": GROUPS, "criteria": CRITERIA} | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    paths = write(tmp_path_factory.mktemp("templates"))
    return {path.stem: load(path) for path in paths}


def validation(book: Any, table: str, column: str) -> Any:
    """The one check on a column of the first sheet, which covers all of its rows."""
    at = [each.name for each in BY_NAME[table].columns].index(column)
    cells = f"{LETTERS[at]}2:{LETTERS[at]}{LAST}"
    (found,) = [v for v in book.worksheets[0].data_validations.dataValidation if str(v.sqref) == cells]
    return found


each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@each_table
def test_the_first_sheet_is_empty_but_for_the_chinese_headers(table: Table, books: Books) -> None:
    book = books[table.name]

    assert book.sheetnames == [table.title, "示例", "填写说明"]
    assert list(book.worksheets[0].iter_rows(values_only=True)) == [tuple(c.header for c in table.columns)]
    assert book.active is book.worksheets[0]


@each_table
def test_keys_and_texts_are_text_cells_and_days_and_numbers_have_formats(table: Table, books: Books) -> None:
    formats = {"day": "yyyy-mm-dd", "hours": "0.0", "points": "0.00", "whole": "0"}
    sheet = books[table.name].worksheets[0]
    for at, column in enumerate(table.columns):
        look = sheet.column_dimensions[LETTERS[at]]
        assert look.number_format == formats.get(column.kind, "@")
        assert look.width >= 2 * len(column.header) + 2


@each_table
def test_required_columns_are_marked_by_colour_and_by_a_comment(table: Table, books: Books) -> None:
    sheet = books[table.name].worksheets[0]
    colours: dict[bool, set[str]] = {True: set(), False: set()}
    for cell, column in zip(sheet[1], table.columns, strict=True):
        colours[column.empty].add(cell.fill.fgColor.rgb)
        assert cell.comment is not None
        assert cell.comment.text.startswith("选填" if column.optional else "可留空" if column.empty else "必填")

    assert len(colours[False]) == 1
    assert not colours[False] & colours[True]


@each_table
def test_every_closed_list_is_a_list_to_choose_from(table: Table, books: Books) -> None:
    for column in table.columns:
        if column.choices:
            check = validation(books[table.name], table.name, column.name)
            assert (check.type, check.formula1) == ("list", f'"{",".join(column.choices.values())}"')
            assert check.showErrorMessage
            assert check.error == "请从下拉列表中选择。"


@pytest.mark.parametrize(
    ("table", "column", "chosen"),
    [("units", "peer_group", ["县区", "部门"]), ("judgements", "criterion", ["A1", "B6", "D1"])],
)
def test_groups_and_criteria_are_chosen_from_the_notes(
    table: str, column: str, chosen: list[str], books: Books
) -> None:
    check = validation(books[table], table, column)
    name, cells = check.formula1.split("!")

    assert (check.type, name) == ("list", "'填写说明'")
    assert [cell.value for (cell,) in books[table]["填写说明"][cells.replace("$", "")]] == chosen


@pytest.mark.parametrize(
    ("table", "column", "kind", "message"),
    [
        ("people", "joined", "date", "日期"),
        ("activities", "ends_on", "date", "日期"),
        ("attendance", "hours", "custom", "一位小数"),
        ("judgements", "points", "custom", "两位小数"),
        ("supplies", "planned", "whole", "整数"),
    ],
)
def test_days_and_numbers_are_checked_with_a_chinese_message(
    table: str, column: str, kind: str, message: str, books: Books
) -> None:
    check = validation(books[table], table, column)

    assert (check.type, check.errorTitle, check.showErrorMessage) == (kind, "填写有误", True)
    assert message in check.error


def test_points_are_held_to_the_maximum_of_their_criterion(books: Books) -> None:
    formula = validation(books["judgements"], "judgements", "points").formula1
    whole = formula.split("VLOOKUP(B2,")[1].split(",3,")[0]
    cells = books["judgements"]["填写说明"][whole.split("!")[1].replace("$", "")]

    assert "ROUND(D2,2)=D2" in formula
    assert [(row[0].value, row[2].value) for row in cells] == [("A1", 5), ("B6", 15), ("D1", 2.5)]


@each_table
def test_examples_are_valid_by_type(table: Table, books: Books) -> None:
    header, *rows = books[table.name]["示例"].iter_rows(values_only=True)

    assert header == tuple(column.header for column in table.columns)
    assert rows
    for row in rows:
        assert [c.name for c, cell in zip(table.columns, row, strict=True) if not fits(c, cell)] == []


def fits(column: Column, cell: object) -> bool:
    """Say whether a cell holds what its column wants."""
    if cell is None:
        return column.empty
    match column.kind:
        case "day":
            return isinstance(cell, datetime)
        case "hours" | "points":
            return isinstance(cell, int | float) and cell >= 0
        case "whole":
            return isinstance(cell, int) and cell >= 0
        case "choice":
            return cell in column.choices.values()
        case "group":
            return cell in dict(GROUPS).values()
        case "criterion":
            return cell in {identifier for identifier, _, _ in CRITERIA}
    return isinstance(cell, str)


def test_examples_refer_to_one_another(books: Books) -> None:
    def column(table: str, name: str) -> set[object]:
        at = [each.name for each in BY_NAME[table].columns].index(name)
        return {row[at] for row in books[table]["示例"].iter_rows(min_row=2, values_only=True)} - {None}

    keys = {"units": column("units", "code")} | {name: column(name, "id") for name in ("people", "activities")}

    for table in TABLES:
        for each in table.columns:
            if each.references:
                assert column(table.name, each.name) <= keys[each.references]


@each_table
def test_the_notes_explain_every_column(table: Table, books: Books) -> None:
    rows = list(books[table.name]["填写说明"].iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if row[0] == "表头")
    explained = rows[head + 1 : head + 1 + len(table.columns)]

    assert [row[:2] for row in explained] == [(column.header, column.name) for column in table.columns]
    assert all(all(row) for row in explained)


def test_there_is_a_note_for_every_column_and_none_too_many() -> None:
    assert set(HOLDS) == {(table.name, column.name) for table in TABLES for column in table.columns}


@each_table
def test_sheets_print_across_on_one_page_width_with_their_header(table: Table, books: Books) -> None:
    sheet = books[table.name].worksheets[0]

    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.freeze_panes) == ("landscape", 0, "A2")
    assert sheet.print_title_rows == "$1:$1"


def test_calamine_reads_only_the_header_from_an_empty_template(tmp_path: Path) -> None:
    path = write(tmp_path)[0]

    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python() == [["单位代码", "单位名称", "类别"]]


def test_english_notes_keep_the_chinese_headers(tmp_path: Path) -> None:
    paths = write(tmp_path, language="en")
    book = load(paths[-1])
    notes = [row[0] for row in book["Notes"].iter_rows(values_only=True)]

    assert book.sheetnames == ["评分", "Example", "Notes"]
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["单位代码", "指标编号"]
    assert "Header" in notes
    assert validation(book, "judgements", "stage").error == "Please choose from the list."


def test_existing_files_are_named_and_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_bytes(b"mine")

    with pytest.raises(FileExistsError, match=r"people\.xlsx$"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["people.xlsx"]

    write(tmp_path, overwrite=True)
    assert (tmp_path / "people.xlsx").read_bytes() != b"mine"
    assert len(list(tmp_path.iterdir())) == len(TABLES)


def test_a_standard_without_criteria_still_has_templates(tmp_path: Path) -> None:
    assert len(write(tmp_path, criteria=())) == len(TABLES)
