"""The circular says what the data shows, in the words of an office."""

from datetime import date
from decimal import Decimal

import pytest

from kaohe.assessment.result import Round, RoundResult
from kaohe.assessment.scoring import Judgement, Unit, UnitResult, score
from kaohe.documents.circular import Issue, circular, text_of
from kaohe.documents.circular_tables import ranking_table
from kaohe.documents.content import Circular
from kaohe.documents.round_wording import numeral, period
from kaohe.documents.title_rows import issuer_chunks, title_rows, width, work_chunks
from kaohe.standard.files import read_standard
from tests.builders import city, judgements, metrics, result

FILE = read_standard("benxi-2010")
ISSUE = Issue("3", date(2011, 1, 10), "sha256:" + "a" * 64)


def a_unit(code: str, name: str, group: str, lost: str = "0", *, own: bool = False) -> UnitResult:
    """A unit that has 98.05, less what B6 lost."""
    stage = "self" if own else "inspection"
    given = judgements(FILE.standard, code, {"B6": str(Decimal(15) - Decimal(lost))}, stage)
    return score(FILE.standard, Unit(code, name, group, 40, metrics()), given)


def small() -> RoundResult:
    """Two counties and three departments: 98.05 twice, 88.05, 83.05, and one that lost all judged points."""
    nothing = {c.id: "0" for c in FILE.standard.criteria if c.kind == "judged"}
    poor = score(
        FILE.standard, Unit("D03", "市粮食局", "department", 40, metrics()), judgements(FILE.standard, "D03", nothing)
    )
    return result(
        [
            a_unit("210502", "平山区", "county", "15"), a_unit("210503", "溪湖区", "county", "10", own=True),
            a_unit("D01", "市教育局", "department"), a_unit("D02", "市审计局", "department"), poor,
        ],
        FILE,
    )  # fmt: skip


def test_head_title_and_signature():
    content = circular(small(), ISSUE)

    assert content.mark == "本溪市行政机关公务员基本功训练工作领导小组办公室文件"
    assert content.number == "本公训办发〔2011〕3号"
    assert content.title_rows == (
        "本溪市行政机关公务员基本功训练",
        "工作领导小组办公室关于2010年度全市",
        "行政机关公务员基本功训练考核情况的通报",
    )
    assert content.signature == ("本溪市行政机关公务员", "基本功训练工作领导小组办公室")
    assert content.day == "2011年1月10日"
    assert content.package_digest == "a" * 64
    assert content.draft == ""


def test_without_number_and_date_the_blanks_are_official():
    content = circular(small(), Issue())

    assert content.number == "本公训办发〔2011〕　号"
    assert content.day == "2011年　月　日"
    assert "于2011年　月　日前将整改情况书面报市公训办" in text_of(content)


def test_a_half_year_round_is_issued_in_its_own_year():
    half = Round("half_year", 2010, date(2010, 1, 1), date(2010, 6, 30))
    content = circular(RoundResult(FILE, half, small().units), Issue())

    assert content.number == "本公训办发〔2010〕　号"
    assert "关于2010年上半年全市" in content.title
    assert "2010年全年考核的自评报告于11月30日前上报" in text_of(content)


def test_numbers_by_band_and_group():
    # 98.05 ×2 → first band; 88.05 (98.05 − 10) and 83.05 (− 15) → second; 98.05 − 50 = 48.05 → third. Mean: 415.25 / 5 = 83.05
    text = text_of(circular(small(), ISSUE))

    assert "全市5个单位平均总分83.05分，其中平均基础分83.05分、平均加分0.00分。" in text
    assert "自治县、区平均总分85.55分，市政府部门平均总分81.38分。" in text
    assert "（一）全面完成。总分90.00分以上的2个，占40.0%，均为市政府部门。" in text
    assert "（二）基本完成。总分60.00分至89.99分的2个，占40.0%，均为自治县、区。" in text
    assert "（三）未完成。总分不满60.00分的1个，占20.0%，均为市政府部门。" in text


def test_praise_and_criticism_follow_the_bands_consequences():
    text = text_of(circular(small(), ISSUE))

    assert "对全面完成2010年度行政机关公务员基本功训练任务的下列2个单位予以通报表扬：\n市教育局、市审计局。" in text
    assert (
        "经核对数据、听取陈述、集体研究，对未完成2010年度行政机关公务员基本功训练任务的下列1个单位予以通报批评：\n市粮食局。"
        in text
    )
    assert "于2011年2月28日前将整改情况书面报市公训办。" in text


def test_a_part_without_units_is_left_out_and_the_numbers_close_up():
    text = text_of(circular(result([a_unit("D01", "市教育局", "department")], FILE), ISSUE))

    assert "通报批评" not in text
    assert "\n三、通报表扬\n" in text
    assert "\n四、存在的主要问题\n" in text
    assert "\n五、工作要求\n" in text


