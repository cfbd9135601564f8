"""Random small cities: always valid, and wherever possible on the very edge of a rule.

`random_city` makes one from a random generator, under one of several themes, each of which makes some features frequent.
`write_city` writes it as CSV, XLSX or Parquet; given a random generator, in every spelling that the data format accepts.
"""

import csv
import io
import math
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from oracle import CRITERIA, ENUMS, HEADERS, assess

Row = dict[str, str]

YEAR = 2010
EDGE_DAYS = (
    "2009-12-31", "2010-01-01", "2010-01-02", "2010-06-29", "2010-06-30", "2010-07-01",
    "2010-12-30", "2010-12-31", "2011-01-01",
)  # fmt: skip
OPTIONAL_COLUMNS = {"people": ("joined", "departed"), "contests": ("place",), "judgements": ("evidence",)}
DATES = {"joined", "departed", "starts_on", "ends_on", "held_on", "tested_on", "sent_on"}
KEYS = {"code", "id", "unit", "activity", "person", "contest", "criterion"}
DECIMALS = {"hours": 1, "points": 2}
WHOLE = {"seats", "planned", "received"}

PLACINGS = ("无", "0", "-", "—", "", "1", "2", "二等奖", "优秀奖", "无名次奖", "10")
TEXTBOOKS = (
    (10, 8), (100, 80), (10000, 7999), (10000, 8000), (10000, 8001), (100, 70), (1000, 699), (1000, 701), (10, 6),
    (10000, 5999), (10000, 6001), (10, 3), (10000, 3000), (10000, 2999), (10000, 3001), (7, 5), (3, 2), (128, 117),
    (0, 0), (0, 5), (10, 0), (10, 10), (10, 11), (10000, 11000), (1, 1), (5, 3), (1000, 700), (1000, 299), (1000, 599),
)  # fmt: skip
ENOUGH = (300, 300, 301, 400, 400, 401, 150, 200, 455)  # tenths of an hour
TOO_LITTLE = (299, 399, 149, 199, 299, 399, 151, 201, 0, 1)
REASONS = ("依据材料", '缺"方案"，扣分', "see file 3, page 2", "查阅\n会议记录", "现场核查；属实")


@dataclass(frozen=True)
class City:
    """One city's tables under their canonical English spelling; None: there is no such file.

    An optional column that the file lacks is lacking from all rows of the table."""

    units: list[Row]
    people: list[Row]
    activities: list[Row] | None = None
    attendance: list[Row] | None = None
    quotas: list[Row] | None = None
    contests: list[Row] | None = None
    supplies: list[Row] | None = None
    appraisals: list[Row] | None = None
    bulletins: list[Row] | None = None
    judgements: list[Row] | None = None
    year: int = YEAR

    def tables(self) -> dict[str, list[Row]]:
        """The tables that exist, by name."""
        return {table: rows for table in HEADERS if (rows := getattr(self, table)) is not None}


@dataclass(frozen=True)
class Odds:
    """How likely the features are; a theme is one set of odds."""

    complete: float = 0.52
    edge_day: float = 0.35
    moves: float = 0.3  # a person has a date of joining or departing
    thousand: float = 0.0
    twin: float = 0.15
    nobody: float = 0.1
    gone: float = 0.08
    quality: tuple[float, ...] = (0.3, 0.7, 0.9, 1.0)
    perfect: float = 0.0  # full points from the inspectors, on measured criteria too
    override: float = 0.08
    no_table: float = 0.04
    bare_table: float = 0.04
    no_column: float = 0.15
    steer: float = 0.35


THEMES: dict[str, tuple[int, Odds]] = {
    "plain": (6, Odds()),
    "edge days": (3, Odds(edge_day=0.85, moves=0.7)),
    "thousand": (2, Odds(thousand=1.0, twin=0.0, quality=(0.9, 1.0), steer=0.6)),
    "top": (
        3,
        Odds(
            complete=0.9,
            quality=(1.0,),
            perfect=0.2,
            moves=0.05,
            override=0.15,
            nobody=0,
            gone=0,
            steer=0.7,
            no_table=0,
        ),
    ),
    "ties": (2, Odds(complete=0.9, twin=0.6, steer=0.0)),
    "bare": (2, Odds(no_table=0.3, bare_table=0.25, no_column=0.7)),
    "disputed": (2, Odds(override=0.4, nobody=0.2)),
    "idle": (2, Odds(nobody=0.35, gone=0.3, override=0.2)),
}


