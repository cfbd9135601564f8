"""Whatever is altered behind the application's back, the check names it."""

from collections.abc import Iterator

import pytest
from django.db import connection

from kaohe.web.journal import triggers
from kaohe.web.journal.append import TILE, change
from kaohe.web.journal.checkpoints import make
from kaohe.web.journal.models import PersonalValue
from kaohe.web.journal.verification import Difference, Tally, differences
from tests.depth import deep
from tests.web.journal.entries import AT, write

ROWS = 3
TEXTS = ("time", "actor", "action", "object", "area")
BLOBS = ("payload", "leaf")


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """Three entries under a checkpoint, and a database whose owner took the triggers away."""
    with change("office", AT) as log:
        log.says("person:create", "person 1", {"name": log.sealed("张三")})
    write(ROWS - 1)
    make("daily", AT)
    for statement in triggers.DROP[connection.vendor]:
        run(statement)
    return


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def stored(column: str, seq: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM journal_logentry WHERE seq = %s", [seq])
        value = cursor.fetchone()[0]
    return value.encode() if isinstance(value, str) else bytes(value)


def found() -> list[Difference]:
    return list(differences(Tally()))


def test_a_journal_that_nobody_touched_is_whole(unguarded: None) -> None:
    tally = Tally()

    assert list(differences(tally)) == []
    assert tally == Tally(ROWS, 1, 1, True)


def flips() -> Iterator[tuple[int, int]]:
    """Which byte, and how: at each depth some bits of every byte."""
    return ((at, bit) for at in range(200) for bit in (range(8) if deep(0, 1) else ((at * 3) % 8,)))


@pytest.mark.parametrize("column", TEXTS + BLOBS)
@pytest.mark.parametrize("seq", range(ROWS))
def test_a_flipped_bit_in_any_column_of_any_row_is_named(unguarded: None, column: str, seq: int) -> None:
    whole = stored(column, seq)
    missed = []

    for at, bit in flips():
        if at >= len(whole):
            break
        altered = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
        if not put(column, seq, altered):
            continue
        if seq not in {one.seq for one in found()}:
            missed.append((at, bit))
        put(column, seq, whole)

    assert missed == []
    assert found() == []


def put(column: str, seq: int, value: bytes) -> bool:
    """Write a value past the application; False where the database itself takes no such text."""
    if column in BLOBS:
        run(f"UPDATE journal_logentry SET {column} = %s WHERE seq = %s", value, seq)
    elif connection.vendor == "sqlite":
        run(f"UPDATE journal_logentry SET {column} = CAST(%s AS TEXT) WHERE seq = %s", value, seq)
    else:
        try:
            text = value.decode()
        except UnicodeDecodeError:
            return False
        if "\0" in text:
            return False
        run(f"UPDATE journal_logentry SET {column} = %s WHERE seq = %s", text, seq)
    return True


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE journal_logentry SET seq = 7 WHERE seq = 1", ("gap", 1)),
        ("UPDATE journal_logentry SET seq = -1 WHERE seq = 0", ("form", 0)),
        ("DELETE FROM journal_logentry WHERE seq = 0", ("gap", 0)),
        ("DELETE FROM journal_logentry WHERE seq = 1", ("gap", 1)),
        ("DELETE FROM journal_logentry WHERE seq = 2", ("short", 3)),
        ("DELETE FROM journal_logentry", ("short", 3)),
        (
            "UPDATE journal_logentry SET payload = (SELECT payload FROM journal_logentry WHERE seq = 2) WHERE seq = 1",
            ("leaf", 1),
        ),
        ("UPDATE journal_loghead SET size = 2", ("head", None)),
        ("UPDATE journal_loghead SET frontier = '\\x00'", ("head", None)),
        ("DELETE FROM journal_loghead", ("head", None)),
        ("UPDATE journal_loghead SET areas = '{}'", ("head", None)),
        ("INSERT INTO journal_logtile (n, root) VALUES (0, '\\x00')", ("tile", None)),
        ("INSERT INTO journal_logtile (n, root) VALUES (-1, '\\x00')", ("tile", None)),
        ("UPDATE journal_checkpoint SET size = 2", ("note", None)),
        ("UPDATE journal_checkpoint SET root = 'x'", ("note", None)),
        ("UPDATE journal_checkpoint SET note = 'x'", ("note", None)),
        ("UPDATE journal_checkpoint SET note = replace(note, 'alg sha256', 'alg sha512')", ("note", None)),
        ("UPDATE journal_checkpoint SET note = replace(note, 'kaohe/', 'kaohe/x')", ("signature", None)),
        ("UPDATE journal_personalvalue SET value = 'x'", ("sealed", None)),
        ("UPDATE journal_personalvalue SET salt = '\\x00'", ("sealed", None)),
    ],
)
def test_what_was_altered_elsewhere_is_named(unguarded: None, statement: str, expected: tuple[str, int | None]) -> None:
    run(statement.replace("'\\x00'", "x'00'") if connection.vendor == "sqlite" else statement)

    first = found()[0]

    assert (first.code, first.seq) == expected


def test_a_row_rewritten_with_its_leaf_is_caught_by_the_head_and_by_the_checkpoint(unguarded: None) -> None:
    from kaohe.proof.entry import Entry, leaf_of

    entry = Entry(1, stored("time", 1).decode(), "mallory", "unit:edit", "unit 1", b"{}")
    run("UPDATE journal_logentry SET actor = 'mallory', payload = %s, leaf = %s WHERE seq = 1", b"{}", leaf_of(entry))

    assert [(one.code, one.seq) for one in found()] == [("root", ROWS), ("root", ROWS)]


def test_an_entry_beyond_the_head_is_named(unguarded: None) -> None:
    columns = "time, actor, action, object, payload, leaf, area"
    run(f"INSERT INTO journal_logentry (seq, {columns}) SELECT 3, {columns} FROM journal_logentry WHERE seq = 2")

    assert ("beyond", 3) in {(one.code, one.seq) for one in found()}


def test_a_tile_that_is_not_its_entries_is_named(db: None) -> None:
    write(TILE)
    for statement in triggers.DROP[connection.vendor]:
        run(statement)
    run("UPDATE journal_logtile SET root = %s", bytes(32))

    assert [(one.code, one.seq) for one in found()] == [("tile", 0)]


@pytest.mark.parametrize("column", TEXTS + BLOBS)
def test_a_value_of_another_type_is_named_and_nothing_falls(unguarded: None, column: str) -> None:
    value = "'\\x35'" if column in BLOBS and connection.vendor == "postgresql" else "5"  # SQLite takes any type
    run(f"UPDATE journal_logentry SET {column} = {value} WHERE seq = 1")

    assert 1 in {one.seq for one in found()}


def test_an_erased_personal_value_leaves_the_journal_whole(unguarded: None) -> None:
    PersonalValue.objects.all().delete()
    tally = Tally()

    assert list(differences(tally)) == []
    assert tally.sealed == 0
