"""What a file is laid beside, as tables of the reader's engine: the ledger's rows, and who is concerned.

For a table `attendance` there are `file_attendance` (n and the columns as the ledger keeps them) and `now_attendance`
(held, the id, and the columns of the rows that hold); `then_activities` are the activities as they will be. The tables
`(key)` are `round_unit`, what the round assesses, `own_unit` and `own_person`, who is within the bounds, and
`concerned_unit` and `concerned_person`, whose records a complete file would have to hold.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kaohe.web.training.bounds import Bounds
from kaohe.web.training.bringing import bring, bring_keys
from kaohe.web.training.columns import KEPT_TABLES, LEDGER_TABLES, Kept, as_kept, types_of
from kaohe.web.training.scope import head_of_ledger

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Engine

    from kaohe.ledger.reading import Ledger

_HOLDS = "{0}.authority_id = %s AND {0}.since <= %s AND {0}.until > %s"
FEW_PEOPLE = 1_000
"""Of so many people the ledger is asked for their attendance alone; of more, for all of it."""


class Surroundings:
    """A ledger that was read, and what of the web's own it is laid beside, in one engine.

    head: the state of the web's ledger that it is compared with; complete: what the file lacks will end; moved: there are
    people who moved (`stay`: a row for each of their stays; `former_stay`: what a folder calls those that are over).
    """

    def __init__(self, engine: "Engine", ledger: "Ledger", bounds: Bounds, *, complete: bool) -> None:
        self.engine, self.ledger, self.bounds, self.complete = engine, ledger, bounds, complete
        self.head = head_of_ledger(bounds.authority.pk)
        self.moved = False
        self.tables = [KEPT_TABLES[name] for name in LEDGER_TABLES if name in ledger.files]

    def gather(self) -> Iterator[None]:
        """Make the tables, and yield after each of the larger ones."""
        self._former()
        for kept in self.tables:
            self._file(kept)
        self._keys()
        for kept in KEPT_TABLES.values():
            if kept in self.tables or kept.name in ("activities", "quotas"):
                self._now(kept)
                yield
        self._then()

    def laid(self, name: str) -> bool:
        """Whether a table is in the file."""
        return any(kept.name == name for kept in self.tables)

    def one(self, query: str) -> Any:
        """Return the one value of a query on the engine."""
        found = self.engine.execute(query).fetchone()
        return found[0] if found else None

    def whose(self, kept: Kept, row: str, what: str, activities: str) -> str:
        """Write the condition that a record is `own` or `concerned`: that of somebody who moved, by its day."""
        known = f"{row}.{kept.whose} IN (SELECT c.key FROM {what}_{kept.whose} c)"
        if kept.whose != "person" or not self.moved:
            return known
        joined, day = (
            ("", f"{row}.{kept.day}") if kept.day else (f" JOIN {activities} a ON a.id = {row}.activity", "a.ends_on")
        )
        stay = f"SELECT 1 FROM stay s{joined} WHERE s.person = {row}.person AND s.{what} AND s.first <= {day} AND {day} < s.next"
        return f"({known} AND ({row}.person NOT IN (SELECT s.person FROM stay s) OR EXISTS ({stay})))"

    # --- what is missing, as conditions on a row `h` of `now_<table>`

    def absent(self, kept: Kept) -> str:
        """Write the condition that a complete file would have to hold a record: of the round, within the bounds."""
        return " AND ".join([self._of_round(kept, "h"), self._concerned(kept), *self._of_forms(kept)])

    def staying(self, kept: Kept) -> str:
        """Write the query of the rows that hold and that this file does not end."""
        if not (self.complete and self.laid(kept.name)):
            return f"SELECT h.* FROM now_{kept.name} h"
        same = " AND ".join(f"f.{column} = h.{column}" for column in kept.table.key)
        found = f"EXISTS (SELECT 1 FROM file_{kept.name} f WHERE {same})"
        return f"SELECT h.* FROM now_{kept.name} h WHERE NOT ({self.absent(kept)}) OR {found}"

    def outside(self, kept: Kept) -> int:
        """Return how many rows of the file have their day outside the round's period."""
        if kept.of_round:
            return 0
        if kept.of_activity:
            out = f"SELECT a.id FROM then_activities a WHERE NOT a.ends_on {self._period}"
            return int(self.one(f"SELECT COUNT(*) FROM file_{kept.name} f WHERE f.activity IN ({out})"))
        return int(self.one(f"SELECT COUNT(*) FROM file_{kept.name} f WHERE NOT f.{kept.day} {self._period}"))

    @property
    def _period(self) -> str:
        return f"BETWEEN DATE '{self.bounds.round.start}' AND DATE '{self.bounds.round.end}'"

    def _of_round(self, kept: Kept, row: str) -> str:
        if kept.of_round:
            return "true"
        if kept.of_activity:
            return f"{row}.activity IN (SELECT a.id FROM now_activities a WHERE a.ends_on {self._period})"
        return f"{row}.{kept.day} {self._period}"

    def _concerned(self, kept: Kept) -> str:
        known = self.whose(kept, "h", "concerned", "now_activities")
        return f"({known} OR h.unit IS NULL)" if kept.name == "activities" and not self.bounds.narrow else known

    def _of_forms(self, kept: Kept) -> Iterator[str]:
        if self.bounds.forms is not None:
            yield of_forms(kept, "h", "now_activities", self.bounds.forms)

    # --- the tables

    def _former(self) -> None:
        stays = self.bounds.former_stays()
        self.engine.execute(
            "CREATE OR REPLACE TEMP TABLE former_stay AS SELECT unnest(?::VARCHAR[]) AS stay, unnest(?::VARCHAR[]) AS own",
            [[*stays], [*stays.values()]],
        )
        moved = [(one.person, one.first, one.next, one.own, one.concerned) for one in self.bounds.moved()]
        columns = [[*column] for column in zip(*moved, strict=True)] or [[]] * 5
        types = {"person": "VARCHAR", "first": "DATE", "next": "DATE", "own": "BOOLEAN", "concerned": "BOOLEAN"}
        cells = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, kind in types.items())
        self.moved = bool(moved)
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE stay AS SELECT {cells}", columns)

    def _file(self, kept: Kept) -> None:
        """Make the view of a table of the file; what it says of a former stay is said of the person."""
        columns, source = ", ".join(map(as_kept, kept.table.columns)), kept.name
        if self.moved and "person" in kept.columns:
            own = f"COALESCE(s.own, t.person) AS person FROM {source} t LEFT JOIN former_stay s ON s.stay = t.person"
            source = f"(SELECT t.* EXCLUDE (person), {own})"
        self.engine.execute(f"CREATE TEMP VIEW file_{kept.name} AS SELECT n, {columns} FROM {source}")

    def _keys(self) -> None:
        bounds, own = self.bounds, self.bounds.own_units()
        bring_keys(self.engine, "round_unit", bounds.round_units())
        bring_keys(self.engine, "own_unit", own)
        bring_keys(self.engine, "own_person", bounds.own_people() if bounds.narrow else ())
        bring_keys(self.engine, "concerned_unit", bounds.concerned_units())
        bring_keys(self.engine, "concerned_person", bounds.concerned_people())
        if "units" in self.ledger.files:
            # new units of a group join the round together with what is said of them
            bring_keys(self.engine, "known_unit", bounds.known_units())
            self.engine.execute(
                "INSERT INTO round_unit SELECT u.code FROM units u WHERE u.peer_group IS NOT NULL"
                " AND u.code NOT IN (SELECT k.key FROM known_unit k)"
            )
        if "people" in self.ledger.files:
            self.engine.execute(
                "INSERT INTO own_person SELECT p.id FROM people p WHERE p.unit IN (SELECT o.key FROM own_unit o)"
            )

    def _now(self, kept: Kept) -> None:
        where, parameters = f"{_HOLDS.format('t')}", self._state()
        if kept.of_round:
            where, parameters = f"{where} AND t.round_id = %s", [*parameters, self.bounds.round.pk]
        if kept.name == "attendance":
            narrowed, more = self._narrowed()
            where, parameters = f"{where}{narrowed}", [*parameters, *more]
        columns = ", ".join(f"t.{column}" for column in ("id", *kept.held_columns))
        types = {"held": "BIGINT"} | types_of(kept)
        bring(
            self.engine, f"now_{kept.name}", types, f"SELECT {columns} FROM {kept.stored} t WHERE {where}", parameters
        )

    def _state(self) -> list[Any]:
        return [self.bounds.authority.pk, self.head, self.head]

    def _narrowed(self) -> tuple[str, list[Any]]:
        """Leave out attendance that is neither in the file nor would have to be, where that is simply said."""
        narrow = self.bounds.narrow
        whose = "SELECT key FROM own_person" if narrow else "SELECT DISTINCT person FROM file_attendance"
        people = [key for (key,) in self.engine.execute(f"{whose} LIMIT {FEW_PEOPLE + 1}").fetchall()]
        if len(people) > FEW_PEOPLE or not people:
            return "", []
        among = f"t.person IN ({', '.join(['%s'] * len(people))})"
        if narrow:
            return f" AND {among}", people
        period = self.bounds.round.start.isoformat(), self.bounds.round.end.isoformat()
        of_period = f"SELECT a.code FROM training_activity a WHERE {_HOLDS.format('a')} AND a.ends_on BETWEEN %s AND %s"
        return f" AND ({among} OR t.activity IN ({of_period}))", [*people, *self._state(), *period]

    def _then(self) -> None:
        columns = "id, unit, form, ends_on"
        kept = f"SELECT {columns} FROM now_activities"
        if self.laid("activities"):
            kept = (
                f"SELECT {columns} FROM file_activities UNION ALL {kept} h"
                " WHERE h.id NOT IN (SELECT f.id FROM file_activities f)"
            )
        self.engine.execute(f"CREATE TEMP TABLE then_activities AS {kept}")


def of_forms(kept: Kept, row: str, activities: str, forms: frozenset[str]) -> str:
    """Write the condition that a record is of an activity of some forms; that of any other table never is."""
    some = ", ".join(f"'{form}'" for form in sorted(forms))
    if kept.name == "activities":
        return f"{row}.form IN ({some})"
    if kept.of_activity:
        return f"{row}.activity IN (SELECT a.id FROM {activities} a WHERE a.form IN ({some}))"
    return "false"