# --- a city --------------------------------------------------------------------------------------------------------


def random_city(rng: random.Random, theme: str | None = None) -> City:
    """A valid city; without a theme one is drawn by weight."""
    if theme is None:
        theme = rng.choices(list(THEMES), [weight for weight, _ in THEMES.values()])[0]
    return _Draft(rng, THEMES[theme][1]).city()


class _Draft:
    """A city in the making. `rng` is shared; each unit has a stream `u` of its own, which its twin repeats."""

    def __init__(self, rng: random.Random, odds: Odds) -> None:
        self.rng = rng
        self.odds = odds
        self.complete = rng.random() < odds.complete
        self.tables: dict[str, list[Row]] = {table: [] for table in HEADERS}
        self.gone_tables: set[str] = set()

    def city(self) -> City:
        rng, odds = self.rng, self.odds
        codes = _codes(rng)
        self.activities(codes)
        self.contests()
        seeds: list[int] = []
        for code in codes:
            seed = rng.choice(seeds) if seeds and rng.random() < odds.twin else rng.getrandbits(64)
            seeds.append(seed)
            self.unit(code, random.Random(seed))
        if not self.tables["people"]:
            self.person(codes[0], 0, "", "")
        self.lose_tables()
        if self.complete:
            for code, seed in zip(codes, seeds, strict=True):
                self.complete_unit(code, random.Random(seed + 1))
        if rng.random() < odds.steer:
            self.steer(codes)
        self.shuffle_and_lose_columns()
        kept = {table: rows for table, rows in self.tables.items() if table not in self.gone_tables}
        return City(**kept)  # type: ignore[arg-type]

    def add(self, table: str, *cells: str) -> None:
        """One row, cells in the order of the data format."""
        self.tables[table].append(dict(zip(HEADERS[table], cells, strict=True)))

    def day(self, u: random.Random) -> str:
        if u.random() < self.odds.edge_day:
            return u.choice(EDGE_DAYS)
        return (date(YEAR, 1, 1) + timedelta(days=u.randrange(365))).isoformat()

    # - what the city runs

    def activities(self, codes: list[str]) -> None:
        """Every form in both halves of the year, mostly; some straddle the end of a period, some lie outside."""
        rng = self.rng
        forms = ["lecture", "half_day", "half_day", "half_day", "online", "online", "class", "class", "class"]
        forms += rng.choices(["lecture", "half_day", "online", "class"], k=rng.randrange(4))
        spring = {"half_day": "2010-03-05", "online": "2010-04-01", "class": "2010-05-18", "lecture": "2010-02-01"}
        for index, form in enumerate(forms):
            if form in spring and rng.random() < 0.9:
                starts = ends = spring.pop(form)
            elif rng.random() < 0.3:
                starts, ends = rng.choice(
                    (("2009-12-30", "2010-01-03"), ("2010-06-28", "2010-07-02"), ("2010-12-29", "2011-01-02"),
                     ("2010-06-28", "2010-06-30"), ("2010-07-01", "2010-12-31"), ("2009-12-30", "2009-12-31"))
                )  # fmt: skip
            else:
                starts = ends = self.day(rng)
            tenths = rng.choice((1, 5, 25, 30, 75, 300, 150, 299, 400, 0))
            if form == "class":
                tenths = rng.choice((100, 300, 200, 80, 125, 10, 1, 400))
            owner = rng.choice(codes) if rng.random() < 0.4 else ""
            self.add("activities", f"A{index}", owner, form, f"活动{index}", starts, ends, _tenths(tenths))

    def contests(self) -> None:
        """Contests without entries yet: their id, kind, level and date are settled once."""
        rng = self.rng
        self.open_contests = [
            (f"K{index}", rng.choice(("writing", "speech", "other")), level, self.day(rng))
            for index, level in enumerate(
                rng.choices(("unit", "city", "city_final", "province"), (1, 3, 3, 3), k=rng.randrange(10))
            )
        ]

    # - what a unit does

    def unit(self, code: str, u: random.Random) -> None:
        odds = self.odds
        name = u.choice(("单位{}", "{}局", "第１分局（{}）", "{}, 区", '"{}"办', "㐀{}𠮷", "{}　室"))
        self.add("units", code, name.format(code), self.rng.choice(("county", "department")))
        quality = u.choice(odds.quality)
        first_thousand = self.rng.random() < odds.thousand and len(self.tables["people"]) < 1000
        if first_thousand:
            staff = [self.person(code, index, "", "") for index in range(1000)]
            self.thousand(staff, u)
        else:
            staff = self.people(code, u)
            for person in staff:
                self.training(person, quality, u)
        self.classes(code, [] if first_thousand else staff, quality, u)
        if staff:
            self.entries(staff, quality, u)
        self.supply(code, len(staff), quality, u, first_thousand)
        for _ in range(u.randrange(4)):
            self.add("bulletins", code, self.day(u), u.choice(("news", "experience", "problem")), "题, 目")
        self.judge(code, quality, u)

    def person(self, code: str, index: int, joined: str, departed: str) -> str:
        person = f"{code}P{index}"
        self.add(
            "people", person, ("员{}", "张　三", "李 {}", "欧阳{}")[index % 4].format(index), code, joined, departed
        )
        return person

    def people(self, code: str, u: random.Random) -> list[str]:
        odds, drawn = self.odds, u.random()
        if drawn < odds.nobody:
            return []
        gone = drawn < odds.nobody + odds.gone
        size = u.randint(1, 4) if gone else u.choice((1, 2, 3, 5, 6, 7, 8, 8, 8))
        staff = []
        for index in range(size):
            joined = departed = ""
            if gone:
                if u.random() < 0.5:
                    joined = "2011-01-01"
                else:
                    departed = u.choice(("2009-12-31", "2010-01-01", "2010-06-30", "2010-12-31"))
            elif u.random() < odds.moves:
                joined = self.day(u) if u.random() < 0.7 else u.choice(("", "2009-03-01"))
                departed = self.day(u) if u.random() < 0.5 else ""
                if joined and departed and joined > departed:
                    joined, departed = departed, joined
            staff.append(self.person(code, index, joined, departed))
        return staff

    def of_form(self, form: str, last: str = "2010-12-31") -> list[Row]:
        """Activities of one form whose last day lies in the year, up to `last`."""
        return [row for row in self.tables["activities"] if row["form"] == form and "2010" <= row["ends_on"] <= last]

    def training(self, person: str, quality: float, u: random.Random) -> None:
        """Lectures, self-study and online hours, and appraisals of one person."""
        rows: dict[str, tuple[str, str]] = {}
        for form in ("half_day", "online"):
            enough = u.random() < quality
            spring = u.random() < 0.5
            self.study(rows, self.of_form(form, "2010-06-30" if spring else "2010-12-31"), enough, u)
        for activity in self.tables["activities"]:
            if activity["form"] == "class" or activity["id"] in rows or u.random() < 0.6:
                continue
            good = u.random() < quality and activity["form"] == "lecture"
            status = "present" if good else u.choice(("leave", "absent", "leave", "present"))
            if status == "present" and activity["form"] != "lecture" and activity["ends_on"].startswith("2010"):
                continue  # the hours above are exact
            spent = {"present": ("", "3"), "leave": ("", "0", "1.5", "30"), "absent": ("", "0")}[status]
            rows[activity["id"]] = status, u.choice(spent)
        for attended, (status, hours) in rows.items():
            self.add("attendance", attended, person, status, hours)
        if u.random() < quality:
            for _ in range(u.choice((1, 1, 2))):
                self.add("appraisals", person, self.day(u), u.choice(("合格", "不合格", "85")))

    def study(self, rows: dict[str, tuple[str, str]], activities: list[Row], enough: bool, u: random.Random) -> None:
        """Present hours over some of these activities that add up to an exact target."""
        target = u.choice(ENOUGH if enough else TOO_LITTLE)
        if not activities or (not target and u.random() < 0.5):
            return
        chosen = u.sample(activities, u.randint(1, len(activities)))
        cuts = sorted(u.randint(0, target) for _ in chosen[1:])
        for activity, low, high in zip(chosen, [0, *cuts], [*cuts, target], strict=True):
            hours = _tenths(high - low)
            if hours == activity["hours"] and u.random() < 0.8:
                hours = ""
            rows[activity["id"]] = "present", hours

    def thousand(self, staff: list[str], u: random.Random) -> None:
        """All but one of a thousand people do one or two things."""
        spared = u.choice(staff)
        subjects: list[tuple[str, str]] = [("lecture", ""), ("half_day", "30"), ("online", "40"), ("class", "")]
        for form, hours in u.sample(subjects, u.randint(1, 3)):
            open_to = self.of_form(form, "2010-06-30") or self.of_form(form)
            if not open_to:
                continue
            activity = u.choice(open_to)
            for person in staff:
                if person != spared:
                    self.add("attendance", activity["id"], person, "present", hours)
                elif form == "class":
                    self.add("attendance", activity["id"], person, "leave", "")
            if form == "class" and self.complete:
                self.add("quotas", activity["id"], self.tables["units"][-1]["code"], "1000")

    def classes(self, code: str, staff: list[str], quality: float, u: random.Random) -> None:
        """Quotas and trainees: fewer than, as many as, or more than the seats; with or without a quota."""
        taken = {row["activity"] for row in self.tables["quotas"] if row["unit"] == code}
        for activity in self.tables["activities"]:
            if activity["form"] != "class":
                continue
            seats = u.choice((0, 1, 2, 3, 5)) if u.random() < 0.6 else None
            if seats is not None and activity["id"] not in taken:
                self.add("quotas", activity["id"], code, str(seats))
            wanted = seats or u.choice((0, 0, 1, 2))
            if u.random() > quality:
                wanted += u.choice((-1, 1))
            if len(staff) == 8 and u.random() < 0.3:
                wanted = 8  # means over eight trainees end in half a hundredth
            for person in u.sample(staff, min(max(wanted, 0), len(staff))):
                status, hours = _trainee(activity["hours"], u.random() < quality, u)
                self.add("attendance", activity["id"], person, status, hours)

    def entries(self, staff: list[str], quality: float, u: random.Random) -> None:
        for contest, kind, level, held_on in self.open_contests:
            if u.random() < 0.2 + 0.6 * (quality == 1.0):
                for person in u.sample(staff, min(len(staff), u.choice((1, 1, 2)))):
                    self.add("contests", contest, kind, level, person, held_on, u.choice(PLACINGS))

    def supply(self, code: str, heads: int, quality: float, u: random.Random, thousand: bool) -> None:
        if u.random() < 0.88:
            enough = [pair for pair in TEXTBOOKS if pair[0] and pair[1] * 10 >= pair[0] * 8]
            planned, received = u.choice(enough if u.random() < quality / 2 else TEXTBOOKS)
            self.add("supplies", code, "textbook", str(planned), str(received))
        if thousand or u.random() < 0.85:
            near = max(0, heads - 1) if thousand else u.choice((heads, heads + 1, 20))
            received = near if u.random() < quality else u.choice((0, 1, max(0, heads - 1)))
            self.add("supplies", code, "handbook", str(u.choice((0, 10, heads))), str(received))

    # - what the inspectors say

    def judge(self, code: str, quality: float, u: random.Random) -> None:
        forgetful = 0.0 if self.complete else u.choice((0.0, 0.0, 0.03, 0.2))
        proven = u.random() < 0.6  # every judged criterion is looked at by an inspector
        perfect = u.random() < self.odds.perfect
        for criterion, (_, metric) in CRITERIA.items():
            if perfect:
                stages = [("self", 0.5), ("inspection", 1.0)]
            elif metric:
                stages = [("self", 0.25), ("inspection", self.odds.override), ("review", self.odds.override / 2)]
            elif u.random() < forgetful:
                continue
            else:
                stages = [("self", 0.5), ("inspection", 1.0 if proven else 0.7), ("review", 0.2)]
            for stage, likely in stages:
                if u.random() < likely:
                    self.judgement(code, criterion, stage, quality, u, full=perfect)

    def judgement(
        self, code: str, criterion: str, stage: str, quality: float, u: random.Random, *, full: bool = False
    ) -> None:
        most, metric = CRITERIA[criterion]
        good = (most * 100, most * 100, most * 100 - 1, most * 95, u.randint(most * 90, most * 100))
        poor = (0, 1, most * 50, most * 75, u.randint(0, most * 100))
        cents = most * 100 if full else u.choice(good if u.random() < quality else poor)
        owed = stage != "self" and (metric is not None or cents < most * 100)
        reason = u.choice(REASONS) if owed or u.random() < 0.5 else ""
        judge = "本单位" if stage == "self" else u.choice(("甲", "Inspector B", "王　五"))
        evidence = u.choice(("", "", "卷3,页2"))
        self.add("judgements", code, criterion, stage, _hundredths(cents), judge, reason, evidence)

    def complete_unit(self, code: str, u: random.Random) -> None:
        """See that nothing of this unit stays unscored."""
        stages = {(r["criterion"], r["stage"]) for r in self.tables["judgements"] if r["unit"] == code}
        for criterion, (_, metric) in CRITERIA.items():
            if metric is None and not any(seen == criterion for seen, _ in stages):
                self.judgement(code, criterion, "inspection", 0.9, u)
        has_row = any(row["unit"] == code and row["item"] == "textbook" for row in self.tables["supplies"])
        if has_row or {("D1", "inspection"), ("D1", "review")} & stages:
            return
        if "supplies" in self.gone_tables or u.random() < 0.5:
            self.judgement(code, "D1", "inspection", 0.9, u)
        else:
            self.add("supplies", code, "textbook", *map(str, u.choice(TEXTBOOKS)))

    def lose_tables(self) -> None:
        """Leave some optional tables out, or with their header only; what they hold is referred to by none left."""
        for table in list(HEADERS)[2:]:
            drawn = self.rng.random()
            if table == "judgements" and not self.complete:
                drawn /= 2
            if (table == "judgements" and self.complete) or drawn > self.odds.no_table + self.odds.bare_table:
                continue
            lost = [table, "attendance", "quotas"] if table == "activities" else [table]
            for name in lost:
                self.tables[name] = []
                if drawn < self.odds.no_table:
                    self.gone_tables.add(name)

    def shuffle_and_lose_columns(self) -> None:
        for table, columns in OPTIONAL_COLUMNS.items():
            for column in columns:
                if self.rng.random() < self.odds.no_column:
                    self.tables[table] = [
                        {name: cell for name, cell in row.items() if name != column} for row in self.tables[table]
                    ]
        for rows in self.tables.values():
            if self.rng.random() < 0.7:
                self.rng.shuffle(rows)

    def steer(self, codes: list[str]) -> None:
        """Move one unit's judged points until its total stands on the edge of a band, or just above a hundred."""
        kind = self.rng.choice(("annual", "half_year"))
        goals = (9000, 9000, 8999, 8999, 6000, 5999, 10000, 10001, 9001, 12000)
        tables = {table: rows for table, rows in self.tables.items() if table not in self.gone_tables}
        scored = [unit for unit in assess(tables, kind, YEAR)["units"] if unit["total"] is not None]
        for unit in self.rng.sample(scored, min(len(scored), 3)):
            code = next(code for code in codes if _key(code) == unit["code"])
            goal = self.rng.choice(goals) - _cents(unit["bonus"])
            if not self.reach(code, unit, goal):
                self.reach(code, unit, goal - 3000 if goal >= 8999 else goal + 1000)

    def reach(self, code: str, unit: dict[str, Any], goal: int) -> bool:
        """Set the judged points that count so that `base` is `goal` hundredths; say whether it could be done."""
        rows = [row for row in unit["criteria"] if row["score"] is not None]
        applicable = sum(_cents(row["points"]) for row in rows)
        fixed = sum(_cents(row["score"]) for row in rows if row["kind"] == "measured")
        wanted = math.ceil(Fraction(2 * goal - 1, 2) * applicable / 10000) if applicable < 10000 else goal
        judged = [row for row in rows if row["kind"] == "judged"]
        room = sum(_cents(row["points"]) for row in judged)
        left = wanted - fixed
        if not 0 <= left <= room:
            return False
        for row in judged:
            most = _cents(row["points"])
            room -= most
            cents = max(left - room, min(most, left))
            left -= cents
            self.set_points(code, row["id"], row["source"], cents)
        return True

    def set_points(self, code: str, criterion: str, stage: str, cents: int) -> None:
        for row in self.tables["judgements"]:
            if (row["unit"], row["criterion"], row["stage"]) == (code, criterion, stage):
                row["points"] = _hundredths(cents)
                row["reason"] = row["reason"] or "依据材料"


