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
    State.CONFIRMED: ("ok", "已确认", "confirmed"),
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
    if told["code"] == "meanwhile":
        count = told["count"]
        return say(
            f"表中有 {count:,} 行在读取之后被改过，已按现在的内容重新对照，请再核对一遍。",
            f"{count:,} rows of the table were changed after the file had been read. "
            "It was compared anew with what is there now: look at it once more.",
        )
    return note_sentence(told["code"], Place(name, told["row"], told["column"]), spoken())


def _said(fault: Fault) -> str:
    zh, en, zh_remedy, en_remedy = OURS[fault.code]
    values = {"found": fault.found or "", **fault.values}
    return say(
        f"{zh.format(**values)}；{zh_remedy.format(**values)}。",
        f"{en.format(**values)}; {en_remedy.format(**values)}.",
    )
