"""Which criteria and which parts of a standard a decision on its document touches, by the setting that it names.

A decision names settings by their paths (`items[3].criteria[0].rule.scale`, `bonus[].per, bonus_cap`); `[]` means
each. What touches every criterion is said once, above the table, and not at each of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kaohe.documents.metric_wording import HOURS
from kaohe.standard.model import Criterion, Decision, Standard

ANNEX = "annex"
_CRITERION = re.compile(r"items\[(\d*)\]\.criteria\[(\d*)\](?:\.(.+))?")
_PARTS: Mapping[str, str] = {
    "bands": "bands", "bonus": "bonus", "bonus_cap": "bonus", "bonus_counts_for": "bonus", "rounds": "rounds",
    "minimum_hours": "rounds", "items": ANNEX, "points": ANNEX,
}  # fmt: skip
REST = "rules"


@dataclass(frozen=True, slots=True)
class Touched:
    """What a decision touches: criteria by id, parts of the page by anchor, the heads of the settings that it names."""

    criteria: tuple[str, ...]
    parts: tuple[str, ...]
    settings: tuple[str, ...]


def touched_by(decision: Decision, standard: Standard) -> Touched:
    """Return what a decision touches."""
    paths = [path.strip() for path in (decision.setting or "").split(",") if path.strip()]
    criteria, parts = dict[str, None](), dict[str, None]()
    for path in paths:
        found = _CRITERION.fullmatch(path)
        ids = list(_criteria(path, found, standard))
        if found and len(ids) == len(standard.criteria):
            parts[ANNEX] = None
        else:
            criteria |= dict.fromkeys(ids)
        if not found:
            parts[_PARTS.get(_head(path), REST)] = None
    return Touched(tuple(criteria), tuple(parts), tuple(_head(path) for path in paths))


def _head(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _criteria(path: str, found: "re.Match[str] | None", standard: Standard) -> Iterator[str]:
    """Yield the criteria that a path touches; the minimum hours touch those whose metric asks for them."""
    if path.startswith("minimum_hours"):
        asked = path.partition(".")[2].partition(".")[0]
        for criterion in standard.criteria:
            hours = HOURS.get(getattr(criterion.rule, "metric", ""))
            if hours and asked in ("", hours):
                yield criterion.id
    if found is None:
        return
    for i, item in enumerate(standard.items):
        for j, criterion in enumerate(item.criteria):
            if found[1] in ("", str(i)) and found[2] in ("", str(j)) and _has(criterion, found[3] or ""):
                yield criterion.id


def _has(criterion: Criterion, path: str) -> bool:
    """Whether a criterion has a setting: a checklist that is empty has no points to be local."""
    value: Any = criterion
    for segment in filter(None, path.split(".")):
        value = getattr(value, segment.partition("[")[0], None)
        if isinstance(value, tuple):
            value = value[0] if value else None
    return value is not None
