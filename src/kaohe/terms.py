"""What the rooms must know of each other, as plain values: a standard's rounds, and what they ask of a ledger.

Light on purpose: it loads no engine, so that a server can ask without one.
"""

from datetime import date

from kaohe.assessment.result import Round
from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.cells import Terms, normal
from kaohe.ledger.metrics import Window
from kaohe.standard.model import Standard


def round_of(standard: Standard, kind: str, year: int, start: date | None = None, end: date | None = None) -> Round:
    """Return a round of the standard in a year; `start` and `end` put another period in place of its own.

    Raises BadInput where the standard has no such round or the period ends before it starts.
    """
    if kind not in standard.rounds:
        known = {"known": "，".join(standard.rounds)}
        raise BadInput(Faults.of([Fault("round_not_in_standard", Place(standard.id), kind, known)]))
    if not 1900 <= year <= 9998:
        raise BadInput(Faults.of([Fault("year_wrong", Place("--year"), str(year))]))
    first, last = standard.rounds[kind].period(year)
    chosen = Round(kind, year, start or first, end or last)
    if chosen.start > chosen.end:
        raise BadInput(Faults.of([Fault("period_reversed", Place("--start"), f"{chosen.start} – {chosen.end}")]))
    return chosen


def terms_of(standard: Standard) -> Terms:
    """Return what the reader of a ledger must know of a standard, as plain values."""
    groups = {normal(spelling): group.id for group in standard.groups for spelling in (group.id, group.title.zh)}
    return Terms(
        groups=groups,
        criteria={criterion.id: criterion.points for criterion in standard.criteria},
        measured=frozenset(c.id for c in standard.criteria if c.kind == "measured"),
        bonuses=frozenset(bonus.id for bonus in standard.bonus),
        step=standard.step,
    )


def window_of(standard: Standard, a_round: Round) -> Window:
    """Return the period and the minimum hours that the metrics of a round ask for."""
    minimum = standard.minimum_hours
    return Window(
        a_round.start, a_round.end,
        int(minimum.self_study.hours[a_round.kind] * 60), int(minimum.online.hours[a_round.kind] * 60),
    )  # fmt: skip
