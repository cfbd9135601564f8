"""The score sheet (评分单) of one unit: every criterion with its clause, rule, figures or reason, and people."""

from decimal import Decimal

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import CriterionScore, Stage, UnitResult
from kaohe.documents.band_wording import band_range
from kaohe.documents.content import Figure, ScoreItem, ScoreRow, ScoreSheet, SumRow, Why
from kaohe.documents.metric_wording import metric_wording
from kaohe.documents.numerals import pick, plain, points
from kaohe.documents.reasons import base_sentence, bonus_sentence, reason_for
from kaohe.documents.round_wording import round_title, span
from kaohe.standard.model import Item, Language, Standard

TITLES = (
    ("编号", "No."), ("指标和条款", "Criterion and clause"), ("得分由来", "How the score came about"), ("自评", "Self"),
    ("考核", "Insp."), ("复核", "Rev."), ("得分", "Score"), ("谁定", "By"),
)  # fmt: skip
SIGNERS = (("考核员", "Inspector"), ("复核人", "Reviewer"), ("被考核单位负责人", "Head of the unit"), ("日期", "Date"))
NONE = "—"


def score_sheet(
    result: RoundResult, unit: UnitResult, language: Language = "zh", *,
    digest: str | None = None, package_digest: str | None = None,
) -> ScoreSheet:  # fmt: skip
    """Write the sheet of one unit; `digest` is the unit's own in the verification package, both in hex."""
    standard, kind = result.standard, result.round.kind
    version = f"{standard.id}　第{standard.version}版", f"{standard.id}, version {standard.version}"
    return ScoreSheet(
        language=language,
        title=pick(language, f"{standard.source.work}考核评分单", "Score sheet"),
        dated=result.round.end,
        author=standard.source.issuer_short,
        headline=(
            round_title(result, language),
            pick(language, f"考核标准　{version[0]}", f"Standard {version[1]}"),
            pick(language, f"单位代码　{unit.unit.code}", f"Unit {unit.unit.code}"),
        ),
        unit=unit.unit.name,
        facts=_facts(result, unit, language),
        figures=_figures(result, unit, language),
        titles=tuple(pick(language, zh, en) for zh, en in TITLES),
        items=tuple(_item(item, unit, standard, kind, language) for item in standard.items),
        sums=_sums(result, unit, language),
        note=_note(standard, language),
        signers=tuple(pick(language, zh, en) for zh, en in SIGNERS),
        digests=_digests(digest, package_digest, language),
        page=pick(language, "第{n}页，共{all}页", "page {n} of {all}"),
    )


def _facts(result: RoundResult, unit: UnitResult, language: Language) -> str:
    group = result.standard.group(unit.unit.peer_group)
    days = span(result.round, language)
    zh = f"{group.title.zh}组，在册{unit.unit.headcount}人。考核期{days}。"
    en = f"{group.title.en}, staff {unit.unit.headcount}. {days}."
    if unit.unscored:
        missing = "、".join(unit.unscored)
        zh += f"{missing}尚未计分，本单为未定稿。"
        en += f" {missing.replace('、', ', ')} not scored: a draft."
    elif unit.verified:
        zh, en = zh + "评判类指标已由考核员核定。", en + " Judged criteria are verified."
    else:
        zh, en = zh + "评判类指标沿用自评分，未经核定。", en + " Judged criteria rest on self scores."
    return pick(language, zh, en)


def _figures(result: RoundResult, unit: UnitResult, language: Language) -> tuple[Figure, ...]:
    group = result.standard.group(unit.unit.peer_group)
    ranked = [other for other in result.units if other.rank is not None]
    peers = sum(other.unit.peer_group == group.id for other in ranked)
    found = [Figure(pick(language, "总分", "Total"), _points(unit.total))]
    if len(result.standard.groups) > 1:
        title = pick(language, f"{group.title.zh}组名次", "Rank in group")
        found.append(_rank(title, unit.group_rank, peers))
    found.append(_rank(pick(language, "综合名次", "Overall rank"), unit.rank, len(ranked)))
    return (*found, Figure(pick(language, "档次", "Band"), _band(unit, language)))


def _rank(title: str, rank: int | None, whole: int) -> Figure:
    return Figure(title, NONE) if rank is None else Figure(title, str(rank), f" / {whole}")


def _band(unit: UnitResult, language: Language) -> str:
    if unit.unscored:
        return pick(language, "未计分", "Not scored")
    return unit.band.title.within(language) if unit.band else NONE


def _points(value: Decimal | None) -> str:
    return NONE if value is None else points(value)


def _own(scores: list[CriterionScore]) -> str:
    """The sum of the self scores, where the unit gave all of them."""
    given = [score.self_score for score in scores]
    if any(value is None for value in given):
        return ""
    return points(sum((value for value in given if value is not None), Decimal(0)))


