"""A file that is no standard to keep: its text by lines, each finding below the line where it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kaohe.documents.fault_wording import sentence
from kaohe.fault import Fault, Faults, Place
from kaohe.web.lang.choice import spoken

MOST = 200
"""How many findings are told; whoever has put these right sends the file again."""
WHOLE = 600
"""A file of so many lines is shown as a whole, of a longer one the lines around each finding."""
AROUND = 3
LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding in words: with its place, and without; `line` is where it is shown, 0 where no line has it."""

    line: int
    said: str
    brief: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file with its findings; `after_gap`: lines before it are left out."""

    number: int
    text: str
    findings: tuple[Finding, ...]
    after_gap: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What a file's page shows: the findings in the order of the lines, how many more there are, the lines."""

    file_name: str
    count: int
    listed: tuple[Finding, ...]
    more: int
    lines: tuple[Line, ...]
    whole: bool


def findings_shown(content: bytes, file_name: str, faults: Faults) -> Findings:
    """Return the findings in a file, and the text at which they stand."""
    text = content.decode("utf-8-sig", "replace").splitlines()
    listed = tuple(_finding(fault, len(text)) for fault in faults.listed[:MOST])
    whole = len(text) <= WHOLE
    lines = tuple(_lines(text, listed, whole=whole)) if any(finding.line for finding in listed) else ()
    return Findings(file_name, len(faults), listed, len(faults) - len(listed), lines, whole)


def _finding(fault: Fault, lines: int) -> Finding:
    line = fault.place.line or 0
    brief = sentence(replace(fault, place=Place("", path=fault.place.path)), spoken()).lstrip("：:,， ")
    return Finding(min(line, lines), sentence(fault, spoken()), brief)


def _lines(text: Sequence[str], findings: Sequence[Finding], *, whole: bool) -> Iterator[Line]:
    at: dict[int, list[Finding]] = {}
    for finding in findings:
        at.setdefault(finding.line, []).append(finding)
    before = 0
    for number in range(1, len(text) + 1) if whole else _near(at, len(text)):
        said = text[number - 1]
        shown = said if len(said) <= LONGEST_LINE else said[:LONGEST_LINE] + "…"
        yield Line(number, shown, tuple(at.get(number, ())), number > before + 1)
        before = number


def _near(numbers: "dict[int, list[Finding]]", last: int) -> list[int]:
    near = {n for number in numbers if number for n in range(number - AROUND, number + AROUND + 1)}
    return sorted(number for number in near if 1 <= number <= last)
