"""Workbooks read in a process of their own, so that a hostile file can harm nothing but that process.

Run as `python -m kaohe.ledger.spreadsheets` with a list of [workbook, spill] paths as JSON on standard
input. Each workbook is first walked through as a zip, counting what really comes out (a bomb never
unfolds); then its first sheet is read and spilled as plain CSV: row number, then every cell as text.
What was found is answered as JSON on standard output.
"""

import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TypedDict
from xml.parsers import expat

from kaohe.ledger.delimited import plain_writer

MOST_BYTES = 2 << 30
MOST_PARTS = 5_000
MOST_RATIO = 200
RATIO_FROM = 32 << 20
MOST_MEMORY = 6 << 30
_CHUNK = 1 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, OSError, ValueError)
"""What zipfile raises on a damaged, encrypted or unknown archive."""
_ERROR = re.compile(rb"=\s*[\"']e[\"']")
_FORMULA = re.compile(rb"[<:/]f[\s/>]")
_NO_VALUE = re.compile(rb"[<:]v\s*/>|[<:]v\s*>\s*</|[<:/]f\b[^>]{0,200}>\s*</(?:\w+:)?c\b")
"""What a sheet holds where a cell's value could be lost: an error value, or a formula without a value beside it.

Each begins so that a sheet without it is passed over quickly; whoever is found is looked at closely.
"""
_LONGEST_SIGN = 512
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
MOST_LOST = 100_000


class Report(TypedDict, total=False):
    """What was found in one workbook: the code of its fault, or its header and its lost cells (row, column).

    errors: those with an error value; unreckoned: those with a formula that was saved without its result.
    """

    fault: str
    header: list[str]
    errors: list[tuple[int, int]]
    unreckoned: list[tuple[int, int]]


class Refused(Exception):
    """Raised where a workbook is not read; carries the fault's code."""


def main() -> int:
    """Read the workbooks that standard input names; answer one report for each, in order."""
    _limit_memory()
    reports = [_report(Path(workbook), Path(spill)) for workbook, spill in json.load(sys.stdin)]
    json.dump(reports, sys.stdout, ensure_ascii=True)
    return 0


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - absent on Windows: there the time limit alone holds
    except ImportError:
        return
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _report(workbook: Path, spill: Path) -> Report:
    try:
        lost = _walk_zip(workbook)
        header = _spill_first_sheet(workbook, spill)
    except Refused as refusal:
        return {"fault": str(refusal)}
    return {"header": header, "errors": lost.errors, "unreckoned": lost.unreckoned}


def _walk_zip(workbook: Path) -> "_Lost":
    """Unfold every part once, counting; return the cells of the first sheet that read as empty and are not."""
    try:
        with zipfile.ZipFile(workbook) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Refused("workbook_bomb")
            first = (_first_sheet(archive) or "").lower()
            total, lost = 0, _Lost()
            for part in parts:
                size, loses = _unfold(archive, part, total, look=part.filename.lower() == first)
                total += size
                if loses:
                    _find_lost(archive, part, lost)
            return lost
    except BROKEN:
        raise Refused("workbook_broken") from None


def _unfold(archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, *, look: bool) -> tuple[int, bool]:
    """Return how much comes out of a part, and, where it is to be looked at, whether cells could be lost in it."""
    size, tail, formulas, loses = 0, b"", False, False
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if size == 0 and b"<!DOCTYPE" in chunk[:4096]:
                raise Refused("workbook_doctype")
            size += len(chunk)
            too_dense = size > RATIO_FROM and size > MOST_RATIO * max(part.compress_size, 1)
            if before + size > MOST_BYTES or too_dense:
                raise Refused("workbook_bomb")
            if look and not loses:
                text = tail + chunk
                formulas = formulas or _FORMULA.search(text) is not None
                loses = _ERROR.search(text) is not None or (formulas and _NO_VALUE.search(text) is not None)
                tail = chunk[-_LONGEST_SIGN:]
    return size, loses


