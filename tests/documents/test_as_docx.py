"""The docx: opens, holds the same text as the content, and is the same to the byte."""

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from kaohe.documents.as_docx import circular_docx, write_circular_docx
from kaohe.documents.circular import Issue, circular
from kaohe.documents.content import Circular, Paragraph
from tests.builders import city

ISSUE = Issue("3", date(2011, 1, 10), "a" * 64)


def opened(content: Circular) -> Document:
    return docx.Document(io.BytesIO(circular_docx(content)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_holds_every_paragraph_of_the_content(language: str):
    content = circular(city(unscored=1), ISSUE, "zh" if language == "zh" else "en")
    lines = [paragraph.text for paragraph in opened(content).paragraphs]
    gap = " " if language == "en" else ""

    for block in content.body:
        lead = f"{block.lead}{gap}" if isinstance(block, Paragraph) and block.lead else ""
        assert lead + block.text in lines
    assert content.number in "\n".join(lines)
    assert content.day in "\n".join(lines)
    assert content.annexes[0].note in lines


def test_tables_hold_every_unit_and_their_heads_repeat():
    whole = city()
    document = opened(circular(whole, ISSUE))
    texts = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]

    assert len(document.tables) == 3  # counties, departments, averages
    for unit in whole.units:
        assert any(unit.unit.name in row and str(unit.total) in row for row in texts)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_chinese_faces_exact_lines_and_page_numbers_of_both_sides():
    document = opened(circular(city(departments=2), ISSUE))
    normal, section = document.styles["Normal"], document.sections[0]

    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert normal.paragraph_format.line_spacing.pt == 28.95
    assert document.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml
    assert (section.left_margin.mm, section.top_margin.mm) == pytest.approx((28, 37), abs=0.1)


def test_last_paragraph_stays_with_the_signature():
    content = circular(city(departments=2), ISSUE)
    last = next(p for p in opened(content).paragraphs if p.text.endswith(content.body[-1].text))

    assert last.paragraph_format.keep_with_next


def test_properties_stand_in_the_schemas_order():
    document = opened(circular(city(departments=2), ISSUE))
    order = [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "widowControl",
        "pBdr",
        "tabs",
        "snapToGrid",
        "spacing",
        "ind",
        "jc",
    ]

    for properties in document.element.iter(qn("w:pPr")):
        names = [child.tag.partition("}")[2] for child in properties]
        known = [order.index(name) for name in names if name in order]
        assert known == sorted(known)


def test_same_content_same_bytes_without_a_clock(tmp_path: Path):
    content = circular(city(departments=3), ISSUE)
    write_circular_docx(content, tmp_path / "circular.docx")

    assert (tmp_path / "circular.docx").read_bytes() == circular_docx(content)
    with zipfile.ZipFile(tmp_path / "circular.docx") as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened(content).core_properties.created == opened(content).core_properties.modified


def test_a_draft_says_so_in_every_header():
    section = opened(circular(city(unscored=1), Issue())).sections[0]

    assert section.header.paragraphs[0].text.startswith("未定稿")
    assert section.even_page_header.paragraphs[0].text.startswith("未定稿")
