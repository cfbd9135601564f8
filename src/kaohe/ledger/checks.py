"""What must hold between cells, rows and tables: keys, references, and the rules of `data-format.md`.

Each check is one statement over typed relations that answers the rows at fault; nothing is fetched
where nothing is wrong.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from kaohe.fault import Fault
from kaohe.ledger.columns import APART
from kaohe.ledger.faultbook import LISTED, FaultBook
from kaohe.ledger.sources import Source
from kaohe.ledger.tables import Column, Form, RowRule, Table

CHUNK_ROWS = 4_000_000


ROW_RULES = (
    RowRule("joined_after_departed", "people", "joined", "t.joined > t.departed", wanted="CAST(t.departed AS VARCHAR)"),
    RowRule("starts_after_ends", "activities", "starts_on", "t.starts_on > t.ends_on", wanted="CAST(t.ends_on AS VARCHAR)"),
    RowRule("class_without_hours", "activities", "hours", "t.form = 'class' AND t.minutes = 0"),
    RowRule("absent_with_hours", "attendance", "hours", "t.status = 'absent' AND t.minutes > 0"),
    RowRule(
        "quota_not_class", "quotas", "activity", "a.form <> 'class'",
        others="JOIN activities a ON a.id = t.activity", needs=("activities",), wanted="a.form",
    ),
    *(
        RowRule(
            "contest_differs", "contests", column, f"t.{column} <> f.{column}",
            others="JOIN (SELECT contest, arg_min(kind, n) AS kind, arg_min(level, n) AS level, arg_min(held_on, n) AS held_on FROM contests GROUP BY contest) f ON f.contest = t.contest",
            wanted=f"CAST(f.{column} AS VARCHAR)",
        )
        for column in ("kind", "level", "held_on")
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold of a table: a fast statement that counts what is at fault, and one that lists it.

    `counts` answers a number that is 0 where nothing is at fault; `lists` answers (n, wanted).
    """

    source: Source
    code: str
    column: str
    counts: str
    lists: str


