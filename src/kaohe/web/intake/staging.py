"""A stored file read and laid beside the table, row by row, in short transactions; or its faults, and no row at all."""

import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.cells import Terms
from kaohe.ledger.faultbook import LISTED
from kaohe.ledger.reading import Ledger, open_ledger
from kaohe.ledger.records import typed_rows
from kaohe.ledger.sources import Note
from kaohe.standard.files import read_standard
from kaohe.terms import terms_of
from kaohe.web.intake.models import Import, ImportRow, State
from kaohe.web.intake.storing import path_of
from kaohe.web.intake.target import Plan, Target
from kaohe.web.intake.targets import target_of
from kaohe.web.intake.values import has_control
from kaohe.web.jobs.registry import Step
from kaohe.web.training.rows import KINDS, Row, Wrong

BATCH = 10_000
T = TypeVar("T")


class Overtaken(Exception):
    """Raised in a reader whose import was dropped, or taken up by another."""


def read_import(pk: int) -> Generator[Step, None, str]:
    """Read an import from the beginning; return its state. What an earlier reader left is taken away first."""
    found = _begun(pk)
    if found is None:
        return "settled"
    try:
        with opened(found) as ledger:
            yield from _staged(found, ledger)
    except BadInput as error:
        _close(found, State.FAULTY, **told_as_data(error.faults))
    except Overtaken:
        return "overtaken"
    return Import.objects.values_list("state", flat=True).get(pk=pk)


@contextmanager
def laid_out(found: Import) -> Iterator[Path]:
    """Have the stored file under the name of its table, alone in a folder, as the reader wants it."""
    with tempfile.TemporaryDirectory(prefix="kaohe-intake-", ignore_cleanup_errors=True) as folder:
        source = path_of(found.stored)
        yield Path(shutil.copyfile(source, Path(folder) / f"{found.table}{source.suffix}"))


@contextmanager
def opened(found: Import) -> Iterator[Ledger]:
    """Read the file of an import; raise BadInput with every fault."""
    terms = _terms(settings.CONFIGURATION.standard)
    form = target_of(found.table).form(found.authority)
    with laid_out(found) as path, open_ledger(path.parent, terms, form=form) as ledger:
        yield ledger


@cache
def _terms(standard: str) -> Terms:
    return terms_of(read_standard(standard).standard)


@dataclass(slots=True)
class _Count:
    """What was laid beside the table so far, and what is wrong with it."""

    kinds: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    wrongs: list[Wrong] = field(default_factory=list)


def _staged(found: Import, ledger: Ledger) -> Generator[Step, None, None]:
    target, total, done = target_of(found.table), ledger.rows(found.table), 0
    headers = ledger.headers[found.table]
    plan, count = target.plan(found.authority, frozenset(headers)), _Count()
    for rows in _batches(_rows(target, plan, typed_rows(ledger, found.table), count)):
        _write(found, rows, count)
        done += len(rows)
        yield Step(done, min(done, total), total)
    count.wrongs += plan.wrongs()
    if count.wrongs:
        raise BadInput(_faults(count.wrongs, next(iter(ledger.files.values())).name, headers))
    for rows in _batches(plan.absent()):
        _write(found, rows, count)
        yield Step(total, total, total)
    _close(found, State.READY, counts=count.kinds, notes=[*found.notes, *map(_note, ledger.notes)])


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
        .select_related("authority")
        .filter(pk=pk, state=State.READING)
        .first()
    )
    if found is not None:
        found.attempt += 1
        found.save(update_fields=["attempt"])
        found.rows.all().delete()
    return found


@transaction.atomic
def _write(found: Import, rows: Iterable[Row], count: _Count) -> None:
    _hold(found)
    staged = [ImportRow(of=found, n=r.n, key=r.key, kind=r.kind, before=r.before, after=r.after) for r in rows]
    ImportRow.objects.bulk_create(staged)
    for row in staged:
        count.kinds[row.kind] += 1


@transaction.atomic
def _close(found: Import, state: State, **values: Any) -> None:
    _hold(found)
    if state == State.FAULTY:
        found.rows.all().delete()
    Import.objects.filter(pk=found.pk).update(state=state, **values)


def _hold(found: Import) -> None:
    """Hold the import; raise Overtaken where it is no longer this reader's."""
    mine = Import.objects.select_for_update().filter(pk=found.pk, state=State.READING, attempt=found.attempt)
    if mine.first() is None:
        raise Overtaken


# --- faults and notes as data


def _faults(wrongs: list[Wrong], file: str, headers: Mapping[str, str]) -> Faults:
    wrongs.sort(key=lambda wrong: wrong.n)
    listed = tuple(
        Fault(w.code, Place(file, w.n, headers.get(w.column, w.column)), w.found, w.values) for w in wrongs[:LISTED]
    )
    return Faults(listed, ((file, len(wrongs) - LISTED),) if len(wrongs) > LISTED else ())


def told_as_data(faults: Faults) -> dict[str, Any]:
    """Return faults as an import keeps them."""
    listed = [
        {"code": f.code, "file": f.place.file, "row": f.place.row, "column": f.place.column, "found": f.found, "values": dict(f.values)}
        for f in faults.listed
    ]  # fmt: skip
    return {"faults": _without_nul(listed), "more_faults": len(faults) - len(listed), "counts": {"faults": len(faults)}}


def faults_of(found: Import) -> list[Fault]:
    """Return the faults of an import as values."""
    return [Fault(f["code"], Place(f["file"], f["row"], f["column"]), f["found"], f["values"]) for f in found.faults]


def _note(note: Note) -> dict[str, Any]:
    noted: dict[str, Any] = _without_nul(
        {"code": note.code, "file": note.place.file, "row": note.place.row, "column": note.place.column}
    )
    return noted


def _without_nul(value: Any) -> Any:
    """PostgreSQL keeps no NUL in a text."""
    if isinstance(value, str):
        return value.replace("\0", "␀")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return {name: _without_nul(item) for name, item in value.items()} if isinstance(value, dict) else value
