"""What rests on a change of the ledger, and on people and units: what stands against taking them back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kaohe.web.organisation.models import Unit
from kaohe.web.training.changes import Rows
from kaohe.web.training.columns import KEPT_TABLES, Kept
from kaohe.web.training.laid import key_of
from kaohe.web.training.models import LedgerChange
from kaohe.web.training.rows import Image
from kaohe.web.training.scope import head_of_ledger

AT_ONCE = 500
SHOWN = 20
"""How many of the rows are told; the others are counted."""

CHANGED = ("后来又改过或已去掉", "changed again later, or ended")
GIVEN = ("后来又重新导入", "brought in again later")
RESTS = ("后来的出勤或名额以它为根据", "later attendance or quotas rest on it")
GONE = ("它引用的活动、人员或单位已不在", "the activity, person or unit that it refers to is no longer there")
DIFFERS = ("同一竞赛后来的记录与它不一致", "later entries of the same contest differ from it")
NOT_CLASS = ("后来给它下达了名额，撤回后它不再是调训班", "it was given quotas later, and would no longer be a class")
NO_LONGER_CLASS = ("它是名额，而活动后来不再是调训班", "it is a quota, and its activity is no longer a class")


@dataclass(frozen=True, slots=True)
class Rests:
    """A row that stands against taking a change back, and why, in Chinese and in English."""

    table: str
    image: Image
    why: tuple[str, str]

    @property
    def key(self) -> str:
        """How people call it."""
        return key_of(KEPT_TABLES[self.table], self.image)


@dataclass(frozen=True, slots=True)
class Resting:
    """How many rows stand against taking a change back, and the first of them."""

    count: int
    first: tuple[Rests, ...]

    def __bool__(self) -> bool:
        return self.count > 0


def resting_on(change: LedgerChange, authority: Unit) -> Resting:
    """Return what stands against taking a change back that is in force.

    Rows of it that later changes have changed or ended; records that it ended and that have come in again; attendance and
    quotas of an activity that only it brought, or made a class; entries of a contest that it described otherwise; what
    would come back without what it refers to; and quotas that would come back to an activity that is no class by now.
    """
    count, first = 0, list[Rests]()
    for question in _questions(_Rests(change, head_of_ledger(authority.pk), Rows.of(change))):
        found = question.count()
        if found:
            count += found
            first += [Rests(question.kept.name, row, question.why) for row in question.rows()]
    return Resting(count, tuple(first[:SHOWN]))


def people_in_use(authority: Unit, codes: Collection[str], but: LedgerChange | None = None) -> dict[str, int]:
    """Return how many records of the ledger concern people, for those whom any concern; such as are being written count.

    but: a change whose own records do not count.
    """
    return _in_use(authority, codes, "person", but)


def units_in_use(authority: Unit, codes: Collection[str], but: LedgerChange | None = None) -> dict[str, int]:
    """Return how many records of the ledger name units, for those that any names; such as are being written count.

    but: a change whose own records do not count.
    """
    return _in_use(authority, codes, "unit", but)


def _in_use(authority: Unit, codes: Collection[str], column: str, but: LedgerChange | None) -> dict[str, int]:
    found, head, asked = dict[str, int](), head_of_ledger(authority.pk), sorted(set(codes))
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for kept in (kept for kept in KEPT_TABLES.values() if column in kept.columns):
            query = (
                f"SELECT t.{column}, COUNT(*) FROM {kept.stored} t WHERE t.authority_id = %s AND t.until > %s AND COALESCE(t.origin, t.since) <> %s"
                f" AND t.{column} IN ({', '.join(['%s'] * len(some))}) GROUP BY t.{column}"
            )
            with connection.cursor() as cursor:
                cursor.execute(query, [authority.pk, head, but.number if but else 0, *some])
                for code, count in cursor.fetchall():
                    found[code] = found.get(code, 0) + count
    return found


# --- the conditions


@dataclass(frozen=True, slots=True)
class _Rests:
    """A change, the state of the ledger today, and how the rows of the change are found."""

    change: LedgerChange
    head: int
    rows: Rows

    def now(self, row: str) -> str:
        """Write the condition that a row holds."""
        return f"{row}.authority_id = {self.change.authority_id} AND {row}.since <= {self.head} AND {row}.until > {self.head}"

    def later(self, kept: Kept, row: str) -> str:
        """Write the condition that a row holds that a later change brought; the first part narrows it to few rows."""
        first = self.rows.after.above.get(kept.stored, 0) if self.rows.after else 0
        return f"{row}.id > {int(first)} AND +{self.now(row)} AND COALESCE({row}.origin, {row}.since) > {self.change.number}"


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether there are rows `t`, and what it means that there are any.

    less: rows `t` that are counted against them; listed: which of them are named.
    """

    kept: Kept
    where: str
    why: tuple[str, str]
    less: str = ""
    listed: str = ""

    def count(self) -> int:
        """Return how many there are."""
        return self._counted(self.where) - (self._counted(self.less) if self.less else 0)

    def rows(self) -> list[dict[str, Any]]:
        """Return the first of them."""
        columns = ", ".join(f"t.{column}" for column in self.kept.held_columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM {self.kept.stored} t WHERE {self.where}{self.listed} ORDER BY t.id LIMIT {SHOWN}"
            )
            return [dict(zip(self.kept.columns, row, strict=True)) for row in cursor.fetchall()]

    def _counted(self, where: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {self.kept.stored} t WHERE {where}")
            return int(cursor.fetchone()[0])


def _questions(rests: _Rests) -> Iterator[_Question]:
    if rests.head > rests.change.number:
        for kept in KEPT_TABLES.values():
            yield _changed_again(kept, rests)
            yield _given_again(kept, rests)
        yield from _later_records(rests)
    for kept in KEPT_TABLES.values():
        for gone in _gone(kept, rests):
            yield _Question(kept, f"{rests.rows.ended()} AND {gone}", GONE)
    quotas = KEPT_TABLES["quotas"]
    no_class = f"EXISTS (SELECT 1 FROM training_activity x WHERE {_then(rests)} AND x.form <> 'class')"
    yield _Question(quotas, f"{rests.rows.ended()} AND {no_class}", NO_LONGER_CLASS)


def _same(kept: Kept, row: str) -> str:
    """Write the condition that another row is of the same record as `t`."""
    key = kept.table.key or kept.columns
    names = [name for name, column in zip(kept.held_columns, kept.columns, strict=True) if column in key]
    return " AND ".join(f"{row}.{name} = t.{name}" for name in (*names, *(("round_id",) if kept.of_round else ())))


def _changed_again(kept: Kept, rests: _Rests) -> _Question:
    """Rows that the change brought and that are no longer there; such as came back by undoing what ended them are."""
    rows, head = rests.rows, rests.head
    back = f"{rows.returned('{0}')} AND {rests.now('{0}')}"
    here = f"SELECT COUNT(*) FROM {kept.stored} q WHERE {back.format('q')} AND {_same(kept, 'q')}"
    lost = f"{rows.brought(kept, 'p')} AND p.until <= {head} AND p.id <= t.id"
    as_many = f"SELECT COUNT(*) FROM {kept.stored} p WHERE {lost} AND {_same(kept, 'p')}"
    listed = f" AND ({here}) < ({as_many})"
    return _Question(kept, f"{rows.brought(kept)} AND t.until <= {head}", CHANGED, back.format("t"), listed)


def _given_again(kept: Kept, rests: _Rests) -> _Question:
    """Records that the change ended, without a row of its own in their place, and whose key a later change gave again."""
    number = rests.change.number
    own = f"SELECT 1 FROM {kept.stored} m WHERE m.authority_id = t.authority_id AND {_same(kept, 'm')} AND m.since = {number}"
    given = f"SELECT 1 FROM {kept.stored} n WHERE {rests.now('n')} AND {_same(kept, 'n')} AND COALESCE(n.origin, n.since) > {number}"
    return _Question(kept, f"{rests.rows.ended()} AND NOT EXISTS ({own}) AND EXISTS ({given})", GIVEN)


def _later_records(rests: _Rests) -> Iterator[_Question]:
    """Later records that agree with what the change brought, and would not with what was before."""
    activities, rows = KEPT_TABLES["activities"], rests.rows
    before = f"SELECT y.code FROM training_activity y WHERE {rows.ended('y')}"
    only_its = (
        f"SELECT x.code FROM training_activity x WHERE {rows.brought(activities, 'x')} AND x.code NOT IN ({before})"
    )
    for kept in (kept for kept in KEPT_TABLES.values() if kept.of_activity):
        yield _Question(kept, f"{rests.later(kept, 't')} AND t.activity IN ({only_its})", RESTS)
    quotas, contests = KEPT_TABLES["quotas"], KEPT_TABLES["contests"]
    yield _Question(quotas, f"{rests.later(quotas, 't')} AND t.activity IN ({before} AND y.form <> 'class')", NOT_CLASS)
    differs = "x.contest = t.contest AND (x.kind <> t.kind OR x.level <> t.level OR x.held_on <> t.held_on)"
    other = f"SELECT 1 FROM training_contestentry x WHERE {rows.ended('x')} AND {differs}"
    yield _Question(contests, f"{rests.later(contests, 't')} AND EXISTS ({other})", DIFFERS)


def _gone(kept: Kept, rests: _Rests) -> Iterator[str]:
    """What a row that comes back refers to is neither there nor comes back with it."""
    authority = rests.change.authority_id
    if kept.of_activity:
        yield f"NOT EXISTS (SELECT 1 FROM training_activity x WHERE {_then(rests)})"
    if "person" in kept.columns:
        yield f"t.person NOT IN (SELECT e.code FROM organisation_person e WHERE e.authority_id = {authority})"
    if "unit" in kept.columns:
        yield f"t.unit NOT IN (SELECT u.code FROM organisation_unit u WHERE u.authority_id = {authority} OR u.id = {authority})"


def _then(rests: _Rests) -> str:
    """Write the condition that `x` is the activity of a row `t` as it will be once the change is taken back."""
    there = f"({rests.now('x')} AND x.since <> {rests.change.number}) OR ({rests.rows.ended('x')})"
    return f"x.authority_id = {rests.change.authority_id} AND x.code = t.activity AND ({there})"
