"""Bad input is refused at its cell: every fault of `data-format.md` by code, file, row, column and value."""

import re
import zipfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from kaohe.fault import BadInput, Fault, Faults
from kaohe.ledger.reading import open_ledger
from kaohe.standard.files import parse_standard, read_standard
from kaohe.terms import terms_of
from tests.folders import TABLES, with_line, write

TERMS = terms_of(read_standard("benxi-2010").standard)


def refused(folder: Path) -> Faults:
    with pytest.raises(BadInput) as error, open_ledger(folder, TERMS):
        pass
    return error.value.faults


def only(faults: Faults) -> tuple[str, str, int | None, str | None, str | None]:
    assert len(faults) == 1, [(f.code, f.place, f.found) for f in faults.listed]
    fault = faults.listed[0]
    return fault.code, fault.place.file, fault.place.row, fault.place.column, fault.found


def test_the_small_city_is_valid(tmp_path: Path) -> None:
    with open_ledger(write(tmp_path / "city"), TERMS) as ledger:
        assert [unit.code for unit in ledger.units] == ["U01", "U02"]
        assert ledger.notes == ()


CELLS = [
    # a required cell
    ("units", 4, ",丙局,department", "cell_empty", "code", None),
    ("units", 2, "U01,　,county", "cell_empty", "name", None),
    ("people", 4, "P3, ,U02,,", "cell_empty", "name", None),
    ("activities", 4, "A3,,online,网络学习,2010-01-01,2010-11-30,", "cell_empty", "hours", None),
    ("bulletins", 2, "U01,2010-05-04,news,", "cell_empty", "title", None),
    ("appraisals", 2, "P1,2010-06-30,", "cell_empty", "result", None),
    ("judgements", 2, "U01,A1,inspection,5,,依据材料,", "cell_empty", "judge", None),
    # one of a closed list
    ("units", 2, "U01,甲区,city", "group_unknown", "peer_group", "city"),
    ("activities", 3, "A2,U01,weekly,每周半日,2010-03-04,2010-03-04,3.5", "choice_unknown", "form", "weekly"),
    ("attendance", 2, "A1,P1,迟到,30", "choice_unknown", "status", "迟到"),
    ("attendance", 2, "A1,P1,Present,30", "choice_unknown", "status", "Present"),
    ("contests", 2, "K1,writing,nation,P1,2010-06-01,", "choice_unknown", "level", "nation"),
    ("supplies", 2, "U01,laptop,10,8", "choice_unknown", "item", "laptop"),
    ("judgements", 2, "U01,A1,third,5,于宝成,依据材料,", "choice_unknown", "stage", "third"),
    ("judgements", 2, "U01,Z9,inspection,5,于宝成,依据材料,", "criterion_unknown", "criterion", "Z9"),
    ("judgements", 2, "U01,P1,inspection,5,于宝成,依据材料,", "criterion_is_bonus", "criterion", "P1"),
    # days
    ("people", 3, "P2,李四,U01,昨天,", "day_wrong", "joined", "昨天"),
    ("people", 3, "P2,李四,U01,20090301,", "day_wrong", "joined", "20090301"),
    ("people", 3, "P2,李四,U01,2009-03/01,", "day_wrong", "joined", "2009-03/01"),
    ("people", 3, "P2,李四,U01,2009-02-30,", "day_impossible", "joined", "2009-02-30"),
    ("appraisals", 2, "P1,2010年13月1日,合格", "day_impossible", "tested_on", "2010年13月1日"),
    # numbers
    ("attendance", 2, "A1,P1,present,-2", "number_negative", "hours", "-2"),
    ("attendance", 2, "A1,P1,present,2.55", "hours_decimals", "hours", "2.55"),
    ("attendance", 2, "A1,P1,present,三", "number_wrong", "hours", "三"),
    ("attendance", 2, "A1,P1,present,nan", "number_wrong", "hours", "nan"),
    ("attendance", 2, "A1,P1,present,inf", "number_wrong", "hours", "inf"),
    ("attendance", 2, "A1,P1,present,1e1", "number_wrong", "hours", "1e1"),
    ("attendance", 2, "A1,P1,present,99999999999", "number_too_large", "hours", "99999999999"),
    ("quotas", 2, "A1,U01,1.5", "number_not_whole", "seats", "1.5"),
    ("supplies", 2, "U01,textbook,10,-8", "number_negative", "received", "-8"),
    ("judgements", 2, "U01,A1,inspection,4.125,于宝成,依据材料,", "points_decimals", "points", "4.125"),
    ("judgements", 2, "U01,A1,inspection,5.01,于宝成,依据材料,", "points_above", "points", "5.01"),
    ("judgements", 2, "U01,A1,self,5.5,本单位,,", "points_above", "points", "5.50"),
    ("judgements", 2, "U01,A1,inspection,-1,于宝成,依据材料,", "number_negative", "points", "-1"),
    # reasons
    ("judgements", 2, "U01,A1,inspection,4.99,于宝成,,", "reason_below_full", "reason", None),
    ("judgements", 2, "U01,A1,review,0,于宝成,　,", "reason_below_full", "reason", None),
    ("judgements", 2, "U01,B3,inspection,5,于宝成,,", "reason_for_override", "reason", None),
    # between cells
    ("people", 3, "P2,李四,U01,2010-03-02,2010-03-01", "joined_after_departed", "joined", "2010-03-02"),
    (
        "activities",
        3,
        "A2,U01,half_day,每周半日,2010-03-05,2010-03-04,3.5",
        "starts_after_ends",
        "starts_on",
        "2010-03-05",
    ),
    ("activities", 2, "A1,,class,春季班,2010-04-12,2010-04-16,0", "class_without_hours", "hours", "0"),
    ("attendance", 5, "A2,P2,absent,0.1", "absent_with_hours", "hours", "0.1"),
    ("quotas", 3, "A2,U02,2", "quota_not_class", "activity", "A2"),
    ("contests", 3, "K1,speech,city,P3,2010-06-01,", "contest_differs", "kind", "speech"),
    ("contests", 3, "K1,writing,province,P3,2010-06-01,", "contest_differs", "level", "province"),
    ("contests", 3, "K1,writing,city,P3,2010-06-02,", "contest_differs", "held_on", "2010-06-02"),
    # keys
    ("units", 4, "U01,丙局,department", "key_twice", "code", "U01"),
    ("units", 4, "Ｕ０１　,丙局,department", "key_twice", "code", "Ｕ０１　"),
    ("people", 5, "P1,张三,U01,,", "key_twice", "id", "P1"),
    ("attendance", 7, "A1,P1,present,30", "key_twice", "person", "P1"),
    ("quotas", 4, "A1,U01,3", "key_twice", "unit", "U01"),
    ("contests", 5, "K1,writing,city,P1,2010-06-01,", "key_twice", "person", "P1"),
    ("supplies", 6, "U01,教材,10,8", "key_twice", "item", "教材"),
    ("judgements", 16, "U01,A1,inspection,5,于宝成,依据材料,", "key_twice", "stage", "inspection"),
    # references
    ("people", 4, "P3,王五,U03,,", "reference_dangling", "unit", "U03"),
    ("activities", 3, "A2,u01,half_day,每周半日,2010-03-04,2010-03-04,3.5", "reference_dangling", "unit", "u01"),
    ("attendance", 7, "A9,P1,present,1", "reference_dangling", "activity", "A9"),
    ("attendance", 7, "A3,P9,present,1", "reference_dangling", "person", "P9"),
    ("quotas", 4, "A1,U03,1", "reference_dangling", "unit", "U03"),
    ("contests", 5, "K3,other,unit,P9,2010-06-01,", "reference_dangling", "person", "P9"),
    ("supplies", 6, "U03,textbook,1,1", "reference_dangling", "unit", "U03"),
    ("appraisals", 4, "P9,2010-06-30,合格", "reference_dangling", "person", "P9"),
    ("bulletins", 4, "U03,2010-05-04,news,开班", "reference_dangling", "unit", "U03"),
    ("judgements", 16, "U03,A1,inspection,5,于宝成,依据材料,", "reference_dangling", "unit", "U03"),
    # the shape of a row
    ("quotas", 2, "A1,U01,1,7", "row_too_wide", None, "7"),
]


