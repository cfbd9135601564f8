"""What an import may hold of the ledger, as the ledger's own gate understands it; and the standard that it is read by."""

from functools import cache

from django.conf import settings

from kaohe.ledger.cells import Terms
from kaohe.ledger.tables import TABLES, Form
from kaohe.standard.files import StandardFile, read_standard
from kaohe.terms import terms_of
from kaohe.web.intake.models import CITY, Import
from kaohe.web.intake.targets import TARGETS, target_of
from kaohe.web.standards.queries import standard_of
from kaohe.web.training.bounds import Bounds
from kaohe.web.training.columns import LEDGER_TABLES


def bounds_of(found: Import) -> Bounds:
    """Return what an import may hold; it is one for a round."""
    if found.round is None:
        raise ValueError(f"import {found.pk} is for no round")
    return Bounds(found.authority, found.round, found.within, frozenset({"class"}) if found.classes_only else None)


def form_of(found: Import) -> Form:
    """Return what the reader accepts of an import."""
    from kaohe.web.training.laying import form_for  # slow import: the engine

    if found.table in TARGETS:
        return target_of(found.table).form(found.authority)
    return form_for(bounds_of(found), [table.name for table in TABLES] if found.table == CITY else [found.table])


def ledger_tables(found: Import) -> tuple[str, ...]:
    """Return the ledger's own tables that an import holds, once it was read."""
    if found.table != CITY:
        return (found.table,) if found.table in LEDGER_TABLES else ()
    return tuple(name for name in LEDGER_TABLES if name in found.counts.get("tables", {}))


def standard_for(found: Import) -> StandardFile:
    """Return the standard by which an import is read: its round's, or the house's where it is for none."""
    return standard_of(found.round.standard) if found.round else _standard(settings.CONFIGURATION.standard)


def terms_for(found: Import) -> Terms:
    """Return what the reader must know of that standard."""
    return terms_of(standard_for(found).standard)


@cache
def _standard(name: str) -> StandardFile:
    return read_standard(name)
