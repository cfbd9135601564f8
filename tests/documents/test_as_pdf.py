"""PDFs: readable text, embedded fonts, the same bytes for the same data, substitutes named."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from kaohe.assessment.scoring import Unit, score
from kaohe.documents.as_pdf import Digests, Press, faces, write_circular_pdf, write_score_sheets
from kaohe.documents.circular import Issue, circular
from kaohe.documents.faces import Font, resolve
from kaohe.documents.font_coverage import lacking
from kaohe.documents.score_sheet import score_sheet
from kaohe.standard.files import read_standard
from tests.builders import city, judgements, metrics, result

ISSUE = Issue("3", date(2011, 1, 10), "a67b6058cf3317c0290aab4100635595e9b327fc5f83111beb7c636ba41266e1")


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def text(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def test_circular_has_title_units_totals_and_the_package(press: Press):
    whole = city()
    found = text(press.circular(circular(whole, ISSUE)))

    assert "本公训办发〔2011〕3号" in found
    assert "工作领导小组办公室关于2010年度全市" in found
    assert ISSUE.package_digest is not None
    assert ISSUE.package_digest[:32] in found
    assert all(unit.unit.name in found and str(unit.total) in found for unit in whole.units)


def test_circular_of_a_city_has_eight_pages_and_ends_on_an_even_one(press: Press):
    pages = PdfReader(io.BytesIO(press.circular(circular(city(), ISSUE)))).pages

    assert len(pages) == 8
    assert "抄送" in pages[-1].extract_text()


def test_all_fonts_are_embedded(press: Press):
    reader = PdfReader(io.BytesIO(press.circular(circular(city(departments=4), ISSUE))))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]

    assert descriptors
    assert all("/FontFile3" in d or "/FontFile2" in d for d in descriptors)


def test_same_data_same_bytes_on_another_press(press: Press):
    content = circular(city(departments=4), ISSUE)

    assert press.circular(content) == Press().circular(content)


def test_it_says_that_it_is_pdf_a(press: Press):
    pdf = press.circular(circular(city(departments=2), ISSUE))

    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf


def test_a_draft_says_so_on_every_page(press: Press):
    reader = PdfReader(io.BytesIO(press.circular(circular(city(unscored=1), Issue()))))

    assert all("未定稿" in page.extract_text() for page in reader.pages)


def test_english_memorandum(press: Press):
    found = text(press.circular(circular(city(departments=3), ISSUE, "en")))

    assert "Circularontheresultsoftheannualroundof2010" in found
    assert "Annex2" in found


def test_a_sheet_for_every_unit(tmp_path: Path, press: Press):
    whole, told = city(counties=2, departments=2), []

    written = write_score_sheets(
        whole,
        tmp_path / "sheets",
        press,
        digests=Digests("c" * 64, {"D01": "d" * 64}),
        progress=lambda *at: told.append(at),
    )

    assert [path.name for path in written] == ["210502.pdf", "210503.pdf", "D01.pdf", "D02.pdf"]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    found = text(written[2].read_bytes())
    assert "市政府办公厅" in found
    assert str(whole.unit("D01").total) in found
    assert "d" * 64 in found


def test_a_sheet_is_the_same_whatever_was_printed_before_it(press: Press):
    whole = city(counties=1, departments=1)
    short, long = whole.units
    wordy = replace(score_sheet(whole, long), facts="甲乙丙丁" * 400)
    fresh = press.score_sheet(score_sheet(whole, short))

    pages = [len(PdfReader(io.BytesIO(press.score_sheet(wordy))).pages) for _ in range(2)]

    assert pages == [2, 2]
    assert "第2页，共2页" in text(press.score_sheet(wordy))
    assert press.score_sheet(score_sheet(whole, short)) == fresh
    assert press.score_sheet(score_sheet(whole, short)) == fresh


def test_long_reasons_run_to_two_pages_with_the_head_repeated(press: Press):
    file = read_standard("benxi-2010")
    given = [
        j.__class__(j.unit, j.criterion, j.stage, j.points, j.judge, "材料不齐，" * 40)
        for j in judgements(file.standard, "D01")
    ]
    whole = result([score(file.standard, Unit("D01", "市教育局", "department", 40, metrics()), given)], file)
    pages = PdfReader(io.BytesIO(press.score_sheet(score_sheet(whole, whole.units[0])))).pages

    assert len(pages) == 2
    assert "得分由来" in pages[1].extract_text()
    assert "被考核单位负责人" in pages[1].extract_text()


def test_a_character_that_no_font_has_is_marked_and_does_not_stop_the_press(press: Press):
    file = read_standard("benxi-2010")
    whole = result(
        [
            score(
                file.standard,
                Unit("D01", "市\U000323af局", "department", 40, metrics()),
                judgements(file.standard, "D01"),
            )
        ]
    )

    assert "市〓局" in text(press.score_sheet(score_sheet(whole, whole.units[0])))


def test_write_a_circular(tmp_path: Path, press: Press):
    write_circular_pdf(circular(city(departments=1), ISSUE), tmp_path / "circular.pdf", press)

    assert (tmp_path / "circular.pdf").read_bytes().startswith(b"%PDF-")


def test_packaged_fonts_stand_in_for_every_face(tmp_path: Path):
    found = {face.role: face for face in faces([tmp_path / "nothing"])}

    assert {role: face.family for role, face in found.items()} == {
        "小标宋": "Noto Serif SC", "仿宋": "Noto Serif SC", "楷体": "Noto Serif SC", "黑体": "Noto Sans SC", "宋体": "Noto Serif SC",
    }  # fmt: skip
    assert all(face.substitute for face in found.values())
    assert found["小标宋"].thickened


def test_the_offices_own_fonts_come_first():
    offered = [Font("Noto Serif SC", 400, "a"), Font("Noto Sans SC", 400, "b"), Font("FangSong_GB2312", 400, "c")]
    found = {face.role: face for face in resolve(offered)}

    assert (found["仿宋"].family, found["仿宋"].substitute) == ("FangSong_GB2312", False)
    assert found["仿宋"].fallbacks == ("Noto Serif SC",)


def test_missing_characters_of_names(press: Press):
    assert press.missing(["市教育局", "喆堃"]) == {}
    assert press.missing(["市\ue000局"])["仿宋"] == "\ue000"


def test_coverage_agrees_with_fonttools():
    from fontTools.ttLib import TTFont
    from pylopdf_fonts_zh_cn import sans_path

    path = str(sans_path())
    with TTFont(path, lazy=True) as font:
        known = font.getBestCmap()
    sample = "本溪市公务员䶮喆\ue000\U00020000Az9〔〕"

    assert lacking(sample, path) == "".join(c for c in sample if ord(c) not in known)
