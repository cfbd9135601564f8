"""What the linter and the reader of standards say: each code in Chinese and English, and what mends it.

Templates of `str.format` over the fault's `found` and its values. The door prints the place (file,
line, setting) before the sentence, so no template repeats it; settings keep the names of the file.
"""

from collections.abc import Mapping
from typing import NamedTuple


class LintSentence(NamedTuple):
    """What is wrong and what would be right, in both languages."""

    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str


_READING: Mapping[str, LintSentence] = {
    "standard_unknown": LintSentence(
        "没有名为“{found}”的标准，也没有这个文件",
        "there is neither a standard nor a file called {found}",
        "请写标准文件的路径，或选用自带标准：{library}",
        "give the path of a standard's file, or one of the standards that come with the program: {library}",
    ),
    "standard_not_utf8": LintSentence(
        "文件不是UTF-8编码",
        "the file is not UTF-8 text",
        "请用UTF-8编码另存后重试",
        "save it again as UTF-8",
    ),
    "standard_not_yaml": LintSentence(
        "此处不符合YAML格式：{found}",
        "this is not YAML: {found}",
        "请核对缩进、冒号和引号；同一设置只能写一次",
        "check indentation, colons and quotation marks; a setting may be given only once",
    ),
    "standard_not_mapping": LintSentence(
        "文件内容不是“设置: 值”的形式",
        "the file does not consist of settings and values",
        "请参照自带标准的文件编写，首行如“id: benxi-2010”",
        "write it like the standards that come with the program, beginning with a line such as “id: benxi-2010”",
    ),
    "setting_unknown": LintSentence(
        "没有这项设置",
        "there is no such setting",
        "请核对设置名称的拼写，或删去此行",
        "check the spelling of the setting's name, or delete the line",
    ),
    "setting_missing": LintSentence(
        "缺少一项必填设置",
        "a required setting is missing",
        "请补上此项设置",
        "add the setting",
    ),
    "setting_wrong": LintSentence(
        "设置的值不合要求（{wanted}）",
        "the value does not fit the setting ({wanted})",
        "请参照自带标准中同名设置的写法改正",
        "correct it after the setting of the same name in a standard that comes with the program",
    ),
}

