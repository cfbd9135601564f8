"""The workbook: numbers are numbers, texts stay texts, and every point has its row of reasons."""

import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from kaohe.assessment.ranking import in_order
from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import score
from kaohe.documents.reasons import reason_for
from kaohe.documents.workbook import FORMULA_STARTS, LONGEST, write_workbook
from kaohe.standard.files import read_standard
from tests.builders import city, judgements, result, unit


@pytest.fixture(scope="module")
def whole_city() -> RoundResult:
    return city(unscored=2)


@pytest.fixture(scope="module")
def path(whole_city: RoundResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "results.xlsx"
    write_workbook(whole_city, path)
    return path


def _book(path: Path) -> Any:
    import openpyxl  # slow import

    return openpyxl.load_workbook(path)


def test_three_sheets_in_chinese_and_in_english(path: Path, tmp_path: Path, whole_city: RoundResult) -> None:
    write_workbook(whole_city, tmp_path / "en.xlsx", "en")

    assert _book(path).sheetnames == ["排名", "得分", "说明"]
    assert _book(tmp_path / "en.xlsx").sheetnames == ["Ranking", "Scores", "Reasons"]


def test_the_ranking_holds_ranks_and_scores_as_numbers_and_codes_as_text(path: Path, whole_city: RoundResult) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("排名").to_python()

    assert rows[0][:9] == ["名次", "类内", "代码", "单位", "类别", "在册人数", "基础分", "加分", "总分"]
    for row, one in zip(rows[1:], in_order(whole_city.units), strict=True):
        assert row[2:4] == [one.unit.code, one.unit.name]
        assert row[8] == ("" if one.total is None else float(one.total))
        assert row[0] == ("" if one.rank is None else one.rank)
    sheet = _book(path)["排名"]
    assert [sheet.cell(2, column).number_format for column in (1, 3, 7)] == ["0", "@", "0.00"]
    assert [type(sheet.cell(2, column).value) for column in (1, 3, 7)] == [int, str, float]


def test_the_scores_are_a_matrix_with_subtotals(path: Path, whole_city: RoundResult) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("得分").to_python()

    heads = [str(cell).split("\n")[0] for cell in rows[0]]
    assert heads[2:7] == ["A1", "A2", "A3", "A小计", "B1"]
    assert heads[-3:] == ["基础分", "加分", "总分"]
    first, last = rows[1], rows[-1]
    assert first[heads.index("B6")] == first[heads.index("B小计")] == "未计分"
    assert first[heads.index("C1")] == "不适用"
    assert last[2] + last[3] + last[4] == pytest.approx(last[5])
    assert last[heads.index("D4")] == float(whole_city.units[-1].criterion("D4").score or 0)


def test_each_point_has_a_row_with_its_reason(path: Path, whole_city: RoundResult) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("说明").to_python()

    kind, standard = whole_city.round.kind, whole_city.standard
    assert len(rows) == 1 + 46 * (17 + 2)
    told = {(row[0], row[2]): row for row in rows[1:]}
    for one in whole_city.units:
        for given in one.criteria:
            reason, row = reason_for(given, standard, kind, "zh"), told[one.unit.code, given.criterion.id]
            wanted = [reason.rule, reason.figures, reason.judgement, reason.who, reason.course, reason.clause]
            assert row[7:] == [text or "" for text in wanted]
            assert given.score is None or row[5] == float(given.score)


@pytest.mark.parametrize(("name", "kept", "columns"), [("排名", "E2", 13), ("得分", "C2", 26), ("说明", "E2", 13)])
def test_heads_stay_in_view_filter_and_repeat_on_paper(path: Path, name: str, kept: str, columns: int) -> None:
    sheet = _book(path)[name]

    assert sheet.freeze_panes == kept
    assert sheet.max_column == columns
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, columns).column_letter}{sheet.max_row}"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert "2010年全年考核" in str(sheet.oddHeader.left.text)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_text_becomes_a_formula(start: str, tmp_path: Path) -> None:
    evil = f'{start}HYPERLINK("http://example.org",1)'
    standard = read_standard("benxi-2010").standard
    given = [replace(j, judge=evil, reason=evil) for j in judgements(standard, evil)]
    write_workbook(result([score(standard, unit(code=evil, name=evil), given)]), tmp_path / "x.xlsx")

    book, start = _book(tmp_path / "x.xlsx"), start.replace("\r", "_x000D_")  # as openpyxl leaves it
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(start)]
    assert len(found) > 17
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.quotePrefix for cell in found)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink" in sheet]


def test_a_text_too_long_for_a_cell_is_cut_rather_than_lost(tmp_path: Path) -> None:
    standard = read_standard("benxi-2010").standard
    long = "材" * (LONGEST + 5)
    given = [replace(j, reason=long) for j in judgements(standard, "D01")]
    write_workbook(result([score(standard, unit(), given)]), tmp_path / "x.xlsx")

    rows = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_name("说明").to_python()

    assert rows[1][9] == long[:LONGEST]


def test_the_same_result_gives_the_same_bytes(path: Path, whole_city: RoundResult, tmp_path: Path) -> None:
    write_workbook(whole_city, tmp_path / "again.xlsx")

    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    created = _book(path).properties.created
    assert (created.year, created.month, created.day) == (2010, 12, 31)


def test_points_with_half_a_hundredth_are_never_made_up(path: Path, whole_city: RoundResult) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("得分").to_python()

    numbers = [cell for row in rows[1:] for cell in row if isinstance(cell, float)]
    assert all(Decimal(str(number)) == Decimal(str(number)).quantize(Decimal("0.01")) for number in numbers)
