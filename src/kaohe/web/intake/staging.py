"""A stored file read and laid beside the tables, row by row, in short transactions; or its faults, and no row at all.

Rows of units and people are kept in the database; those of the ledger's own tables in a folder beside the file.
"""

import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.annotated import REMEDY_HEADERS
from kaohe.ledger.faultbook import LISTED
from kaohe.ledger.reading import Ledger, open_ledger
from kaohe.ledger.records import typed_rows
from kaohe.ledger.sources import Note
from kaohe.web.intake.bounds import bounds_of, form_of, terms_for
from kaohe.web.intake.faults import note_as_data, told_as_data
from kaohe.web.intake.joining import joining_round
from kaohe.web.intake.models import CITY, Import, ImportRow, State
from kaohe.web.intake.storing import begin_laid, path_of, remove_laid
from kaohe.web.intake.target import Plan, Target
from kaohe.web.intake.targets import TARGETS, target_of
from kaohe.web.intake.unpacking import unpack
from kaohe.web.intake.values import has_control
from kaohe.web.jobs.registry import Step
from kaohe.web.training.columns import LEDGER_TABLES
from kaohe.web.training.laying import MEMORY, Laid, lay_beside
from kaohe.web.training.rows import KINDS, Row, Wrong

BATCH = 10_000
T = TypeVar("T")
Told = dict[str, Any]


class Overtaken(Exception):
    """Raised in a reader whose import was dropped, or taken up by another."""


def read_import(pk: int) -> Generator[Step, None, str]:
    """Read an import from the beginning; return its state. What an earlier reader left is taken away first."""
    found = _begun(pk)
    if found is None:
        return "settled"
    try:
        terms, form = terms_for(found), form_of(found)
        with laid_out(found) as (folder, told), open_ledger(folder, terms, form=form, memory=MEMORY) as ledger:
            yield from _Reading(found, ledger, told).run()
    except BadInput as error:
        _close(found, State.FAULTY, **told_as_data(error.faults))
    except Overtaken:
        return "overtaken"
    return Import.objects.values_list("state", flat=True).get(pk=pk)


@contextmanager
def laid_out(found: Import) -> Iterator[tuple[Path, list[Told]]]:
    """Have what an import holds in a folder, each file under the name of its table, and what was ignored on the way.

    Raises BadInput where it is an archive that is not to be read.
    """
    with tempfile.TemporaryDirectory(prefix="kaohe-intake-", ignore_cleanup_errors=True) as name:
        source, folder, told = path_of(found.stored), Path(name), list[Told]()
        if found.table == CITY:
            unpacked = unpack(source, folder, found.file_name)
            if unpacked.ignored:
                told.append({"code": "files_ignored", "count": unpacked.count, "names": list(unpacked.ignored)})
        else:
            shutil.copyfile(source, folder / f"{found.table}{source.suffix}")
        yield folder, told


@dataclass(slots=True)
class _Count:
    """What was laid beside a table so far, and what is wrong with it."""

    kinds: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    wrongs: list[Wrong] = field(default_factory=list)


