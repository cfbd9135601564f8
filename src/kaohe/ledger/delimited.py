"""CSV files made ready for the engine: encoding settled, bombs refused, unusual files split by Python.

Most files hold no quotation mark and no blank line; the engine splits those as they are. Any other is
split by the csv module (which knows every quotation) and spilled in the engine's own plain form.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import _csv

LONGEST_LINE = 1 << 20
LONGEST_CELL = 1 << 17
_CHUNK = 1 << 20
PLAIN = "auto_detect=false, header=false, delim=',', quote='\"', escape='\"', nullstr='', new_line='\\r\\n'"
"""How the engine reads what `plain_writer` wrote: told the line end, it takes a lone one in a cell for text."""


class Refused(Exception):
    """Raised where a file cannot be split; carries the fault's code and, where known, the row."""

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code, self.row = code, row


@dataclass(frozen=True, slots=True)
class Look:
    """What one pass over a file's bytes shows: its encoding, and whether the engine may split it."""

    encoding: str
    simple: bool


def look(path: Path) -> Look:
    """Read a file's bytes once, in bounded memory; raise Refused for what no table can be.

    UTF-8 with or without a byte-order mark, or GB 18030: whichever decodes without a fault.
    """
    for encoding in ("utf-8", "gb18030"):
        found = _decodes(path, encoding)
        if found is not None:
            return found
    raise Refused("file_not_text")


def _decodes(path: Path, encoding: str) -> Look | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    simple, line, last, size = True, 0, b"\n", 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            line = _line_length(chunk, line)
            if b"\0" in chunk:
                raise Refused("file_not_text")
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return None
            simple = simple and _is_simple(last[-1:] + chunk)
            last = chunk
    if size == 0:
        raise Refused("file_empty")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return Look(encoding, simple and not last.endswith(b"\r"))


def _line_length(chunk: bytes, carried: int) -> int:
    """Return the length of the line that a chunk leaves open; refuse a line longer than any record."""
    first = chunk.find(b"\n")
    if carried + (len(chunk) if first < 0 else first) > LONGEST_LINE:
        raise Refused("line_too_long")
    return carried + len(chunk) if first < 0 else len(chunk) - 1 - chunk.rfind(b"\n")


def _is_simple(text: bytes) -> bool:
    """Whether a piece has no quotation mark, no blank line and only whole line ends.

    In GB 18030 a trail byte is never a quotation mark, a line feed or a carriage return.
    """
    if b'"' in text or b"\n\n" in text or b"\n\r" in text:
        return False
    return b"\r" not in text or text.count(b"\r") == text.count(b"\r\n") + text.endswith(b"\r")


def transcode(source: Path, encoding: str, target: Path) -> None:
    """Write a file anew in UTF-8."""
    with source.open(encoding=encoding, newline="") as read, target.open("w", encoding="utf-8", newline="") as write:
        while text := read.read(_CHUNK):
            write.write(text)


def header_of(path: Path) -> list[str]:
    """Return the first record of a UTF-8 file (its header)."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(_records(stream), (1, []))[1]


def records(source: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a file in an encoding that `look` found, the header among them, each after its row."""
    with source.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as stream:
        yield from _records(stream)


def spill(source: Path, target: Path) -> list[tuple[int, str]]:
    """Split a UTF-8 file with the csv module and write its records plainly: row number, then the cells.

    The row number is the record's, as a spreadsheet counts it. Records shorter than the header are
    filled with empty cells. Returns the row and the first surplus cell of every record that is wider.
    """
    wide: list[tuple[int, str]] = []
    with source.open(encoding="utf-8-sig", newline="") as read, target.open("w", encoding="utf-8", newline="") as write:
        records = _records(read)
        _, header = next(records)
        plain_writer(write).writerows(_level(records, len(header), wide))
    return wide


def plain_writer(stream: IO[str]) -> "_csv.Writer":
    """Return a writer of the engine's own plain form (`PLAIN`); the stream must not translate line ends.

    Python 3.11 quotes only the characters of its own line end: with both in it, a cell may hold either.
    """
    return csv.writer(stream, lineterminator="\r\n")


def _records(stream: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    row = 0
    try:
        for row, record in enumerate(csv.reader(stream, strict=True), 1):
            yield row, record
    except csv.Error as error:
        code = "cell_too_long" if "field limit" in str(error) else "quotation_broken"
        raise Refused(code, row + 1) from None


def _level(
    records: Iterable[tuple[int, list[str]]], width: int, wide: list[tuple[int, str]]
) -> Iterator[list[str | int]]:
    for row, record in records:
        if not any(record):
            continue
        wide += [(row, cell) for cell in record[width:] if cell.strip()][:1]
        yield [row, *record[:width], *[""] * (width - len(record))]
