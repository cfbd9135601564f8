"""A second witness: the 2010 assessment worked out from the two specification pages alone.

Nothing here is shared with the programme itself. It is slow, plain and exact on purpose: one row at a time, integers and
`Fraction` throughout, no binary float anywhere, and every 2010 rule written down where it is used. `results` reads a
folder of CSV files that are taken to be valid; what a faulty folder deserves is not this file's business.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

Row = dict[str, str]
Tables = Mapping[str, list[Row]]
Metric = Fraction | int | str | None

HEADERS: dict[str, dict[str, str]] = {
    "units": {"code": "单位代码", "name": "单位名称", "peer_group": "类别"},
    "people": {"id": "人员编号", "name": "姓名", "unit": "单位代码", "joined": "到岗日期", "departed": "离岗日期"},
    "activities": {
        "id": "活动编号", "unit": "组织单位代码", "form": "形式", "title": "名称",
        "starts_on": "开始日期", "ends_on": "结束日期", "hours": "计划学时",
    },
    "attendance": {"activity": "活动编号", "person": "人员编号", "status": "出勤", "hours": "实到学时"},
    "quotas": {"activity": "活动编号", "unit": "单位代码", "seats": "名额"},
    "contests": {
        "contest": "竞赛编号", "kind": "类别", "level": "层级", "person": "人员编号", "held_on": "日期", "place": "名次",
    },
    "supplies": {"unit": "单位代码", "item": "物品", "planned": "应配数", "received": "实配数"},
    "appraisals": {"person": "人员编号", "tested_on": "日期", "result": "测评结果"},
    "bulletins": {"unit": "单位代码", "sent_on": "日期", "kind": "类别", "title": "标题"},
    "judgements": {
        "unit": "单位代码", "criterion": "指标编号", "stage": "环节", "points": "得分",
        "judge": "评分人", "reason": "理由", "evidence": "佐证",
    },
}  # fmt: skip

ENUMS: dict[tuple[str, str], dict[str, str]] = {
    ("units", "peer_group"): {"county": "县区", "department": "部门"},
    ("activities", "form"): {"lecture": "集中训练", "half_day": "每周半日", "online": "网络学习", "class": "调训班"},
    ("attendance", "status"): {"present": "出勤", "leave": "请假", "absent": "旷课"},
    ("contests", "kind"): {"writing": "公文写作", "speech": "主题演讲", "other": "其他"},
    ("contests", "level"): {"unit": "单位", "city": "全市", "city_final": "全市决赛", "province": "全省"},
    ("supplies", "item"): {"textbook": "教材", "handbook": "手册"},
    ("bulletins", "kind"): {"news": "信息", "experience": "经验", "problem": "问题"},
    ("judgements", "stage"): {"self": "自评", "inspection": "考核", "review": "复核"},
}

NO_PLACING = {"", "无", "0", "-", "—"}

# The criteria in the standard's order: points, and the metric of a measured one (None: judged).
CRITERIA: dict[str, tuple[int, str | None]] = {
    "A1": (5, None), "A2": (5, None), "A3": (5, None),
    "B1": (5, None), "B2": (10, None), "B3": (5, "self_study_rate"), "B4": (5, "online_rate"),
    "B5": (5, "participation_rate"), "B6": (15, None),
    "C1": (5, "quota_fill_rate"), "C2": (5, "class_points"), "C3": (5, "city_contest_kinds"), "C4": (5, "city_finals"),
    "D1": (5, "textbook_rate"), "D2": (5, "handbook_rate"), "D3": (5, "appraisal_rate"), "D4": (5, None),
}  # fmt: skip

PERIOD_END = {"half_year": (6, 30), "annual": (12, 31)}
MINIMUM_SELF_STUDY_HOURS = {"half_year": 15, "annual": 30}
MINIMUM_ONLINE_HOURS = {"half_year": 20, "annual": 40}
TEXTBOOK_STEPS = ((80, 10), (70, 8), (60, 5), (30, 2))  # at least per cent -> points on a scale of 10
CENT = Fraction(1, 100)
MISSING = "missing"  # the figures were never given; None means: nothing below the line


# --- from files to plain values ------------------------------------------------------------------------------------


def results(folder: Path, kind: str, year: int) -> dict[str, Any]:
    """The results.json of a folder of CSV files under benxi-2010, without the keys `standard` and `why`."""
    tables = {table: read_table(folder / f"{table}.csv", table) for table in HEADERS}
    return assess(tables, kind, year)


def read_table(path: Path, table: str) -> list[Row]:
    """The rows of one CSV file under the English column names, cells as they stand; no file, no rows."""
    if not path.exists():
        return []
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    lines = csv.reader(io.StringIO(text, newline=""))
    english = {chinese: name for name, chinese in HEADERS[table].items()}
    header = [english.get(clean(cell), clean(cell)) for cell in next(lines)]
    return [dict(zip(header, line, strict=False)) for line in lines if line]


@cache
def clean(text: str) -> str:
    """A key or value as it is compared: NFKC, trimmed, case kept."""
    return unicodedata.normalize("NFKC", text).strip()


@cache
def day(text: str) -> date | None:
    """A date in any of the four spellings; None for an empty cell."""
    found = re.fullmatch(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?", clean(text))
    return date(*(int(part) for part in found.groups())) if found else None


@cache
def number(text: str) -> Fraction:
    """A decimal numeral as an exact fraction."""
    return Fraction(clean(text))


def comparable(tables: Tables) -> dict[str, list[Row]]:
    """Every cell cleaned and every enumerated value English; missing optional columns filled with empty cells.

    The only cell of which the original is kept is the unit's name, which is printed."""
    tidy: dict[str, list[Row]] = {}
    for table, columns in HEADERS.items():
        tidy[table] = []
        to_english = {
            column: {chinese: english for english, chinese in ENUMS[table, column].items()}
            for column in columns
            if (table, column) in ENUMS
        }
        for row in tables.get(table) or []:
            cells = {column: clean(row.get(column, "")) for column in columns}
            for column, words in to_english.items():
                cells[column] = words.get(cells[column], cells[column])
            if table == "units":
                cells["name"] = row["name"].strip()
            tidy[table].append(cells)
    return tidy


