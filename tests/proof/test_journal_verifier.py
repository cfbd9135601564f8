"""The auditor's program: it accepts what we write, names the place of every alteration, and never falls over."""

import ast
import base64
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.proof import journal_verifier as auditor
from kaohe.proof import merkle
from kaohe.proof.checkpoint import Checkpoint, public_key_of, sign, text, verifier_key
from kaohe.proof.entry import Entry, canonical, leaf_of
from kaohe.proof.journal import consistency_document, export_lines, inclusion_document
from kaohe.proof.journal_verifier import Place, Verdict, main, verify_document, verify_journal
from tests.depth import deep

SOURCE = Path(auditor.__file__)
ORIGIN = "kaohe.benxi.example/journal"
ORIGIN_OF_DOCS = "kaohe.example/journal"
SIZE = 6
PRIVATE = b"\x07" * 32
KEY = verifier_key(ORIGIN, public_key_of(PRIVATE))
OTHER_KEY = verifier_key(ORIGIN, public_key_of(b"\x08" * 32))


def entry(seq: int) -> Entry:
    payload = canonical({"unit": f"D{seq:02}", "得分": f"{seq}.50"})
    return Entry(seq, f"2026-11-24T09:12:{seq:02}.000000Z", "张三", "score.enter", f"sheet/{seq}", payload)


ENTRIES = [entry(seq) for seq in range(SIZE)]
HASHES = [leaf_of(one) for one in ENTRIES]


def export(entries: list[Entry] | None = None, leaves: list[bytes] | None = None) -> bytes:
    entries = ENTRIES if entries is None else entries
    return b"".join(export_lines(zip(entries, leaves or map(leaf_of, entries), strict=False), ORIGIN))


def note(size: int = SIZE, hashes: list[bytes] = HASHES, origin: str = ORIGIN) -> bytes:
    checkpoint = Checkpoint(origin, size, merkle.root(hashes[:size]))
    return sign(text(checkpoint), ORIGIN, PRIVATE).encode()


def checked(data: bytes, *notes: bytes, key: str | None = None) -> Verdict:
    kept = [(f"c{number}", one) for number, one in enumerate(notes)]
    return verify_journal(io.BytesIO(data), kept, key)


def proof(seq: int = 3, size: int = SIZE) -> dict[str, Any]:
    return inclusion_document(ENTRIES[seq], HASHES, size, note(size).decode())


def consistency(first: int = 4, second: int = SIZE) -> dict[str, Any]:
    return consistency_document(note(first).decode(), note(second).decode(), HASHES)


def proved(document: Any, *notes: bytes, key: str | None = None) -> Verdict:
    kept = [(f"c{number}", one) for number, one in enumerate(notes)]
    return verify_document(json.dumps(document).encode(), kept, key)


def facts(verdict: Verdict) -> list[str]:
    assert verdict.ok, verdict
    return [name for name, _ in verdict.facts]


# What we write is verified


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 6])
def test_an_export_is_verified_against_every_checkpoint(size: int) -> None:
    notes = [note(one) for one in range(size + 1)]

    verdict = checked(export(ENTRIES[:size]), *notes)

    root = merkle.root(HASHES[:size])
    assert verdict == Verdict(
        True,
        "ok",
        facts=(
            ("origin", ORIGIN),
            ("entries", str(size)),
            ("root", f"{root.hex()} ({base64.b64encode(root).decode()})"),
            *(("checkpoint_held", f"c{one}: {one}") for one in range(size + 1)),
            ("proved_journal", ""),
            ("not_proved", ""),
            ("no_key", ""),
        ),
    )


def test_without_a_checkpoint_it_says_that_this_proves_little() -> None:
    assert facts(checked(export())) == ["origin", "entries", "root", "uncovered", "no_checkpoint"]


def test_entries_after_the_last_checkpoint_are_named() -> None:
    assert ("uncovered", "4 – 5") in checked(export(), note(2), note(4)).facts


