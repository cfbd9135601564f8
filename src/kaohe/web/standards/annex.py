"""A standard as its page shows it: the annex as the table that it is, what the notes rule, and the decisions behind."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kaohe.documents.band_wording import band_range, ordered_bands
from kaohe.documents.metric_wording import metric_wording
from kaohe.documents.numerals import listed, plain
from kaohe.documents.rule_wording import rule_sentence
from kaohe.standard.model import Bonus, Criterion, Decision, Item, Minimum, RoundKind, Standard
from kaohe.standard.rules import MeasuredRule
from kaohe.web.lang.choice import say, spoken
from kaohe.web.standards.references import ANNEX, REST, Touched, touched_by
from kaohe.web.standards.wording import setting_title


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and of which group or round it is said; empty where it holds for all."""

    whose: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A thing that an inspector looks for."""

    title: str
    points: str
    local: bool


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """A criterion. wordings: by group; rules: by kind of round; notes: what else its rule says."""

    id: str
    title: str
    points: str
    clause: str
    evidence: str
    wordings: tuple[Said, ...]
    checks: tuple[CheckShown, ...]
    all_local: bool
    rules: tuple[Said, ...]
    notes: tuple[str, ...]
    decisions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item with its criteria."""

    id: str
    title: str
    points: str
    clause: str
    criteria: tuple[CriterionShown, ...]


@dataclass(frozen=True, slots=True)
class BandShown:
    """A band of the rating."""

    title: str
    range: str
    consequence: str
    clause: str


@dataclass(frozen=True, slots=True)
class BonusShown:
    """A bonus beyond the hundred."""

    id: str
    title: str
    points: str
    per: str
    clause: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind of round: its period and due day within a year, and the class hours that a person owes."""

    title: str
    start: str
    end: str
    due: str
    self_study: str
    online: str
    clause: str


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule of the standard as a whole, and the decisions behind it."""

    text: str
    decisions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """What the document leaves open, how it was decided, and what of the standard it touches."""

    number: int
    question: str
    decided: str
    clause: str
    settings: str
    criteria: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """A standard. decided: the decisions behind each part of the page, by anchor."""

    title: str
    document: str
    document_title: str
    points: str
    items: tuple[ItemShown, ...]
    bands: tuple[BandShown, ...]
    bonus: tuple[BonusShown, ...]
    bonus_notes: tuple[str, ...]
    kinds: tuple[KindShown, ...]
    hours_clauses: str
    rules: tuple[RuleShown, ...]
    decisions: tuple[DecisionShown, ...]
    decided: Mapping[str, tuple[int, ...]]


def annex_of(standard: Standard) -> Annex:
    """Return a standard as its page shows it, in the language that is being spoken."""
    touched = {decision.number: touched_by(decision, standard) for decision in standard.decisions}
    parts = (ANNEX, "bands", "bonus", "rounds", REST)
    return Annex(
        title=standard.title.within(spoken()),
        document=standard.source.number,
        document_title=standard.source.title,
        points=plain(standard.points),
        items=tuple(_item(item, standard, touched) for item in standard.items),
        bands=tuple(_bands(standard)),
        bonus=tuple(map(_bonus, standard.bonus)),
        bonus_notes=tuple(_bonus_notes(standard)) if standard.bonus else (),
        kinds=tuple(_kind(key, kind, standard) for key, kind in standard.rounds.items()),
        hours_clauses=_hours_clauses(standard),
        rules=tuple(_rules(standard, touched)),
        decisions=tuple(_decision(decision, touched[decision.number]) for decision in standard.decisions),
        decided={part: tuple(n for n, what in touched.items() if part in what.parts) for part in parts},
    )


def _item(item: Item, standard: Standard, touched: Mapping[int, Touched]) -> ItemShown:
    criteria = tuple(_criterion(criterion, standard, touched) for criterion in item.criteria)
    return ItemShown(item.id, item.title.within(spoken()), plain(item.points), item.clause or "", criteria)


