"""What the Excel templates explain: each column in Chinese and English, and each kind of cell.

Texts only. Which columns there are, and which are required, stands in `tables.py`.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from kaohe.ledger.tables import Kind

Language = Literal["zh", "en"]


class Text(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def within(self, language: Language) -> str:
        """Return the text in one of the two."""
        return self.zh if language == "zh" else self.en


HOLDS: Mapping[tuple[str, str], Text] = {
    ("units", "code"): Text("单位的固定短代码，全表不重复", "the unit's fixed short code, unique"),
    ("units", "name"): Text("单位全称或规范简称，照此印入通报", "the unit's name, printed as given"),
    ("units", "peer_group"): Text("参加哪一组排名", "the group in which the unit is ranked"),
    ("people", "id"): Text("人员编号，全表不重复；年内调动的人在两个单位各有一行、两个编号",
                           "the person's id, unique; who moves between units has two rows and two ids"),
    ("people", "name"): Text("姓名", "the person's name"),
    ("people", "unit"): Text("所在单位的代码", "the code of the person's unit"),
    ("people", "joined"): Text("到岗第一天；一直在岗的可不填", "first day in post; empty if always there"),
    ("people", "departed"): Text("离岗日期，自这天起不再在册；仍在岗的不填",
                                 "from this day on no longer staff; empty while in post"),
    ("activities", "id"): Text("活动编号，全表不重复", "the activity's id, unique"),
    ("activities", "unit"): Text("组织活动的单位代码；全市统一组织的留空", "who runs it; empty if the city does"),
    ("activities", "form"): Text("训练形式", "the form of training"),
    ("activities", "title"): Text("活动名称", "what it is called"),
    ("activities", "starts_on"): Text("第一天", "the first day"),
    ("activities", "ends_on"): Text("最后一天；活动归入这一天所在的考核期", "the last day; it decides the round"),
    ("activities", "hours"): Text("计划学时，一天按6学时；调训班须大于0",
                                  "planned class hours, 6 a day; above 0 for a class"),
    ("attendance", "activity"): Text("活动编号", "the activity's id"),
    ("attendance", "person"): Text("人员编号；同一活动每人一行", "the person's id; one row a person and activity"),
    ("attendance", "status"): Text("到没到", "whether the person was there"),
    ("attendance", "hours"): Text("实到学时；出勤而全程参加的可留空（按计划学时计），旷课留空或填0",
                                  "hours attended; empty counts as planned if present, as 0 otherwise"),
    ("quotas", "activity"): Text("调训班的活动编号", "the id of an activity that is a class"),
    ("quotas", "unit"): Text("分到名额的单位代码；同一班每单位一行", "the unit's code; one row a class and unit"),
    ("quotas", "seats"): Text("名额数，可为0", "how many seats, 0 allowed"),
    ("contests", "contest"): Text("竞赛编号；同一编号的类别、层级、日期须一致",
                                  "the contest's id; its kind, level and date are the same in every row"),
    ("contests", "kind"): Text("竞赛类别", "the kind of contest"),
    ("contests", "level"): Text("竞赛层级", "the level of the contest"),
    ("contests", "person"): Text("参赛人员编号；同一竞赛每人一行", "who entered; one row a contest and person"),
    ("contests", "held_on"): Text("比赛日期", "the day of the contest"),
    ("contests", "place"): Text("名次或奖项，如“2”“二等奖”；没有名次留空或填“无”", "the placing; empty or 无 for none"),
    ("supplies", "unit"): Text("单位代码；教材、手册各一行", "the unit's code; one row for each item"),
    ("supplies", "item"): Text("教材还是手册", "textbook or handbook"),
    ("supplies", "planned"): Text("按计划应配的册数", "copies planned"),
    ("supplies", "received"): Text("实际配到的册数", "copies received"),
    ("appraisals", "person"): Text("人员编号；测评一次一行", "the person's id; one row a test"),
    ("appraisals", "tested_on"): Text("测评日期", "the day of the test"),
    ("appraisals", "result"): Text("测评结果，如“合格”“86”", "the result as words or marks"),
    ("bulletins", "unit"): Text("报送单位代码", "the code of the unit that reported"),
    ("bulletins", "sent_on"): Text("报送日期", "the day it was sent"),
    ("bulletins", "kind"): Text("信息类别", "the kind of report"),
    ("bulletins", "title"): Text("信息标题", "its title"),
    ("judgements", "unit"): Text("被评单位代码", "the code of the unit that is judged"),
    ("judgements", "criterion"): Text("考核标准中的指标编号，见下表；加分项不填",
                                      "the criterion's id, listed below; no bonus"),
    ("judgements", "stage"): Text("哪个环节评的；同一单位、指标、环节一行",
                                  "the stage; one row a unit, criterion and stage"),
    ("judgements", "points"): Text("得分，0至该项满分", "points, from 0 to the criterion's maximum"),
    ("judgements", "judge"): Text("评分人姓名", "who judged"),
    ("judgements", "reason"): Text("考核、复核不给满分或更改台账分时必填",
                                   "required where inspection or review gives less than full, or overrides"),
    ("judgements", "evidence"): Text("佐证材料的名称或页码", "which document or page shows it"),
}  # fmt: skip
"""What a column holds."""

ORGANISATION_HOLDS: Mapping[tuple[str, str], Text] = dict(HOLDS) | {
    ("units", "peer_group"): Text("参加哪一组排名；主管机关可不填", "the group in which the unit is ranked; an authority may have none"),
    ("units", "official_order"): Text("在名单和通报中的次序，从小到大", "its place in lists and circulars, the smaller first"),
    ("units", "parent"): Text("上级单位的代码；直属主管机关的不填", "the code of the unit above; empty directly below the authority"),
    ("units", "authority"): Text("自己管理下属单位和人员的填“是”", "“yes” for one that keeps units and people of its own"),
    ("units", "valid_from"): Text("从哪一天起有这个单位；一直有的可不填", "the first day of the unit; empty if it was always there"),
    ("units", "valid_to"): Text("到哪一天为止；仍在的不填", "its last day; empty while it exists"),
    ("units", "successor"): Text("撤并的填并入单位的代码", "the code of the unit into which it was merged"),
    ("units", "office"): Text("负责训练的处室", "the office in charge of training"),
    ("units", "officer"): Text("负责训练的专人姓名", "the name of the officer in charge"),
    ("units", "leader"): Text("分管领导姓名", "the name of the leader in charge"),
    ("units", "phone"): Text("联系电话", "a phone number"),
    ("people", "id"): Text("人员编号，全表不重复；调动时编号不变，只改单位", "the person's id, unique; who moves keeps it"),
    ("people", "joined"): Text("到现单位的第一天；一直在的可不填", "first day in the present unit; empty if always there"),
    ("people", "post"): Text("职务", "the person's post"),
    ("people", "email"): Text("邮箱，提醒和通知寄到这里", "an address, to which reminders and notices are sent"),
    ("people", "phone"): Text("联系电话，没有邮箱的人用来电话通知", "a phone number, to call whoever has no address"),
}  # fmt: skip
"""What a column of the organisation's own tables holds: who moves there keeps the id."""