def _codes(rng: random.Random) -> list[str]:
    """One to nine unit codes in one of several styles, sometimes with U10 before U2 in code-point order."""
    count = rng.randint(1, 9)
    numbers = rng.sample((1, 2, 3, 4, 9, 10, 11, 12, 20, 100), count)
    style = rng.choice(("U{}", "U{}", "U{:02}", "县{}", "U-{}", "mixed"))
    if style == "mixed":
        return rng.sample(["U2", "U10", "u2", "县1", "Z", "a", "𠀀1", "局 2", "1", "10", "9", "Ｕ3"], count)
    return [style.format(number) for number in numbers]


def _trainee(planned: str, good: bool, u: random.Random) -> tuple[str, str]:
    """Status and hours of one trainee: on either side of the tenth that may be missed, above the plan, or empty."""
    tenths = int(Fraction(planned) * 10)
    least = math.ceil(Fraction(9 * tenths, 10))
    if good:
        attended = _tenths(u.choice((least, least, tenths, tenths + 1)))
        return u.choice((("present", ""), ("present", attended), ("present", attended), ("leave", attended)))
    too_few = _tenths(max(0, least - 1))
    return u.choice(
        (("present", too_few), ("present", too_few), ("leave", ""), ("leave", "0"), ("leave", too_few),
         ("absent", ""), ("absent", "0"), ("present", "0"))
    )  # fmt: skip


