"""Every point explains itself: clause, rule, figures, reason and person, as one value and as one sentence."""

from dataclasses import dataclass
from decimal import Decimal

from kaohe.assessment.scoring import BonusScore, CriterionScore, Judgement, Stage, UnitResult
from kaohe.documents.band_wording import band_range
from kaohe.documents.metric_wording import metric_wording
from kaohe.documents.numerals import pick, plain, points
from kaohe.documents.rule_wording import rule_sentence
from kaohe.documents.sum_wording import sum_sentence
from kaohe.standard.figures import two_places
from kaohe.standard.model import Criterion, Language, Standard

STAGES: dict[Stage, tuple[str, str]] = {
    "self": ("自评", "self-assessment"), "inspection": ("考核", "inspection"), "review": ("复核", "review"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one criterion has its points.

    clause: what the criterion reads; rule (规则); figures (数据): the sum, None where judged;
    judgement (理由): the judge's own words; who: 台账 or the judge with the stage; course (经过): the
    figures in the order in which they were given.
    """

    clause: str
    rule: str
    figures: str | None
    judgement: str | None
    who: str
    course: str


def reason_for(score: CriterionScore, standard: Standard, kind: str, language: Language) -> Reason:
    """Explain a criterion's score; `kind` is the kind of the round, which sets the minimum hours."""
    return Reason(
        clause=clause_of(score.criterion, standard, language),
        rule=rule_sentence(score.criterion, standard, kind, language),
        figures=sum_sentence(score, language),
        judgement=score.deciding.reason if score.deciding else None,
        who=_who(score, language),
        course=_course(score, language),
    )


def clause_of(criterion: Criterion, standard: Standard, language: Language) -> str:
    """Name the clause that a criterion reads; its item's where it names none; else its own number."""
    item = next((item for item in standard.items if any(own is criterion for own in item.criteria)), None)
    own = f"本标准{criterion.id}项", f"criterion {criterion.id} of the standard"
    return criterion.clause or (item.clause if item else None) or pick(language, *own)


def _stage(stage: Stage, language: Language) -> str:
    return pick(language, *STAGES[stage])


def _judge(judgement: Judgement, language: Language) -> str:
    stage = _stage(judgement.stage, language)
    return pick(language, f"{judgement.judge}（{stage}）", f"{judgement.judge} ({stage})")


def _who(score: CriterionScore, language: Language) -> str:
    if score.deciding:
        return _judge(score.deciding, language)
    if score.criterion.kind == "measured":
        return pick(language, "台账", "ledger")
    return pick(language, "尚无人评判", "nobody yet")


def _course(score: CriterionScore, language: Language) -> str:
    steps = (
        [f"{_stage('self', language)} {points(score.judgements['self'].points)}"] if "self" in score.judgements else []
    )
    if score.criterion.kind == "measured":
        steps.append(f"{pick(language, '台账', 'ledger')} {ledger_says(score, language)}")
    later: tuple[Stage, ...] = ("inspection", "review")
    steps += [f"{_stage(s, language)} {points(score.judgements[s].points)}" for s in later if s in score.judgements]
    return " → ".join(steps) or pick(language, "未计分", "not scored")


def ledger_says(score: CriterionScore, language: Language) -> str:
    """The ledger's own points; 不适用 or 未计分 where it has none."""
    if score.outcome is not None and score.outcome.points is not None:
        return points(score.outcome.points)
    rule = score.criterion.measured_rule
    unscored = rule is not None and score.measure is None and rule.when_missing == "unscored"
    return pick(language, "未计分", "not scored") if unscored else pick(language, "不适用", "not applicable")


def why(score: CriterionScore, standard: Standard, kind: str, language: Language) -> str:
    """Say in one sentence why a criterion has its points: clause, rule, and figures or judge.

    The sentence for `results.json` and `kaohe explain`.
    """
    reason = reason_for(score, standard, kind, language)
    basis, rule = reason.clause.rstrip("。").replace("，", "、"), _inside(reason.rule, language)
    judged, full = score.criterion.kind == "judged", points(score.criterion.points)
    course = pick(language, "，", ", ").join(_because(score, reason, language))
    if language == "zh":
        end = "" if score.score is None or score.deciding else f"，得{points(score.score)}分（满分{full}分）"
        return f"依据{basis}，" + (f"由{rule}" if judged else f"按“{rule}”计分") + f"：{course}{end}。"
    return f"{_head(score)} under clause {basis}, " + (f"where {rule}" if judged else f"by “{rule}”") + f": {course}."


def _head(score: CriterionScore) -> str:
    full = points(score.criterion.points)
    if score.source == "not_applicable":
        return "Not applicable"
    return f"Not scored, of {full}," if score.score is None else f"{points(score.score)} of {full}"


def _inside(text: str, language: Language) -> str:
    """Fit a text of two clauses into a longer sentence."""
    return text.replace("；", "，") if language == "zh" else text.replace("; ", ", ")


def _because(score: CriterionScore, reason: Reason, language: Language) -> list[str]:
    parts = []
    if reason.figures is not None:
        parts.append(_ledger_part(score, _inside(reason.figures, language), language))
    if score.deciding is not None:
        parts.append(_judged_part(score, score.deciding, language))
    elif score.criterion.kind == "judged":
        parts.append(pick(language, "尚无自评、考核或复核评分，未计分", "nobody has judged it yet"))
    return parts


def _ledger_part(score: CriterionScore, figures: str, language: Language) -> str:
    """The sum; under an override it is said to be what the ledger had before."""
    if not score.overridden:
        return figures
    had = ledger_says(score, language)
    had += pick(language, "分", "") if had[0].isdigit() else ""
    return pick(language, f"台账原为{had}（{figures}）", f"the ledger had said {had} ({figures})")


def _judged_part(score: CriterionScore, deciding: Judgement, language: Language) -> str:
    said = _given_by(score, deciding, language)
    if language == "zh":
        said += f"（满分{points(score.criterion.points)}分{_earlier(score, deciding, language)}）"
    else:
        said += f" ({earlier[2:]})" if (earlier := _earlier(score, deciding, language)) else ""
    if deciding.reason:
        words = deciding.reason.rstrip("。.；; ")
        said += pick(language, f"，理由是“{words}”", f", because “{words}”")
    return said


def _earlier(score: CriterionScore, deciding: Judgement, language: Language) -> str:
    """What stages before the deciding one had given, each with a comma before it."""
    before = [s for s in STAGES if s in score.judgements and s != deciding.stage]
    said = [(_stage(stage, language), points(score.judgements[stage].points)) for stage in before]
    return "".join(pick(language, f"，{stage}{given}分", f", {stage} {given}") for stage, given in said)


def _given_by(score: CriterionScore, deciding: Judgement, language: Language) -> str:
    given, judge = points(deciding.points), deciding.judge
    stage = _stage(deciding.stage, language)
    if deciding.stage == "self":
        return pick(
            language,
            f"沿用{judge}自评{given}分，未经考核",
            f"{given} from the self-assessment of {judge}, not inspected",
        )
    verb_zh, verb_en = ("改定为", "set") if score.overridden else ("评定为", "gave")
    return pick(language, f"{judge}在{stage}中{verb_zh}{given}分", f"{judge} {verb_en} {given} at the {stage}")


def bonus_reason(bonus_score: BonusScore, standard: Standard, language: Language) -> str:
    """Say in one sentence what a bonus was counted for, before the cap of all bonuses."""
    bonus, entries = bonus_score.bonus, bonus_score.entries
    title = bonus.title.within(language)
    counted = metric_wording(bonus.metric).counted(entries, language)
    worth, given = plain(bonus.points), points(bonus_score.points)
    if entries == 0:
        said = pick(language, f"{title}：台账无记录，不加分", f"{title}: none in the ledger, no bonus")
    elif bonus.per == "unit":
        said = pick(
            language,
            f"{title}：台账记{counted}，每单位只计一次{worth}分，加{given}分",
            f"{title}: {counted} in the ledger, {worth} once for the unit, bonus {given}",
        )
    else:
        said = pick(
            language,
            f"{title}：台账记{counted}，× {worth} = {given}，加{given}分",
            f"{title}: {counted} in the ledger, × {worth}, bonus {given}",
        )
    clause = bonus.clause or f"{standard.id} {bonus.id}"
    return said + pick(language, f"；依据：{clause}。", f"; clause: {clause}.")


def total_reason(result: UnitResult, standard: Standard, language: Language) -> str:
    """Say in one sentence how base, bonus, total and band came about, or why there are none."""
    if result.unscored:
        missing = pick(language, "、", ", ").join(result.unscored)
        return pick(
            language,
            f"{missing}尚未计分，不产生基础分、总分、档次和名次。",
            f"{missing} not yet scored, so there is no base, total, band or rank.",
        )
    if result.base is None or result.total is None:
        return pick(language, "各项指标均不适用，不产生总分。", "No criterion applies, so there is no total.")
    parts = [base_sentence(result, standard, language), _bonus_part(result, standard, language)]
    parts.append(_total_part(result, result.base, result.total, standard, language))
    return pick(language, "；", "; ").join(parts) + pick(language, "。", ".")


def base_sentence(result: UnitResult, standard: Standard, language: Language) -> str:
    """Say how the base came about, without a full stop: the sum, and its scaling where points do not apply."""
    if result.base is None:
        return pick(language, "未产生", "none")
    counted, summed = result.points_counted, points(result.sum_of_scores)
    number = len(result.criteria) - len(result.not_applicable)
    said = pick(language, f"{number}项指标得分之和{summed}", f"{number} criteria add up to {summed}")
    if counted == standard.points:
        return said + pick(language, "，即基础分", ", the base")
    said += out_of_the_whole(result, standard, language)
    scaled = f"{summed} ÷ {plain(counted)} × {plain(standard.points)} = {points(result.base)}"
    return said + pick(language, f"，{scaled}，即基础分", f"; {scaled}, the base")


def out_of_the_whole(result: UnitResult, standard: Standard, language: Language) -> str:
    """Name what does not apply and how many points leave the whole; empty where everything applies."""
    if not result.not_applicable:
        return ""
    gone = plain(sum((c.points for c in standard.criteria if c.id in result.not_applicable), Decimal(0)))
    names = pick(language, "、", ", ").join(result.not_applicable)
    return pick(language, f"，不适用的{names}共{gone}分不计入满分", f"; {names} not applicable, {gone} points out")


def bonus_sentence(result: UnitResult, standard: Standard, language: Language) -> str:
    """Say what the bonus of a unit is for, without a full stop and without clauses."""
    counted = [
        bonus.bonus.title.within(language) + pick(language, "加", " ") + points(bonus.points)
        for bonus in result.bonuses
        if bonus.points
    ]
    if not counted:
        return pick(language, "台账无加分记录", "none in the ledger")
    before = sum((bonus.points for bonus in result.bonuses), Decimal(0))
    if standard.bonus_cap is not None and before > standard.bonus_cap:
        counted.append(_bonus_part(result, standard, language))
    return pick(language, "；", "; ").join(counted)


def _bonus_part(result: UnitResult, standard: Standard, language: Language) -> str:
    given = points(result.bonus or Decimal(0))
    before = two_places(sum((bonus.points for bonus in result.bonuses), Decimal(0)))
    if standard.bonus_cap is not None and before > standard.bonus_cap:
        return pick(language, f"加分合计{before}，按上限计{given}", f"bonuses of {before} capped at {given}")
    return pick(language, f"加分{given}", f"bonus {given}")


def _total_part(result: UnitResult, base: Decimal, total: Decimal, standard: Standard, language: Language) -> str:
    said = pick(language, "总分", "total ") + f"{points(base)} + {points(result.bonus or Decimal(0))} = {points(total)}"
    if result.band is None:  # pragma: no cover - whoever has a total has a band
        return said
    title, bounds = result.band.title.within(language), band_range(standard, result.band, language)
    clause = result.band.clause
    basis = pick(language, f"，{clause}" if clause else "", f", {clause}" if clause else "")
    by_base = "band" not in standard.bonus_counts_for
    said += pick(
        language, "，按基础分定档为" if by_base else "，档次为", ", band by the base " if by_base else ", band "
    )
    return said + pick(language, f"“{title}”（{bounds}{basis}）", f"“{title}” ({bounds}{basis})")
