"""Proofs out of the log, read by way of its tiles.

The row of nodes over tiles of 256 leaves is a row of the RFC 6962 tree itself, the last node standing for what is left
over. So a path is a path inside a tile and, from its root on, a path in that row: a million entries cost the reading
of 4,000 hashes.
"""

from typing import Any

from kaohe.proof import merkle
from kaohe.proof.entry import Entry
from kaohe.proof.journal import inclusion_by_path
from kaohe.web.journal.append import TILE
from kaohe.web.journal.models import Checkpoint, LogEntry, LogHead, LogTile
from kaohe.web.journal.rows import COLUMNS, row_of


class NotCovered(Exception):
    """Raised where no checkpoint includes the entry yet."""


class LogTooShort(Exception):
    """Raised where a log of so many entries was asked for, and there are fewer."""


def root_at(size: int) -> bytes:
    """Return the root of the log's first `size` entries; LogTooShort where it has not that many."""
    if size > LogHead.objects.get(pk=1).size:
        raise LogTooShort(size)
    return merkle.root(_tile_row(size))


def proof_for(seq: int) -> dict[str, Any]:
    """Return the inclusion proof of an entry in the latest checkpoint that includes it, as `docs/journal-format.md` has it.

    LogEntry.DoesNotExist where there is no such entry; NotCovered where no checkpoint includes it yet; ValueError
    where the log was altered, so that no proof would hold.
    """
    entry, _ = _stored(seq)
    checkpoint = covering(seq)
    if checkpoint is None:
        raise NotCovered(seq)
    return inclusion_by_path(entry, _path(seq, checkpoint.size), checkpoint.note)


def covering(seq: int) -> Checkpoint | None:
    """Return the latest checkpoint that includes an entry, or None."""
    return Checkpoint.objects.filter(size__gt=seq).order_by("-size", "-id").first()


def _stored(seq: int) -> tuple[Entry, bytes]:
    return row_of(LogEntry.objects.values_list(*COLUMNS).get(seq=seq))


def _path(seq: int, size: int) -> list[bytes]:
    tile = seq // TILE
    inside = _leaves(tile * TILE, min(size, (tile + 1) * TILE))
    return merkle.inclusion_proof(inside, seq % TILE) + merkle.inclusion_proof(_tile_row(size), tile)


def _tile_row(size: int) -> list[bytes]:
    """The roots of the tiles of a log of `size`, the last of them over what is left over."""
    whole = size // TILE
    row = [bytes(root) for root in LogTile.objects.filter(n__lt=whole).order_by("n").values_list("root", flat=True)]
    rest = _leaves(whole * TILE, size)
    if len(row) != whole:
        raise LogTooShort(size)
    return [*row, merkle.root(rest)] if rest else row


def _leaves(first: int, end: int) -> list[bytes]:
    leaves = LogEntry.objects.filter(seq__gte=first, seq__lt=end).order_by("seq").values_list("leaf", flat=True)
    found = [bytes(leaf) for leaf in leaves]
    if len(found) != end - first:
        raise LogTooShort(end)
    return found
