"""What pages show of an import's rows and faults."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from kaohe.fault import Fault
from kaohe.web.intake.models import Import
from kaohe.web.intake.staging import faults_of
from kaohe.web.intake.target import Target
from kaohe.web.intake.targets import target_of
from kaohe.web.intake.wording import KINDS, in_file, remedy
from kaohe.web.lang.choice import say
from kaohe.web.pages.paging import Page, page_of
from kaohe.web.pages.parts import Tab
from kaohe.web.training.rows import Image

ROWS_A_PAGE = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row: what it holds, or what it was and what it is to be."""

    new: str = ""
    old: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as a page shows it; `n` is 0 for what the file lacks."""

    n: int
    key: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, and the fields of which they show anything."""

    page: Page[RowLine]
    columns: tuple[str, ...]


def kind_shown(found: Import, asked: str) -> str:
    """Return the kind of rows that is asked for, or the first that matters."""
    kinds = [kind for kind in KINDS if found.counts.get(kind)]
    return asked if asked in KINDS else next(iter(kinds), "new")


def tabs_of(found: Import, kind: str) -> list[Tab]:
    """Return the kinds of rows as filters."""
    here = reverse("import", args=[found.pk])
    return [
        Tab(f"{here}?kind={each}", say(*words), found.counts.get(each, 0), each == kind)
        for each, words in KINDS.items()
    ]


def rows_of(found: Import, kind: str, request: HttpRequest) -> Rows:
    """Return a page of rows of a kind: of those that change what differs, of the others what they hold."""
    rows = found.rows.filter(kind=kind).order_by("n", "key").values_list("n", "key", "before", "after")
    page, target = page_of(rows, request, ROWS_A_PAGE), target_of(found.table)
    pairs = [(before if kind == "changed" else None, after or before or {}) for _, _, before, after in page.rows]
    names = [name for name in target.fields if any(_tells(name, *pair, kind=kind) for pair in pairs)]
    lines = tuple(
        RowLine(n, key, str(shown["name"]), tuple(_cell(target, name, old, shown, kind) for name in names))
        for (n, key, _, _), (old, shown) in zip(page.rows, pairs, strict=True)
    )
    columns = tuple(say(*target.fields[name]) for name in names)
    return Rows(Page(lines, page.number, page.first, page.last, page.total, page.previous, page.next), columns)


def _tells(name: str, old: Image | None, shown: Image, *, kind: str) -> bool:
    """Whether a row says anything of a field; the name has a column of its own, unless it changes."""
    if kind == "changed":
        return bool((old or {}).get(name) != shown.get(name))
    return name != "name" and shown.get(name) not in (None, "", 0, "no")


def _cell(target: Target, name: str, old: Image | None, shown: Image, kind: str) -> Cell:
    new = target.shown(name, shown.get(name))
    if kind == "changed":
        return (
            Cell(new, target.shown(name, (old or {}).get(name)), differs=True)
            if _tells(name, old, shown, kind=kind)
            else Cell()
        )
    return Cell(new)


# --- faults


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault as a page shows it."""

    row: int | None
    column: str
    found: str
    said: str


def faults_shown(found: Import) -> tuple[FaultLine, ...]:
    """Return the faults that are listed."""
    return tuple(_fault_line(in_file(fault, found.file_name)) for fault in faults_of(found))


def _fault_line(fault: Fault) -> FaultLine:
    return FaultLine(fault.place.row, (fault.place.column or "").strip(), fault.found or "", remedy(fault))
