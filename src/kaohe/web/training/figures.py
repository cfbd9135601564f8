"""What the ledger says of the units of a round: measured by `metrics.sql`, kept, and measured again where it changed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from kaohe.assessment.result import Round as Period
from kaohe.ledger.metrics import UnitMetrics, Window, measures, metrics_sql
from kaohe.terms import window_of
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.standards.queries import standard_of
from kaohe.web.training.models import UnitFigures
from kaohe.web.training.scope import Scope, scope_of

Row = dict[str, int]


def period_of(a_round: Round) -> Period:
    """Return a round as the engine knows it."""
    return Period(a_round.kind, a_round.year, a_round.start, a_round.end)


def window(a_round: Round) -> Window:
    """Return the period and the minimums of a round."""
    return window_of(standard_of(a_round.standard).standard, period_of(a_round))


def records_of(a_round: Round, units: Collection[str] | None = None) -> Scope:
    """Return a round's records as SQL, of all its units or of some."""
    return scope_of(a_round, window(a_round), units)


def measured_rows(a_round: Round, units: Collection[str] | None = None) -> dict[str, Row]:
    """Measure units of a round by `metrics.sql`: its row for each, by code."""
    columns, rows = records_of(a_round, units).rows(f"SELECT m.* FROM ({metrics_sql()}) m")
    return {str(row[0]): dict(zip(columns[1:], map(int, row[1:]), strict=True)) for row in rows}


def figures_of(a_round: Round, units: Collection[str] | None = None) -> dict[str, UnitMetrics]:
    """Return the present figures of units of a round: the kept ones, and those that are stale measured now."""
    kept = UnitFigures.objects.filter(round=a_round)
    if units is not None:
        kept = kept.filter(unit__in=units)
    rows: dict[str, Row] = {}
    stale = set[str]()
    for code, row, is_stale in kept.values_list("unit", "row", "stale"):
        if is_stale or row is None:
            stale.add(code)
        else:
            rows[code] = row
    if stale:
        rows |= measured_rows(a_round, stale)
    return _measures(rows)


def _measures(rows: dict[str, Row]) -> dict[str, UnitMetrics]:
    if not rows:
        return {}
    columns = ["unit", *next(iter(rows.values()))]
    values: list[tuple[Any, ...]] = [(code, *(row[name] for name in columns[1:])) for code, row in sorted(rows.items())]
    return measures(columns, values)


def begin_figures(a_round: Round) -> None:
    """Have the figures of all units of a round measured from now on."""
    codes = RoundUnit.objects.filter(round=a_round).values_list("code", flat=True)
    UnitFigures.objects.bulk_create([UnitFigures(round=a_round, unit=code) for code in codes], ignore_conflicts=True)


def touched(authority: int, units: Iterable[str] | None) -> None:
    """Say that something has changed on which the figures of these units rest (None: of all).

    To be called in the transaction of the change. The figures of a closed round stay.
    """
    # rows that are stale already are written too: whoever measures them just now holds them, and must be waited for
    figures = UnitFigures.objects.filter(round__authority=authority, round__state=State.REPORTING)
    if units is not None:
        figures = figures.filter(unit__in=set(units))
    figures.update(stale=True)


@transaction.atomic
def measure_stale(a_round: Round, now: datetime) -> int:
    """Measure what is stale in a round and keep it; return for how many units. Who changes it meanwhile waits."""
    held = UnitFigures.objects.select_for_update().filter(round=a_round, stale=True).order_by("pk")
    kept = {figures.unit: figures for figures in held}
    if not kept:
        return 0
    for code, row in measured_rows(a_round, kept).items():
        kept[code].row, kept[code].stale, kept[code].measured_at = row, False, now
    UnitFigures.objects.bulk_update(kept.values(), ("row", "stale", "measured_at"))
    return len(kept)
