"""A file that was read, laid beside the ledger: what in it is new, changed, unchanged, and what it lacks.

One Parquet file a table comes of it, `<table>.parquet`, in the order of the table's index: n (the row of the file, 0
where the file lacks the record), kind, held (the id of the row that holds), before_<column>, after_<column>. All of it
is said to the engine in sets; no row passes through Python, so that a million of them are no matter.

A record is known by the key of its table. Those of `appraisals` and `bulletins` have none: they are known by all that
they say, and by their number among those that say the same; so the same file twice adds nothing, and none is changed.
"""

from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.ledger.tables import TABLES, Form
from kaohe.web.jobs.registry import Step
from kaohe.web.training.bounds import Bounds
from kaohe.web.training.bringing import bring
from kaohe.web.training.columns import FIELDS, KEPT_TABLES, LEDGER_TABLES, Kept, types_of
from kaohe.web.training.laid import MEMORY, Mark, known_file, laid_digest, laid_file, laid_rows, mark
from kaohe.web.training.models import Activity
from kaohe.web.training.rows import KINDS, Wrong
from kaohe.web.training.scope import head_of_ledger
from kaohe.web.training.surroundings import Surroundings
from kaohe.web.training.wrongs import wrongs_of

if TYPE_CHECKING:
    from kaohe.ledger.reading import Ledger

__all__ = ["FIELDS", "LEDGER_TABLES", "MEMORY", "Bounds", "Laid", "form_for", "laid_digest", "laid_rows", "lay_beside"]


