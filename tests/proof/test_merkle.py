"""The Merkle tree: RFC 6962's known vectors, and every proof of a random tree holds, of which nothing may change.

The vectors are those of the certificate-transparency project (`merkletree` tests), in both of our implementations.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.proof import journal_verifier, merkle
from kaohe.proof.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    frontier,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.depth import deep

DATA = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
HASHES = [leaf_hash(bytes.fromhex(data)) for data in DATA]
ROOTS = [
    bytes.fromhex(one)
    for one in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
NODES = {
    "2-4": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "4-6": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "6-8": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "4-8": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "0-1": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "0-2": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "0-4": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "1": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "4": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "6": "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
}
INCLUSION = [
    (0, 1, ()), (0, 8, ("1", "2-4", "4-8")), (5, 8, ("4", "6-8", "0-4")), (2, 3, ("0-2",)), (1, 5, ("0-1", "2-4", "4")),
]  # fmt: skip
CONSISTENCY = [
    (1, 1, ()), (1, 8, ("1", "2-4", "4-8")), (6, 8, ("4-6", "6-8", "0-4")), (2, 5, ("2-4", "4")),
    (2, 8, ("2-4", "4-8")), (6, 7, ("4-6", "6", "0-4")),
]  # fmt: skip

INCLUDED = pytest.mark.parametrize("included", [verify_inclusion, journal_verifier.included], ids=["ours", "auditor's"])
CONSISTENT = pytest.mark.parametrize(
    "consistent", [verify_consistency, journal_verifier.consistent], ids=["ours", "auditor's"]
)


def nodes(names: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(NODES[name]) for name in names]


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def auditor_root(hashes: Sequence[bytes]) -> bytes:
    tree = journal_verifier.Tree()
    for one in hashes:
        tree.add(one)
    return tree.root()


ROOT_OF = pytest.mark.parametrize(
    "root_of", [root, lambda hashes: frontier(hashes).root(), auditor_root], ids=["ours", "frontier", "auditor's"]
)
RootOf = Callable[[Sequence[bytes]], bytes]


# Known vectors


@ROOT_OF
def test_the_roots_are_the_known_ones(root_of: RootOf) -> None:
    assert [root_of(HASHES[:size]) for size in range(1, 9)] == ROOTS


@ROOT_OF
def test_the_roots_of_nothing_and_of_a_b_c(root_of: RootOf) -> None:
    three = root_of([leaf_hash(data) for data in (b"a", b"b", b"c")])

    assert root_of([]) == EMPTY_ROOT == sha256(b"").digest()
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert three.hex() == "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1"


def test_leaf_and_node_have_prefixes_of_their_own() -> None:
    left, right = leaf_hash(b"l"), leaf_hash(b"r")

    assert leaf_hash(b"l") == sha256(b"\x00l").digest()
    assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()
    assert leaf_hash(left + right) != node_hash(left, right)
    assert (journal_verifier.leaf_hash(b"l"), journal_verifier.node_hash(left, right)) == (
        left,
        node_hash(left, right),
    )


@pytest.mark.parametrize(("index", "size", "names"), INCLUSION)
def test_the_inclusion_proofs_are_the_known_ones(index: int, size: int, names: Sequence[str]) -> None:
    path = inclusion_proof(HASHES, index, size)

    assert path == nodes(names)
    assert verify_inclusion(HASHES[index], index, size, path, ROOTS[size - 1])
    assert journal_verifier.included(HASHES[index], index, size, path, ROOTS[size - 1])


@pytest.mark.parametrize(("first", "second", "names"), CONSISTENCY)
def test_the_consistency_proofs_are_the_known_ones(first: int, second: int, names: Sequence[str]) -> None:
    path = consistency_proof(HASHES, first, second)

    assert path == nodes(names)
    assert verify_consistency(first, second, ROOTS[first - 1], ROOTS[second - 1], path)
    assert journal_verifier.consistent(first, second, ROOTS[first - 1], ROOTS[second - 1], path)


# Every proof holds, in both implementations


@INCLUDED
def test_every_entry_of_every_tree_is_proved(included: Any) -> None:
    most = deep(34, 130)
    hashes = leaves(most)

    for size in range(1, most + 1):
        top = root(hashes[:size])
        for index in range(size):
            path = inclusion_proof(hashes, index, size)
            assert included(hashes[index], index, size, path, top), (index, size)
            assert len(path) <= (size - 1).bit_length()


@CONSISTENT
def test_every_tree_is_consistent_with_every_earlier_one(consistent: Any) -> None:
    most = deep(34, 130)
    hashes = leaves(most)
    roots = [root(hashes[:size]) for size in range(most + 1)]

    for second in range(most + 1):
        for first in range(second + 1):
            path = consistency_proof(hashes, first, second)
            assert consistent(first, second, roots[first], roots[second], path), (first, second)
            assert len(path) <= second.bit_length() + 1


def test_a_proof_without_a_size_is_of_the_whole_tree() -> None:
    assert inclusion_proof(HASHES, 3) == inclusion_proof(HASHES, 3, 8)


@pytest.mark.parametrize(("index", "size"), [(8, 8), (-1, 8), (0, 0), (0, 9), (3, 2)])
def test_no_inclusion_proof_beyond_the_log(index: int, size: int) -> None:
    with pytest.raises(IndexError, match=f"no leaf {index} in a tree of {size} over a log of 8"):
        inclusion_proof(HASHES, index, size)


@pytest.mark.parametrize(("first", "second"), [(3, 2), (-1, 8), (1, 9)])
def test_no_consistency_proof_beyond_the_log(first: int, second: int) -> None:
    with pytest.raises(IndexError, match=f"no trees of {first} and {second} over a log of 8"):
        consistency_proof(HASHES, first, second)


# Nothing of a proof may change


def flipped(data: bytes, bit: int) -> bytes:
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


BITS = st.integers(0, 255)


@INCLUDED
@given(data=st.data(), size=st.integers(1, 300))
def test_one_flipped_bit_spoils_an_inclusion_proof(included: Any, data: st.DataObject, size: int) -> None:
    hashes, index = leaves(size), data.draw(st.integers(0, size - 1))
    parts = [hashes[index], *inclusion_proof(hashes, index), root(hashes)]
    place = data.draw(st.integers(0, len(parts) - 1))

    parts[place] = flipped(parts[place], data.draw(BITS))

    assert not included(parts[0], index, size, parts[1:-1], parts[-1])


@CONSISTENT
@given(data=st.data(), second=st.integers(1, 300))
def test_one_flipped_bit_spoils_a_consistency_proof(consistent: Any, data: st.DataObject, second: int) -> None:
    hashes, first = leaves(second), data.draw(st.integers(1, second))
    parts = [root(hashes[:first]), root(hashes), *consistency_proof(hashes, first, second)]
    place = data.draw(st.integers(0, len(parts) - 1))

    parts[place] = flipped(parts[place], data.draw(BITS))

    assert not consistent(first, second, parts[0], parts[1], parts[2:])


@INCLUDED
@given(data=st.data(), size=st.integers(1, 40))
def test_an_entry_is_proved_at_no_other_place(included: Any, data: st.DataObject, size: int) -> None:
    hashes, index = leaves(size), data.draw(st.integers(0, size - 1))
    path = inclusion_proof(hashes, index)
    other = data.draw(st.integers(-1, size + 1).filter(lambda one: one != index))

    assert not included(hashes[index], other, size, path, root(hashes))


@INCLUDED
@given(data=st.data(), size=st.integers(1, 40))
def test_a_longer_or_shorter_inclusion_path_is_refused(included: Any, data: st.DataObject, size: int) -> None:
    hashes, index = leaves(size), data.draw(st.integers(0, size - 1))
    path, top = inclusion_proof(hashes, index), root(hashes)

    for wrong in ([*path, top], [top, *path], path[1:], path[:-1]):
        assert included(hashes[index], index, size, wrong, top) == (wrong == path)


@CONSISTENT
@given(data=st.data(), second=st.integers(1, 40))
def test_a_longer_or_shorter_consistency_path_is_refused(consistent: Any, data: st.DataObject, second: int) -> None:
    hashes, first = leaves(second), data.draw(st.integers(0, second))
    path, old, new = consistency_proof(hashes, first, second), root(hashes[:first]), root(hashes)

    for wrong in ([*path, new], [new, *path], path[1:], path[:-1]):
        assert consistent(first, second, old, new, wrong) == (wrong == path)


@CONSISTENT
def test_a_log_that_was_rewritten_is_not_consistent(consistent: Any) -> None:
    hashes = leaves(20)
    old, rewritten = root(hashes[:13]), [*hashes[:5], leaf_hash(b"x"), *hashes[6:]]

    for first in range(6, 14):
        path = consistency_proof(rewritten, first, 20)
        assert not consistent(first, 20, root(hashes[:first]), root(rewritten), path)
    assert consistent(13, 20, old, root(hashes), consistency_proof(hashes, 13, 20))


@CONSISTENT
def test_the_empty_log_is_at_the_beginning_of_every_log(consistent: Any) -> None:
    top = root(HASHES)

    assert consistent(0, 8, EMPTY_ROOT, top, [])
    assert consistent(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not consistent(0, 8, top, top, [])
    assert not consistent(0, 8, EMPTY_ROOT, top, [top])
    assert not consistent(0, 0, top, top, [])


HOSTILE_HASHES = st.sampled_from([b"", b"\x00" * 31, b"\x00" * 33, EMPTY_ROOT, *HASHES, *ROOTS])
HOSTILE_NUMBERS = st.one_of(st.integers(-3, 12), st.integers(), st.sampled_from([2**64, 10**400, -(10**400)]))
HOSTILE_PATHS = st.lists(HOSTILE_HASHES, max_size=70)


@given(HOSTILE_HASHES, HOSTILE_NUMBERS, HOSTILE_NUMBERS, HOSTILE_PATHS, HOSTILE_HASHES)
def test_both_agree_on_a_hostile_inclusion_proof(
    leaf: bytes, index: int, size: int, path: list[bytes], top: bytes
) -> None:
    ours = verify_inclusion(leaf, index, size, path, top)

    assert journal_verifier.included(leaf, index, size, path, top) == ours


@given(HOSTILE_NUMBERS, HOSTILE_NUMBERS, HOSTILE_HASHES, HOSTILE_HASHES, HOSTILE_PATHS)
def test_both_agree_on_a_hostile_consistency_proof(
    first: int, second: int, old: bytes, new: bytes, path: list[bytes]
) -> None:
    ours = verify_consistency(first, second, old, new, path)

    assert journal_verifier.consistent(first, second, old, new, path) == ours or second > journal_verifier.LARGEST


@INCLUDED
@pytest.mark.parametrize("wrong", [b"", b"\x00" * 31, b"\x00" * 33])
def test_a_hash_of_another_length_is_not_included(included: Any, wrong: bytes) -> None:
    assert not included(HASHES[0], 0, 2, [wrong], ROOTS[1])
    assert not included(wrong, 0, 1, [], wrong)


@CONSISTENT
@pytest.mark.parametrize("wrong", [b"", b"\x00" * 31, b"\x00" * 33])
def test_a_hash_of_another_length_is_not_consistent(consistent: Any, wrong: bytes) -> None:
    assert not consistent(1, 2, wrong, ROOTS[1], [HASHES[1]])
    assert not consistent(1, 2, ROOTS[0], ROOTS[1], [wrong])
    assert not consistent(2, 2, wrong, wrong, [])


# The frontier


@given(st.integers(0, 300))
def test_the_frontier_has_the_root_at_each_size(size: int) -> None:
    hashes = leaves(size)

    kept = frontier(hashes)

    assert kept.root() == root(hashes) == auditor_root(hashes)
    assert (kept.size, len(kept.roots)) == (size, size.bit_count())


def test_the_frontier_of_eight_known_leaves_grows_as_the_vectors_do() -> None:
    kept = Frontier()

    for leaf, wanted in zip(HASHES, ROOTS, strict=True):
        kept = kept.append(leaf)
        assert kept.root() == wanted
    assert kept == Frontier(8, (ROOTS[7],))


def test_an_append_leaves_the_old_frontier_as_it_was() -> None:
    old = frontier(HASHES[:3])

    old.append(HASHES[3])

    assert old == Frontier(3, (ROOTS[1], HASHES[2]))


@given(st.integers(0, 300))
def test_the_frontier_is_stored_and_read_back(size: int) -> None:
    kept = frontier(leaves(size))

    assert Frontier.from_bytes(kept.to_bytes()) == kept


@given(st.binary(max_size=120))
def test_bytes_are_a_frontier_in_one_way_or_none(data: bytes) -> None:
    with suppress(ValueError):
        assert Frontier.from_bytes(data).to_bytes() == data


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 7, b"\x00" * 7 + b"\x01", b"\x00" * 9, frontier(HASHES).to_bytes()[:-1]]
)
def test_a_frontier_that_was_cut_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a frontier"):
        Frontier.from_bytes(data)


def test_the_auditor_s_program_shares_no_code() -> None:
    assert merkle.__file__ != journal_verifier.__file__
    assert journal_verifier.leaf_hash is not merkle.leaf_hash
