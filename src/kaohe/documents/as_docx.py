"""The circular as an editable document: the layout of GB/T 9704-2012 in Word's own terms, the same bytes each time.

Exact line spacing carries the grid of 22 lines; the document's own grid is added for Word alone. Faces
are named as the standard names them (仿宋_GB2312 …), so that the office's fonts are used.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from kaohe.documents.as_docx_page import (
    CHARACTER,
    FANG,
    HEI,
    KAI,
    MEMORANDUM,
    OFFICIAL,
    PITCH,
    RED,
    SMALL,
    SONG,
    TITLE,
    Look,
    exactly,
    face,
    in_order,
    off_grid,
    prepare,
    raw,
)
from kaohe.documents.as_docx_tables import DENSE_ROW, ROW, add_section
from kaohe.documents.content import Annex, Circular, Paragraph
from kaohe.documents.title_rows import width

AREA, HEIGHT = Mm(156).pt, 22 * PITCH
MARK_SIZE, MARK_SQUEEZE = 46.0, 0.58
TITLE_SIZE, NOTE_SIZE, IMPRINT_SIZE, IMPRINT_LINE = 22.0, 10.5, 14.0, 25.0
NOTE_LINE, DIGEST_LINE, GAP = 15.5, 9.0, 14.0
CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_circular_docx(content: Circular, path: Path) -> None:
    """Write a circular into a file."""
    path.write_bytes(circular_docx(content))


def circular_docx(content: Circular) -> bytes:
    """Return a circular as the bytes of a docx file."""
    look = OFFICIAL if content.language == "zh" else MEMORANDUM
    document = Document()
    prepare(document, content, look)
    (_official_head if look.official else _memorandum_head)(document, content)
    for index, block in enumerate(content.body):
        if isinstance(block, Paragraph):
            _body(document, block, look, last=index == len(content.body) - 1)
        else:
            heading = document.add_paragraph(block.text, style="Heading 1")
            heading.paragraph_format.first_line_indent = Pt(look.indent)
    (_official_foot if look.official else _memorandum_foot)(document, content)
    for number, annex in enumerate(content.annexes, 1):
        _annex(document, annex, number, content, look)
    if look.official:
        _imprint(document, content)
    section = document.sections[0]
    for part in (document, section.footer, section.even_page_footer, section.header, section.even_page_header):
        in_order(part._element)
    in_order(document.styles.element)
    buffer = io.BytesIO()
    document.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(packed: bytes) -> bytes:
    """Pack again with one fixed time, so that the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, ZIP_TIME), old.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _line(document: Any, text: str = "", east_asia: str | None = None, size: float | None = None) -> Any:
    """Add a paragraph of one run, without an indent."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    if east_asia is not None:
        face(run, east_asia, size)
    return paragraph


def _kept(paragraph: Any) -> Any:
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _spread(run: Any, *, squeeze: int = 100) -> Any:
    """Undo the body's tighter setting for a run of another size; squeeze it where it is too long."""
    properties = run.element.get_or_add_rPr()
    raw(properties, "w:spacing", val=0)
    if squeeze < 100:
        raw(properties, "w:w", val=squeeze)
    return run


def _body(document: Any, block: Paragraph, look: Look, *, last: bool) -> None:
    """Add a paragraph of the body; the last one stays with the signature."""
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.first_line_indent = Pt(look.indent)
    form.keep_with_next = form.keep_together = last
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if block.lead:
        run = face(paragraph.add_run(block.lead + ("" if look.official else " ")), KAI if look.official else SONG)
        run.font.bold = not look.official
    paragraph.add_run(block.text)
    if not look.official:
        form.space_after = Pt(6)


def _official_head(document: Any, content: Circular) -> None:
    """Add issuer's mark, number and red rule (eight lines), title, addressee."""
    size = min(MARK_SIZE, AREA / (len(content.mark) * MARK_SQUEEZE))
    for _ in range(3):
        _line(document)
    mark = off_grid(exactly(_line(document, content.mark, TITLE, round(size * 2) / 2), 2 * PITCH))
    mark.alignment = CENTER
    run = _spread(mark.runs[0], squeeze=min(100, int(100 * AREA / (size * len(content.mark)))))
    run.font.color.rgb = RED
    for _ in range(2):
        _line(document)
    number = _line(document, content.number)
    number.alignment = CENTER
    borders = raw(number._p.get_or_add_pPr(), "w:pBdr")
    raw(borders, "w:bottom", val="single", sz=8, space=11, color="D7000F")
    for _ in range(2):
        _line(document)
    _title(document, content.title_rows)
    _line(document)
    _line(document, f"{content.addressee}：")


def _title(document: Any, rows: tuple[str, ...]) -> None:
    for row in rows:
        paragraph = _kept(off_grid(_line(document, row, TITLE, TITLE_SIZE)))
        paragraph.alignment = CENTER
        _spread(paragraph.runs[0])


def _official_foot(document: Any, content: Circular) -> None:
    """Add the list of annexes, and issuer and date with room for the seal."""
    _kept(_line(document))
    several = len(content.annexes) > 1
    for number, annex in enumerate(content.annexes, 1):
        item = f"{number}. {annex.name}" if several else annex.name
        paragraph = _kept(_line(document, ("附件：" if number == 1 else "") + item))
        form = paragraph.paragraph_format
        form.left_indent = Pt((5 if number > 1 else 2) * CHARACTER)
    for _ in range(2):
        _kept(_line(document))
    longest = max(width(row) for row in (*content.signature, content.day)) * CHARACTER
    axis = max(4 * CHARACTER + width(content.day) * CHARACTER / 2, longest / 2)
    for row in content.signature:
        _kept(_signed(document, row, axis))
    _signed(document, content.day, axis)