def _item(item: Item, unit: UnitResult, standard: Standard, kind: str, language: Language) -> ScoreItem:
    scores = [unit.criterion(criterion.id) for criterion in item.criteria]
    counted = sum((s.criterion.points for s in scores if s.source != "not_applicable"), Decimal(0))
    earned = sum((s.score for s in scores if s.score is not None), Decimal(0))
    return ScoreItem(
        id=item.id,
        title=item.title.within(language),
        own=_own(scores),
        score=points(earned) if counted else pick(language, "不适用", "n/a"),
        full=plain(counted) if counted else "",
        bar=float(earned / counted) if counted else 0.0,
        rows=tuple(_row(score, unit, standard, kind, language) for score in scores),
    )


def _row(score: CriterionScore, unit: UnitResult, standard: Standard, kind: str, language: Language) -> ScoreRow:
    criterion, reason = score.criterion, reason_for(score, standard, kind, language)
    evidence = score.deciding.evidence if score.deciding else None
    why = [Why(pick(language, "规则", "Rule"), reason.rule)]
    if reason.figures:
        why.append(Why(pick(language, "数据", "Data"), reason.figures))
    why += _shown(score, unit, language)
    if reason.judgement:
        cited = pick(language, f"（佐证：{evidence}）", f" (evidence: {evidence})") if evidence else ""
        why.append(Why(pick(language, "理由", "Reason"), reason.judgement + cited))
    elif evidence:
        why.append(Why(pick(language, "佐证", "Evidence"), evidence))
    return ScoreRow(
        id=criterion.id,
        title=criterion.title.within(language),
        clause=reason.clause.replace("，", "\u2002"),
        why=tuple(why),
        own=_given(score, "self"), inspection=_given(score, "inspection"), review=_given(score, "review"),
        score=_word(score, language),
        full=plain(criterion.points) if score.score is not None else "",
        who=_who(score, language),
    )  # fmt: skip


def _shown(score: CriterionScore, unit: UnitResult, language: Language) -> list[Why]:
    """The ledger's figure that stands beside a judged criterion."""
    metric = score.criterion.shows
    measure = unit.unit.metrics.get(metric) if metric else None
    if metric is None or measure is None:
        return []
    words = metric_wording(metric)
    counted = words.title.zh + words.counted(measure[0], "zh") if language == "zh" else words.counted(measure[0], "en")
    return [Why(pick(language, "台账", "Ledger"), counted)]


def _given(score: CriterionScore, stage: Stage) -> str:
    given = score.judgements.get(stage)
    return points(given.points) if given else ""


def _word(score: CriterionScore, language: Language) -> str:
    if score.source == "not_applicable":
        return pick(language, "不适用", "n/a")
    return pick(language, "未计分", "not scored") if score.score is None else points(score.score)


def _who(score: CriterionScore, language: Language) -> tuple[str, ...]:
    if score.source == "self":
        return (pick(language, "自评", "unit"),)
    if score.deciding is not None:
        return tuple(score.deciding.judge.split("、"))
    return (pick(language, "台账", "ledger"),) if score.criterion.kind == "measured" else (NONE,)


def _sums(result: RoundResult, unit: UnitResult, language: Language) -> tuple[SumRow, ...]:
    standard = result.standard
    base = SumRow(
        pick(language, "基础分", "Base"),
        base_sentence(unit, standard, language),
        _own(list(unit.criteria)),
        _points(unit.base),
    )
    total = SumRow(pick(language, "总分", "Total"), _total_note(standard, unit, language), "", _points(unit.total))
    if not standard.bonus:
        return base, total
    return (
        base,
        SumRow(pick(language, "加分", "Bonus"), bonus_sentence(unit, standard, language), "", _points(unit.bonus)),
        total,
    )


def _total_note(standard: Standard, unit: UnitResult, language: Language) -> str:
    if unit.band is None:
        return ""
    title, bounds = unit.band.title.within(language), band_range(standard, unit.band, language)
    by_base = "band" not in standard.bonus_counts_for
    zh = f"{'按基础分' if by_base else ''}属“{title}”档（{bounds}）"
    return pick(language, zh, f"{'by the base: ' if by_base else ''}{title} ({bounds})")


def _note(standard: Standard, language: Language) -> str:
    short = standard.source.short_title
    zh = f"注：条款指《{short}》正文和附件的项、条。得分逐项四舍五入至两位小数，未达到满额的不得满分。"
    zh += "“台账”指由训练台账按规则算出，未经人改动；“自评”指沿用本单位自评分。不适用的指标不计入满分，其余折算。"
    en = f"Clauses: “{short}”. Criteria are rounded half up to two places; below the whole never all points. "
    en += "“Ledger”: computed by rule, untouched; “unit”: its own score. What does not apply leaves the whole."
    return pick(language, zh, en)


def _digests(digest: str | None, package: str | None, language: Language) -> tuple[tuple[str, str], ...]:
    known = (
        (pick(language, "本单摘要 SHA-256", "This unit, SHA-256"), digest),
        (pick(language, "验证包 SHA-256", "Package, SHA-256"), package),
    )
    return tuple((label, value.removeprefix("sha256:")) for label, value in known if value)
