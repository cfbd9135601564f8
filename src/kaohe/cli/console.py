"""The terminal: its language, colours and progress; and text laid out in columns where hanzi are two wide."""

import locale
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TextIO

Language = Literal["zh", "en"]
Align = Literal["left", "right"]

COLOURS = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "dim": "2"}


def language_of(environ: Mapping[str, str], argv: Sequence[str] = ()) -> Language:
    """Choose the language of messages: `--lang` where it is said, else the locale's; Chinese for zh_*, else English."""
    for position, argument in enumerate(argv):
        said = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and position + 1 < len(argv):
            said = argv[position + 1]
        if said in ("zh", "en"):
            return "zh" if said == "zh" else "en"
    named = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), None)
    if named is None:
        named = locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command speaks: results to `out`, everything else to `err`."""

    language: Language
    out: TextIO
    err: TextIO

    def say(self, zh: str, en: str) -> None:
        """Print a line of the result."""
        print(zh if self.language == "zh" else en, file=self.out)

    def tell(self, zh: str, en: str, colour: str | None = None) -> None:
        """Print a line beside the result."""
        self.clear()
        print(self.coloured(zh if self.language == "zh" else en, colour, self.err), file=self.err)

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines of the result."""
        for line in lines:
            print(line, file=self.out)

    def progress(self, zh: str, en: str) -> None:
        """Show on a terminal what is being done; keep silent in a pipe."""
        if self.err.isatty():
            self.err.write(f"\r\x1b[2K{self.coloured(zh if self.language == 'zh' else en, 'dim', self.err)}")
            self.err.flush()

    def clear(self) -> None:
        """Take the progress line away."""
        if self.err.isatty():
            self.err.write("\r\x1b[2K")

    def coloured(self, text: str, colour: str | None, stream: TextIO) -> str:
        """Colour a text where the stream is a terminal that wants colours (NO_COLOR unset)."""
        if colour is None or not stream.isatty() or os.environ.get("NO_COLOR"):
            return text
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"


def console(argv: Sequence[str] = ()) -> Console:
    """Return the process's own console. What its encoding lacks is written as an escape, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    return Console(language_of(os.environ, argv), sys.stdout, sys.stderr)


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal.

    >>> width("市教育局 D01")
    12
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], aligned: Sequence[Align]) -> list[str]:
    """Lay out a table in columns as wide as their widest cell, two blanks apart, with a rule under the head."""
    body = [list(row) for row in rows]
    widths = [max(width(row[i]) for row in [list(head), *body]) for i in range(len(head))]
    lines = [_line(row, widths, aligned) for row in [list(head), *body]]
    return [lines[0], "─" * min(sum(widths) + 2 * len(widths) - 2, 110), *lines[1:]]


def _line(row: Sequence[str], widths: Sequence[int], aligned: Sequence[Align]) -> str:
    cells = []
    for cell, wide, side in zip(row, widths, aligned, strict=True):
        room = " " * (wide - width(cell))
        cells.append(room + cell if side == "right" else cell + room)
    return "  ".join(cells).rstrip()