class Checker:
    """Runs the checks over the tables that could be read, and notes what is at fault."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sources: Mapping[str, Source],
        present: Container[str],
        form: Form,
        book: FaultBook,
    ) -> None:
        """`sources` are the tables that could be read, `present` all that have a file."""
        self._connection, self._sources, self._present, self._book = connection, sources, present, book
        self._form = form

    def check(self, tell: Callable[[str], None]) -> None:
        """Check every table in one statement, and look closer only where it counts a fault."""
        for source in self._sources.values():
            tell(source.table.name)
            if source.streamed:
                self._unique_streamed(source)
        checks = [*self._keys(), *self._references(), *self._rules()]
        if not checks:
            return
        counted = " UNION ALL ".join(f"SELECT {i} AS i, ({check.counts}) AS c" for i, check in enumerate(checks))
        for i, _ in self._rows(f"SELECT i, c FROM ({counted}) WHERE c > 0 ORDER BY i"):
            self._note(checks[i].source, checks[i].code, checks[i].column, checks[i].lists)

    def _keys(self) -> Iterator[Check]:
        for source in self._sources.values():
            if source.table.key and not source.streamed:
                yield self._unique(source, "true")

    def _unique(self, source: Source, where: str) -> Check:
        """No two rows have the same key."""
        table, key = source.table.name, source.table.key
        names = ", ".join(key)
        filled = " AND ".join(f"{column} IS NOT NULL" for column in key)
        twice = f"SELECT {names} FROM {table} WHERE {filled} AND {where} GROUP BY {names} HAVING COUNT(*) > 1"
        lists = (
            f"SELECT n, CAST(first AS VARCHAR) AS wanted FROM (SELECT n, MIN(n) OVER (PARTITION BY {names}) AS first "
            f"FROM {table} SEMI JOIN ({twice}) twice USING ({names})) WHERE n > first"
        )
        return Check(source, "key_twice", key[-1], f"SELECT COUNT(*) FROM ({twice})", lists)

    def _references(self) -> Iterator[Check]:
        """Every reference is a key of its table. Distinct references first: there are few, even in a large file.

        Where the table referred to is absent, it counts as empty and every reference to anything but the
        keys that are known dangles; where its file is there but could not be read, or is required and
        not there, that fault is told and its echoes are not.
        """
        for source in self._sources.values():
            for column in source.table.columns:
                referred = column.references
                if referred is not None and self._is_read_or_empty(referred):
                    yield self._refers(source, column, self._form.table(referred))

    def _is_read_or_empty(self, table: str) -> bool:
        if table in self._sources:
            return True
        missed = self._form.has(table) and self._form.table(table).required and table not in self._form.known
        return table not in self._present and not missed

    def _refers(self, source: Source, column: Column, referred: Table) -> Check:
        table, key = source.table.name, referred.key[0]
        lost = (
            f"SELECT v FROM (SELECT DISTINCT {column.name} AS v FROM {table} {APART}) d "
            f"WHERE v IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {referred.name} k WHERE k.{key} = d.v)"
        )
        if referred.name in self._form.known:
            lost += f" AND NOT EXISTS (SELECT 1 FROM {known_name(referred)} k WHERE k.key = d.v)"
        lists = f"SELECT t.n, '{referred.name}' AS wanted FROM {table} t JOIN ({lost}) lost ON lost.v = t.{column.name}"
        return Check(source, "reference_dangling", column.name, f"SELECT COUNT(*) FROM ({lost})", lists)

    def _rules(self) -> Iterator[Check]:
        for rule in (*ROW_RULES, *(rule for source in self._sources.values() for rule in source.table.rules)):
            if rule.table in self._sources and all(table in self._sources for table in rule.needs):
                rows = f"FROM {rule.table} t {rule.others} WHERE {rule.broken}"
                lists = f"SELECT t.n, {rule.wanted} AS wanted {rows}"
                yield Check(self._sources[rule.table], rule.code, rule.column, f"SELECT COUNT(*) {rows}", lists)

    def _unique_streamed(self, source: Source) -> None:
        """A strictly sorted file is proved unique in one pass; any other is checked chunk by chunk."""
        if not self._strictly_sorted(source):
            for where in self._chunks(source):
                check = self._unique(source, where)
                if self._rows(check.counts)[0][0]:
                    self._note(source, check.code, check.column, check.lists)

    def _strictly_sorted(self, source: Source) -> bool:
        """Whether the keys rise strictly in the order of the file, which proves them unique, in one streaming pass."""
        first, second = source.table.key
        found = self._rows(
            f"SELECT COUNT(*) FROM (SELECT {first} AS a, {second} AS b, lag({first}) OVER () AS la, lag({second}) OVER () AS lb "
            f"FROM {source.table.name}) WHERE a < la OR (a = la AND b <= lb)"
        )
        return bool(found[0][0] == 0)

    def _chunks(self, source: Source) -> Iterator[str]:
        """Cut a large table by its activities, so that uniqueness is checked in bounded memory."""
        counted = self._connection.execute(
            f"SELECT activity, COUNT(*) FROM {source.table.name} WHERE activity IS NOT NULL GROUP BY activity ORDER BY activity"
        ).fetchall()
        chunk: list[str] = []
        rows = 0
        for activity, count in counted:
            if chunk and rows + count > CHUNK_ROWS:
                yield _between(chunk)
                chunk, rows = [], 0
            chunk.append(activity)
            rows += count
        if chunk:
            yield _between(chunk)

    def _note(self, source: Source, code: str, column: str, sql: str) -> None:
        rows = self._rows(f"SELECT n, wanted, COUNT(*) OVER () FROM ({sql}) ORDER BY n LIMIT {LISTED}")
        if not rows:
            return
        texts = self._texts(source, column, [row for row, _, _ in rows])
        faults = [
            Fault(code, source.place(row, column), texts.get(row), {} if wanted is None else {"wanted": str(wanted)})
            for row, wanted, _ in rows
        ]
        self._book.add_some(faults, rows[0][2])

    def _texts(self, source: Source, column: str, rows: Sequence[int]) -> dict[int, Any]:
        """Return what the person wrote in a column, row by row."""
        found = self._connection.execute(
            f"SELECT n, {column} FROM raw_{source.table.name} WHERE n IN (SELECT unnest(?::BIGINT[]))", [list(rows)]
        ).fetchall()
        return dict(found)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


def known_name(table: Table) -> str:
    """Name the relation `(key)` of the keys of a table that exist outside the folder."""
    return f"known_{table.name}"


def _between(activities: Sequence[str]) -> str:
    low, high = (text.replace("'", "''") for text in (activities[0], activities[-1]))
    return f"activity BETWEEN '{low}' AND '{high}'"