# --- the ledger's metrics ------------------------------------------------------------------------------------------


def period(kind: str, year: int) -> tuple[date, date]:
    """First and last day of a round."""
    return date(year, 1, 1), date(year, *PERIOD_END[kind])


def metrics(tables: Tables, kind: str, year: int) -> dict[str, dict[str, Metric]]:
    """Every unit's exact metrics, `headcount` first, then in the order of the data format."""
    tidy = comparable(tables)
    return {unit["code"]: unit_metrics(tidy, unit["code"], kind, year) for unit in tidy["units"]}


def unit_metrics(tidy: Tables, code: str, kind: str, year: int) -> dict[str, Metric]:
    """One unit's metrics from cleaned tables."""
    start, end = period(kind, year)

    def inside(text: str) -> bool:
        on = day(text)
        return on is not None and start <= on <= end

    def is_staff(person: Row) -> bool:
        joined, departed = day(person["joined"]), day(person["departed"])
        return (joined is None or joined <= end) and (departed is None or departed > end)

    people = {person["id"] for person in tidy["people"] if person["unit"] == code}
    staff = {person["id"] for person in tidy["people"] if person["unit"] == code and is_staff(person)}
    activities = {activity["id"]: activity for activity in tidy["activities"] if inside(activity["ends_on"])}

    took_part: set[str] = set()
    studied = dict.fromkeys(staff, Fraction(0))
    online = dict.fromkeys(staff, Fraction(0))
    sent: dict[str, set[str]] = {}
    class_points: list[int] = []
    for row in tidy["attendance"]:
        activity = activities.get(row["activity"])
        if activity is None or row["person"] not in people:
            continue
        planned = number(activity["hours"])
        if row["hours"]:
            hours = number(row["hours"])
        else:
            hours = planned if row["status"] == "present" else Fraction(0)
        if row["status"] == "present" and row["person"] in staff:
            took_part.add(row["person"])
            if activity["form"] == "half_day":
                studied[row["person"]] += hours
            if activity["form"] == "online":
                online[row["person"]] += hours
        if activity["form"] == "class":
            sent.setdefault(row["activity"], set()).add(row["person"])
            class_points.append(trainee_points(row["status"], planned, hours))

    seats = filled = 0
    for quota in tidy["quotas"]:
        if quota["unit"] == code and quota["activity"] in activities:
            seats += int(quota["seats"])
            filled += min(len(sent.get(quota["activity"], ())), int(quota["seats"]))

    entries = [entry for entry in tidy["contests"] if entry["person"] in people and inside(entry["held_on"])]
    in_city = [e for e in entries if e["level"] in ("city", "city_final") and e["kind"] in ("writing", "speech")]
    in_province = [entry for entry in entries if entry["level"] == "province"]
    supplied = {row["item"]: row for row in tidy["supplies"] if row["unit"] == code}
    handbooks = int(supplied["handbook"]["received"]) if "handbook" in supplied else 0
    appraised = {row["person"] for row in tidy["appraisals"] if row["person"] in staff and inside(row["tested_on"])}
    enough_study = sum(1 for hours in studied.values() if hours >= MINIMUM_SELF_STUDY_HOURS[kind])
    enough_online = sum(1 for hours in online.values() if hours >= MINIMUM_ONLINE_HOURS[kind])
    bulletins = [row for row in tidy["bulletins"] if row["unit"] == code and inside(row["sent_on"])]

    return {
        "headcount": len(staff),
        "participation_rate": ratio(len(took_part), len(staff)),
        "self_study_rate": ratio(enough_study, len(staff)),
        "online_rate": ratio(enough_online, len(staff)),
        "quota_fill_rate": ratio(filled, seats),
        "class_points": ratio(sum(class_points), len(class_points)),
        "city_contest_kinds": len({entry["kind"] for entry in in_city}),
        "city_finals": sum(1 for entry in in_city if entry["level"] == "city_final"),
        "province_entries": len(in_province),
        "province_placings": sum(1 for entry in in_province if entry["place"] not in NO_PLACING),
        "textbook_rate": textbook_rate(supplied.get("textbook")),
        "handbook_rate": ratio(min(handbooks, len(staff)), len(staff)),
        "appraisal_rate": ratio(len(appraised), len(staff)),
        "bulletin_count": len(bulletins),
    }


