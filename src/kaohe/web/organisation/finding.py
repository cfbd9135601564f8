"""What was typed into a search field, and what it finds: a name, its pinyin or initials, or a code."""

import unicodedata
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_date

from kaohe.web.organisation.models import UnitName
from kaohe.web.organisation.pinyin import asked_for

LONGEST = 100
_OLDEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


def line(text: str) -> str:
    """Return a line as it was meant, its characters as they are: control characters made blanks, no blanks around it."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def typed(text: str) -> str:
    """Return a code, a number or a day as it was meant: a line with full-width letters and digits made plain."""
    return line(unicodedata.normalize("NFKC", text))


def day_of(text: str) -> date | None:
    """Return the day that was written as 2010-06-30; None where it is none."""
    try:
        day = parse_date(typed(text))
    except ValueError:
        return None
    return day if day and _OLDEST <= day <= _LATEST else None


def key_of(text: str) -> int | None:
    """Return the number of an object in an address; None where it can be none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def found_by(text: str) -> Q:
    """Return the condition that a unit or a person is found; `%` and `_` are characters like others."""
    found = Q(name__icontains=text) | Q(code__icontains=typed(text))
    keys = asked_for(text)
    if keys and keys.isascii():
        found |= Q(pinyin__contains=keys) | Q(initials__contains=keys)
    return found


def unit_found_by(text: str) -> Q:
    """Return the condition that a unit is found, by a name that it no longer bears too."""
    return found_by(text) | Q(Exists(UnitName.objects.filter(unit=OuterRef("pk"), name__icontains=text)))
