"""Checkpoints in the forms of C2SP: the known note of Go's `sumdb/note`, and nothing that is not one passes."""

import base64
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.proof.checkpoint import (
    ALGORITHM,
    BadNote,
    Checkpoint,
    key_id,
    parse,
    parse_verifier_key,
    public_key_of,
    sign,
    text,
    verifier_key,
    verify,
)
from kaohe.proof.merkle import EMPTY_ROOT

# golang.org/x/mod/sumdb/note, package documentation
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

ORIGIN = "kaohe.benxi.example/journal"
CHECKPOINT = Checkpoint(ORIGIN, 128, bytes(range(32)))
TEXT = "kaohe.benxi.example/journal\n128\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nalg sha256 ed25519\n"
PRIVATE, OTHER_PRIVATE = b"\x07" * 32, b"\x08" * 32
PUBLIC, OTHER_PUBLIC = public_key_of(PRIVATE), public_key_of(OTHER_PRIVATE)
NOTE = sign(TEXT, ORIGIN, PRIVATE)

LINES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1).filter(
    lambda line: not line.startswith("alg ") and line != "alg"
)
CHECKPOINTS = st.builds(
    Checkpoint,
    LINES,
    st.integers(0, 2**60),
    st.binary(min_size=32, max_size=32),
    st.lists(LINES, max_size=3).map(lambda lines: (ALGORITHM, *lines)),
)


# The known note


def test_the_known_note_is_signed_to_the_byte() -> None:
    assert sign(GO_TEXT, "PeterNeumann", GO_PRIVATE) == GO_TEXT + "\n" + GO_SIGNATURE


def test_the_known_note_is_verified() -> None:
    name, public_key = parse_verifier_key(GO_KEY)

    assert verify(GO_TEXT + "\n" + GO_SIGNATURE, name, public_key)
    assert not verify(GO_TEXT.replace("know", "Know") + "\n" + GO_SIGNATURE, name, public_key)


def test_the_known_key_is_read_and_written() -> None:
    name, public_key = parse_verifier_key(GO_KEY)

    assert (name, public_key) == ("PeterNeumann", public_key_of(GO_PRIVATE))
    assert verifier_key(name, public_key) == GO_KEY
    assert key_id(name, public_key).hex() == "c74f20a3"