SPELLINGS: Mapping[Kind, Text] = {
    "key": Text("文字；前后空格不计，全角半角视为相同，区分大小写",
                "text; outer blanks and full width do not count, case does"),
    "name": Text("文字；“张　三”与“张三”视为相同，按原样打印", "text; 张　三 equals 张三; printed as given"),
    "text": Text("任意文字", "any text"),
    "choice": Text("从下拉列表中选：{choices}", "from the list: {choices}"),
    "group": Text("从下拉列表中选，见下表", "from the list; see below"),
    "criterion": Text("从下拉列表中选，见下表", "from the list; see below"),
    "day": Text("Excel 日期，或 2010-05-18、2010/5/18、2010.5.18、2010年5月18日",
                "an Excel date, or 2010-05-18, 2010/5/18, 2010.5.18, 2010年5月18日"),
    "hours": Text("数字，不小于0，最多一位小数", "a number from 0, at most one decimal"),
    "points": Text("数字，不小于0，最多两位小数", "a number from 0, at most two decimals"),
    "whole": Text("整数，不小于0", "a whole number from 0"),
    "place": Text("文字；无、0、-、— 表示没有名次", "text; 无, 0, - and — mean none"),
}  # fmt: skip
"""How a kind of cell may be written. `{choices}` stands for the closed list."""

