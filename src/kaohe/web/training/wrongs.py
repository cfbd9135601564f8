"""What is wrong with a file in the light of the ledger and of who brings it in: each check one statement over all rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import CharField

from kaohe.web.training.columns import KEPT_TABLES, Kept
from kaohe.web.training.rows import Wrong
from kaohe.web.training.surroundings import Surroundings, of_forms

LISTED = 100
"""How many are told of a table; the others are counted."""

_CONTROLS = r"[\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}\x{7f}-\x{9f}]"
"""Control characters other than those that end lines and columns."""


@dataclass(frozen=True, slots=True)
class Check:
    """A fault: its code, the column that is named, when a row `f` has it, and what its sentence needs, as SQL."""

    code: str
    column: str
    broken: str
    others: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def wrongs_of(kept: Kept, around: Surroundings) -> tuple[list[Wrong], int]:
    """Return what is wrong with a table of the file, the first by row, and how much is in all."""
    found, count = list[Wrong](), 0
    for check in (*_texts(kept), *_stays(kept, around), *_units(kept), *_bounds(kept, around), *_rules(kept, around)):
        some, more = _found(kept, check, around)
        found, count = found + some, count + more
    found.sort(key=lambda wrong: wrong.n)
    return found[:LISTED], count


def _found(kept: Kept, check: Check, around: Surroundings) -> tuple[list[Wrong], int]:
    values = "".join(f", CAST({said} AS VARCHAR)" for said in check.values.values())
    rows = around.engine.execute(
        f"SELECT COUNT(*) OVER (), f.n, left(CAST(f.{check.column} AS VARCHAR), 60){values}"
        f" FROM file_{kept.name} f {check.others} WHERE {check.broken} ORDER BY f.n LIMIT {LISTED}"
    ).fetchall()
    wrongs = [
        Wrong(check.code, n, check.column, found or "", dict(zip(check.values, said, strict=True)))
        for _, n, found, *said in rows
    ]
    return wrongs, rows[0][0] if rows else 0


def _texts(kept: Kept) -> Iterator[Check]:
    """Texts that no column can hold; what refers to another record is as long as that one's key."""
    for column, held in zip(kept.table.columns, kept.held_columns, strict=True):
        if column.kind not in ("key", "text", "place") or column.references:
            continue
        stored = kept.model._meta.get_field(held)
        if isinstance(stored, CharField) and stored.max_length:
            yield Check(
                "text_too_long",
                column.name,
                f"length(f.{column.name}) > {stored.max_length}",
                values={"most": f"'{stored.max_length}'"},
            )
        yield Check("control_character", column.name, f"regexp_matches(f.{column.name}, '{_CONTROLS}')")


def _stays(kept: Kept, around: Surroundings) -> Iterator[Check]:
    """One record of somebody who moved, given for two stays."""
    if around.moved and "person" in kept.table.key:
        same = " AND ".join(f"g.{column} = f.{column}" for column in kept.table.key)
        first = f"(SELECT MIN(g.n) FROM file_{kept.name} g WHERE {same})"
        moved = "f.person IN (SELECT s.own FROM former_stay s)"
        yield Check("key_twice", kept.table.key[-1], f"{moved} AND f.n > {first}", values={"wanted": first})


def _units(kept: Kept) -> Iterator[Check]:
    if "unit" in kept.columns:
        yield Check("unit_not_in_round", "unit", "f.unit NOT IN (SELECT r.key FROM round_unit r)")


def _bounds(kept: Kept, around: Surroundings) -> Iterator[Check]:
    """Records of others; of an activity, that which holds must be one's own too."""
    bounds, held = around.bounds, "JOIN now_activities h ON h.id = f.id"
    if bounds.narrow:
        others = "NOT COALESCE({}, false)"
        yield Check("not_yours", kept.whose, others.format(around.whose(kept, "f", "own", "then_activities")))
        if kept.name == "activities":
            yield Check("not_yours", "id", others.format(around.whose(kept, "h", "own", "now_activities")), held)
        if kept.name == "contests" and around.moved:
            # of somebody who moved, another day may be another unit's
            same = "JOIN now_contests h ON h.contest = f.contest AND h.person = f.person"
            another = f"{around.whose(kept, 'f', 'own', '')} AND {others.format(around.whose(kept, 'h', 'own', ''))}"
            yield Check("not_yours", "held_on", another, same)
    if bounds.forms is not None:
        named = "form" if kept.name == "activities" else "activity" if kept.of_activity else kept.whose
        yield Check("form_not_yours", named, f"NOT {of_forms(kept, 'f', 'then_activities', bounds.forms)}")
        if kept.name == "activities":
            yield Check("form_not_yours", "id", f"NOT {of_forms(kept, 'h', 'now_activities', bounds.forms)}", held)


def _rules(kept: Kept, around: Surroundings) -> Iterator[Check]:
    """Rules of `data-format.md` between a file and what stays beside it."""
    if kept.name == "quotas":
        yield Check(
            "quota_not_class",
            "activity",
            "a.form <> 'class'",
            "JOIN then_activities a ON a.id = f.activity",
            {"wanted": "a.form"},
        )
    if kept.name == "activities":
        offered = f"f.id IN (SELECT q.activity FROM ({around.staying(KEPT_TABLES['quotas'])}) q)"
        yield Check("class_has_quotas", "form", f"f.form <> 'class' AND {offered}")
    if kept.name == "contests":
        stay = (
            f"SELECT s.contest, MIN(s.kind) AS kind, MIN(s.level) AS level, MIN(s.held_on) AS held_on"
            f" FROM ({around.staying(kept)}) s WHERE NOT EXISTS"
            " (SELECT 1 FROM file_contests g WHERE g.contest = s.contest AND g.person = s.person) GROUP BY s.contest"
        )
        for column in ("kind", "level", "held_on"):
            yield Check(
                "contest_differs",
                column,
                f"f.{column} <> s.{column}",
                f"JOIN ({stay}) s ON s.contest = f.contest",
                {"wanted": f"s.{column}"},
            )
