"""Sums in words: what a rule made of one unit's figures (数据), so that a reader can do it again by hand."""

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from kaohe.assessment.scoring import CriterionScore
from kaohe.documents.metric_wording import metric_wording
from kaohe.documents.numerals import mean, percent, pick, plain, points
from kaohe.documents.rule_wording import border, ordered_steps
from kaohe.standard.figures import half_up
from kaohe.standard.model import Language
from kaohe.standard.rules import AllOrNothing, Bands, Count, MeasuredRule, Points, Proportional, metric_read


def sum_sentence(score: CriterionScore, language: Language) -> str | None:
    """Write the sum that the rule made of the unit's figures; None where the criterion is judged.

    Under an override it is still the ledger's sum. Without a full stop.
    """
    rule = score.criterion.measured_rule
    if rule is None:
        return None
    if score.measure is None or score.measure[1] == 0:
        return _without_figure(rule, score, language)
    match rule:
        case Proportional():
            return _share(rule, score, *score.measure, language)
        case AllOrNothing():
            return _reached(rule, score, *score.measure, language)
        case Bands():
            return _step(rule, score, *score.measure, language)
        case Points():
            return _mean(rule, score, *score.measure, language)
        case Count():
            return _count(rule, score, *score.measure, language)
        case _:  # pragma: no cover - mypy proves that this cannot be reached
            assert_never(rule)


def _given(score: CriterionScore) -> Decimal:
    """The points that the ledger's rule gave; a rule with a figure always gives some."""
    return score.outcome.points if score.outcome and score.outcome.points is not None else Decimal(0)


def _without_figure(rule: MeasuredRule, score: CriterionScore, language: Language) -> str:
    words = metric_wording(metric_read(rule))
    if score.measure is None:
        zh, en = ("有关数据未报", "the figures were never given")
        ungiven = words.ungiven.within(language) if words.ungiven else pick(language, zh, en)
        decided = rule.when_missing
    else:
        zh, en = ("没有可计算的数据", "there is nothing to measure")
        ungiven = words.nothing.within(language) if words.nothing else pick(language, zh, en)
        decided = rule.when_absent
    full = plain(score.criterion.points)
    if score.overridden and decided != "zero":
        return ungiven + pick(language, "，台账不计分", "; the ledger gives no points")
    match decided:
        case "unscored":
            return ungiven + pick(language, "，未计分", "; not scored")
        case "not_applicable":
            end = f"，本项不适用，{full}分不计入满分", f"; not applicable, its {full} points leave the whole"
        case "zero":
            end = "，按标准计0.00分", "; 0.00 under the standard"
        case _:  # pragma: no cover - mypy proves that this cannot be reached
            assert_never(decided)
    return ungiven + pick(language, *end)


def _share(rule: Proportional, score: CriterionScore, above: int, below: int, language: Language) -> str:
    full, given = score.criterion.points, _given(score)
    rate = Fraction(above, below) / rule.of
    wanted = half_up(rate * Fraction(full))
    printed = percent(rate, [Fraction(1)], lambda shown: half_up(shown * Fraction(full)) == wanted)
    said = f"{_quotient(rule, above, below)} = {printed}"
    if rate > 1:
        said += pick(language, "，超过100%，按100%计", ", over 100%, counted as 100%")
    else:
        said += pick(language, "，", ", ") + f"× {plain(full)} = {points(wanted)}"
    if wanted != given and rate < 1:
        said += pick(
            language,
            f"，未达到100%不得满分，计{points(given)}",
            f", but full points need 100%: {points(given)}",
        )
    return said + _short(rule, above, below, language)


def _quotient(rule: Proportional, above: int, below: int) -> str:
    share = metric_wording(rule.metric).kind == "share"
    quotient = f"{above} ÷ {below}" if below != 1 or share else f"{above}"
    return quotient if share and rule.of == 1 else f"{quotient} ÷ {rule.of}"


def _short(rule: MeasuredRule, above: int, below: int, language: Language) -> str:
    """Who or what is missing to the whole, where the metric has words for it."""
    words = metric_wording(rule.metric)
    missing = below - above
    if words.short is None or missing <= 0:
        return ""
    return pick(language, "；", "; ") + words.short.within(language).format(n=missing)