def test_the_checkpoint_of_the_specification_is_read() -> None:
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE"
        "+xeMcTOAYQ8=\n"
    )

    root = bytes.fromhex("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
    assert parse(note) == Checkpoint("example.com/behind-the-sofa", 20852163, root, ())


# The text


def test_a_checkpoint_is_three_lines_and_its_algorithms() -> None:
    assert text(CHECKPOINT) == TEXT
    assert parse(TEXT) == parse(NOTE) == CHECKPOINT
    assert parse(text(Checkpoint(ORIGIN, 0, EMPTY_ROOT))).size == 0


@given(CHECKPOINTS)
def test_every_checkpoint_is_read_back(checkpoint: Checkpoint) -> None:
    assert parse(text(checkpoint)) == checkpoint
    assert parse(text(checkpoint) + "\n— somebody AAAA\n") == checkpoint


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": ""}, {"origin": "a\nb"}, {"origin": "a\tb"}, {"origin": "\ud800"}, {"size": -1}, {"size": 10**20},
        {"root": b""}, {"root": b"x" * 31}, {"extensions": ("",)}, {"extensions": ("a\nb",)},
        {"extensions": ("alg sm3 sm2",)},
    ],
)  # fmt: skip
def test_a_checkpoint_that_would_not_read_back_is_not_written(changed: dict[str, object]) -> None:
    with pytest.raises(BadNote):
        text(replace(CHECKPOINT, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (TEXT, "", "ends in a newline"),
        (TEXT, "x", "ends in a newline"),
        (TEXT, f"{ORIGIN}\n128\n", "has an origin, a size, a root"),
        ("alg sha256 ed25519\n", "alg sha256 ed25519", "ends in a newline"),
        ("alg sha256 ed25519\n", "\n", "a signed note is a text"),
        ("alg sha256 ed25519", "alg sm3 sm2", "unknown algorithm: alg sm3 sm2"),
        ("alg sha256 ed25519", "alg", "unknown algorithm: alg"),
        ("128", "0128", "leading zeroes"),
        ("128", "+128", "leading zeroes"),
        ("128", "１28", "leading zeroes"),
        ("128", "1_28", "leading zeroes"),
        ("128", "9" * 5000, "leading zeroes"),
        ("128", "", "no empty line|signed note"),
        ("AAEC", "AAE*", "not base64"),
        ("AAEC", "", "base64"),
        ("Hh8=", "Hh9=", "one spelling"),
        ("\n128", "\r\n128", "no control character"),
        (ORIGIN, "a\x00b", "no control character"),
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(BadNote, match=message):
        parse(TEXT.replace(old, new))


@given(st.text())
def test_any_text_is_a_checkpoint_or_refused(anything: str) -> None:
    for note in (anything, TEXT + anything, NOTE + anything, anything + NOTE):
        with suppress(BadNote):
            assert isinstance(parse(note), Checkpoint)
        assert verify(note, ORIGIN, PUBLIC) in (True, False)


# Signatures


def test_a_signed_checkpoint_is_verified() -> None:
    assert NOTE.startswith(TEXT + f"\n— {ORIGIN} ")
    assert verify(NOTE, ORIGIN, PUBLIC)


@given(CHECKPOINTS)
def test_every_checkpoint_is_signed_and_verified(checkpoint: Checkpoint) -> None:
    assert verify(sign(text(checkpoint), ORIGIN, PRIVATE), ORIGIN, PUBLIC)


def test_another_key_name_or_text_is_not_verified() -> None:
    assert not verify(NOTE, ORIGIN, OTHER_PUBLIC)
    assert not verify(NOTE, "another.example", PUBLIC)
    assert not verify(NOTE.replace("\n128\n", "\n129\n"), ORIGIN, PUBLIC)
    assert not verify(TEXT, ORIGIN, PUBLIC)
    assert not verify("", ORIGIN, PUBLIC)


def test_no_byte_of_a_signed_note_may_change() -> None:
    data = NOTE.encode()

    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert not verify(altered.decode("utf-8", "surrogateescape"), ORIGIN, PUBLIC), place


def test_other_signatures_are_passed_over() -> None:
    witness = sign(TEXT, "witness.example", OTHER_PRIVATE).removeprefix(TEXT + "\n")
    note = f"{TEXT}\n— stranger ???\n{witness}{NOTE.removeprefix(TEXT + chr(10))}"

    assert verify(note, ORIGIN, PUBLIC)
    assert verify(note, "witness.example", OTHER_PUBLIC)


def test_one_bad_signature_of_the_known_key_spoils_the_note() -> None:
    good = NOTE.removeprefix(TEXT + "\n")
    bad = sign(TEXT.replace("128", "129"), ORIGIN, PRIVATE).rpartition("\n\n")[2]
    short = f"— {ORIGIN} {base64.b64encode(key_id(ORIGIN, PUBLIC) + b'x' * 63).decode()}\n"

    assert verify(f"{TEXT}\n{good}{good}", ORIGIN, PUBLIC)
    for spoiling in (bad, short, f"— {ORIGIN} ???\n"):
        assert not verify(f"{TEXT}\n{good}{spoiling}", ORIGIN, PUBLIC)
        assert not verify(f"{TEXT}\n{spoiling}{good}", ORIGIN, PUBLIC)


def test_a_note_with_more_than_a_hundred_signatures_is_refused() -> None:
    good = NOTE.removeprefix(TEXT + "\n")

    assert verify(TEXT + "\n" + good * 100, ORIGIN, PUBLIC)
    assert not verify(TEXT + "\n" + good * 101, ORIGIN, PUBLIC)


@pytest.mark.parametrize("name", ["", "a b", "a\u00a0b", "a+b", "a\nb", " a", "a\x00b"])
def test_a_key_has_a_name_without_blanks_and_plus(name: str) -> None:
    with pytest.raises(BadNote, match="a key's name is not empty"):
        sign(TEXT, name, PRIVATE)


@pytest.mark.parametrize("unsound", ["", "no newline", "a\tb\n", "\ud800\n"])
def test_a_text_that_is_no_note_is_not_signed(unsound: str) -> None:
    with pytest.raises(BadNote, match="a note's text"):
        sign(unsound, ORIGIN, PRIVATE)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sign(TEXT, ORIGIN, b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        verify(NOTE, ORIGIN, b"short")


@pytest.mark.parametrize(
    "written",
    [
        "", "PeterNeumann", GO_KEY[:-4], GO_KEY.replace("c74f20a3", "c74f20a4"), GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY.replace("Peter", "Petra"), GO_KEY.replace("+ARpc", "+Bhpc"), GO_KEY + "\n", "a+b+c+d", "\ud800+00+AA==",
    ],
)  # fmt: skip
def test_a_text_that_is_no_verifier_key_is_refused(written: str) -> None:
    with pytest.raises(BadNote):
        parse_verifier_key(written)


def test_the_slow_package_is_imported_only_where_something_is_signed() -> None:
    question = "import sys, kaohe.proof.checkpoint, kaohe.proof.journal; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, check=True)

    assert done.stdout.strip() == b"False"
