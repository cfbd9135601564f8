"""The second witness is itself examined: on the worked example, on spellings, and on what the random cities hold."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from oracle import CRITERIA, ENUMS, HEADERS, MISSING, NO_PLACING, assess, clean, exact_score, metrics, results
from random_city import ALL_SPELLINGS, OPTIONAL_COLUMNS, THEMES, City, random_city, write_city

EXAMPLES = Path(__file__).parents[1] / "data" / "examples"
KINDS = ("annual", "half_year")
KEY_COLUMNS = {
    "units": ("code",), "people": ("id",), "activities": ("id",), "attendance": ("activity", "person"),
    "quotas": ("activity", "unit"), "contests": ("contest", "person"), "supplies": ("unit", "item"),
    "judgements": ("unit", "criterion", "stage"),
}  # fmt: skip
MAY_BE_EMPTY = {
    ("activities", "unit"), ("attendance", "hours"), ("judgements", "reason"),
    ("people", "joined"), ("people", "departed"), ("contests", "place"), ("judgements", "evidence"),
}  # fmt: skip
# Cities out of 300 in which each feature has to be found.
WANTED = {
    "one unit": 10, "nine units": 10, "both groups": 150, "one group only": 20,
    "a unit with nobody on its list": 60, "a unit whose people are all gone": 30,
    "totals that tie": 60, "a tie inside a group": 40, "ranks skip after a tie": 40,
    "joined on 2010-06-30": 20, "joined on 2010-07-01": 20, "joined on 2010-12-31": 20, "joined on 2011-01-01": 20,
    "departed on 2010-06-30": 20, "departed on 2010-07-01": 20, "departed on 2010-12-31": 20,
    "departed on 2011-01-01": 20, "a former person's records": 50,
    "exactly a tenth missed": 80, "just over a tenth missed": 80, "leave with hours": 80, "leave without hours": 80,
    "absent from a class": 50, "textbooks at exactly 80": 30, "textbooks at exactly 70": 10,
    "textbooks at exactly 60": 10, "textbooks at exactly 30": 10, "textbooks just below 80": 10,
    "textbooks just below 70": 8, "textbooks just below 60": 8, "textbooks just below 30": 8,
    "textbooks just above 80": 15, "textbooks just above 30": 8, "textbooks above 1": 40,
    "textbooks planned 0": 30, "no textbook row": 60, "no handbook row": 60, "received 0": 60,
    "30 hours of study": 60, "29.9 hours of study": 60, "15 hours of study": 40, "14.9 hours of study": 40,
    "40 hours online": 60, "39.9 hours online": 60, "20 hours online": 40, "19.9 hours online": 40,
    "a thousand people": 8, "the whole is kept from the full points": 5, "half a hundredth rounded up": 40,
    "rounding lifts a total over a band": 2, "a scaled base": 80,
    "not applicable B5": 50, "not applicable C1": 50, "not applicable C2": 50, "not applicable D1": 20,
    "empty hours": 150, "hours above the plan": 80,
    "override of a figure": 100, "override of an absent metric": 30, "override of a missing metric": 20,
    "a review over an inspection": 100, "a self judgement on a measured criterion": 150,
    "every unit scored": 100, "some unit unscored": 80, "unscored though D1 is there": 30, "an unverified unit": 80,
    "total over 100": 15, "total 120.00": 5, "band full": 60, "band basic": 60, "band failed": 60,
    "total 90.00": 5, "total 89.99": 3, "total 60.00": 5, "total 59.99": 3, "bonus 10.00": 30, "bonus 20.00": 30,
    "straddles the end of June": 60, "straddles New Year": 60, "begins before the year": 60,
    "a class with a quota": 150, "trainees without a quota": 80, "a quota of no seats": 80, "only quotas of no seats": 20,
    "more sent than seats": 60, "fewer sent than seats": 100,
    "writing at city": 40, "speech at city_final": 40, "other at city": 30, "other at province": 40,
    "writing at unit": 10, "place ''": 30, "place 无": 30, "place 0": 30, "place -": 30, "place —": 30, "place 1": 30,
    "place 二等奖": 30, "code-point order is not numeric order": 40, "a Chinese unit code": 30,
    "no judgements file": 5, "no supplies file": 5, "no activities file": 8, "no quotas file": 8, "no contests file": 8,
    "an empty quotas file": 5, "an empty bulletins file": 5,
    "no joined column": 30, "no departed column": 30, "no place column": 20, "no evidence column": 30,
    "no points lost and no reason": 80, "several appraisals of one person": 80,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_oracle_reproduces_the_worked_example(kind: str) -> None:
    expected = (EXAMPLES / f"small-city.{kind}.json").read_text(encoding="utf-8")

    found = results(EXAMPLES / "small-city", kind, 2010)

    assert found == json.loads(expected)
    assert json.dumps(found) == json.dumps(json.loads(expected))  # the order of the keys too


@pytest.mark.parametrize("seed", range(48))
def test_result_does_not_depend_on_the_spelling(seed: int, tmp_path: Path) -> None:
    city = random_city(random.Random(seed))
    write_city(city, tmp_path / "plain")
    write_city(city, tmp_path / "varied", random.Random(seed), spelling=ALL_SPELLINGS)

    for kind in KINDS:
        plain = results(tmp_path / "plain", kind, city.year)
        assert plain == assess(city.tables(), kind, city.year)
        assert results(tmp_path / "varied", kind, city.year) == plain


def test_the_same_seed_gives_the_same_city() -> None:
    assert random_city(random.Random(7)) == random_city(random.Random(7))


@pytest.mark.parametrize("theme", THEMES)
def test_every_city_keeps_the_rules_of_the_data_format(theme: str) -> None:
    for seed in range(6 if theme == "thousand" else 30):
        assert list(faults(random_city(random.Random(seed), theme))) == []


def test_drawn_cities_keep_the_rules_of_the_data_format() -> None:
    assert [(seed, fault) for seed in range(300) for fault in faults(drawn(seed))] == []


def test_every_feature_occurs_over_300_seeds() -> None:
    counts = Counter(feature for seed in range(300) for feature in features(drawn(seed)))

    rare = {feature: counts[feature] for feature, least in WANTED.items() if counts[feature] < least}

    assert rare == {}


@pytest.mark.parametrize("form", ["xlsx", "parquet", "mixed"])
def test_other_forms_are_written(form: str, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("duckdb")
    for seed in range(4):
        city = random_city(random.Random(seed), "plain")
        write_city(city, tmp_path / str(seed), random.Random(seed), form=form)
        write_city(city, tmp_path / f"plain {seed}", form=form)
        assert {path.stem for path in (tmp_path / f"plain {seed}").iterdir()} == set(city.tables())


@cache
def drawn(seed: int) -> City:
    """The city of one seed, made once."""
    return random_city(random.Random(seed))


# --- the rules of data-format.md that a valid folder keeps ---------------------------------------------------------


def faults(city: City) -> Iterator[str]:
    """Every broken rule, as a sentence; nothing for a valid city."""
    tables = city.tables()
    rows = {table: tables.get(table, []) for table in HEADERS}
    if not rows["units"] or not rows["people"]:
        yield "units and people need a row"
    for table, columns in HEADERS.items():
        keys = [tuple(clean(row[column]) for column in KEY_COLUMNS.get(table, ())) for row in rows[table]]
        if table in KEY_COLUMNS and len(set(keys)) < len(keys):
            yield f"{table}: a key occurs twice"
        for row in rows[table]:
            for column in columns:
                if column not in row and column not in OPTIONAL_COLUMNS.get(table, ()):
                    yield f"{table}: no {column}"
                if not row.get(column, "").strip() and (table, column) not in MAY_BE_EMPTY:
                    yield f"{table}.{column} is empty"
                if (table, column) in ENUMS and row[column] not in ENUMS[table, column]:
                    yield f"{table}.{column} is {row[column]}"
    yield from dangling(rows)
    yield from broken_rows(rows)


def dangling(rows: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    """References to what is not there."""
    known = {
        "unit": {row["code"] for row in rows["units"]} | {""},
        "person": {row["id"] for row in rows["people"]},
        "activity": {row["id"] for row in rows["activities"]},
        "criterion": set(CRITERIA),
    }
    for table, lines in rows.items():
        for row in lines:
            for column in known.keys() & row.keys():
                if row[column] not in known[column]:
                    yield f"{table}.{column} {row[column]} is not known"


def broken_rows(rows: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    """Rules about several cells of a row."""
    form = {row["id"]: row["form"] for row in rows["activities"]}
    contests: dict[str, tuple[str, str, str]] = {}
    for row in rows["people"]:
        if row.get("joined") and row.get("departed") and row["joined"] > row["departed"]:
            yield f"{row['id']} joined after departing"
    for row in rows["activities"]:
        if row["starts_on"] > row["ends_on"] or (row["form"] == "class" and not Fraction(row["hours"])):
            yield f"{row['id']} has wrong days or hours"
    for row in rows["attendance"]:
        if row["status"] == "absent" and Fraction(row["hours"] or 0):
            yield f"{row['person']} is absent with hours"
    for row in rows["quotas"]:
        if form[row["activity"]] != "class":
            yield f"a quota on {row['activity']}"
    for row in rows["contests"]:
        settled = row["kind"], row["level"], row["held_on"]
        if contests.setdefault(row["contest"], settled) != settled:
            yield f"{row['contest']} is two contests"
    for row in rows["judgements"]:
        most, metric = CRITERIA[row["criterion"]]
        owed = row["stage"] != "self" and (metric is not None or Fraction(row["points"]) < most)
        if not 0 <= Fraction(row["points"]) <= most or (owed and not row["reason"]):
            yield f"{row} has wrong points or no reason"
    for table, column, places in (("activities", "hours", 1), ("attendance", "hours", 1), ("judgements", "points", 2)):
        for row in rows[table]:
            if row[column] and (Fraction(row[column]) < 0 or len(row[column].partition(".")[2]) > places):
                yield f"{table}.{column} is {row[column]}"
    for row in [*rows["supplies"], *rows["quotas"]]:
        yield from (
            f"{row} is not whole" for c in ("planned", "received", "seats") if c in row and not row[c].isdecimal()
        )


# --- what a city holds ---------------------------------------------------------------------------------------------


def features(city: City) -> set[str]:
    """The named features of a city, each once."""
    found = set(table_features(city)) | set(attendance_features(city)) | set(judgement_features(city))
    for kind in KINDS:
        found |= set(result_features(city, kind))
    return found


def table_features(city: City) -> Iterator[str]:
    tables = city.tables()
    codes = [row["code"] for row in city.units]
    yield {1: "one unit", 9: "nine units"}.get(len(codes), "")
    yield "both groups" if len({row["peer_group"] for row in city.units}) == 2 else "one group only"
    if {row["code"] for row in city.units} - {row["unit"] for row in city.people}:
        yield "a unit with nobody on its list"
    ordered = sorted(clean(code) for code in codes)
    digits = [int(code[1:]) for code in ordered if code[1:].isdecimal()]
    if digits != sorted(digits):
        yield "code-point order is not numeric order"
    if any(code[0] >= "一" and code[0] < "鿿" for code in codes):
        yield "a Chinese unit code"
    yield from (f"no {table} file" for table in HEADERS if table not in tables)
    yield from (f"an empty {table} file" for table, rows in tables.items() if not rows)
    for table, columns in OPTIONAL_COLUMNS.items():
        rows = tables.get(table) or []
        yield from (f"no {column} column" for column in columns if rows and column not in rows[0])
    for row in city.people:
        yield from (f"{column} on {row[column]}" for column in ("joined", "departed") if row.get(column))
    if max(Counter(row["unit"] for row in city.people).values()) == 1000:
        yield "a thousand people"
    for row in city.activities or []:
        if row["starts_on"] <= "2010-06-30" < row["ends_on"]:
            yield "straddles the end of June"
        if row["starts_on"] <= "2010-12-31" < row["ends_on"]:
            yield "straddles New Year"
        if row["starts_on"] < "2010-01-01" <= row["ends_on"]:
            yield "begins before the year"
    for row in city.contests or []:
        yield f"{row['kind']} at {row['level']}"
        yield f"place {row['place']}" if row.get("place") else "place ''"
    if any(count > 1 for count in Counter(row["person"] for row in city.appraisals or []).values()):
        yield "several appraisals of one person"
    yield from supply_features(city)


def supply_features(city: City) -> Iterator[str]:
    rows = {(row["unit"], row["item"]): row for row in city.supplies or []}
    for unit in city.units:
        for item in ("textbook", "handbook"):
            if (unit["code"], item) not in rows:
                yield f"no {item} row"
    for (_, item), row in rows.items():
        planned, received = int(row["planned"]), int(row["received"])
        if not received:
            yield "received 0"
        if item == "textbook" and not planned:
            yield "textbooks planned 0"
        if item == "textbook" and planned:
            rate = Fraction(received, planned)
            if rate > 1:
                yield "textbooks above 1"
            for step in (80, 70, 60, 30):
                gap = rate - Fraction(step, 100)
                if abs(gap) <= Fraction(1, 100):
                    yield f"textbooks {'just above' if gap > 0 else 'just below' if gap else 'at exactly'} {step}"


def attendance_features(city: City) -> Iterator[str]:
    activities = {row["id"]: row for row in city.activities or []}
    unit_of = {row["id"]: row["unit"] for row in city.people}
    departed = {row["id"]: row.get("departed") for row in city.people}
    seats = {(row["activity"], row["unit"]): int(row["seats"]) for row in city.quotas or []}
    sent: Counter[tuple[str, str]] = Counter()
    for row in city.attendance or []:
        activity = activities[row["activity"]]
        if not row["hours"]:
            yield "empty hours"
        elif Fraction(row["hours"]) > Fraction(activity["hours"]):
            yield "hours above the plan"
        if departed[row["person"]] and departed[row["person"]] <= activity["ends_on"]:  # type: ignore[operator]
            yield "a former person's records"
        if activity["form"] == "class":
            sent[row["activity"], unit_of[row["person"]]] += 1
            yield from trainee_features(row, Fraction(activity["hours"]))
    for place, count in sent.items():
        if place not in seats:
            yield "trainees without a quota"
        elif count > seats[place]:
            yield "more sent than seats"
    for place, count in seats.items():
        yield "a class with a quota" if count else "a quota of no seats"
        if sent[place] < count:
            yield "fewer sent than seats"
    for unit in {unit for _, unit in seats}:
        if not any(count for (_, whose), count in seats.items() if whose == unit):
            yield "only quotas of no seats"
    yield from hour_features(city, activities)


def trainee_features(row: dict[str, str], planned: Fraction) -> Iterator[str]:
    hours = Fraction(row["hours"]) if row["hours"] else planned if row["status"] == "present" else Fraction(0)
    if row["status"] == "absent":
        yield "absent from a class"
    elif planned - hours == planned / 10:
        yield "exactly a tenth missed"
    elif planned / 10 < planned - hours <= planned / 10 + Fraction(1, 10):
        yield "just over a tenth missed"
    if row["status"] == "leave":
        yield "leave with hours" if hours else "leave without hours"


def hour_features(city: City, activities: dict[str, dict[str, str]]) -> Iterator[str]:
    """Sums of hours around the minimum that applies in the round that they are summed for."""
    for end, decisive in (("2010-06-30", ("14.9", "15", "19.9", "20")), ("2010-12-31", ("29.9", "30", "39.9", "40"))):
        sums: dict[tuple[str, str], Fraction] = {}
        for row in city.attendance or []:
            activity = activities[row["activity"]]
            if row["status"] == "present" and "2010-01-01" <= activity["ends_on"] <= end:
                key = row["person"], activity["form"]
                sums[key] = sums.get(key, Fraction(0)) + Fraction(row["hours"] or activity["hours"])
        for (_, form), hours in sums.items():
            if form in ("half_day", "online"):
                where = "online" if form == "online" else "of study"
                yield from (f"{text} hours {where}" for text in decisive if hours == Fraction(text))


def judgement_features(city: City) -> Iterator[str]:
    stages: dict[tuple[str, str], set[str]] = {}
    for row in city.judgements or []:
        most, metric = CRITERIA[row["criterion"]]
        stages.setdefault((row["unit"], row["criterion"]), set()).add(row["stage"])
        if metric and row["stage"] == "self":
            yield "a self judgement on a measured criterion"
        if row["stage"] != "self" and not row["reason"] and Fraction(row["points"]) == most:
            yield "no points lost and no reason"
    if any({"inspection", "review"} <= seen for seen in stages.values()):
        yield "a review over an inspection"


def result_features(city: City, kind: str) -> Iterator[str]:
    figures = metrics(city.tables(), kind, city.year)
    units = assess(city.tables(), kind, city.year)["units"]
    yield "some unit unscored" if any(unit["unscored"] for unit in units) else "every unit scored"
    totals = Counter(unit["total"] for unit in units if unit["total"])
    ranks = sorted(unit["rank"] for unit in units if unit["rank"])
    if max(totals.values(), default=0) > 1:
        yield "totals that tie"
        if ranks[-1] > ranks.count(1) and len(set(ranks)) < ranks[-1]:
            yield "ranks skip after a tie"
    if any(count > 1 for count in Counter((u["peer_group"], u["total"]) for u in units if u["total"]).values()):
        yield "a tie inside a group"
    listed = {clean(row["unit"]) for row in city.people}
    for unit in units:
        if unit["code"] in listed and not unit["headcount"]:
            yield "a unit whose people are all gone"
        if not unit["verified"]:
            yield "an unverified unit"
        if unit["unscored"] and "D1" not in unit["unscored"]:
            yield "unscored though D1 is there"
        yield from (f"not applicable {criterion}" for criterion in unit["not_applicable"])
        yield from unit_features(unit, figures[unit["code"]])


def unit_features(unit: dict, figures: dict) -> Iterator[str]:  # type: ignore[type-arg]
    exact_sum = Fraction(0)
    for row in unit["criteria"]:
        metric = CRITERIA[row["id"]][1]
        exact = exact_score(row["id"], figures)
        if metric and row["source"] in ("inspection", "review"):
            value = figures[metric]
            state = "a missing metric" if value == MISSING else "an absent metric" if value is None else "a figure"
            yield f"override of {state}"
        if row["source"] == "ledger" and exact is not None:
            exact_sum += exact
            if exact * 200 % 2 == 1:
                yield "half a hundredth rounded up"
            if exact < Fraction(row["points"]) and exact > Fraction(row["points"]) - Fraction(1, 200):
                yield "the whole is kept from the full points"
        elif row["score"]:
            exact_sum += Fraction(row["score"])
    if unit["total"] is None:
        return
    total = Fraction(unit["total"])
    if unit["not_applicable"]:
        yield "a scaled base"
    elif any(exact_sum + Fraction(unit["bonus"]) < edge <= total for edge in (60, 90)):
        yield "rounding lifts a total over a band"
    if total > 100:
        yield "total over 100"
    yield f"band {unit['band']}"
    yield f"total {unit['total']}"
    yield f"bonus {unit['bonus']}"


def test_placings_of_every_spelling_are_told_apart() -> None:
    assert {clean(text) for text in ("无", "０", " - ", "　", "—", "－")} == NO_PLACING