@pytest.mark.parametrize(("table", "row", "line", "code", "column", "found"), CELLS)
def test_a_bad_cell_is_named(
    tmp_path: Path, table: str, row: int, line: str, code: str, column: str | None, found: str | None
) -> None:
    folder = write(tmp_path / "city", **with_line(table, row, line))

    assert only(refused(folder)) == (code, f"{table}.csv", row, column, found)


@pytest.mark.parametrize("table", ["units", "people"])
def test_a_required_table_is_missing(tmp_path: Path, table: str) -> None:
    faults = refused(write(tmp_path / "city", **{table: None}))

    assert ("table_missing", f"{table}.csv") in [(f.code, f.place.file) for f in faults.listed]


@pytest.mark.parametrize("table", ["units", "people"])
def test_a_required_table_of_only_headers_is_refused(tmp_path: Path, table: str) -> None:
    faults = refused(write(tmp_path / "city", **{table: TABLES[table][:1]}))

    assert ("table_empty", f"{table}.csv") in [(f.code, f.place.file) for f in faults.listed]


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"units", "people"}))
def test_an_optional_table_may_hold_only_headers(tmp_path: Path, table: str) -> None:
    dependent = {"activities": ("attendance", "quotas")}.get(table, ())
    changes = {name: TABLES[name][:1] for name in (table, *dependent)}

    with open_ledger(write(tmp_path / "city", **changes), TERMS) as ledger:
        assert ledger.rows(table) == 0


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (table, column)
        for table, lines in TABLES.items()
        for column in lines[0].split(",")
        if (table, column)
        not in {("people", "joined"), ("people", "departed"), ("contests", "place"), ("judgements", "evidence")}
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, table: str, column: str) -> None:
    lines = [TABLES[table][0].replace(column, f"not_{column}", 1) if column != "unit" else "", *TABLES[table][1:]]
    if column == "unit":
        lines[0] = ",".join("not_unit" if name == "unit" else name for name in TABLES[table][0].split(","))

    faults = refused(write(tmp_path / "city", **{table: lines}))

    assert ("column_missing", f"{table}.csv", 1, column) in [
        (f.code, f.place.file, f.place.row, f.place.column) for f in faults.listed
    ]


