"""What a document says, as frozen values: no font, no size, no page. Every renderer is fed by the same content."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kaohe.standard.model import Language

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first level: 一、考核工作基本情况."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lead` is a heading of the second level that runs into it: （一）自查自评。"""

    text: str
    lead: str = ""


Block = Heading | Paragraph


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` in millimetres, None for the one that takes what is left."""

    title: str
    align: Align
    width: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `note` stands behind the text in brackets of its own (并列)."""

    text: str
    strong: bool = False
    soft: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `cut` draws a strong line below it: the end of a band, or of an item."""

    cells: tuple[Cell, ...]
    head: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading (`一、自治县、区（6个）`), which is repeated on each page; or under none."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns, and rows in sections. `dense` tables have the lower rows."""

    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: the name under which the body lists it, the same broken into rows, its table, its note."""

    name: str
    title_rows: tuple[str, ...]
    table: Table
    note: str


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular (通报), complete: from the issuer's mark to the imprint.

    number and day hold official blanks where they are not yet given; dated is the document's own day
    for the file's properties; draft marks a circular that must not go out (未定稿), draft_reason says why.
    """

    language: Language
    mark: str
    number: str
    title: str
    title_rows: tuple[str, ...]
    addressee: str
    body: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    signature: tuple[str, ...]
    day: str
    dated: date
    copies: str
    printer: str
    package_digest: str
    issuer: str
    draft: str = ""
    draft_reason: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """One line of a score's derivation: its label (规则, 数据, 理由) and its text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One criterion on a score sheet; texts ready to print, empty where there is nothing.

    score: the points, or the word 不适用 or 未计分 (then `full` is empty); who: one name a line.
    """

    id: str
    title: str
    clause: str
    why: tuple[Why, ...]
    own: str
    inspection: str
    review: str
    score: str
    full: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item on a score sheet with its criteria; `bar` is the share of its points that was earned."""

    id: str
    title: str
    own: str
    score: str
    full: str
    bar: float
    rows: tuple[ScoreRow, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the sheet's head: label, value and a small addition (`/ 40`)."""

    label: str
    value: str
    addition: str = ""


@dataclass(frozen=True, slots=True)
class SumRow:
    """A row of the sum at the foot: 基础分, 加分, 总分, with a note on how it came about."""

    title: str
    note: str
    own: str
    score: str


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A score sheet (评分单) of one unit, complete. `titles` are the table's eight; `digests` label and hex."""

    language: Language
    title: str
    dated: date
    author: str
    headline: tuple[str, str, str]
    unit: str
    facts: str
    figures: tuple[Figure, ...]
    titles: tuple[str, ...]
    items: tuple[ScoreItem, ...]
    sums: tuple[SumRow, ...]
    note: str
    signers: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    page: str
