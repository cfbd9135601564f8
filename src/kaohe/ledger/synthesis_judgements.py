"""What was said of the synthetic city's units: self scores of all, inspection of some, review of a few."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kaohe.ledger.synthesis_chance import Chance
from kaohe.ledger.synthesis_city import COUNTY, City, Unit
from kaohe.ledger.synthesis_names import invented_name
from kaohe.ledger.synthesis_study import Row

_DRAWN = {True: 3, False: 10}
"""How many counties (True) and departments (False) are drawn for a visit."""

_SHORT = (
    "未见“{}”的材料",
    "“{}”材料不全，缺下半年部分",
    "“{}”只有一次记录",
    "“{}”与现场了解的情况不符",
    "“{}”系检查前补做",
)
_OVERRIDES = (
    "现场清点{found}份，与台账所列不符，按实有数计分",
    "抽查手册{found}本，记录与台账不一致",
    "台账漏登{found}人，凭签到原件补计",
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What the synthetic city must know of a criterion of the standard.

    checks: titles of its checklist, which reasons cite; step: what points are a multiple of.
    """

    id: str
    title: str
    points: Decimal
    judged: bool
    checks: tuple[str, ...] = ()
    step: Decimal = Decimal("0.5")


def judgement_rows(city: City, criteria: Sequence[Criterion]) -> Iterator[Row]:
    """Yield the judgements: every unit scores itself, about 13 are visited, some visits are reviewed."""
    chance = city.stream("judgements")
    visited = _drawn(city, chance)
    judged = [criterion for criterion in criteria if criterion.judged]
    measured = [criterion for criterion in criteria if not criterion.judged]
    for unit in city.units:
        worth = _worth(chance, unit, judged)
        yield from _self_scores(chance, unit, worth, measured)
        if unit.code not in visited:
            continue
        inspector = invented_name(chance)
        yield from _visit(chance, unit, worth, inspector)
        if measured and chance.happens(0.35):
            yield _override(chance, unit, chance.choice(measured), inspector)
        if judged and chance.happens(0.4):
            yield _review(chance, unit, chance.choice(judged), worth)


def _drawn(city: City, chance: Chance) -> frozenset[str]:
    """The units that are visited, drawn by group."""
    codes: set[str] = set()
    for of_county, count in _DRAWN.items():
        group = [unit.code for unit in city.units if (unit.peer_group == COUNTY) == of_county]
        codes.update(chance.sample(group, count))
    return frozenset(codes)


def _worth(chance: Chance, unit: Unit, judged: Sequence[Criterion]) -> dict[Criterion, float]:
    """What share of each judged criterion the unit deserves."""
    return {c: min(1.0, max(0.0, 0.42 + 0.57 * unit.quality + chance.around(0, 0.07))) for c in judged}


def _points(criterion: Criterion, share: float) -> Decimal:
    """A share of the criterion's points, rounded to its step and kept within its range."""
    steps = int(criterion.points / criterion.step)
    return min(criterion.points, max(0, min(steps, round(steps * share))) * criterion.step)


def _written(points: Decimal) -> str:
    return f"{points:.2f}"


def _self_scores(
    chance: Chance, unit: Unit, worth: Mapping[Criterion, float], measured: Sequence[Criterion]
) -> Iterator[Row]:
    """The unit's own view, kinder than the truth; on some measured criteria too, for comparison only."""
    judge = invented_name(chance)
    for criterion, share in worth.items():
        points = _points(criterion, share + chance.between(0.0, 0.13))
        reason = "材料齐全" if points == criterion.points else "对照标准自查，有待加强" if chance.happens(0.6) else ""
        evidence = f"附件{chance.whole(1, 30)}：{_check(chance, criterion)}" if chance.happens(0.55) else ""
        yield (unit.code, criterion.id, "self", _written(points), judge, reason, evidence)
    for criterion in measured:
        if chance.happens(0.3):
            points = _points(criterion, 0.8 + 0.2 * unit.quality)
            yield (unit.code, criterion.id, "self", _written(points), judge, "", "")


def _visit(chance: Chance, unit: Unit, worth: Mapping[Criterion, float], inspector: str) -> Iterator[Row]:
    for criterion, share in worth.items():
        points = _points(criterion, share + chance.between(-0.03, 0.03))
        reason = _shortcoming(chance, criterion) if points < criterion.points else ""
        evidence = f"现场记录第{chance.whole(1, 12)}页" if chance.happens(0.3) else ""
        yield (unit.code, criterion.id, "inspection", _written(points), inspector, reason, evidence)


def _override(chance: Chance, unit: Unit, criterion: Criterion, inspector: str) -> Row:
    points = _points(criterion, 0.45 + 0.5 * unit.quality + chance.between(-0.1, 0.1))
    reason = chance.choice(_OVERRIDES).format(found=chance.whole(3, 28))
    evidence = f"现场记录第{chance.whole(1, 12)}页"
    return (unit.code, criterion.id, "inspection", _written(points), inspector, reason, evidence)


def _review(chance: Chance, unit: Unit, criterion: Criterion, worth: Mapping[Criterion, float]) -> Row:
    points = _points(criterion, worth[criterion] + chance.choice((-0.1, 0.1, 0.15)))
    reason = f"复核：{_shortcoming(chance, criterion)}" if points < criterion.points else "复核：补交材料属实"
    return (unit.code, criterion.id, "review", _written(points), invented_name(chance), reason, "")


def _shortcoming(chance: Chance, criterion: Criterion) -> str:
    return chance.choice(_SHORT).format(_check(chance, criterion))


def _check(chance: Chance, criterion: Criterion) -> str:
    return chance.choice(criterion.checks) if criterion.checks else criterion.title
