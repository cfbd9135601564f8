"""Check the journal of Kaohe (考核) with Python 3.9 or later and this one file, nothing else.

    python journal_verifier.py journal.jsonl [--checkpoint FILE ...] [--key KEY] [--lang zh|en]
    python journal_verifier.py --proof proof.json [--checkpoint FILE ...] [--key KEY] [--lang zh|en]

`docs/journal-format.md` decides what is right, not Kaohe's own code, of which nothing is used here. In short:

- journal.jsonl: JSON objects, one a line, keys sorted, no blanks, UTF-8. First the header {"first":0,
  "format":"kaohe-journal/1","origin":…}, then one line an entry: seq, time, actor, action, object, payload
  (its stored text) and leaf = hex SHA-256(0x00 ‖ the same object without its leaf). seq counts from 0.
- a checkpoint: C2SP text (origin, size, base64 root, `alg sha256 ed25519`), signed or not; typed from a
  printed page it will do as well. The root is that of RFC 6962 over the first `size` leaves.
- proof.json: {"format":"kaohe-inclusion/1","entry":{seq,time,actor,action,object,payload},"index","size",
  "path":[hex],"checkpoint":note} says that an entry stands in a log, and {"format":"kaohe-consistency/1",
  "first":note,"second":note,"path":[hex]} that a later log only adds to an earlier one.

Signatures are a separate question: with --key, and where the package `cryptography` is installed, each
checkpoint must bear a good one of that key (<name>+<hex>+<base64>); else it is said that none was checked.

Exit status: 0 nothing is wrong, 1 something is, and the first of it is named, 2 the input cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

JOURNAL, INCLUSION, CONSISTENCY = "kaohe-journal/1", "kaohe-inclusion/1", "kaohe-consistency/1"
ALGORITHM = "alg sha256 ed25519"
LONGEST_LINE, LARGEST_FILE, LONGEST_INTEGER, LONGEST_SHOWN = 2**24, 2**24, 15, 100
LARGEST = 10**LONGEST_INTEGER
HEX, TIME = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([0-9]{2}:){2}[0-9]{2}\.[0-9]{6}Z")
WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
CANNOT_BE_READ = ("unreadable", "too_large", "header", "part", "document", "checkpoint", "algorithm", "key")
Data = Any  # what JSON holds; its form is checked before it is used
Files = Sequence["tuple[str, bytes]"]  # name and content


@dataclass(frozen=True)
class Place:
    """Where something is wrong: the file, its line, the entry's number, the field."""

    file: str | None = None
    line: int | None = None
    seq: int | None = None
    field: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What the check found. code: `ok` or what is wrong first; expected and found: as far as they can be told;
    facts: what was checked and what was not, as word and value."""

    ok: bool
    code: str
    place: Place = Place()
    expected: str | None = None
    found: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


class DifferenceError(Exception):
    """Raised at the first thing that is wrong; the two `verify_` functions make a verdict of it."""

    def __init__(self, code: str, place: Place, expected: Data = None, found: Data = None) -> None:
        super().__init__(code)
        self.code, self.place, self.expected, self.found = code, place, expected, found


def verify_journal(file: BinaryIO, kept: Files = (), key: str | None = None) -> Verdict:
    """Check an export, open as bytes, against the checkpoints that somebody kept. Never raises on bad input."""
    try:
        notes = _notes(kept, _key(key))
        origin, tree = _walk(file, notes)
    except DifferenceError as error:
        return _difference(error)
    facts = [("origin", origin), ("entries", str(tree.size)), ("root", _told_root(tree.root()))]
    facts += [("checkpoint_held", f"{note.file}: {note.size}") for note in notes]
    covered = max((note.size for note in notes), default=0)
    if covered < tree.size:
        facts.append(("uncovered", f"{covered} – {tree.size - 1}"))
    facts += [("proved_journal", ""), ("not_proved", "")] if notes else [("no_checkpoint", "")]
    return Verdict(True, "ok", facts=(*facts, *_signature_facts(notes, key)))


def verify_document(data: bytes, kept: Files = (), key: str | None = None) -> Verdict:
    """Check a proof.json, by itself and against the checkpoints that somebody kept. Never raises on bad input."""
    try:
        known = _key(key)
        value = _document(data)
        check = _inclusion if value["format"] == INCLUSION else _consistency
        notes, facts = check(value, known)
        others = _notes(kept, known)
        _agree([*notes, *others])
    except DifferenceError as error:
        return _difference(error)
    sizes = {note.size for note in notes}
    facts += [("kept_same" if one.size in sizes else "kept_other_size", f"{one.file}: {one.size}") for one in others]
    return Verdict(True, "ok", facts=(*facts, ("not_proved", ""), *_signature_facts([*notes, *others], key)))


def _difference(error: DifferenceError) -> Verdict:
    return Verdict(False, error.code, error.place, _shown(error.expected), _shown(error.found))


# The tree of RFC 6962, section 2.1, straight from its definitions.


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A log that grows: the roots of its full subtrees, each with its size, of which no two are equal."""

    def __init__(self) -> None:
        self.size = 0
        self.full: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        self.size += 1
        self.full.append((1, leaf))
        while len(self.full) > 1 and self.full[-1][0] == self.full[-2][0]:
            (size, right), (_, left) = self.full.pop(), self.full.pop()
            self.full.append((2 * size, node_hash(left, right)))

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.full:
            return hashlib.sha256().digest()
        root = self.full[-1][1]
        for _, left in self.full[-2::-1]:
            root = node_hash(left, root)
        return root


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path leads from a leaf hash at `index` to the root of a tree of `size`: the definition of PATH,
    read from the root down."""
    return 0 <= index < size <= LARGEST and len(leaf) == 32 and _root_over(leaf, index, size, list(path)) == root


def _root_over(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    if size == 1:
        return None if path else leaf
    if not path or len(path[-1]) != 32:
        return None
    half, sibling = _split(size), path[-1]
    below = _root_over(leaf, index % half, half if index < half else size - half, path[:-1])
    if below is None:
        return None
    return node_hash(below, sibling) if index < half else node_hash(sibling, below)


def _split(size: int) -> int:
    half = 1
    while 2 * half < size:
        half *= 2
    return half


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path gives both roots: the definition of PROOF, read from the root down. Out of the empty log
    every log has grown, with an empty path."""
    if first == 0 and 0 <= second <= LARGEST:
        empty = hashlib.sha256().digest()
        return first_root == empty and not path and (second > 0 or second_root == empty)
    if not 0 < first <= second <= LARGEST or any(len(node) != 32 for node in (first_root, *path)):
        return False
    return _both_roots(first, second, first_root, list(path)) == (first_root, second_root)


