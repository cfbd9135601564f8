"""Checkpoints: the log's size and root in three lines, signed, in the forms of C2SP that other tools read.

    kaohe.benxi.example/journal
    128
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    alg sha256 ed25519

    — kaohe.benxi.example/journal x08go/…

c2sp.org/tlog-checkpoint: origin, decimal size, base64 root, then extension lines; ours names the
algorithms, so that others can follow one day. c2sp.org/signed-note: the text, a blank line, one line a
signature; a signature of a key one does not know is passed over. Ed25519 is RFC 8032.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from kaohe.proof.merkle import HASH_BYTES

ALGORITHM = "alg sha256 ed25519"
ED25519 = b"\x01"
KEY_BYTES, ID_BYTES = 32, 4
LONGEST_SIZE = 19
MOST_SIGNATURES = 100
DASH = "— "


class BadNote(ValueError):
    """Raised where a text is no checkpoint, no signed note or no verifier key; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log at one moment: whose it is, how many entries it had, the root over them, extension lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = (ALGORITHM,)


def text(checkpoint: Checkpoint) -> str:
    """Return a checkpoint's text, the part that is signed, with its final newline (c2sp.org/tlog-checkpoint).

    BadNote (a ValueError) where it would not read back as the same checkpoint.

    >>> print(text(Checkpoint("kaohe.example/journal", 0, sha256().digest())), end="")
    kaohe.example/journal
    0
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    alg sha256 ed25519
    """
    lines = [checkpoint.origin, str(checkpoint.size), _base64(checkpoint.root), *checkpoint.extensions]
    written = "".join(f"{line}\n" for line in lines)
    if parse(written) != checkpoint:
        raise BadNote("an extension line that is not one line")
    return written


def parse(note: str) -> Checkpoint:
    """Return the checkpoint in a signed note, or in a note's text alone; its signatures are not looked at.

    BadNote (a ValueError) where it is none, or names algorithms other than SHA-256 and Ed25519.
    """
    body = _parted(note)[0] if "\n\n" in note else _sound(note)
    lines = body[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise BadNote("a checkpoint has an origin, a size, a root, and no empty line")
    algorithms = [line for line in lines[3:] if line.split(" ")[0] == "alg"]
    if algorithms not in ([], [ALGORITHM]):
        raise BadNote(f"unknown algorithm: {algorithms[0]}")
    return Checkpoint(lines[0], _size(lines[1]), _bytes(lines[2], HASH_BYTES), tuple(lines[3:]))


def _sound(body: str) -> str:
    """A note's text as it came: whole lines, without control characters, all of it UTF-8."""
    if not body.endswith("\n") or any(character < " " for character in body.replace("\n", "")):
        raise BadNote("a note's text ends in a newline and holds no control character")
    try:
        body.encode()
    except UnicodeEncodeError:
        raise BadNote("a note's text is UTF-8") from None
    return body


def _parted(note: str) -> tuple[str, list[str]]:
    """A signed note's text and its signature lines: they part at the last blank line."""
    body, blank, signatures = _sound(note).rpartition("\n\n")
    lines = signatures[:-1].split("\n")
    if not blank or not body or not all(line.startswith(DASH) for line in lines) or len(lines) > MOST_SIGNATURES:
        raise BadNote("a signed note is a text, a blank line, and lines of signatures")
    return body + "\n", lines


def _size(line: str) -> int:
    if not (line.isascii() and line.isdigit() and len(line) <= LONGEST_SIZE) or line != str(int(line)):
        raise BadNote("a size is a decimal number without leading zeroes")
    return int(line)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(encoded: str) -> bytes:
    """Base64 in its one spelling (RFC 4648 section 4)."""
    try:
        data = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise BadNote("not base64") from None
    if _base64(data) != encoded:
        raise BadNote("not base64 in its one spelling")
    return data


def _bytes(encoded: str, length: int) -> bytes:
    data = _decoded(encoded)
    if len(data) != length:
        raise BadNote(f"not the base64 of {length} bytes")
    return data


def sign(text: str, name: str, private_key: bytes) -> str:
    """Return the signed note of a text: it, a blank line, the signature line (c2sp.org/signed-note).

    name: the key's name, which should be the log's origin; private_key: 32 random bytes (RFC 8032 seed).
    Ed25519 draws nothing at random: the same text and key give the same note.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - slow import

    key = Ed25519PrivateKey.from_private_bytes(private_key)
    signature = key.sign(_sound(text).encode())
    blob = key_id(name, key.public_key().public_bytes_raw()) + signature
    return f"{text}\n{DASH}{name} {_base64(blob)}\n"


def verify(note: str, name: str, public_key: bytes) -> bool:
    """Return whether a signed note bears a good signature of this key; False for whatever is no note.

    As c2sp.org/signed-note has it, other keys' lines are passed over, and one bad signature under the
    known name and key id spoils the note. public_key: 32 bytes. ValueError where the key is none.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow import
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - slow import

    key, known = Ed25519PublicKey.from_public_bytes(public_key), key_id(name, public_key)
    try:
        body, lines = _parted(note)
        signatures = list(_signatures(lines, name, known))
        for signature in signatures:
            key.verify(signature, body.encode())
    except (BadNote, InvalidSignature):
        return False
    return bool(signatures)


def _signatures(lines: list[str], name: str, known: bytes) -> Iterator[bytes]:
    """The signatures under a name and key id; those of other keys are passed over, whatever they hold."""
    for line in lines:
        signer, _, encoded = line.removeprefix(DASH).partition(" ")
        if signer == name:
            blob = _decoded(encoded)
            if blob[:ID_BYTES] == known:
                yield blob[ID_BYTES:]


def key_id(name: str, public_key: bytes) -> bytes:
    """Return the first 4 bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key); BadNote for a name that is none."""
    if not name or "+" in name or name.split() != [name] or any(character < " " for character in name):
        raise BadNote(f"a key's name is not empty and holds neither blanks nor a plus sign: {name!r}")
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:ID_BYTES]


def public_key_of(private_key: bytes) -> bytes:
    """Return the 32 bytes of the public key that belongs to 32 bytes of a private one (RFC 8032)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - slow import

    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def verifier_key(name: str, public_key: bytes) -> str:
    """Return a public key as it is handed out: `<name>+<hex key id>+<base64(0x01 ‖ public key)>`."""
    return f"{name}+{key_id(name, public_key).hex()}+{_base64(ED25519 + public_key)}"


def parse_verifier_key(written: str) -> tuple[str, bytes]:
    """Return the name and the 32 bytes of a public key; BadNote where the text is none or its key id is wrong."""
    name, _, rest = written.partition("+")
    _, _, encoded = rest.partition("+")
    public_key = _bytes(encoded, 1 + KEY_BYTES)[1:]
    if verifier_key(name, public_key) != written:
        raise BadNote("a verifier key of another kind, or with a wrong key id")
    return name, public_key
