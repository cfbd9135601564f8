"""Ranks: inside each peer group and overall, equal totals share a rank (1, 2, 2, 4)."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kaohe.assessment.scoring import UnitResult
from kaohe.standard.model import Standard

EVERYBODY = None
"""The key under which the figures of all groups stand together."""


def rank(standard: Standard, results: Iterable[UnitResult]) -> tuple[UnitResult, ...]:
    """Return the results with their ranks, in the order of their codes (by code point).

    A unit without a total has no rank and takes no place; under `rank: verified` an unverified unit
    likewise. Only the figure that decides (decision 7) orders units: nothing hidden breaks a tie.
    """
    ordered = sorted(results, key=lambda result: result.unit.code)
    figures: dict[str | None, list[Decimal]] = defaultdict(list)
    for result in ordered:
        figure = _deciding_figure(standard, result)
        if figure is not None:
            insort(figures[EVERYBODY], figure)
            insort(figures[result.unit.peer_group], figure)
    return tuple(_ranked(result, _deciding_figure(standard, result), figures) for result in ordered)


def _ranked(result: UnitResult, figure: Decimal | None, figures: Mapping[str | None, Sequence[Decimal]]) -> UnitResult:
    if figure is None:
        return replace(result, rank=None, group_rank=None)
    return replace(
        result, rank=_place(figure, figures[EVERYBODY]), group_rank=_place(figure, figures[result.unit.peer_group])
    )


def _place(figure: Decimal, ascending: Sequence[Decimal]) -> int:
    """One more than the number of strictly greater figures."""
    return 1 + len(ascending) - bisect_right(ascending, figure)


def _deciding_figure(standard: Standard, result: UnitResult) -> Decimal | None:
    if standard.rank == "verified" and not result.verified:
        return None
    return result.total if "ranking" in standard.bonus_counts_for else result.base


def in_order(results: Iterable[UnitResult]) -> tuple[UnitResult, ...]:
    """Return results as a ranking lists them: by rank, ties by code, units without a rank last."""
    return tuple(sorted(results, key=lambda r: (r.rank is None, r.rank or 0, r.unit.code)))
