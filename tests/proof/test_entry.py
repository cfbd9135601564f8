"""An entry and its leaf: one encoding, which covers every column as it is stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.proof.entry import (
    COLUMNS,
    LARGEST_SEQ,
    Entry,
    bad_field,
    canonical,
    commitment,
    entry_data,
    leaf_bytes,
    leaf_of,
    time_text,
)

ENTRY = Entry(7, "2026-11-24T09:12:03.123456Z", "张三", "report.submit", "report/2010/D04", b'{"score":"4.50"}')
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ENTRIES = st.builds(Entry, st.integers(0, LARGEST_SEQ), TEXT, TEXT, TEXT, TEXT, TEXT.map(str.encode))


# Canonical JSON


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        ([True, False, 0, -1, 10**20], "[true,false,0,-1,100000000000000000000]"),
        ({"b": 1, "a": (2,), "中": []}, '{"a":[2],"b":1,"中":[]}'),
        ("e\u0301", '"é"'),
        ({"e\u0301": 1}, '{"é":1}'),
        ('"\\/\n\x1f\x7f', '"\\"\\\\/\\n\\u001f\x7f"'),
        (Decimal("4.50"), '"4.50"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("1E-7"), '"0.0000001"'),
        (date(2026, 11, 24), '"2026-11-24"'),
        (datetime(2026, 11, 24, 17, 12, 3, tzinfo=timezone(timedelta(hours=8))), '"2026-11-24T09:12:03.000000Z"'),
    ],
)
def test_canonical_writes_one_spelling(value: Any, written: str) -> None:
    assert canonical(value) == written.encode()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [0, 0.5]}, r"\$\.a\[1\]: the journal holds no float: 0\.5; a score is a Decimal"),
        (float("nan"), "no float: nan"),
        (Decimal("NaN"), "no Decimal"),
        (Decimal("Infinity"), "no Decimal"),
        (b"x", "no bytes"),
        ({1, 2}, "no set"),
        ({"a": {1: 2}}, r"\$\.a: a key is text, not int"),
        (datetime(2026, 11, 24), "a time without a time zone: 2026-11-24T00:00:00"),  # noqa: DTZ001 - that is the point
    ],
)
def test_canonical_refuses_what_has_no_one_spelling(value: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        canonical(value)


def test_canonical_refuses_two_keys_that_nfc_makes_one() -> None:
    with pytest.raises(ValueError, match="two keys are one in NFC"):
        canonical({"é": 1, "e\u0301": 2})


def test_canonical_refuses_text_that_utf8_cannot_hold() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical("\ud800")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT.filter(str.isascii), inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_canonical_is_read_back_and_written_the_same(value: Any) -> None:
    written = canonical(value)

    assert canonical(json.loads(written)) == written


@given(st.dictionaries(TEXT.filter(str.isascii), st.integers(), max_size=6), st.randoms())
def test_the_order_of_keys_leaves_no_trace(value: Mapping[str, int], rng: Any) -> None:
    shuffled = list(value.items())
    rng.shuffle(shuffled)

    assert canonical(dict(shuffled)) == canonical(value)


# The leaf


def test_the_leaf_is_the_hash_of_all_six_columns() -> None:
    data = (
        '{"action":"report.submit","actor":"张三","object":"report/2010/D04","payload":"{\\"score\\":\\"4.50\\"}",'
        '"seq":7,"time":"2026-11-24T09:12:03.123456Z"}'
    ).encode()

    assert leaf_bytes(ENTRY) == data
    assert leaf_of(ENTRY) == hashlib.sha256(b"\x00" + data).digest()


@given(ENTRIES)
def test_the_leaf_is_read_back_to_the_same_entry(entry: Entry) -> None:
    read = json.loads(leaf_bytes(entry))

    assert read == entry_data(entry)
    assert Entry(**read | {"payload": read["payload"].encode()}) == entry


@given(ENTRIES, ENTRIES)
def test_two_entries_have_one_leaf_only_where_they_are_the_same(one: Entry, other: Entry) -> None:
    assert (leaf_bytes(one) == leaf_bytes(other)) == (one == other)


@given(ENTRIES, st.data())
def test_a_text_that_moves_from_one_column_to_the_next_is_another_leaf(entry: Entry, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(entry.actor)))
    moved = replace(entry, actor=entry.actor[:cut], action=entry.actor[cut:] + entry.action)

    assert (leaf_of(moved) == leaf_of(entry)) == (moved == entry)


def test_another_spelling_of_the_same_text_is_another_leaf() -> None:
    composed, parted = replace(ENTRY, actor="é"), replace(ENTRY, actor="e\u0301")

    assert leaf_of(composed) != leaf_of(parted)
    assert leaf_of(replace(ENTRY, payload=b'{"a":1}')) != leaf_of(replace(ENTRY, payload=b'{"a": 1}'))


@pytest.mark.parametrize("changed", [{"payload": b"\xff"}, {"actor": "\ud800"}])
def test_a_column_that_is_no_text_has_no_leaf(changed: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match="codec can't"):
        leaf_bytes(replace(ENTRY, **changed))


# The columns' forms


def test_a_good_entry_has_no_bad_field() -> None:
    assert bad_field(ENTRY) is None
    assert tuple(Entry.__dataclass_fields__) == COLUMNS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seq", -1), ("seq", LARGEST_SEQ + 1), ("seq", True), ("seq", "7"),
        ("time", "2026-11-24T09:12:03Z"), ("time", "2026-11-24T09:12:03.123456+00:00"), ("time", None),
        ("time", "２026-11-24T09:12:03.123456Z"), ("time", "2026-11-24T09:12:03.123456Z\n"),
        ("actor", None), ("action", b"x"), ("object", 3), ("actor", "\udcff"),
        ("payload", b"\xff"), ("payload", b"\xed\xa0\x80"), ("payload", "{}"),
    ],
)  # fmt: skip
def test_a_field_out_of_its_form_is_named(field: str, value: Any) -> None:
    assert bad_field(replace(ENTRY, **{field: value})) == field


def test_a_time_is_written_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))

    assert time_text(datetime(2026, 11, 24, 17, 12, 3, 123456, beijing)) == "2026-11-24T09:12:03.123456Z"
    assert time_text(datetime(2026, 11, 24, tzinfo=UTC)) == "2026-11-24T00:00:00.000000Z"
    with pytest.raises(TypeError, match="a time without a time zone"):
        time_text(datetime(2026, 11, 24))  # noqa: DTZ001 - that is the point


@given(st.datetimes(datetime(1000, 1, 2), timezones=st.just(UTC)))  # noqa: DTZ001 - the strategy adds the zone
def test_every_time_has_the_form_of_a_time(moment: datetime) -> None:
    assert bad_field(replace(ENTRY, time=time_text(moment))) is None


# Commitments


def test_a_commitment_is_the_hash_of_salt_and_value() -> None:
    salt = bytes(range(32))

    assert commitment(salt, "张三") == hashlib.sha256(salt + "张三".encode()).hexdigest()
    assert commitment(salt, "张三") != commitment(salt[::-1], "张三")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=f"a salt has 32 bytes, not {length}"):
        commitment(b"x" * length, "张三")
