"""Every point explains itself. The sentences are worked out by hand from the 2010 standard."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.assessment.scoring import CriterionScore, Judgement, UnitResult, score
from kaohe.documents.reasons import bonus_reason, reason_for, total_reason, why
from kaohe.standard.figures import Measure
from kaohe.standard.files import read_standard
from kaohe.standard.model import Criterion, Standard, Text
from tests.builders import city, judgements, unit

STANDARD = read_standard("benxi-2010").standard


def scored(*given_too: Judgement, **changes: Measure) -> UnitResult:
    all_given = {(j.criterion, j.stage): j for j in (*judgements(STANDARD, "D01"), *given_too)}
    return score(STANDARD, unit(**changes), all_given.values())


def say(criterion: str, *given_too: Judgement, language: Any = "zh", kind: str = "annual", **changes: Measure) -> str:
    return why(scored(*given_too, **changes).criterion(criterion), STANDARD, kind, language)


def judged(criterion: str, stage: Any, points: str, reason: str | None = "现场查验") -> Judgement:
    return Judgement("D01", criterion, stage, Decimal(points), "于晓岚", reason)


def test_share_names_rule_sum_and_who_is_short():
    # 43/56 = 0.767857… = 76.79 %; 0.767857 × 5 = 3.839… = 3.84; 56 − 43 = 13
    assert say("B3", self_study_rate=(43, 56)) == (
        "依据一（二）、附件二之3，按“自学自练满30学时人数 ÷ 在册人数 × 5”计分：43 ÷ 56 = 76.79%，× 5 = 3.84，13人未达到，"
        "得3.84分（满分5.00分）。"
    )


def test_share_in_english():
    assert say("B3", self_study_rate=(43, 56), language="en") == (
        "3.84 of 5.00 under clause 一（二）、附件二之3, by “staff with 30 or more hours of self-study ÷ staff × 5”: "
        "43 ÷ 56 = 76.79%, × 5 = 3.84, 13 fell short."
    )


def test_half_year_asks_for_half_the_hours():
    assert "满15学时" in say("B3", kind="half_year")


def test_a_kind_of_round_without_minimum_hours_still_reads():
    assert "自学自练达到规定学时人数 ÷ 在册人数" in say("B3", kind="quarter")
    assert "staff with the required hours of self-study" in say("B3", kind="quarter", language="en")


def test_below_the_whole_says_why_not_full_points():
    # 999/1000 × 5 = 4.995, rounds to 5.00, and is held at 4.99
    figures = reason_for(scored(participation_rate=(999, 1000)).criterion("B5"), STANDARD, "annual", "zh").figures

    assert figures == "999 ÷ 1000 = 99.90%，× 5 = 5.00，未达到100%不得满分，计4.99；1人未参训"


def test_a_rate_is_never_rounded_up_to_the_whole():
    # 99,999 of 100,000: two places would print 100.00 %
    assert "99999 ÷ 100000 = 99.999%" in say("B5", participation_rate=(99_999, 100_000))


def test_step_of_a_scale():
    # 43/59 = 72.88 %: the step from 70 %, 8 of 10, 8 ÷ 10 × 5 = 4.00; 59 − 43 = 16
    reason = reason_for(scored(textbook_rate=(43, 59)).criterion("D1"), STANDARD, "annual", "zh")

    assert reason.rule == ("教材落实率80%以上10分，70%以上8分，60%以上5分，30%以上2分，不满30%为0分；按10分制折算")
    assert reason.figures == "43 ÷ 59 = 72.88%，70%以上不满80%，8 ÷ 10 × 5 = 4.00；16册未到"


def test_lowest_step_is_named_by_its_upper_border():
    assert "不满30%，0 ÷ 10 × 5 = 0.00" in say("D1", textbook_rate=(1, 4))


def test_a_rate_is_printed_on_its_own_side_of_a_border():
    # 79,999 of 100,000 is below 80 %, though two places print 80.00 %
    assert "79.999%，70%以上不满80%" in say("D1", textbook_rate=(79_999, 100_000))


def test_mean_over_trainees():
    # 14 points of 3 trainees: 4.67
    reason = reason_for(scored(class_points=(14, 3)).criterion("C2"), STANDARD, "annual", "zh")

    assert reason.rule == "每名学员出勤得5分，请假未参加或请假超过10%得4分，旷课得0分；取平均分"
    assert reason.figures == "14 ÷ 3 = 4.67"


def test_mean_just_below_the_scale():
    assert "4999 ÷ 1000 = 5.00，未达到满分标准不得满分，计4.99" in say("C2", class_points=(4999, 1000))


def test_all_or_nothing_and_kinds_of_contest():
    assert "进入全市决赛1人次以上得5分，否则不得分”计分：0人次，未达到1人次，得0.00分" in say("C4", city_finals=(0, 1))
    assert "参加的竞赛种类数 ÷ 2 × 5”计分：1 ÷ 2 = 50.00%，× 5 = 2.50" in say("C3", city_contest_kinds=(1, 1))


def test_not_applicable_says_why_and_what_leaves_the_whole():
    assert say("C1", quota_fill_rate=(0, 0)) == (
        "依据一（二）、附件三之1，按“实派人数 ÷ 下达名额 × 5”计分：没有下达调训名额，本项不适用，5分不计入满分。"
    )


def test_missing_figures_are_not_scored():
    assert say("D1", textbook_rate=None).endswith("：教材数据未报，未计分。")


def test_missing_or_absent_paid_with_nothing():
    def paid_zero(criterion: str, **setting: str) -> Criterion:
        found = STANDARD.criterion(criterion)
        return found.model_copy(update={"rule": found.rule.model_copy(update=setting)})

    criteria = {"D1": paid_zero("D1", when_missing="zero"), "C1": paid_zero("C1", when_absent="zero")}
    items = tuple(
        item.model_copy(update={"criteria": tuple(criteria.get(c.id, c) for c in item.criteria)})
        for item in STANDARD.items
    )
    strict = Standard.model_validate(STANDARD.model_copy(update={"items": items}).model_dump())
    found = score(strict, unit(textbook_rate=None, quota_fill_rate=(0, 0)), judgements(strict, "D01"))

    assert "教材数据未报，按标准计0.00分，得0.00分" in why(found.criterion("D1"), strict, "annual", "zh")
    assert "没有下达调训名额，按标准计0.00分" in why(found.criterion("C1"), strict, "annual", "zh")


def test_judged_names_judge_stage_and_the_judges_own_words():
    sentence = say("A1", judged("A1", "self", "5.00"), judged("A1", "inspection", "4.00", "会议记录1次。"))

    assert sentence.startswith("依据一（一）、附件一之1，由考核员评判，0至5分，看分管领导主抓、")
    assert sentence.endswith("：于晓岚在考核中评定为4.00分（满分5.00分，自评5.00分），理由是“会议记录1次”。")


def test_judged_on_the_self_score_alone_says_so():
    given = [Judgement("D01", c.id, "self", c.points, "本单位") for c in STANDARD.criteria if c.kind == "judged"]
    found = score(STANDARD, unit(), given)

    assert why(found.criterion("A1"), STANDARD, "annual", "zh").endswith(
        "沿用本单位自评5.00分，未经考核（满分5.00分）。"
    )
    assert reason_for(found.criterion("A1"), STANDARD, "annual", "zh").who == "本单位（自评）"


def test_judged_by_nobody():
    found = score(STANDARD, unit(), [])

    assert why(found.criterion("B6"), STANDARD, "annual", "zh").endswith("尚无自评、考核或复核评分，未计分。")
    assert reason_for(found.criterion("B6"), STANDARD, "annual", "zh").course == "未计分"


def test_override_says_what_the_ledger_had_said():
    found = scored(judged("D2", "self", "5.00"), judged("D2", "review", "3.50"), handbook_rate=(45, 56)).criterion("D2")
    reason = reason_for(found, STANDARD, "annual", "zh")

    # 45/56 = 80.36 %, × 5 = 4.02
    assert reason.course == "自评 5.00 → 台账 4.02 → 复核 3.50"
    assert reason.who == "于晓岚（复核）"
    assert "台账原为4.02分（45 ÷ 56 = 80.36%，× 5 = 4.02，11人未领），于晓岚在复核中改定为3.50分" in why(
        found, STANDARD, "annual", "zh"
    )


def test_override_of_what_does_not_apply_keeps_its_points():
    sentence = say("C1", judged("C1", "inspection", "5.00"), quota_fill_rate=(0, 0))

    assert "台账原为不适用（没有下达调训名额，台账不计分）" in sentence
    assert "不计入满分" not in sentence


def test_bonus_once_a_unit_and_none():
    found = scored(province_entries=(3, 1))

    assert bonus_reason(found.bonuses[0], STANDARD, "zh") == (
        "代表本市参加全省单项竞赛：台账记3人次，每单位只计一次10分，加10.00分；依据：考评说明四。"
    )
    assert bonus_reason(found.bonuses[1], STANDARD, "zh").startswith("在全省单项竞赛中取得名次：台账无记录，不加分")


def test_total_adds_up_and_names_the_band():
    # judged 50.00; B3 36/40 4.50, B4 33/40 4.13, B5 5.00, C1 5.00, C2 14/3 4.67, C3 5, C4 5, D1 85 % 5, D2 5, D3 38/40 4.75
    assert total_reason(scored(), STANDARD, "zh") == (
        "17项指标得分之和98.05，即基础分；加分0.00；总分98.05 + 0.00 = 98.05，档次为“全面完成”（90.00分以上，考评说明一之1）。"
    )


def test_total_scaled_where_points_do_not_apply():
    # without C1: 93.05 of 95; 93.05 ÷ 95 × 100 = 97.947… = 97.95
    assert total_reason(scored(quota_fill_rate=(0, 0)), STANDARD, "zh").startswith(
        "16项指标得分之和93.05，不适用的C1共5分不计入满分，93.05 ÷ 95 × 100 = 97.95，即基础分；"
    )


def test_total_of_an_unscored_unit():
    assert total_reason(scored(textbook_rate=None), STANDARD, "zh") == "D1尚未计分，不产生基础分、总分、档次和名次。"


def test_bonus_beyond_the_cap_is_said():
    capped = STANDARD.model_copy(update={"bonus_cap": Decimal(15)})
    found = score(capped, unit(province_entries=(1, 1), province_placings=(1, 1)), judgements(capped, "D01"))

    assert "加分合计20.00，按上限计15.00" in total_reason(found, capped, "zh")


RULES: list[dict[str, Any]] = [
    {"shape": "proportional", "metric": "online_rate"},
    {"shape": "proportional", "metric": "bulletin_count", "of": 4},
    {"shape": "proportional", "metric": "class_points", "of": 5},
    {"shape": "all_or_nothing", "metric": "participation_rate", "at_least": "95%"},
    {"shape": "all_or_nothing", "metric": "class_points", "at_least": "4.5"},
    {
        "shape": "bands",
        "metric": "bulletin_count",
        "steps": [{"at_least": 2, "points": 3}, {"at_least": 6, "points": 5}],
    },
    {"shape": "bands", "metric": "textbook_rate", "scale": 10, "steps": [{"at_least": "2/3", "points": 10}]},
    {"shape": "points", "metric": "class_points", "scale": 10, "aggregate": "min"},
    {"shape": "points", "metric": "class_points", "scale": 5},
    {"shape": "count", "metric": "bulletin_count", "each": "0.5"},
    {"shape": "count", "metric": "textbook_rate", "each": "3"},
]


def odd_standard(rule: dict[str, Any]) -> Standard:
    """A standard of one criterion, and nothing of 2010 in it."""
    criterion = Criterion.model_validate(
        {"id": "X1", "title": Text(zh="甲", en="X"), "wording": "甲", "points": "7", "rule": rule}
    )
    item = STANDARD.items[0].model_copy(update={"criteria": (criterion,), "points": Decimal(7), "clause": None})
    changed = STANDARD.model_copy(update={"items": (item,), "points": Decimal(7)})
    return Standard.model_validate(changed.model_dump())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['shape']}-{rule['metric']}")
@settings(max_examples=40, deadline=None)
@given(above=st.integers(0, 3000), below=st.integers(0, 600), missing=st.booleans())
def test_every_rule_explains_every_figure(rule: dict[str, Any], language: Any, above: int, below: int, missing: bool):
    standard, metric = odd_standard(rule), rule["metric"]
    below = 1 if metric == "bulletin_count" else below
    figure: Measure = None if missing else (above, below)
    changes = {metric: figure, "class_points_least": figure and (above, min(below, 1))}
    found = score(standard, unit(**changes), []).criterion("X1")

    sentence = why(found, standard, "annual", language)

    assert sentence.endswith("。" if language == "zh" else ".")
    assert "本标准X1项" in sentence or "criterion X1" in sentence
    if found.score is not None:
        assert str(found.score) in sentence
        assert "7.00" in sentence


def printed_points(found: CriterionScore) -> Decimal:
    sentence = why(found, STANDARD, "annual", "en")
    return Decimal(sentence.partition(" of ")[0])


@pytest.mark.parametrize("seed", range(3))
def test_the_printed_points_add_up_to_the_printed_base(seed: int):
    result = city(seed=seed, departments=20)

    for unit_result in result.units:
        told = [s for s in unit_result.criteria if s.score is not None]
        summed = sum((printed_points(s) for s in told), Decimal(0))
        whole = sum((s.criterion.points for s in told), Decimal(0))
        base = Fraction(summed) / Fraction(whole) * 100
        assert str(summed) in total_reason(unit_result, result.standard, "zh")
        assert unit_result.base is not None
        assert abs(base - Fraction(unit_result.base)) <= Fraction(1, 200)
