"""Files of the ledger written, laid beside it, landed and taken back, as an import does it."""

import csv
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from kaohe.ledger.organisation import ORGANISATION
from kaohe.ledger.reading import Ledger, open_ledger
from kaohe.ledger.tables import BY_NAME
from kaohe.terms import terms_of
from kaohe.web.accounts.models import User
from kaohe.web.training.bounds import Bounds
from kaohe.web.training.columns import KEPT_TABLES
from kaohe.web.training.landing import begin, come_into_force, land, land_return
from kaohe.web.training.laying import Laid, form_for, lay_beside
from kaohe.web.training.models import LedgerChange
from kaohe.web.training.scope import head_of_ledger
from kaohe.web.training.touching import touched_units
from tests.web.city import City
from tests.web.training.loaded import FILE, NOW, round_at

T = TypeVar("T")
Tables = Mapping[str, Sequence[Sequence[str]]]
"""Rows by table, each with the cells of all columns in the order of `data-format.md`."""

BASE: Tables = {
    "activities": [
        ("A1", "", "half_day", "公文", "2010-03-01", "2010-03-01", "3.5"),
        ("A2", "D01", "lecture", "讲座", "2010-04-01", "2010-04-02", "6"),
        ("A3", "", "class", "调训班", "2010-05-01", "2010-05-05", "30"),
        ("A9", "", "online", "去年的课", "2009-05-01", "2009-05-01", "2"),
    ],
    "attendance": [
        ("A1", "P1", "present", ""),
        ("A1", "P3", "present", "2.5"),
        ("A2", "P1", "leave", ""),
        ("A3", "P2", "present", "30"),
        ("A9", "P1", "present", ""),
    ],
    "quotas": [("A3", "D01", "2"), ("A3", "D02", "1")],
    "contests": [("K1", "writing", "city", "P1", "2010-06-01", "二等奖"), ("K1", "writing", "city", "P3", "2010-06-01", "")],
    "supplies": [("D01", "textbook", "10", "8"), ("D02", "handbook", "3", "3")],
    "appraisals": [("P1", "2010-07-01", "合格"), ("P1", "2010-07-01", "合格"), ("P3", "2010-07-01", "优秀")],
    "bulletins": [("D01", "2010-08-01", "news", "简报"), ("D02", "2010-08-01", "experience", "做法")],
    "judgements": [("D01", "A1", "self", "5", "张三", "", ""), ("D01", "A1", "review", "4", "李四", "缺方案", "第3页")],
}  # fmt: skip


def bounds_in(
    city: City, at: str = "0001", *, kind: str = "annual", within: str = "", forms: Sequence[str] = ()
) -> Bounds:
    """What an import may hold at an authority of the city, in a new round of this kind."""
    authority = city.units[at]
    made = round_at(authority, User.objects.get(username="office"), kind)
    return Bounds(authority, made, city.units[within or at], frozenset(forms) or None)


def ended(work: Generator[Any, None, T]) -> T:
    """Run a generator to its end and return what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


@contextmanager
def read(bounds: Bounds, tables: Tables, lacking: Sequence[str] = ()) -> Iterator[Ledger]:
    """Read tables as an import does; `lacking`: columns that the files do not have."""
    with tempfile.TemporaryDirectory() as name:
        for table, rows in tables.items():
            organised = {one.name: one for one in ORGANISATION.tables}
            columns = [column.name for column in organised.get(table, BY_NAME[table]).columns]
            with (Path(name) / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                for row in [columns, *rows]:
                    writer.writerow([cell for column, cell in zip(columns, row, strict=False) if column not in lacking])
        form = form_for(bounds, tables)
        with open_ledger(Path(name), terms_of(FILE.standard), form=form) as ledger:
            yield ledger


def lay(bounds: Bounds, tables: Tables, into: Path, *, complete: bool = False, lacking: Sequence[str] = ()) -> Laid:
    """Read tables and lay them beside the ledger."""
    into.mkdir(parents=True, exist_ok=True)
    with read(bounds, tables, lacking) as ledger:
        return ended(lay_beside(ledger, bounds, into, complete=complete))


def bring_in(
    bounds: Bounds, tables: Tables, into: Path, *, complete: bool = False, lacking: Sequence[str] = ()
) -> LedgerChange:
    """Read, lay, land, and let it be in force."""
    laid = lay(bounds, tables, into, complete=complete, lacking=lacking)
    assert not laid.wrongs
    change = begin(bounds.authority, NOW)
    ended(land(change, bounds, into, tables, complete))
    return in_force(bounds, change)


def take_back(bounds: Bounds, taken: LedgerChange) -> LedgerChange:
    """Take a change back."""
    change = begin(bounds.authority, NOW)
    ended(land_return(change, taken.number))
    return in_force(bounds, change)


def in_force(bounds: Bounds, change: LedgerChange) -> LedgerChange:
    """Let a change be in force."""
    units = touched_units(bounds.authority, change)
    with transaction.atomic():
        come_into_force(change, NOW, units)
    change.refresh_from_db()
    return change


def state(bounds: Bounds) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that an authority's ledger says today: per table the rows, without their ids and numbers."""
    head = head_of_ledger(bounds.authority.pk)
    found = {}
    for name, kept in KEPT_TABLES.items():
        columns = (*kept.held_columns, *(("round_id",) if kept.of_round else ()))
        rows = kept.model._default_manager.filter(authority=bounds.authority, since__lte=head, until__gt=head)
        found[name] = sorted(rows.values_list(*columns), key=repr)
    return found


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the ledger of everybody, with its id and its numbers."""
    return {name: sorted(kept.model._default_manager.values_list()) for name, kept in KEPT_TABLES.items()}
