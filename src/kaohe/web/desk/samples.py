"""What the styleguide shows: invented values for every component."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from kaohe.documents import charts
from kaohe.web.lang.choice import say
from kaohe.web.pages.paging import Page
from kaohe.web.pages.parts import Difference, Fact, Figure, Phase, Tab, Task


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour: its token, the class that fills with it, its name."""

    token: str
    fill: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sample table."""

    order: int
    unit: str
    state: str
    word: str
    base: str
    bonus: str
    total: str


def samples() -> dict[str, Any]:
    """Return the values of the styleguide, in the language that is spoken."""
    return {
        "swatches": _swatches(),
        "states": _states(),
        "figures": (
            Figure(say("应报", "Due"), "46"), Figure(say("收到", "Received"), "42"),
            Figure(say("总分", "Total"), "84.88", say("分", "points")), Figure(say("未报", "Missing"), "4", bad=True),
        ),
        "tasks": _tasks(),
        "facts": (
            Fact(say("编号", "Size"), "9,345"), Fact(say("时间", "Time"), "2010-12-20 15:40"),
            Fact(say("根摘要", "Root"), "q7Zt4cVd3k9bq0sM1xW8hYpLr2aGfTe6uJn5iKoBm0E=", hash=True), Fact(say("备注", "Remark"), ""),
        ),
        "tabs": (
            Tab("?", say("应报", "Due"), 46, current=True), Tab("?s=ok", say("按时", "In time"), 37, state="ok"),
            Tab("?s=late", say("逾期收到", "Late"), 3, state="late"), Tab("?s=miss", say("未报", "Missing"), 4, state="miss"),
        ),
        "phases": (
            Phase(say("制定标准", "Standard"), say("已冻结", "frozen"), "done"), Phase(say("自检自查", "Self-assessment"), "46 / 46", "done"),
            Phase(say("阶段考核", "Stage assessment"), say("已核 9 / 13", "9 of 13 verified"), "now"), Phase(say("总体考评", "Overall evaluation"), "2011"),
        ),
        "page": Page((), 2, 61, 120, 9345, "page=1", "page=3"),
        "differences": (
            Difference(say("责任处室", "Office in charge"), say("人事教育处", "Personnel and education"), say("人事处", "Personnel")),
            Difference(say("专人", "Officer"), "苏丽华", "苏丽华"),
        ),
        "groups": (("departments", say("市政府各部门", "Departments")), ("counties", say("自治县、区", "Counties and districts"))),
        "rows": _rows(),
        "charts": _charts(),
    }  # fmt: skip


def _swatches() -> tuple[Swatch, ...]:
    named = (
        ("paper", "paper", "纸", "paper"), ("sheet", "sheet", "白纸", "sheet"), ("sunk", "sunk", "凹底", "sunk"), ("line", "line", "细线", "line"),
        ("ink", "ink", "墨", "ink"), ("ink-2", "ink2", "次墨", "second ink"), ("ink-3", "ink3", "淡墨", "third ink"), ("red", "red", "文头红", "letterhead red"),
        ("navy", "navy", "藏青", "navy"), ("green", "green", "成绿", "green"), ("amber", "amber", "迟黄", "amber"), ("navy-mid", "mid", "对照蓝", "middle navy"),
    )  # fmt: skip
    return tuple(Swatch(f"--{token}", f"f-{fill}", say(zh, en)) for token, fill, zh, en in named)


def _states() -> tuple[tuple[str, str], ...]:
    return (
        ("ok", say("按时", "in time")), ("late", say("逾期收到", "late")), ("back", say("退回补正", "sent back")), ("miss", say("未报", "missing")),
        ("part", say("填了一部分", "partly filled")), ("todo", say("未填", "to do")), ("auto", say("台账已算", "from the ledger")), ("lock", say("已封存", "sealed")),
    )  # fmt: skip


def _tasks() -> tuple[Task, ...]:
    return (
        Task(say("已逾期", "Overdue"), say("7月31日", "31 July"), say("催报 4 个单位", "Remind 4 units"), say("市粮食局已提醒 3 次，建议直接联系分管领导。", "The grain bureau was reminded 3 times: call its leader."), "#tasks", say("提醒 4 个单位", "Remind 4 units"), over=True, main=True),
        Task(say("8月4日", "4 August"), say("剩 2 天", "2 days left"), say("市水务局补正到期", "Completion of the water bureau is due"), say("缺 A3 经费批示件。", "A3, the approval of funds, is missing."), "#tasks", say("查看", "See")),
    )  # fmt: skip


def _rows() -> tuple[Row, ...]:
    own, seen = say("自评", "self"), say("已核", "verified")
    return (
        Row(1, say("平山区", "Pingshan"), "ok", seen, "63.20", "", "63.20"),
        Row(2, say("溪湖区", "Xihu"), "todo", own, "88.05", "", "88.05"),
        Row(3, say("本溪满族自治县", "Benxi Manchu Autonomous County"), "ok", seen, "79.47", "", "79.47"),
        Row(4, say("桓仁满族自治县", "Huanren Manchu Autonomous County"), "todo", own, "92.89", "+20", "112.89"),
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its conclusion and its unit."""

    finding: str
    unit: str
    picture: SafeString


def _charts() -> tuple[Chart, ...]:
    parts = (
        charts.Part(37, say("按时", "in time"), "f-d5"), charts.Part(3, say("逾期", "late"), "f-amber"),
        charts.Part(2, say("退回", "sent back"), "f-mid"), charts.Part(4, say("未报", "missing"), "f-red"),
    )  # fmt: skip
    pairs = tuple(
        charts.Pair(name, Decimal(own), Decimal(given))
        for name, own, given in (("市农委", "69.5", "62"), ("市民政局", "66.0", "59.5"), ("市药监局", "91.0", "85"))
    )
    limits = (charts.Limit(Decimal(60), say("二档 60", "60")), charts.Limit(Decimal(90), say("一档 90", "90")))
    totals = tuple(Decimal(n) for n in (52, 58, 63, 66, 71, 72, 78, 79, 81, 83, 84, 88, 91, 93))
    reported = say("46 个单位中 4 个未报", "4 of 46 units have not reported")
    gap = say("市农委自评高出 7.50 分", "The agriculture committee judged itself 7.50 points higher")
    spread = say("多数单位在 70 至 90 分之间", "Most units lie between 70 and 90 points")
    return (
        Chart(reported, say("个单位", "units"), _safe(charts.stacked_bar(parts, label=reported))),
        Chart(gap, say("○ 自评，● 核定", "ring: self, dot: verified"), _safe(charts.dumbbell(pairs, limits, label=gap))),
        Chart(spread, say("个单位，按 5 分一段", "units, in steps of 5 points"), _safe(charts.distribution(totals, limits, label=spread))),
    )  # fmt: skip


def _safe(picture: str) -> SafeString:
    """The charts escape their texts themselves."""
    return SafeString(picture)
