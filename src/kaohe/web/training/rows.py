"""Rows of a file against what is there: the same for the organisation and for the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Image = dict[str, Any]
Kind = Literal["new", "changed", "unchanged", "absent"]
KINDS: tuple[Kind, ...] = ("new", "changed", "unchanged", "absent")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file against the table; `after` holds the fields of the file alone, None where the file lacks the row."""

    n: int
    key: str
    kind: Kind
    before: Image | None
    after: Image | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a row in the light of the table, which the reader of files cannot know."""

    code: str
    n: int
    column: str
    found: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