_NAMES: Mapping[str, LintSentence] = {
    "id_twice": LintSentence(
        "编号{found}与第{first_line}行的编号重复",
        "the id {found} is already given in line {first_line}",
        "请改用未使用的编号；原件编号印错的，按位置编号",
        "give it an id of its own; where the document misprints its numbers, number by position",
    ),
    "metric_unknown": LintSentence(
        "台账中没有名为“{found}”的统计指标",
        "the ledger has no metric called {found}",
        "可用的统计指标：{known}",
        "use one of: {known}",
    ),
    "bonus_not_counted": LintSentence(
        "加分按次数给，“{found}”却是比例或平均分",
        "a bonus is paid for entries, and {found} is a rate or a mean",
        "请改用计数的统计指标，如 province_entries",
        "use a metric that is a count, such as province_entries",
    ),
    "least_unknown": LintSentence(
        "统计指标{found}没有最低值，不能按最低值（min）计分",
        "the metric {found} has no least value, so it cannot be scored by the least (min)",
        "请改用平均值（aggregate: mean）；可按最低值计分的统计指标：{known}",
        "use the mean (aggregate: mean); metrics with a least value: {known}",
    ),
    "wording_group_missing": LintSentence(
        "考核内容分类别表述，但缺少类别{group}的表述",
        "the wording differs by group, but there is none for the group {group}",
        "请补上类别{group}的表述；各类别要求相同的，只写一段",
        "add a wording for {group}, or write a single text where all groups are asked the same",
    ),
    "wording_group_unknown": LintSentence(
        "标准没有类别{found}",
        "the standard has no group {found}",
        "请改为标准所列的类别：{known}",
        "use one of the standard's groups: {known}",
    ),
    "round_unknown": LintSentence(
        "标准没有考核轮次{found}",
        "the standard has no kind of round {found}",
        "请改为 rounds 所列的轮次：{known}",
        "use one of the kinds under rounds: {known}",
    ),
    "hours_missing": LintSentence(
        "没有规定轮次{round}的最低学时",
        "no minimum hours are given for the round {round}",
        "请写明{round}的最低学时，如“{round}: 30”",
        "state the minimum hours for {round}, such as “{round}: 30”",
    ),
    "metric_unsuited": LintSentence(
        "规则{shape}不能用于指标{found}",
        "a rule of the shape {shape} cannot be applied to the metric {found}",
        "比率用proportional、all_or_nothing或bands，计数也可用count，class_points用points",
        "use proportional, all_or_nothing or bands for a rate, also count for a count, and points for class_points",
    ),
    "whole_unreachable": LintSentence(
        "满分对应的数是{found}，而这项指标最多是{most}",
        "full points stand at {found}, but the most that the metric can be is {most}",
        "请改这项设置，使满分对应的数不超过{most}；平均分以{most}为满分",
        "change the setting so that full points stand at {most} or less; a mean is out of {most}",
    ),
    "hours_impossible": LintSentence(
        "最低学时为{found}，台账记不出这样的学时",
        "the minimum is {found} hours, which a ledger cannot record",
        "请写0至8784的学时，最多一位小数；不作要求的，写0",
        "write 0 to 8784 hours with at most one decimal; 0 where none are asked",
    ),
    "clause_missing": LintSentence(
        "没有注明所依据的条款",
        "the clause that this follows is not stated",
        "请在 clause 中注明文件条款，如“附件一之1”",
        "name the document's clause under clause, such as “附件一之1”",
    ),
    "date_impossible": LintSentence(
        "日期{found}不存在，或不是每年都有",
        "the day {found} does not exist in every year",
        "请写每年都有的日期（月-日），2月末写“02-28”",
        "write a day that every year has, as MM-DD; the end of February is “02-28”",
    ),
    "round_reversed": LintSentence(
        "考核期起始日{found}晚于截止日{end}",
        "the period starts on {found}, after its end on {end}",
        "起始日应不晚于截止日；考核期不跨年度",
        "let it start on or before its end; a period lies within one year",
    ),
}

