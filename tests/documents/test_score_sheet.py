"""The score sheet shows every criterion, says what does not apply in words, and adds up."""

from decimal import Decimal

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import Judgement, Unit, score
from kaohe.documents.content import ScoreRow, ScoreSheet
from kaohe.documents.score_sheet import score_sheet
from kaohe.standard.figures import Measure
from kaohe.standard.files import read_standard
from tests.builders import judgements, metrics, result

FILE = read_standard("benxi-2010")


def sheet(*more: Judgement, **changes: Measure) -> ScoreSheet:
    given = {(j.criterion, j.stage): j for j in (*judgements(FILE.standard, "D01"), *more)}
    unit = score(FILE.standard, Unit("D01", "市教育局", "department", 40, metrics(**changes)), given.values())
    whole: RoundResult = result([unit], FILE)
    return score_sheet(whole, whole.units[0], digest="b" * 64, package_digest="sha256:" + "c" * 64)


def row(content: ScoreSheet, identifier: str) -> ScoreRow:
    return next(row for item in content.items for row in item.rows if row.id == identifier)


def test_head_says_unit_round_and_result():
    content = sheet()

    assert content.title == "行政机关公务员基本功训练考核评分单"
    assert content.headline == ("2010年全年考核", "考核标准　benxi-2010　第1版", "单位代码　D01")
    assert content.facts == "部门组，在册40人。考核期2010年1月1日至12月31日。评判类指标已由考核员核定。"
    assert [(f.label, f.value + f.addition) for f in content.figures] == [
        ("总分", "98.05"), ("部门组名次", "1 / 1"), ("综合名次", "1 / 1"), ("档次", "全面完成"),
    ]  # fmt: skip
    assert content.digests == (("本单摘要 SHA-256", "b" * 64), ("验证包 SHA-256", "c" * 64))


def test_a_measured_row():
    found = row(sheet(self_study_rate=(43, 56)), "B3")

    assert [(w.label, w.text) for w in found.why] == [
        ("规则", "自学自练满30学时人数 ÷ 在册人数 × 5"),
        ("数据", "43 ÷ 56 = 76.79%，× 5 = 3.84；13人未达到"),
    ]
    assert (found.own, found.inspection, found.review, found.score, found.full) == ("", "", "", "3.84", "5")
    assert found.who == ("台账",)


def test_a_judged_row_has_reason_evidence_and_names():
    found = row(
        sheet(Judgement("D01", "D4", "inspection", Decimal(4), "于宝成、吴玉兰", "未反映问题。", "佐证3份")), "D4"
    )

    assert found.clause == "一（四）\u2002附件四之4"
    assert [w.label for w in found.why] == ["规则", "台账", "理由"]
    assert [w.text for w in found.why][1:] == ["训练工作信息6条", "未反映问题。（佐证：佐证3份）"]
    assert (found.inspection, found.score, found.who) == ("4.00", "4.00", ("于宝成", "吴玉兰"))


def test_not_applicable_and_not_scored_are_words():
    content = sheet(quota_fill_rate=(0, 0), textbook_rate=None)

    assert (row(content, "C1").score, row(content, "C1").full) == ("不适用", "")
    assert (row(content, "D1").score, row(content, "D1").full) == ("未计分", "")
    assert content.figures[-1].value == "未计分"
    assert "D1尚未计分，本单为未定稿" in content.facts


def test_scaling_and_bonus_are_explained_in_the_sum():
    content = sheet(quota_fill_rate=(0, 0), province_entries=(1, 1))

    # 93.05 of 95 → 97.95; bonus 10 → 107.95
    assert [(s.title, s.score) for s in content.sums] == [("基础分", "97.95"), ("加分", "10.00"), ("总分", "107.95")]
    assert (
        content.sums[0].note == "16项指标得分之和93.05，不适用的C1共5分不计入满分，93.05 ÷ 95 × 100 = 97.95，即基础分"
    )
    assert content.sums[1].note == "代表本市参加全省单项竞赛加10.00"
    assert content.sums[2].note == "属“全面完成”档（90.00分以上）"


def test_items_add_up_over_what_applies():
    content = sheet(quota_fill_rate=(0, 0))

    # C2 4.67 + C3 5 + C4 5 of 15
    assert (content.items[2].score, content.items[2].full) == ("14.67", "15")
    assert sum(Decimal(item.score) for item in content.items) == Decimal("93.05")


def test_self_scores_are_summed_only_where_all_are_given():
    own = [Judgement("D01", c, "self", Decimal("4.50"), "本单位") for c in ("A1", "A2", "A3")]
    content = sheet(*own)

    assert content.items[0].own == "13.50"
    assert content.items[1].own == ""
