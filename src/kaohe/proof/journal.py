"""The journal as a whole: its export, its proofs for a stranger, and the checker of our own (`docs/journal-format.md`).

A row is an entry together with the leaf hash that is stored beside it. Exports and checks take rows,
not entries: a leaf that was computed on the way out would agree with any alteration. What is written
here, `journal_verifier.py` reads, which shares no line with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaohe.proof import merkle
from kaohe.proof.checkpoint import Checkpoint, parse
from kaohe.proof.entry import COLUMNS, Entry, bad_field, compact, entry_data, leaf_of

FORMAT = "kaohe-journal/1"
INCLUSION = "kaohe-inclusion/1"
CONSISTENCY = "kaohe-consistency/1"

Row = tuple[Entry, bytes]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the journal.

    code: `form` (a column is not of its form), `gap` (seq is not the next), `leaf` (the row is not what
    its leaf hash says), `root` (the root is not the checkpoint's), `short` (the checkpoint knows more
    entries than there are); seq: of the entry, or the size for the last two; field: the column, where
    one can be named; found, expected: as text.
    """

    code: str
    seq: int
    field: str | None = None
    found: str | None = None
    expected: str | None = None


def export_lines(rows: Iterable[Row], origin: str) -> Iterator[bytes]:
    """Write the journal as `journal.jsonl`: a header, then each row with its stored leaf, in the order given.

    The rows are a whole log from entry 0; origin is the one of the checkpoints. A row that was altered
    is written as it stands, so that the auditor's checker finds it; a byte that is not UTF-8 becomes U+FFFD.
    """
    yield _line({"format": FORMAT, "origin": origin, "first": 0})
    for entry, leaf in rows:
        columns = {name: _written(getattr(entry, name)) for name in COLUMNS}
        yield _line(columns | {"leaf": leaf.hex() if isinstance(leaf, bytes) else repr(leaf)})


def _line(value: Mapping[str, Any]) -> bytes:
    return compact(value).encode("utf-8", "replace") + b"\n"


def _written(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str | int) else repr(value)


def inclusion_document(entry: Entry, hashes: Sequence[bytes], size: int, note: str) -> dict[str, Any]:
    """Return `proof.json` for one entry: it, its path in the tree of `size`, and the checkpoint of that tree.

    hashes: the log's leaf hashes, at least `size` of them; note: a signed note, or a checkpoint's text.
    ValueError where the proof would not hold: a proof that fails is not handed out. RFC 6962, 2.1.1.
    """
    signed = parse(note)
    if signed.size != size or not 0 <= entry.seq < size:
        raise ValueError(f"entry {entry.seq} and a tree of {size} under a checkpoint of {signed.size}")
    return inclusion_by_path(entry, merkle.inclusion_proof(hashes, entry.seq, size), note)


def inclusion_by_path(entry: Entry, path: Sequence[bytes], note: str) -> dict[str, Any]:
    """Return `proof.json` for one entry whose path in the checkpoint's tree is known already.

    ValueError where the path does not hold.
    """
    signed = parse(note)
    if not merkle.verify_inclusion(leaf_of(entry), entry.seq, signed.size, path, signed.root):
        raise ValueError(f"entry {entry.seq} is not in the tree of the checkpoint")
    return {
        "format": INCLUSION, "entry": entry_data(entry), "index": entry.seq, "size": signed.size,
        "path": [node.hex() for node in path], "checkpoint": note,
    }  # fmt: skip


def consistency_document(first: str, second: str, hashes: Sequence[bytes]) -> dict[str, Any]:
    """Return `proof.json` for two checkpoints: the path by which the later log only adds to the earlier.

    first, second: signed notes or texts, the smaller first; hashes: the log's leaf hashes. ValueError
    where the proof would not hold. RFC 6962, 2.1.2.
    """
    old, new = parse(first), parse(second)
    if not old.size <= new.size <= len(hashes):
        raise ValueError(f"checkpoints of {old.size} and {new.size} over a log of {len(hashes)}")
    path = merkle.consistency_proof(hashes, old.size, new.size)
    if not merkle.verify_consistency(old.size, new.size, old.root, new.root, path):
        raise ValueError("the checkpoints are not two moments of this log")
    return {"format": CONSISTENCY, "first": first, "second": second, "path": [node.hex() for node in path]}


def check_entries(rows: Iterable[Row], checkpoints: Iterable[Checkpoint] = ()) -> Iterator[Finding]:
    """Walk the journal from entry 0 and yield all that is wrong with it, row by row, in one pass.

    Each row must have the next seq, columns of their forms, and the leaf that its columns give; the
    tree over the stored leaves must have each checkpoint's root at its size. A stored frontier is
    checked by handing it in as one more checkpoint. After a gap the walk goes on from the seq it found.
    """
    due: dict[int, list[Checkpoint]] = defaultdict(list)
    for checkpoint in checkpoints:
        due[checkpoint.size].append(checkpoint)
    tree, expected = merkle.Frontier(), 0
    yield from _roots(tree, due.pop(0, []))
    for entry, leaf in rows:
        yield from _row(entry, bytes(leaf), expected)
        expected = (expected if bad_field(entry) == "seq" else entry.seq) + 1
        tree = tree.append(bytes(leaf))
        yield from _roots(tree, due.pop(tree.size, []))
    yield from (Finding("short", size, found=str(tree.size), expected=str(size)) for size in sorted(due))


def _row(entry: Entry, leaf: bytes, expected: int) -> Iterator[Finding]:
    field = bad_field(entry)
    if field is not None:
        yield Finding("form", expected, field, found=repr(getattr(entry, field)))
    if field != "seq" and entry.seq != expected:
        yield Finding("gap", expected, "seq", str(entry.seq), str(expected))
    if field is None and leaf_of(entry) != leaf:
        yield Finding("leaf", entry.seq, found=leaf.hex(), expected=leaf_of(entry).hex())


def _roots(tree: merkle.Frontier, due: Iterable[Checkpoint]) -> Iterator[Finding]:
    for checkpoint in due:
        if tree.root() != checkpoint.root:
            yield Finding("root", tree.size, found=tree.root().hex(), expected=checkpoint.root.hex())


def check_checkpoint(size: int, root: bytes, hashes: Sequence[bytes]) -> Finding | None:
    """Return what is wrong with a checkpoint of `size` and `root` over the log's leaf hashes, or None."""
    if not 0 <= size <= len(hashes):
        return Finding("short", size, found=str(len(hashes)), expected=str(size))
    found = merkle.root(hashes[:size])
    return None if found == root else Finding("root", size, found=found.hex(), expected=root.hex())
