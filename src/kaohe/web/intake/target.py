"""What the intake must know of a table that files come in for. Everything else about an import is the same for all.

A record is known by its key and seen as an image: its values as plain data, the fields of the file first (`fields`),
and whatever else is needed to tell whether it is still the same and to put it back exactly as it was.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kaohe.ledger.tables import Form
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.training.rows import Image, Row, Wrong


@dataclass(frozen=True, slots=True)
class Held:
    """A record that cannot be taken away, because `count` records of a kind (`what`: Chinese, English) rest on it."""

    key: str
    what: tuple[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a confirmation: when it happens, and when that ends which a complete file lacks."""

    on: date
    ends_on: date


class Plan(Protocol):
    """One file in the making against the table: hears every row in its order, then tells the rest."""

    def row(self, n: int, values: Mapping[str, object]) -> Row:
        """Compare a row, as the reader typed it, with the table."""

    def wrongs(self) -> Iterable[Wrong]:
        """Tell what is wrong once all rows were heard."""

    def absent(self) -> Iterator[Row]:
        """Tell what stands in the table, has not ended, and was not heard."""


class Meanwhile(Exception):
    """Raised where the table is no longer what an import was compared with; says how many rows that concerns."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class Target(Protocol):
    """A table that files come in for."""

    @property
    def table(self) -> str:
        """Its name in the reader's form."""

    @property
    def title(self) -> tuple[str, str]:
        """Its name in Chinese and in English."""

    @property
    def fields(self) -> Mapping[str, tuple[str, str]]:
        """The fields of a file beside the key, with their names in Chinese and in English, in the order of a page."""

    @property
    def longest(self) -> Mapping[str, int]:
        """The columns whose texts have a greatest length."""

    def form(self, authority: Unit) -> Form:
        """Return what the reader accepts, with the keys that exist already."""

    def plan(self, authority: Unit, present: Collection[str], folder_of: Round | None = None) -> Plan:
        """Begin to compare a file that has these columns: the others are left as they are.

        folder_of: the round whose folder it belongs to; what that round calls something is no change of it.
        """

    def images(self, authority: Unit, keys: Collection[str]) -> dict[str, Image]:
        """Return at least those of these records that are there, by key."""

    def prepare(self, rows: Iterable[Row]) -> None:
        """Work out what takes long and needs no database, before anybody is made to wait."""

    def apply(self, authority: Unit, rows: Iterable[Row], days: Days) -> None:
        """Bring rows into the table, in the caller's transaction; raise Meanwhile where a reference is gone."""

    def first_end(self, rows: Iterable[Row]) -> date | None:
        """Return the first day on which all of these absent rows could end; None where any day would do."""

    def held(
        self, authority: Unit, new: Collection[str], touched: Collection[str], own: Mapping[str, Collection[int]]
    ) -> list[Held]:
        """Return which of the new records cannot be taken away.

        What the same import touched does not hold them: records of this table (touched), of others (own, by model).
        """

    def restore(self, authority: Unit, rows: Iterable[Row]) -> None:
        """Put rows back to what they were before, in the caller's transaction, and take the new ones away."""

    def shown(self, name: str, value: object) -> str:
        """Say a value of a field in the language that is being spoken; empty where there is none."""
