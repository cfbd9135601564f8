"""The page of a docx: size, margins, styles, page numbers, and the raw parts that python-docx has no name for."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from kaohe.documents.content import Circular

PITCH, CHARACTER = 28.95, 15.75
FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
TIMES, ARIAL = "Times New Roman", "Arial"
RED, BLACK = RGBColor(0xD7, 0x00, 0x0F), RGBColor(0, 0, 0)
SMALL = "Small print"


@dataclass(frozen=True, slots=True)
class Look:
    """What differs between the official layout and the plain memorandum in English; sizes in points."""

    official: bool
    body: str
    size: float
    line: float
    indent: float
    number_size: float
    table_size: float


OFFICIAL = Look(True, FANG, 16, PITCH, 2 * CHARACTER, 14, 11)
MEMORANDUM = Look(False, SONG, 11, 16, 0, 9, 9)


def raw(parent: Any, tag: str, **attributes: object) -> Any:
    """Append an element that python-docx has no name for."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    parent.append(element)
    return element


def face(run_or_style: Any, east_asia: str, size: float | None = None, latin: str = TIMES) -> Any:
    """Set the Chinese and the Latin face: python-docx by itself sets only the Latin one."""
    run_or_style.font.name = latin
    fonts = run_or_style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east_asia)
    if size is not None:
        run_or_style.font.size = Pt(size)
    return run_or_style


def off_grid(paragraph: Any) -> Any:
    """Let a paragraph of another size leave the grid of the body's lines."""
    raw(paragraph._p.get_or_add_pPr(), "w:snapToGrid", val=0)
    return paragraph


ORDER = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
        "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
        "lang eastAsianLayout specVanish oMath"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
        "tblBorders shd tblLayout tblCellMar tblLook"
    ),
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tcBorders": "top left start bottom right end insideH insideV",
    "pBdr": "top left bottom right between bar",
}
"""The order in which the schema wants the parts of a property: Word refuses a file that has another."""


def in_order(root: Any) -> None:
    """Put the parts of all properties below an element into the schema's order."""
    for tag, names in ORDER.items():
        place = {qn(f"w:{name}"): index for index, name in enumerate(names.split())}
        for element in root.iter(qn(f"w:{tag}")):
            element[:] = sorted(element, key=lambda child: place.get(child.tag, len(place)))


def exactly(paragraph_or_style: Any, points: float) -> Any:
    """Give a paragraph lines of an exact height, nothing before and after, and no widow control."""
    form = paragraph_or_style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False
    return paragraph_or_style


def prepare(document: Any, content: Circular, look: Look) -> None:
    """Set properties, page, styles and page numbers of an empty document."""
    core, when = document.core_properties, datetime.combine(content.dated, time(), UTC).replace(tzinfo=None)
    core.title, core.author, core.language = content.title, content.issuer, content.language
    core.created = core.modified = when
    core.last_modified_by, core.revision, core.comments = content.issuer, 1, ""
    _page(document, look)
    _styles(document, look)
    _numbers(document, content, look)


def _page(document: Any, look: Look) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    margins = (37, 35, 28, 26) if look.official else (24, 24, 27, 27)
    section.top_margin, section.bottom_margin = Mm(margins[0]), Mm(margins[1])
    section.left_margin, section.right_margin = Mm(margins[2]), Mm(margins[3])
    section.footer_distance, section.header_distance = (Mm(23), Mm(15)) if look.official else (Mm(12), Mm(10))
    if look.official:
        found = section._sectPr.find(qn("w:docGrid"))
        grid = found if found is not None else raw(section._sectPr, "w:docGrid")
        grid.set(qn("w:type"), "linesAndChars")
        grid.set(qn("w:linePitch"), "579")
        document.settings.odd_and_even_pages_header_footer = True
        zoom = document.settings.element.find(qn("w:zoom"))
        document.settings.element.insert(0 if zoom is None else 1, OxmlElement("w:mirrorMargins"))


def _styles(document: Any, look: Look) -> None:
    normal, heading = document.styles["Normal"], document.styles["Heading 1"]
    exactly(face(normal, look.body, look.size), look.line)
    if look.official:
        raw(normal.element.get_or_add_rPr(), "w:spacing", val=-5)
        for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
            raw(normal.element.get_or_add_pPr(), tag, val=0)
    exactly(face(heading, HEI, look.size if look.official else 12, TIMES if look.official else ARIAL), look.line)
    heading.font.bold, heading.font.color.rgb = not look.official, BLACK
    heading.paragraph_format.keep_with_next = True
    if not look.official:
        heading.paragraph_format.space_before = Pt(12)
    small = document.styles.add_style(SMALL, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = normal
    exactly(face(small, HEI, 7, ARIAL), 9)


def _numbers(document: Any, content: Circular, look: Look) -> None:
    """Number the pages: odd right and even left, one character in; a draft says on every page that it is one."""
    section = document.sections[0]
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT, look)
    headers = [section.header]
    if look.official:
        _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT, look)
        headers.append(section.even_page_header)
    for header in headers if content.draft else ():
        mark = header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = face(mark.add_run(f"{content.draft}　{content.draft_reason}"), HEI, 12)
        run.font.color.rgb = RED


def _number(paragraph: Any, side: WD_ALIGN_PARAGRAPH, look: Look) -> None:
    paragraph.alignment = side
    inward = Pt(CHARACTER if look.official else 0)
    if side == WD_ALIGN_PARAGRAPH.RIGHT:
        paragraph.paragraph_format.right_indent = inward
    else:
        paragraph.paragraph_format.left_indent = inward
    face(paragraph.add_run("— "), SONG, look.number_size)
    run = face(paragraph.add_run(), SONG, look.number_size)
    raw(run.element, "w:fldChar", fldCharType="begin")
    raw(run.element, "w:instrText").text = "PAGE"
    raw(run.element, "w:fldChar", fldCharType="end")
    face(paragraph.add_run(" —"), SONG, look.number_size)
