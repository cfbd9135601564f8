"""The words of the report and of the workbook, Chinese and English. Names and clauses are not in here.

A form with a number is a pair: for one, and for any other number. `{…}` is filled by the caller.
"""

from dataclasses import dataclass

from kaohe.assessment.scoring import Source
from kaohe.standard.model import Language

Counted = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """Every fixed word of the report in one language."""

    brand: str
    skip: str
    menu: str
    contents: str
    large: str
    title: str
    not_a_circular: str
    comma: str
    pause: str
    semicolon: str
    stop: str
    colon: str
    band_numbers: tuple[str, ...]
    band_number: str

    units: Counted
    all_units: str
    all_scored: Counted
    some_scored: Counted
    verified_count: Counted
    self_count: Counted
    unscored_notice: Counted
    unscored_rest: str

    ranking: str
    by_group: str
    overall: str
    rank: str
    group_rank: str
    overall_rank: str
    unit: str
    code: str
    group: str
    base: str
    bonus: str
    total: str
    check: str
    band: str
    staff: str
    tied: str
    verified: str
    unverified: str
    no_rank: str
    no_rank_why: str
    unscored: str
    unscored_sign: str
    not_applicable: str
    not_applicable_sign: str
    ranking_note: str
    by_base_note: str
    nothing_to_rank: str
    average_total: str

    bands: str
    distribution: str
    distribution_finding: str
    distribution_unit: str

    self_result: str
    self_above: Counted
    self_below: Counted
    self_same: Counted
    self_legend: tuple[str, str, str]
    self_note: str
    self_more: Counted
    self_none: str

    heat: str
    heat_finding: str
    heat_unit: str
    heat_label: str
    average: str

    criteria: str
    criteria_finding: str
    criterion: str
    mean: str
    of_points: str
    rate: str
    in_full: str
    at_zero: str
    criteria_note: str

    sheets: str
    sheets_note: str
    sheets_closed: str
    sheet: str
    sheet_line: tuple[str, ...]
    staff_line: str
    self_total: str
    back: str
    whole: str
    clause: str
    rule: str
    figures: str
    judgement: str
    who: str
    course: str
    points: str

    basis: str
    standard: str
    version: str
    document: str
    cited: str
    digest: str
    period: str
    period_value: str
    inputs: str
    file: str
    rows: str
    no_inputs: str
    no_package: str
    recompute: str
    step_digest: str
    step_verify: str
    step_inputs: str
    not_proved: str

    source: str
    score: str
    name: str
    subtotal: str
    sources: dict[Source, str]

    def count(self, form: Counted, number: int, **values: object) -> str:
        """Fill a form with a number: its first text for one, its second for any other."""
        return form[number != 1].format(n=f"{number:,}", **values)

    def band_name(self, index: int) -> str:
        """Name a band by its place, highest first: 一档; Band 1."""
        numbers = self.band_numbers
        return self.band_number.format(n=numbers[index] if index < len(numbers) else index + 1)


def wording(language: Language) -> Wording:
    """Return the words of a language."""
    return ZH if language == "zh" else EN


