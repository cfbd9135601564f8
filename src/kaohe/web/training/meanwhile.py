"""What has happened to the ledger between the laying of a file and its landing, as far as it concerns the file."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.web.training.bounds import Bounds
from kaohe.web.training.bringing import bring, bring_keys
from kaohe.web.training.changes import Rows
from kaohe.web.training.columns import KEPT_TABLES, Kept, types_of
from kaohe.web.training.laid import known_file, laid_table, mark_of, written_kinds
from kaohe.web.training.models import STILL, LedgerChange

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Engine


def moved_meanwhile(
    engine: "Engine", folder: Path, change: LedgerChange, bounds: Bounds, tables: Collection[Kept], *, complete: bool
) -> int:
    """Return how many of the rows to be written are touched by what has happened since they were laid.

    Raises ValueError where what is missing is to end, and was not laid so.
    """
    laid = mark_of(folder)
    if complete and not laid.complete:
        raise ValueError("what a file lacks ends only where it was laid as complete")
    _bring_known(engine, folder, bounds)
    since = LedgerChange.objects.filter(authority=change.authority_id, number__gt=laid.head, number__lt=change.number)
    first = since.order_by("number").first()
    if first is not None:
        for kept in KEPT_TABLES.values():
            _bring_moved(engine, kept, first, change)
    count = 0
    for kept in tables:
        touched = [*_dangling(kept), *(_touched(kept) if first is not None else ())]
        found = engine.execute(
            f"SELECT COUNT(*) FROM {laid_table(kept)} l WHERE {written_kinds(complete)} AND ({' OR '.join(touched)})"
        ).fetchone()
        count += found[0] if found else 0
    return count


def _bring_known(engine: "Engine", folder: Path, bounds: Bounds) -> None:
    """Make the tables of the people and units that are there, or come with the same folder."""
    bring_keys(engine, "known_person", bounds.known_people())
    bring_keys(engine, "known_unit", bounds.known_units())
    for what in ("person", "unit"):
        path = known_file(folder, what)
        if path.exists():
            engine.execute(f"INSERT INTO known_{what} SELECT key FROM read_parquet(?)", [str(path)])


def _bring_moved(engine: "Engine", kept: Kept, first: LedgerChange, change: LedgerChange) -> None:
    """Make the table of the rows that changes from one on, and before another, brought or ended."""
    columns, first_id = ", ".join(f"t.{column}" for column in kept.held_columns), Rows(first, None).first(kept)
    between = f"BETWEEN {first.number} AND {change.number - 1}"
    picked = f"SELECT {columns} FROM {kept.stored} t WHERE"
    authority = f"t.authority_id = {change.authority_id}"
    query = (
        f"{picked} t.id > {first_id} AND +{authority} AND t.since {between}"
        f" UNION ALL {picked} {authority} AND t.until {between} AND t.until < {STILL}"
    )
    bring(engine, f"moved_{kept.name}", types_of(kept), query, ())


def _dangling(kept: Kept) -> Iterator[str]:
    """Conditions that a row refers to somebody who is no longer there."""
    yield f"l.after_{kept.whose} NOT IN (SELECT k.key FROM known_{kept.whose} k)"


def _touched(kept: Kept) -> Iterator[str]:
    """Conditions that something was done to the record of a row, or to what it must agree with."""
    same = " AND ".join(
        f"m.{name} = COALESCE(l.after_{name}, l.before_{name})" for name in kept.table.key or kept.columns
    )
    yield f"EXISTS (SELECT 1 FROM moved_{kept.name} m WHERE {same})"
    if kept.of_activity:
        yield "COALESCE(l.after_activity, l.before_activity) IN (SELECT m.id FROM moved_activities m)"
    if kept.name == "contests":
        yield "l.after_contest IN (SELECT m.contest FROM moved_contests m)"
    if kept.name == "activities":
        rests = "SELECT m.activity FROM moved_attendance m UNION ALL SELECT m.activity FROM moved_quotas m"
        yield f"(l.kind = 'absent' OR l.before_form <> l.after_form) AND l.before_id IN ({rests})"