@settings(max_examples=deep(25, 200))
@given(st.lists(st.builds(
    Entry, st.just(0), st.just("2026-11-24T09:12:03.123456Z"), *[st.text(st.characters(exclude_categories=["Cs"]))] * 3,
    st.text(st.characters(exclude_categories=["Cs"])).map(str.encode),
), max_size=20))  # fmt: skip
def test_any_journal_of_ours_is_verified(entries: list[Entry]) -> None:
    entries = [replace(one, seq=seq) for seq, one in enumerate(entries)]
    hashes = [leaf_of(one) for one in entries]

    assert checked(export(entries), note(len(entries), hashes)).ok
    for seq, one in enumerate(entries):
        document = inclusion_document(one, hashes, len(entries), note(len(entries), hashes).decode())
        assert proved(document).ok, seq


def test_a_large_journal_is_verified() -> None:
    entries = [entry(seq) for seq in range(60)] * 50
    entries = [replace(one, seq=seq) for seq, one in enumerate(entries)]

    assert checked(export(entries), note(3000, [leaf_of(one) for one in entries])).ok


# Every alteration is found, where it is


def lines_with_place() -> list[tuple[int, int, int]]:
    """Every byte of every row: line (from 1), entry, place in the file."""
    places, at = [], 0
    for number, line in enumerate(export().splitlines(keepends=True), 1):
        places += [(number, number - 2, at + column) for column in range(len(line)) if number > 1]
        at += len(line)
    return places


@pytest.mark.parametrize("bit", [0, 1, 5, 7])
def test_every_flipped_byte_of_every_row_is_named(bit: int) -> None:
    data = export()
    for line, seq, at in lines_with_place():
        altered = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        verdict = checked(altered)
        assert not verdict.ok, (line, at, altered[at - 10 : at + 10])
        assert (verdict.place.line, verdict.place.seq) == (line, seq), verdict


@given(st.data())
def test_every_changed_byte_of_every_row_is_named(data: st.DataObject) -> None:
    content = export()
    line, seq, at = data.draw(st.sampled_from(lines_with_place()))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != content[at]))

    verdict = checked(content[:at] + bytes([byte]) + content[at + 1 :])

    assert (verdict.ok, verdict.place.line, verdict.place.seq) == (False, line, seq), verdict


def test_every_byte_that_was_removed_or_inserted_is_named() -> None:
    data = export()
    for line, seq, at in lines_with_place()[:: deep(3, 1)]:
        for altered in (data[:at] + data[at + 1 :], data[:at] + b" " + data[at:]):
            verdict = checked(altered)
            assert (verdict.ok, verdict.place.line, verdict.place.seq) == (False, line, seq), (at, verdict)


CHANGED: dict[str, Any] = {
    "time": "2026-11-24T09:12:03.000001Z", "actor": "李四", "action": "score.alter", "object": "sheet/x",
    "payload": b"{}",
}  # fmt: skip


@pytest.mark.parametrize("seq", range(SIZE))
@pytest.mark.parametrize("field", CHANGED)
def test_every_column_of_every_row_is_held(field: str, seq: int) -> None:
    entries = list(ENTRIES)
    entries[seq] = replace(entries[seq], **{field: CHANGED[field]})

    verdict = checked(export(entries, HASHES), note())

    computed = leaf_of(entries[seq]).hex()
    assert verdict == Verdict(False, "leaf", Place(None, seq + 2, seq), computed, HASHES[seq].hex())


@pytest.mark.parametrize("seq", range(SIZE))
def test_a_row_rewritten_with_its_leaf_is_found_between_two_checkpoints(seq: int) -> None:
    entries = list(ENTRIES)
    entries[seq] = replace(entries[seq], actor="李四")

    verdict = checked(export(entries), note(SIZE), note(3))

    assert (verdict.code, verdict.place) == (
        ("root", Place("c1", field="0 – 2")) if seq < 3 else ("root", Place("c0", field="3 – 5"))
    )


def test_a_row_that_was_removed_is_named() -> None:
    verdict = checked(export([*ENTRIES[:2], *ENTRIES[3:]]), note())

    assert verdict == Verdict(False, "gap", Place(None, 4, 2, "seq"), "2", "3")


