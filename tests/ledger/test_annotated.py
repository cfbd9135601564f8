"""The marked copy of an uploaded file, read back: every cell a text, every fault red at its cell, and what to do beside it."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.documents.fault_wording import sentence
from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.annotated import annotate
from kaohe.ledger.reading import open_ledger
from kaohe.ledger.tables import BY_NAME, Form
from kaohe.ledger.template_notes import Language
from tests.ledger.one_table import KNOWN, TERMS, put

PEOPLE = Form((BY_NAME["people"],), KNOWN)
HEAD = "人员编号,姓名,单位代码,到岗日期,手机"
FORMS = ("csv", "xlsx", "gb18030", "parquet")


def chinese(fault: Fault) -> str:
    return sentence(fault, "zh")


def checked(folder: Path, form: Form = PEOPLE) -> Faults:
    try:
        with open_ledger(folder, TERMS, form=form):
            return Faults(())
    except BadInput as error:
        return error.faults


def copied(
    source: Path,
    faults: Faults,
    *,
    say: Callable[[Fault], str] = chinese,
    last: bool = False,
    language: Language = "zh",
) -> Path:
    target = source.parent.parent / "marked" / source.with_suffix(".xlsx").name
    target.parent.mkdir(exist_ok=True)
    annotate(
        source, faults.listed, say, target, more=len(faults) - len(faults.listed), summary_last=last, language=language
    )
    return target


def sheets(path: Path) -> tuple[list[str], Worksheet]:
    """The lines of the notes, and the sheet of data."""
    book = openpyxl.load_workbook(path)
    return [str(row[0]) for row in book["说明"].iter_rows(values_only=True) if row[0]], book["数据"]


def marked(folder: Path, lines: list[str], form: str = "csv", **how: bool) -> tuple[list[str], Worksheet]:
    put(folder / "in", "people", lines, form=form)
    source = next((folder / "in").iterdir())
    return sheets(copied(source, checked(folder / "in"), **how))


def red(sheet: Worksheet) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"}


def shown(sheet: Worksheet) -> set[int]:
    return {row for row in range(1, sheet.max_row + 1) if not sheet.row_dimensions[row].hidden}


@pytest.mark.parametrize("form", FORMS)
def test_every_cell_at_fault_is_red_with_a_comment_and_its_remedy_at_the_right(tmp_path: Path, form: str) -> None:
    lines = [HEAD.replace("手机", "phone"), "001,张三,U01,2010-02-30,1", "002,李四,U02,2010-01-01,2", "003,,U09,,3"]

    notes, sheet = marked(tmp_path, lines, form)

    assert red(sheet) == {"D2", "B4", "C4"}
    cell = sheet["D2"]
    assert (cell.border.left.style, cell.border.left.color.rgb) == ("thin", "FFC00000")
    assert "“2010-02-30”这一天不存在" in cell.comment.text
    assert sheet["F1"].value == "问题与更正办法"
    assert sheet["F2"].value.endswith("第2行“到岗日期”列：“2010-02-30”这一天不存在；请核对年月日。")
    assert sheet["F4"].value.split("\n")[0].endswith("第4行“姓名”列：空着；此格必填。")
    assert "“U09”在 units 表中找不到" in sheet["F4"].value
    assert sheet["B4"].comment is not None
    assert sheet["F3"].value is None
    assert notes[0].endswith("：共 3 处问题")


@pytest.mark.parametrize("form", FORMS)
def test_every_cell_is_copied_as_the_text_it_is(tmp_path: Path, form: str) -> None:
    lines = [HEAD.replace("手机", "phone"), "001,张三,U09,2010-02-01,13904140000", "1E5,李四,U02,40210,0.10"]

    _, sheet = marked(tmp_path, lines, form)

    assert [[cell.value for cell in row[:5]] for row in sheet.iter_rows()] == [line.split(",") for line in lines]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    assert {cell.number_format for row in sheet.iter_rows(max_col=5) for cell in row} == {"@"}


def test_the_header_is_frozen_and_only_rows_at_fault_are_shown_at_first(tmp_path: Path) -> None:
    _, sheet = marked(tmp_path, [HEAD, "1,甲,U01,,", "2,乙,U09,,", "3,丙,U01,,", "4,,U01,,"])

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F5"
    assert [column.colId for column in sheet.auto_filter.filterColumn] == [5]
    assert shown(sheet) == {1, 3, 5}
    assert all(8 <= sheet.column_dimensions[column].width <= 61 for column in "ABCDEF")


DANGEROUS = [
    "=1+1", "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    '=HYPERLINK("http://x")', "{=1+1}", "http://example.org", "0042", "1e400", "TRUE", "#N/A", "_x0041_", "\x01a",
]  # fmt: skip


def test_nothing_becomes_a_formula_a_number_or_a_link(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    quoted = ['"' + text.replace('"', '""') + '"' for text in DANGEROUS]
    lines = ["id,name,unit,=1+1", *(f"P{n},{text},U09,{text}" for n, text in enumerate(quoted))]
    (tmp_path / "in" / "people.csv").write_bytes("\n".join(lines).encode())

    path = copied(tmp_path / "in" / "people.csv", checked(tmp_path / "in"))

    _, sheet = sheets(path)
    assert sheet["D1"].value == "=1+1"
    cells: list[Cell] = [sheet.cell(row, column) for row in range(2, len(DANGEROUS) + 2) for column in (2, 4)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value.replace("_x000D_", "\r") for cell in cells][: 2 * 16 : 2] == DANGEROUS[:16]
    with zipfile.ZipFile(path) as archive:
        data = b"".join(archive.read(part) for part in archive.namelist() if "sheet" in part)
    assert b"<f>" not in data
    assert b"<hyperlink" not in data


def test_a_dangerous_text_in_a_fault_stays_a_text_in_the_remedy_and_the_comment(tmp_path: Path) -> None:
    _, sheet = marked(tmp_path, [HEAD, "1,甲,=1+1\x02,,"], say=lambda fault: fault.found or "")

    assert sheet["F2"].data_type == "s"
    assert sheet["F2"].value.startswith("=1+1")
    assert sheet["C2"].comment.text.startswith("=1+1")


def test_faults_of_the_header_are_red_there_and_said_in_the_notes(tmp_path: Path) -> None:
    notes, sheet = marked(tmp_path, ["人员编号,姓名,姓名", "1,甲,甲"])

    assert red(sheet) == {"B1", "C1"}
    assert sheet["B1"].comment is not None
    assert "表头和整个文件的问题" in notes
    assert next(line for line in notes if "缺少这一列" in line).startswith("people.csv 第1行“unit”列")
    assert sheet.auto_filter.ref is None
    assert shown(sheet) == {1, 2}


def test_cells_beyond_the_header_are_shown_in_red(tmp_path: Path) -> None:
    _, sheet = marked(tmp_path, ["id,name,unit", "1,甲,U01,,多", "2,乙,U01"])

    assert red(sheet) == {"E2"}
    assert sheet["E2"].value == "多"
    assert sheet["F1"].value == "问题与更正办法"
    assert "多出“多”" in sheet["F2"].value


def test_row_numbers_are_those_of_the_uploaded_sheet(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    content = 'id,name,unit\n\n\n1,"甲\n乙",U01\n\n2,丙,U09\n'
    (tmp_path / "in" / "people.csv").write_bytes(content.encode())

    _, sheet = sheets(copied(tmp_path / "in" / "people.csv", checked(tmp_path / "in")))

    assert sheet["B4"].value == "甲\n乙"
    assert red(sheet) == {"C6"}
    assert "第6行" in sheet["D6"].value


def test_an_error_cell_is_marked_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with xlsxwriter.Workbook(str(tmp_path / "in" / "people.xlsx")) as book:
        first, second = book.add_worksheet(), book.add_worksheet()
        first.write_row(0, 1, ["id", "name", "unit"])
        first.write_row(2, 1, ["1", "", "U01"])
        first.write_formula(2, 2, "=1/0", None, "#DIV/0!")
        second.write(0, 0, "not copied")

    notes, sheet = sheets(copied(tmp_path / "in" / "people.xlsx", checked(tmp_path / "in")))

    assert red(sheet) == {"C3"}
    assert sheet["B1"].value == "id"
    assert "公式错误" in sheet["E3"].value
    assert not any("not copied" in line for line in notes)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("people.csv", b"", "file_empty"),
        ("people.csv", b"\xff\xfe\x00\x01", "file_not_text"),
        ("people.csv", b'id,name,unit\n1,"x,U01\n', "quotation_broken"),
        ("people.csv", b"id,name,unit\n" + b"x" * (2 << 20), "line_too_long"),
        ("people.xlsx", b"no workbook", "workbook_broken"),
        ("people.parquet", b"PAR1 nothing PAR1", "parquet_broken"),
    ],
)
def test_a_file_that_is_no_table_gives_the_notes_alone(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(content)
    faults = checked(tmp_path / "in")

    book = openpyxl.load_workbook(copied(tmp_path / "in" / name, faults))

    lines = [row[0] for row in book["说明"].iter_rows(values_only=True) if row[0]]
    assert book.sheetnames == ["说明"]
    assert [fault.code for fault in faults.listed] == [code]
    assert lines[0] == f"{name}：共 1 处问题"
    assert "没有附上数据" in lines[1]
    assert lines[-1] == chinese(faults.listed[0])


def test_the_rest_is_counted_and_faults_elsewhere_stand_in_the_notes(tmp_path: Path) -> None:
    put(tmp_path, "people", [HEAD, "1,甲,U09,,"])
    faults = [
        Fault("reference_dangling", Place("people.csv", 2, "单位代码"), "U09", {"wanted": "units"}),
        Fault("table_empty", Place("people.csv"), None, {"title": "人员"}),
        Fault("cell_empty", Place("units.csv", 2, "code")),
        Fault("cell_empty", Place("people.csv", 2_000_000, "姓名")),
    ]

    annotate(tmp_path / "people.csv", faults, chinese, tmp_path / "marked.xlsx", more=99_900)

    notes, sheet = sheets(tmp_path / "marked.xlsx")
    assert notes[:2] == [
        "people.csv：共 99,904 处问题",
        "这里标出 4 处，另有 99,900 处没有标出；改正后再检查一次，会列出其余的。",
    ]
    assert notes[-3:] == [chinese(fault) for fault in faults[1:]]
    assert red(sheet) == {"C2"}


def test_a_fault_at_a_row_without_cells_or_in_no_column_of_the_file_is_still_said(tmp_path: Path) -> None:
    put(tmp_path, "people", ["id,name,unit", "1,甲,U01"])
    places = [Place("people.csv", 2, "joined"), Place("people.csv", 5, "name")]

    annotate(
        tmp_path / "people.csv", [Fault("cell_empty", place) for place in places], chinese, tmp_path / "marked.xlsx"
    )

    _, sheet = sheets(tmp_path / "marked.xlsx")
    assert [sheet["D2"].value, sheet["D5"].value] == [chinese(Fault("cell_empty", place)) for place in places]
    assert red(sheet) == {"B5"}


def test_the_notes_come_first_and_may_come_last(tmp_path: Path) -> None:
    put(tmp_path / "in", "people", [HEAD, "1,甲,U09,,"])
    faults = checked(tmp_path / "in")

    first = openpyxl.load_workbook(copied(tmp_path / "in" / "people.csv", faults)).sheetnames
    last = openpyxl.load_workbook(copied(tmp_path / "in" / "people.csv", faults, last=True)).sheetnames

    assert (first, last) == (["说明", "数据"], ["数据", "说明"])


def test_a_copy_with_its_notes_last_is_read_again_with_the_same_faults(tmp_path: Path) -> None:
    put(tmp_path / "in", "people", [HEAD, "001,甲,U09,2010/5/18,0042", "002,,U01,40210,", "003,=丙,U02,,"])
    before = checked(tmp_path / "in")

    again = checked(copied(tmp_path / "in" / "people.csv", before, last=True).parent)

    def places(faults: Faults) -> list[tuple[str, int | None, str | None, str | None]]:
        return [(f.code, f.place.row, f.place.column, f.found) for f in faults.listed]

    assert len(before) == 3
    assert places(again) == places(before)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_copy_that_comes_back_faulty_has_the_new_remedies_alone(tmp_path: Path, language: Language) -> None:
    put(tmp_path / "in", "people", [HEAD, "001,甲,U09,2010/5/18,0042", "002,,U01,2010-02-01,", "003,丙,U02,,,多出"])
    first = copied(tmp_path / "in" / "people.csv", checked(tmp_path / "in"), last=True, language=language)
    book = openpyxl.load_workbook(first)
    assert book.worksheets[0]["B3"].value is None
    book.worksheets[0]["B3"] = "乙"
    (tmp_path / "back").mkdir()
    book.save(tmp_path / "back" / "people.xlsx")

    _, sheet = sheets(copied(tmp_path / "back" / "people.xlsx", checked(tmp_path / "back")))

    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == [*HEAD.split(","), "", "问题与更正办法"]
    assert rows[1][:5] == ["001", "甲", "U09", "2010/5/18", "0042"]
    assert "U09" in str(rows[1][6])
    assert rows[2] == ["002", "乙", "U01", "2010-02-01", "", "", ""]
    assert rows[3][:6] == ["003", "丙", "U02", "", "", "多出"]
    assert red(sheet) == {"C2"}


def test_everything_is_said_in_english_too(tmp_path: Path) -> None:
    put(tmp_path, "people", ["id,name,unit", "1,x,U09"])

    annotate(
        tmp_path / "people.csv", checked(tmp_path).listed, lambda f: sentence(f, "en"), tmp_path / "m.xlsx", more=1,
        language="en",
    )  # fmt: skip

    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert book.sheetnames == ["Notes", "Data"]
    assert book["Data"]["D1"].value == "What to put right"
    assert [row[0] for row in book["Notes"].iter_rows(values_only=True)][:2] == [
        "people.csv: 2 faults in all",
        "1 are marked here, 1 more are not; they are listed when the corrected file is checked again.",
    ]


def test_a_cell_longer_than_a_sheet_holds_is_cut_and_the_notes_say_so(tmp_path: Path) -> None:
    notes, sheet = marked(tmp_path, ["id,name,unit", f"1,{'长' * 40_000},U09"])

    assert len(sheet["B2"].value) == 32_767
    assert "有 1 个格子超过 32,767 个字符，这里只附上前面的部分。" in notes


def test_a_row_of_more_columns_than_a_sheet_has_is_cut_and_the_notes_say_so(tmp_path: Path) -> None:
    notes, sheet = marked(tmp_path, ["id,name,unit", "1,甲,U09" + "," * 20_000 + "x"])

    assert sheet.cell(1, 16_384).value == "问题与更正办法"
    assert any("超出一张 Excel 工作表" in line for line in notes)


def test_a_hundred_thousand_faults_in_fifty_thousand_rows_are_written(tmp_path: Path) -> None:
    put(tmp_path, "people", ["id,name,unit", *(f"{n},某,U09" for n in range(50_000))])
    faults = [
        Fault("cell_empty", Place("people.csv", row, column)) for row in range(2, 50_002) for column in ("name", "unit")
    ]

    annotate(tmp_path / "people.csv", faults, lambda fault: "坏", tmp_path / "marked.xlsx")

    book = openpyxl.load_workbook(tmp_path / "marked.xlsx", read_only=True)
    last = next(book["数据"].iter_rows(min_row=50_001, max_row=50_001))
    assert [cell.value for cell in last] == ["49999", "某", "U09", "坏\n坏"]
    assert last[1].fill.fgColor.rgb == "FFFFC7CE"
