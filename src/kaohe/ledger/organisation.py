"""The organisation as a form of its own: units and people with the columns that only a server keeps.

`kaohe assess` reads neither these columns nor these rules. A city's own `units` and `people` files are
files of this form too: every column beyond the ledger's may be missing.
"""

from dataclasses import replace
from types import MappingProxyType

from kaohe.ledger.cells import blank_sql
from kaohe.ledger.tables import BY_NAME, Column, Form, RowRule, Table

YES_NO = MappingProxyType({"yes": "是", "no": "否"})

_CIRCLES = """JOIN (
    WITH RECURSIVE hop(step, here, there, first) AS (
        SELECT 0, code, arg_min(parent, n), MIN(n) FROM units WHERE parent <> code GROUP BY code
        UNION ALL
        SELECT a.step + 1, a.here, b.there, LEAST(a.first, b.first)
        FROM hop a JOIN hop b ON b.here = a.there WHERE a.step < 20
    )
    SELECT DISTINCT first AS n FROM hop
    WHERE step = 20 AND here IN (SELECT there FROM hop WHERE step = 20)
) circle ON circle.n = t.n"""
"""The first row of every circle of superiors.

Each step doubles the way gone, so a million units are walked in 20, and a chain of any length costs no
more. Who still has a superior then leads into a circle, and whoever is one is in it; `first` has seen
every row of it by then. A unit that is its own superior has a rule of its own.
"""

_GROUP_MISSING = f"{blank_sql('r.peer_group')} AND (t.authority = 'no' OR {blank_sql('r.authority')})"
"""Over the raw cells, since a cell that could not be read is typed as empty and has its fault already."""

UNIT_RULES = (
    RowRule("group_missing", "units", "peer_group", _GROUP_MISSING, others="JOIN raw_units r ON r.n = t.n"),
    RowRule(
        "valid_from_after_valid_to", "units", "valid_from", "t.valid_from > t.valid_to",
        wanted="CAST(t.valid_to AS VARCHAR)",
    ),
    RowRule("unit_own_parent", "units", "parent", "t.parent = t.code"),
    RowRule("unit_own_successor", "units", "successor", "t.successor = t.code"),
    RowRule("parent_circle", "units", "parent", "true", others=_CIRCLES, wanted="t.code"),
)  # fmt: skip


def _optional(column: Column) -> Column:
    return replace(column, empty=True, optional=True)


def _extended(table: Table, *more: Column, rules: tuple[RowRule, ...] = ()) -> Table:
    """Return one of the ten tables with further columns, not required, but never of headers alone."""
    columns = (*table.columns, *(_optional(column) for column in more))
    return replace(table, columns=columns, required=False, filled=True, rules=rules)


def _with_empty(table: Table, name: str) -> Table:
    """Return a table in which the cells of one column may be empty."""
    return replace(table, columns=tuple(replace(c, empty=True) if c.name == name else c for c in table.columns))


ORGANISATION_UNITS = _extended(
    _with_empty(BY_NAME["units"], "peer_group"),
    Column("official_order", "官方顺序", "whole"),
    Column("parent", "上级代码", "key", references="units"),
    Column("authority", "是否主管机关", "choice", choices=YES_NO),
    Column("valid_from", "启用日期", "day"),
    Column("valid_to", "停用日期", "day"),
    Column("successor", "并入单位代码", "key", references="units"),
    Column("office", "责任处室", "text"),
    Column("officer", "专人", "text"),
    Column("leader", "分管领导", "text"),
    Column("phone", "电话", "text"),
    rules=UNIT_RULES,
)
"""Units. An authority, such as the city's training office, may belong to no group; every other unit has one."""

ORGANISATION_PEOPLE = _extended(
    BY_NAME["people"],
    Column("post", "职务", "text"),
    Column("email", "邮箱", "text"),
    Column("phone", "电话", "text"),
)

ORGANISATION = Form((ORGANISATION_UNITS, ORGANISATION_PEOPLE))
"""What an import of the organisation may hold; say `ORGANISATION.knowing({"units": codes})` where some exist."""
