"""The check of the deployment's own journal: every row against its leaf, every checkpoint against the rows.

It reads only. The entries go through `kaohe.proof.journal.check_entries` in one pass; beside them stand what the web
keeps for itself: the head, the tiles, the areas, the checkpoints' columns and signatures, the sealed values.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kaohe.proof import checkpoint as c2sp
from kaohe.proof import merkle
from kaohe.proof.entry import SALT_BYTES, commitment
from kaohe.proof.journal import Finding, Row, check_entries
from kaohe.web.journal.append import TILE
from kaohe.web.journal.models import Checkpoint, LogHead, LogTile, PersonalValue
from kaohe.web.journal.rows import PIECE, all_rows, plain, tolerant
from kaohe.web.journal.signing_key import known_key

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is wrong. code: a key of `wording.DIFFERENCES`; seq: the entry, None where it is none's.

    place: what else names it (a column, a checkpoint's size, a tile's number, a digest).
    """

    code: str
    seq: int | None = None
    place: str = ""
    found: str = ""
    expected: str = ""


@dataclass(slots=True)
class Tally:
    """How much was looked at."""

    entries: int = 0
    checkpoints: int = 0
    sealed: int = 0
    signed: bool = True


def differences(tally: Tally, progress: Progress | None = None) -> Iterator[Difference]:
    """Check the journal and yield all that is wrong; `tally` is filled on the way, `progress` told entries and all."""
    with tolerant():
        head = LogHead.objects.filter(pk=1).values_list("size", "frontier", "areas").first()
        notes = list(Checkpoint.objects.order_by("size", "id"))
    frontier = _frontier(head)
    if head is None or frontier is None:
        yield Difference("head")
    known = [] if frontier is None else [c2sp.Checkpoint("", frontier.size, frontier.root())]
    sound: list[c2sp.Checkpoint] = []
    for note in notes:
        tally.checkpoints += 1
        yield from _note(note, sound, tally)
    walk = _Walk(tally, head[0] if head else 0, progress)
    for finding in check_entries(walk.rows(), [*known, *sound]):
        walk.is_whole = False
        yield from walk.found()
        yield _told(finding)
    yield from walk.found()
    if head is not None and walk.is_whole and head[2] != walk.areas:
        found, expected = (json.dumps(areas, ensure_ascii=False, sort_keys=True) for areas in (head[2], walk.areas))
        yield Difference("head", place="areas", found=found, expected=expected)
    yield from _beyond(tally)
    yield from _tiles(walk.tiles)
    yield from _sealed(tally)


def _frontier(head: tuple[int, Any, Any] | None) -> merkle.Frontier | None:
    """The head's frontier, or None where it is none, or of another size than the head's."""
    try:
        frontier = merkle.Frontier.from_bytes(plain(head[1])) if head else None
    except (TypeError, ValueError):
        return None
    return frontier if frontier and head and frontier.size == head[0] else None


class _Walk:
    """Hands the rows to the check and notes beside them what the check does not look at."""

    def __init__(self, tally: Tally, size: int, progress: Progress | None) -> None:
        self._tally, self._size, self._progress = tally, size, progress
        self._found: list[Difference] = []
        self._tile: list[bytes] = []
        self.tiles: list[bytes] = []
        self.areas: Counter[str] = Counter()
        self.is_whole = True

    def rows(self) -> Iterator[Row]:
        """Yield the rows; whatever stands where a leaf should is handed on as bytes."""
        for (entry, leaf), area in all_rows():
            if self._progress is not None and self._tally.entries % PIECE == 0:
                self._progress(self._tally.entries, self._size)
            self._tally.entries += 1
            written = str(entry.action).partition(":")[0]
            if written != area:
                self.is_whole = False
                self._found.append(Difference("area", entry.seq, "area", repr(area)))
            if self._tally.entries <= self._size:
                self.areas[written] += 1
            known = leaf if isinstance(leaf, bytes) else repr(leaf).encode()
            self._count(known)
            yield entry, known

    def _count(self, leaf: bytes) -> None:
        self._tile.append(leaf)
        if len(self._tile) == TILE:
            self.tiles.append(merkle.root(self._tile))
            self._tile = []

    def found(self) -> Iterable[Difference]:
        """Hand out what was noted."""
        found, self._found = self._found, []
        return found


def _told(finding: Finding) -> Difference:
    place = finding.field or ""
    return Difference(finding.code, finding.seq, place, finding.found or "", finding.expected or "")


def _note(row: Checkpoint, sound: list[c2sp.Checkpoint], tally: Tally) -> Iterator[Difference]:
    """Check a checkpoint's columns and signature; one that can be read is held against the rows later."""
    place = str(row.size)
    try:
        parsed = c2sp.parse(row.note)
    except c2sp.BadNote as error:
        yield Difference("note", place=place, found=str(error))
        return
    sound.append(parsed)
    for found, expected in ((row.size, parsed.size), (row.root, base64.b64encode(parsed.root).decode())):
        if found != expected:
            yield Difference("note", place=place, found=str(found), expected=str(expected))
    key = known_key()
    if key is None:
        tally.signed = False
    elif parsed.origin != key.origin or not c2sp.verify(row.note, key.origin, key.public):
        yield Difference("signature", place=place, found=parsed.origin, expected=key.origin)


def _beyond(tally: Tally) -> Iterator[Difference]:
    """What the head does not know of: entries were appended meanwhile, so it is read anew."""
    size = LogHead.objects.filter(pk=1).values_list("size", flat=True).first()
    if size is not None and tally.entries > size:
        yield Difference("beyond", seq=size, found=str(tally.entries), expected=str(size))


def _tiles(roots: list[bytes]) -> Iterator[Difference]:
    """The tiles of the entries that were walked, and none of entries that there are not; of later ones there may be some by now."""
    stored = {n: plain(root) for n, root in LogTile.objects.values_list("n", "root")}
    full = (LogHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0) // TILE
    for n, root in enumerate(roots):
        if stored.get(n) != root:
            found = stored.get(n)
            yield Difference("tile", n * TILE, str(n), found.hex() if isinstance(found, bytes) else "", root.hex())
    yield from (Difference("tile", place=str(n)) for n in sorted(stored) if not 0 <= n < max(full, len(roots)))


def _sealed(tally: Tally) -> Iterator[Difference]:
    with tolerant():
        values = PersonalValue.objects.order_by("digest").values_list("digest", "salt", "value")
        for digest, salt, value in values.iterator(PIECE):
            tally.sealed += 1
            salt = plain(salt)
            whole = isinstance(salt, bytes) and len(salt) == SALT_BYTES
            if not whole or _commitment(salt, value) != digest:
                yield Difference("sealed", place=str(digest))


def _commitment(salt: bytes, value: str) -> str:
    try:
        return commitment(salt, value)
    except UnicodeEncodeError:
        return ""
