"""The results as a workbook: ranking, scores by criterion, and one row of reasons for every point.

Scores and ranks are numbers, codes are text. A text that a spreadsheet would take for a formula is
marked as text, so that it stays harmless when somebody edits the cell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.assessment.ranking import in_order
from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import CriterionScore, UnitResult
from kaohe.documents.numerals import pick
from kaohe.documents.reasons import bonus_reason, reason_for
from kaohe.documents.report_parts import Subject
from kaohe.documents.report_sheets import item_scores
from kaohe.standard.model import Language

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767
"""The most characters that a cell holds."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, its width in characters, and whether long text in it is wrapped."""

    heading: str
    width: int
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, columns and rows, and how many columns stay in view at the left."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    kept: int


def write_workbook(result: RoundResult, path: Path | str, language: Language = "zh") -> None:
    """Write `results.xlsx`. The same result gives the same bytes: the file is dated by the round's end."""
    import xlsxwriter  # slow import

    subject = Subject(result, language)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        end = result.round.end
        title = f"{result.standard.title.within(language)} {subject.round_name}"
        book.set_properties({"title": title, "created": datetime(end.year, end.month, end.day, tzinfo=UTC)})
        formats = _formats(book)
        for sheet in (ranking_sheet(subject), score_sheet(subject), reason_sheet(subject)):
            _write(book.add_worksheet(sheet.name), sheet, formats, f"{subject.round_name}　{sheet.name}")


def ranking_sheet(subject: Subject) -> Sheet:
    """One row a unit, as the ranking lists them."""
    words = subject.words
    columns = [
        Column(words.rank, 7), Column(words.group_rank, 9), Column(words.code, 12), Column(words.unit, 34),
        Column(words.group, 14), Column(words.staff, 10), Column(words.base, 10), Column(words.bonus, 10),
        Column(words.total, 10), Column(words.band, 22), Column(words.check, 12), Column(words.not_applicable, 16),
        Column(words.unscored, 16),
    ]  # fmt: skip
    return Sheet(words.ranking, columns, [_ranking_row(subject, unit) for unit in in_order(subject.result.units)], 4)


def _ranking_row(subject: Subject, result: UnitResult) -> list[Cell]:
    words, unit = subject.words, result.unit
    return [
        result.rank, result.group_rank, unit.code, unit.name, _group(subject, result), unit.headcount, result.base,
        result.bonus, result.total, subject.band_title(result.band) if result.band else None,
        words.verified if result.verified else words.unverified,
        words.comma.join(result.not_applicable) or None, words.comma.join(result.unscored) or None,
    ]  # fmt: skip


def _group(subject: Subject, result: UnitResult) -> str:
    return subject.standard.group(result.unit.peer_group).title.within(subject.language)


def score_sheet(subject: Subject) -> Sheet:
    """Units down, criteria across, each item followed by its subtotal."""
    words, language = subject.words, subject.language
    columns = [Column(words.code, 12), Column(words.unit, 34)]
    for item in subject.standard.items:
        for criterion in item.criteria:
            heading = f"{criterion.id}\n{criterion.title.within(language)}\n/ {criterion.points.normalize():f}"
            columns.append(Column(heading, 11))
        subtotal = words.subtotal.format(id=item.id)
        columns.append(Column(f"{subtotal}\n{item.title.within(language)}\n/ {item.points.normalize():f}", 11))
    columns += [Column(words.base, 10), Column(words.bonus, 10), Column(words.total, 10)]
    return Sheet(
        pick(language, "得分", "Scores"), columns, [_score_row(subject, unit) for unit in subject.result.units], 2
    )


def _score_row(subject: Subject, result: UnitResult) -> list[Cell]:
    row: list[Cell] = [result.unit.code, result.unit.name]
    for item in subject.standard.items:
        row += [_score(subject, result.criterion(criterion.id)) for criterion in item.criteria]
        given, _, complete = item_scores(result, item)
        row.append(given if complete else subject.words.unscored)
    return [*row, result.base, result.bonus, result.total]


