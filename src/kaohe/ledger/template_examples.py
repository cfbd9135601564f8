"""A few invented rows for each template's example sheet, as ledger text in the order of the columns."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

Row = tuple[str, ...]

_FIXED: Mapping[str, tuple[Row, ...]] = {
    "people": (
        ("0070001", "于小满", "007", "", ""),
        ("0070002", "张　堃", "007", "2009-09-01", "2010-07-12"),
        ("D010019", "张　堃", "D01", "2010-07-12", ""),
    ),
    "activities": (
        ("D01-J01", "D01", "lecture", "公文写作专题讲座", "2010-04-21", "2010-04-21", "3.0"),
        ("007-B01", "007", "half_day", "每周半日自学自练", "2010-03-12", "2010-03-12", "3.0"),
        ("S-W1", "", "online", "网络在线学习（上学期）", "2010-03-01", "2010-06-28", "20.0"),
        ("S-T1", "", "class", "公文写作骨干培训班", "2010-04-12", "2010-04-16", "30.0"),
    ),
    "attendance": (
        ("D01-J01", "D010019", "present", ""),
        ("S-W1", "0070001", "present", "21.5"),
        ("S-T1", "0070001", "leave", "24.0"),
        ("007-B01", "0070002", "absent", "0"),
    ),
    "quotas": (("S-T1", "007", "2"), ("S-T1", "D01", "0")),
    "contests": (
        ("S-K1", "writing", "city", "0070001", "2010-06-09", "二等奖"),
        ("S-K1F", "writing", "city_final", "0070001", "2010-06-24", "3"),
        ("S-K2P", "speech", "province", "D010019", "2010-11-25", "无"),
    ),
    "supplies": (("007", "textbook", "120", "112"), ("007", "handbook", "126", "126")),
    "appraisals": (("0070001", "2010-06-25", "合格"), ("D010019", "2010-12-03", "86")),
    "bulletins": (
        ("007", "2010-05-20", "news", "某区举办公文写作专题训练"),
        ("D01", "2010-09-14", "experience", "以赛促训抓语言表达的做法"),
    ),
}  # fmt: skip


def example_rows(
    groups: Sequence[tuple[str, str]], criteria: Sequence[tuple[str, str, Decimal]]
) -> dict[str, tuple[Row, ...]]:
    """Return the example rows of every table; those of units and judgements cite the standard that was given."""
    rows = dict(_FIXED)
    first, last = groups[0][0], groups[-1][0]
    rows["units"] = (("007", "某区", first), ("D01", "市某某局", last))
    rows["judgements"] = ()
    if criteria:
        criterion, _, most = criteria[0]
        less = most - most / 10
        rows["judgements"] = (
            ("007", criterion, "self", f"{most:.2f}", "于小满", "材料齐全", "附件1"),
            ("007", criterion, "inspection", f"{less:.2f}", "李　翀", "会议记录只有一次", "现场记录第2页"),
            ("007", criterion, "review", f"{most:.2f}", "王小喆", "复核：补交材料属实", ""),
        )
    return rows