def test_a_column_twice_is_named_by_its_header(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=["activity,unit,seats,名额", "A1,U01,1,2"])

    assert only(refused(folder)) == ("column_twice", "quotas.csv", 1, "名额", "名额")


def test_faults_name_the_header_as_it_was_written(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=["单位代码,名额,活动编号", "U01,很多,A1"])

    assert only(refused(folder)) == ("number_wrong", "quotas.csv", 2, "名额", "很多")


def test_unknown_columns_and_files_are_told_and_ignored(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=["activity,unit,seats,备注", "A1,U01,1,好"])
    (folder / "attendence.csv").write_text("x\n")

    with open_ledger(folder, TERMS) as ledger:
        notes = [(note.code, note.place.file, note.place.column) for note in ledger.notes]

    assert notes == [("file_ignored", "attendence.csv", None), ("column_ignored", "quotas.csv", "备注")]


def test_two_files_for_one_table(tmp_path: Path) -> None:
    folder = write(tmp_path / "city")
    workbook(folder / "quotas.xlsx", [["activity", "unit", "seats"], ["A1", "U01", 1]])

    assert only(refused(folder))[:2] == ("file_twice", "quotas.xlsx")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xff\xfe\x00\x01" * 50, "file_not_text"),
        (b"\x80\x81\xff garbage \xfe\xff\n" * 20, "file_not_text"),
        ("activity,unit,seats\nA1,U01,1\n".encode("utf-16"), "file_not_text"),
        (b'activity,unit,seats\nA1,"U01,1\n', "quotation_broken"),
        (b"activity,unit,seats\n" + b"x" * (3 << 20), "line_too_long"),
        (b'activity,unit,seats\nA1,"' + b"x\n" * 100_000 + b'",1\n', "cell_too_long"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes, code: str) -> None:
    faults = refused(write(tmp_path / "city", quotas=content))

    assert (code, "quotas.csv") in [(f.code, f.place.file) for f in faults.listed]


def test_garbage_that_happens_to_decode_is_refused_by_its_header(tmp_path: Path) -> None:
    faults = refused(write(tmp_path / "city", quotas=bytes(range(0x81, 0xFE)) * 9 + b"\n"))

    assert {f.place.file for f in faults.listed} == {"quotas.csv"}


def test_one_line_of_300_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "city")
    with (folder / "bulletins.csv").open("wb") as stream:
        stream.write(b"unit,sent_on,kind,title\nU01,2010-01-01,news,")
        for _ in range(300):
            stream.write(b"x" * (1 << 20))

    assert only(refused(folder))[:2] == ("line_too_long", "bulletins.csv")


