"""Checkpoints: the log's head, signed, at each formal act and daily. A checkpoint is not itself an entry."""

import base64
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kaohe.proof import checkpoint as c2sp
from kaohe.proof.merkle import Frontier
from kaohe.web.journal.append import is_open
from kaohe.web.journal.models import Checkpoint, LogHead
from kaohe.web.journal.proofs import LogTooShort, root_at
from kaohe.web.journal.signing_key import SigningKey, ensure_key, known_key, origin

DAILY, ASKED = "daily", "asked"
REPEATED = frozenset({DAILY, ASKED})
"""Reasons for which nothing is signed where nothing was added."""


class TwoHistories(Exception):
    """Raised where the log no longer holds what the last checkpoint says: such a log is not signed."""


def latest() -> Checkpoint | None:
    """Return the latest checkpoint."""
    return Checkpoint.objects.order_by("-size", "-id").first()


def make(reason: str, now: datetime) -> Checkpoint:
    """Sign the log's head and keep it; where nothing was added and the reason is `daily` or `asked`, return the latest.

    reason: the action word of the formal act (`round:publish`), `daily` or `asked`. To be called after the act's
    `change` has ended, so that its entry is covered (RuntimeError inside one). TwoHistories where the log has lost or
    altered what the latest checkpoint says; KeyLost where the key is not here.
    """
    if is_open():
        raise RuntimeError("a checkpoint is made after the change, so that it covers its entry")
    key = ensure_key()
    with transaction.atomic():
        head, last = LogHead.objects.get(pk=1), latest()
        if last is not None and last.size == head.size and reason in REPEATED:
            return last
        if last is not None and not _held(last):
            raise TwoHistories(f"the log is not the one of the checkpoint of {last.size}")
        root = Frontier.from_bytes(bytes(head.frontier)).root()
        note = c2sp.sign(c2sp.text(c2sp.Checkpoint(key.origin, head.size, root)), key.origin, key.private)
        encoded = base64.b64encode(root).decode()
        return Checkpoint.objects.create(size=head.size, root=encoded, time=now, reason=reason[:60], note=note)


def _held(checkpoint: Checkpoint) -> bool:
    try:
        return root_at(checkpoint.size) == c2sp.parse(checkpoint.note).root
    except LogTooShort:
        return False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A checkpoint that somebody kept, held against the present log.

    code: `same` (the log begins with it), `other_root`, `longer` (it knows more entries than there are),
    `other_origin`, `bad_signature`, `unsigned` (it agrees, but bears no signature of our key), `unchecked` (it agrees,
    but our key is not here), `unreadable`.
    """

    code: str
    size: int = 0
    kept: str = ""
    found: str = ""
    origin: str = ""


def compare(text: str) -> Comparison:
    """Hold a kept checkpoint, signed or typed from a printed page, against the present log."""
    note = text.replace("\r\n", "\n").lstrip("\ufeff\n ").rstrip("\n ") + "\n"
    try:
        kept = c2sp.parse(note)
    except c2sp.BadNote:
        return Comparison("unreadable")
    if kept.origin != origin():
        return Comparison("other_origin", kept.size, origin=kept.origin, found=origin())
    encoded = base64.b64encode(kept.root).decode()
    try:
        root = root_at(kept.size)
    except LogTooShort:
        return Comparison("longer", kept.size, encoded, str(LogHead.objects.get(pk=1).size))
    if root != kept.root:
        return Comparison("other_root", kept.size, encoded, base64.b64encode(root).decode())
    return Comparison(_signature(note, known_key()), kept.size, encoded, encoded)


def _signature(note: str, key: SigningKey | None) -> str:
    if key is None:
        return "unchecked"
    if "\n\n" not in note or f"{c2sp.DASH}{key.origin} " not in note:
        return "unsigned"
    return "same" if c2sp.verify(note, key.origin, key.public) else "bad_signature"
