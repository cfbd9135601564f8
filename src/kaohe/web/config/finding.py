"""One thing that was looked at in a deployment: how it is, and what mends it, in both languages."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How it is; what mends it is empty where it is good."""

    level: Level
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""


def good(zh: str, en: str) -> Finding:
    """It is as it should be."""
    return Finding("good", zh, en)


def warn(zh: str, en: str, mend_zh: str, mend_en: str) -> Finding:
    """It works, and somebody should see to it."""
    return Finding("warn", zh, en, mend_zh, mend_en)


def bad(zh: str, en: str, mend_zh: str, mend_en: str) -> Finding:
    """It must be mended."""
    return Finding("bad", zh, en, mend_zh, mend_en)
