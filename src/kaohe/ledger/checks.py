"""What must hold between cells, rows and tables: keys, references, and the rules of `data-format.md`.

Each check is one statement over typed relations that answers the rows at fault; nothing is fetched
where nothing is wrong.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from kaohe.fault import Fault
from kaohe.ledger.columns import distinct_name
from kaohe.ledger.faultbook import LISTED, FaultBook
from kaohe.ledger.sources import Source
from kaohe.ledger.tables import BY_NAME, Column

CHUNK_ROWS = 4_000_000


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule inside one table: the code of its fault, the column that is named, and when it is broken.

    `broken` is SQL over the typed table `t` (and `others`, joined); it may use `wanted`, an SQL text
    that the fault's sentence shows.
    """

    code: str
    table: str
    column: str
    broken: str
    others: str = ""
    needs: tuple[str, ...] = ()
    wanted: str = "NULL"


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


class Checker:
    """Runs the checks over the tables that could be read, and notes what is at fault."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sources: Mapping[str, Source],
        present: Container[str],
        book: FaultBook,
    ) -> None:
        """`sources` are the tables that could be read, `present` all that have a file."""
        self._connection, self._sources, self._present, self._book = connection, sources, present, book

    def check(self, tell: Callable[[str], None]) -> None:
        """Check every table; `tell` hears the name of each as its turn comes."""
        for source in self._sources.values():
            tell(source.table.name)
            self._unique(source)
            for column in source.table.columns:
                if column.references:
                    self._refers(source, column)
        for rule in ROW_RULES:
            if rule.table in self._sources and all(table in self._sources for table in rule.needs):
                self._keeps(self._sources[rule.table], rule)

    def _keeps(self, source: Source, rule: RowRule) -> None:
        self._note(
            source, rule.code, rule.column,
            f"SELECT t.n, {rule.wanted} AS wanted FROM {rule.table} t {rule.others} WHERE {rule.broken}",
        )  # fmt: skip

    def _refers(self, source: Source, column: Column) -> None:
        """Every reference is a key of its table. Distinct references first: there are few, even in a large file."""
        referred = column.references or ""
        if referred not in self._sources:
            return self._refers_to_nothing(source, column)
        key = self._sources[referred].table.key[0]
        name = source.table.name
        lost = self._connection.execute(
            f"SELECT v FROM {distinct_name(source, column)} d "
            f"WHERE v IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {referred} k WHERE k.{key} = d.v)"
        ).fetchall()
        if lost:
            self._connection.execute(
                "CREATE OR REPLACE TABLE lost AS SELECT unnest(?::VARCHAR[]) AS v", [[v for (v,) in lost]]
            )
            sql = f"SELECT t.n, '{referred}' AS wanted FROM {name} t JOIN lost ON lost.v = t.{column.name}"
            self._note(source, "reference_dangling", column.name, sql)
        return None

    def _refers_to_nothing(self, source: Source, column: Column) -> None:
        """The table referred to is absent, so it counts as empty and every reference dangles.

        Where its file is there but could not be read, that fault is told and its echoes are not.
        """
        referred = column.references or ""
        if referred not in self._present and not BY_NAME[referred].required:
            sql = f"SELECT n, '{referred}' AS wanted FROM {source.table.name} WHERE {column.name} IS NOT NULL"
            self._note(source, "reference_dangling", column.name, sql)

    def _unique(self, source: Source) -> None:
        key = source.table.key
        if not key or (source.streamed and self._strictly_sorted(source)):
            return
        for where in self._chunks(source) if source.streamed else ("true",):
            filled = " AND ".join(f"{column} IS NOT NULL" for column in key)
            names = ", ".join(key)
            self._note(
                source, "key_twice", key[-1],
                f"SELECT n, CAST(first AS VARCHAR) AS wanted FROM (SELECT n, MIN(n) OVER (PARTITION BY {names}) AS first "
                f"FROM {source.table.name} SEMI JOIN (SELECT {names} FROM {source.table.name} WHERE {filled} AND {where} "
                f"GROUP BY {names} HAVING COUNT(*) > 1) twice USING ({names})) WHERE n > first",
            )  # fmt: skip

    def _strictly_sorted(self, source: Source) -> bool:
        """Whether the keys rise strictly in the order of the file, which proves them unique, in one streaming pass."""
        first, second = source.table.key
        row = self._connection.execute(
            f"SELECT COUNT(*) FROM (SELECT {first} AS a, {second} AS b, lag({first}) OVER () AS la, lag({second}) OVER () AS lb "
            f"FROM {source.table.name}) WHERE a < la OR (a = la AND b <= lb)"
        ).fetchone()
        return row is not None and row[0] == 0

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
        rows = self._connection.execute(
            f"SELECT n, wanted, COUNT(*) OVER () FROM ({sql}) ORDER BY n LIMIT {LISTED}"
        ).fetchall()
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


def _between(activities: Sequence[str]) -> str:
    low, high = (text.replace("'", "''") for text in (activities[0], activities[-1]))
    return f"activity BETWEEN '{low}' AND '{high}'"
