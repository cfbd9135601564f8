"""The first two parts of a circular: how the round was held, and what came of it (一、二)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.documents.band_wording import band_range
from kaohe.documents.content import Block, Paragraph
from kaohe.documents.numerals import pick, points
from kaohe.documents.round_figures import base_average, by_band, groups_present, mean, scored, self_scores
from kaohe.documents.round_wording import by_group, count_units, numbered, round_title, span
from kaohe.standard.figures import half_up
from kaohe.standard.model import Band, Language

ANNEX_RANKING, ANNEX_AVERAGES = 1, 2


def opening(result: RoundResult, language: Language) -> list[Block]:
    """Cite the document that the round rests on, and name the issuer as the text goes on to call it."""
    source, held = result.standard.source, round_title(result, language)
    if language == "en":
        text = (
            f"Under “{source.title}” ({source.number}, below: the scheme) {source.issuer} (below: the office) has held "
            f"the {held[0].lower()}{held[1:]}. The results are made known as follows."
        )
        return [Paragraph(text)]
    text = (
        f"根据《{source.title}》（{source.number}，以下简称《{source.short_title}》），"
        f"{source.issuer}（以下简称{source.issuer_short}）组织开展了{held}。现将有关情况通报如下。"
    )
    return [Paragraph(text)]


def the_work(result: RoundResult, language: Language) -> list[Block]:
    """Say what was assessed, who reported, what was verified and what the ledger gave: only what the data shows."""
    parts = [_scope, _own_reports, _verification, _sources]
    told = [found for part in parts if (found := part(result, language)) is not None]
    return list(numbered(told, language))


def _scope(result: RoundResult, language: Language) -> tuple[str, str]:
    a_round, units = result.round, result.units
    days = span(a_round, language)
    staff, groups = sum(unit.unit.headcount for unit in units), by_group(result, units, language)
    lead = pick(language, "考核范围", "Scope")
    zh = f"考核期为{days}。参加考核的单位共{len(units)}个（{groups}），在册人员{staff}人。"
    en = f"The period is {days}. {count_units(len(units))} took part ({groups}), with a staff of {staff}."
    return lead, pick(language, zh, en)


def _own_reports(result: RoundResult, language: Language) -> tuple[str, str] | None:
    reported = sum(any("self" in s.judgements for s in unit.criteria) for unit in result.units)
    if not reported:
        return None
    whole, lead = len(result.units), pick(language, "自查自评", "Self-assessment")
    if reported == whole:
        return lead, pick(language, f"{whole}个单位全部报送了自评分。", "All of them gave their self scores.")
    zh = f"{reported}个单位报送了自评分，{whole - reported}个单位未报送。"
    return lead, pick(language, zh, f"{count_units(reported)} gave their self scores, {whole - reported} did not.")


def _verification(result: RoundResult, language: Language) -> tuple[str, str]:
    verified = [unit for unit in result.units if unit.verified]
    lead, rest = pick(language, "考核核定", "Verification"), len(result.units) - len(verified)
    groups = by_group(result, verified, language)
    if not verified:
        return lead, pick(language, "各单位评判类指标尚未核定。", "No unit's judged criteria have been verified.")
    if not rest:
        return lead, pick(language, "全部单位的评判类指标均已核定。", "The judged criteria of all units were verified.")
    zh = f"{len(verified)}个单位（{groups}）的评判类指标已由考核员逐项核定，其余{rest}个单位未全部核定。"
    en = f"Inspectors verified the judged criteria of {count_units(len(verified))} ({groups}); {rest} are not verified."
    return lead, pick(language, zh, en)


def _sources(result: RoundResult, language: Language) -> tuple[str, str]:
    criteria = result.standard.criteria
    measured = sum(criterion.kind == "measured" for criterion in criteria)
    overridden = sum(score.overridden for unit in result.units for score in unit.criteria)
    reviewed = sum("review" in score.judgements for unit in result.units for score in unit.criteria)
    lead = pick(language, "得分来源", "Where the points come from")
    zh = f"{len(criteria)}项指标中，{measured}项由训练台账按规则计算，{len(criteria) - measured}项由考核员评判。"
    en = f"Of {len(criteria)} criteria {measured} follow from the ledger, {len(criteria) - measured} are judged."
    if overridden:
        zh += f"台账得分经考核、复核改定的有{overridden}项次，均注明理由。"
        en += f" Inspection or review set aside the ledger's points {overridden} times, each with its reason."
    if reviewed:
        zh += f"复核涉及{reviewed}项次。"
        en += f" {reviewed} scores went through review."
    return lead, pick(language, zh, en)


def the_results(result: RoundResult, language: Language) -> list[Block]:
    """Averages, bands with counts and shares by group, and what a reader of the ranking must know."""
    if not scored(result):
        return [Paragraph(pick(language, "没有单位产生总分。", "No unit has a total."))]
    bands = [_band(result, band, units, language) for band, units in by_band(result)]
    caveats = " ".join(_caveats(result, language)) if language == "en" else "".join(_caveats(result, language))
    return [
        Paragraph(_averages(result, language)),
        *numbered(bands, language),
        Paragraph(caveats),
        *_unscored(result, language),
    ]


def _shown(value: Fraction | None) -> str:
    return "—" if value is None else points(half_up(value))


def _averages(result: RoundResult, language: Language) -> str:
    units, source = scored(result), result.standard.source
    total = _shown(mean(unit.total for unit in units))
    base, bonus = _shown(base_average(result).everywhere), _shown(mean(unit.bonus for unit in units))
    parts = [
        (group.units.within(language), _shown(mean(unit.total for unit in members)))
        for group, members in groups_present(result)
        if any(unit.total is not None for unit in members)
    ]
    if language == "en":
        split = f", a base of {base} and a bonus of {bonus}" if result.standard.bonus else ""
        groups = "; ".join(f"{title} {value}" for title, value in parts) if len(parts) > 1 else ""
        groups = f" ({groups})" if groups else ""
        return f"The mean total of {count_units(len(units))} is {total}{split}{groups}. The bands of the scheme:"
    split = f"，其中平均基础分{base}分、平均加分{bonus}分" if result.standard.bonus else ""
    groups = "，".join(f"{title}平均总分{value}分" for title, value in parts)
    tail = f"{groups}。" if len(parts) > 1 else ""
    return f"{source.scope}{len(units)}个单位平均总分{total}分{split}。{tail}按照《{source.short_title}》规定的档次："


def _band(result: RoundResult, band: Band, units: Sequence[UnitResult], language: Language) -> tuple[str, str]:
    whole, bounds = len(scored(result)), band_range(result.standard, band, language)
    by_base = "band" not in result.standard.bonus_counts_for
    of = pick(language, "基础分" if by_base else "总分", "base" if by_base else "total")
    share = half_up(Fraction(len(units), whole) * 100, 1)
    if not units:
        return band.title.within(language), pick(
            language, f"{of}{bounds}，没有单位。", f"{of} {bounds}: no unit.".capitalize()
        )
    groups = by_group(result, units, language)
    groups = groups if language == "en" or groups.startswith("均为") else f"其中{groups}"
    zh = f"{of}{bounds}的{len(units)}个，占{share}%，{groups}。"
    en = f"{of} {bounds}: {count_units(len(units))}, {share}% ({groups}).".capitalize()
    return band.title.within(language), pick(language, zh, en)


def _caveats(result: RoundResult, language: Language) -> Iterator[str]:
    zh = f"各单位得分和名次见附件{ANNEX_RANKING}，各项指标平均得分见附件{ANNEX_AVERAGES}。"
    en = f"Annex {ANNEX_RANKING} has the points and ranks, annex {ANNEX_AVERAGES} the averages by criterion."
    yield pick(language, zh, en)
    own = [unit for unit in scored(result) if not unit.verified]
    if own and result.standard.rank == "verified":
        zh, en = f"未核定的{len(own)}个单位不排名次。", f"{count_units(len(own))} not verified: without a rank."
        yield pick(language, zh, en)
    elif own:
        zh = f"未核定的{len(own)}个单位，评判类指标沿用自评分，附件{ANNEX_RANKING}以“自评”标明。"
        en = (
            f"For {count_units(len(own))} judged criteria rest on self scores; annex {ANNEX_RANKING} marks them “self”."
        )
        yield pick(language, zh, en)
    yield from _inflation(result, bool(own), language)


def _inflation(result: RoundResult, matters: bool, language: Language) -> Iterator[str]:
    found = self_scores(result)
    if found is None or found.mean == 0:
        return
    gap, higher = points(half_up(abs(found.mean))), found.mean > 0
    zh = f"同时有自评和核定分的{found.units}个单位，自评分平均{'高出' if higher else '低于'}核定分{gap}分"
    side = "above" if higher else "below"
    en = f"Over {count_units(found.units)} with both, self scores are on average {gap} {side} verified ones"
    if matters:
        zh, en = zh + "，使用名次时应当一并考虑", en + ", which a reader of the ranks should bear in mind"
    yield pick(language, zh + "。", en + ".")


def _unscored(result: RoundResult, language: Language) -> list[Paragraph]:
    """Name the units that have no total, and what of theirs is not scored."""
    if not result.unscored:
        return []
    named = [f"{u.unit.name}（{'、'.join(u.unscored)}）" for u in result.unscored]
    zh = f"以下{len(named)}个单位有指标未计分，不产生总分、档次和名次：{'、'.join(named)}。"
    zh += "未计分的指标补齐前，本通报为未定稿，不得印发。"
    listing = ", ".join(f"{u.unit.name} ({', '.join(u.unscored)})" for u in result.unscored)
    en = f"Not scored, so without total, band and rank: {listing}. Until that is mended this circular is a draft."
    return [Paragraph(pick(language, zh, en))]