_POINTS: Mapping[str, LintSentence] = {
    "criteria_do_not_add_up": LintSentence(
        "项目{item}分值为{found}分，所属各项考核内容合计{sum}分",
        "item {item} is worth {found} points, its criteria add up to {sum}",
        "请把项目{item}的分值改为{sum}分，或调整各项考核内容的分值，使合计为{found}分",
        "make the item {sum} points, or change its criteria until they add up to {found}",
    ),
    "items_do_not_add_up": LintSentence(
        "标准总分为{found}分，各项目分值合计{sum}分",
        "the standard is worth {found} points, its items add up to {sum}",
        "请调整各项目的分值，使合计为{found}分，或把总分改为{sum}分",
        "change the items until they add up to {found}, or make the standard {sum} points",
    ),
    "checklist_exceeds_points": LintSentence(
        "核查细目合计{found}分，超过本项分值{points}分",
        "the checklist adds up to {found} points, above the criterion's {points}",
        "请调低各细目分值，使合计不超过{points}分",
        "lower the points of its checks until they add up to no more than {points}",
    ),
    "checklist_does_not_add_up": LintSentence(
        "核查细目全部赋分，合计{found}分，不足本项分值{points}分",
        "every check has points, yet they add up to {found}, not to the criterion's {points}",
        "请调整各细目分值，使合计为{points}分，或对部分细目不赋分",
        "change them until they add up to {points}, or leave some checks without points",
    ),
    "points_not_positive": LintSentence(
        "分值为{found}，不是正数",
        "the points are {found}, not above zero",
        "请写大于0的分值；不赋分的，删去此项设置",
        "write a figure above zero, or delete the setting where no points are meant",
    ),
    "points_negative": LintSentence(
        "本档得分为{found}，小于0",
        "the step gives {found} points, below zero",
        "请写0或大于0的得分；标准不扣分",
        "write zero or more; no step takes points away",
    ),
    "threshold_not_positive": LintSentence(
        "达标线为{found}，任何单位都能达到",
        "the threshold is {found}, which every unit reaches",
        "请写大于0的达标线",
        "write a threshold above zero",
    ),
    "step_not_positive": LintSentence(
        "评分最小单位为{found}，不是正数",
        "the step in which points are given is {found}, not above zero",
        "请写大于0的最小单位，如0.01或0.5",
        "write a step above zero, such as 0.01 or 0.5",
    ),
    "step_too_fine": LintSentence(
        "评分最小单位{found}不是0.01的整倍数，得分只保留两位小数",
        "the step {found} is no multiple of 0.01, and scores have two decimals",
        "请改为0.01的整倍数，如0.01、0.1或0.5",
        "write a multiple of 0.01, such as 0.01, 0.1 or 0.5",
    ),
    "step_does_not_divide": LintSentence(
        "按最小单位{step}分评分，给不出满分{found}分",
        "points given in steps of {step} never make the full {found}",
        "请把本项分值改为{step}的整倍数，或把最小单位（step）改小",
        "make the criterion's points a multiple of {step}, or make the standard's step smaller",
    ),
    "bonus_without_cap": LintSentence(
        "设有加分，但没有规定加分上限",
        "there are bonus points, but no cap on them",
        "请用 bonus_cap 写明加分最多为多少分",
        "state under bonus_cap how many bonus points there can be at most",
    ),
    "bonus_exceeds_cap": LintSentence(
        "本项加分{found}分，超过加分上限{cap}分，不可能给足",
        "this bonus of {found} points exceeds the cap of {cap} and can never be given in full",
        "请把加分上限（bonus_cap）提高到{found}分以上（含），或把本项加分降到{cap}分以下（含）",
        "raise bonus_cap to {found} or more, or lower the bonus to {cap} or less",
    ),
}

_STEPS: Mapping[str, LintSentence] = {
    "scale_exceeds_points": LintSentence(
        "本档给{found}分，超过本项分值{full}分",
        "the step gives {found} points, above the criterion's {full}",
        "分档按另一满分拟定的，请用 scale 写明该满分（如“scale: 10”），按比例折算；否则把本档得分改为{full}分以内",
        "if the steps are out of another total, state it (“scale: 10”) to have them scaled; else give {full} or less",
    ),
    "step_exceeds_scale": LintSentence(
        "本档给{found}分，超过分档满分（scale）{full}分",
        "the step gives {found} points, above the scale of {full}",
        "请把本档得分改为{full}分以内，或把 scale 改为{found}",
        "give {full} or less, or make the scale {found}",
    ),
    "full_points_unreachable": LintSentence(
        "最高一档只给{found}分，任何单位都得不到满分{full}分",
        "the highest step gives {found} points, so that nobody gets the full {full}",
        "请把最高一档得分改为{full}分",
        "let the highest step give {full}",
    ),
    "steps_not_falling": LintSentence(
        "{at_least}起的一档给{found}分，不低于上一档（{higher_at_least}起）的{higher}分",
        "the step from {at_least} gives {found} points, no fewer than the {higher} of the one from {higher_at_least}",
        "请把本档得分改为低于{higher}分，或合并两档",
        "give fewer than {higher}, or make the two steps one",
    ),
    "step_unreachable": LintSentence(
        "下限为{found}的这一档永远用不上：第{hidden_by_line}行的一档从{hidden_by}起，已全部包括",
        "the step from {found} never applies: the one from {hidden_by} in line {hidden_by_line} covers all of it",
        "请改正本档下限，或删去本档",
        "correct its lower bound, or delete the step",
    ),
    "step_reversed": LintSentence(
        "本档上限{found}低于下限{at_least}",
        "the step's upper bound {found} is below its lower bound {at_least}",
        "请对调上下限，或删去 at_most，只写下限",
        "exchange the two, or delete at_most and keep the lower bound alone",
    ),
    "steps_overlap": LintSentence(
        "本档上限{found}高于上一档下限{next}，两档重叠",
        "the step reaches up to {found}, into the next, which starts at {next}",
        "请把 at_most 改为{next}，或删去 at_most，只写下限",
        "make at_most {next}, or delete at_most and keep the lower bound alone",
    ),
    "steps_gap": LintSentence(
        "本档到{found}为止，上一档从{next}起，两者之间没有归属",
        "the step ends at {found} and the next starts at {next}: what lies between belongs to none",
        "请删去 at_most，只写下限，本档即到{next}为止（不含）；或补写中间一档",
        "delete at_most, and the step reaches up to {next} (not included); or add the step between",
    ),
    "step_top_closed": LintSentence(
        "最高一档到{found}为止，更高的没有归属",
        "the highest step ends at {found}: what is higher belongs to none",
        "请删去最高一档的 at_most",
        "delete at_most of the highest step",
    ),
    "steps_do_not_reach_zero": LintSentence(
        "最低一档从{found}起，以下没有归属",
        "the lowest step starts at {found}: what is below belongs to none",
        "请补写一档“at_least: 0”，写明得分（可为0分）",
        "add a step “at_least: 0” and say what it gives (it may be 0 points)",
    ),
}

