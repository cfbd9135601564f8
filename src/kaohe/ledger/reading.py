"""A city folder read strictly: a ledger in one engine, or every fault at its cell. Nothing in between."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.cells import Terms, normal
from kaohe.ledger.checks import Checker, known_name
from kaohe.ledger.columns import TYPES, Typist, typed_name
from kaohe.ledger.faultbook import FaultBook
from kaohe.ledger.sources import Loader, Note, Source, find, read_workbooks
from kaohe.ledger.tables import CITY, Form, Table

Tell = Callable[[str, str], None]
"""Hears how far the reading is: a stage (`read`, `check`, `measure`) and a table."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of `units`, as read; the group is empty where the form lets a unit belong to none."""

    code: str
    name: str
    peer_group: str


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """A row of `judgements`, as read; the texts are as given, trimmed."""

    unit: str
    criterion: str
    stage: str
    points: Decimal
    judge: str
    reason: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger without a fault: the typed tables of its form in one engine, and its files.

    connection: holds the tables under the names that `metrics.sql` reads; files: table name → path;
    notes: what was ignored; headers: table name → its columns that the file has, with the header as written.
    `units` and `judgements` are empty where the form has no such table.
    """

    connection: duckdb.DuckDBPyConnection
    units: tuple[UnitRow, ...]
    judgements: tuple[JudgementRow, ...]
    files: Mapping[str, Path]
    notes: tuple[Note, ...]
    form: Form = CITY
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def rows(self, table: str) -> int:
        """Return the number of records of a table."""
        found = self.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
        return int(found[0]) if found else 0


class Loading:
    """A city folder whose files are being loaded, beside whatever its holder does meanwhile.

    Loading needs no standard: a program reads its own while the engine, which leaves the interpreter
    alone, splits the files.
    """

    def __init__(
        self,
        folder: Path,
        aside: Path,
        connection: duckdb.DuckDBPyConnection,
        pool: Executor,
        *,
        form: Form = CITY,
    ) -> None:
        self._aside, self._connection, self._pool, self._form = aside, connection, pool, form
        self._book, self._notes = FaultBook(form.tables), list[Note]()
        self._paths = find(folder, form, self._book, self._notes)
        self._reports = read_workbooks(self._paths, aside)
        self._loaded = {table.name: pool.submit(self._load, table) for table in self._by_size()}

    def _by_size(self) -> list[Table]:
        """The largest table first, so that the others are done beside it."""
        tables = [table for table in self._form.tables if table.name in self._paths]
        return sorted(tables, key=lambda table: -self._paths[table.name].stat().st_size)

    def _load(self, table: Table) -> tuple[Source | None, list[Note]]:
        told: list[Note] = []
        with self._engine() as engine:
            loader = Loader(engine, self._aside, self._book, told)
            return loader.load(table, self._paths[table.name], self._reports.get(table.name)), told

    @contextmanager
    def _engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._connection.cursor() as engine:
            engine.execute("SET enable_progress_bar = false")
            yield engine

    def ledger(self, terms: Terms, tell: Tell = lambda stage, table: None) -> Ledger:
        """Type and check what was loaded; raise BadInput with all faults (the first hundred a file, the rest counted)."""

        def typed(table: Table) -> tuple[Source | None, list[Note]]:
            source, told = self._loaded[table.name].result()
            if source is not None:
                with self._engine() as engine:
                    Typist(engine, terms, self._book).type_table(source)
            return source, told

        typing = {table.name: self._pool.submit(typed, table) for table in self._by_size()}
        sources = dict[str, Source]()
        for table in (table for table in self._form.tables if table.name in typing):
            source, told = typing[table.name].result()
            tell("read", table.name)
            self._notes += told
            if source is not None:
                sources[table.name] = source
        return self._checked(sources, terms, tell)

    def _checked(self, sources: Mapping[str, Source], terms: Terms, tell: Tell) -> Ledger:
        connection, book, form = self._connection, self._book, self._form
        _fill_absent(connection, sources, form)
        _fill_known(connection, form)
        Checker(connection, sources, self._paths, form, book).check(lambda table: tell("check", table))
        _check_not_empty(connection, sources, book)
        judgements = _judgements(connection, sources, terms, book)
        if book:
            raise BadInput(book.faults())
        units = _units(connection) if form.has("units") else ()
        headers = {name: source.headers for name, source in sources.items()}
        return Ledger(connection, units, judgements, self._paths, tuple(self._notes), form, headers)


def _limits(aside: str, memory: str | None) -> dict[str, str | bool | int | float | list[str]]:
    limits: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": aside,
        "autoinstall_known_extensions": False,
    }
    return limits | {"memory_limit": memory} if memory else limits


@contextmanager
def loading(folder: Path, *, form: Form = CITY, memory: str | None = None) -> Iterator[Loading]:
    """Begin to read a city folder at once, in the background; its ledger is to be had, and stays open, within.

    form: which tables may be in the folder; a file of any other is ignored, and a note says so; memory: how much the
    engine may hold (`512MB`) before it writes aside, most of the machine's where nothing is said.
    Raises BadInput with the one fault that the folder is not there.
    """
    if not folder.is_dir():
        raise BadInput(Faults.of([Fault("folder_missing", Place(str(folder)))]))
    with (
        tempfile.TemporaryDirectory(prefix="kaohe-", ignore_cleanup_errors=True) as aside,
        duckdb.connect(config=_limits(aside, memory)) as connection,
        ThreadPoolExecutor(2) as pool,
    ):
        try:
            connection.execute("SET enable_progress_bar = false")
            yield Loading(folder, Path(aside), connection, pool, form=form)
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def open_ledger(
    folder: Path,
    terms: Terms,
    tell: Tell = lambda stage, table: None,
    *,
    form: Form = CITY,
    memory: str | None = None,
) -> Iterator[Ledger]:
    """Read a city folder, or one of the tables of another form, and hold its ledger open; see `loading`.

    Raises BadInput with all faults (the first hundred a file, the rest counted), or with the one
    fault that the folder is not there.
    """
    with loading(folder, form=form, memory=memory) as begun:
        yield begun.ledger(terms, tell)


def _fill_absent(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], form: Form) -> None:
    """A table that is absent counts as empty; so does one that the form does not have but refers to."""
    wanted = {table.name: table for table in (*form.tables, *form.referred())}
    for table in wanted.values():
        if table.name not in sources:
            columns = ", ".join(f"{typed_name(c)} {TYPES.get(c.kind, 'VARCHAR')}" for c in table.columns)
            connection.execute(f"CREATE OR REPLACE TABLE {table.name} (n BIGINT, {columns})")


def _fill_known(connection: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Bring in the keys that exist outside the folder, as keys are compared."""
    for table in form.referred():
        if table.name in form.known:
            keys = [normal(key) for key in form.known[table.name]]
            connection.execute(
                f"CREATE OR REPLACE TABLE {known_name(table)} AS SELECT DISTINCT unnest(?::VARCHAR[]) AS key", [keys]
            )


