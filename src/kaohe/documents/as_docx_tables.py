"""The tables of a docx: heads repeated on every page, rows kept whole, a strong line where a band ends."""

from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from kaohe.documents.as_docx_page import ARIAL, HEI, KAI, SONG, Look, exactly, face, off_grid, raw
from kaohe.documents.content import Cell, Column, Row, Section, Table
from kaohe.documents.title_rows import width

AREA = 156.0
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
}  # fmt: skip
HAIR, INK, CUT = (3, "8C8C8C"), (6, "000000"), (8, "000000")
"""Lines: eighths of a point, and colour."""
ROW, DENSE_ROW = 19.3, 16.8
INSET = 1.2


def add_section(document: Any, table: Table, section: Section, look: Look) -> None:
    """Add one section as a table of its own: Word repeats leading rows only, so the group stands in the head."""
    rows = len(section.rows) + 1 + bool(section.title)
    added = document.add_table(rows=rows, cols=len(table.columns))
    added.alignment, added.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _margins(added)
    for column, inner in zip(table.columns, added.columns, strict=True):
        inner.width = Mm(_width(column, table))
    given = list(added.rows)
    head = Row(tuple(Cell(column.title) for column in table.columns), head=True)
    _row(given[0], head, table, look, repeated=True)
    if section.title:
        _title(given[1], section.title, look)
    for row, inner in zip(section.rows, given[rows - len(section.rows) :], strict=True):
        _row(inner, row, table, look)
    for cell in given[-1].cells:
        _line(cell, "bottom", INK)


def _margins(added: Any) -> None:
    margins = raw(added._tbl.tblPr, "w:tblCellMar")
    for side in ("left", "right"):
        raw(margins, f"w:{side}", w=int(INSET * 56.7), type="dxa")


def _width(column: Column, table: Table) -> float:
    taken = sum(other.width or 0.0 for other in table.columns)
    return column.width if column.width is not None else AREA - taken


def _title(row: Any, title: str, look: Look) -> None:
    cell = row.cells[0].merge(row.cells[-1])
    _write(cell, Cell(title), look, titles=True)
    _line(cell, "bottom", HAIR)
    _frame(row, ROW, repeated=True)


def _row(row: Any, content: Row, table: Table, look: Look, *, repeated: bool = False) -> None:
    for cell, inner, column in zip(row.cells, content.cells, table.columns, strict=True):
        cell.width = Mm(_width(column, table))
        _write(cell, inner, look, titles=repeated, room=_width(column, table) - 2 * INSET)
        cell.paragraphs[0].alignment = ALIGN[column.align]
        if content.head:
            _line(cell, "top", CUT if not repeated else INK)
            _line(cell, "bottom", INK)
        else:
            _line(cell, "bottom", CUT if content.cut else HAIR)
    _frame(row, DENSE_ROW if table.dense else ROW, repeated=repeated)


def _frame(row: Any, height: float, *, repeated: bool = False) -> None:
    row.height_rule, row.height = WD_ROW_HEIGHT_RULE.EXACTLY, Pt(height)
    properties = row._tr.get_or_add_trPr()
    raw(properties, "w:cantSplit")
    if repeated:
        raw(properties, "w:tblHeader")


def _write(cell: Any, content: Cell, look: Look, *, titles: bool, room: float = AREA) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = off_grid(exactly(cell.paragraphs[0], look.table_size + 3))
    squeeze = int(min(100.0, 100 * room / (width(content.text + content.note) * Pt(look.table_size).mm or 1)))
    for text, chinese in ((content.text, KAI if content.soft else SONG), (content.note, KAI)):
        if text:
            run = face(paragraph.add_run(text), HEI if titles else chinese, look.table_size)
            run.font.bold = content.strong or (titles and not look.official)
            if titles and not look.official:
                face(run, HEI, look.table_size, ARIAL)
            properties = run.element.get_or_add_rPr()
            raw(properties, "w:spacing", val=0)
            if squeeze < 100:
                raw(properties, "w:w", val=squeeze)


def _line(cell: Any, side: str, line: tuple[int, str]) -> None:
    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    borders = borders if borders is not None else raw(properties, "w:tcBorders")
    old = borders.find(qn(f"w:{side}"))
    if old is not None:
        borders.remove(old)
    raw(borders, f"w:{side}", val="single", sz=line[0], space=0, color=line[1])
