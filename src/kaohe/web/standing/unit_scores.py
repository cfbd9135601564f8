"""A unit's measured scores and bonuses in words and shares: what stands in the cells of its page."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from kaohe.assessment.scoring import BonusScore, CriterionScore, Unit, UnitResult, score
from kaohe.documents.metric_wording import metric_wording
from kaohe.documents.numerals import mean, plain, points
from kaohe.standard.model import Criterion, Standard
from kaohe.standard.rules import AllOrNothing, Bands, Count, Points, Proportional
from kaohe.web.lang.choice import say, spoken
from kaohe.web.rounds.models import RoundUnit
from kaohe.web.training.figures import figures_of


def measures_nothing(one: CriterionScore) -> bool:
    """Whether there is nothing that could be measured: 0 stands below the line."""
    return one.measure is not None and one.measure[1] == 0


def scored(assessed: RoundUnit, standard: Standard) -> UnitResult:
    """Score a unit by its present figures alone, without anybody's judgement."""
    code = assessed.code
    figures = figures_of(assessed.round, [code])[code]
    return score(standard, Unit(code, assessed.name, assessed.peer_group, figures.headcount, figures.measures), ())


def metric_of(criterion: Criterion) -> str:
    """Return the metric that a criterion is measured by; empty where it is judged."""
    return criterion.measured_rule.metric if criterion.measured_rule else ""


def points_now(scores: Iterable[CriterionScore]) -> tuple[Decimal, Decimal]:
    """Return the points now, and those that apply."""
    counted = [one for one in scores if one.source != "not_applicable"]
    given = sum((one.score or Decimal(0) for one in counted), Decimal(0))
    return given, sum((one.criterion.points for one in counted), Decimal(0))


def bonus_now(standard: Standard, result: UnitResult) -> Decimal:
    """Return the bonus now, as far as its cap."""
    given = sum((one.points for one in result.bonuses), Decimal(0))
    return given if standard.bonus_cap is None else min(given, standard.bonus_cap)


def word_of(one: CriterionScore) -> str:
    """Return the word that stands in place of points where there are none."""
    if one.source == "not_applicable":
        return say("不适用", "not applicable")
    return say("未计分", "not scored") if one.score is None else ""


def figure_of(one: CriterionScore) -> str:
    """Write a criterion's figure against the whole that its rule asks for; empty where there is no figure."""
    rule = one.criterion.measured_rule
    if rule is None or one.measure is None or one.measure[1] == 0:
        return ""
    (above, below), words = one.measure, metric_wording(rule.metric)
    counted = say(f" {words.one.zh}", "")
    if isinstance(rule, Points):
        return f"{mean(Fraction(above, below))} / {plain(rule.scale)}"
    if words.kind == "share":
        return f"{above:,} / {below:,}{counted}"
    return f"{above:,} / {plain(whole_of(one.criterion))}{counted}"


def progress_of(one: CriterionScore) -> Fraction:
    """Return how far a criterion's figure is towards that whole, 1 and more being all of it."""
    if one.measure is None or one.measure[1] == 0:
        return Fraction(0)
    return Fraction(*one.measure) / whole_of(one.criterion)


def whole_of(criterion: Criterion) -> Fraction:
    """Return the figure at which a measured criterion has its full points; of a share that has steps, all of it."""
    match criterion.measured_rule:
        case Proportional(of=of):
            return Fraction(of)
        case AllOrNothing(at_least=at_least) if at_least:
            return at_least
        case Points(scale=scale):
            return Fraction(scale)
        case Count(each=each):
            return Fraction(criterion.points) / Fraction(each)
        case Bands(metric=metric, steps=steps) if metric_wording(metric).kind == "count":
            return max(step.at_least for step in steps) or Fraction(1)
    return Fraction(1)


def bonus_words(one: BonusScore, standard: Standard) -> str:
    """Say what a bonus was counted for, by which rule, and where the standard says so."""
    bonus, worth = one.bonus, plain(one.bonus.points)
    counted = metric_wording(bonus.metric).counted(one.entries, spoken())
    parts = [
        say(f"台账记 {counted}", f"{counted} in the ledger")
        if one.entries
        else say("台账没有记录", "none in the ledger"),
        say(f"有记录即加 {worth} 分，每单位只计一次", f"{worth} points where there is one, once for the unit")
        if bonus.per == "unit"
        else say(f"每人次加 {worth} 分", f"{worth} points for each"),
        say(f"条款 {bonus.clause or standard.id}", f"clause {bonus.clause or standard.id}"),
    ]
    return say("；", "; ").join(parts) + say("。", ".")


def given_of(one: CriterionScore) -> str:
    """Write the points of a criterion now."""
    return points(one.score or Decimal(0))