def test_a_row_that_was_removed_and_the_others_numbered_anew_is_found() -> None:
    entries = [replace(one, seq=seq) for seq, one in enumerate([*ENTRIES[:2], *ENTRIES[3:]])]

    assert checked(export(entries), note()).code == "short"
    assert checked(export(entries), note(4)).code == "root"


def test_an_end_that_was_cut_off_is_found() -> None:
    assert checked(export(ENTRIES[:4]), note()) == Verdict(False, "short", Place("c0", seq=4), "6", "4")
    assert checked(export()[:-1]).code == "cut_off"


def test_rows_that_changed_places_are_found() -> None:
    entries = [ENTRIES[0], ENTRIES[2], ENTRIES[1], *ENTRIES[3:]]

    assert checked(export(entries)) == Verdict(False, "gap", Place(None, 3, 1, "seq"), "1", "2")


# Hostile exports


def row(**changed: Any) -> bytes:
    """The export with its second entry changed, its leaf made anew where it is not given."""
    value = json.loads(export().splitlines()[2]) | changed
    value = {name: one for name, one in value.items() if one is not ...}
    if "leaf" not in changed:
        value["leaf"] = auditor.leaf_hash(written({name: one for name, one in value.items() if name != "leaf"})).hex()
    lines = export().splitlines(keepends=True)
    return b"".join([*lines[:2], written(value) + b"\n", *lines[3:]])


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"seq": "1"}, "shape", "seq"),
        ({"seq": True}, "shape", "seq"),
        ({"seq": None}, "shape", "seq"),
        ({"seq": 2}, "gap", "seq"),
        ({"seq": -1}, "shape", "seq"),
        ({"seq": 1.0}, "not_json", None),
        ({"seq": 10**5000 - 1}, "not_json", None),
        ({"time": "2026-11-24"}, "shape", "time"),
        ({"time": []}, "shape", "time"),
        ({"actor": None}, "shape", "actor"),
        ({"actor": {"name": "张三"}}, "shape", "actor"),
        ({"payload": {}}, "shape", "payload"),
        ({"payload": ...}, "shape", None),
        ({"more": 1}, "shape", None),
        ({"leaf": "00"}, "shape", "leaf"),
        ({"leaf": "g" * 64}, "shape", "leaf"),
        ({"leaf": "A" * 64}, "shape", "leaf"),
        ({"leaf": None}, "shape", "leaf"),
        ({"leaf": "0" * 64}, "leaf", None),
        ({"actor": "李四"}, "ok", None),
    ],
)
def test_a_row_of_another_form_is_named(changed: Mapping[str, Any], code: str, field: str | None) -> None:
    if changed.get("seq") == 10**5000 - 1:
        data = row().replace(b'"seq":1,', b'"seq":' + b"9" * 5000 + b",")
    else:
        data = row(**changed)

    verdict = checked(data)

    assert (verdict.code, verdict.place.field) == (code, field)
    assert verdict.ok or verdict.place.seq == 1