def _criterion(criterion: Criterion, standard: Standard, touched: Mapping[int, Touched]) -> CriterionShown:
    checks = tuple(
        CheckShown(
            check.title.within(spoken()), "" if check.points is None else plain(check.points), check.local
        )
        for check in criterion.checklist
    )  # fmt: skip
    return CriterionShown(
        id=criterion.id,
        title=criterion.title.within(spoken()),
        points=plain(criterion.points),
        clause=criterion.clause or "",
        evidence=criterion.evidence or "",
        wordings=tuple(_wordings(criterion, standard)),
        checks=checks,
        all_local=bool(checks) and all(check.local for check in checks),
        rules=tuple(_rule_by_round(criterion, standard)),
        notes=tuple(_notes(criterion)),
        decisions=tuple(number for number, what in touched.items() if criterion.id in what.criteria),
    )


def _wordings(criterion: Criterion, standard: Standard) -> Iterator[Said]:
    if isinstance(criterion.wording, str):
        yield Said("", criterion.wording)
        return
    for group in standard.groups:
        yield Said(group.title.within(spoken()), criterion.wording_for(group.id))


def _rule_by_round(criterion: Criterion, standard: Standard) -> Iterator[Said]:
    """Say the rule, once where it is the same in every round; the checklist stands beside it already."""
    bare = criterion.model_copy(update={"checklist": ()})
    by_text: dict[str, list[str]] = {}
    for key, kind in standard.rounds.items():
        text = rule_sentence(bare, standard, key, spoken())
        by_text.setdefault(text, []).append(kind.title.within(spoken()))
    for text, kinds in by_text.items():
        yield Said("" if len(by_text) == 1 else listed(kinds, spoken()), text)


def _notes(criterion: Criterion) -> Iterator[str]:
    rule = criterion.measured_rule
    if rule is not None:
        yield from _without_figure(rule)
    if criterion.shows:
        shown = metric_wording(criterion.shows).title
        yield say(f"同时显示{shown.zh}，不计分", f"{shown.en} are shown beside it, without points")


def _without_figure(rule: MeasuredRule) -> Iterator[str]:
    """Say what follows where there is nothing to measure, and where the figures were never given."""
    words = metric_wording(rule.metric)
    if words.nothing:
        follows = _NOTHING[rule.when_absent]
        yield say(f"{words.nothing.zh}：{follows[0]}", f"{words.nothing.en}: {follows[1]}")
    if words.ungiven:
        follows = _UNGIVEN[rule.when_missing]
        yield say(f"{words.ungiven.zh}：{follows[0]}", f"{words.ungiven.en}: {follows[1]}")


_NOTHING: Mapping[str, tuple[str, str]] = {
    "not_applicable": ("不适用，分值不计入满分", "not applicable, its points leave the whole"),
    "zero": ("得0分", "0 points"),
}
_UNGIVEN: Mapping[str, tuple[str, str]] = {
    **_NOTHING,
    "unscored": ("未计分，不予公布", "unscored, cannot be published"),
}
_CONSEQUENCES: Mapping[str, tuple[str, str]] = {
    "praise": ("通报表扬", "praise by circular"),
    "criticism": ("通报批评", "criticism by circular"),
    "none": ("", ""),
}


def _bands(standard: Standard) -> Iterator[BandShown]:
    for band in ordered_bands(standard):
        consequence = say(*_CONSEQUENCES[band.consequence])
        yield BandShown(
            band.title.within(spoken()), band_range(standard, band, spoken()), consequence, band.clause or ""
        )


def _bonus(bonus: Bonus) -> BonusShown:
    per = say("每单位每轮计一次", "once a unit and round") if bonus.per == "unit" else say("逐次计", "for each entry")
    return BonusShown(bonus.id, bonus.title.within(spoken()), plain(bonus.points), per, bonus.clause or "")


def _bonus_notes(standard: Standard) -> Iterator[str]:
    if standard.bonus_cap is not None:
        most = plain(standard.bonus_cap)
        yield say(f"加分合计最多{most}分。", f"At most {most} points in all.")
    yield {
        frozenset(("band", "ranking")): say("加分计入总分，用于定档和排名。", "They count for the band and the ranking."),
        frozenset(("band",)): say("加分只用于定档，不用于排名。", "They count for the band, not for the ranking."),
        frozenset(("ranking",)): say("加分只用于排名，不用于定档。", "They count for the ranking, not for the band."),
    }.get(frozenset(standard.bonus_counts_for), say("加分只列出，不用于定档和排名。", "They are listed and count for nothing."))  # fmt: skip