def _find_lost(archive: zipfile.ZipFile, part: zipfile.ZipInfo, lost: "_Lost") -> None:
    """Find the cells of a sheet whose value the reader of workbooks passes over in silence."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = lost.doctype
    parser.StartElementHandler, parser.EndElementHandler = lost.start, lost.end
    parser.CharacterDataHandler = lost.text
    try:
        with archive.open(part) as stream:
            while (chunk := stream.read(_CHUNK)) and len(lost.errors) + len(lost.unreckoned) < MOST_LOST:
                parser.Parse(chunk, False)
    except expat.ExpatError:
        raise Refused("workbook_broken") from None


class _Lost:
    """Walks through the cells of a sheet. Where a row or a cell does not say where it stands, it follows the last."""

    def __init__(self) -> None:
        self.errors: list[tuple[int, int]] = []
        self.unreckoned: list[tuple[int, int]] = []
        self._row, self._column = 0, -1
        self._kind, self._formula, self._value, self._inside = "", False, False, False

    def doctype(self, *_: object) -> None:
        raise Refused("workbook_doctype")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), -1
            case "c":
                at = _REFERENCE.fullmatch(attributes.get("r", ""))
                self._column = _column_number(at[1]) if at else self._column + 1
                self._kind, self._formula, self._value = attributes.get("t", ""), False, False
            case "f":
                self._formula = True
            case "v":
                self._inside = True

    def text(self, text: str) -> None:
        self._value = self._value or (self._inside and text.strip() != "")

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self._inside = False
        elif name == "c" and self._kind == "e":
            self.errors.append((self._row, self._column))
        elif name == "c" and self._formula and not self._value and self._kind != "str":
            # a formula that comes to an empty text says that it is one
            self.unreckoned.append((self._row, self._column))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _first_sheet(archive: zipfile.ZipFile) -> str | None:
    """Find the part that holds the first sheet, by the workbook's own list and its relations."""
    sheets = list(_elements(archive.read("xl/workbook.xml"), "sheet"))
    relations = {
        r.get("Id"): r.get("Target", "") for r in _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    }
    if not sheets:
        return None
    wanted = next((value for key, value in sheets[0].items() if key.endswith("id") and value in relations), None)
    target = relations.get(wanted, "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _elements(content: bytes, name: str) -> Iterator[dict[str, str]]:
    if len(content) > _CHUNK or b"<!DOCTYPE" in content:
        raise Refused("workbook_doctype")
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: (
        found.append(attributes) if tag.split(":")[-1] == name else None
    )
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused("workbook_broken") from None
    return iter(found)


def _spill_first_sheet(workbook: Path, spill: Path) -> list[str]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - slow import

    try:
        sheet = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_index(0)
        rows = sheet.iter_rows()
        start = sheet.start
    except (CalamineError, OSError, ValueError, IndexError):
        raise Refused("workbook_broken") from None
    if start is None:
        raise Refused("file_empty")
    if start[0] != 0:
        raise Refused("header_not_first")
    header = ["" for _ in range(start[1])] + [cell_text(value) for value in next(rows)]
    with spill.open("w", encoding="utf-8", newline="") as stream:
        plain_writer(stream).writerows(_texts(rows, [""] * start[1]))
    return header


def _texts(rows: Iterable[Sequence[object]], pad: list[str]) -> Iterator[list[object]]:
    """Write every row that has a cell as texts, after its number. Numbers repeat, so each is written out once."""
    numbers: dict[object, str] = {}
    for row, values in enumerate(rows, 2):
        texts: list[object] = [row, *pad]
        filled = False
        for value in values:
            if value.__class__ is str:
                text = value
            elif value.__class__ is float:
                text = numbers.get(value) or numbers.setdefault(value, cell_text(value))
            else:
                text = cell_text(value)
            texts.append(text)
            filled = filled or text != ""
        if filled:
            yield texts


def cell_text(value: object) -> str:
    """Write a cell's value as a person sees it: 15 digits, days without a time, whole numbers plain."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


if __name__ == "__main__":
    sys.exit(main())