LINE = export().splitlines(keepends=True)[1]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"\n", "not_json"),
        (b"null\n", "shape"),
        (b"[]\n", "shape"),
        (b'"x"\n', "shape"),
        (b"NaN\n", "not_json"),
        (b"1e999\n", "not_json"),
        (b"9" * 5000 + b"\n", "not_json"),
        (b"[" * 200000 + b"\n", "not_json"),
        (b'{"a":' * 200000 + b"\n", "not_json"),
        (b"[" * 900 + b"]" * 900 + b"\n", "shape"),
        (b"\xff\xfe\n", "not_json"),
        (b"\x00\n", "not_json"),
        (b'"\\ud800"\n', "not_json"),
        (b"\xef\xbb\xbf" + LINE, "not_json"),
        (LINE[:40] + b"\n", "not_json"),
        (LINE[:40], "cut_off"),
        (LINE.replace(b"\n", b"\r\n"), "not_canonical"),
        (LINE.replace(b":0,", b": 0,"), "not_canonical"),
        (LINE.replace("张".encode(), b"\\u5f20"), "not_canonical"),
        (LINE.replace(b'"seq":0', b'"seq":0,"seq":0'), "not_json"),
        (LINE.replace(b'"seq":0', b'"seq":-0'), "not_canonical"),
        (b"x" * (auditor.LONGEST_LINE + 1), "long_line"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_damaged_line_is_named(line: bytes, code: str) -> None:
    verdict = checked(export([]) + line)

    assert (verdict.code, verdict.place.line, verdict.place.seq) == (code, 2, 0)


@pytest.mark.parametrize(
    ("header", "code", "field"),
    [
        (b"", "header", None),
        (b"\n", "header", None),
        (b"\xff\n", "header", None),
        (b"[" * 200000, "header", None),
        (b'{"first":0,"format":"kaohe-journal/2","origin":"x"}\n', "header", "format"),
        (b'{"first":0,"format":"kaohe-journal/1","origin":1}\n', "header", "origin"),
        (b'{"first":0,"format":"kaohe-journal/1"}\n', "header", None),
        (b'{"first":0,"format":"kaohe-journal/1","origin":"x"}', "header", None),
        (b'{"first": 0,"format":"kaohe-journal/1","origin":"x"}\n', "header", None),
        (b'{"first":7,"format":"kaohe-journal/1","origin":"x"}\n', "part", "first"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_has_not_the_header_is_no_journal(header: bytes, code: str, field: str | None) -> None:
    verdict = checked(header)

    assert (verdict.code, verdict.place) == (code, Place(line=1, field=field))


@given(st.binary(max_size=300), st.sampled_from([b"", export([]), export()]))
def test_any_bytes_get_a_verdict(data: bytes, before: bytes) -> None:
    assert checked(before + data).code in auditor.WORDS
    assert checked(data + before, data).code in auditor.WORDS
    assert verify_document(data).code in auditor.WORDS


# Checkpoints


def test_checkpoints_of_two_histories_are_named() -> None:
    other = note(4, HASHES[1:])

    verdict = checked(export(), note(4), note(), other)

    assert (verdict.code, verdict.place) == ("two_histories", Place("c0, c2"))


def test_a_checkpoint_of_another_log_is_named() -> None:
    other = note(origin="elsewhere.example")

    assert checked(export(), other) == Verdict(False, "origin", Place("c0"), ORIGIN, "elsewhere.example")
    assert checked(export(), note(), other).place == Place("c1")


BARE = note().decode().partition("\n\n")[0]


@pytest.mark.parametrize(
    "typed",
    [BARE, BARE + "\n", BARE + "\n\n", "\ufeff" + BARE, BARE.replace("\n", "\r\n"), BARE.rpartition("\nalg")[0]],
)
def test_a_checkpoint_typed_from_paper_will_do(typed: str) -> None:
    assert checked(export(), typed.encode()).ok


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        (BARE, "", "checkpoint", "origin"),
        (BARE, ORIGIN, "checkpoint", "size"),
        (BARE, f"{ORIGIN}\n6", "checkpoint", "root"),
        ("\n6\n", "\n06\n", "checkpoint", "size"),
        ("\n6\n", "\n-6\n", "checkpoint", "size"),
        ("\n6\n", "\n" + "9" * 5000 + "\n", "checkpoint", "size"),
        ("\n6\n", "\n６\n", "checkpoint", "size"),
        ("=\n", "\n", "checkpoint", "root"),
        ("alg sha256 ed25519", "alg sm3 sm2", "algorithm", None),
    ],
)
def test_what_is_no_checkpoint_is_named(old: str, new: str, code: str, field: str | None) -> None:
    verdict = checked(export(), BARE.replace(old, new).encode())

    assert (verdict.code, verdict.place) == (code, Place("c0", field=field))


def test_a_checkpoint_that_is_no_text_or_endless_is_named() -> None:
    assert checked(export(), b"\xff").code == "checkpoint"
    assert checked(export(), b"x" * (auditor.LARGEST_FILE + 1)).code == "too_large"


def test_a_signature_is_checked_where_a_key_is_given() -> None:
    verdict = checked(export(), note(2), note(), key=KEY)

    assert verdict.facts[-1] == ("signed", KEY)


def test_a_signature_of_another_key_or_text_is_named() -> None:
    forged = note().replace(b"\n6\n", b"\n5\n")
    short = f"{BARE}\n\n— {ORIGIN} {base64.b64encode(base64.b64decode(note().split()[-1])[:40]).decode()}\n".encode()

    assert checked(export(), note(), key=OTHER_KEY) == Verdict(False, "unsigned", Place("c0"), None, ORIGIN)
    assert checked(export(), BARE.encode(), key=KEY).code == "unsigned"
    assert checked(export(), forged, key=KEY) == Verdict(False, "signature", Place("c0"))
    assert checked(export(), short, key=KEY).code == "signature"


@pytest.mark.parametrize(
    "key", ["", "x", "a+b+c", KEY[:-4], KEY.replace("+", "-", 1), "+" + KEY, KEY + "\n", "\ud800+0+="]
)
def test_what_is_no_key_is_named(key: str) -> None:
    assert checked(export(), key=key).code == "key"
    assert proved(proof(), key=key).code == "key"


# Proofs


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
def test_every_inclusion_document_is_verified(size: int) -> None:
    for seq in range(size):
        verdict = proved(proof(seq, size), key=KEY)
        assert facts(verdict)[-3:] == ["proved_inclusion", "not_proved", "signed"]
        assert ("entry", str(seq)) in verdict.facts


def test_every_consistency_document_is_verified() -> None:
    for second in range(SIZE + 1):
        for first in range(second + 1):
            assert facts(proved(consistency(first, second)))[-3:] == ["proved_consistency", "not_proved", "no_key"]


@pytest.mark.parametrize("field", ["time", "actor", "action", "object", "payload", "seq"])
def test_an_entry_that_was_altered_is_not_proved(field: str) -> None:
    document = proof()
    document["entry"] |= {field: {**CHANGED, "payload": "{}", "seq": 2}[field]}

    verdict = proved(document)

    code, place = ("number", Place(seq=2, field="index")) if field == "seq" else ("not_included", Place(seq=3))
    assert (verdict.code, verdict.place) == (code, place)


@pytest.mark.parametrize("document", [proof(), consistency(3)], ids=["inclusion", "consistency"])
def test_a_path_that_was_altered_proves_nothing(document: dict[str, Any]) -> None:
    path = document["path"]
    code = "not_included" if "entry" in document else "not_consistent"

    for wrong in ([*path[:-1]], [*path, "00" * 32], ["00" * 32, *path[1:]], path[::-1], []):
        assert proved({**document, "path": wrong}).code == code
    assert proved({**document, "path": ["00" * 32] * 5000}).code == code


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"format": "kaohe-inclusion/2"}, "document", "format"),
        ({"format": ["kaohe-inclusion/1"]}, "document", "format"),
        ({"format": {}}, "document", "format"),
        ({"index": 4}, "number", "index"),
        ({"size": 5}, "number", "size"),
        ({"size": "6"}, "shape", "size"),
        ({"size": -6}, "shape", "size"),
        ({"path": None}, "shape", "path"),
        ({"path": [None]}, "shape", "path"),
        ({"path": ["zz"]}, "shape", "path"),
        ({"path": {}}, "shape", "path"),
        ({"entry": None}, "shape", "entry"),
        ({"entry": {**proof()["entry"], "seq": "3"}}, "shape", "entry.seq"),
        ({"entry": {**proof()["entry"], "actor": 3}}, "shape", "entry.actor"),
        ({"checkpoint": "x"}, "checkpoint", "size"),
        ({"checkpoint": 3}, "shape", "checkpoint"),
        ({"more": 3}, "shape", None),
        ({"index": 3.0}, "document", None),
        ({"entry": {**proof()["entry"], "actor": "\ud800"}}, "document", None),
    ],
)
def test_a_proof_of_another_form_is_named(changed: Mapping[str, Any], code: str, field: str | None) -> None:
    verdict = proved({**proof(), **changed})

    assert (verdict.code, verdict.place.field) == (code, field)


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"\xff", b"{", b"[" * 200000, b'{"format":1,"format":2}', b"9" * 5000, b"1e9"]
)
def test_what_is_no_proof_is_named(data: bytes) -> None:
    assert verify_document(data).code == "document"


