"""One entry of the journal, and the bytes of it that are hashed (`docs/journal-format.md`).

What is stored is what is hashed: the payload is made canonical once, when the entry is written, and
then kept as bytes; no column is normalised, trimmed or re-serialised on the way to its leaf. So the
leaf covers every column, and two entries with the same leaf are the same in every byte.

Personal values do not go in. Their place holds a commitment, SHA-256(salt ‖ value); salt and value
stand in a table of their own, and once they are erased the tree still verifies.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kaohe.proof.merkle import leaf_hash

SALT_BYTES = 32
LARGEST_SEQ = 10**15 - 1
COLUMNS = ("seq", "time", "actor", "action", "object", "payload")
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal.

    seq: from 0, without gap; time: UTC, `2026-11-24T09:12:03.123456Z`; actor: whose account (a code, not
    a name); action: what was done; object: to what; payload: canonical JSON in UTF-8, as stored. Not
    checked on construction, since a checker must be able to hold a row that somebody altered; `bad_field` checks.
    """

    seq: int
    time: str
    actor: str
    action: str
    object: str
    payload: bytes


def bad_field(entry: Entry) -> str | None:
    """Return the name of the first field that is not of its form, or None: what is written must have none."""
    return next((name for name in COLUMNS if not _has_form(name, getattr(entry, name))), None)


def _has_form(name: str, value: object) -> bool:
    if name == "seq":
        return type(value) is int and 0 <= value <= LARGEST_SEQ
    if name == "payload":
        return isinstance(value, bytes) and _is_text(value.decode("utf-8", "surrogateescape"))
    return _is_text(value) and (name != "time" or TIME.fullmatch(str(value)) is not None)


def _is_text(value: object) -> bool:
    """Text that UTF-8 can hold: no half of a surrogate pair, which also stands for a byte that is not UTF-8."""
    return isinstance(value, str) and value.encode("utf-8", "replace") == value.encode("utf-8", "surrogatepass")


def time_text(moment: datetime) -> str:
    """Return a moment as entries hold it: UTC, microseconds, `Z`. TypeError where it has no time zone.

    >>> time_text(datetime(2026, 11, 24, 9, 12, 3, tzinfo=UTC))
    '2026-11-24T09:12:03.000000Z'
    """
    if moment.utcoffset() is None:
        raise TypeError(f"a time without a time zone: {moment.isoformat()}")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical(value: Any) -> bytes:
    """Return plain data as canonical JSON: UTF-8, keys sorted by code point, no blanks, NFC strings.

    It holds null, booleans, integers, strings, lists and mappings with string keys; a Decimal becomes
    its plain decimal string, a date or a time its ISO text (times in UTC). TypeError for anything else,
    floats above all; ValueError for two keys that NFC makes one, and for text that UTF-8 cannot hold.

    >>> canonical({"得分": Decimal("4.50"), "on": date(2026, 11, 24)}).decode()
    '{"on":"2026-11-24","得分":"4.50"}'
    """
    return compact(_plain(value, "$")).encode()


def _plain(value: Any, place: str) -> Any:
    if isinstance(value, Mapping):
        return _composed(value, place)
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{place}[{index}]") for index, inner in enumerate(value)]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    return _as_text(value, place)


def _composed(value: Mapping[Any, Any], place: str) -> dict[str, Any]:
    composed: dict[str, Any] = {}
    for key, inner in value.items():
        if not isinstance(key, str):
            raise TypeError(f"{place}: a key is text, not {type(key).__name__}")
        name = unicodedata.normalize("NFC", key)
        if name in composed:
            raise ValueError(f"{place}: two keys are one in NFC: {name!r}")
        composed[name] = _plain(inner, f"{place}.{name}")
    return composed


def _as_text(value: Any, place: str) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    hint = "; a score is a Decimal" if isinstance(value, float) else ""
    raise TypeError(f"{place}: the journal holds no {type(value).__name__}: {value!r}{hint}")


def compact(value: Any) -> str:
    """Return plain data as JSON in one spelling: keys sorted, no blanks, strings as they stand (RFC 8785, 3.2.2)."""
    return ENCODER.encode(value)


def entry_data(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain data, the payload as its stored text; what exports, proofs and the leaf hold."""
    return {
        "seq": entry.seq, "time": entry.time, "actor": entry.actor, "action": entry.action,
        "object": entry.object, "payload": entry.payload.decode(),
    }  # fmt: skip


def leaf_bytes(entry: Entry) -> bytes:
    """Return the data of an entry's leaf: the JSON object of all six columns, keys sorted, no blanks, UTF-8.

    The strings are as stored, not normalised: another spelling is another leaf. ValueError where a
    column is no UTF-8 text.

    >>> leaf_bytes(Entry(0, "2026-11-24T09:12:03.123456Z", "张三", "round.open", "r1", b"{}")).decode()
    '{"action":"round.open","actor":"张三","object":"r1","payload":"{}","seq":0,"time":"2026-11-24T09:12:03.123456Z"}'
    """
    return compact(entry_data(entry)).encode()


def leaf_of(entry: Entry) -> bytes:
    """Return the leaf hash of an entry, as its row stores it: RFC 6962 section 2.1 over `leaf_bytes`."""
    return leaf_hash(leaf_bytes(entry))


def commitment(salt: bytes, value: str) -> str:
    """Return SHA-256(salt ‖ value in UTF-8) in hexadecimal: what a payload holds in place of a personal value.

    The salt is 32 random bytes, one a value; of any other length ValueError, since salt and value
    would then not part at one place only. It hides a value that is easy to guess (an ID number) only
    as long as the salt is secret.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + value.encode()).hexdigest()