def ratio(above: int, below: int) -> Fraction | None:
    """An exact rate; absent (None) with nothing below the line."""
    return Fraction(above, below) if below else None


def trainee_points(status: str, planned: Fraction, hours: Fraction) -> int:
    """A trainee's points for one class: 0 absent without leave, 4 on leave or over 10% missed, 5 otherwise."""
    if status == "absent":
        return 0
    if status == "leave" and hours == 0:
        return 4
    return 4 if (planned - hours) / planned > Fraction(1, 10) else 5


def textbook_rate(row: Row | None) -> Metric:
    """Received over planned, not capped; `missing` without a row, absent if none is planned."""
    return MISSING if row is None else ratio(int(row["received"]), int(row["planned"]))


# --- scores --------------------------------------------------------------------------------------------------------


def half_up(value: Fraction, places: int) -> Fraction:
    """A non-negative value rounded half up."""
    scale = 10**places
    return Fraction((value * scale + Fraction(1, 2)).__floor__(), scale)


def exact_score(criterion: str, unit: Mapping[str, Metric]) -> Fraction | None:
    """What the rule gives before rounding; None if the metric is absent or missing, or the criterion judged."""
    points, metric = CRITERIA[criterion]
    value = unit[metric] if metric else None
    if value is None or isinstance(value, str):
        return None
    if criterion == "C2":
        return value * Fraction(points, 5)
    if criterion == "C3":
        return value * Fraction(points, 2)
    if criterion == "C4":
        return Fraction(points if value >= 1 else 0)
    if criterion == "D1":
        reached = [tenths for per_cent, tenths in TEXTBOOK_STEPS if value * 100 >= per_cent]
        return Fraction(max(reached, default=0) * points, 10)
    return Fraction(value * points)


def ledger_score(criterion: str, unit: Mapping[str, Metric]) -> Fraction | None:
    """The rule's score, rounded once; what is below the whole never rounds up to the full points."""
    exact, points = exact_score(criterion, unit), CRITERIA[criterion][0]
    if exact is None:
        return None
    rounded = half_up(exact, 2)
    return points - CENT if exact < points and rounded >= points else rounded


