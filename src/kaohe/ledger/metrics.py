"""The metrics of a round: one portable SQL text, its rows turned into exact measures.

A measure is (above the line, below the line); a count stands over 1; 0 below the line is *absent*;
None is *missing* (the figures were never given). See `data-format.md` for what each metric counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

Measure = tuple[int, int] | None
Row = Mapping[str, int]

METRICS: Mapping[str, Callable[[Row], Measure]] = {
    "participation_rate": lambda row: (row["took_part"], row["headcount"]),
    "self_study_rate": lambda row: (row["self_studied"], row["headcount"]),
    "online_rate": lambda row: (row["studied_online"], row["headcount"]),
    "quota_fill_rate": lambda row: (row["seats_filled"], row["seats"]),
    "class_points": lambda row: (row["class_points"], row["class_rows"]),
    "city_contest_kinds": lambda row: (row["city_contest_kinds"], 1),
    "city_finals": lambda row: (row["city_finals"], 1),
    "province_entries": lambda row: (row["province_entries"], 1),
    "province_placings": lambda row: (row["province_placings"], 1),
    "textbook_rate": lambda row: (
        (row["textbooks_received"], row["textbooks_planned"]) if row["textbook_rows"] else None
    ),
    "handbook_rate": lambda row: (row["handbooks_received"], row["headcount"]),
    "appraisal_rate": lambda row: (row["appraised"], row["headcount"]),
    "bulletin_count": lambda row: (row["bulletins"], 1),
    "class_points_least": lambda row: (row["class_points_least"], min(row["class_rows"], 1)),
}


@dataclass(frozen=True, slots=True)
class Window:
    """What the metrics must know of a round: its period (both days included) and the minimums in minutes."""

    start: date
    end: date
    self_study_minutes: int
    online_minutes: int


@dataclass(frozen=True, slots=True)
class UnitMetrics:
    """One unit's headcount and measures."""

    headcount: int
    measures: Mapping[str, Measure]


def metrics_sql() -> str:
    """Return the text of `metrics.sql`, which runs unchanged on every engine."""
    return resources.files("kaohe.ledger").joinpath("metrics.sql").read_text("utf-8")


def measures(columns: list[str], rows: list[tuple[Any, ...]]) -> dict[str, UnitMetrics]:
    """Turn the rows that `metrics.sql` answered into measures, by unit code."""
    found = {}
    for values in rows:
        named = dict(zip(columns, values, strict=True))
        unit = str(named.pop("unit"))
        row = {name: int(value) for name, value in named.items()}
        found[unit] = UnitMetrics(row["headcount"], {name: read(row) for name, read in METRICS.items()})
    return found
