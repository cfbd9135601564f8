"""Faults as sentences: what is wrong and what would be right, in Chinese and in English.

Templates are filled with `found` (what the person wrote) and the fault's values.
"""

from collections.abc import Mapping

from kaohe.documents.deployment_wording import DEPLOYMENT
from kaohe.documents.lint_wording import LINT
from kaohe.fault import Fault, Faults, Place
from kaohe.standard.model import Language

Sentences = tuple[str, str, str, str]
"""What is wrong in Chinese and in English, then what would be right in Chinese and in English."""

READING: Mapping[str, Sentences] = {
    # the folder and its files
    "folder_missing": (
        "没有这个文件夹", "there is no such folder",
        "请给出存放各表的文件夹", "give the folder that holds the tables",
    ),
    "table_missing": (
        "缺少必备的“{title}”表", "the required table is missing",
        "请放入 units 和 people 两表（csv、xlsx 或 parquet）；空表模板：kaohe template",
        "units and people must be there (csv, xlsx or parquet); `kaohe template` writes empty ones",
    ),
    "table_empty": (
        "“{title}”表没有一行数据", "the table has a header but no row",
        "至少填写一行", "it must hold at least one row",
    ),
    "file_twice": (
        "同一张表有几个文件：{found}", "one table in several files: {found}",
        "只保留一个", "keep one of them",
    ),
    "file_empty": ("文件是空的", "the file is empty", "第一行应为表头", "its first row must be the header"),
    "file_not_text": (
        "文件既不是 UTF-8 也不是 GB 18030 编码的文本", "the file is text neither in UTF-8 nor in GB 18030",
        "请在 Excel 或 WPS 中另存为“CSV UTF-8”", 'save it as "CSV UTF-8" in Excel or WPS',
    ),
    "line_too_long": (
        "有一行超过 1 MB，不会是一条记录", "a line is longer than 1 MB and cannot be a record",
        "请检查换行符，或重新导出", "check the line ends, or export the file again",
    ),
    "cell_too_long": (
        "有一格超过 128 KB", "a cell is longer than 128 KB",
        "请检查引号是否成对，或缩短文字", "check that quotation marks are paired, or shorten the text",
    ),
    "quotation_broken": (
        "引号不成对", "a quotation mark is not paired",
        "含逗号、引号或换行的格子整个加引号，格内引号写两个",
        "put a cell with commas, quotation marks or line breaks in quotation marks, and double those inside it",
    ),
    "row_too_wide": (
        "这一行的格子比表头多，多出“{found}”", 'the row has more cells than the header: "{found}" is over',
        "请检查是否多了逗号", "check for a comma too many",
    ),
    "workbook_broken": (
        "不是完好的 XLSX 工作簿", "this is not a sound XLSX workbook",
        "请用 Excel 或 WPS 打开后另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx",
    ),
    "workbook_bomb": (
        "压缩内容展开后过大，拒绝读取", "its contents unfold to an unreasonable size; it was not read",
        "请用 Excel 或 WPS 另存为新的 .xlsx", "save it anew as .xlsx in Excel or WPS",
    ),
    "workbook_doctype": (
        "工作簿里有外部实体声明（DOCTYPE），拒绝读取", "the workbook declares a document type (DOCTYPE); it was not read",
        "请用 Excel 或 WPS 另存为新的 .xlsx", "save it anew as .xlsx in Excel or WPS",
    ),
    "workbook_too_large": (
        "工作簿过大，读取时超出内存或时间限制", "the workbook is too large to be read within memory and time",
        "请删除数据以外的格式和空行空列，或另存为 CSV", "delete formats, rows and columns beyond the data, or save it as CSV",
    ),
    "header_not_first": (
        "第一行不是表头", "the first row is not the header",
        "请删去表头上方的空行和标题", "delete the rows above the header",
    ),
    "error_cell": (
        "单元格是公式错误（如 #N/A）", "the cell holds a formula error (such as #N/A)",
        "请改正公式或直接填值", "mend the formula or type the value",
    ),
    "formula_unreckoned": (
        "公式没有存下结果", "the formula was saved without its result",
        "请用 Excel 或 WPS 打开并保存一次，或直接填值", "open the file in Excel or WPS and save it once, or type the value",
    ),
    "parquet_broken": (
        "不是完好的 Parquet 文件", "this is not a sound Parquet file",
        "请重新导出", "export it again",
    ),
    "parquet_nested": (
        "这一列是嵌套类型", "the column has a nested type",
        "请用文本、日期、整数或小数", "use text, dates, integers or decimals",
    ),
    # headers
    "column_missing": (
        "缺少这一列", "the column is missing",
        "表头应有“{header}”（或 {name}）", "the header must have {name} (or {header})",
    ),
    "column_twice": (
        "这一列出现两次", "the column is there twice",
        "“{name}”只留一列", "keep one column for {name}",
    ),
    # cells
    "cell_empty": ("空着", "the cell is empty", "此格必填", "it must be filled in"),
    "choice_unknown": (
        "“{found}”不是可选的值", '"{found}" is not one of the values',
        "应为下列之一：{choices}", "it must be one of: {choices}",
    ),
    "group_unknown": (
        "“{found}”不是本标准的类别", '"{found}" is not a group of this standard',
        "应为下列之一：{choices}", "it must be one of: {choices}",
    ),
    "criterion_unknown": (
        "“{found}”不是本标准的指标编号", '"{found}" is not a criterion of this standard',
        "应为下列之一：{choices}", "it must be one of: {choices}",
    ),
    "criterion_is_bonus": (
        "“{found}”是加分项，由台账计算，不由人评", '"{found}" is a bonus: the ledger gives it, nobody judges it',
        "应为下列之一：{choices}", "it must be one of: {choices}",
    ),
    "day_wrong": (
        "“{found}”不是日期", '"{found}" is not a day',
        "写作 2010-05-18、2010/5/18、2010.5.18 或 2010年5月18日",
        "write 2010-05-18, 2010/5/18, 2010.5.18 or 2010年5月18日",
    ),
    "day_impossible": (
        "“{found}”这一天不存在", '"{found}" is no day of the calendar',
        "请核对年月日", "check year, month and day",
    ),
    "number_wrong": (
        "“{found}”不是数", '"{found}" is not a number',
        "只写数字和小数点，如 2.5", "write digits and a decimal point only, such as 2.5",
    ),
    "number_negative": ("“{found}”是负数", '"{found}" is negative', "应为 0 或以上", "it must be 0 or more"),
    "number_too_large": (
        "“{found}”过大", '"{found}" is too large',
        "不超过 999,999,999", "it must be at most 999,999,999",
    ),
    "number_not_whole": ("“{found}”不是整数", '"{found}" is not a whole number', "应为整数", "it must be a whole number"),
    "hours_decimals": (
        "学时“{found}”超过一位小数", 'the hours "{found}" have more than one decimal',
        "最多一位小数，如 2.5", "at most one decimal, such as 2.5",
    ),
    "points_decimals": (
        "得分“{found}”超过两位小数", 'the points "{found}" have more than two decimals',
        "最多两位小数，如 4.75", "at most two decimals, such as 4.75",
    ),
    "points_off_step": (
        "得分“{found}”不合本标准的给分单位", 'the points "{found}" are off the step of this standard',
        "应为 {step} 的整数倍", "they must be a multiple of {step}",
    ),
    "points_above": (
        "得分“{found}”超过 {criterion} 的满分", 'the points "{found}" are above the maximum of {criterion}',
        "应在 0 至 {most} 之间", "they must be from 0 to {most}",
    ),
    "reason_below_full": (
        "{criterion} 未给满分，却没有理由", "{criterion} has less than full points and no reason",
        "考核和复核低于 {most} 分的，须写明理由", "an inspection or review below {most} must say why",
    ),
    "reason_for_override": (
        "{criterion} 由台账计分，改动却没有理由", "{criterion} is the ledger's, and it is overridden without a reason",
        "考核和复核改动台账得分的，须写明理由", "an inspection or review that overrides the ledger must say why",
    ),
    # between cells, rows and tables
    "key_twice": (
        "“{found}”所在的记录与第 {wanted} 行重复", 'the record with "{found}" repeats row {wanted}',
        "删去其中一行，或更正编号", "delete one of the two, or correct the key",
    ),
    "reference_dangling": (
        "“{found}”在 {wanted} 表中找不到", '"{found}" is not in the table {wanted}',
        "请更正，或在 {wanted} 表中补上", "correct it, or add it to {wanted}",
    ),
    "joined_after_departed": (
        "到岗日期“{found}”晚于离岗日期 {wanted}", 'the arrival "{found}" is after the departure {wanted}',
        "请核对两个日期", "check the two days",
    ),
    "starts_after_ends": (
        "开始日期“{found}”晚于结束日期 {wanted}", 'the start "{found}" is after the end {wanted}',
        "请核对两个日期", "check the two days",
    ),
    "class_without_hours": (
        "调训班的计划学时为 0", "a class has 0 planned hours",
        "应大于 0", "they must be above 0",
    ),
    "absent_with_hours": (
        "旷课却有学时“{found}”", 'absent, and yet with hours: "{found}"',
        "旷课的学时应为 0 或空；到过课的应记出勤或请假", "hours must be 0 or empty; who was there is present or on leave",
    ),
    "quota_not_class": (
        "“{found}”不是调训班（形式为 {wanted}），不能下达名额", '"{found}" is not a class (its form is {wanted})',
        "名额只下达给形式为 class 调训班 的活动", "only a class has quotas",
    ),
    "contest_differs": (
        "同一竞赛编号的这一格前后不一：此处“{found}”，前面是“{wanted}”",
        'one contest id with two values: "{found}" here, "{wanted}" before',
        "同一竞赛的类别、层级、日期应一致，不同竞赛用不同编号",
        "kind, level and date of one contest must agree; another contest needs another id",
    ),
    # the organisation
    "group_missing": (
        "不是主管机关，却没有类别", "the unit is no authority and has no group",
        "请填写类别；主管机关请在“是否主管机关”一列填“是”", 'give its group, or say "yes" under authority if it is one',
    ),
    "valid_from_after_valid_to": (
        "启用日期“{found}”晚于停用日期 {wanted}", 'the first day "{found}" is after the last day {wanted}',
        "请核对两个日期", "check the two days",
    ),
    "unit_own_parent": (
        "上级“{found}”就是本单位", 'the superior "{found}" is the unit itself',
        "请填写真正的上级，没有上级的留空", "give the true superior, or leave it empty where there is none",
    ),
    "unit_own_successor": (
        "并入的“{found}”就是本单位", 'the unit is merged into itself: "{found}"',
        "请填写并入的另一单位，没有并入的留空", "give the other unit, or leave it empty where it was not merged",
    ),
    "parent_circle": (
        "从上级“{found}”逐级向上，又回到本单位 {wanted}", 'the superiors from "{found}" upwards lead back to the unit itself, {wanted}',
        "请更正其中一个单位的上级", "correct the superior of one of these units",
    ),
    # what was asked for on the command line
    "round_not_in_standard": (
        "本标准没有“{found}”这种考核", 'this standard has no round "{found}"',
        "应为下列之一：{known}", "it must be one of: {known}",
    ),
    "year_wrong": ("年份“{found}”不对", 'the year "{found}" is wrong', "写作四位数，如 2010", "write four digits, such as 2010"),
    "period_reversed": (
        "考核期的止日早于起日：{found}", "the period ends before it starts: {found}",
        "请核对 --start 和 --end", "check --start and --end",
    ),
    "unit_unknown": (
        "没有代码为“{found}”的单位", 'there is no unit with the code "{found}"',
        "应为下列之一：{known}", "it must be one of: {known}",
    ),
    "out_not_folder": (
        "输出位置“{found}”是一个文件", 'the place for the results, "{found}", is a file',
        "请给出文件夹", "give a folder",
    ),
    "template_exists": (
        "已有同名文件：{found}", "there are files of that name: {found}",
        "请换一个文件夹，或加 --overwrite", "choose another folder, or say --overwrite",
    ),
    "scale_wrong": (
        "规模“{found}”不行", 'the scale "{found}" cannot be',
        "{form} 格式应在 1 至 {most} 之间", "as {form} it must be from 1 to {most}",
    ),
    "synthesis_exists": (
        "文件夹“{found}”不是空的", 'the folder "{found}" is not empty',
        "请换一个文件夹", "choose another folder",
    ),
}  # fmt: skip

