"""The journal as a whole: what is exported and proved, and our own check of every column of every row."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.proof import merkle
from kaohe.proof.checkpoint import Checkpoint, sign, text
from kaohe.proof.entry import Entry, canonical, leaf_of
from kaohe.proof.journal import (
    Finding,
    Row,
    check_checkpoint,
    check_entries,
    consistency_document,
    export_lines,
    inclusion_document,
)

ORIGIN = "kaohe.benxi.example/journal"


def entry(seq: int, **changed: Any) -> Entry:
    payload = canonical({"unit": f"D{seq:02}", "得分": f"{seq}.50"})
    usual = Entry(seq, f"2026-11-24T09:12:{seq % 60:02}.000000Z", "张三", "score.enter", f"sheet/{seq}", payload)
    return replace(usual, **changed)


def log(size: int) -> list[Row]:
    return [(one, leaf_of(one)) for one in map(entry, range(size))]


def hashes(rows: Sequence[Row]) -> list[bytes]:
    return [leaf for _, leaf in rows]


def checkpoint(rows: Sequence[Row], size: int | None = None) -> Checkpoint:
    kept = hashes(rows)[:size]
    return Checkpoint(ORIGIN, len(kept), merkle.root(kept))


# The export


def test_the_export_is_a_header_and_a_line_for_each_row() -> None:
    rows = log(2)

    lines = list(export_lines(rows, ORIGIN))

    assert lines[0] == b'{"first":0,"format":"kaohe-journal/1","origin":"kaohe.benxi.example/journal"}\n'
    assert lines[1].decode() == (
        '{"action":"score.enter","actor":"张三","leaf":"' + leaf_of(entry(0)).hex() + '","object":"sheet/0",'
        '"payload":"{\\"unit\\":\\"D00\\",\\"得分\\":\\"0.50\\"}","seq":0,"time":"2026-11-24T09:12:00.000000Z"}\n'
    )
    assert len(lines) == 3


def test_the_export_of_nothing_is_its_header() -> None:
    assert len(list(export_lines([], ORIGIN))) == 1


def test_the_export_is_written_as_it_is_read() -> None:
    seen: list[int] = []
    lines = export_lines(((one, leaf) for one, leaf in log(5) if not seen.append(one.seq)), ORIGIN)  # type: ignore[func-returns-value]

    next(lines), next(lines)

    assert seen == [0]


def test_the_export_has_the_stored_leaf_not_a_new_one() -> None:
    altered = entry(0, actor="李四")

    [_, line] = export_lines([(altered, leaf_of(entry(0)))], ORIGIN)

    assert json.loads(line)["leaf"] == leaf_of(entry(0)).hex() != leaf_of(altered).hex()


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [("payload", b"\xff", "\ufffd"), ("actor", b"\x00", "\x00"), ("actor", None, "None"), ("object", "\ud800", "?")],
)
def test_a_row_that_was_altered_beyond_its_form_is_exported_all_the_same(field: str, value: Any, shown: str) -> None:
    [_, line] = export_lines([(entry(0, **{field: value}), b"leaf")], ORIGIN)

    assert json.loads(line)[field] == shown


def test_a_leaf_of_another_type_is_exported_as_it_stands() -> None:
    [_, line] = export_lines([(entry(0), "leaf")], ORIGIN)  # type: ignore[list-item]

    assert json.loads(line)["leaf"] == "'leaf'"


# Our own check


def test_a_good_journal_has_no_findings() -> None:
    rows = log(40)

    assert list(check_entries(rows, [checkpoint(rows, size) for size in (0, 1, 7, 40)])) == []
    assert list(check_entries([])) == []


OTHER: dict[str, Any] = {
    "seq": 99, "time": "2026-11-24T09:12:03.000001Z", "actor": "李四", "action": "score.alter", "object": "sheet/x",
    "payload": b"{}",
}  # fmt: skip


@pytest.mark.parametrize("seq", range(5))
@pytest.mark.parametrize("field", OTHER)
def test_every_column_of_every_row_is_held(field: str, seq: int) -> None:
    rows = log(5)
    kept = checkpoint(rows)
    altered = replace(rows[seq][0], **{field: OTHER[field]})
    rows[seq] = altered, rows[seq][1]

    findings = list(check_entries(rows, [kept]))

    leaf = Finding("leaf", altered.seq, None, leaf_of(entry(seq)).hex(), leaf_of(altered).hex())
    gaps = [Finding("gap", seq, "seq", "99", str(seq))] if field == "seq" else []
    after = [Finding("gap", 100, "seq", str(seq + 1), "100")] if field == "seq" and seq < 4 else []
    assert findings == [*gaps, leaf, *after]


def test_a_stored_leaf_that_was_altered_is_named_and_spoils_the_root() -> None:
    rows = log(5)
    kept = checkpoint(rows)
    rows[2] = rows[2][0], b"\x00" * 32

    findings = list(check_entries(rows, [kept]))

    root = merkle.root(hashes(rows)).hex()
    assert findings == [
        Finding("leaf", 2, None, "00" * 32, leaf_of(entry(2)).hex()),
        Finding("root", 5, None, root, kept.root.hex()),
    ]


def test_a_row_rewritten_with_its_leaf_is_found_by_the_next_checkpoint() -> None:
    rows = log(9)
    kept = [checkpoint(rows, size) for size in (3, 6, 9)]
    forged = entry(4, actor="李四")
    rows[4] = forged, leaf_of(forged)

    findings = list(check_entries(rows, kept))

    assert [(one.code, one.seq) for one in findings] == [("root", 6), ("root", 9)]
    assert list(check_entries(rows)) == []


def test_a_row_that_was_removed_leaves_a_gap() -> None:
    rows = log(6)
    kept = checkpoint(rows)
    del rows[2]

    findings = list(check_entries(rows, [kept]))

    assert findings == [Finding("gap", 2, "seq", "3", "2"), Finding("short", 6, None, "5", "6")]


def test_rows_that_changed_places_are_found() -> None:
    rows = log(4)
    rows[1], rows[2] = rows[2], rows[1]

    assert [(one.code, one.seq, one.found) for one in check_entries(rows)] == [
        ("gap", 1, "2"), ("gap", 3, "1"), ("gap", 2, "3"),
    ]  # fmt: skip


def test_an_end_that_was_cut_off_is_found_by_the_checkpoint() -> None:
    rows = log(6)
    kept = checkpoint(rows)

    assert list(check_entries(rows[:4], [kept])) == [Finding("short", 6, None, "4", "6")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("seq", None), ("seq", -1), ("time", "today"), ("actor", None), ("payload", b"\xff"), ("object", b"x")],
)
def test_a_column_out_of_its_form_is_named(field: str, value: Any) -> None:
    rows = log(3)
    rows[1] = replace(rows[1][0], **{field: value}), rows[1][1]

    assert list(check_entries(rows)) == [Finding("form", 1, field, repr(value))]


@given(st.integers(0, 40), st.integers(0, 45))
def test_a_checkpoint_is_checked_by_itself(have: int, size: int) -> None:
    whole = log(45)
    kept = checkpoint(whole, size)

    found = check_checkpoint(size, kept.root, hashes(whole[:have]))

    assert found == (None if size <= have else Finding("short", size, None, str(have), str(size)))


def test_a_checkpoint_of_another_root_is_named() -> None:
    rows = log(5)

    found = check_checkpoint(5, b"\x00" * 32, hashes(rows))

    assert found == Finding("root", 5, None, merkle.root(hashes(rows)).hex(), "00" * 32)


# Proofs


def test_an_inclusion_document_holds_all_that_a_stranger_needs() -> None:
    rows = log(6)
    note = sign(text(checkpoint(rows, 5)), ORIGIN, b"\x07" * 32)

    document = inclusion_document(rows[3][0], hashes(rows), 5, note)

    path = merkle.inclusion_proof(hashes(rows), 3, 5)
    assert document == {
        "format": "kaohe-inclusion/1",
        "entry": {
            "seq": 3, "time": "2026-11-24T09:12:03.000000Z", "actor": "张三", "action": "score.enter",
            "object": "sheet/3", "payload": '{"unit":"D03","得分":"3.50"}',
        },
        "index": 3,
        "size": 5,
        "path": [node.hex() for node in path],
        "checkpoint": note,
    }  # fmt: skip


def test_a_consistency_document_holds_both_checkpoints() -> None:
    rows = log(6)
    first, second = text(checkpoint(rows, 3)), text(checkpoint(rows, 6))

    document = consistency_document(first, second, hashes(rows))

    path = [node.hex() for node in merkle.consistency_proof(hashes(rows), 3, 6)]
    assert document == {"format": "kaohe-consistency/1", "first": first, "second": second, "path": path}


def test_a_proof_that_would_fail_is_not_handed_out() -> None:
    rows = log(6)
    note, other = text(checkpoint(rows)), text(checkpoint(log(5)))

    with pytest.raises(ValueError, match="entry 2 is not in the tree of the checkpoint"):
        inclusion_document(entry(2, actor="李四"), hashes(rows), 6, note)
    with pytest.raises(ValueError, match="entry 2 is not in the tree of the checkpoint"):
        inclusion_document(entry(2), [*hashes(rows)[:5], b"\x00" * 32], 6, note)
    with pytest.raises(ValueError, match="entry 2 and a tree of 6 under a checkpoint of 5"):
        inclusion_document(entry(2), hashes(rows), 6, other)
    with pytest.raises(ValueError, match="entry 6 and a tree of 6"):
        inclusion_document(entry(6), hashes(rows), 6, note)
    with pytest.raises(ValueError, match="checkpoints of 6 and 5"):
        consistency_document(note, other, hashes(rows))
    with pytest.raises(ValueError, match="not two moments of this log"):
        consistency_document(text(Checkpoint(ORIGIN, 5, b"\x00" * 32)), note, hashes(rows))
