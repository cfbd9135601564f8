"""A copy of an uploaded file as a workbook, in which every fault is marked where it is and says what to do.

Every cell is written as text: a code keeps its leading zeros, and nothing that somebody uploaded ever
becomes a formula.
"""

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kaohe.fault import Fault
from kaohe.ledger.fault_marks import SURPLUS, Marks, marks_of
from kaohe.ledger.grids import MOST_ROWS, MOST_TEXT, Grid, grid_of
from kaohe.ledger.template_notes import Language, Text

_MOST_COMMENTS = 1_000
"""A sheet with more comments is slow to open; the column of remedies says the same."""
_LONGEST_COMMENT = 1_000
_NARROWEST, _WIDEST, _REMEDY_WIDTH, _NOTES_WIDTH = 8, 44, 60, 100
_BAD = {"bg_color": "#FFC7CE", "border": 1, "border_color": "#C00000"}
_TEXT = {"num_format": "@", "valign": "top"}

_WORDS: Mapping[str, Text] = {
    "summary": Text("说明", "Notes"),
    "data": Text("数据", "Data"),
    "remedy": Text("问题与更正办法", "What to put right"),
    "count": Text("{file}：共 {all} 处问题", "{file}: {all} faults in all"),
    "more": Text(
        "这里标出 {listed} 处，另有 {more} 处没有标出；改正后再检查一次，会列出其余的。",
        "{listed} are marked here, {more} more are not; they are listed when the corrected file is checked again.",
    ),
    "how": Text(
        "红色的格子有问题，批注和右边“问题与更正办法”一栏写明怎样改。现在只显示有问题的行；在该栏清除筛选，可以看到全部行。",
        "Red cells are at fault; their comments and the column at the right say what to put right. "
        "Only rows at fault are shown: clear the filter of that column to see all.",
    ),
    "no_data": Text(
        "这个文件不能按表格读出，所以没有附上数据。",
        "This file cannot be read as a table, so no data are attached.",
    ),
    "not_whole": Text(
        "文件超出一张 Excel 工作表的行数或列数，超出部分没有附上。",
        "The file has more rows or columns than a sheet of Excel holds; those beyond are not attached.",
    ),
    "cut": Text(
        "有 {cut} 个格子超过 32,767 个字符，这里只附上前面的部分。",
        "{cut} cells have more than 32,767 characters; only the first of them are here.",
    ),
    "file": Text("表头和整个文件的问题", "Faults of the header and of the file as a whole"),
}  # fmt: skip

REMEDY_HEADERS = frozenset(_WORDS["remedy"])
"""How the column of remedies is headed, by which a copy that comes back is known."""


def annotate(
    source: Path,
    faults: Sequence[Fault],
    sentence: Callable[[Fault], str],
    target: Path,
    *,
    more: int = 0,
    language: Language = "zh",
    summary_last: bool = False,
    name: str = "",
) -> None:
    """Write a marked copy of the first sheet of `source`, under the name that the faults cite, to `target` (.xlsx).

    sentence: says a fault; more: how many faults there are beside those given; summary_last: put the
    sheet of notes behind the data. The reader reads the first sheet, so only such a copy can be put
    right and read again as it is; name: what the file is called to people, where that differs from `source`.
    A file that cannot be read as a table gives the notes alone; the remedies of an earlier copy give way to the new.
    """
    import xlsxwriter  # slow import

    with tempfile.TemporaryDirectory(prefix="kaohe-", ignore_cleanup_errors=True) as folder:
        aside = Path(folder)
        grid = grid_of(source, aside, without=REMEDY_HEADERS)
        marks = marks_of(faults, sentence, source.name, grid)
        with xlsxwriter.Workbook(str(aside / "copy.xlsx"), {"constant_memory": True, "tmpdir": folder}) as book:
            book.set_properties({"title": name or source.name, "created": datetime(2010, 1, 1, tzinfo=UTC)})
            notes, data = _sheets(book, grid, language, summary_last=summary_last)
            cut = _Copy(book, data, grid, marks, _say("remedy", language)).write() if grid else 0
            said = _said(name or source.name, grid, marks, language, listed=len(faults), more=more, cut=cut)
            _write_notes(book, notes, said, marks, _say("file", language))
        shutil.move(aside / "copy.xlsx", target)


def _sheets(book: Any, grid: Grid | None, language: Language, *, summary_last: bool) -> tuple[Any, Any]:
    """Add the sheets in their order; return that of the notes and, where there is one, that of the data."""
    names = ["summary"] if grid is None else ["data", "summary"] if summary_last else ["summary", "data"]
    sheets = {name: book.add_worksheet(_say(name, language)) for name in names}
    return sheets["summary"], sheets.get("data")


# --- the sheet of data