def _kind(key: str, kind: RoundKind, standard: Standard) -> KindShown:
    hours = standard.minimum_hours
    return KindShown(
        kind.title.within(spoken()), _day(kind.start), _day(kind.end), _day(kind.due),
        _hours(hours.self_study, key), _hours(hours.online, key), kind.clause or "",
    )  # fmt: skip


def _day(text: str) -> str:
    """Write a day of every year: 7月31日; 07-31 in English."""
    month, _, day = text.partition("-")
    return say(f"{int(month)}月{int(day)}日", text)


def _hours(minimum: Minimum, kind: str) -> str:
    return plain(minimum.hours[kind]) if kind in minimum.hours else ""


def _hours_clauses(standard: Standard) -> str:
    said = (
        (setting_title("self_study"), standard.minimum_hours.self_study.clause),
        (setting_title("online"), standard.minimum_hours.online.clause),
    )
    return say("，", ", ").join(say(f"{title}：{clause}", f"{title}: {clause}") for title, clause in said if clause)


def _rules(standard: Standard, touched: Mapping[int, Touched]) -> Iterator[RuleShown]:
    """Say what holds for the standard as a whole; a decision stands behind the setting that it names."""
    for settings, text in _sentences(standard):
        behind = tuple(n for n, what in touched.items() if set(settings) & set(what.settings))
        yield RuleShown(text, behind)


def _sentences(standard: Standard) -> Iterator[tuple[tuple[str, ...], str]]:
    groups = listed((group.title.within(spoken()) for group in standard.groups), spoken())
    yield ("groups",), say(f"单位分类别：{groups}。", f"Groups of units: {groups}.")
    step = plain(standard.step)
    yield ("step",), say(f"评判分以{step}分为最小单位。", f"Judged points are given in steps of {step}.")
    yield (
        ("rank",),
        (
            say("只有已核的单位参加排名。", "Only verified units are ranked.")
            if standard.rank == "verified"
            else say(
                "全部单位参加排名，仍为自评分的注明“自评”。",
                "Every unit is ranked; what still rests on a self score is marked.",
            )
        ),
    )
    yield (
        ("late",),
        (
            say("截止日24时以后不再受理。", "Nothing is accepted after 24:00 of the due day.")
            if standard.late == "refuse"
            else say(
                "截止日24时以后送达的仍受理，注明逾期时长。", "Late reports are accepted and marked with the delay."
            )
        ),
    )
    if standard.recuse_own_unit:
        yield ("recuse_own_unit",), say("考核员不评本单位。", "No inspector judges the own unit.")
    if standard.overall is not None:
        yield ("overall",), _weights(standard.overall.weights.items(), standard)


def _weights(weights: Iterable[tuple[str, object]], standard: Standard) -> str:
    named = [
        f"{standard.rounds[kind].title.within(spoken()) if kind in standard.rounds else kind} {weight}"
        for kind, weight in weights
    ]
    text = listed(named, spoken())
    return say(
        f"总体考评按权数合成已公布各轮：{text}。", f"The overall evaluation weighs the published rounds: {text}."
    )


def _decision(decision: Decision, touched: Touched) -> DecisionShown:
    paths = [path.strip() for path in (decision.setting or "").split(",") if path.strip()]
    return DecisionShown(
        number=decision.number,
        question=decision.question.within(spoken()),
        decided=decision.decided.within(spoken()),
        clause=decision.clause,
        settings=", ".join(paths),
        criteria=touched.criteria,
        parts=tuple((part, _part_title(part)) for part in touched.parts),
    )


def _part_title(part: str) -> str:
    titles = {
        ANNEX: ("全部指标", "every criterion"),
        "bands": ("档次", "bands"),
        "bonus": ("加分", "bonus"),
        "rounds": ("轮次和学时", "rounds and hours"),
        REST: ("其他规则", "other rules"),
    }
    return say(*titles[part])