NOTES: Mapping[str, tuple[str, str]] = {
    "column_ignored": ("不认识的列，已忽略", "an unknown column, ignored"),
    "format_ignored": (
        "这种格式不读，已忽略；请另存为 csv、xlsx 或 parquet",
        "a format that is not read, ignored; save it as csv, xlsx or parquet",
    ),
    "file_ignored": ("不是本系统的表，已忽略", "not a table of the city folder, ignored"),
}

KINDS_OF_SETTING: Mapping[str, str] = {
    "string_type": "应为文字", "string_too_short": "不能为空", "string_pattern_mismatch": "写法不对",
    "decimal_parsing": "应为数", "decimal_type": "应为数", "decimal_max_places": "小数位数过多", "decimal_max_digits": "位数过多",
    "int_parsing": "应为整数",
    "int_type": "应为整数", "int_from_float": "应为整数", "bool_parsing": "应为 true 或 false", "bool_type": "应为 true 或 false",
    "date_type": "应为日期，如 2010-05-18", "date_from_datetime_parsing": "应为日期，如 2010-05-18",
    "literal_error": "不是可选的值", "tuple_type": "应为列表", "list_type": "应为列表", "too_short": "至少要有一项",
    "mapping_type": "应为“设置: 值”的形式", "dict_type": "应为“设置: 值”的形式", "model_type": "应为“设置: 值”的形式",
    "model_attributes_type": "应为“设置: 值”的形式", "value_error": "应为比例，如 80%、0.8 或 4/5",
    "union_tag_invalid": "shape 不是可选的规则种类", "union_tag_not_found": "缺少 shape（规则种类）",
    "greater_than_equal": "过小", "greater_than": "过小",
}  # fmt: skip
"""What a setting of the wrong kind should be, by the kind of mistake."""