def _score(subject: Subject, score: CriterionScore) -> Cell:
    if score.score is not None:
        return score.score
    return subject.words.unscored if score.source == "unscored" else subject.words.not_applicable


def reason_sheet(subject: Subject) -> Sheet:
    """One row a unit and criterion, then its bonuses: where each point comes from."""
    words = subject.words
    columns = [
        Column(words.code, 12), Column(words.unit, 28), Column(words.criterion, 8), Column(words.name, 26),
        Column(words.whole, 8), Column(words.score, 8), Column(words.source, 12), Column(words.rule, 44, wrapped=True),
        Column(words.figures, 44, wrapped=True), Column(words.judgement, 36, wrapped=True), Column(words.who, 20),
        Column(words.course, 34, wrapped=True), Column(words.clause, 26, wrapped=True),
    ]  # fmt: skip
    rows = [row for unit in subject.result.units for row in _reason_rows(subject, unit)]
    return Sheet(pick(subject.language, "说明", "Reasons"), columns, rows, 4)


def _reason_rows(subject: Subject, result: UnitResult) -> Iterable[list[Cell]]:
    language, kind = subject.language, subject.result.round.kind
    who = [result.unit.code, result.unit.name]
    for score in result.criteria:
        criterion, reason = score.criterion, reason_for(score, subject.standard, kind, language)
        yield [
            *who, criterion.id, criterion.title.within(language), criterion.points, _score(subject, score),
            subject.words.sources[score.source], reason.rule, reason.figures, reason.judgement, reason.who,
            reason.course, reason.clause,
        ]  # fmt: skip
    for bonus in result.bonuses:
        ledger = subject.words.sources["ledger"]
        title, why = bonus.bonus.title.within(language), bonus_reason(bonus, subject.standard, language)
        yield [*who, bonus.bonus.id, title, None, bonus.points, subject.words.bonus, None, why, None, ledger, None,
               bonus.bonus.clause]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formats:
    """How cells look: heading, text, wrapped text, text that looks like a formula, whole number, score."""

    heading: "Format"
    text: "Format"
    wrapped: "Format"
    quoted: "Format"
    whole: "Format"
    score: "Format"


def _formats(book: "Workbook") -> Formats:
    plain = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
    edge = {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#EDF2F9"}
    return Formats(
        heading=book.add_format(plain | edge),
        text=book.add_format(plain | {"num_format": "@"}),
        wrapped=book.add_format(plain | {"num_format": "@", "text_wrap": True}),
        quoted=book.add_format(plain | {"num_format": "@", "text_wrap": True, "quote_prefix": True}),
        whole=book.add_format(plain | {"num_format": "0"}),
        score=book.add_format(plain | {"num_format": "0.00"}),
    )


def _write(page: "Worksheet", sheet: Sheet, formats: Formats, title: str) -> None:
    last = len(sheet.columns) - 1
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.heading[:LONGEST], formats.heading)
    for number, row in enumerate(sheet.rows, 1):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, number, index, value, formats, wrapped=column.wrapped)
    page.freeze_panes(1, sheet.kept)
    page.autofilter(0, 0, len(sheet.rows), last)
    _print_setup(page, title)


def _write_cell(page: "Worksheet", row: int, index: int, value: Cell, formats: Formats, *, wrapped: bool) -> None:
    match value:
        case None:
            return
        case str():
            kind = formats.quoted if value.startswith(FORMULA_STARTS) else formats.wrapped if wrapped else formats.text
            page.write_string(row, index, value[:LONGEST], kind)
        case int():
            page.write_number(row, index, value, formats.whole)
        case Decimal():
            page.write_number(row, index, float(value), formats.score)


def _print_setup(page: "Worksheet", title: str) -> None:
    """A4 across, as wide as the paper, the heading on every page, page numbers at the foot."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    page.set_header("&L" + title.replace("&", "&&")[:200])
    page.set_footer("&C&P / &N")