class _Reading:
    """One reading of an import, from its ledger to its counts."""

    def __init__(self, found: Import, ledger: Ledger, told: list[Told]) -> None:
        self._found, self._ledger, self._told = found, ledger, told
        self._counts: dict[str, _Count] = {}
        self._done, self._of = 0, sum(ledger.rows(table) for table in ledger.files)

    def run(self) -> Generator[Step, None, None]:
        """Compare every table, then refuse the whole with every fault, or keep it."""
        plans = {}
        for table in (table for table in TARGETS if table in self._ledger.files):
            plans[table] = yield from self._organised(table)
        laid = yield from self._laid()
        self._refuse_wrongs(laid)
        for table, plan in plans.items():
            for rows in _batches(plan.absent()):
                self._write(table, rows)
                yield Step(None, self._of, self._of)
        counts = {table: count.kinds for table, count in self._counts.items()} | dict(laid.counts if laid else {})
        _close(self._found, State.READY, counts=self._told_counts(counts), notes=self._notes(laid))

    def _organised(self, table: str) -> Generator[Step, None, Plan]:
        target, count = target_of(table), self._counts.setdefault(table, _Count())
        plan = target.plan(self._found.authority, frozenset(self._ledger.headers[table]), self._found.round)
        for rows in _batches(_rows(target, plan, typed_rows(self._ledger, table), count)):
            self._write(table, rows)
            self._done += len(rows)
            yield Step(None, min(self._done, self._of), self._of)
        count.wrongs += plan.wrongs()
        return plan

    def _write(self, table: str, rows: Iterable[Row]) -> None:
        _write(self._found, table if self._found.table == CITY else "", rows, self._counts[table])

    def _laid(self) -> Generator[Step, None, Laid | None]:
        """Lay the ledger's own tables beside what it holds; whoever was overtaken learns so at every step."""
        if not any(table in self._ledger.files for table in LEDGER_TABLES):
            return None
        found = self._found
        _still(found)
        folder = begin_laid(found.stored, found.attempt)
        laying = lay_beside(self._ledger, bounds_of(found), folder, complete=found.complete)
        while True:
            try:
                step = next(laying)
            except StopIteration as end:
                laid: Laid = end.value
                return laid
            _still(self._found)
            yield Step(None, min(self._done + step.done, self._of), self._of)

    def _refuse_wrongs(self, laid: Laid | None) -> None:
        wrongs = [(table, wrong) for table, count in self._counts.items() for wrong in count.wrongs]
        if laid is not None:
            wrongs += laid.wrongs
        if wrongs:
            raise BadInput(_faults(wrongs, self._ledger, laid.more if laid is not None else 0))

    def _told_counts(self, counts: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
        """Return the rows by kind: of all tables together and, of a city folder, of each."""
        whole: dict[str, Any] = {kind: sum(kinds.get(kind, 0) for kinds in counts.values()) for kind in KINDS}
        return whole | ({"tables": counts} if self._found.table == CITY else {})

    def _notes(self, laid: Laid | None) -> list[Told]:
        told = [*self._found.notes, *self._told, *map(note_as_data, _worth_telling(self._ledger.notes))]
        joining = joining_round(self._found).count()
        if joining:
            told.append({"code": "joins_round", "count": joining})
        if laid is not None and laid.outside:
            told.append({"code": "outside", "count": laid.outside})
        if laid is not None and laid.kept:
            told.append({"code": "kept", "count": laid.kept})
        return told


def _rows(target: Target, plan: Plan, typed: Iterable[tuple[int, dict[str, object]]], count: _Count) -> Iterator[Row]:
    """Compare every row; one with a text that no column can hold is only told."""
    for n, values in typed:
        wrongs = list(_wrong_texts(target, n, values))
        count.wrongs += wrongs
        row = plan.row(n, values)
        if not wrongs:
            yield row


def _wrong_texts(target: Target, n: int, values: Mapping[str, object]) -> Iterator[Wrong]:
    for column, most in target.longest.items():
        text = values.get(column)
        if isinstance(text, str) and len(text) > most:
            yield Wrong("text_too_long", n, column, text[:60], {"most": str(most)})
        elif isinstance(text, str) and has_control(text):
            yield Wrong("control_character", n, column, text[:60])


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


# --- what is written, each in a transaction of its own


@transaction.atomic
def _begun(pk: int) -> Import | None:
    found = (
        Import.objects.select_for_update(of=("self",))
        .select_related("authority", "within", "round__standard", "round__authority")
        .filter(pk=pk, state=State.READING)
        .first()
    )
    if found is not None:
        found.attempt += 1
        found.save(update_fields=["attempt"])
        found.rows.all().delete()
    return found


@transaction.atomic
def _write(found: Import, table: str, rows: Iterable[Row], count: _Count) -> None:
    _hold(found)
    staged = [
        ImportRow(of=found, table=table, n=r.n, key=r.key, kind=r.kind, before=r.before, after=r.after) for r in rows
    ]
    ImportRow.objects.bulk_create(staged)
    for row in staged:
        count.kinds[row.kind] += 1


@transaction.atomic
def _close(found: Import, state: State, **values: Any) -> None:
    _hold(found)
    if state == State.FAULTY:
        found.rows.all().delete()
        transaction.on_commit(lambda: remove_laid(found.stored))
    Import.objects.filter(pk=found.pk).update(state=state, **values)


def _still(found: Import) -> None:
    """Raise Overtaken where the import is no longer this reader's."""
    if not Import.objects.filter(pk=found.pk, state=State.READING, attempt=found.attempt).exists():
        raise Overtaken


def _hold(found: Import) -> None:
    """Hold the import; raise Overtaken where it is no longer this reader's."""
    mine = Import.objects.select_for_update().filter(pk=found.pk, state=State.READING, attempt=found.attempt)
    if mine.first() is None:
        raise Overtaken


# --- what is told


def _worth_telling(notes: Iterable[Note]) -> Iterator[Note]:
    """Leave out that our own remarks were ignored, where a marked copy was put right and comes back."""
    return (note for note in notes if note.code != "column_ignored" or note.place.column not in REMEDY_HEADERS)


# --- what is wrong


def _faults(wrongs: Iterable[tuple[str, Wrong]], ledger: Ledger, more: int) -> Faults:
    """Return what is wrong, the first hundred a file; `more` beside those that are given count with the last file."""
    by_table: dict[str, list[Wrong]] = {}
    for table, wrong in wrongs:
        by_table.setdefault(table, []).append(wrong)
    listed, counted = list[Fault](), dict[str, int]()
    for table, some in by_table.items():
        file, headers = ledger.files[table].name, ledger.headers[table]
        some.sort(key=lambda wrong: wrong.n)
        listed += [Fault(w.code, Place(file, w.n, headers.get(w.column, w.column)), w.found, w.values) for w in some[:LISTED]]  # fmt: skip
        counted[file] = max(len(some) - LISTED, 0)
    counted[listed[-1].place.file] += more
    return Faults(tuple(listed), tuple((file, count) for file, count in counted.items() if count))
