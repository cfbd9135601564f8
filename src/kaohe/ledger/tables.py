"""The ten tables of the ledger: the only place where columns, types, headers and references stand.

Reading, templates, the synthetic city and the metrics all derive from here (`data-format.md`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

Kind = Literal["key", "name", "text", "choice", "group", "criterion", "day", "hours", "points", "whole", "place"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its English and Chinese header, what its cells hold, and whether they may be empty.

    kind: `key` identifies something (compared in NFKC, trimmed, case kept); `name` and `text` are
    kept as given; `choice`, `group` and `criterion` are one of a closed list; `day` is a date;
    `hours` has at most one decimal; `points` keep to the standard's step; `whole` is a whole number;
    `place` is a placing, where 无, 0, - and — mean none.
    """

    name: str
    header: str
    kind: Kind
    empty: bool = False
    optional: bool = False
    references: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule inside one table: the code of its fault, the column that is named, and when it is broken.

    `broken` is SQL over the typed table `t` (and `others`, joined); it may use `wanted`, an SQL text
    that the fault's sentence shows.
    """

    code: str
    table: str
    column: str
    broken: str
    others: str = ""
    needs: tuple[str, ...] = ()
    wanted: str = "NULL"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its Chinese name, its columns, and the columns that make its key.

    required: it must have a file; filled: a file of it must hold a row, as one of a required table must
    anyway; rules: what must hold in it beside the rules that every reading keeps to.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    rules: tuple[RowRule, ...] = ()

    def column(self, name: str) -> Column:
        """Return a column by its English name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _unit(header: str = "单位代码", *, empty: bool = False) -> Column:
    return Column("unit", header, "key", empty=empty, references="units")


def _person() -> Column:
    return Column("person", "人员编号", "key", references="people")


def _activity() -> Column:
    return Column("activity", "活动编号", "key", references="activities")


FORMS = MappingProxyType({"lecture": "集中训练", "half_day": "每周半日", "online": "网络学习", "class": "调训班"})
STATUSES = MappingProxyType({"present": "出勤", "leave": "请假", "absent": "旷课"})
CONTEST_KINDS = MappingProxyType({"writing": "公文写作", "speech": "主题演讲", "other": "其他"})
LEVELS = MappingProxyType({"unit": "单位", "city": "全市", "city_final": "全市决赛", "province": "全省"})
SUPPLIES = MappingProxyType({"textbook": "教材", "handbook": "手册"})
BULLETIN_KINDS = MappingProxyType({"news": "信息", "experience": "经验", "problem": "问题"})
STAGES = MappingProxyType({"self": "自评", "inspection": "考核", "review": "复核"})

TABLES: tuple[Table, ...] = (
    Table(
        "units", "单位",
        (
            Column("code", "单位代码", "key"),
            Column("name", "单位名称", "name"),
            Column("peer_group", "类别", "group"),
        ),
        key=("code",), required=True,
    ),
    Table(
        "people", "人员",
        (
            Column("id", "人员编号", "key"),
            Column("name", "姓名", "name"),
            _unit(),
            Column("joined", "到岗日期", "day", empty=True, optional=True),
            Column("departed", "离岗日期", "day", empty=True, optional=True),
        ),
        key=("id",), required=True,
    ),
    Table(
        "activities", "训练活动",
        (
            Column("id", "活动编号", "key"),
            _unit("组织单位代码", empty=True),
            Column("form", "形式", "choice", choices=FORMS),
            Column("title", "名称", "text"),
            Column("starts_on", "开始日期", "day"),
            Column("ends_on", "结束日期", "day"),
            Column("hours", "计划学时", "hours"),
        ),
        key=("id",),
    ),
    Table(
        "attendance", "出勤",
        (
            _activity(),
            _person(),
            Column("status", "出勤", "choice", choices=STATUSES),
            Column("hours", "实到学时", "hours", empty=True),
        ),
        key=("activity", "person"),
    ),
    Table(
        "quotas", "调训名额",
        (_activity(), _unit(), Column("seats", "名额", "whole")),
        key=("activity", "unit"),
    ),
    Table(
        "contests", "竞赛",
        (
            Column("contest", "竞赛编号", "key"),
            Column("kind", "类别", "choice", choices=CONTEST_KINDS),
            Column("level", "层级", "choice", choices=LEVELS),
            _person(),
            Column("held_on", "日期", "day"),
            Column("place", "名次", "place", empty=True, optional=True),
        ),
        key=("contest", "person"),
    ),
    Table(
        "supplies", "教材手册",
        (
            _unit(),
            Column("item", "物品", "choice", choices=SUPPLIES),
            Column("planned", "应配数", "whole"),
            Column("received", "实配数", "whole"),
        ),
        key=("unit", "item"),
    ),
    Table(
        "appraisals", "考核测评",
        (_person(), Column("tested_on", "日期", "day"), Column("result", "测评结果", "text")),
    ),
    Table(
        "bulletins", "训练信息",
        (
            _unit(),
            Column("sent_on", "日期", "day"),
            Column("kind", "类别", "choice", choices=BULLETIN_KINDS),
            Column("title", "标题", "text"),
        ),
    ),
    Table(
        "judgements", "评分",
        (
            _unit(),
            Column("criterion", "指标编号", "criterion"),
            Column("stage", "环节", "choice", choices=STAGES),
            Column("points", "得分", "points"),
            Column("judge", "评分人", "text"),
            Column("reason", "理由", "text", empty=True),
            Column("evidence", "佐证", "text", empty=True, optional=True),
        ),
        key=("unit", "criterion", "stage"),
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Table] = MappingProxyType({table.name: table for table in TABLES})


@dataclass(frozen=True, slots=True)
class Form:
    """Which tables may be in a folder, and which keys exist already outside it.

    known: table name → the keys that its records elsewhere have (in any spelling). A reference may be to
    one of them or to a record in the folder.
    """

    tables: tuple[Table, ...]
    known: Mapping[str, Collection[str]] = field(default_factory=dict)

    def knowing(self, known: Mapping[str, Collection[str]]) -> "Form":
        """Return the same form where these keys exist already."""
        return replace(self, known=known)

    def has(self, name: str) -> bool:
        """Whether a table of this name may be in the folder."""
        return any(table.name == name for table in self.tables)

    def table(self, name: str) -> Table:
        """Return a table of the form, or one of the ten that it only refers to; KeyError where there is none."""
        return next((table for table in self.tables if table.name == name), None) or BY_NAME[name]

    def referred(self) -> tuple[Table, ...]:
        """Return every table that the form's columns refer to, in the form or not."""
        names = {column.references: None for table in self.tables for column in table.columns}
        return tuple(self.table(name) for name in names if name is not None)


CITY = Form(TABLES)
"""The whole city folder, as `kaohe assess` reads it."""
EXTENSIONS = ("csv", "xlsx", "parquet")
NO_PLACE = frozenset({"无", "0", "-", "—"})
"""Spelled-out ways of saying that there was no placing."""
