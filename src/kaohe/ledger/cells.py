"""One cell: the text that somebody wrote, read strictly as what its column holds.

Every accepted spelling of `data-format.md` is decided here and nowhere else. Set-wise reading asks
once for each distinct text of a column, so this stays plain Python at any size.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from kaohe.ledger.tables import NO_PLACE, Column

BLANKS = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
"""Every character that `str.strip` removes, for engines whose own trim knows the space alone."""


def blank_sql(column: str) -> str:
    """Write SQL that holds where a text is NULL or nothing but blanks.

    Most texts show by their first letter that they are not: printable ASCII, or anything from U+3001
    on (past the last blank). Only the others are trimmed, which is dear with so many kinds of blanks.
    """
    visible = f"({column} >= '!' AND {column} < chr(127)) OR {column} >= chr(12289)"
    return f"({column} IS NULL OR CASE WHEN {visible} THEN false ELSE trim({column}, '{BLANKS}') = '' END)"


LARGEST = Decimal(999_999_999)
"""The largest hours or number that a cell may hold: enough for a country, and no engine overflows."""

_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
)
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the reader must know of a standard, as plain values.

    groups: accepted spelling, in its normal form → group id; criteria: criterion id → its points; measured: the ids of
    those that the ledger scores; bonuses: the ids of the bonuses, which nobody judges; step: the
    smallest difference between two judgements.
    """

    groups: Mapping[str, str]
    criteria: Mapping[str, Decimal]
    measured: frozenset[str]
    bonuses: frozenset[str]
    step: Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as read: the value as canonical text (None where empty), or the code of its fault."""

    value: str | None = None
    fault: str | None = None
    wanted: Mapping[str, str] = field(default_factory=dict)


def normal(text: str) -> str:
    """Return a text as it is compared: NFKC (full-width becomes ASCII), trimmed, case kept.

    >>> normal("　Ｕ０１ ")
    'U01'
    """
    return unicodedata.normalize("NFKC", text).strip()


def read_cell(column: Column, text: str, terms: Terms) -> Cell:
    """Read one cell. Days come back as ISO text, hours as whole minutes, choices as their English id.

    >>> from kaohe.ledger.tables import BY_NAME
    >>> terms = Terms({}, {}, frozenset(), frozenset(), Decimal("0.01"))
    >>> read_cell(BY_NAME["activities"].column("ends_on"), "2010年5月18日", terms).value
    '2010-05-18'
    >>> read_cell(BY_NAME["attendance"].column("hours"), "２．５", terms).value
    '150'
    >>> read_cell(BY_NAME["attendance"].column("status"), " 出勤", terms).value
    'present'
    """
    plain = normal(text)
    if plain == "":
        return Cell() if column.empty else Cell(fault="cell_empty")
    return _READERS[column.kind](column, plain, text, terms)


def _key(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    return Cell(plain)


def _as_given(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    return Cell(text.strip())


def _choice(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    if plain in column.choices:
        return Cell(plain)
    for english, chinese in column.choices.items():
        if plain == chinese:
            return Cell(english)
    return Cell(fault="choice_unknown", wanted={"choices": _listed(column.choices)})


def _listed(choices: Mapping[str, str]) -> str:
    return "，".join(f"{english} {chinese}" for english, chinese in choices.items())


def _group(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    if plain in terms.groups:
        return Cell(terms.groups[plain])
    return Cell(fault="group_unknown", wanted={"choices": "，".join(terms.groups)})


def _criterion(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    if plain in terms.criteria:
        return Cell(plain)
    code = "criterion_is_bonus" if plain in terms.bonuses else "criterion_unknown"
    return Cell(fault=code, wanted={"choices": "，".join(terms.criteria)})


def _day(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    match = _DAY.fullmatch(plain)
    if match is None:
        return Cell(fault="day_wrong")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return Cell(date(year, month, day).isoformat())
    except ValueError:
        return Cell(fault="day_impossible")


def _number(plain: str) -> Decimal | str:
    """Return a number, or the code of what is wrong with it."""
    if _NUMBER.fullmatch(plain) is None:
        return "number_wrong"
    value = Decimal(plain)
    if value < 0:
        return "number_negative"
    return "number_too_large" if value > LARGEST else value


def _hours(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    value = _number(plain)
    if isinstance(value, str):
        return Cell(fault=value)
    minutes = value * 60
    return Cell(str(int(minutes))) if value * 10 % 1 == 0 else Cell(fault="hours_decimals")


def _whole(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    value = _number(plain)
    if isinstance(value, str):
        return Cell(fault=value)
    return Cell(str(int(value))) if value % 1 == 0 else Cell(fault="number_not_whole")


def _points(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    value = _number(plain)
    if isinstance(value, str):
        return Cell(fault=value)
    if value * 100 % 1 != 0:
        return Cell(fault="points_decimals")
    return (
        Cell(str(value)) if value % terms.step == 0 else Cell(fault="points_off_step", wanted={"step": str(terms.step)})
    )


def _place(column: Column, plain: str, text: str, terms: Terms) -> Cell:
    return Cell() if plain in NO_PLACE else Cell(plain)


_READERS: Mapping[str, Callable[[Column, str, str, Terms], Cell]] = MappingProxyType(
    {
        "key": _key, "name": _as_given, "text": _as_given, "choice": _choice, "group": _group, "criterion": _criterion,
        "day": _day, "hours": _hours, "points": _points, "whole": _whole, "place": _place,
    }
)  # fmt: skip
