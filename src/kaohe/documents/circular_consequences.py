"""The last four parts of a circular: praise, criticism, problems, requirements (三 to 六)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.documents.content import Block, Paragraph
from kaohe.documents.metric_wording import metric_wording, minimum_hours
from kaohe.documents.numerals import day, listed, percent, pick, plain, points
from kaohe.documents.round_figures import Average, averages, by_band, missing_people, scored, self_scores, weakest
from kaohe.documents.round_wording import DECEMBER, count_units, names, next_due, numbered, period, year_of_issue
from kaohe.standard.figures import half_up
from kaohe.standard.model import Band, Criterion, Language


def praise(result: RoundResult, language: Language) -> list[Block]:
    """Praise the units of every band whose consequence is praise; empty where there are none."""
    blocks: list[Block] = []
    for band, units in by_band(result):
        if band.consequence == "praise" and units:
            blocks += _listed(result, band, units, language)
    if not blocks:
        return []
    zh = "希望受到通报表扬的单位珍惜荣誉，再接再厉，及时总结并报送经验做法，发挥示范带动作用。"
    en = "They are asked to carry on, and to write up and report what worked so that others may follow."
    return [*blocks, Paragraph(pick(language, zh, en))]


def criticism(result: RoundResult, issued_on: date | None, language: Language) -> list[Block]:
    """Criticise the units of every band whose consequence is criticism, and set a day for their remedies."""
    blocks: list[Block] = []
    for band, units in by_band(result):
        if band.consequence == "criticism" and units:
            blocks += _listed(result, band, units, language)
    if not blocks:
        return []
    until, office = _remedy_day(result, issued_on, language), result.standard.source.issuer_short
    zh = f"上述单位要认真查找原因，明确整改措施、责任人和完成时限，于{until}前将整改情况书面报{office}。"
    en = f"They are to find the causes, name measures, people and days, and report to the office in writing by {until}."
    return [*blocks, Paragraph(pick(language, zh, en))]


def _listed(result: RoundResult, band: Band, units: Sequence[UnitResult], language: Language) -> list[Block]:
    praised, scheme = band.consequence == "praise", result.standard.source.short_title
    title, when = band.title.within(language), period(result.round, language)
    heard = "" if praised else "，经核对数据、听取陈述、集体研究"
    deed = "通报表扬" if praised else "通报批评"
    fits = title.endswith("完成")  # 全面完成、未完成 read as verbs
    task = f"{title}{when}{result.standard.source.work}任务" if fits else f"{when}考核档次为“{title}”"
    zh = f"根据《{scheme}》规定{heard}，对{task}的下列{len(units)}个单位予以{deed}："
    verb = "praised" if praised else "criticised, after their figures were checked and they were heard"
    number = count_units(len(units)) + (" is" if len(units) == 1 else " are")
    en = f"Under the scheme the following {number} {verb} ({title}, {when}):"
    return [Paragraph(pick(language, zh, en)), Paragraph(names(units, language) + pick(language, "。", "."))]


def _remedy_day(result: RoundResult, issued_on: date | None, language: Language) -> str:
    """The last day of the month after the one of issue; a blank to fill in where that is not known."""
    if issued_on is None:
        return blank_day(year_of_issue(result.round), language)
    year, month = (issued_on.year + 1, 1) if issued_on.month == DECEMBER else (issued_on.year, issued_on.month + 1)
    return day(date(year, month, monthrange(year, month)[1]), language)


def blank_day(year: int, language: Language) -> str:
    """A day still to be filled in by hand: 2011年　月　日."""
    return pick(language, f"{year}年\u3000月\u3000日", f"__ ________ {year}")


def problems(result: RoundResult, language: Language) -> list[Block]:
    """The weakest criteria and inflated self scores, all of it computed; empty where there are none."""
    told = [_weak(result, criterion, average, language) for criterion, average in weakest(averages(result))]
    inflated = self_scores(result)
    if inflated is not None and inflated.above:
        mean, most = points(half_up(abs(inflated.mean))), points(inflated.largest)
        than = pick(language, "高出" if inflated.mean > 0 else "低", "above" if inflated.mean > 0 else "below")
        zh = f"同时有自评和核定分的{inflated.units}个单位中，自评分高于核定分的有{inflated.above}个，"
        zh += f"最多的高出{most}分；平均{than}{mean}分。"
        en = f"Of {count_units(inflated.units)} with both, {inflated.above} had given themselves more than was found, "
        en += f"{most} at most; the mean is {mean} {than}."
        told.append((pick(language, "自评偏高", "High self scores"), pick(language, zh, en)))
    return list(numbered(told, language))


def _weak(result: RoundResult, criterion: Criterion, average: Average, language: Language) -> tuple[str, str]:
    rate = percent(average.rate) if average.rate is not None else "—"
    got = points(half_up(average.everywhere)) if average.everywhere is not None else "—"
    below = average.counted - average.full
    zh = f"平均得分{got}分（分值{plain(criterion.points)}分），得分率{rate}，{below}个单位未得满分{{people}}。"
    en = f"Mean {got} of {plain(criterion.points)}, rate {rate}, {count_units(below)} below full points{{people}}."
    title = pick(language, f"{criterion.title.zh}（{criterion.id}）", f"{criterion.title.en} ({criterion.id})")
    return title, pick(language, zh, en).format(people=_people(result, criterion, language))


def _people(result: RoundResult, criterion: Criterion, language: Language) -> str:
    """Who is missing behind the figure: 合计206人未达到40学时."""
    rule = criterion.measured_rule
    words = metric_wording(rule.metric) if rule else None
    if rule is None or words is None or words.short is None:
        return ""
    missing = missing_people(result, rule.metric)
    if not missing:
        return ""
    hours = minimum_hours(rule.metric, result.standard, result.round.kind)
    said = words.short.within(language).format(n=missing)
    short = said + ("" if hours is None else pick(language, f"{plain(hours)}学时", f" of {plain(hours)} hours"))
    return pick(language, f"，合计{short}", f", {short} in all")


def requirements(result: RoundResult, package: str | None, language: Language) -> list[Block]:
    """What is asked of everyone: remedies, an honest ledger, sober self scores, the right use of results."""
    told = [_remedies(result, language), _ledger(language)]
    told += [_next_report(result, language), _use(result, package, language)]
    return list(numbered(told, language))


def _remedies(result: RoundResult, language: Language) -> tuple[str, str]:
    weak = [criterion.id for criterion, _ in weakest(averages(result))]
    zh = "各单位要对照评分单逐项查找差距，明确整改措施、责任人和完成时限"
    en = "Every unit is to go through its score sheet and to name measures, people and days for what falls short"
    if weak:
        zh += f"；对{listed(weak, 'zh')}等得分率较低的指标，要由分管领导牵头研究解决"
        en += f"; the weakest criteria ({listed(weak, 'en')}) are a matter for its leadership"
    return pick(language, "抓好整改落实", "Remedies"), pick(language, zh + "。", en + ".")


def _ledger(language: Language) -> tuple[str, str]:
    zh = "要如实登记训练台账，随学随记，不得事后补造；参训请假的，应当履行审批手续。"
    en = "Training is entered in the ledger truthfully and as it happens; leave from a class needs its approval."
    return pick(language, "严格日常管理", "Day-to-day records"), pick(language, zh, en)


def _next_report(result: RoundResult, language: Language) -> tuple[str, str]:
    zh = "自评要以台账和佐证材料为依据，做到事实清楚、数据准确，不得以计划代替结果。"
    en = "Self scores rest on the ledger and on evidence; a plan is not a result."
    coming = next_due(result.standard, result.round)
    if coming is not None:
        kind, year, due = coming
        title = result.standard.rounds[kind].title
        zh = f"{year}年{title.zh}的自评报告于{due.month}月{due.day}日前上报。" + zh
        en = f"Reports for the {title.en[0].lower()}{title.en[1:]} of {year} are due on {day(due, 'en')}. " + en
    return pick(language, "客观开展自评", "Self-assessment"), pick(language, zh, en)


def _use(result: RoundResult, package: str | None, language: Language) -> tuple[str, str]:
    office = result.standard.source.issuer_short
    own = [unit for unit in scored(result) if not unit.verified]
    zh = "使用考核结果时，应当区分已核定的得分和沿用自评的得分。" if own else ""
    en = "Verified scores and self scores are to be told apart. " if own else ""
    with_package = "和验证包自行重算" if package else "逐项核对"
    zh += f"对本单位得分有疑问的，可以凭评分单{with_package}，并书面向{office}反映。"
    check = "recompute them from the verification package" if package else "check its score sheet"
    en += f"A unit that doubts its points can {check}"
    return pick(language, "正确运用结果", "Use of the results"), pick(language, zh, en + " and write to the office.")
