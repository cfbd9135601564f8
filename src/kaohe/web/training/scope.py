"""The ten tables of one round as `data-format.md` has them, over the web's own tables: what `metrics.sql` runs under.

A scope is the text of common table expressions named like the ten tables (and `the_round`), narrowed to one authority,
one round, one state of the ledger, and perhaps to some units. Whoever asks the ledger anything asks it through a scope,
so that the metrics, the export and the pages cannot see different records.

A person who moved has a row of `people` for each stay, as the files have: the last under the person's own id, a former
one under an id that is made up (`P7~12`). What the person did counts for the stay in which it fell.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Max

from kaohe.ledger.metrics import Window
from kaohe.web.rounds.models import Round, State
from kaohe.web.training.models import LedgerChange

TABLES = (
    "units", "people", "activities", "attendance", "quotas", "contests", "supplies", "appraisals", "bulletins", "judgements",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """A round's records as SQL: put `WITH {text}` before a query that names the ten tables, and its parameters first."""

    text: str
    parameters: tuple[Any, ...]

    def rows(self, query: str, parameters: Collection[Any] = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a query on the ten tables (without a WITH of its own); return its columns and its rows."""
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {self.text} {query}", [*self.parameters, *parameters])
            return [column[0] for column in cursor.description], cursor.fetchall()


def head_of_ledger(authority: int) -> int:
    """Return the number of the last change of an authority's ledger that came into force; 0 before the first."""
    settled = LedgerChange.objects.filter(authority=authority, settled_at__isnull=False)
    return settled.aggregate(last=Max("number"))["last"] or 0


def analyse() -> None:
    """Have the database count what the ledger holds; without it PostgreSQL plans these queries a hundred times too slow.

    To be called after much was written.
    """
    with connection.cursor() as cursor:
        for app in ("organisation", "rounds", "training"):
            for model in apps.get_app_config(app).get_models():
                cursor.execute(f"ANALYZE {model._meta.db_table}")


def scope_of(a_round: Round, window: Window, units: Collection[str] | None = None) -> Scope:
    """Return a round's records, of all its units or of some (by code); a closed round's as they were when it closed."""
    at = a_round.ledger_at if a_round.state == State.CLOSED and a_round.ledger_at is not None else None
    return _Building(a_round, window, head_of_ledger(a_round.authority_id) if at is None else at, units).scope()


class _Building:
    """Writes the expressions one after the other, and keeps their parameters in the same order."""

    def __init__(self, a_round: Round, window: Window, at: int, units: Collection[str] | None) -> None:
        self._round, self._window, self._at = a_round, window, at
        self._units = None if units is None else sorted(set(units))
        self._texts: list[str] = []
        self._parameters: list[Any] = []

    def scope(self) -> Scope:
        self._the_round()
        self._add("units", f"SELECT u.code, u.name, u.peer_group FROM rounds_roundunit u WHERE u.round_id = %s{self._within('u.code')}", self._round.pk, *self._some())  # fmt: skip
        self._people()
        self._held("activities", "training_activity", "t.code AS id, t.unit, t.form, t.title, t.starts_on, t.ends_on, t.minutes")  # fmt: skip
        self._of_people("attendance", "training_attendance", "t.activity, {person} AS person, t.status, t.minutes", "a.ends_on", "JOIN activities a ON a.id = t.activity")  # fmt: skip
        self._held("quotas", "training_quota", "t.activity, t.unit, t.seats", self._within("t.unit"), *self._some())
        self._of_people("contests", "training_contestentry", "t.contest, t.kind, t.level, {person} AS person, t.held_on, t.place", "t.held_on")  # fmt: skip
        self._held("supplies", "training_supply", "t.unit, t.item, t.planned, t.received", f" AND t.round_id = %s{self._within('t.unit')}", self._round.pk, *self._some())  # fmt: skip
        self._of_people("appraisals", "training_appraisal", "{person} AS person, t.tested_on, t.result", "t.tested_on")
        self._held("bulletins", "training_bulletin", "t.unit, t.sent_on, t.kind, t.title", self._within("t.unit"), *self._some())  # fmt: skip
        self._held("judgements", "training_judgement", "t.unit, t.criterion, t.stage, t.points, t.judge, t.reason, t.evidence", f" AND t.round_id = %s{self._within('t.unit')}", self._round.pk, *self._some())  # fmt: skip
        return Scope(",\n".join(self._texts), tuple(self._parameters))

    def _add(self, name: str, text: str, *parameters: Any) -> None:
        self._texts.append(f"{name} AS ({text})")
        self._parameters += parameters

    def _some(self) -> list[str]:
        return self._units or []

    def _within(self, column: str) -> str:
        """The condition that a unit is one of those asked for; `_some` are its parameters."""
        if self._units is None:
            return ""
        return f" AND {column} IN ({', '.join(['%s'] * len(self._units))})" if self._units else " AND 1 = 0"

    def _the_round(self) -> None:
        # SQLite keeps days as text, and its CAST would make a number of one
        day = "CAST(%s AS DATE)" if connection.vendor == "postgresql" else "%s"
        window, whole = self._window, "CAST(%s AS BIGINT)"
        self._add(
            "the_round",
            f"SELECT {day} AS period_start, {day} AS period_end, {whole} AS minimum_self_study, {whole} AS minimum_online",
            _day(window.start), _day(window.end), window.self_study_minutes, window.online_minutes,
        )  # fmt: skip

    def _postings(self) -> None:
        """Where everybody belonged: as it is now, or as it was when the round was closed."""
        if self._round.state == State.CLOSED:
            kept = "SELECT k.posting AS id, k.person_id, k.unit_id, k.joined, k.departed FROM training_keptstay k"
            self._add("postings", f"{kept} WHERE k.round_id = %s", self._round.pk)
        else:
            self._add("postings", "SELECT id, person_id, unit_id, joined, departed FROM organisation_posting")

    def _people(self) -> None:
        """Every stay of every person in a unit of the round, with the next stay's first day."""
        narrowed, some = "", list[Any]()
        if self._units is not None:
            narrowed = (
                " AND p.person_id IN (SELECT q.person_id FROM postings q JOIN rounds_roundunit u ON u.unit_id = q.unit_id"
                f" WHERE u.round_id = %s{self._within('u.code')})"
            )
            some = [self._round.pk, *self._some()]
        self._postings()
        self._add(
            "begun",
            "SELECT p.id, p.person_id, p.unit_id, p.departed, COALESCE(p.joined, LAG(p.departed) OVER w) AS joined, ROW_NUMBER() OVER w AS number"
            " FROM postings p JOIN organisation_person e ON e.id = p.person_id"
            f" WHERE e.authority_id = %s{narrowed} WINDOW w AS (PARTITION BY p.person_id ORDER BY p.id)",
            self._round.authority_id, *some,
        )  # fmt: skip
        self._add(
            "stays",
            "SELECT b.id, b.person_id, b.unit_id, b.departed, b.joined, b.number, LEAD(b.joined) OVER w AS next_joined, LEAD(b.id) OVER w AS next_id"
            " FROM begun b WINDOW w AS (PARTITION BY b.person_id ORDER BY b.number)",
        )
        made_up = "e.code || '~' || CAST(s.id AS TEXT)"
        # whoever was brought in from an export may bear such an id as the own
        taken = (
            f"EXISTS (SELECT 1 FROM organisation_person o WHERE o.authority_id = e.authority_id AND o.code = {made_up})"
        )
        self._add(
            "people",
            f"SELECT CASE WHEN s.next_id IS NULL THEN e.code WHEN {taken} THEN {made_up} || '~' ELSE {made_up} END AS id, e.name, u.code AS unit,"
            " s.joined, s.departed, e.code AS person, e.id AS person_id, s.number, s.next_joined,"
            " CASE WHEN s.number = 1 AND s.next_id IS NULL THEN 0 ELSE 1 END AS moved"
            " FROM stays s JOIN organisation_person e ON e.id = s.person_id"
            " JOIN rounds_roundunit u ON u.unit_id = s.unit_id AND u.round_id = %s WHERE 1 = 1"
            f"{self._within('u.code')}",
            self._round.pk, *self._some(),
        )  # fmt: skip

    def _valid(self) -> str:
        return "t.authority_id = %s AND t.since <= %s AND t.until > %s"

    def _held(self, name: str, table: str, columns: str, more: str = "", *parameters: Any) -> None:
        self._add(
            name, f"SELECT {columns} FROM {table} t WHERE {self._valid()}{more}",
            self._round.authority_id, self._at, self._at, *parameters,
        )  # fmt: skip

    def _of_people(self, name: str, table: str, columns: str, day: str, join: str = "") -> None:
        """Records of persons: of those who never moved as they stand, of the others each in the stay of its day.

        CROSS JOIN has SQLite begin with the few who moved; it would begin with the activities.
        """
        valid, at = self._valid(), (self._round.authority_id, self._at, self._at)
        narrowed = "" if self._units is None else " AND t.person IN (SELECT m.person FROM people m WHERE m.moved = 0)"
        self._add(
            name,
            f"SELECT {columns.format(person='t.person')} FROM {table} t WHERE {valid}{narrowed}"
            " AND t.person NOT IN (SELECT m.person FROM people m WHERE m.moved = 1)"
            f" UNION ALL SELECT {columns.format(person='s.id')} FROM people s CROSS JOIN {table} t {join}"
            f" WHERE s.moved = 1 AND t.person = s.person AND {valid} AND (s.number = 1 OR s.joined <= {day})"
            f" AND (s.next_joined IS NULL OR {day} < s.next_joined)",
            *at, *at,
        )  # fmt: skip


def day_of(value: date | str) -> date:
    """Return a day as a scope answers it: SQLite keeps days as text, and says so of one that passed through SQL."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _day(day: date) -> Any:
    return day if connection.vendor == "postgresql" else day.isoformat()
