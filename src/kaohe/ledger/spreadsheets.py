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
_ERROR_CELL = re.compile(rb"<c\b[^>]*\bt=[\"']e[\"'][^>]*>")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")


class Report(TypedDict, total=False):
    """What was found in one workbook: the code of its fault, or its header and its error cells (row, column)."""

    fault: str
    header: list[str]
    errors: list[tuple[int, int]]


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
        errors = _walk_zip(workbook)
        header = _spill_first_sheet(workbook, spill)
    except Refused as refusal:
        return {"fault": str(refusal)}
    return {"header": header, "errors": errors}


def _walk_zip(workbook: Path) -> list[tuple[int, int]]:
    """Unfold every part once, counting; return the error cells of the first sheet as (row, column)."""
    try:
        with zipfile.ZipFile(workbook) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Refused("workbook_bomb")
            first = _first_sheet(archive)
            total, errors = 0, list[tuple[int, int]]()
            for part in parts:
                total += _unfold(archive, part, total, errors if part.filename == first else None)
            return errors
    except BROKEN:
        raise Refused("workbook_broken") from None


def _unfold(archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, errors: list[tuple[int, int]] | None) -> int:
    size, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if size == 0 and b"<!DOCTYPE" in chunk[:4096]:
                raise Refused("workbook_doctype")
            size += len(chunk)
            too_dense = size > RATIO_FROM and size > MOST_RATIO * max(part.compress_size, 1)
            if before + size > MOST_BYTES or too_dense:
                raise Refused("workbook_bomb")
            if errors is not None:
                tail = _note_errors(tail + chunk, errors)
    return size


def _note_errors(text: bytes, errors: list[tuple[int, int]]) -> bytes:
    """Note the error cells of a piece of sheet XML; return the unfinished end, to go before the next."""
    cut = text.rfind(b"<") if len(text) < 2 * _CHUNK else len(text)
    cut = max(cut, 0)
    done, rest = text[:cut], text[cut:]
    if b't="e"' in done or b"t='e'" in done:
        for match in _ERROR_CELL.finditer(done):
            reference = _REFERENCE.search(match.group())
            if reference and len(errors) < 100_000:
                errors.append((int(reference[2]), _column_number(reference[1].decode())))
    return rest


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