FAULTS: Mapping[str, Sentences] = {**LINT, **DEPLOYMENT, **READING}


def sentence(fault: Fault, language: Language) -> str:
    """Say one fault: where, what is wrong, what would be right.

    >>> fault = Fault("number_negative", Place("attendance.csv", 3, "hours"), "-2")
    >>> sentence(fault, "en")
    'attendance.csv, row 3, column hours: "-2" is negative; it must be 0 or more.'
    >>> sentence(fault, "zh")
    'attendance.csv 第3行“hours”列：“-2”是负数；应为 0 或以上。'
    """
    zh, en, zh_remedy, en_remedy = FAULTS[fault.code]
    values = {"found": _shown(fault.found), **fault.values}
    if language == "zh":
        values["wanted"] = KINDS_OF_SETTING.get(values.get("kind", ""), values.get("wanted", ""))
        return f"{where(fault.place, 'zh')}：{zh.format(**values)}；{zh_remedy.format(**values)}。"
    values = {name: value.replace("，", ", ") for name, value in values.items()}
    return f"{where(fault.place, 'en')}: {en.format(**values)}; {en_remedy.format(**values)}."


def note_sentence(code: str, place: Place, language: Language) -> str:
    """Say one note: where, and what was done about it."""
    zh, en = NOTES[code]
    return f"{where(place, 'zh')}：{zh}。" if language == "zh" else f"{where(place, 'en')}: {en}."


def sentences(faults: Faults, language: Language) -> list[str]:
    """Say all faults that are listed, then how many more each file has."""
    said = [sentence(fault, language) for fault in faults.listed]
    for file, count in faults.more:
        said.append(f"{file}：另有 {count:,} 处。" if language == "zh" else f"{file}: and {count:,} more.")
    return said


def where(place: Place, language: Language) -> str:
    """Say a place: file, row and column, or the line and setting of a standard."""
    row = place.line if place.line is not None else place.row
    column = place.path or place.column
    if language == "zh":
        unit = "行"
        return (
            place.file
            + (f" 第{row}{unit}" if row is not None else "")
            + (f"“{column.strip()}”{_what(place, 'zh')}" if column else "")
        )
    named = f", {_what(place, 'en')} {column.strip()}" if column else ""
    return place.file + (f", {'line' if place.line is not None else 'row'} {row}" if row is not None else "") + named


def _what(place: Place, language: Language) -> str:
    if place.path is not None:
        return "" if language == "zh" else "setting"
    return "列" if language == "zh" else "column"


def _shown(found: str | None) -> str:
    """Show what was written, on one line and not longer than a person reads."""
    text = " ".join((found or "").split())
    return text if len(text) <= 60 else text[:57] + "…"
