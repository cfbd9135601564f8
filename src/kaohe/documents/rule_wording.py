"""Rules in words: what a rule asks (规则), before any figure is known."""

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from kaohe.documents.metric_wording import MetricWording, above, metric_wording
from kaohe.documents.numerals import pick, plain, share
from kaohe.standard.model import Criterion, Language, Standard
from kaohe.standard.rules import AllOrNothing, Bands, Count, Points, Proportional, Step


def rule_sentence(criterion: Criterion, standard: Standard, kind: str, language: Language) -> str:
    """Say what a criterion's rule asks, without a full stop; `kind` is the round's, for minimum hours."""
    rule = criterion.measured_rule
    match rule:
        case None:
            return _judged(criterion, language)
        case Proportional():
            return f"{_quotient(rule, standard, kind, language)} × {plain(criterion.points)}"
        case AllOrNothing():
            return _all_or_nothing(rule, criterion, language)
        case Bands():
            return _bands(rule, criterion, language)
        case Points():
            return _points(rule, criterion, language)
        case Count():
            return _count(rule, criterion, language)
        case _:  # pragma: no cover - mypy proves that this cannot be reached
            assert_never(rule)


def _judged(criterion: Criterion, language: Language) -> str:
    full = plain(criterion.points)
    said = pick(language, f"考核员评判，0至{full}分", f"an inspector judges, 0 to {full}")
    looked_at = [check.title.within(language) + _worth(check.points, language) for check in criterion.checklist]
    if not looked_at:
        return said
    return said + pick(language, "；看" + "、".join(looked_at), ", looking at " + ", ".join(looked_at))


def _worth(value: Decimal | None, language: Language) -> str:
    if value is None:
        return ""
    return pick(language, f"（{plain(value)}分）", f" ({plain(value)})")


def _quotient(rule: Proportional, standard: Standard, kind: str, language: Language) -> str:
    words = metric_wording(rule.metric)
    quotient = above(rule.metric, standard, kind, language)
    if words.below is not None:
        quotient += f" ÷ {words.below.within(language)}"
    return quotient if words.kind == "share" and rule.of == 1 else f"{quotient} ÷ {rule.of}"


def _all_or_nothing(rule: AllOrNothing, criterion: Criterion, language: Language) -> str:
    words, full = metric_wording(rule.metric), plain(criterion.points)
    title, edge = words.title.within(language), border(words, rule.at_least, language)
    return pick(
        language, f"{title}{edge}以上得{full}分，否则不得分", f"{title}: {full} from {edge} on, otherwise nothing"
    )


def _bands(rule: Bands, criterion: Criterion, language: Language) -> str:
    words = metric_wording(rule.metric)
    steps = ordered_steps(rule)
    paying = [step for step in steps if step.at_least > 0]
    said = [_step(words, step, language) for step in paying]
    lowest = steps[-1].points if steps[-1].at_least <= 0 else Decimal(0)
    if paying:
        said.append(_below(words, paying[-1].at_least, lowest, language))
    title = words.title.within(language)
    sentence = title + pick(language, "", ": ") + pick(language, "，", ", ").join(said)
    if rule.scale is None or rule.scale == criterion.points:
        return sentence
    scale = plain(rule.scale)
    return sentence + pick(language, f"；按{scale}分制折算", f"; on a scale of {scale}")


def ordered_steps(rule: Bands) -> tuple[Step, ...]:
    """The steps of a scale, highest first, as the rule applies them."""
    return tuple(sorted(rule.steps, key=lambda step: step.at_least, reverse=True))


def _step(words: MetricWording, step: Step, language: Language) -> str:
    edge, worth = border(words, step.at_least, language), plain(step.points)
    return pick(language, f"{edge}以上{worth}分", f"{worth} from {edge}")


def _below(words: MetricWording, bound: Fraction, worth: Decimal, language: Language) -> str:
    edge = border(words, bound, language)
    return pick(language, f"不满{edge}为{plain(worth)}分", f"{plain(worth)} below {edge}")


def border(words: MetricWording, value: Fraction, language: Language) -> str:
    """Write a border in the metric's own terms: 80%; 2人次; 4.5分."""
    if words.kind == "share":
        return share(value)
    if value.denominator == 1:
        return words.counted(value.numerator, language)
    return plain(value) + pick(language, words.one.zh, " " + (words.one.en.rpartition("|")[2]))


def _points(rule: Points, criterion: Criterion, language: Language) -> str:
    words = metric_wording(rule.metric)
    least = rule.aggregate == "min"
    values = words.values.within(language) if words.values else words.title.within(language)
    said = values + pick(
        language, "；取最低分" if least else "；取平均分", "; the least counts" if least else "; the mean counts"
    )
    if rule.scale == criterion.points:
        return said
    scale, full = plain(rule.scale), plain(criterion.points)
    return said + pick(language, f" ÷ {scale} × {full}", f" ÷ {scale} × {full}")


def _count(rule: Count, criterion: Criterion, language: Language) -> str:
    words, each, full = metric_wording(rule.metric), plain(rule.each), plain(criterion.points)
    one = words.one.en.partition("|")[0]
    title = words.title
    return pick(language, f"{title.zh}每{words.one.zh}{each}分，最高{full}分", f"{each} for each {one}, at most {full}")
