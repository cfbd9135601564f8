"""Rows of the web's database brought into the engine: through a file, so that any number of them fits any memory."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from kaohe.ledger.delimited import PLAIN, plain_writer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Engine

AT_ONCE = 20_000


def bring(engine: "Engine", name: str, columns: Mapping[str, str], query: str, parameters: Sequence[Any]) -> None:
    """Make a table of the engine with these columns (name → type) of a query on the web's database."""
    with tempfile.TemporaryDirectory(prefix="kaohe-ledger-") as aside:
        path = Path(aside) / "rows.csv"
        copied = connection.vendor == "postgresql"
        plain = _copied(path, query, parameters) if copied else _fetched(path, query, parameters)
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_csv(?, {plain}, columns=?)",
            [str(path), dict(columns)],
        )


def bring_keys(engine: "Engine", name: str, keys: Iterable[str]) -> None:
    """Make a table `(key)` of the engine of some keys."""
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT unnest(?::VARCHAR[]) AS key", [list(keys)])


def _fetched(path: Path, query: str, parameters: Sequence[Any]) -> str:
    with connection.cursor() as cursor, path.open("w", encoding="utf-8", newline="") as stream:
        writer = plain_writer(stream)
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(AT_ONCE):
            writer.writerows(rows)
    return PLAIN


def _copied(path: Path, query: str, parameters: Sequence[Any]) -> str:
    with connection.cursor() as cursor, path.open("wb") as stream:
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", parameters) as copy:
            for block in copy:
                stream.write(block)
    return PLAIN.replace("\\r\\n", "\\n")