ZH = Wording(
    brand="考核", skip="跳到正文", menu="目录", contents="本页目录", large="大字", title="{year}年{round}结果报告",
    not_a_circular="本报告由程序按台账和评分算出，结果以通报为准。",
    comma="、", pause="，", semicolon="；", stop="。", colon="：",
    band_numbers=("一", "二", "三", "四", "五", "六", "七", "八", "九", "十"), band_number="{n}档",
    units=("{n}个单位", "{n}个单位"), all_units="单位",
    all_scored=("1个单位已计分：{bands}。", "{n}个单位全部计分：{bands}。"),
    some_scored=("{all}个单位中1个有总分：{bands}。", "{all}个单位中{n}个有总分：{bands}。"),
    verified_count=("{n}个已核", "{n}个已核"),
    self_count=("{n}个的评判指标仍为自评分", "{n}个的评判指标仍为自评分"),
    unscored_notice=("{n}个单位没有总分，尚不能公布", "{n}个单位没有总分，尚不能公布"),
    unscored_rest="其余单位的名次在补齐之前都可能变动。",
    ranking="排名", by_group="按类别看排名", overall="综合", rank="名次", group_rank="类内", overall_rank="综合名次",
    unit="单位", code="代码", group="类别", base="基础分", bonus="加分", total="总分", check="核实", band="档次",
    staff="在册人数", tied="并列", verified="已核", unverified="自评", no_rank="不排名",
    no_rank_why="尚未核实，按标准不参加排名", unscored="未计分", unscored_sign="未", not_applicable="不适用",
    not_applicable_sign="—",
    ranking_note="总分 = 基础分 + 加分，保留两位小数；总分相同的名次并列（1、2、2、4），并列的按单位代码排列。"
    "自评：评判指标中有仍以自评分计的。",
    by_base_note="基础分和加分分列，名次按基础分排。基础分相同的名次并列（1、2、2、4），并列的按单位代码排列。"
    "自评：评判指标中有仍以自评分计的。",
    nothing_to_rank="没有可以排名的单位。", average_total="平均总分",
    bands="档次", distribution="总分分布",
    distribution_finding="总分在{low}至{high}之间，中位数{median}",
    distribution_unit="每5分一段的单位数，虚线为档次界限",
    self_result="自评与结果",
    self_above=("1个可对照的单位自评高出{gap}分", "{n}个可对照的单位自评平均高出{gap}分"),
    self_below=("1个可对照的单位自评低{gap}分", "{n}个可对照的单位自评平均低{gap}分"),
    self_same=("1个可对照的单位自评与结果一致", "{n}个可对照的单位自评与结果平均持平"),
    self_legend=("○ 自评分", "● 结果", "右列为差距，5分以上加粗"),
    self_note="自评分是把报有自评的指标改取自评分后的总分。可对照：自评之外另有考核、复核或台账的得分。",
    self_more=("另有{n}个单位相差不超过{gap}分，见各单位评分单。", "另有{n}个单位相差不超过{gap}分，见各单位评分单。"),
    self_none="没有可以对照的单位：自评之外没有考核、复核或台账的得分。",
    heat="得分表", heat_finding="{n}个单位、{m}项指标的得分率",
    heat_unit="得分率%，颜色越浓越高；“{na}”为不适用，“{un}”为未计分",
    heat_label="各单位各项指标得分率", average="平均",
    criteria="各项指标", criteria_finding="失分最多的是{id} {title}，平均得{rate}%", criterion="指标", mean="平均得分",
    of_points="分值", rate="得分率", in_full="得满分", at_zero="得零分",
    criteria_note="平均得分只算适用而且已计分的单位；得满分、得零分、不适用几列是单位数",
    sheets="各单位评分单", sheets_note="每项得分都写明规则、数据、理由、谁定、经过和所依据的条款。",
    sheets_closed="单位较多，评分单收起；点开一行看该单位的全部得分。",
    sheet="{work}考核评分单", sheet_line=("{round}", "标准{id}第{version}版", "单位代码{code}"),
    staff_line="在册{n}人。",
    self_total="自评", back="回到排名", whole="满分", clause="条款", rule="规则", figures="数据",
    judgement="理由", who="谁定", course="经过", points="分",
    basis="依据与重算", standard="标准", version="第{version}版", document="文件", cited="《{title}》（{number}）", digest="摘要", period="考核期",
    period_value="{start}至{end}", inputs="输入文件", file="文件", rows="行数", no_inputs="没有记下输入文件。",
    no_package="这份报告没有附验证包。", recompute="怎样重算",
    step_digest="核对验证包没有被换过：", step_verify="离线重算，逐项与本报告对照：",
    step_inputs="手里有原始文件的，再核对上面各文件的SHA-256。",
    not_proved="重算证明的是从台账和评分到名次没有算错；台账是否如实记录、评分是否公允，由查看佐证的人判断。",
    source="来源", score="得分", name="名称", subtotal="{id}小计",
    sources={
        "self": "自评", "inspection": "考核", "review": "复核", "ledger": "台账", "not_applicable": "不适用",
        "unscored": "未计分",
    },
)  # fmt: skip

