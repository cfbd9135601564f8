"""Whether the bytes of a file are a standard that can be kept: read, free of contradictions, named so that it fits."""

from collections.abc import Iterator

from kaohe.fault import BadInput, Fault, Faults
from kaohe.ledger.metrics import METRICS
from kaohe.standard.files import StandardFile, parse_standard
from kaohe.standard.lint import lint
from kaohe.web.lang.choice import say

LARGEST = 1 << 20
"""1 MB: the standard of 2010 has 20 KB."""
LONGEST_NAME, LONGEST_TITLE, LONGEST_FILE_NAME = 60, 200, 255


def checked(content: bytes, file_name: str) -> StandardFile:
    """Return the standard of a file's bytes. BadInput with every finding, each at its line, where it is none to keep."""
    file = parse_standard(content, file_name)
    findings = (*lint(file, frozenset(METRICS)).listed, *_misfits(file))
    if findings:
        raise BadInput(Faults.of(sorted(findings, key=lambda fault: fault.place.line or 0)))
    return file


def _misfits(file: StandardFile) -> Iterator[Fault]:
    """Find what the tables cannot hold; the reader of standards knows no such bounds."""
    standard = file.standard
    for path, text, most in (
        ("id", standard.id, LONGEST_NAME),
        ("version", standard.version, LONGEST_NAME),
        ("title.zh", standard.title.zh, LONGEST_TITLE),
        ("title.en", standard.title.en, LONGEST_TITLE),
    ):
        if not text.strip() or not text.isprintable() or len(text) > most:
            wanted = say(f"应为1至{most}个可见字符", f"1 to {most} characters that can be seen")
            yield Fault("setting_wrong", file.place(path), None, {"wanted": wanted})
