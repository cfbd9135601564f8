"""The settings of a standard's file in words: what a comparison and a decision call them, in both languages."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from kaohe.standard.model import Standard
from kaohe.web.lang.choice import say, spoken

SETTINGS: Mapping[str, tuple[str, str]] = {
    "addressees": ("主送机关", "addressees"),
    "aggregate": ("取平均或最低", "mean or least"),
    "at_least": ("下限", "lower bound"),
    "at_most": ("上限", "upper bound"),
    "bands": ("档次", "bands"),
    "bonus": ("加分", "bonus"),
    "bonus_cap": ("加分上限", "cap of the bonus"),
    "bonus_counts_for": ("加分计入", "what the bonus counts for"),
    "checklist": ("核查细目", "checklist"),
    "clause": ("条款", "clause"),
    "consequence": ("结果运用", "consequence"),
    "copies": ("抄送", "copies"),
    "criteria": ("考核内容", "criteria"),
    "date": ("日期", "date"),
    "decided": ("采用的办法", "what was decided"),
    "decisions": ("决定", "decisions"),
    "due": ("上报截止", "due"),
    "each": ("每项分值", "points for each"),
    "end": ("考核期止", "end of the period"),
    "evidence": ("考核办法", "evidence"),
    "groups": ("类别", "groups"),
    "hours": ("学时", "class hours"),
    "id": ("编号", "id"),
    "issuer": ("发文机关", "issuer"),
    "issuer_rows": ("发文机关分行", "issuer in rows"),
    "issuer_short": ("发文机关简称", "issuer in short"),
    "items": ("项目", "items"),
    "late": ("逾期上报", "late reports"),
    "local": ("本市补充", "local addition"),
    "metric": ("统计指标", "metric"),
    "minimum_hours": ("最低学时", "minimum hours"),
    "number": ("文号", "number"),
    "number_prefix": ("发文代字", "prefix of the number"),
    "of": ("以几为满", "whole"),
    "online": ("在线学习", "online study"),
    "overall": ("总体考评", "overall evaluation"),
    "per": ("加分单位", "per"),
    "points": ("分值", "points"),
    "question": ("文件未写明之处", "what the document leaves open"),
    "rank": ("参加排名", "who is ranked"),
    "recuse_own_unit": ("回避本单位", "recusal from the own unit"),
    "rounds": ("轮次", "rounds"),
    "rule": ("规则", "rule"),
    "scale": ("分档满分", "scale"),
    "scope": ("范围", "scope"),
    "self_study": ("自学自练", "self-study"),
    "setting": ("设置", "setting"),
    "shape": ("规则种类", "kind of rule"),
    "short_title": ("简称", "short title"),
    "shows": ("同时显示", "shown beside"),
    "source": ("文件依据", "source"),
    "start": ("考核期起", "start of the period"),
    "step": ("评分最小单位", "step of scoring"),
    "steps": ("分档", "steps"),
    "title": ("标题", "title"),
    "units": ("单位统称", "what its units are called"),
    "version": ("版本", "version"),
    "weights": ("权数", "weights"),
    "when_absent": ("没有应计对象时", "where nothing is to be measured"),
    "when_missing": ("数据未报时", "where figures were never given"),
    "wording": ("表述", "wording"),
    "work": ("工作名称", "name of the work"),
    "zh": ("中文", "Chinese"),
    "en": ("英文", "English"),
}
BY_ROUND = ("rounds", "minimum_hours", "overall")
"""The parts whose settings stand under the kinds of round."""
_SEGMENT = re.compile(r"[^.\[\]]+|\[[^\]]*\]")
_CRITERION = re.compile(r"items\[([^\]]*)\]\.criteria\[([^\]]*)\]\.?")


def setting_title(path: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a setting in words: `rule.steps[80%].points` is 规则 · 分档 80% · 分值.

    names: what the standard's own keys are called, its kinds of round and its groups.
    """
    words: list[str] = []
    for segment in _SEGMENT.findall(path):
        if segment.startswith("["):
            words[-1:] = [f"{words[-1]} {segment[1:-1]}" if words else segment[1:-1]]
        else:
            words.append(names.get(segment) or say(*SETTINGS.get(segment, (segment, segment))))
    return " · ".join(words)


def parted(path: str, *standards: Standard) -> tuple[str, str]:
    """Return to which part of a standard a path of `compare` belongs, and which setting of the part it is, in words."""
    found = _CRITERION.match(path)
    if found:
        setting = path[found.end() :]
        names = _titles(standards, "groups") if setting.startswith("wording.") else {}
        return _criterion_title(found[2], standards), setting_title(setting, names)
    head, _, rest = path.partition(".")
    if "[" in head:
        return _part_title(head, standards), setting_title(rest)
    if rest:
        return _heading(head), setting_title(rest, _titles(standards, "rounds") if head in BY_ROUND else {})
    return say("总则", "General"), setting_title(head)


def _titles(standards: tuple[Standard, ...], name: Literal["groups", "rounds"]) -> dict[str, str]:
    """Return what the groups or the kinds of round of standards are called, by their ids; the last says it."""
    language, found = spoken(), dict[str, str]()
    for standard in standards:
        if name == "groups":
            found |= {group.id: group.title.within(language) for group in standard.groups}
        else:
            found |= {kind: one.title.within(language) for kind, one in standard.rounds.items()}
    return found


def _criterion_title(key: str, standards: tuple[Standard, ...]) -> str:
    titles = {c.id: c.title.within(spoken()) for standard in reversed(standards) for c in standard.criteria}
    return f"{key} {titles.get(key, '')}".strip()


def _part_title(head: str, standards: tuple[Standard, ...]) -> str:
    """Name a part such as `bands[full]` by its title; one without a title, such as a decision, by its number."""
    name, _, key = head.removesuffix("]").partition("[")
    for standard in reversed(standards):
        for part in getattr(standard, name):
            if str(getattr(part, "id", "")) == key:
                return f"{_heading(name)} · {part.title.within(spoken())}"
    return _heading(head)


def _heading(path: str) -> str:
    text = setting_title(path)
    return text[:1].upper() + text[1:]


def title_in(standard: Standard, kind: str, year: int) -> str:
    """Return what a round of a standard is called."""
    title = standard.rounds[kind].title
    return say(f"{year}年{title.zh}", f"{title.en} of {year}")