@dataclass(frozen=True, slots=True)
class Laid:
    """What was laid: rows by table and kind; what is wrong, the first hundred a table, and how many more.

    outside: rows whose day lies outside the round's period; kept: activities that a complete file lacks and that stay
    nevertheless, because attendance or quotas rest on them.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    wrongs: tuple[tuple[str, Wrong], ...] = ()
    more: int = 0
    outside: int = 0
    kept: int = 0


def form_for(bounds: Bounds, tables: Collection[str]) -> Form:
    """Return what the reader accepts of these tables, with the keys that exist already."""
    from kaohe.ledger.organisation import ORGANISATION

    own = {table.name: table for table in ORGANISATION.tables}
    form = Form(tuple(own.get(table.name, replace(table, required=False)) for table in TABLES if table.name in tables))
    return form.knowing({table.name: [*_known(bounds, table.name)] for table in form.referred()})


def _known(bounds: Bounds, table: str) -> Iterable[str]:
    if table != "activities":
        return bounds.known_units() if table == "units" else chain(bounds.known_people(), bounds.former_stays())
    head = head_of_ledger(bounds.authority.pk)
    held = Activity.objects.filter(authority=bounds.authority, since__lte=head, until__gt=head)
    return held.values_list("code", flat=True)


def lay_beside(
    ledger: "Ledger", bounds: Bounds, folder: Path, *, complete: bool = False
) -> Generator[Step, None, Laid]:
    """Lay the tables that were read beside the ledger, into a folder; return what that shows.

    complete: the file is declared to hold everything, so that what it lacks will end. Where something is wrong, nothing
    is laid. The ledger is taken as it is at the beginning: what it becomes meanwhile shows when the file lands.
    """
    with ledger.connection.cursor() as engine:
        engine.execute(f"SET enable_progress_bar = false; SET memory_limit = '{MEMORY}'")
        around = Surroundings(engine, ledger, bounds, complete=complete)
        rows = {kept: ledger.rows(kept.name) for kept in around.tables}
        done, of = 0, sum(rows.values())
        for _ in around.gather():
            yield Step(None, done, of)
        found = [(kept.name, *wrongs_of(kept, around)) for kept in around.tables]
        wrongs = tuple((table, wrong) for table, some, _ in found for wrong in some)
        if wrongs:
            return Laid(wrongs=wrongs, more=sum(count for _, _, count in found) - len(wrongs))
        laying = _Laying(around, folder)
        for kept in laying.in_turn():
            laying.lay(kept)
            done += rows[kept]
            yield Step(None, done, of)
        laying.keep_known()
        mark(folder, Mark(around.head, complete))
        return laying.laid()


class _Laying:
    """Writes table by table what a comparison shows."""

    def __init__(self, around: Surroundings, folder: Path) -> None:
        self._around, self._folder = around, folder
        self._counts: dict[str, dict[str, int]] = {}
        self._kept = 0

    def in_turn(self) -> list[Kept]:
        """Return the tables, activities last: whether one can end shows once it is known whose attendance does."""
        return sorted(self._around.tables, key=lambda kept: kept.name == "activities")

    def lay(self, kept: Kept) -> None:
        """Lay one table."""
        absent = self._around.absent(kept)
        if kept.name == "activities" and self._around.complete:
            absent = self._without_resting(absent)
        held = self._around.one(f"SELECT COUNT(*) FROM now_{kept.name}")
        rows = _beside(kept, absent, self._around.ledger.headers[kept.name]) if held else _all_new(kept)
        path = str(laid_file(self._folder, kept)).replace("'", "''")
        self._around.engine.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION lz4_raw)")
        found = self._around.engine.execute(
            "SELECT kind, COUNT(*) FROM read_parquet(?) GROUP BY kind", [str(laid_file(self._folder, kept))]
        )
        counted = dict(found.fetchall())
        self._counts[kept.name] = {kind: counted.get(kind, 0) for kind in KINDS}

    def keep_known(self) -> None:
        """Keep who and what comes with the same folder, for the landing to know them."""
        for table, key, what in (("people", "id", "person"), ("units", "code", "unit")):
            if table in self._around.ledger.files:
                path = str(known_file(self._folder, what)).replace("'", "''")
                self._around.engine.execute(f"COPY (SELECT {key} AS key FROM {table}) TO '{path}' (FORMAT parquet)")

    def laid(self) -> Laid:
        """Return what all tables show."""
        outside = sum(map(self._around.outside, self._around.tables))
        counts = {kept.name: self._counts[kept.name] for kept in self._around.tables}
        return Laid(counts, outside=outside, kept=self._kept)

    def _without_resting(self, absent: str) -> str:
        """Leave out the activities on which attendance or quotas will still rest."""
        self._rest()
        rests = "h.id IN (SELECT r.activity FROM rest r)"
        lacking = "h.id NOT IN (SELECT f.id FROM file_activities f)"
        self._kept = self._around.one(f"SELECT COUNT(*) FROM now_activities h WHERE {absent} AND {lacking} AND {rests}")
        return f"{absent} AND NOT {rests}"

    def _rest(self) -> None:
        """Make the table of the activities on which something will rest: rows that hold and do not end, and rows that come."""
        engine, around = self._around.engine, self._around
        engine.execute("CREATE OR REPLACE TEMP TABLE rest (activity VARCHAR, count BIGINT)")
        for kept in (kept for kept in KEPT_TABLES.values() if kept.of_activity):
            query = f"SELECT t.activity, COUNT(*) FROM {kept.stored} t WHERE t.authority_id = %s AND t.since <= %s AND t.until > %s GROUP BY t.activity"
            state = [around.bounds.authority.pk, around.head, around.head]
            bring(engine, "held_rest", {"activity": "VARCHAR", "count": "BIGINT"}, query, state)
            engine.execute("INSERT INTO rest SELECT activity, count FROM held_rest")
            if around.laid(kept.name):
                path = str(laid_file(self._folder, kept))
                engine.execute(
                    "INSERT INTO rest SELECT COALESCE(after_activity, before_activity), CASE kind WHEN 'absent' THEN -1 ELSE 1 END"
                    " FROM read_parquet(?) WHERE kind IN ('absent', 'new')",
                    [path],
                )
        engine.execute(
            "CREATE OR REPLACE TEMP TABLE rest AS SELECT activity FROM rest GROUP BY activity HAVING SUM(count) > 0"
        )


def _all_new(kept: Kept) -> str:
    """Write the query of a table of which the ledger holds nothing yet."""
    before = ", ".join(f"CAST(NULL AS {kind}) AS before_{column}" for column, kind in types_of(kept).items())
    after = ", ".join(f"f.{column} AS after_{column}" for column in kept.columns)
    order = ", ".join(f"f.{column}" for column in kept.order)
    return f"SELECT f.n, 'new' AS kind, CAST(NULL AS BIGINT) AS held, {before}, {after} FROM file_{kept.name} f ORDER BY {order}"


def _beside(kept: Kept, absent: str, present: Collection[str]) -> str:
    """Write the query that compares a table of the file with the rows that hold.

    A column that the file lacks stays as the ledger has it; so does the unit that runs an activity where the round has no
    such unit, for then its folder cannot name it.
    """
    key = kept.table.key or (*kept.columns, "turn")
    file, now = f"file_{kept.name}", f"now_{kept.name}"
    if not kept.table.key:
        alike = f"ROW_NUMBER() OVER (PARTITION BY {', '.join(kept.columns)} ORDER BY {{}}) AS turn"
        file = f"(SELECT *, {alike.format('n')} FROM {file})"
        now = f"(SELECT *, {alike.format('held')} FROM {now})"
    written = [column.name for column in kept.table.columns]
    given = {name for name, header in zip(kept.columns, written, strict=True) if header in present}
    said = {name: f"f.{name}" for name in kept.columns if name in given}
    if kept.name == "activities":
        said["unit"] = (
            "COALESCE(f.unit, CASE WHEN f.n IS NOT NULL AND h.unit NOT IN (SELECT r.key FROM round_unit r) THEN h.unit END)"
        )
    differs = [f"{cell} IS DISTINCT FROM h.{name}" for name, cell in said.items() if name not in key]
    before = ", ".join(f"h.{name} AS before_{name}" for name in kept.columns)
    after = ", ".join(
        f"{said.get(name, f'CASE WHEN f.n IS NOT NULL THEN h.{name} END')} AS after_{name}" for name in kept.columns
    )
    return (
        f"SELECT COALESCE(f.n, 0) AS n, CASE WHEN h.held IS NULL THEN 'new' WHEN f.n IS NULL THEN 'absent' WHEN {' OR '.join(differs) or 'false'} THEN 'changed'"
        f" ELSE 'unchanged' END AS kind, h.held, {before}, {after}"
        f" FROM {file} f FULL JOIN {now} h ON {' AND '.join(f'f.{column} = h.{column}' for column in key)}"
        f" WHERE f.n IS NOT NULL OR ({absent}) ORDER BY {', '.join(f'COALESCE(f.{column}, h.{column})' for column in kept.order)}"
    )
