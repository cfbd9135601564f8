"""What pages show of an import's rows and faults."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from kaohe.fault import Fault
from kaohe.web.intake.bounds import ledger_tables
from kaohe.web.intake.faults import faults_of
from kaohe.web.intake.models import CITY, Import
from kaohe.web.intake.naming import Names, heading_of, names_of, parts_of
from kaohe.web.intake.said import HEADS, UNNAMED, Saying, saying_of
from kaohe.web.intake.storing import laid_folder
from kaohe.web.intake.targets import TARGETS
from kaohe.web.intake.titles import title_of
from kaohe.web.intake.wording import KINDS, in_file, remedy
from kaohe.web.lang.choice import say
from kaohe.web.pages.paging import Page, page_of, with_rows
from kaohe.web.pages.parts import Tab
from kaohe.web.training.rows import Image, Kind, Row

ROWS_A_PAGE = 60
LONG = 24
"""The characters of a cell that still stand in one line."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row: what it holds, or what it was and what it is to be."""

    new: str = ""
    old: str = ""
    differs: bool = False

    @property
    def long(self) -> bool:
        """Whether it is to be broken into lines."""
        return max(len(self.new), len(self.old)) > LONG


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as a page shows it; `n` is 0 for what the file lacks."""

    n: int
    key: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows; what a record's key is called and, where records have names, its name; then what else is told."""

    page: Page[RowLine]
    heads: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of an import a page shows: of which table, of which kind."""

    table: str
    kind: str


def asked_of(found: Import, query: Mapping[str, str]) -> Asked:
    """Return the rows that are asked for, or the first that matter."""
    tables = tables_of(found)
    table = query.get("table", "")
    if table not in tables:
        table = next((name for name in tables if _changes(found, name)), tables[0])
    kinds = [kind for kind in KINDS if _counts(found, table).get(kind)]
    kind = query.get("kind", "")
    return Asked(table, kind if kind in KINDS else next(iter(kinds), "new"))


def tables_of(found: Import) -> tuple[str, ...]:
    """Return the tables that an import holds, in the order of a city folder."""
    if found.table != CITY:
        return (found.table,)
    held = found.counts.get("tables", {})
    return tuple(name for name in (*TARGETS, *ledger_tables(found)) if name in held)


def _counts(found: Import, table: str) -> Mapping[str, int]:
    counts: Mapping[str, int] = found.counts.get("tables", {}).get(table, {}) if found.table == CITY else found.counts
    return counts


def _changes(found: Import, table: str) -> int:
    """Return how many records of a table a confirmation changes."""
    counts = _counts(found, table)
    return sum(counts.get(kind, 0) for kind in ("new", "changed", *(["absent"] if found.complete else [])))


def table_tabs(found: Import, asked: Asked) -> list[Tab]:
    """Return the tables of a city folder as filters, each with what it changes; none where there is one table."""
    here, tables = reverse("import", args=[found.pk]), tables_of(found)
    tabs = [Tab(f"{here}?table={name}", title_of(name), _changes(found, name), name == asked.table) for name in tables]
    return tabs if found.table == CITY else []


def tabs_of(found: Import, asked: Asked) -> list[Tab]:
    """Return the kinds of rows as filters."""
    here = reverse("import", args=[found.pk])
    of = {"table": asked.table} if found.table == CITY else {}
    return [
        Tab(f"{here}?{urlencode({**of, 'kind': kind})}", say(*words), _counts(found, asked.table).get(kind, 0), kind == asked.kind)
        for kind, words in KINDS.items()
    ]  # fmt: skip


def rows_of(found: Import, asked: Asked, request: HttpRequest) -> Rows:
    """Return a page of rows: of those that change what differs, of the others what they hold."""
    page = _page(found, asked, request)
    saying, parts = saying_of(asked.table), parts_of(found, asked.table)
    fields = [
        name for name in saying.fields if name not in parts and any(_tells(saying, name, row) for row in page.rows)
    ]
    names = names_of(found, () if asked.table in TARGETS else _images(page.rows))
    said = _Said(asked.table, saying, parts, tuple(fields), names)
    columns = (*map(heading_of, parts), *(say(*saying.fields[name]) for name in fields))
    heads = tuple(say(*words) for words in HEADS.get(asked.table, UNNAMED))
    return Rows(with_rows(page, map(said.line, page.rows)), heads, columns)


def _page(found: Import, asked: Asked, request: HttpRequest) -> Page[Row]:
    if asked.table in TARGETS:
        rows = found.rows.filter(kind=asked.kind, table=asked.table if found.table == CITY else "")
        values = rows.order_by("n", "key").values_list("n", "key", "before", "after")
        page = page_of(values, request, ROWS_A_PAGE)
        kind = cast(Kind, asked.kind)
        return with_rows(page, (Row(n, key, kind, before, after) for n, key, before, after in page.rows))
    laid = _LaidRows(found, asked)
    return page_of(laid, request, ROWS_A_PAGE, len(laid))


class _LaidRows(Sequence[Row]):
    """The rows that were laid beside the ledger, of which a page reads its own."""

    def __init__(self, found: Import, asked: Asked) -> None:
        self._folder, self._asked = laid_folder(found.stored, found.attempt), asked
        self._count = _counts(found, asked.table).get(asked.kind, 0)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, rows: slice) -> list[Row]:  # type: ignore[override]
        from kaohe.web.training.laid import laid_rows  # slow import: the engine

        start = rows.start or 0
        return laid_rows(self._folder, self._asked.table, self._asked.kind, start, (rows.stop or 0) - start)


def _images(rows: Iterable[Row]) -> Iterator[Image]:
    return (image for row in rows for image in (row.before, row.after) if image)


def _shown(row: Row) -> Image:
    return row.after or row.before or {}


@dataclass(frozen=True, slots=True)
class _Said:
    """A table's rows in words: what their keys stand for (`parts`), then their fields."""

    table: str
    saying: Saying
    parts: tuple[str, ...]
    fields: tuple[str, ...]
    names: Names

    def line(self, row: Row) -> RowLine:
        """Say a row."""
        shown = _shown(row)
        stands = (Cell(self.names.said(self.table, part, shown)) for part in self.parts)
        cells = (*stands, *(self._cell(name, row) for name in self.fields))
        return RowLine(row.n, row.key, str(shown.get(self.saying.name, "")), cells)

    def _cell(self, name: str, row: Row) -> Cell:
        if row.kind != "changed":
            return Cell(self._value(name, _shown(row)))
        if not _tells(self.saying, name, row):
            return Cell()
        return Cell(self._value(name, _shown(row)), self._value(name, row.before or {}), differs=True)

    def _value(self, name: str, image: Image) -> str:
        """Say a value; a unit by its name too."""
        value = self.saying.shown(name, image.get(name))
        known = self.names.unit(value) if name == "unit" else ""
        return f"{known} {value}" if known else value


def _tells(saying: Saying, name: str, row: Row) -> bool:
    """Whether a row says anything of a field; the one that names it has a column of its own, unless it changes."""
    if row.kind == "changed":
        return bool((row.before or {}).get(name) != _shown(row).get(name))
    return name != saying.name and _shown(row).get(name) not in (None, "", 0, "no")


# --- faults


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault as a page shows it; `file` where there are several."""

    file: str
    row: int | None
    column: str
    found: str
    said: str


def faults_shown(found: Import) -> tuple[FaultLine, ...]:
    """Return the faults that are listed."""
    several = found.table == CITY
    named = (fault if several else in_file(fault, found.file_name) for fault in faults_of(found))
    return tuple(_fault_line(fault, several=several) for fault in named)


def _fault_line(fault: Fault, *, several: bool) -> FaultLine:
    place = fault.place
    return FaultLine(
        place.file if several else "", place.row, (place.column or "").strip(), fault.found or "", remedy(fault)
    )
