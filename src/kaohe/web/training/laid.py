"""What was laid beside the ledger, read again: for a page, for the journal's digest, for the landing."""

import hashlib
import json
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kaohe.web.training.columns import KEPT_TABLES, Kept
from kaohe.web.training.rows import Image, Kind, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Engine

MEMORY = "512MB"
"""What the engine may hold of a ledger before it writes aside."""
_MARK = "laid.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """When something was laid: the state of the ledger beside which it was, and whether the file was complete."""

    head: int
    complete: bool


def mark(folder: Path, what: Mark) -> None:
    """Say that everything is laid."""
    (folder / _MARK).write_text(json.dumps({"head": what.head, "complete": what.complete}), encoding="utf-8")


def mark_of(folder: Path) -> Mark:
    """Return when something was laid; FileNotFoundError where nothing was."""
    return Mark(**json.loads((folder / _MARK).read_text(encoding="utf-8")))


def laid_rows(folder: Path, table: str, kind: str, offset: int, limit: int) -> list[Row]:
    """Return some of the rows of a kind, in the order of the file, as plain data under the file's own column names."""
    kept = KEPT_TABLES[table]
    images = [f"{image}_{column}" for image in ("before", "after") for column in kept.columns]
    with reading(folder) as engine:
        found = engine.execute(
            f"SELECT n, {', '.join(images)} FROM {laid_table(kept)} WHERE kind = ?"
            f" ORDER BY n, {', '.join(_first(column) for column in kept.order)} LIMIT ? OFFSET ?",
            [kind, limit, offset],
        ).fetchall()
    half = len(kept.columns)
    return [_row(kept, cast(Kind, kind), n, values[:half], values[half:]) for n, *values in found]


def laid_titles(folder: Path, codes: Collection[str]) -> dict[str, str]:
    """Return what activities that were laid are called, by their keys; nothing where none were."""
    kept = KEPT_TABLES["activities"]
    if not codes or not laid_file(folder, kept).exists():
        return {}
    with reading(folder) as engine:
        found = engine.execute(
            f"SELECT {_first('id')}, {_first('title')} FROM {laid_table(kept)}"
            f" WHERE {_first('id')} IN (SELECT unnest(?::VARCHAR[]))",
            [sorted(codes)],
        ).fetchall()
    return dict(found)


def laid_digest(folder: Path, tables: Collection[str], complete: bool) -> str:
    """Return the SHA-256 over all rows that are to be written, as CSV, table by table in the order of its index.

    Every cell that is there is quoted; the ids of the ledger are left out, so that the same file laid beside the same
    records gives the same digest wherever it is done.
    """
    digest = hashlib.sha256()
    with reading(folder) as engine, tempfile.TemporaryDirectory(prefix="kaohe-ledger-") as aside:
        path = Path(aside) / "rows.csv"
        for kept in (kept for name, kept in KEPT_TABLES.items() if name in tables):
            images = ", ".join(f"{image}_{column}" for image in ("before", "after") for column in kept.columns)
            engine.execute(
                f"COPY (SELECT kind, {images} FROM {laid_table(kept)} WHERE {written_kinds(complete)})"
                f" TO '{_quoted(path)}' (FORMAT csv, HEADER, FORCE_QUOTE *)"
            )
            digest.update(f"{kept.name}\n".encode())
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def written_kinds(complete: bool) -> str:
    """Write the condition that a row is to be written."""
    return "kind IN ('new', 'changed', 'absent')" if complete else "kind IN ('new', 'changed')"


@contextmanager
def reading(folder: Path) -> Iterator["Engine"]:
    """Have an engine over what was laid, each table a view by the name of `laid_table`."""
    import duckdb  # slow import: only a reader needs it

    with duckdb.connect(config={"temp_directory": str(folder), "autoinstall_known_extensions": False}) as engine:
        engine.execute(f"SET enable_progress_bar = false; SET memory_limit = '{MEMORY}'")
        for kept in KEPT_TABLES.values():
            path = laid_file(folder, kept)
            if path.exists():
                engine.execute(f"CREATE VIEW {laid_table(kept)} AS SELECT * FROM read_parquet('{_quoted(path)}')")
        yield engine


def laid_file(folder: Path, kept: Kept) -> Path:
    """Return where a table is laid."""
    return folder / f"{kept.name}.parquet"


def known_file(folder: Path, what: str) -> Path:
    """Return where the people (`person`) or units (`unit`) are that come with the same folder."""
    return folder / f"known_{what}.parquet"


def laid_table(kept: Kept) -> str:
    """Name what was laid of a table."""
    return f"laid_{kept.name}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _first(column: str) -> str:
    return f"COALESCE(after_{column}, before_{column})"


# --- rows as plain data


def _row(kept: Kept, kind: Kind, n: int, before: list[Any], after: list[Any]) -> Row:
    images = [
        {column.name: _plain(column.kind, value) for column, value in zip(kept.table.columns, values, strict=True)}
        for values in (before, after)
    ]
    was, becomes = (
        image if said else None for image, said in zip(images, (kind != "new", kind != "absent"), strict=True)
    )
    return Row(n, key_of(kept, becomes or was or {}), kind, was, becomes)


def key_of(kept: Kept, image: Image) -> str:
    """Return how people call a record: `A1 P7`; one without a key by whose it is and its day."""
    names = kept.table.key or (kept.whose, kept.day or kept.whose)
    return " ".join(str(image[name]) for name in names)


def _plain(kind: str, value: Any) -> Any:
    """Return a value as data: days as ISO text, hours and points as text."""
    if value is None or isinstance(value, str):
        return value
    if kind == "hours":
        return f"{value // 60}.{value % 60 // 6}"
    return str(value) if kind in ("day", "points") else value