def _tenths(count: int) -> str:
    whole, rest = divmod(count, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def _hundredths(count: int) -> str:
    whole, rest = divmod(count, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def _cents(text: str) -> int:
    return int(Fraction(text) * 100)


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


# --- writing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spelling:
    """Which spellings may vary. Each is switched on by a coin a file, and then drawn cell by cell."""

    headers: bool = True  # Chinese column names
    order: bool = True  # of the columns
    extra: bool = True  # an unknown column
    enums: bool = True  # Chinese enumerated values
    dates: bool = True  # four spellings
    wide: bool = True  # full-width digits and letters, in keys too
    numbers: bool = True  # a closing zero more
    blanks: bool = True  # around values, ASCII and ideographic
    encoding: bool = True  # UTF-8 with and without mark, GB 18030
    layout: bool = True  # line ends, quotation marks, final line end
    cells: bool = True  # XLSX: true dates, numbers and formulas; Parquet: types
    absence: bool = True  # an empty optional column or table may be left out altogether


ALL_SPELLINGS = Spelling()
CANONICAL = Spelling(*(False,) * len(Spelling.__dataclass_fields__))
DATE_FORMATS = ("{0.year}/{0.month}/{0.day}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日", "{0}")


def write_city(
    city: City,
    folder: Path,
    rng: random.Random | None = None,
    *,
    form: str = "csv",
    spelling: Spelling = ALL_SPELLINGS,
) -> None:
    """Write every table into the (new) folder as `csv`, `xlsx`, `parquet` or `mixed`; plainly without `rng`."""
    folder.mkdir(parents=True, exist_ok=True)
    draws = rng or random.Random(0)
    for table, rows in city.tables().items():
        pen = _Pen(draws, spelling if rng else CANONICAL, table)
        columns = list(rows[0]) if rows else list(HEADERS[table])
        if pen.on("absence"):
            if not rows:
                continue
            spare = [c for c in OPTIONAL_COLUMNS.get(table, ()) if not any(row.get(c) for row in rows)]
            columns = [column for column in columns if column not in spare]
        if pen.on("order"):
            draws.shuffle(columns)
        chosen = draws.choice(("csv", "xlsx", "parquet")) if form == "mixed" else form
        WRITERS[chosen](folder / f"{table}.{chosen}", pen, columns, rows)


class _Pen:
    """Spells one table's headers and cells."""

    def __init__(self, rng: random.Random, spelling: Spelling, table: str) -> None:
        self.rng = rng
        self.table = table
        self.habits = replace(
            spelling, **{name: getattr(spelling, name) and rng.random() < 0.6 for name in spelling.__dataclass_fields__}
        )

    def on(self, habit: str) -> bool:
        return bool(getattr(self.habits, habit))

    def now(self, habit: str, likely: float = 0.35) -> bool:
        return self.on(habit) and self.rng.random() < likely

    def header(self, columns: Sequence[str]) -> list[str]:
        mixed = self.rng.random() < 0.3
        chinese = HEADERS[self.table]
        return [
            chinese[column] if self.on("headers") and (not mixed or self.rng.random() < 0.5) else column
            for column in columns
        ]

    def with_extra(self, header: list[str], cells: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
        """The same with an unknown column somewhere, perhaps."""
        if not self.on("extra"):
            return header, cells
        at = self.rng.randint(0, len(header))
        name = self.rng.choice(("备注", "remark", "序号"))
        filler = [self.rng.choice(("", "x", "无", "12")) for _ in cells]
        wider = [[*row[:at], extra, *row[at:]] for row, extra in zip(cells, filler, strict=True)]
        return [*header[:at], name, *header[at:]], wider

    def text(self, column: str, value: str) -> str:
        """The cell as text, in one of its spellings."""
        if value:
            value = self.respelt(column, value)
        if self.now("blanks", 0.2):
            value = self.blank() + value + self.blank()
        return value

    def respelt(self, column: str, value: str) -> str:
        words = ENUMS.get((self.table, column))
        if words and self.now("enums", 0.6):
            value = words[value]
        elif column in DATES and self.now("dates", 0.6):
            value = self.rng.choice(DATE_FORMATS).format(date.fromisoformat(value))
        elif column in DECIMALS and self.now("numbers"):
            places = len(value.partition(".")[2])
            if places < DECIMALS[column]:
                value = value + ("" if places else ".") + "0"
        if words or column in DATES | KEYS | WHOLE | set(DECIMALS) | {"place"}:
            value = self.wide(value)
        return value

    def wide(self, value: str) -> str:
        """Some or all ASCII digits and letters in full width."""
        if not self.now("wide", 0.3):
            return value
        every = self.rng.random() < 0.5
        return "".join(
            chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() and (every or self.rng.random() < 0.5) else c
            for c in value
        )

    def blank(self) -> str:
        return self.rng.choice(("", " ", "　", " 　", "  "))


def _write_csv(path: Path, pen: _Pen, columns: list[str], rows: list[Row]) -> None:
    cells: list[list[Any]] = [[pen.text(column, row.get(column, "")) for column in columns] for row in rows]
    header, cells = pen.with_extra(pen.header(columns), cells)
    rng = pen.rng
    end, quote_all = "\n", False
    if pen.on("layout"):
        end, quote_all = rng.choice(("\n", "\r\n")), rng.random() < 0.5
    buffer = io.StringIO(newline="")
    if quote_all:
        writer = csv.writer(buffer, lineterminator=end, quoting=csv.QUOTE_ALL)
    else:
        writer = csv.writer(buffer, lineterminator=end)
    writer.writerows([header, *cells])
    text = buffer.getvalue()
    if pen.on("layout") and rng.random() < 0.5:
        text = text.removesuffix(end)
    encoding = rng.choice(("utf-8", "utf-8-sig", "gb18030")) if pen.on("encoding") else "utf-8"
    raw = text.encode(encoding)
    if encoding == "gb18030" and _reads_as_utf8(raw) and not raw.isascii():
        raw = text.encode("utf-8")  # nobody could tell which was meant
    path.write_bytes(raw)


def _reads_as_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _write_xlsx(path: Path, pen: _Pen, columns: list[str], rows: list[Row]) -> None:
    import xlsxwriter  # type: ignore[import-untyped]  # only this form needs it

    rng = pen.rng
    cells: list[list[Any]] = [[_sheet_cell(pen, column, row.get(column, "")) for column in columns] for row in rows]
    header, cells = pen.with_extra(pen.header(columns), cells)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        looks = rng.choice(("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "yyyy/m/d", "m/d/yy"))
        day_format = book.add_format({"num_format": looks})
        for r, line in enumerate([header, *cells]):
            for c, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day_format)
                elif isinstance(cell, Fraction | float):
                    number = float(cell)
                    if pen.now("cells", 0.1):
                        sheet.write_formula(r, c, f"={number!r}+0", None, number)
                    else:
                        sheet.write_number(r, c, number)
                elif cell and r and pen.now("cells", 0.03) and cell.isalnum() and not cell.isnumeric():
                    sheet.write_formula(r, c, f'="{cell}"', None, cell)
                elif cell:
                    sheet.write_string(r, c, cell)
        if pen.now("extra", 0.5):
            book.add_worksheet("说明").write_string(0, 0, "只读第一张表")


def _sheet_cell(pen: _Pen, column: str, value: str) -> str | date | Fraction:
    """A cell for a worksheet: text, a true date, or a number (a placing typed as a number too)."""
    if value and column in DATES and pen.now("cells", 0.6):
        return date.fromisoformat(value)
    numeric = column in DECIMALS or column in WHOLE or (column == "place" and value.isdecimal())
    if value and numeric and pen.now("cells", 0.6):
        return Fraction(value)
    return pen.text(column, value)


def _write_parquet(path: Path, pen: _Pen, columns: list[str], rows: list[Row]) -> None:
    import duckdb  # only this form needs it

    types: dict[str, str] = {}
    lines: list[list[str | None]] = []
    for column in columns:
        if column in DATES:
            types[column] = "VARCHAR" if pen.now("cells", 0.4) else "DATE"
        elif column in DECIMALS:
            types[column] = "DOUBLE" if pen.now("cells", 0.5) else f"DECIMAL(6,{DECIMALS[column]})"
        elif column in WHOLE:
            types[column] = pen.rng.choice(("INTEGER", "BIGINT")) if pen.on("cells") else "INTEGER"
        else:
            types[column] = "VARCHAR"
    keep = DATES | set(DECIMALS) | WHOLE
    for column in columns:
        values = [row.get(column, "") for row in rows]
        spelt = values if column in keep else [pen.text(column, value) for value in values]
        lines.append([value or None for value in spelt])
    header, across = pen.with_extra(pen.header(columns), [list(line) for line in zip(*lines, strict=True)])
    names = dict(zip([name for name in header if name not in ("备注", "remark", "序号")], columns, strict=True))
    selected = ", ".join(
        f'unnest(${at + 1}::VARCHAR[])::{types.get(names.get(name, ""), "VARCHAR")} AS "{name}"'
        for at, name in enumerate(header)
    )
    down = [[line[at] for line in across] for at in range(len(header))]
    target = str(path).replace("'", "''")
    with duckdb.connect() as base:
        base.execute(f"CREATE TABLE written AS SELECT {selected}", down)
        base.execute(f"COPY written TO '{target}' (FORMAT parquet)")


WRITERS: dict[str, Callable[[Path, _Pen, list[str], list[Row]], None]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "parquet": _write_parquet,
}