def test_weak_criteria_and_inflated_self_scores_are_computed():
    own = [Judgement("D01", "A1", "self", Decimal(5), "本单位")]
    given = [*judgements(FILE.standard, "D01", {"A1": "2.00"}), *own]
    unit = score(FILE.standard, Unit("D01", "市教育局", "department", 40, metrics(online_rate=(10, 40))), given)
    text = text_of(circular(result([unit], FILE), ISSUE))

    # B4: 10/40 × 5 = 1.25, 25 %; A1: 2 of 5, 40 %
    assert (
        "（一）网络在线学习（B4）。平均得分1.25分（分值5分），得分率25.00%，1个单位未得满分，合计30人未达到40学时。"
        in text
    )
    assert "（二）组织领导与责任到人（A1）。平均得分2.00分（分值5分），得分率40.00%，1个单位未得满分。" in text
    assert "自评分高于核定分的有1个，最多的高出3.00分" in text


def cells(content: Circular, annex: int, section: int) -> list[list[str]]:
    rows = content.annexes[annex].table.sections[section].rows
    return [[cell.text + cell.note for cell in row.cells] for row in rows]


def test_ranking_annex_has_groups_ties_and_marks():
    content = circular(small(), ISSUE)

    assert [section.title for section in content.annexes[0].table.sections] == [
        "一、自治县、区（2个）",
        "二、市政府部门（3个）",
    ]
    assert cells(content, 0, 0) == [
        ["1", "溪湖区", "88.05", "", "88.05", "基本完成", "自评", "3"],
        ["2", "平山区", "83.05", "", "83.05", "基本完成", "已核", "4"],
    ]
    assert cells(content, 0, 1) == [
        ["1", "市教育局（并列）", "98.05", "", "98.05", "全面完成", "已核", "1"],
        ["1", "市审计局（并列）", "98.05", "", "98.05", "全面完成", "已核", "1"],
        ["3", "市粮食局", "48.05", "", "48.05", "未完成", "已核", "5"],
    ]


def test_a_strong_line_where_a_band_ends():
    rows = ranking_table(small(), "zh").sections[1].rows

    assert [row.cut for row in rows] == [False, True, False]


def test_averages_annex():
    # B6: 0, 5, 15, 15, 0 → 35/5 = 7.00 everywhere; counties 2.50, departments 10.00; 7/15 = 46.67 %
    rows = cells(circular(small(), ISSUE), 1, 0)

    assert ["B6", "公文写作竞赛活动", "15", "7.00", "2.50", "10.00", "46.67%", "2"] in rows
    assert rows[-1] == ["", "基础分", "100", "83.05", "85.55", "81.38", "83.05%", ""]


def test_unscored_units_make_a_draft_and_take_no_place():
    missing = score(FILE.standard, Unit("D04", "市体育局", "department", 40, metrics(textbook_rate=None)), [])
    content = circular(result([*small().units, missing], FILE), ISSUE)

    assert content.draft == "未定稿"
    assert content.draft_reason == "1个单位未计分，不得印发"
    assert "不产生总分、档次和名次：市体育局（A1、A2、A3、B1、B2、B6、D1、D4）。" in text_of(content)
    assert cells(content, 0, 1)[-1] == ["—", "市体育局", "—", "—", "—", "未计分", "—", "—"]


def test_only_groups_with_units_are_listed():
    content = circular(result([a_unit("D01", "市教育局", "department")], FILE), ISSUE)

    assert [column.title for column in content.annexes[0].table.columns][-1] == "核实"
    assert "自治县、区" not in text_of(content)


@pytest.mark.parametrize("units", [0, 1, 46])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_any_number_of_units_in_both_languages(units: int, language: str):
    whole = city(counties=min(units, 6), departments=max(units - 6, 0), unscored=units // 20)

    content = circular(whole, Issue(), "zh" if language == "zh" else "en")

    assert "None" not in text_of(content)
    assert len(content.annexes) == 2


def test_english_is_complete():
    text = text_of(circular(small(), ISSUE, "en"))

    assert "(1) Fully accomplished. Total 90.00 and over: 2 units, 40.0% (all of them municipal departments)." in text
    assert "Under the scheme the following 1 unit is criticised" in text


def test_title_rows_hold_whole_words_and_are_even():
    # 8 + 6 + 2 + 2 + 7 = 25 characters: two rows, of the four ways 14/11 is the most even
    assert title_rows(["甲乙丙丁戊己庚辛", "关于2010年度", "全市", "训练", "考核情况的通报"]) == (
        "甲乙丙丁戊己庚辛关于2010年度",
        "全市训练考核情况的通报",
    )


def test_a_name_longer_than_a_row_is_cut_by_force():
    assert all(width(row) <= 20 for row in title_rows(["某" * 47, "的通报"]))


def test_chunks_break_at_the_work_and_at_the_issuers_rows():
    source = FILE.standard.source

    assert issuer_chunks(source) == ("本溪市行政机关公务员", "基本功训练", "工作领导小组办公室")
    assert work_chunks(source) == ("行政机关公务员", "基本功训练")
    assert issuer_chunks(source.model_copy(update={"issuer_rows": (), "work": "他事"})) == (source.issuer,)


def test_periods_have_the_names_that_people_use():
    def named(first: date, last: date) -> str:
        return period(Round("x", first.year, first, last), "zh")

    assert named(date(2010, 1, 1), date(2010, 12, 31)) == "2010年度"
    assert named(date(2011, 7, 1), date(2011, 12, 31)) == "2011年下半年"
    assert named(date(2011, 3, 1), date(2011, 5, 31)) == "2011年3月1日至5月31日"
    assert [numeral(n) for n in (6, 10, 11, 21)] == ["六", "十", "十一", "二十一"]