def test_the_first_hundred_faults_of_a_file_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    lines = [TABLES["bulletins"][0], *(f"U01,2010-05-{i % 28 + 1:02},gossip,题" for i in range(100_000))]

    faults = refused(write(tmp_path / "city", bulletins=lines))

    assert [f.place.row for f in faults.listed] == list(range(2, 102))
    assert faults.more == (("bulletins.csv", 99_900),)


def test_all_faults_are_listed_not_only_the_first(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "city",
        quotas=["activity,unit,seats", "A1,U09,x", "A9,U02,1"],
        bulletins=["unit,sent_on,kind,title", "U01,never,news,题"],
    )

    found = {(f.code, f.place.file, f.place.row, f.place.column) for f in refused(folder).listed}

    assert found == {
        ("reference_dangling", "quotas.csv", 2, "unit"),
        ("number_wrong", "quotas.csv", 2, "seats"),
        ("reference_dangling", "quotas.csv", 3, "activity"),
        ("day_wrong", "bulletins.csv", 2, "sent_on"),
    }


def test_references_into_an_absent_table_dangle(tmp_path: Path) -> None:
    faults = refused(write(tmp_path / "city", activities=None))

    assert {(f.code, f.place.file, f.place.column) for f in faults.listed} == {
        ("reference_dangling", "attendance.csv", "activity"),
        ("reference_dangling", "quotas.csv", "activity"),
    }


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert only(refused(tmp_path / "nowhere"))[0] == "folder_missing"


# --- workbooks


def workbook(
    path: Path, rows: list[list[object]], formulas: dict[tuple[int, int], tuple[str, object]] | None = None
) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    for (row, column), (formula, value) in (formulas or {}).items():
        sheet.write_formula(row, column, formula, None, value)
    book.close()


def in_workbook(tmp_path: Path, rows: list[list[object]], **more: dict[tuple[int, int], tuple[str, object]]) -> Path:
    folder = write(tmp_path / "city", quotas=None)
    workbook(folder / "quotas.xlsx", rows, **more)
    return folder


def test_an_error_cell_is_a_fault_at_its_cell(tmp_path: Path) -> None:
    rows: list[list[object]] = [["activity", "unit", "seats"], ["A1", "U01", ""], ["A1", "U02", 1]]
    folder = in_workbook(tmp_path, rows, formulas={(1, 2): ("=1/0", "#DIV/0!")})

    assert only(refused(folder)) == ("error_cell", "quotas.xlsx", 2, "seats", None)


SHEETS = {
    "as Excel writes it": lambda xml: xml,
    "with a prefix, as Microsoft's SDK does": lambda xml: re.sub(r"<(/?)(?=[a-z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x="),
    "without places, which may be left out": lambda xml: re.sub(r'<(c|row) r="[A-Z]*[0-9]+"', r"<\1", xml),
    "with single quotes": lambda xml: xml.replace('t="e"', "t='e'"),
}  # fmt: skip


@pytest.mark.parametrize("how", SHEETS)
def test_a_cell_whose_value_is_lost_is_a_fault_however_the_sheet_is_written(tmp_path: Path, how: str) -> None:
    rows: list[list[object]] = [["activity", "person", "status", "hours"], ["A1", "P1", "present", ""], ["A1", "P2", "present", ""], ["A1", "P3", "present", ""]]  # fmt: skip
    folder = write(tmp_path / "city", attendance=None)
    formulas: dict[tuple[int, int], tuple[str, object]] = {(1, 3): ("=1/0", "#DIV/0!"), (2, 3): ("=1+1", ""), (3, 3): ('=""', "")}  # fmt: skip
    workbook(folder / "made.xlsx", rows, formulas=formulas)
    with zipfile.ZipFile(folder / "made.xlsx") as read, zipfile.ZipFile(folder / "attendance.xlsx", "w") as written:
        for part in read.infolist():
            content = read.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                # the second formula was never reckoned, the third comes to an empty text
                content = SHEETS[how](content.decode().replace('<c r="D4"', '<c r="D4" t="str"')).encode()
            written.writestr(part.filename, content)
    (folder / "made.xlsx").unlink()

    assert [(fault.code, fault.place.row, fault.place.column) for fault in refused(folder).listed] == [
        ("error_cell", 2, "hours"),
        ("formula_unreckoned", 3, "hours"),
    ]