class _Copy:
    """The copy of the data in the making, row by row, since what is written is not kept in memory."""

    def __init__(self, book: Any, sheet: Any, grid: Grid, marks: Marks, heading: str) -> None:
        self._sheet, self._grid, self._marks, self._heading = sheet, grid, marks, heading
        self._plain, self._bad = book.add_format(_TEXT), book.add_format(_TEXT | _BAD)
        self._head = book.add_format(_TEXT | {"bold": True, "border": 1, "bg_color": "#EDEDED"})
        self._bad_head = book.add_format(_TEXT | {"bold": True} | _BAD)
        self._remedy = book.add_format(_TEXT | {"text_wrap": True})
        self._comments = self._cut = 0

    def write(self) -> int:
        """Write the sheet; return how many cells had to be cut."""
        at, last = len(self._grid.widths), 1
        self._set_up(at)
        self._cells(1, self._grid.header, self._head, self._bad_head)
        self._sheet.write_string(0, at, self._heading, self._head)
        for row, cells in _with_marked(self._grid.rows(), sorted(self._marks.rows)):
            self._row(row, cells, at)
            last = row
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last}"})
        if self._marks.rows:
            self._sheet.autofilter(0, 0, last - 1, at)
            self._sheet.filter_column(at, "x == NonBlanks")
        return self._cut

    def _set_up(self, at: int) -> None:
        self._sheet.freeze_panes(1, 0)
        for column, width in enumerate(self._grid.widths):
            self._sheet.set_column(column, column, min(max(width + 3, _NARROWEST), _WIDEST), self._plain)
        self._sheet.set_column(at, at, _REMEDY_WIDTH, self._remedy)

    def _row(self, row: int, cells: Sequence[str], at: int) -> None:
        remedies = self._marks.rows.get(row)
        if self._marks.rows and not remedies:
            # what a filter hides, the file must say itself
            self._sheet.set_row(row - 1, None, None, {"hidden": True})
        self._cells(row, cells, self._plain, self._bad)
        if remedies:
            self._sheet.write_string(row - 1, at, "\n".join(remedies)[:MOST_TEXT], self._remedy)

    def _cells(self, row: int, cells: Sequence[str], good: Any, bad: Any) -> None:
        marked = self._marked(row, cells)
        for column in range(max(len(cells), *(column + 1 for column in marked), 0)):
            text = cells[column] if column < len(cells) else ""
            look = bad if column in marked else good
            if text:
                self._cut += len(text) > MOST_TEXT
                self._sheet.write_string(row - 1, column, text[:MOST_TEXT].replace("\r\n", "\n"), look)
            elif column in marked:
                self._sheet.write_blank(row - 1, column, None, look)
        for column, said in marked.items():
            self._comment(row, column, said)

    def _marked(self, row: int, cells: Sequence[str]) -> Mapping[int, Sequence[str]]:
        """Return what is said of each cell of a row that is at fault."""
        marked = dict(self._marks.cells.get(row, {}))
        surplus = marked.pop(SURPLUS, [])
        if surplus:
            beyond = range(len(self._grid.header), len(cells))
            marked |= {column: surplus for column in beyond if cells[column].strip()}
        return marked

    def _comment(self, row: int, column: int, said: Sequence[str]) -> None:
        if self._comments < _MOST_COMMENTS:
            self._comments += 1
            text = "\n".join(said)[:_LONGEST_COMMENT]
            self._sheet.write_comment(row - 1, column, text, {"x_scale": 2, "y_scale": 1.2})


def _with_marked(rows: Iterable[tuple[int, list[str]]], marked: Iterable[int]) -> Iterator[tuple[int, list[str]]]:
    """Put in the marked rows that hold no cell, so that nothing that was said is lost."""
    waiting = deque(marked)
    for row, cells in rows:
        while waiting and waiting[0] <= row:
            before = waiting.popleft()
            if before < row:
                yield before, []
        yield row, cells
    yield from ((row, []) for row in waiting)


# --- the sheet of notes


def _write_notes(book: Any, sheet: Any, said: Iterable[str], marks: Marks, heading: str) -> None:
    """Write what is said of the copy, then every fault that is at no cell of it."""
    plain = book.add_format(_TEXT | {"text_wrap": True})
    bold = book.add_format(_TEXT | {"text_wrap": True, "bold": True})
    sheet.set_column(0, 0, _NOTES_WIDTH, plain)
    lines = [(text, plain if at else bold) for at, text in enumerate(said)]
    if marks.whole:
        lines += [("", plain), (heading, bold), *((text, plain) for text in marks.whole)]
    for row, (text, look) in enumerate(lines[:MOST_ROWS]):
        if text:
            sheet.write_string(row, 0, text[:MOST_TEXT], look)


def _said(
    file: str, grid: Grid | None, marks: Marks, language: Language, *, listed: int, more: int, cut: int
) -> Iterator[str]:
    """Say how many faults there are, how to go about them, and what is not in the copy."""
    yield _say("count", language, file=file, all=listed + more)
    if more:
        yield _say("more", language, listed=listed, more=more)
    if grid is None:
        yield _say("no_data", language)
    elif marks.rows:
        yield _say("how", language)
    if grid is not None and not grid.whole:
        yield _say("not_whole", language)
    if cut:
        yield _say("cut", language, cut=cut)


def _say(word: str, language: Language, **values: str | int) -> str:
    shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
    return _WORDS[word].within(language).format(**shown)
