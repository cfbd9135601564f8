"""The key by which checkpoints are signed: a file beside the database, never in it and never in a backup.

`keys/journal-key` holds two lines: the log's name, which is the origin of its checkpoints for good, and the private
key in base64. The name is `kaohe/` and the host under which the system is reached, or eight figures of the public key
where it has none.
"""

import base64
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from secrets import token_bytes

from django.conf import settings

from kaohe.proof.checkpoint import DASH, KEY_BYTES, key_id, parse, public_key_of, verifier_key
from kaohe.web.config.deployment import write_private
from kaohe.web.journal.models import Checkpoint

FILE = "journal-key"
WHOLE_DIGITS = 5
"""How many digits of base64 the four bytes of a key id settle, whatever follows."""


class KeyLost(Exception):
    """Raised where checkpoints were signed and their key is not here: bring `keys/journal-key` back, never make another."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The log's name and its private key."""

    origin: str
    private: bytes

    @property
    def public(self) -> bytes:
        """The public key's 32 bytes."""
        return public_key_of(self.private)

    @property
    def written(self) -> str:
        """The public key as it is handed out."""
        return verifier_key(self.origin, self.public)


class KeyDamaged(KeyLost):
    """Raised where `keys/journal-key` is there and holds no key."""


class KeyOfAnotherLog(KeyLost):
    """Raised where `keys/journal-key` has signed none of the checkpoints that there are: it is another log's."""


def ensure_key() -> SigningKey:
    """Return the key; make it, readable by its owner only, where there is none.

    KeyLost where one must have been lost, is damaged, or is another log's: with it a second history would be signed.
    """
    path = settings.CONFIGURATION.keys / FILE
    if not path.exists():
        if Checkpoint.objects.exists():
            raise KeyLost(str(path))
        private = token_bytes(KEY_BYTES)
        write_private(path, f"{_origin(private)}\n{base64.b64encode(private).decode()}\n")
    key = _read(path)
    if not has_signed(key):
        raise KeyOfAnotherLog(str(path))
    return key


def has_signed(key: SigningKey) -> bool:
    """Whether a checkpoint bears the name and key id of a key, or there is none yet; signatures are `verification`'s matter."""
    identity = base64.b64encode(key_id(key.origin, key.public)).decode()[:WHOLE_DIGITS]
    signed = Checkpoint.objects.filter(note__contains=f"\n{DASH}{key.origin} {identity}")
    return signed.exists() or not Checkpoint.objects.exists()


def known_key() -> SigningKey | None:
    """Return the key, or None where there is none. KeyDamaged where the file holds none."""
    path = settings.CONFIGURATION.keys / FILE
    return _read(path) if path.exists() else None


def origin() -> str:
    """Return the log's name: of its key, of its last checkpoint where the key is not here, else of a key made now."""
    key, last = known_key(), Checkpoint.objects.order_by("-size", "-id").first()
    if key is None and last is not None:
        return parse(last.note).origin
    return (key or ensure_key()).origin


def _read(path: Path) -> SigningKey:
    try:
        origin, _, encoded = path.read_text(encoding="utf-8").strip().partition("\n")
        key = SigningKey(origin.strip(), base64.b64decode(encoded.strip(), validate=True))
        key_id(key.origin, key.public)
    except ValueError:
        raise KeyDamaged(str(path)) from None
    return key


def _origin(private: bytes) -> str:
    fallback = sha256(public_key_of(private)).hexdigest()[:8]
    return "kaohe/" + next(filter(_is_name, settings.CONFIGURATION.hosts), fallback)


def _is_name(host: str) -> bool:
    if host in ("localhost", "testserver") or "*" in host or "+" in host:
        return False
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host.split() == [host]
    return False