def test_a_formula_counts_by_its_cached_value(tmp_path: Path) -> None:
    rows: list[list[object]] = [["activity", "unit", "seats"], ["A1", "U01", ""]]
    folder = in_workbook(tmp_path, rows, formulas={(1, 2): ("=1+1", 2)})

    with open_ledger(folder, TERMS) as ledger:
        assert ledger.connection.execute("SELECT seats FROM quotas").fetchall() == [(2,)]


def test_a_workbook_with_a_title_above_its_header(tmp_path: Path) -> None:
    folder = in_workbook(tmp_path, [[], ["activity", "unit", "seats"], ["A1", "U01", 1]])

    assert only(refused(folder))[:3] == ("header_not_first", "quotas.xlsx", 1)


def test_an_empty_workbook(tmp_path: Path) -> None:
    assert only(refused(in_workbook(tmp_path, [])))[:2] == ("file_empty", "quotas.xlsx")


def test_a_renamed_text_file_is_no_workbook(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    (folder / "quotas.xlsx").write_text("activity,unit,seats\n")

    assert only(refused(folder))[:2] == ("workbook_broken", "quotas.xlsx")


def test_a_zip_bomb_is_not_unfolded(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    workbook(folder / "quotas.xlsx", [["activity", "unit", "seats"], ["A1", "U01", 1]])
    with zipfile.ZipFile(folder / "quotas.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", bytes(256 << 20))

    assert only(refused(folder))[:2] == ("workbook_bomb", "quotas.xlsx")


def test_a_renamed_zip_is_no_workbook(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    with zipfile.ZipFile(folder / "quotas.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")

    assert only(refused(folder))[:2] == ("workbook_broken", "quotas.xlsx")


def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    workbook(folder / "plain.xlsx", [["activity", "unit", "seats"], ["A1", "U01", 1]])
    with zipfile.ZipFile(folder / "plain.xlsx") as plain, zipfile.ZipFile(folder / "quotas.xlsx", "w") as archive:
        for part in plain.namelist():
            content = plain.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
            archive.writestr(part, content)
    (folder / "plain.xlsx").unlink()

    assert only(refused(folder))[:2] == ("workbook_doctype", "quotas.xlsx")


def test_one_cell_in_the_last_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    book = xlsxwriter.Workbook(str(folder / "quotas.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["activity", "unit", "seats"])
    sheet.write(1_048_575, 16_383, "far away")
    book.close()

    assert only(refused(folder))[:2] == ("workbook_too_large", "quotas.xlsx")


# --- Parquet


def parquet(folder: Path, name: str, sql: str) -> None:
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({sql}) TO '{folder / name}.parquet' (FORMAT parquet)")


@pytest.mark.parametrize(
    ("hours", "code", "found"),
    [
        ("2.55::DOUBLE", "hours_decimals", "2.55"),
        ("2.55::DECIMAL(6,2)", "hours_decimals", "2.55"),
        ("(-1)::DOUBLE", "number_negative", "-1.0"),
        ("'nan'::DOUBLE", "number_wrong", "nan"),
        ("'two'", "number_wrong", "two"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_parquet_is_held_to_the_same_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: str, code: str, found: str, streamed: bool
) -> None:
    monkeypatch.setattr("kaohe.ledger.sources.STREAMED_FROM", 0 if streamed else 1_000_000)
    folder = write(tmp_path / "city", attendance=None)
    parquet(folder, "attendance", f"SELECT 'A2' AS activity, 'P1' AS person, 'present' AS status, {hours} AS hours")

    assert only(refused(folder)) == (code, "attendance.parquet", 1, "hours", found)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("rows", "code", "row", "column"),
    [
        ("('A2','P1','present',1),('A2','P1','present',2)", "key_twice", 2, "person"),
        ("('A2','P1','present',1),('A1','P1','present',2),('A2','P1','present',2)", "key_twice", 3, "person"),
        ("('A2','P1','present',1),('A2','Ｐ１','present',2)", "key_twice", 2, "person"),
        ("('A2','P1','present',1),('A2','P8','present',2)", "reference_dangling", 2, "person"),
        ("('A2','P1','absent',1)", "absent_with_hours", 1, "hours"),
        ("('A2','P1',NULL,1)", "cell_empty", 1, "status"),
        ("('A2',NULL,'present',1)", "cell_empty", 1, "person"),
        ("('A2',' ','present',1)", "cell_empty", 1, "person"),
        ("('A2','P1','late',1)", "choice_unknown", 1, "status"),
    ],
)
def test_a_streamed_file_is_checked_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str, code: str, row: int, column: str, streamed: bool
) -> None:
    monkeypatch.setattr("kaohe.ledger.sources.STREAMED_FROM", 0 if streamed else 1_000_000)
    folder = write(tmp_path / "city", attendance=None)
    parquet(folder, "attendance", f"SELECT * FROM (VALUES {rows}) t(activity, person, status, hours)")

    fault: Fault = refused(folder).listed[0]

    assert (fault.code, fault.place.row, fault.place.column) == (code, row, column)


@pytest.mark.parametrize("empty", ["''", "NULL", "' '", "'　'"])
def test_an_empty_text_of_parquet_is_an_empty_cell(tmp_path: Path, empty: str) -> None:
    folder = write(tmp_path / "city", activities=None, attendance=None, quotas=None)
    row = f"'A1' AS id, {empty} AS unit, 'class' AS form, '班' AS title, '2010-05-04' AS starts_on, '2010-05-05' AS ends_on, 8 AS hours"
    parquet(folder, "activities", f"SELECT {row}")

    with open_ledger(folder, TERMS) as ledger:
        found = ledger.connection.execute("SELECT id, unit FROM activities").fetchall()

    assert found == [("A1", None)]


def test_garbage_is_no_parquet(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    (folder / "quotas.parquet").write_bytes(b"PAR1 nothing PAR1")

    assert only(refused(folder))[:2] == ("parquet_broken", "quotas.parquet")


def test_a_nested_column_is_a_fault_where_it_is_known_and_ignored_where_it_is_not(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    parquet(folder, "quotas", "SELECT 'A1' AS activity, 'U01' AS unit, [1] AS seats")
    assert only(refused(folder)) == ("parquet_nested", "quotas.parquet", None, "seats", None)

    parquet(folder, "quotas", "SELECT 'A1' AS activity, 'U01' AS unit, 1 AS seats, [1] AS extra")
    with open_ledger(folder, TERMS) as ledger:
        assert [(note.code, note.place.column) for note in ledger.notes] == [("column_ignored", "extra")]


@pytest.mark.parametrize("streamed", [False, True])
def test_text_that_its_writer_did_not_call_text_is_read_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    monkeypatch.setattr("kaohe.ledger.sources.STREAMED_FROM", 0 if streamed else 1_000_000)
    folder = write(tmp_path / "city", attendance=None)
    parquet(
        folder, "attendance",
        "SELECT encode('A2') AS activity, encode('P1') AS person, encode('出勤') AS status, 1.5::DECIMAL(6,1) AS hours",
    )  # fmt: skip
    with open_ledger(folder, TERMS) as ledger:
        found = ledger.connection.execute("SELECT activity, person, status, minutes FROM attendance").fetchall()

    assert found == [("A2", "P1", "present", 90)]


def test_a_group_whose_title_is_full_width_is_read_by_its_title(tmp_path: Path) -> None:
    content = read_standard("benxi-2010").content.replace("zh: 县区".encode(), "zh: 县（区）".encode(), 1)
    terms = terms_of(parse_standard(content, "x.yaml").standard)
    folder = write(tmp_path / "city", **with_line("units", 2, "U01,甲区,县（区）"))

    with open_ledger(folder, terms) as ledger:
        assert [unit.peer_group for unit in ledger.units] == ["county", "department"]


def test_a_table_in_a_format_that_is_not_read_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "city", quotas=None)
    (folder / "quotas.xls").write_bytes(b"old")

    with open_ledger(folder, TERMS) as ledger:
        assert [(note.code, note.place.file) for note in ledger.notes] == [("format_ignored", "quotas.xls")]


@pytest.mark.parametrize("table", ["units", "people", "quotas"])
def test_a_workbook_of_only_headers(tmp_path: Path, table: str) -> None:
    """It is an empty table: a fault for units and people, and fine for any other."""
    folder = write(tmp_path / "city", **{table: None})
    workbook(folder / f"{table}.xlsx", [list(TABLES[table][0].split(","))])

    if table == "quotas":
        with open_ledger(folder, TERMS) as ledger:
            assert ledger.rows("quotas") == 0
    else:
        assert ("table_empty", f"{table}.xlsx") in [(f.code, f.place.file) for f in refused(folder).listed]