EN = Wording(
    brand="Kaohe", skip="Skip to the text", menu="Contents", contents="On this page", large="Large type",
    title="{round} {year}: results",
    not_a_circular="Computed from the ledger and the judgements; the circular is what counts.",
    comma=", ", pause=", ", semicolon="; ", stop=".", colon=": ",
    band_numbers=(), band_number="Band {n}",
    units=("{n} unit", "{n} units"), all_units="Units",
    all_scored=("The one unit is scored: {bands}.", "All {n} units are scored: {bands}."),
    some_scored=("{n} of {all} units has a total: {bands}.", "{n} of {all} units have a total: {bands}."),
    verified_count=("{n} verified", "{n} verified"),
    self_count=("{n} still judged by its own score", "{n} still judged by their own scores"),
    unscored_notice=("{n} unit has no total: nothing can be published",
                     "{n} units have no total: nothing can be published"),
    unscored_rest="Until this is put right any rank below may still change.",
    ranking="Ranking", by_group="Ranking by group", overall="Overall", rank="Rank", group_rank="In group",
    overall_rank="Overall", unit="Unit", code="Code", group="Group", base="Base", bonus="Bonus", total="Total",
    check="Check", band="Band", staff="Staff", tied="tied", verified="verified", unverified="self score",
    no_rank="Not ranked", no_rank_why="not yet verified, so not ranked under the standard", unscored="not scored",
    unscored_sign="?", not_applicable="not applicable", not_applicable_sign="—",
    ranking_note="Total = base + bonus, two decimals. Equal totals share a rank (1, 2, 2, 4) and stand in the order of "
    "their codes. Self score: at least one judged criterion still rests on what the unit gave itself.",
    by_base_note="Base and bonus stand apart; the base decides the rank. Equal figures share a rank (1, 2, 2, 4) and "
    "stand in the order of their codes. Self score: at least one judged criterion still rests on what the unit gave "
    "itself.",
    nothing_to_rank="There is no unit to rank.", average_total="Mean total",
    bands="Bands", distribution="Totals",
    distribution_finding="Totals run from {low} to {high}, the median is {median}",
    distribution_unit="Units in each step of five points; dashed: the borders of the bands",
    self_result="Self score and result",
    self_above=("The one unit that can be compared gave itself {gap} more",
                "{n} units that can be compared gave themselves {gap} more on average"),
    self_below=("The one unit that can be compared gave itself {gap} less",
                "{n} units that can be compared gave themselves {gap} less on average"),
    self_same=("The one unit that can be compared agrees with its result",
               "{n} units that can be compared agree with their results on average"),
    self_legend=("○ self score", "● result", "gap at the right, bold from 5 points"),
    self_note="The self score is the total if every score that the unit gave itself stood. It can be compared where an "
    "inspection, a review or the ledger has scored the same criterion.",
    self_more=("{n} more unit differs by {gap} at most; see its score sheet.",
               "{n} more units differ by {gap} at most; see their score sheets."),
    self_none="Nothing to compare: no inspection, review or ledger has scored what a unit scored itself.",
    heat="Scores", heat_finding="Share of the points reached: {n} units, {m} criteria",
    heat_unit="Per cent; the stronger the colour, the higher. {na} not applicable, {un} not scored",
    heat_label="Share of the points by unit and criterion", average="Mean",
    criteria="Criteria", criteria_finding="Most is lost at {id} {title}: {rate}% reached on average",
    criterion="Criterion", mean="Mean score", of_points="Points", rate="Rate", in_full="Full", at_zero="Zero",
    criteria_note="Means are over the units to which a criterion applies and which are scored; "
    "the last columns count units",
    sheets="Score sheets", sheets_note="Each point gives its rule, figures, reason, judge, course and clause.",
    sheets_closed="There are many units, so the sheets are folded: open a row to see all points of a unit.",
    sheet="Score sheet", sheet_line=("{round}", "standard {id}, version {version}", "unit code {code}"),
    staff_line="{n} staff.", self_total="Self score", back="Back to the ranking", whole="Points",
    clause="Clause", rule="Rule", figures="Figures", judgement="Reason", who="Judge", course="Course", points="points",
    basis="Basis and recomputation", standard="Standard", version="version {version}", document="Document", cited="{title} ({number})",
    digest="Digest", period="Period", period_value="{start} to {end}", inputs="Input files", file="File", rows="Rows",
    no_inputs="No input files were recorded.",
    no_package="No verification package came with this report.", recompute="How to recompute",
    step_digest="See that nobody has exchanged the package:",
    step_verify="Recompute offline, point by point, and compare with this report:",
    step_inputs="Whoever holds the original files compares their SHA-256 with the list.",
    not_proved="Recomputing proves that nothing was miscounted between ledger, judgements and ranks. Whether the "
    "ledger is true and the judgements fair is for people who look at the evidence.",
    source="Source", score="Score", name="Name", subtotal="{id} subtotal",
    sources={
        "self": "self score", "inspection": "inspection", "review": "review", "ledger": "ledger",
        "not_applicable": "not applicable", "unscored": "not scored",
    },
)  # fmt: skip
