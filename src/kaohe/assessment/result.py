"""The result of a round as one value, and the same as the plain data of `results.json`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kaohe.assessment.scoring import CriterionScore, UnitResult
from kaohe.standard.figures import Measure, half_up, two_places
from kaohe.standard.files import StandardFile
from kaohe.standard.model import Standard

METRIC_ORDER = (
    "participation_rate", "self_study_rate", "online_rate", "quota_fill_rate", "class_points", "city_contest_kinds",
    "city_finals", "province_entries", "province_placings", "textbook_rate", "handbook_rate", "appraisal_rate",
    "bulletin_count",
)  # fmt: skip
"""The metrics that results print, in the order of `data-format.md`."""
COUNTS = frozenset({"city_contest_kinds", "city_finals", "province_entries", "province_placings", "bulletin_count"})

Why = Callable[[CriterionScore, UnitResult], str]


@dataclass(frozen=True, slots=True)
class Round:
    """A round: its kind in the standard (`annual`), year, and period, both days included."""

    kind: str
    year: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: its name, the SHA-256 of its bytes (hex), and the rows it held."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class RoundResult:
    """All results of one round under one standard: units ranked, in the order of their codes."""

    file: StandardFile
    round: Round
    units: tuple[UnitResult, ...]
    inputs: tuple[InputFile, ...] = ()

    @property
    def standard(self) -> Standard:
        """The standard that judged."""
        return self.file.standard

    @property
    def unscored(self) -> tuple[UnitResult, ...]:
        """The units that cannot be published, because something of theirs is unscored."""
        return tuple(unit for unit in self.units if unit.unscored)

    def unit(self, code: str) -> UnitResult:
        """Return the result of one unit; KeyError where there is none of that code."""
        for unit in self.units:
            if unit.unit.code == code:
                return unit
        raise KeyError(code)


def results_data(result: RoundResult, why: Why | None = None) -> dict[str, Any]:
    """Return the plain data of `results.json`, keys in their order; `why` adds each point's sentence."""
    standard, a_round = result.standard, result.round
    return {
        "standard": {"id": standard.id, "version": standard.version, "digest": result.file.digest},
        "round": {
            "kind": a_round.kind, "year": a_round.year,
            "start": a_round.start.isoformat(), "end": a_round.end.isoformat(),
        },
        "units": [_unit(unit, why) for unit in result.units],
    }  # fmt: skip


def _unit(result: UnitResult, why: Why | None) -> dict[str, Any]:
    unit = result.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "peer_group": unit.peer_group,
        "headcount": unit.headcount,
        "metrics": {name: printed_metric(name, unit.metrics[name]) for name in METRIC_ORDER},
        "criteria": [_criterion(score, result, why) for score in result.criteria],
        "not_applicable": list(result.not_applicable),
        "unscored": list(result.unscored),
        "base": _printed(result.base),
        "bonus": _printed(result.bonus),
        "total": _printed(result.total),
        "verified": result.verified,
        "band": result.band.id if result.band else None,
        "rank": result.rank,
        "group_rank": result.group_rank,
    }


def _criterion(score: CriterionScore, result: UnitResult, why: Why | None) -> dict[str, Any]:
    row = {
        "id": score.criterion.id,
        "kind": score.criterion.kind,
        "points": _printed(score.criterion.points),
        "score": _printed(score.score),
        "source": score.source,
        "self": _printed(score.self_score),
        "measured": _printed(score.measured),
    }
    return row | {"why": why(score, result)} if why else row


def printed_metric(name: str, measure: Measure) -> str | int | None:
    """Print a metric: counts as integers, rates and means with six places (half up), absent as None."""
    if measure is None or measure[1] == 0:
        return None
    if name in COUNTS:
        return measure[0]
    return str(half_up(Fraction(*measure), 6))


def _printed(points: Decimal | None) -> str | None:
    return None if points is None else str(two_places(points))
