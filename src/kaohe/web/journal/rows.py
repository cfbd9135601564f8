"""The log's rows in their order, a piece at a time: a million entries never stand in memory at once."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from kaohe.proof.entry import Entry
from kaohe.proof.journal import Row
from kaohe.web.journal.models import LogEntry

PIECE = 2_000
COLUMNS = ("seq", "time", "actor", "action", "object", "payload", "leaf")


def rows_below(size: int) -> Iterator[Row]:
    """Yield the entries below a size, each with its stored leaf; what is added meanwhile does not disturb."""
    first = 0
    while first < size:
        piece = LogEntry.objects.filter(seq__gte=first, seq__lt=min(first + PIECE, size)).order_by("seq")
        yield from (row_of(values) for values in piece.values_list(*COLUMNS))
        first += PIECE


def all_rows() -> Iterator[tuple[Row, Any]]:
    """Yield all that the table holds, whatever it is, each with its area: for the check, which must see altered rows.

    Texts of SQLite that are not UTF-8 come as they are (their odd bytes as halves of surrogate pairs).
    """
    with tolerant():
        entries = LogEntry.objects.order_by("seq").values_list(*COLUMNS, "area")
        yield from ((row_of(values[:-1]), values[-1]) for values in entries.iterator(PIECE))


class tolerant:  # noqa: N801 - reads as a word
    """While it holds, SQLite's texts are read even where they are not UTF-8."""

    def __enter__(self) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")

    def __exit__(self, *error: object) -> None:
        if connection.vendor == "sqlite" and connection.connection is not None:
            connection.connection.text_factory = str


def row_of(values: tuple[Any, ...]) -> Row:
    """Return a row of the table as the proofs take it."""
    seq, time, actor, action, thing, payload, leaf = values
    return Entry(seq, time, actor, action, thing, plain(payload)), plain(leaf)


def plain(value: Any) -> Any:
    """Return bytes as bytes, however the database's driver hands them out; anything else as it is."""
    return bytes(value) if isinstance(value, memoryview | bytearray) else value