def _both_roots(first: int, second: int, whole: bytes | None, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """The old and the new root of a subtree; `whole`: the old root, where the subtree is all of the old log."""
    if first == second and whole is not None:
        return None if path else (whole, whole)
    if first == second:
        return (path[0], path[0]) if len(path) == 1 else None
    if not path:
        return None
    half, sibling = _split(second), path[-1]
    if first <= half:
        both = _both_roots(first, half, whole, path[:-1])
        return both and (both[0], node_hash(both[1], sibling))
    both = _both_roots(first - half, second - half, None, path[:-1])
    return both and (node_hash(sibling, both[0]), node_hash(sibling, both[1]))


# JSON, of which only the harmless part is read: no floats, no long numbers, no key twice.


def _json(data: bytes) -> Data:
    """ValueError or RecursionError where it is not JSON, or not text that can be written again."""
    return DECODER.decode(data.decode())


def _refused(text: str) -> int:
    raise ValueError(text)


def _integer(text: str) -> int:
    return int(text) if len(text) <= LONGEST_INTEGER else _refused(text)


def _object(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key twice")
    return value


def _compact(value: Data) -> bytes:
    return ENCODER.encode(value).encode()


DECODER = json.JSONDecoder(
    parse_float=_refused, parse_constant=_refused, parse_int=_integer, object_pairs_hook=_object
)  # fmt: skip
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Forms: str, an int from 0, a pattern, or [pattern] for a list of it.

COLUMNS = {"seq": int, "time": TIME, "actor": str, "action": str, "object": str, "payload": str}
ROW = {**COLUMNS, "leaf": HEX}
HEADER = {"format": re.compile(JOURNAL), "origin": str, "first": int}
PROOFS = {
    INCLUSION: {"format": str, "entry": COLUMNS, "index": int, "size": int, "path": [HEX], "checkpoint": str},
    CONSISTENCY: {"format": str, "first": str, "second": str, "path": [HEX]},
}


def _fit(value: Data, form: Data) -> str | None:
    """The first field that is not of its form, "" where there is no object with just these fields, else None."""
    if not isinstance(value, dict) or value.keys() != form.keys():
        return ""
    for name, wanted in form.items():
        if isinstance(wanted, dict):
            inner = _fit(value[name], wanted)
            if inner is not None:
                return f"{name}.{inner}" if inner else str(name)
        elif not _has_form(value[name], wanted):
            return str(name)
    return None


def _has_form(value: Data, form: Data) -> bool:
    if isinstance(form, list):
        return isinstance(value, list) and all(_has_form(one, form[0]) for one in value)
    if form is int:
        return type(value) is int and value >= 0
    return isinstance(value, str) and (form is str or form.fullmatch(value) is not None)


# The export.


def _walk(file: BinaryIO, notes: Sequence[Note]) -> tuple[str, Tree]:
    """Read the export once, line by line, and hold it to each checkpoint as its size is reached."""
    origin, tree, reached = _header(file), Tree(), 0
    for note in notes:
        if note.origin != origin:
            raise DifferenceError("origin", Place(note.file), origin, note.origin)
    waiting = sorted(notes, key=lambda note: note.size)
    while True:
        while waiting and waiting[0].size == tree.size:
            _hold(tree, waiting[0], reached)
            reached = waiting.pop(0).size
        line = file.readline(LONGEST_LINE + 1)
        if not line:
            break
        tree.add(_leaf(line, tree.size))
    if waiting:
        raise DifferenceError("short", Place(waiting[0].file, seq=tree.size), waiting[0].size, tree.size)
    return origin, tree


def _header(file: BinaryIO) -> str:
    line = file.readline(LONGEST_LINE + 1)
    try:
        value = _json(line)
        same = _compact(value) + b"\n" == line
    except (ValueError, RecursionError):
        raise DifferenceError("header", Place(line=1)) from None
    field = _fit(value, HEADER)
    if field is not None or not same:
        raise DifferenceError("header", Place(line=1, field=field or None))
    if value["first"] != 0:
        raise DifferenceError("part", Place(line=1, field="first"), 0, value["first"])
    return str(value["origin"])


def _leaf(line: bytes, seq: int) -> bytes:
    """The leaf of one line, which must be the entry of this number, written as it should be, and have its leaf."""
    place = (None, seq + 2, seq)
    if not line.endswith(b"\n"):
        raise DifferenceError("long_line" if len(line) > LONGEST_LINE else "cut_off", Place(*place))
    try:
        row = _json(line)
        same = _compact(row) + b"\n" == line
    except (ValueError, RecursionError):
        raise DifferenceError("not_json", Place(*place)) from None
    field = _fit(row, ROW)
    if field is not None:
        raise DifferenceError("shape", Place(*place, field or None), found=row.get(field) if field else None)
    if not same:
        raise DifferenceError("not_canonical", Place(*place))
    if row["seq"] != seq:
        raise DifferenceError("gap", Place(*place, "seq"), seq, row["seq"])
    given = row.pop("leaf")
    computed = leaf_hash(_compact(row))
    if computed.hex() != given:
        raise DifferenceError("leaf", Place(*place), computed.hex(), given)
    return computed


def _hold(tree: Tree, note: Note, reached: int) -> None:
    if tree.root() != note.root:
        place = Place(note.file, field=f"{reached} – {tree.size - 1}" if tree.size else None)
        raise DifferenceError("root", place, note.root.hex(), tree.root().hex())


# Checkpoints: C2SP tlog-checkpoint inside C2SP signed-note.


@dataclass(frozen=True)
class Note:
    """A checkpoint: where it was read, whose log it is, how many entries it had, the root over them."""

    file: str
    origin: str
    size: int
    root: bytes
    checked: bool  # its signature


def _notes(files: Iterable[tuple[str, bytes]], key: tuple[str, bytes] | None) -> list[Note]:
    notes = [_note(name, content, key) for name, content in files]
    _agree(notes)
    return notes


def _agree(notes: Sequence[Note]) -> None:
    """No two checkpoints are of different logs, or of two histories of one."""
    seen: dict[int, Note] = {}
    for note in notes:
        if note.origin != notes[0].origin:
            raise DifferenceError("origin", Place(note.file), notes[0].origin, note.origin)
        other = seen.setdefault(note.size, note)
        if other.root != note.root:
            raise DifferenceError(
                "two_histories", Place(f"{other.file}, {note.file}"), other.root.hex(), note.root.hex()
            )


def _note(name: str, content: bytes, key: tuple[str, bytes] | None) -> Note:
    """Read one; line ends and a byte-order mark that a mail program or an editor brought in do no harm."""
    if len(content) > LARGEST_FILE:
        raise DifferenceError("too_large", Place(name))
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except ValueError:
        raise DifferenceError("checkpoint", Place(name)) from None
    body, _, signatures = text.partition("\n\n")
    lines = body.rstrip("\n").split("\n")
    for field, good in (("origin", lines[0]), ("size", WHOLE.fullmatch("".join(lines[1:2]))), ("root", _root(lines))):
        if not good:
            raise DifferenceError("checkpoint", Place(name, field=field))
    for line in lines[3:]:
        if line.split(" ")[0] == "alg" and line != ALGORITHM:
            raise DifferenceError("algorithm", Place(name), ALGORITHM, line)
    checked = key is not None and _is_signed(name, body + "\n", signatures, key)
    return Note(name, lines[0], int(lines[1]), _root(lines), checked)


def _root(lines: Sequence[str]) -> bytes:
    """The root in the third line, or nothing where it is none."""
    root = _base64(lines[2]) if len(lines) > 2 else b""
    return root if len(root) == 32 else b""


def _base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == text else b""


def _key(text: str | None) -> tuple[str, bytes] | None:
    """A key's name, and its 4 bytes of id with the 32 of the key."""
    if text is None:
        return None
    name, _, rest = text.partition("+")
    identity, _, encoded = rest.partition("+")
    data = _base64(encoded)
    digest = hashlib.sha256(name.encode("utf-8", "replace") + b"\n" + data).digest()[:4]
    if not name or data[:1] != b"\x01" or len(data) != 33 or digest.hex() != identity:
        raise DifferenceError("key", Place(), found=text)
    return name, digest + data[1:]


def _is_signed(file: str, body: str, signatures: str, key: tuple[str, bytes]) -> bool:
    """Whether the signature could be checked; a missing or a bad one raises. Other keys' lines are passed over."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - optional
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - optional
    except ImportError:
        return False
    (name, known), found = key, False
    for line in signatures.split("\n"):
        data = _base64(line.rpartition(" ")[2])
        if line.startswith(f"— {name} ") and data[:4] == known[:4]:
            try:
                Ed25519PublicKey.from_public_bytes(known[4:]).verify(data[4:], body.encode())
            except InvalidSignature:
                raise DifferenceError("signature", Place(file)) from None
            found = True
    if not found:
        raise DifferenceError("unsigned", Place(file), found=name)
    return True


def _signature_facts(notes: Sequence[Note], key: str | None) -> list[tuple[str, str]]:
    if not notes:
        return []
    if key is None:
        return [("no_key", "")]
    return [("signed", key)] if all(note.checked for note in notes) else [("no_package", "")]


# Proofs.


def _document(data: bytes) -> Data:
    if len(data) > LARGEST_FILE:
        raise DifferenceError("too_large", Place())
    try:
        value = _json(data)
        _compact(value)  # no half of a surrogate pair, which no hash could cover
    except (ValueError, RecursionError):
        raise DifferenceError("document", Place()) from None
    kind = value.get("format") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in PROOFS:
        raise DifferenceError("document", Place(field="format"), " / ".join(PROOFS), kind)
    field = _fit(value, PROOFS[kind])
    if field is not None:
        raise DifferenceError("shape", Place(field=field or None))
    return value


def _inclusion(value: Data, key: tuple[str, bytes] | None) -> tuple[list[Note], list[tuple[str, str]]]:
    note, entry = _note("checkpoint", value["checkpoint"].encode(), key), value["entry"]
    for field, wanted, given in (("index", entry["seq"], value["index"]), ("size", note.size, value["size"])):
        if wanted != given:
            raise DifferenceError("number", Place(seq=entry["seq"], field=field), wanted, given)
    path = [bytes.fromhex(node) for node in value["path"]]
    if not included(leaf_hash(_compact(entry)), entry["seq"], note.size, path, note.root):
        raise DifferenceError("not_included", Place(seq=entry["seq"]))
    facts = [("origin", note.origin), ("size", str(note.size)), ("root", _told_root(note.root))]
    facts += [("entry", str(entry["seq"])), *((name, entry[name]) for name in COLUMNS if name != "seq")]
    return [note], [*facts, ("proved_inclusion", "")]


def _consistency(value: Data, key: tuple[str, bytes] | None) -> tuple[list[Note], list[tuple[str, str]]]:
    notes = _notes([(name, value[name].encode()) for name in ("first", "second")], key)
    first, second = notes
    path = [bytes.fromhex(node) for node in value["path"]]
    if not consistent(first.size, second.size, first.root, second.root, path):
        raise DifferenceError("not_consistent", Place(), found=f"{first.size}, {second.size}")
    facts = [("origin", first.origin), ("sizes", f"{first.size}, {second.size}")]
    facts += [("root", _told_root(note.root)) for note in notes]
    return notes, [*facts, ("proved_consistency", "")]


# The telling.

WORDS = {
    "unreadable": ("文件无法读取", "the file cannot be read"),
    "too_large": ("文件过大", "the file is too large"),
    "header": ("不是考核日志：第一行不是日志的表头", "not a journal: the first line is not its header"),
    "part": ("不是完整的日志：不从第0条起", "not a whole journal: it does not begin with entry 0"),
    "document": ("不是证明文件", "not a proof"),
    "checkpoint": ("不是检查点，或已损坏", "not a checkpoint, or a damaged one"),
    "algorithm": ("检查点用了本程序不认识的算法", "a checkpoint with algorithms that this program does not know"),
    "key": ("不是公钥，或抄写有误", "not a public key, or one with a slip of the pen"),
    "origin": ("检查点属于另一份日志", "the checkpoint is of another log"),
    "two_histories": (
        "同一条数的两个检查点不一致：有人看到的是另一部历史",
        "two checkpoints of one size differ: somebody was shown another history",
    ),
    "unsigned": ("检查点上没有这把钥匙的签名", "the checkpoint bears no signature of this key"),
    "signature": ("检查点的签名不对：内容被改动，或不是这把钥匙所签", "a bad signature: altered, or not of this key"),
    "long_line": ("这一行过长", "the line is too long"),
    "cut_off": ("这一行不完整：文件被截断", "the line is not whole: the file was cut off"),
    "not_json": ("这一行已损坏，不是合法的JSON", "the line is damaged: not JSON"),
    "not_canonical": ("这一行不是导出的写法，已被改动", "the line is not as it was exported: it was altered"),
    "shape": ("内容的形式不对", "a value of the wrong form"),
    "gap": (
        "序号不连续：有记录被删去、插入或调换",
        "the numbers do not follow: an entry was removed, inserted or moved",
    ),
    "leaf": (
        "这条记录与它的叶子散列不符：记录或散列被改动",
        "the entry is not what its leaf hash says: one was altered",
    ),
    "root": (
        "日志与检查点的根不符：该区间内有记录连同散列被改写、增删或调换",
        "the root is not the checkpoint's: entries in this range were rewritten with their hashes, added or removed",
    ),
    "short": ("日志比检查点短：末尾的记录被删去", "the journal is shorter than the checkpoint: its end was removed"),
    "number": ("证明中的号数不一致", "the numbers in the proof do not agree"),
    "not_included": (
        "证明不成立：这条记录不在检查点的日志里，或已被改动",
        "the proof does not hold: the entry is not in the checkpoint's log, or was altered",
    ),
    "not_consistent": (
        "证明不成立：后一检查点不是在前一检查点之上只增不改",
        "the proof does not hold: the second log does not merely add to the first",
    ),
    "ok": ("核对无误", "verified"),
    "file": ("文件", "file"),
    "line": ("行", "line"),
    "seq": ("记录号", "entry"),
    "field": ("字段或区间", "field or range"),
    "found": ("所载", "found"),
    "expected": ("应为", "should be"),
    "origin_is": ("日志", "log"),
    "entries": ("记录条数", "entries"),
    "size": ("检查点的条数", "size of the checkpoint"),
    "sizes": ("两个检查点的条数", "sizes of the checkpoints"),
    "root_is": ("根", "root"),
    "entry": ("记录号", "entry"),
    "time": ("时间", "time"),
    "actor": ("何人", "actor"),
    "action": ("何事", "action"),
    "object": ("对象", "object"),
    "payload": ("内容", "payload"),
    "checkpoint_held": ("与检查点相符（文件：条数）", "agrees with the checkpoint (file: size)"),
    "uncovered": ("尚无检查点覆盖的记录", "entries that no given checkpoint covers"),
    "no_checkpoint": (
        "没有给出检查点：只说明各行与各自的散列相符、序号不断；有人把全部行和散列一并重写，这样查不出来。"
        "请将上面的条数和根与回执、通报页脚所印的核对。",
        "No checkpoint was given: each line agrees with its own hash and no number is missing, no more; a journal "
        "rewritten with all its hashes looks the same. Compare size and root with a receipt or a printed notice.",
    ),
    "kept_same": ("与留存的检查点相同（文件：条数）", "the same as the checkpoint kept (file: size)"),
    "kept_other_size": (
        "留存的检查点条数不同，未能比较，需要一致性证明（文件：条数）",
        "not compared: a checkpoint kept of another size, which takes a consistency proof (file: size)",
    ),
    "proved_journal": (
        "证明了：各检查点之前（含）的记录，自检查点留存以来没有改动、删去、插入或调换。",
        "Proved: of the entries up to each checkpoint none was altered, removed, inserted or moved since it was kept.",
    ),
    "proved_inclusion": (
        "证明了：这条记录一字不差地在检查点的日志里。",
        "Proved: the entry stands in the checkpoint's log, to the letter.",
    ),
    "proved_consistency": (
        "证明了：后一检查点的日志包含前一检查点的全部记录，未作改动。",
        "Proved: the later log holds all entries of the earlier one, unaltered.",
    ),
    "not_proved": (
        "没有证明：记录属实；键盘前坐的是谁；时间准确；检查点之后的事；别人看到的是同一份日志（请互相比对根）。",
        "Not proved: that an entry is true; who sat at the keyboard; the time; anything after the checkpoint; that "
        "others were shown the same log (compare roots).",
    ),
    "no_key": ("签名未核对：没有给出公钥（--key）。", "The signature was not checked: no key was given (--key)."),
    "no_package": (
        "签名未核对：这台机器上没有cryptography软件包。",
        "The signature was not checked: the package `cryptography` is not installed here.",
    ),
    "signed": ("签名已核对，公钥", "signature checked, key"),
}
MAIN_FACTS = {"origin": "origin_is", "root": "root_is"}  # words that also name what is wrong


def _told_root(root: bytes) -> str:
    return f"{root.hex()} ({base64.b64encode(root).decode()})"


def _shown(value: Data) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value) if isinstance(value, int) else "[…]"
    return text[:LONGEST_SHOWN] + "…" * (len(text) > LONGEST_SHOWN)


def _lines(verdict: Verdict, language: int) -> Iterator[str]:
    """Tell a verdict: 0 in Chinese, 1 in English."""
    place, colon = verdict.place, ("：", ": ")[language]
    parts: Mapping[str, Data] = {
        "file": place.file, "line": place.line, "seq": place.seq, "field": place.field,
        "found": verdict.found, "expected": verdict.expected,
    }  # fmt: skip
    yield WORDS[verdict.code][language]
    yield from (f"{WORDS[name][language]}{colon}{value}" for name, value in parts.items() if value is not None)
    for name, value in verdict.facts:
        word = WORDS[MAIN_FACTS.get(name, name)][language]
        yield f"{word}{colon}{_told(value)}" if value else word


def _told(value: str) -> str:
    return value[: 3 * LONGEST_SHOWN] + "…" * (len(value) > 3 * LONGEST_SHOWN)


def main(argv: Sequence[str] | None = None) -> int:
    """Check what the command line names, and tell: exit status 0 nothing wrong, 1 something, 2 not readable."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("journal", nargs="?", help="journal.jsonl")
    parser.add_argument("--proof", metavar="FILE", help="proof.json")
    parser.add_argument(
        "--checkpoint", metavar="FILE", nargs="+", action="extend", default=[], help="one that was kept"
    )
    parser.add_argument("--key", help="the log's public key, <name>+<hex>+<base64>")
    parser.add_argument("--lang", choices=("zh", "en"))
    options = parser.parse_args(argv)
    if (options.journal is None) == (options.proof is None):
        parser.error("one of journal.jsonl and --proof FILE")
    verdict = _verdict(options)
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    chinese = options.lang == "zh" or (options.lang is None and _writes_chinese(encoding))
    for line in _lines(verdict, 0 if chinese else 1):
        text = "".join(c if c.isprintable() else "?" for c in line)
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    return 0 if verdict.ok else 2 if verdict.code in CANNOT_BE_READ else 1


def _verdict(options: argparse.Namespace) -> Verdict:
    name = ""
    try:
        kept = []
        for name in options.checkpoint:
            kept.append((name, _content(name)))
        name = options.proof or options.journal
        if options.proof is not None:
            return verify_document(_content(name), kept, options.key)
        with Path(name).open("rb") as file:
            return verify_journal(file, kept, options.key)
    except (OSError, ValueError):
        return Verdict(False, "unreadable", Place(_shown(name)))


def _content(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _writes_chinese(encoding: str) -> bool:
    try:
        return bool("考核".encode(encoding))
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    sys.exit(main())
