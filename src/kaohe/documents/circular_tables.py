"""The annexes of a circular: the ranking by group with the overall ranks, and the averages by criterion."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.documents.content import Align, Cell, Column, Row, Section, Table
from kaohe.documents.numerals import percent, pick, plain, points
from kaohe.documents.round_figures import Average, ItemAverage, averages, base_average, groups_present
from kaohe.documents.round_wording import numeral
from kaohe.standard.figures import half_up
from kaohe.standard.model import Group, Language, Standard

NONE = "—"


def ranking_table(result: RoundResult, language: Language) -> Table:
    """Every unit of the round: rank in its group, points, band, whether verified, and its overall rank."""
    present = groups_present(result)
    sections = tuple(
        Section(_group_title(n, group, len(units), language), _ranked(result, units, language))
        for n, (group, units) in enumerate(present, 1)
    )
    return Table(_ranking_columns(result.standard, len(present) > 1, language), sections)


def _ranking_columns(standard: Standard, groups: bool, language: Language) -> tuple[Column, ...]:
    bonus, zh = bool(standard.bonus), language == "zh"
    wanted: list[tuple[str, str, Align, float | None, bool]] = [
        ("名次", "Rank", "center", 12 if zh else 11, True), ("单位", "Unit", "left", None, True),
        ("基础分", "Base", "right", 16.5 if zh else 14, bonus), ("加分", "Bonus", "right", 15 if zh else 14, bonus),
        ("总分", "Total", "right", 17.5 if zh else 15, True), ("档次", "Band", "center", 19.5 if zh else 37, True),
        ("核实", "Checked", "center", 12 if zh else 16, True),
        ("综合", "Overall", "center", 12 if zh else 15, groups),
    ]  # fmt: skip
    return tuple(Column(pick(language, *titles), align, width) for *titles, align, width, shown in wanted if shown)


def _group_title(number: int, group: Group, units: int, language: Language) -> str:
    return pick(language, f"{numeral(number)}、{group.units.zh}（{units}个）", f"{number}. {group.title.en} ({units})")


def _ranked(result: RoundResult, units: Sequence[UnitResult], language: Language) -> tuple[Row, ...]:
    ordered = sorted(units, key=lambda u: (u.group_rank is None, u.group_rank or 0, u.unit.code))
    ranks = Counter(unit.group_rank for unit in units if unit.group_rank is not None)
    several = len(groups_present(result)) > 1
    rows = []
    for unit, after in zip(ordered, [*ordered[1:], None], strict=True):
        tied = unit.group_rank is not None and ranks[unit.group_rank] > 1
        cut = after is not None and (after.band != unit.band or (after.group_rank is None) != (unit.group_rank is None))
        rows.append(Row(_unit_cells(result.standard, unit, tied, several, language), cut=cut))
    return tuple(rows)


def _unit_cells(
    standard: Standard, unit: UnitResult, tied: bool, several: bool, language: Language
) -> tuple[Cell, ...]:  # fmt: skip
    note = pick(language, "（并列）", " (tied)") if tied else ""
    cells = [Cell(_rank(unit.group_rank)), Cell(unit.unit.name, note=note)]
    if standard.bonus:
        cells += [Cell(_points(unit.base)), Cell(_points(unit.bonus) if unit.bonus or unit.base is None else "")]
    cells += [Cell(_points(unit.total), strong=True), Cell(_band(unit, language)), _checked(unit, language)]
    return (*cells, Cell(_rank(unit.rank))) if several else tuple(cells)


def _rank(rank: int | None) -> str:
    return NONE if rank is None else str(rank)


def _points(value: Decimal | None) -> str:
    return NONE if value is None else points(value)


def _band(unit: UnitResult, language: Language) -> str:
    if unit.unscored:
        return pick(language, "未计分", "Not scored")
    return unit.band.title.within(language) if unit.band else pick(language, "不适用", "Not applicable")


def _checked(unit: UnitResult, language: Language) -> Cell:
    if unit.unscored and not any(s.source == "self" for s in unit.criteria):
        return Cell(NONE)
    return (
        Cell(pick(language, "已核", "verified")) if unit.verified else Cell(pick(language, "自评", "self"), soft=True)
    )


def ranking_note(result: RoundResult, language: Language) -> str:
    """Say how the ranking is to be read: the total, the two ranks, ties, the marks, and the bonuses."""
    standard, several = result.standard, len(groups_present(result)) > 1
    ranked = sum(unit.rank is not None for unit in result.units)
    by_base = "ranking" not in standard.bonus_counts_for
    zh, en = "", ""
    if standard.bonus:
        zh += "总分为基础分与加分之和，" + ("名次按基础分排列，" if by_base else "")
        en += "The total is base and bonus" + (", ranks follow the base. " if by_base else ". ")
    zh += "分值单位为分，保留两位小数。"
    if several:
        zh += f"“名次”在本组内排列，“综合”为{ranked}个单位统一排列的名次；"
        en += f"“Rank” is within the group, “overall” among all {ranked} units. "
    zh += "得分相同的名次并列，其后名次空出，并列单位按机构顺序排列。"
    zh += "“已核”指评判类指标经考核员核定，“自评”指评判类指标沿用自评分。"
    en += (
        "Equal points share a rank. “Verified”: inspectors gave the judged points; “self”: they rest on the unit’s own."
    )
    if any(unit.rank is None for unit in result.units):
        zh, en = zh + "“—”表示没有总分或者不排名次。", en + " A dash: no total, or no rank."
    return pick(language, zh + _bonuses(standard, language), en + _bonuses(standard, language))


def _bonuses(standard: Standard, language: Language) -> str:
    if not standard.bonus:
        return ""
    told = [
        bonus.title.within(language) + pick(language, "每次" if bonus.per == "entry" else "", " ")
        + plain(bonus.points) + pick(language, "分", " each" if bonus.per == "entry" else "")
        for bonus in standard.bonus
    ]  # fmt: skip
    cap = standard.bonus_cap
    end = "" if cap is None else pick(language, f"；合计最多{plain(cap)}分", f"; at most {plain(cap)} in all")
    return (
        pick(language, "加分：", " Bonus: ") + pick(language, "；", "; ").join(told) + end + pick(language, "。", ".")
    )


def averages_table(result: RoundResult, language: Language) -> Table:
    """The average of every criterion and item, everywhere and by group, with the rate and who has full points."""
    groups = [group for group, _ in groups_present(result)]
    several = len(groups) > 1
    rows = [row for item in averages(result) for row in _item_rows(item, several, language)]
    base = _average_row(("", pick(language, "基础分", "Base")), base_average(result), several, strong=True)
    return Table(_average_columns(result, groups, language), (Section("", (*rows, Row(base, head=True))),), dense=True)


def _average_columns(result: RoundResult, groups: Sequence[Group], language: Language) -> tuple[Column, ...]:
    def column(zh: str, en: str, align: Align, width: float | None) -> Column:
        return Column(pick(language, zh, en), align, width)

    wide = 14.5 if language == "zh" else 22.5
    split = [column(group.title.zh, group.title.en.partition(" ")[0], "right", wide) for group in groups]
    return (
        column("编号", "No.", "center", 11), column("考核指标", "Criterion", "left", None),
        column("分值", "Points", "right", 11 if language == "zh" else 13),
        column(result.standard.source.scope, "All", "right", 14.5), *(split if len(groups) > 1 else ()),
        column("得分率", "Rate", "right", 16.5), column("满分数", "Full", "right", 15 if language == "zh" else 11),
    )  # fmt: skip


def _item_rows(row: ItemAverage, several: bool, language: Language) -> list[Row]:
    title = row.item.title.within(language)
    head = Row(_average_row((row.item.id, title), row.average, several, strong=True), head=True)
    inner = [
        Row(_average_row((c.id, c.title.within(language)), average, several, full=str(average.full)))
        for c, average in row.criteria
    ]  # fmt: skip
    return [head, *inner]


def _average_row(
    label: tuple[str, str], average: Average, several: bool, *, strong: bool = False, full: str = ""
) -> tuple[Cell, ...]:  # fmt: skip
    figures = [_shown(average.everywhere), *((_shown(value) for value in average.groups) if several else ())]
    rate = percent(average.rate) if average.rate is not None else NONE
    texts = [*label, plain(average.points), *figures, rate, full]
    return tuple(Cell(text, strong) for text in texts)


def _shown(value: Fraction | None) -> str:
    return NONE if value is None else points(half_up(value))


def averages_note(language: Language) -> str:
    """Say how the averages were made."""
    return pick(
        language,
        "平均得分按产生总分的单位计算，指标不适用的单位不计入该项；项目得分为各指标平均得分之和，基础分为各单位基础分的平均。"
        "得分率为平均得分与分值之比，“满分数”为得满分的单位个数。各栏分别四舍五入，分项之和与合计可能相差0.01。",
        "Averages are over units with a total; a unit to which a criterion does not apply is left out of it. An item "
        "is the sum of its criteria, the base the mean of all bases. “Full”: units with full points. Each figure is "
        "rounded by itself.",
    )