def _measured(rule: MeasuredRule, above: int, below: int, borders: list[Fraction], language: Language) -> str:
    """Write a metric's figure: 43 ÷ 56 = 76.79%; 14 ÷ 3 = 4.67分; 2人次."""
    words = metric_wording(rule.metric)
    if words.kind == "share":
        return f"{above} ÷ {below} = {percent(Fraction(above, below), borders)}"
    if below == 1:
        return words.counted(above, language)
    return f"{above} ÷ {below} = {mean(Fraction(above, below), borders)}" + pick(language, words.one.zh, "")


def _reached(rule: AllOrNothing, score: CriterionScore, above: int, below: int, language: Language) -> str:
    edge = border(metric_wording(rule.metric), rule.at_least, language)
    said = _measured(rule, above, below, [rule.at_least], language)
    if Fraction(above, below) >= rule.at_least:
        return said + pick(language, f"，达到{edge}", f", reaches {edge}")
    return said + pick(language, f"，未达到{edge}", f", short of {edge}") + _short(rule, above, below, language)


def _step(rule: Bands, score: CriterionScore, above: int, below: int, language: Language) -> str:
    words, steps = metric_wording(rule.metric), ordered_steps(rule)
    said = _measured(rule, above, below, [step.at_least for step in steps], language)
    index = score.outcome.step if score.outcome else None
    if index is None:
        edge = border(words, steps[-1].at_least, language)
        step = pick(language, f"不满{edge}，0分", f"below {edge}: 0")
    else:
        step = _where(rule, index, language) + pick(language, "，", ": ") + _worth(rule, index, score, language)
    return said + pick(language, "，", ", ") + step + _short(rule, above, below, language)


def _worth(rule: Bands, index: int, score: CriterionScore, language: Language) -> str:
    worth, full = plain(ordered_steps(rule)[index].points), score.criterion.points
    if rule.scale is None or rule.scale == full:
        return worth + pick(language, "分", "")
    return f"{worth} ÷ {plain(rule.scale)} × {plain(full)} = {points(_given(score))}"


def _where(rule: Bands, index: int, language: Language) -> str:
    """Say which step applies: 70%以上不满80%; the lowest by its upper border."""
    words, steps = metric_wording(rule.metric), ordered_steps(rule)
    lower = border(words, steps[index].at_least, language)
    if index == 0:
        return pick(language, f"{lower}以上", f"from {lower}")
    upper = border(words, steps[index - 1].at_least, language)
    if steps[index].at_least <= 0:
        return pick(language, f"不满{upper}", f"below {upper}")
    return pick(language, f"{lower}以上不满{upper}", f"from {lower}, below {upper}")


def _mean(rule: Points, score: CriterionScore, above: int, below: int, language: Language) -> str:
    full, given = score.criterion.points, _given(score)
    value = Fraction(above, below)
    quotient = f"{above} ÷ {below}" if below != 1 or rule.aggregate == "mean" else f"{above}"
    said = _points_of(rule, quotient, value, full, language)
    wanted = half_up(value / Fraction(rule.scale) * Fraction(full))
    if value > rule.scale:
        said += pick(language, f"，计满分{points(given)}", f", counted as the full {points(given)}")
    elif wanted != given:
        note = f"，未达到满分标准不得满分，计{points(given)}", f", but short of the full mark: {points(given)}"
        said += pick(language, *note)
    return said


def _points_of(rule: Points, quotient: str, value: Fraction, full: Decimal, language: Language) -> str:
    least = rule.aggregate == "min"
    head = pick(language, "最低" if least else "", "the least " if least else "")
    if rule.scale == full:
        return f"{head}{quotient}" + ("" if least else f" = {points(half_up(value))}")
    scaled = half_up(value / Fraction(rule.scale) * Fraction(full))
    return f"{head}{quotient} ÷ {plain(rule.scale)} × {plain(full)} = {points(scaled)}"


def _count(rule: Count, score: CriterionScore, above: int, below: int, language: Language) -> str:
    words, given = metric_wording(rule.metric), _given(score)
    counted = words.counted(above, language) if below == 1 else f"{above} ÷ {below}"
    exact = half_up(Fraction(above, below) * Fraction(rule.each))
    said = f"{counted} × {plain(rule.each)} = {points(exact)}"
    if exact > given:
        said += pick(language, f"，最高{points(given)}", f", at most {points(given)}")
    return said
