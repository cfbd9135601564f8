"""On which units' figures a change of the ledger bears."""

from collections.abc import Iterator

from django.db import connection

from kaohe.web.organisation.models import Unit
from kaohe.web.training.changes import Rows
from kaohe.web.training.columns import KEPT_TABLES
from kaohe.web.training.models import LedgerChange

MANY = 200_000
"""A change of more rows bears on everybody, without asking whom each of them concerns."""


def touched_units(authority: Unit, change: LedgerChange) -> set[str] | None:
    """Return the codes of the units on whose figures a change bears, in force or not; None where it bears on all.

    What people did counts for every unit to which they ever belonged; an activity, where it is another than before, for
    all that sent people to it or could have. Judgements are in no figure.
    """
    change.refresh_from_db()
    if change.written > MANY:
        return None
    found = set[str]()
    with connection.cursor() as cursor:
        for query in _queries(Rows.of(change)):
            cursor.execute(query)
            found |= {code for (code,) in cursor.fetchall()}
    return found


def _queries(rows: Rows) -> Iterator[str]:
    for kept in KEPT_TABLES.values():
        if kept.name in ("activities", "judgements"):
            continue
        concerned = " UNION ".join(
            f"SELECT t.{kept.whose} FROM {kept.stored} t WHERE {where}" for where in (rows.brought(kept), rows.ended())
        )
        yield _units_of_people(rows, concerned) if kept.whose == "person" else concerned
    yield from _of_activities(rows)


def _of_activities(rows: Rows) -> Iterator[str]:
    """Units with people or seats in activities that came, went, or are other than before in what figures see of them."""
    activities = KEPT_TABLES["activities"]
    same = "o.code = n.code AND o.form = n.form AND o.ends_on = n.ends_on AND o.minutes = n.minutes"
    came = f"training_activity n WHERE {rows.brought(activities, 'n')}"
    went = f"training_activity o WHERE {rows.ended('o')}"
    other = (
        f"SELECT n.code FROM {came} AND NOT EXISTS (SELECT 1 FROM {went} AND {same})"
        f" UNION SELECT o.code FROM {went} AND NOT EXISTS (SELECT 1 FROM {came} AND {same})"
    )
    authority = rows.change.authority_id
    yield _units_of_people(
        rows,
        f"SELECT t.person FROM training_attendance t WHERE t.authority_id = {authority} AND t.activity IN ({other})",
    )
    yield f"SELECT DISTINCT t.unit FROM training_quota t WHERE t.authority_id = {authority} AND t.activity IN ({other})"


def _units_of_people(rows: Rows, people: str) -> str:
    return (
        "SELECT DISTINCT u.code FROM organisation_posting q JOIN organisation_unit u ON u.id = q.unit_id"
        " JOIN organisation_person e ON e.id = q.person_id"
        f" WHERE e.authority_id = {rows.change.authority_id} AND e.code IN ({people})"
    )
