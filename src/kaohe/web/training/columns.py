"""The eight tables of the ledger as both sides know them: the reader's columns, and those of the web's own tables.

Light on purpose: it loads no engine, so that a page can say what rests on an import without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kaohe.ledger.cells import BLANKS
from kaohe.ledger.tables import BY_NAME, Column, Table
from kaohe.web.training.models import (
    Activity,
    Appraisal,
    Attendance,
    Bulletin,
    ContestEntry,
    Judgement,
    Quota,
    Record,
    Supply,
)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A table of the ledger.

    order: the columns in whose order its rows are laid and written, that of its index; whose: the column that says whom
    a record concerns; day: the column of its own day, None where its activity's day counts or it belongs to a round.
    """

    table: Table
    model: type[Record]
    order: tuple[str, ...]
    whose: str
    day: str | None = None
    of_round: bool = False

    @property
    def name(self) -> str:
        """Its name in a city folder."""
        return self.table.name

    @property
    def stored(self) -> str:
        """Its name in the database."""
        return str(self.model._meta.db_table)

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns as `metrics.sql` reads them."""
        return tuple(map(_typed_name, self.table.columns))

    @property
    def held_columns(self) -> tuple[str, ...]:
        """The same columns in the database."""
        return tuple("code" if name == "id" else name for name in self.columns)

    @property
    def of_activity(self) -> bool:
        """Whether its records are those of an activity."""
        return "activity" in self.columns


def _typed_name(column: Column) -> str:
    return "minutes" if column.kind == "hours" else column.name


def types_of(kept: Kept) -> dict[str, str]:
    """Return the engine's type of each column of a table."""
    from kaohe.ledger.columns import TYPES  # slow import: the engine

    return {_typed_name(column): TYPES.get(column.kind, "VARCHAR") for column in kept.table.columns}


def as_kept(column: Column) -> str:
    """Write a column of the reader's typed relation as the ledger keeps it: texts trimmed, hours whole minutes."""
    from kaohe.ledger.columns import KEPT, TYPES  # slow import: the engine

    name = _typed_name(column)
    if column.kind in KEPT:
        return f"NULLIF(trim({name}, '{BLANKS}'), '') AS {name}"
    return f"CAST({name} AS {TYPES.get(column.kind, 'VARCHAR')}) AS {name}"


_ALL = (
    Kept(BY_NAME["activities"], Activity, ("id",), "unit", "ends_on"),
    Kept(BY_NAME["attendance"], Attendance, ("person", "activity"), "person"),
    Kept(BY_NAME["quotas"], Quota, ("unit", "activity"), "unit"),
    Kept(BY_NAME["contests"], ContestEntry, ("person", "contest"), "person", "held_on"),
    Kept(BY_NAME["supplies"], Supply, ("unit", "item"), "unit", of_round=True),
    Kept(BY_NAME["appraisals"], Appraisal, ("person", "tested_on", "result"), "person", "tested_on"),
    Kept(BY_NAME["bulletins"], Bulletin, ("unit", "sent_on", "kind", "title"), "unit", "sent_on"),
    Kept(BY_NAME["judgements"], Judgement, ("unit", "criterion", "stage"), "unit", of_round=True),
)
KEPT_TABLES: Mapping[str, Kept] = MappingProxyType({kept.name: kept for kept in _ALL})
LEDGER_TABLES: tuple[str, ...] = tuple(KEPT_TABLES)
"""The tables of a city folder that are the ledger's own, what others rest on first."""

FIELDS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "activities": {
            "unit": ("组织单位", "Run by"), "form": ("形式", "Form"), "title": ("名称", "Title"),
            "starts_on": ("开始", "From"), "ends_on": ("结束", "To"), "hours": ("计划学时", "Planned hours"),
        },
        "attendance": {"status": ("出勤", "Attendance"), "hours": ("实到学时", "Hours")},
        "quotas": {"seats": ("名额", "Seats")},
        "contests": {
            "kind": ("类别", "Kind"), "level": ("层级", "Level"), "held_on": ("日期", "Day"), "place": ("名次", "Placing"),
        },
        "supplies": {"planned": ("应配数", "Planned"), "received": ("实配数", "Received")},
        "appraisals": {"person": ("人员", "Person"), "tested_on": ("日期", "Day"), "result": ("测评结果", "Result")},
        "bulletins": {
            "unit": ("单位", "Unit"), "sent_on": ("日期", "Day"), "kind": ("类别", "Kind"), "title": ("标题", "Title"),
        },
        "judgements": {
            "points": ("得分", "Points"), "judge": ("评分人", "Judge"), "reason": ("理由", "Reason"),
            "evidence": ("佐证", "Evidence"),
        },
    }
)  # fmt: skip
"""The fields of a record beside its key, with their names in Chinese and in English, in the order of a page."""
