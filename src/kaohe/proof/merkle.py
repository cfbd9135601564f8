"""The Merkle tree of the journal: RFC 6962 section 2.1 over SHA-256, and nothing invented.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right): the two prefixes are what stops a
node from being passed off as a leaf. A tree of n > 1 leaves is split at the largest power of two
below n, so a tree that grows keeps all its full subtrees. Two consequences carry the whole room:

- an *inclusion proof* is the log2 n siblings on the way from one leaf to the root: who holds the root
  can check one entry without seeing any other;
- a *consistency proof* is the log2 n nodes from which both the old root and the new one follow: who
  holds the old root can check that the new tree only added to it.

Every function takes leaf *hashes*, 32 bytes each. The two that verify read what a stranger sent: on a
proof of any length and content they answer False and never raise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

HASH_BYTES = 32
SIZE_BYTES = 8
EMPTY_ROOT = sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf's data: SHA-256(0x00 ‖ data), RFC 6962 section 2.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two subtrees: SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be kept of a log to append to it: its size and the roots of its full subtrees, the largest first.

    The sizes of the subtrees are the binary digits of `size`, so a million entries need 7 hashes or
    so (20 at most); an append touches as many as there are trailing one digits, a root all of them.

    >>> Frontier().append(leaf_hash(b"a")).append(leaf_hash(b"b")).size
    2
    """

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """Return the frontier with one leaf hash more: equal neighbours join, as in a binary counter."""
        roots, size = self.roots, self.size
        while size & 1:
            roots, leaf, size = roots[:-1], node_hash(roots[-1], leaf), size >> 1
        return Frontier(self.size + 1, (*roots, leaf))

    def root(self) -> bytes:
        """Return the root of the whole tree (RFC 6962 MTH); of the empty one, SHA-256 of nothing."""
        if not self.roots:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.roots))

    def to_bytes(self) -> bytes:
        """Return the frontier for storage: the size in 8 bytes, the most significant first, then the roots."""
        return self.size.to_bytes(SIZE_BYTES, "big") + b"".join(self.roots)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """Return the frontier that `to_bytes` wrote; ValueError where it is not one."""
        size = int.from_bytes(data[:SIZE_BYTES], "big")
        if len(data) != SIZE_BYTES + HASH_BYTES * size.bit_count():
            raise ValueError(f"not a frontier: {len(data)} bytes for a size of {size}")
        return cls(size, tuple(data[at : at + HASH_BYTES] for at in range(SIZE_BYTES, len(data), HASH_BYTES)))


def frontier(leaves: Iterable[bytes]) -> Frontier:
    """Return the frontier of a log of these leaf hashes."""
    return reduce(Frontier.append, leaves, Frontier())


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash MTH(D[n]) of RFC 6962 section 2.1 over leaf hashes.

    >>> root([leaf_hash(data) for data in (b"a", b"b", b"c")]).hex()[:8]
    '36642e73'
    """
    row = list(leaves)
    while len(row) > 1:  # row by row: a last node without a sibling is carried up, which is the RFC's split
        pairs = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
        row = pairs + row[2 * len(pairs) :]
    return row[0] if row else EMPTY_ROOT


def inclusion_proof(hashes: Sequence[bytes], index: int, size: int | None = None) -> list[bytes]:
    """Return the audit path PATH(index, D[size]) of RFC 6962 section 2.1.1, from the leaf upwards.

    `hashes` are the log's leaf hashes, of which the first `size` (all, where not given) make the tree.
    Raises IndexError where that tree has no such leaf.
    """
    size = len(hashes) if size is None else size
    if not 0 <= index < size <= len(hashes):
        raise IndexError(f"no leaf {index} in a tree of {size} over a log of {len(hashes)}")
    return _path(hashes[:size], index)


def _path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    k = _split(len(hashes))
    if index < k:
        return [*_path(hashes[:k], index), root(hashes[k:])]
    return [*_path(hashes[k:], index - k), root(hashes[:k])]


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether the path proves a leaf hash to stand at `index` in the tree of `size` and `root`.

    RFC 9162 section 2.1.3.2 (the same tree as RFC 6962, whose text gives no algorithm for it).
    """
    if not 0 <= index < size or not _hashes(leaf, *path, root):
        return False
    fn, sn, computed = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            computed = node_hash(sibling, computed)
            fn, sn = _up_to_a_right_child(fn, sn)
        else:
            computed = node_hash(computed, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and computed == root


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _up_to_a_right_child(fn: int, sn: int) -> tuple[int, int]:
    """Skip the levels where the last node of a row has no sibling and is carried up as it is."""
    while not fn & 1 and fn:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def consistency_proof(hashes: Sequence[bytes], first: int, second: int) -> list[bytes]:
    """Return PROOF(first, D[second]) of RFC 6962 section 2.1.2: the tree of `second` only adds to that of `first`.

    Empty for equal sizes, and for a first of 0, of which the RFC does not speak: every log grew out of
    the empty one. Raises IndexError where the sizes are out of order or beyond the log.
    """
    if not 0 <= first <= second <= len(hashes):
        raise IndexError(f"no trees of {first} and {second} over a log of {len(hashes)}")
    return _subproof(hashes[:second], first, whole=True) if first else []


def _subproof(hashes: Sequence[bytes], first: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b); `whole`: the subtree in hand is all of the old tree, whose root is known."""
    if first == len(hashes):
        return [] if whole else [root(hashes)]
    k = _split(len(hashes))
    if first <= k:
        return [*_subproof(hashes[:k], first, whole=whole), root(hashes[k:])]
    return [*_subproof(hashes[k:], first - k, whole=False), root(hashes[:k])]


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the path proves that the tree of `second` leaves only adds to that of `first`.

    RFC 9162 section 2.1.4.2. Equal sizes ask for an empty path and equal roots; a first of 0 asks for an
    empty path and the root of the empty tree, and says nothing of the second root.
    """
    if not 0 <= first <= second or not _hashes(first_root, second_root, *path):
        return False
    if first == second:
        return not path and first_root == second_root and (first > 0 or first_root == EMPTY_ROOT)
    if first == 0:
        return not path and first_root == EMPTY_ROOT
    nodes = [first_root, *path] if first.bit_count() == 1 else list(path)
    return bool(path) and _roots_of(first - 1, second - 1, nodes) == (first_root, second_root)


def _roots_of(fn: int, sn: int, nodes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The old and the new root that a consistency path gives, or None where its length is wrong."""
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            old, new = node_hash(node, old), node_hash(node, new)
            fn, sn = _up_to_a_right_child(fn, sn)
        else:
            new = node_hash(new, node)
        fn, sn = fn >> 1, sn >> 1
    return (old, new) if sn == 0 else None
