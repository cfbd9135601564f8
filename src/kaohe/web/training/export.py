"""A round's records as a city folder: the ten CSV files of `data-format.md`, which `kaohe assess` reads and Excel opens.

House rules of this file. Only what belongs to the round is written: activities by their last day and what hangs on
them, the rest by its own day or its round; no row refers to one that is left out. The same state of the ledger gives
the same bytes: rows are in the order of their keys by code point, and the archive knows no clock. Cells are what the
ledger holds, to the letter, so that the folder says exactly what the ledger says.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import connection

from kaohe.ledger.tables import TABLES, Column, Table
from kaohe.web.journal.append import change
from kaohe.web.rounds.models import Round
from kaohe.web.standards.queries import standard_of
from kaohe.web.training.figures import records_of
from kaohe.web.training.scope import Scope

_AT_ONCE = 5_000
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The day that every member of an archive bears, for a zip file must name one."""

_KNOWN_PERSON = "t.person IN (SELECT p.id FROM people p)"
_KNOWN_UNIT = "t.unit IN (SELECT u.code FROM units u)"
_OF_HELD = (
    "JOIN activities h ON h.id = t.activity CROSS JOIN the_round r"
    " WHERE h.ends_on >= r.period_start AND h.ends_on <= r.period_end"
)
_OURS = (
    f"t.unit IS NULL OR {_KNOWN_UNIT} OR t.id IN (SELECT q.activity FROM quotas q WHERE q.unit IN (SELECT u.code FROM units u))"
    " OR t.id IN (SELECT a.activity FROM attendance a WHERE a.person IN (SELECT p.id FROM people p))"
)
"""An activity of the city, of a unit of the round, or one to which such a unit sent, or could have sent, somebody."""

_FROM: Mapping[str, str] = {
    "units": "units t",
    "people": "people t",
    "activities": f"activities t CROSS JOIN the_round r WHERE t.ends_on >= r.period_start AND t.ends_on <= r.period_end AND ({_OURS})",
    "attendance": f"attendance t {_OF_HELD} AND {_KNOWN_PERSON}",
    "quotas": f"quotas t {_OF_HELD} AND {_KNOWN_UNIT}",
    "contests": f"contests t CROSS JOIN the_round r WHERE t.held_on >= r.period_start AND t.held_on <= r.period_end AND {_KNOWN_PERSON}",
    "supplies": f"supplies t WHERE {_KNOWN_UNIT}",
    "appraisals": f"appraisals t CROSS JOIN the_round r WHERE t.tested_on >= r.period_start AND t.tested_on <= r.period_end AND {_KNOWN_PERSON}",
    "bulletins": f"bulletins t CROSS JOIN the_round r WHERE t.sent_on >= r.period_start AND t.sent_on <= r.period_end AND {_KNOWN_UNIT}",
    "judgements": f"judgements t WHERE {_KNOWN_UNIT}",
}  # fmt: skip
_SELF_ALONE = " AND t.stage = 'self'"
_ORGANISER = f"CASE WHEN {_KNOWN_UNIT} THEN t.unit END"
"""Who runs an activity, where the folder has that unit."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What was exported: the digest of the zip file (`sha256:`), its size in bytes, the rows of each table."""

    digest: str
    size: int
    rows: Mapping[str, int]


def export_folder(a_round: Round, units: Collection[str] | None, folder: Path) -> dict[str, int]:
    """Write a round's records into a folder, one CSV file a table; return the rows of each.

    units: None for the whole round; else only these (by code), as they see themselves: without the judgements of
    inspection and review, which a unit never sees.
    """
    return _written(a_round, units, lambda name: (folder / name).open("wb"))


def export_archive(
    a_round: Round, units: Collection[str] | None, file: IO[bytes], actor: str, now: datetime
) -> Archive:
    """Write a round's records into a zip file, as `export_folder`, and enter it as `round:export`."""
    with ZipFile(file, "w") as archive:
        rows = _written(a_round, units, lambda name: archive.open(_member(name), "w", force_zip64=True))
    size = file.tell()
    file.seek(0)
    digest = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"  # type: ignore[arg-type]  # any binary file
    with change(actor, now) as log:
        whose = {} if units is None else {"units": sorted(units)}
        log.says("round:export", f"round {a_round.pk}", {"digest": digest, "size": size, "rows": rows, **whose})
    file.seek(0)
    return Archive(digest, size, rows)


def _member(name: str) -> ZipInfo:
    info = ZipInfo(name, _EARLIEST)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
    return info


def _written(a_round: Round, units: Collection[str] | None, opened: Callable[[str], IO[bytes]]) -> dict[str, int]:
    with _one_state():
        scope, spell = records_of(a_round, units), _Spelling(a_round)
        counts = {}
        for table in TABLES:
            with opened(f"{table.name}.csv") as file:
                counts[table.name] = _write(table, _rows(scope, table, units is not None), spell, file)
        return counts


@contextmanager
def _one_state() -> Iterator[None]:
    """Read all tables as they are at one moment, without keeping anybody waiting."""
    if connection.in_atomic_block:
        yield
        return
    repeatable = "ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN {repeatable}" if connection.vendor == "postgresql" else "BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _rows(scope: Scope, table: Table, units_alone: bool) -> Iterator[Sequence[Any]]:
    """Yield a table's rows in the order of its key (without one: of all its columns), a few thousand at a time."""
    columns = [_column(table, column) for column in table.columns]
    order = [_place(column) for column in table.columns if column.name in table.key or not table.key]
    picked = _FROM[table.name] + (_SELF_ALONE if units_alone and table.name == "judgements" else "")
    query = f"WITH {scope.text} SELECT {', '.join(columns)} FROM {picked} ORDER BY {', '.join(order)}"
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, scope.parameters)
        while some := cursor.fetchmany(_AT_ONCE):
            yield from some


def _column(table: Table, column: Column) -> str:
    if (table.name, column.name) == ("activities", "unit"):
        return _ORGANISER
    return "t.minutes" if column.kind == "hours" else f"t.{column.name}"


def _place(column: Column) -> str:
    """What rows are sorted by: texts by code point, as SQLite does by itself."""
    by_code_point = connection.vendor == "postgresql" and column.kind != "day"
    return f't.{column.name} COLLATE "C"' if by_code_point else f"t.{column.name}"


def _write(table: Table, rows: Iterator[Sequence[Any]], spell: "_Spelling", file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.header for column in table.columns])
    cells = [spell.cell_of(column) for column in table.columns]
    count = 0
    for row in rows:
        writer.writerow([cell(value) for cell, value in zip(cells, row, strict=True)])
        count += 1
    text.flush()
    text.detach()
    return count


class _Spelling:
    """How values are written: choices and groups in Chinese like the headers, everything else as it is."""

    def __init__(self, a_round: Round) -> None:
        self._groups = {group.id: group.title.zh for group in standard_of(a_round.standard).standard.groups}

    def cell_of(self, column: Column) -> Callable[[Any], str]:
        """Return what writes the cells of a column."""
        if column.kind == "hours":
            return _hours
        if column.kind == "points":
            return lambda value: f"{Decimal(str(value)):.2f}"
        words = self._groups if column.kind == "group" else column.choices
        if words:
            return lambda value: words.get(value, value)
        return lambda value: "" if value is None else str(value)


def _hours(minutes: int | None) -> str:
    """Write whole minutes as hours; a tenth of an hour is six of them."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return f"{hours}.{rest // 6}" if rest else str(hours)