def criterion_row(criterion: str, unit: Mapping[str, Metric], given: Mapping[str, Fraction]) -> dict[str, Any]:
    """One criterion of one unit; `given` are the judged points by stage. The score is still a fraction."""
    points, metric = CRITERIA[criterion]
    measured = ledger_score(criterion, unit)
    stages = ("review", "inspection") if metric else ("review", "inspection", "self")
    stage = next((stage for stage in stages if stage in given), None)
    if stage:
        score, source = given[stage], stage
    elif measured is not None:
        score, source = measured, "ledger"
    elif metric and unit[metric] != MISSING:
        score, source = None, "not_applicable"
    else:
        score, source = None, "unscored"
    return {
        "id": criterion,
        "kind": "measured" if metric else "judged",
        "points": Fraction(points),
        "score": score,
        "source": source,
        "self": given.get("self"),
        "measured": measured,
    }


def unit_result(
    unit: Row, figures: Mapping[str, Metric], given: Mapping[str, Mapping[str, Fraction]]
) -> dict[str, Any]:
    """One unit without its ranks; figures are still fractions."""
    rows = [criterion_row(criterion, figures, given.get(criterion, {})) for criterion in CRITERIA]
    not_applicable = [row["id"] for row in rows if row["source"] == "not_applicable"]
    unscored = [row["id"] for row in rows if row["source"] == "unscored"]
    applicable = sum(row["points"] for row in rows if row["id"] not in not_applicable)
    base = bonus = total = band = None
    if not unscored and applicable:
        base = sum((row["score"] for row in rows if row["score"] is not None), Fraction(0))
        if not_applicable:
            base = half_up(base / applicable * 100, 2)
        bonus = Fraction(10 * bool(figures["province_entries"]) + 10 * bool(figures["province_placings"]))
        total = base + bonus
        band = "full" if total >= 90 else "basic" if total >= 60 else "failed"
    return {
        "code": unit["code"],
        "name": unit["name"],
        "peer_group": unit["peer_group"],
        "headcount": figures["headcount"],
        "metrics": {name: value for name, value in figures.items() if name != "headcount"},
        "criteria": rows,
        "not_applicable": not_applicable,
        "unscored": unscored,
        "base": base,
        "bonus": bonus,
        "total": total,
        "verified": all(row["source"] in ("inspection", "review") for row in rows if row["kind"] == "judged"),
        "band": band,
    }


def rank(unit: Mapping[str, Any], rivals: list[dict[str, Any]]) -> int | None:
    """One more than the number of rivals with a higher total: equal totals share a rank, and the next is skipped."""
    if unit["total"] is None:
        return None
    return 1 + sum(1 for rival in rivals if rival["total"] is not None and rival["total"] > unit["total"])


def assess(tables: Tables, kind: str, year: int) -> dict[str, Any]:
    """The whole result of one round, as it stands in results.json."""
    tidy = comparable(tables)
    given: dict[str, dict[str, dict[str, Fraction]]] = {}
    for row in tidy["judgements"]:
        stages = given.setdefault(row["unit"], {}).setdefault(row["criterion"], {})
        stages[row["stage"]] = number(row["points"])
    units = [
        unit_result(unit, unit_metrics(tidy, unit["code"], kind, year), given.get(unit["code"], {}))
        for unit in sorted(tidy["units"], key=lambda unit: unit["code"])
    ]
    for unit in units:
        unit["rank"] = rank(unit, units)
        unit["group_rank"] = rank(unit, [rival for rival in units if rival["peer_group"] == unit["peer_group"]])
    start, end = period(kind, year)
    return {
        "round": {"kind": kind, "year": year, "start": start.isoformat(), "end": end.isoformat()},
        "units": [printed(unit) for unit in units],
    }


# --- print ---------------------------------------------------------------------------------------------------------


def decimals(value: Fraction, places: int) -> str:
    """A non-negative fraction as a decimal numeral, half up."""
    whole, rest = divmod(int(half_up(value, places) * 10**places), 10**places)
    return f"{whole}.{rest:0{places}d}"


def printed(value: Any, places: int = 2) -> Any:
    """The same value with every fraction a string: six places among the metrics, two elsewhere; missing is null."""
    if isinstance(value, dict):
        return {key: printed(item, 6 if key == "metrics" else places) for key, item in value.items()}
    if isinstance(value, list):
        return [printed(item, places) for item in value]
    if isinstance(value, Fraction):
        return decimals(value, places)
    return None if value == MISSING and places == 6 else value
