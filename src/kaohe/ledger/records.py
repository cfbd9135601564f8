"""The records of a ledger as plain Python values, with the row of the file in which each stands."""

from collections.abc import Callable, Iterator
from typing import Any

from kaohe.ledger.columns import KEPT, typed_name
from kaohe.ledger.reading import Ledger
from kaohe.ledger.tables import Column

_AT_ONCE = 10_000


def typed_rows(ledger: Ledger, table: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield each record of a table in the order of its file: its row there, and its values by column.

    Days are dates, whole numbers ints, points Decimals, hours whole minutes under `minutes`, choices and
    groups their English id, keys in their normal form, other texts as given but trimmed. Empty is None,
    in a column that the file lacks too. KeyError where the form has no such table.
    """
    if not ledger.form.has(table):
        raise KeyError(table)
    columns = ledger.form.table(table).columns
    names = [typed_name(column) for column in columns]
    reads = [_reader(column) for column in columns]
    # a cursor of its own, so that whoever iterates may ask the ledger something else meanwhile
    with ledger.connection.cursor() as cursor:
        cursor.execute(f"SELECT n, {', '.join(names)} FROM {table} ORDER BY n")
        while rows := cursor.fetchmany(_AT_ONCE):
            for row, *values in rows:
                yield row, {name: read(value) for name, read, value in zip(names, reads, values, strict=True)}


def _reader(column: Column) -> Callable[[Any], object]:
    """Names and texts stay as given in the engine, streamed minutes may be whole decimals; all else is read already."""
    if column.kind == "hours":
        return lambda value: None if value is None else int(value)
    return _trimmed if column.kind in KEPT else lambda value: value


def _trimmed(value: str | None) -> str | None:
    return value.strip() or None if value else None
