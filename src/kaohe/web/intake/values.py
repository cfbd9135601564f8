"""Values of the reader as plain data, and plain data as words."""

import unicodedata
from datetime import date
from typing import Any

from kaohe.web.lang.choice import say


def plain(value: object, blank: Any) -> Any:
    """Return a value as an image holds it: days as ISO text, and what is empty as the field's own blank.

    >>> plain(date(2010, 5, 18), None), plain(None, ""), plain(7, 0)
    ('2010-05-18', '', 7)
    """
    if value is None:
        return blank
    return value.isoformat() if isinstance(value, date) else value


def shown_plainly(value: object) -> str:
    """Say a value that speaks for itself; a list is joined."""
    if isinstance(value, list):
        return say("、", ", ").join(str(item) for item in value)
    return "" if value is None else str(value)


def without_controls(text: str) -> str:
    """Return a text without control characters and without marks that turn the direction of what follows.

    >>> without_controls("a\\u202egnp.xlsx")
    'agnp.xlsx'
    """
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))


def has_control(text: str) -> bool:
    """Whether a text holds a control character other than those that end lines and columns."""
    return any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\r\n" for letter in text)