def _signed(document: Any, text: str, axis: float) -> Any:
    paragraph = _line(document, text)
    paragraph.alignment = RIGHT
    paragraph.paragraph_format.right_indent = Pt(max(0.0, axis - width(text) * CHARACTER / 2))
    return paragraph


def _annex(document: Any, annex: Annex, number: int, content: Circular, look: Look) -> None:
    single = len(content.annexes) == 1
    label = ("附件" if look.official else "Annex ") + ("" if single else str(number))
    _line(document, label, HEI).paragraph_format.page_break_before = True
    _line(document)
    if look.official:
        _title(document, annex.title_rows)
    else:
        _line(document, " ".join(annex.title_rows), SONG, 15).runs[0].font.bold = True
    off_grid(exactly(_line(document), GAP))
    for index, section in enumerate(annex.table.sections):
        if index:
            off_grid(exactly(_line(document), 5))
        add_section(document, annex.table, section, look)
    note = off_grid(exactly(_line(document, annex.note, FANG if look.official else SONG, NOTE_SIZE), NOTE_LINE))
    note.paragraph_format.space_before = Pt(6)
    note.paragraph_format.left_indent, note.paragraph_format.first_line_indent = Pt(21), Pt(-21)


def _imprint(document: Any, content: Circular) -> None:
    """Add the imprint, pushed to the foot of the last annex's page: after editing, check it by eye."""
    lines = [f"抄送：{content.copies}"] if content.copies else []
    last = f"{content.day}印发"
    note = _digest(document, content) if content.package_digest else None
    below = 14 + (len(lines) + 1) * (IMPRINT_LINE + 2) + (DIGEST_LINE if note is not None else 0)
    first = note
    for text in lines:
        paragraph = _imprint_line(document, text, top=8, bottom=6)
        first = first or paragraph
    room = AREA - 3 * IMPRINT_SIZE - width(last) * IMPRINT_SIZE
    paragraph = _imprint_line(document, content.printer, top=0 if lines else 8, bottom=8)
    _spread(paragraph.runs[0], squeeze=min(100, int(100 * room / (width(content.printer) * IMPRINT_SIZE))))
    _spread(face(paragraph.add_run(f"\t{last}"), FANG, IMPRINT_SIZE))
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(AREA - IMPRINT_SIZE), WD_TAB_ALIGNMENT.RIGHT)
    (first or paragraph).paragraph_format.space_before = Pt(max(12.0, HEIGHT - _used(content.annexes[-1]) - below))
    for kept in (first, note):
        if kept is not None:
            kept.paragraph_format.keep_with_next = True


def _digest(document: Any, content: Circular) -> Any:
    digest = content.package_digest
    label = "验证包 SHA-256　" if content.language == "zh" else "Verification package, SHA-256 "
    paragraph = document.add_paragraph(f"{label}{digest[:32]} {digest[32:]}", style=SMALL)
    paragraph.alignment = RIGHT
    return off_grid(paragraph)


def _imprint_line(document: Any, text: str, *, top: int, bottom: int) -> Any:
    paragraph = off_grid(exactly(_line(document, text, FANG, IMPRINT_SIZE), IMPRINT_LINE))
    paragraph.paragraph_format.first_line_indent = Pt(IMPRINT_SIZE)
    borders = raw(paragraph._p.get_or_add_pPr(), "w:pBdr")
    for side, size in (("top", top), ("bottom", bottom)):
        if size:
            raw(borders, f"w:{side}", val="single", sz=size, space=1, color="000000")
    return paragraph


def _used(annex: Annex) -> float:
    """How far down its last page an annex goes, in points, near enough to place the imprint."""
    table = annex.table
    rows = sum(len(section.rows) + 1 + bool(section.title) for section in table.sections)
    notes = -(-width(annex.note) * NOTE_SIZE // (AREA - 2 * NOTE_SIZE))
    head = (2 + len(annex.title_rows)) * PITCH + GAP
    below: float = head + rows * (DENSE_ROW if table.dense else ROW) + 6 + notes * NOTE_LINE
    return below % HEIGHT


def _memorandum_head(document: Any, content: Circular) -> None:
    """Add the head of the English memorandum: office, title, and what is known of its issue."""
    mark = face(_line(document, content.mark, TITLE, 13).runs[0], TITLE)
    mark.font.color.rgb = RED
    title = exactly(_line(document, content.title, SONG, 17), 22)
    title.runs[0].font.bold = True
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(10)
    known = (("To", content.addressee), ("Number", content.number), ("Date", content.day), ("Copies", content.copies))
    for label, text in known:
        if text:
            paragraph = _line(document, f"{label}\t{text}")
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(20))
            paragraph.paragraph_format.left_indent = Mm(20)
            paragraph.paragraph_format.first_line_indent = Mm(-20)
    document.paragraphs[-1].paragraph_format.space_after = Pt(10)


def _memorandum_foot(document: Any, content: Circular) -> None:
    for number, annex in enumerate(content.annexes, 1):
        paragraph = _kept(_line(document, f"Annex {number}: {annex.name}"))
        paragraph.paragraph_format.space_before = Pt(14 if number == 1 else 0)
    for index, text in enumerate((*content.signature, content.day)):
        paragraph = _kept(_line(document, text))
        paragraph.alignment = RIGHT
        paragraph.paragraph_format.space_before = Pt(24 if index == 0 else 0)
    paragraph.paragraph_format.keep_with_next = False
    if content.package_digest:
        _digest(document, content).paragraph_format.space_before = Pt(14)
