"""The new units of a city folder join the round that the folder is of: its units are those that are assessed."""

from collections.abc import Collection

from django.db.models import QuerySet

from kaohe.web.intake.models import CITY, Import, ImportRow
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.training.figures import begin_figures
from kaohe.web.training.models import UnitFigures


def joining_round(found: Import) -> QuerySet[ImportRow]:
    """Return the rows of the units that join the round with an import: new ones, of a group."""
    if found.table != CITY:
        return ImportRow.objects.none()
    return found.rows.filter(table="units", kind="new").exclude(after__peer_group="")


def join(a_round: Round, codes: Collection[str]) -> None:
    """Have units be assessed in a round, in the caller's transaction."""
    units = Unit.objects.filter(authority=a_round.authority_id, code__in=codes)
    RoundUnit.objects.bulk_create(RoundUnit.of(a_round, unit) for unit in units)
    begin_figures(a_round)


def joined(a_round: Round, codes: Collection[str]) -> QuerySet[RoundUnit]:
    """Return the units of an open round that a city folder brought; a closed one keeps its units."""
    return RoundUnit.objects.filter(round=a_round, round__state=State.REPORTING, code__in=codes)


def leave(a_round: Round, codes: Collection[str]) -> None:
    """Take units out of an open round, in the caller's transaction, with the figures that it kept of them."""
    joined(a_round, codes).delete()
    UnitFigures.objects.filter(round=a_round, round__state=State.REPORTING, unit__in=codes).delete()