_BANDS: Mapping[str, LintSentence] = {
    "band_reversed": LintSentence(
        "本档次上限{found}分低于下限{at_least}分",
        "the band's upper bound {found} is below its lower bound {at_least}",
        "请对调上下限，或删去 at_most，只写下限",
        "exchange the two, or delete at_most and keep the lower bound alone",
    ),
    "band_overlap": LintSentence(
        "本档次上限{found}分高于上一档次下限{next}分，两档重叠",
        "the band reaches up to {found}, into the next, which starts at {next}",
        "请把 at_most 改为{next}，或删去 at_most，只写下限",
        "make at_most {next}, or delete at_most and keep the lower bound alone",
    ),
    "band_gap": LintSentence(
        "本档次到{found}分为止，上一档次从{next}分起，两者之间的总分没有归属",
        "the band ends at {found} and the next starts at {next}: totals between belong to none",
        "请删去 at_most，只写下限，本档次即到{next}分为止（不含）",
        "delete at_most, and the band reaches up to {next} (not included)",
    ),
    "band_top_closed": LintSentence(
        "最高档次到{found}分为止，总分最高可达{highest}分，其间没有归属",
        "the highest band ends at {found}, yet a total can reach {highest}: what lies between belongs to none",
        "请删去最高档次的 at_most",
        "delete at_most of the highest band",
    ),
    "band_not_from_zero": LintSentence(
        "最低档次从{found}分起，不是从0分起",
        "the lowest band starts at {found}, not at 0",
        "请把最低档次的下限改为0，或补写从0分起的档次",
        "let the lowest band start at 0, or add one that does",
    ),
    "band_twice": LintSentence(
        "下限{found}分与第{first_line}行的档次相同，本档次永远用不上",
        "the lower bound {found} is that of the band in line {first_line}, so this band never applies",
        "请改正本档次的下限，或删去本档次",
        "correct its lower bound, or delete the band",
    ),
    "band_above_maximum": LintSentence(
        "本档次从{found}分起，定档的总分最高只有{maximum}分，任何单位都达不到",
        "the band starts at {found}, yet the total that decides it is at most {maximum}: nobody reaches it",
        "请把下限改为{maximum}分以内；要让加分计入定档，在 bonus_counts_for 中写明 band",
        "let it start at {maximum} or less, or let bonus points count for it: name band under bonus_counts_for",
    ),
}

LINT: Mapping[str, LintSentence] = {**_READING, **_NAMES, **_POINTS, **_STEPS, **_BANDS}
"""The sentence of every code of `standard.lint` and `standard.files`."""