def _check_not_empty(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], book: FaultBook) -> None:
    for source in sources.values():
        if (source.table.required or source.table.filled) and not connection.execute(
            f"SELECT 1 FROM raw_{source.table.name} LIMIT 1"
        ).fetchone():
            book.add(Fault("table_empty", source.place(None), None, {"title": source.table.title}))


def _units(connection: duckdb.DuckDBPyConnection) -> tuple[UnitRow, ...]:
    rows = connection.execute("SELECT code, name, peer_group FROM units").fetchall()
    return tuple(UnitRow(code, name.strip(), group or "") for code, name, group in sorted(rows))


def _judgements(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], terms: Terms, book: FaultBook
) -> tuple[JudgementRow, ...]:
    source = sources.get("judgements")
    if source is None:
        return ()
    rows = connection.execute(
        "SELECT t.n, t.unit, t.criterion, t.stage, t.points, t.judge, t.reason, t.evidence FROM judgements t ORDER BY n"
    ).fetchall()
    judged, faults = list[JudgementRow](), list[Fault]()
    for n, unit, criterion, stage, points, judge, reason, evidence in rows:
        texts = [text.strip() or None if text else None for text in (judge, reason, evidence)]
        faults += _judgement_faults(source, terms, n, criterion, stage, points, texts[1])
        judged.append(JudgementRow(unit, criterion, stage, points, texts[0] or "", texts[1], texts[2]))
    book.add_some(faults, len(faults))
    return tuple(judged)


def _judgement_faults(
    source: Source,
    terms: Terms,
    n: int,
    criterion: str | None,
    stage: str | None,
    points: Decimal | None,
    reason: str | None,
) -> Iterator[Fault]:
    """Points up to the criterion's; a reason wherever an inspection or review takes points or overrides the ledger."""
    if criterion is None or points is None:
        return
    most = terms.criteria[criterion]
    if points > most:
        wanted = {"criterion": criterion, "most": str(most)}
        yield Fault("points_above", source.place(n, "points"), str(points), wanted)
    if stage in ("inspection", "review") and reason is None:
        if criterion in terms.measured:
            yield Fault("reason_for_override", source.place(n, "reason"), None, {"criterion": criterion})
        elif points < most:
            yield Fault(
                "reason_below_full", source.place(n, "reason"), None, {"criterion": criterion, "most": str(most)}
            )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
