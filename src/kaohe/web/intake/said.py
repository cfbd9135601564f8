"""How the fields of a table are named and their values said, for units and people and for the ledger's own tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kaohe.ledger.tables import BY_NAME, Table
from kaohe.web.intake.targets import TARGETS, target_of
from kaohe.web.intake.values import shown_plainly
from kaohe.web.lang.choice import say
from kaohe.web.training.columns import FIELDS

HEADS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "units": (("代码", "Code"), ("名称", "Name")),
    "people": (("编号", "Id"), ("姓名", "Name")),
    "activities": (("编号", "Id"), ("名称", "Title")),
}
"""What the key and the name of a table's records are called, where they have names."""
UNNAMED = (("记录", "Record"),)


class Saying(Protocol):
    """The fields of a table with their names in both languages, and their values in words; which of them names a record."""

    @property
    def fields(self) -> Mapping[str, tuple[str, str]]:
        """The fields beside the key, in the order of a page."""

    @property
    def name(self) -> str:
        """The field by which its records are called; empty where they have no names."""

    def shown(self, name: str, value: object) -> str:
        """Say a value of a field; empty where there is none."""


@dataclass(frozen=True, slots=True)
class _Organised:
    table: str

    @property
    def fields(self) -> Mapping[str, tuple[str, str]]:
        return target_of(self.table).fields

    @property
    def name(self) -> str:
        return "name"

    def shown(self, name: str, value: object) -> str:
        return target_of(self.table).shown(name, value)


@dataclass(frozen=True, slots=True)
class _Recorded:
    table: Table

    @property
    def fields(self) -> Mapping[str, tuple[str, str]]:
        return FIELDS[self.table.name]

    @property
    def name(self) -> str:
        return "title" if self.table.name == "activities" else ""

    def shown(self, name: str, value: object) -> str:
        choices = next((column.choices for column in self.table.columns if column.name == name), {})
        text = shown_plainly(value)
        return say(choices[text], text) if text in choices else text


def saying_of(table: str) -> Saying:
    """Return how a table is said."""
    return _Organised(table) if table in TARGETS else _Recorded(BY_NAME[table])