def test_a_proof_too_large_is_named() -> None:
    assert verify_document(b" " * (auditor.LARGEST_FILE + 1)).code == "too_large"


def test_a_proof_is_held_to_the_checkpoints_that_were_kept() -> None:
    forged = [*HASHES[:5], b"\x00" * 32]

    assert ("kept_same", "c0: 6") in proved(proof(), note()).facts
    assert ("kept_other_size", "c0: 4") in proved(proof(), note(4)).facts
    assert proved(proof(), note(6, forged)).code == "two_histories"
    assert proved(consistency(), note(6, forged)).code == "two_histories"
    assert proved(proof(), note(origin="elsewhere.example")).code == "origin"


def test_a_consistency_document_of_two_histories_is_not_verified() -> None:
    forged = note(6, [b"\x00" * 32, *HASHES[1:]]).decode()

    assert proved({**consistency(), "second": forged}).code == "not_consistent"
    assert proved({**consistency(6, 6), "second": forged}).code == "two_histories"
    assert proved({**consistency(), "first": note(6).decode(), "second": note(4).decode()}).code == "not_consistent"


# The program


def test_it_imports_nothing_of_ours_and_is_python_3_9() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 9))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [f"{node.module}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]

    assert all(node.level == 0 for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    assert {name.partition(".")[0] for name in names} - {"cryptography"} <= sys.stdlib_module_names
    assert not {"importlib", "subprocess", "socket", "urllib", "random", "time", "os"} & set(names)


@cache
def source() -> bytes:
    return SOURCE.read_bytes()


def alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    (folder / "journal_verifier.py").write_bytes(source())
    command = [sys.executable, "-I", "-S", "-X", "utf8", "journal_verifier.py", *arguments]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, check=False, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    altered = json.dumps({**proof(), "entry": {**proof()["entry"], "actor": "李四"}})
    files = {
        "journal.jsonl": export(), "altered.jsonl": export([*ENTRIES[:3], replace(ENTRIES[3], actor="李四")], HASHES),
        "six": note(), "four": note(4), "proof.json": json.dumps(proof()).encode(), "altered.json": altered.encode(),
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_it_runs_as_a_lone_file_without_any_package(folder: Path) -> None:
    good = alone(folder, "journal.jsonl", "--checkpoint", "six", "four", "--key", KEY)
    altered = alone(folder, "altered.jsonl", "--checkpoint", "six", "--lang", "en")
    proof_good = alone(folder, "--proof", "proof.json", "--checkpoint", "six", "--lang", "en")
    proof_altered = alone(folder, "--proof", "altered.json")
    missing, nothing = alone(folder, "missing.jsonl"), alone(folder)

    assert [one.returncode for one in (good, altered, proof_good, proof_altered, missing, nothing)] == [
        0,
        1,
        0,
        1,
        2,
        2,
    ]
    assert good.stdout.decode().startswith("核对无误\n日志：kaohe.benxi.example/journal\n记录条数：6\n")
    assert "签名未核对：这台机器上没有cryptography软件包。" in good.stdout.decode()
    assert altered.stdout.startswith(b"the entry is not what its leaf hash says: one was altered\nline: 5\nentry: 3\n")
    assert b"the same as the checkpoint kept (file: size): six: 6" in proof_good.stdout
    assert "证明不成立" in proof_altered.stdout.decode()
    assert "文件无法读取\n文件：missing.jsonl" in missing.stdout.decode()
    assert all(one.stderr == b"" for one in (good, altered, proof_good, proof_altered, missing))


def test_the_exit_status_says_what_kind_of_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = {name: str(folder / name) for name in os.listdir(folder)}  # noqa: PTH208 - the names are wanted

    assert main([path["journal.jsonl"], "--checkpoint", path["six"], "--checkpoint", path["four"]]) == 0
    assert main([path["journal.jsonl"], "--checkpoint", path["six"], "--key", OTHER_KEY]) == 1
    assert main([path["journal.jsonl"], "--checkpoint", path["journal.jsonl"]]) == 2
    assert main([path["journal.jsonl"], "--checkpoint", str(folder)]) == 2
    assert main([path["journal.jsonl"], "--key", "x"]) == 2
    assert main([path["six"]]) == 2
    assert main(["--proof", path["journal.jsonl"]]) == 2
    assert main(["a\x00b"]) == 2
    assert main([str(folder)]) == 2
    with pytest.raises(SystemExit, match="2"):
        main([path["journal.jsonl"], "--proof", path["proof.json"]])
    assert "Traceback" not in "".join(capsys.readouterr())


def test_it_says_what_is_and_what_is_not_proved(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder / "journal.jsonl"), "--checkpoint", str(folder / "six"), "--key", KEY, "--lang", "en"]) == 0

    told = capsys.readouterr().out
    assert "Proved: of the entries up to each checkpoint none was altered" in told
    assert "Not proved: that an entry is true" in told
    assert f"signature checked, key: {KEY}\n" in told


def test_a_terminal_without_chinese_is_told_in_english(folder: Path) -> None:
    command = [sys.executable, str(SOURCE), str(folder / "journal.jsonl")]
    done = subprocess.run(command, env={"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False, timeout=60)

    assert done.returncode == 0
    assert done.stdout.startswith(b"verified\n")


def test_a_hostile_entry_cannot_write_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = replace(ENTRIES[0], actor="\x1b[2J\r\nverified\u202e" + "x" * 5000)
    checkpoint = note(1, [leaf_of(hostile)]).decode()
    document = inclusion_document(hostile, [leaf_of(hostile)], 1, checkpoint)
    (tmp_path / "proof.json").write_text(json.dumps(document), "utf-8")

    assert main(["--proof", str(tmp_path / "proof.json"), "--lang", "en"]) == 0

    told = capsys.readouterr().out
    assert not {"\x1b", "\u202e", "\r"} & set(told)
    assert told.count("\nverified") == 0
    assert max(map(len, told.splitlines())) < 400


def test_every_code_and_fact_has_its_words() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    raised = [call.args[0] for call in calls if getattr(call.func, "id", "") == "DifferenceError"]
    codes = {one.value for arg in raised for one in ast.walk(arg) if isinstance(one, ast.Constant)}

    assert {code for code in codes if isinstance(code, str)} | {"ok", "unreadable"} <= auditor.WORDS.keys()
    assert set(auditor.CANNOT_BE_READ) <= auditor.WORDS.keys()
    assert all(zh and en for zh, en in auditor.WORDS.values())


@pytest.mark.parametrize("page", ["journal-format.md", "journal-format.zh.md"])
def test_the_examples_of_the_documentation_are_true(page: str) -> None:
    written = (Path(__file__).parents[2] / "docs" / page).read_text("utf-8")
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```$", written, re.DOTALL | re.MULTILINE))
    leaf, key = blocks["text"].rstrip("\n").encode(), blocks["key"].strip()

    assert auditor.leaf_hash(leaf).hex() in blocks["jsonl"]
    assert f"`{auditor.leaf_hash(leaf).hex()}`" in written
    assert checked(blocks["jsonl"].encode(), blocks["note"].encode(), key=key).facts[-1] == ("signed", key)
    assert facts(verify_document(blocks["json"].encode(), [("kept", blocks["note"].encode())]))[-3] == "kept_same"
    assert sign(blocks["note"].partition("\n\n")[0] + "\n", ORIGIN_OF_DOCS, bytes(range(32))) == blocks["note"]