REMEDIES: Mapping[Kind, Text] = {
    "key": Text("007 变成 7：先把单元格设为文本再填；引用的编号要先在所属的表里登记",
                "007 became 7: set the cell to text first; an id referred to must stand in its own table"),
    "name": Text("同名的人用编号区分，不在姓名里加注", "tell namesakes apart by id, add nothing to the name"),
    "text": Text("#N/A 等错误值：改填文字", "an error such as #N/A: type the text"),
    "choice": Text("写了列表以外的词：改选列表中的一个", "another word: take one of the list"),
    "group": Text("写了列表以外的词：改选列表中的一个", "another word: take one of the list"),
    "criterion": Text("写成指标名称：改填编号", "a title instead of the id: type the id"),
    "day": Text("只写了年月，或日期不存在：补全到日；先后颠倒：核对两个日期",
                "no day, or no such day: write it in full; wrong order: compare the two dates"),
    "hours": Text("写了“3学时”：只填 3；30分钟填 0.5", "“3 hours”: write 3; thirty minutes are 0.5"),
    "points": Text("超过该项满分：核对标准；写了“5分”：只填 5",
                   "above the maximum: see the standard; “5 points”: write 5"),
    "whole": Text("写了“30册”或小数：只填整数", "“30 copies” or a fraction: write a whole number"),
    "place": Text("“未获奖”会被当作名次：改为留空或填“无”", "“not placed” would count as a placing: leave it empty"),
}  # fmt: skip
"""Common faults of a kind of cell, and their remedy."""

ERRORS: Mapping[str, Text] = {
    "title": Text("填写有误", "Not accepted"),
    "list": Text("请从下拉列表中选择。", "Please choose from the list."),
    "day": Text("请填写日期，例如 2010-05-18（2000年至2099年）。",
                "Please enter a date such as 2010-05-18 (2000 to 2099)."),
    "hours": Text("请填写学时：不小于0的数字，最多一位小数。",
                  "Please enter hours: a number from 0, at most one decimal."),
    "points": Text("请填写得分：0至该项满分，最多两位小数。",
                   "Please enter points: from 0 to the criterion's maximum, at most two decimals."),
    "whole": Text("请填写不小于0的整数。", "Please enter a whole number from 0."),
}  # fmt: skip
"""What Excel says when a cell refuses what was typed."""

WORDS: Mapping[str, Text] = {
    "example": Text("示例", "Example"),
    "notes": Text("填写说明", "Notes"),
    "header": Text("表头", "Header"),
    "name": Text("英文名", "English name"),
    "must": Text("是否必填", "Required"),
    "holds": Text("填什么", "What it holds"),
    "spellings": Text("可接受的写法", "Accepted spellings"),
    "remedy": Text("常见错误与改法", "Common faults and their remedy"),
    "required": Text("必填", "required"),
    "may_be_empty": Text("可留空", "may be empty"),
    "optional": Text("选填，可无此列", "optional, the column may be missing"),
    "group": Text("类别", "Group"),
    "group_id": Text("英文代码", "Id"),
    "criterion": Text("指标编号", "Criterion"),
    "criterion_title": Text("指标名称", "Title"),
    "maximum": Text("满分", "Maximum"),
    "page": Text("第 &P 页，共 &N 页", "Page &P of &N"),
}  # fmt: skip

RULES: tuple[Text, ...] = (
    Text("在第一张工作表填写，从第2行起一行一条记录；程序只读第一张表，第一行是表头，请勿改动表头文字。",
         "Fill in the first sheet, one record a row from row 2; only that sheet is read, and row 1 is its header."),
    Text("表头底色深的列必填，浅的列可留空；列的次序可以变动，多出的列只提示、不读入。",
         "Columns with a dark header are required, light ones may be empty; "
         "their order is free; others are reported and ignored."),
    Text("文件名保持不变，各表放在同一个文件夹；导入前逐格检查，所有错误一次列出，全部改正后才导入。",
         "Keep the file's name, and all tables in one folder; "
         "all faults are listed, and nothing is imported before they are put right."),
    Text("本系统只处理非涉密材料。", "For non-secret material only."),
)  # fmt: skip
"""What holds for every template."""
