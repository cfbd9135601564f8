"""What is said of imports: their states, their faults, what else is to be told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kaohe.documents.fault_wording import note_sentence, sentence, where
from kaohe.fault import Fault, Place
from kaohe.web.intake.models import State
from kaohe.web.lang.choice import say, spoken

STATES: dict[str, tuple[str, str, str]] = {
    State.READING: ("todo", "读取中", "being read"),
    State.FAULTY: ("miss", "有错误", "faulty"),
    State.READY: ("part", "待确认", "to be confirmed"),
    State.SETTLING: ("todo", "写入中", "being written"),
    State.CONFIRMED: ("ok", "已确认", "confirmed"),
    State.RETURNING: ("todo", "撤回中", "being taken back"),
    State.TAKEN_BACK: ("back", "已撤回", "taken back"),
    State.DROPPED: ("lock", "已放弃", "dropped"),
}
"""The sign of a state, its word in Chinese and in English."""

KINDS: dict[str, tuple[str, str]] = {
    "new": ("新增", "New"),
    "changed": ("更改", "Changed"),
    "absent": ("文件未列", "Not in the file"),
    "unchanged": ("不变", "Unchanged"),
}

OURS: Mapping[str, tuple[str, str, str, str]] = {
    "text_too_long": (
        "文字超过 {most} 字", "the text has more than {most} characters",
        "请缩短", "shorten it",
    ),
    "control_character": (
        "含有看不见的控制字符", "the text holds an invisible control character",
        "请删去重新输入", "type it anew",
    ),
    "unit_not_in_round": (
        "“{found}”不在这一轮考核的单位里", '"{found}" is not one of the units of this round',
        "请更正单位代码，或另选一轮", "correct the unit, or choose another round",
    ),
    "not_yours": (
        "“{found}”不是本单位的记录", '"{found}" is not a record of your unit',
        "请删去这一行；别的单位的记录由那个单位或训练办公室导入",
        "take the row out: records of other units are brought in by them or by the training office",
    ),
    "form_not_yours": (
        "“{found}”不是调训班", '"{found}" is not a class',
        "请删去这一行；行政学院只导入调训班的记录", "take the row out: the academy brings in records of classes alone",
    ),
    "class_has_quotas": (
        "这个调训班已有名额记在它名下，形式不能改为“{found}”", 'quotas rest on this class, so it cannot become "{found}"',
        "请照旧填写，或先导入去掉名额的文件", "leave it a class, or take its quotas out first",
    ),
    "archive_broken": (
        "不是完好的 ZIP 文件", "this is not a sound ZIP file",
        "请把文件夹重新压缩", "zip the folder anew",
    ),
    "archive_encrypted": (
        "压缩包加了密码", "the archive is encrypted",
        "请不设密码重新压缩", "zip the folder without a password",
    ),
    "archive_bomb": (
        "展开后超过 1 GB，没有读", "it unfolds to more than 1 GB and was not read",
        "请删去数据以外的内容，或分表上传", "take out what is no data, or send the tables one by one",
    ),
    "archive_too_many": (
        "压缩包里有 {found} 个文件，超过 1,000 个", "the archive holds {found} files, more than 1,000",
        "只压缩放台账各表的那个文件夹", "zip the folder of the tables alone",
    ),
    "archive_twice": (
        "压缩包里有两个“{found}”", 'the archive holds "{found}" twice',
        "只保留一个", "keep one of them",
    ),
    "archive_empty": (
        "压缩包里没有台账的表", "the archive holds no table of the ledger",
        "各表放在最上层或唯一的一个文件夹里，文件名如 people.csv、attendance.xlsx",
        "the tables stand at the top or in one folder, named like people.csv and attendance.xlsx",
    ),
    "email_wrong": (
        "“{found}”不是邮箱地址", '"{found}" is not an email address',
        "写作 zhangsan@example.cn，每人一个", "write one address, such as zhangsan@example.cn",
    ),
    "stay_fixed": (
        "这一行是 {wanted} 调走以前的一段经历，不能用文件更改", "this row is a former posting of {wanted}, which no file changes",
        "请照导出时的内容填写，或删去这一行", "leave it as it was exported, or take the row out",
    ),
    "parent_keeps_units": (
        "上级“{found}”是主管机关，它的下属单位由它自己导入", 'the superior "{found}" is an authority and keeps its own units',
        "请删去这一行，到“{found}”名下导入；或把上级改为 {wanted}", 'take the row out and import it at "{found}", or make {wanted} its superior',
    ),
    "authority_fixed": (
        "已有下属的单位不能在这里改变是否主管机关", "a unit that has others below it cannot become or cease to be an authority here",
        "请照现状填写，或先移走下属单位", "leave it as it is, or move the units below it first",
    ),
    "own_parent_fixed": (
        "主管机关自己的上级不能在这里更改，现为“{wanted}”", 'the superior of the authority itself, "{wanted}", cannot be changed here',
        "请留空", "leave it empty",
    ),
}  # fmt: skip
"""Faults that only the table shows: what is wrong, then what would be right, each in Chinese and in English."""


_NOTES: Mapping[str, tuple[str, str]] = {
    "meanwhile": (
        "表中有 {count} 行在读取之后被改过，已按现在的内容重新对照，请再核对一遍。",
        "{count} rows of the table were changed after the file had been read. "
        "It was compared anew with what is there now: look at it once more.",
    ),
    "outside": (
        "有 {count} 行的日期不在这一轮的考核期内：照样写入台账，计入日期所在的那一轮。",
        "{count} rows lie outside the period of this round: they go into the ledger and count in the round of their day.",
    ),
    "kept": (
        "文件没列出的活动中有 {count} 项还有出勤或名额记在它名下，照旧保留。",
        "Of the activities that the file lacks, {count} stay, for attendance or quotas rest on them.",
    ),
    "files_ignored": (
        "压缩包里有 {count} 个文件不是台账的表，已忽略：{names}。",
        "{count} files of the archive are no tables of the ledger and were ignored: {names}.",
    ),
    "joins_round": (
        "确认后，文件夹里新的 {count} 个单位加入这一轮考核。",
        "Once confirmed, the {count} new units of the folder are assessed in this round.",
    ),
    "round_closed": (
        "没有写入：这一轮考核已经结束，不再接收记录。",
        "Nothing was written: the round is closed and takes no more records.",
    ),
    "rested_on": (
        "没有撤回：撤回途中发现有后来的改动以它为根据。",
        "It was not taken back: on the way, later changes were found to rest on it.",
    ),
}
"""What else is to be told of an import, in Chinese and in English."""


def fault_sentence(fault: Fault) -> str:
    """Say a fault with its place, in the language that is being spoken."""
    if fault.code not in OURS:
        return sentence(fault, spoken())
    return say(f"{where(fault.place, 'zh')}：{_said(fault)}", f"{where(fault.place, 'en')}: {_said(fault)}")


def remedy(fault: Fault) -> str:
    """Say a fault without its place: what is wrong, and what would be right."""
    if fault.code in OURS:
        return _said(fault)
    return sentence(fault, spoken()).removeprefix(where(fault.place, spoken())).lstrip("：: ")


def in_file(fault: Fault, name: str) -> Fault:
    """Return a fault as one of the file that its owner knows under another name."""
    return replace(fault, place=replace(fault.place, file=name))


def note(told: Mapping[str, Any], name: str) -> str:
    """Say what else is to be told of a file."""
    if told["code"] in _NOTES:
        names = say("、", ", ").join(told.get("names", ()))
        return say(*_NOTES[told["code"]]).format(count=f"{told.get('count', 0):,}", names=names)
    return note_sentence(told["code"], Place(name, told["row"], told["column"]), spoken())


def _said(fault: Fault) -> str:
    zh, en, zh_remedy, en_remedy = OURS[fault.code]
    values = {"found": fault.found or "", **fault.values}
    return say(
        f"{zh.format(**values)}；{zh_remedy.format(**values)}。",
        f"{en.format(**values)}; {en_remedy.format(**values)}.",
    )
