"""The synthetic city is valid, realistic and repeatable; checked on its files, without our own reader."""

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

import oracle
from kaohe.ledger.synthesis import Criterion, Summary, synthesise
from kaohe.ledger.synthesis_chance import Chance
from kaohe.ledger.tables import TABLES, Table
from kaohe.standard.files import read_standard

Rows = list[dict[str, str]]

CRITERIA = tuple(
    Criterion(c.id, c.title.zh, c.points, c.kind == "judged", tuple(check.title.zh for check in c.checklist))
    for c in read_standard("benxi-2010").standard.criteria
)
SQL_TYPES = {"day": "DATE", "hours": "DECIMAL(6,1)", "points": "DECIMAL(6,2)", "whole": "INTEGER"}


def read(folder: Path) -> dict[str, Rows]:
    """Every table of a folder of CSV files, by the csv module alone."""
    tables = {}
    for table in TABLES:
        with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            tables[table.name] = list(csv.DictReader(file))
    return tables


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return synthesise(tmp_path_factory.mktemp("default") / "city", criteria=CRITERIA)


@pytest.fixture(scope="module")
def city(summary: Summary) -> dict[str, Rows]:
    return read(summary.folder)


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cities in Parquet."""
    folder = tmp_path_factory.mktemp("two") / "cities"
    return synthesise(folder, criteria=CRITERIA, scale=2, form="parquet").folder


def bytes_of(folder: Path, seed: int) -> dict[str, bytes]:
    """The bytes of a city's files."""
    synthesise(folder, criteria=CRITERIA, seed=seed)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# --- repeatable


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(tmp_path: Path) -> None:
    first, again, other = bytes_of(tmp_path / "a", 7), bytes_of(tmp_path / "b", 7), bytes_of(tmp_path / "c", 8)

    assert first == again
    assert [name for name in first if name != "units.csv" and first[name] == other[name]] == []


def test_chance_is_the_same_on_every_machine_and_version() -> None:
    chance = Chance("2010/1")

    assert [chance.whole(1, 1000) for _ in range(6)] == [617, 130, 360, 818, 857, 80]  # from `hashlib` by hand
    assert chance.sample("甲乙丙丁戊", 9) != list("甲乙丙丁戊")


# --- valid


def test_files_have_the_tables_columns_in_utf_8_without_a_mark(summary: Summary) -> None:
    for table in TABLES:
        start = (summary.folder / f"{table.name}.csv").read_bytes().split(b"\n", 1)[0]
        assert start.decode() == ",".join(column.name for column in table.columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_summary_counts_the_rows(table: Table, summary: Summary, city: dict[str, Rows]) -> None:
    assert summary.rows[table.name] == len(city[table.name])


@pytest.mark.parametrize("table", [table for table in TABLES if table.key], ids=lambda table: table.name)
def test_keys_are_unique(table: Table, city: dict[str, Rows]) -> None:
    keys = Counter(tuple(row[column] for column in table.key) for row in city[table.name])

    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_cells_are_what_their_columns_hold(table: Table, city: dict[str, Rows]) -> None:
    known = {"units": {row["code"] for row in city["units"]}} | {
        name: {row["id"] for row in city[name]} for name in ("people", "activities")
    }
    for column in table.columns:
        values = {row[column.name] for row in city[table.name]}
        assert column.empty or "" not in values
        values.discard("")
        if column.references:
            assert values <= known[column.references]
        if column.choices:
            assert values <= set(column.choices)
        if column.kind == "group":
            assert values == {"county", "department"}
        if column.kind == "day":
            assert all(date.fromisoformat(value) for value in values)
        if column.kind in ("hours", "points", "whole"):
            places = {"hours": 1, "points": 2, "whole": 0}[column.kind]
            assert all(Decimal(v) >= 0 and -int(Decimal(v).as_tuple().exponent) <= places for v in values)


def test_dates_are_in_order(city: dict[str, Rows]) -> None:
    assert [p for p in city["people"] if p["joined"] and p["departed"] and p["joined"] > p["departed"]] == []
    assert [a for a in city["activities"] if a["starts_on"] > a["ends_on"]] == []


def test_quotas_belong_to_classes_and_classes_have_hours(city: dict[str, Rows]) -> None:
    classes = {row["id"]: row for row in city["activities"] if row["form"] == "class"}

    assert {row["activity"] for row in city["quotas"]} == set(classes)
    assert all(Decimal(row["hours"]) > 0 for row in classes.values())


def test_who_is_absent_has_no_hours(city: dict[str, Rows]) -> None:
    absences = [row for row in city["attendance"] if row["status"] == "absent"]

    assert absences
    assert {row["hours"] for row in absences} <= {"", "0"}


def test_a_contest_has_one_kind_level_and_date(city: dict[str, Rows]) -> None:
    meanings = defaultdict(set)
    for row in city["contests"]:
        meanings[row["contest"]].add((row["kind"], row["level"], row["held_on"]))

    assert {len(found) for found in meanings.values()} == {1}
    assert {row["level"] for row in city["contests"]} == {"unit", "city", "city_final", "province"}


def test_every_unit_scores_itself_on_every_judged_criterion(city: dict[str, Rows]) -> None:
    selves = {(row["unit"], row["criterion"]) for row in city["judgements"] if row["stage"] == "self"}

    assert {(unit["code"], c.id) for unit in city["units"] for c in CRITERIA if c.judged} <= selves


def test_points_keep_to_the_maximum_and_reasons_stand_where_they_are_owed(city: dict[str, Rows]) -> None:
    criteria = {criterion.id: criterion for criterion in CRITERIA}
    for row in city["judgements"]:
        criterion, points = criteria[row["criterion"]], Decimal(row["points"])
        assert 0 <= points <= criterion.points
        assert points % criterion.step == 0
        if row["stage"] != "self" and (points < criterion.points or not criterion.judged):
            assert row["reason"]
    overridden = {row["stage"] for row in city["judgements"] if not criteria[row["criterion"]].judged}
    assert overridden == {"self", "inspection"}


# --- realistic


def test_46_units_in_the_official_order(city: dict[str, Rows]) -> None:
    codes = [row["code"] for row in city["units"]]

    assert codes == ["210502", "210503", "210504", "210505", "210521", "210522"] + [f"D{i:02d}" for i in range(1, 41)]
    assert [row["name"] for row in city["units"]][5:7] == ["桓仁满族自治县", "市政府办公厅"]


def test_6000_persons_were_staff_on_some_day_of_the_year(summary: Summary, city: dict[str, Rows]) -> None:
    """A person is a row of `people`; a mover's two rows (same name, one leaves when the other joins) are one person."""
    on_some_day = [
        row for row in city["people"] if row["joined"] <= "2010-12-31" and (row["departed"] or "9999") > "2010-01-01"
    ]
    left = Counter((row["name"], row["departed"]) for row in on_some_day if row["departed"])
    came = Counter((row["name"], row["joined"]) for row in on_some_day if row["joined"])
    movers = sum((left & came).values())

    assert len(on_some_day) - movers == 6000 == summary.persons
    assert movers > 20


def test_sizes_are_very_uneven(city: dict[str, Rows]) -> None:
    sizes = Counter(row["unit"] for row in city["people"])

    assert min(sizes.values()) < 20
    assert max(sizes.values()) > 500


def test_names_have_the_frequent_surnames_and_a_few_rare_characters(city: dict[str, Rows]) -> None:
    names = [row["name"] for row in city["people"]]
    surnames = Counter(name[0] for name in names)

    assert {surname for surname, _ in surnames.most_common(4)} == set("王李张刘")
    assert {len(name) for name in names} >= {2, 3}
    assert all(any(rare in name for name in names) for rare in "喆堃翀")


def test_about_a_quarter_of_a_million_attendances_of_people_in_post(city: dict[str, Rows]) -> None:
    people = {row["id"]: row for row in city["people"]}
    days = {row["id"]: row["ends_on"] for row in city["activities"] if row["form"] in ("half_day", "lecture")}
    wrong = [
        row
        for row in city["attendance"]
        if (day := days.get(row["activity"]))
        and not people[row["person"]]["joined"] <= day < (people[row["person"]]["departed"] or "9999")
    ]

    assert 220_000 < len(city["attendance"]) < 280_000
    assert wrong == []


def test_nobody_trains_at_spring_festival_and_the_export_ends_early_in_december(city: dict[str, Rows]) -> None:
    half_days = {row["ends_on"] for row in city["activities"] if row["form"] == "half_day"}

    assert {date.fromisoformat(day).weekday() for day in half_days} == {3, 4}
    for first, last in (("2010-02-10", "2010-02-23"), ("2010-10-01", "2010-10-07")):
        assert [day for day in half_days if first <= day <= last] == []
    assert max(row["ends_on"] for row in city["activities"] if row["form"] == "online") == "2010-12-05"


@pytest.mark.parametrize(("form", "asked"), [("half_day", 30), ("online", 40)])
def test_the_minimum_hours_split_the_staff(form: str, asked: int, city: dict[str, Rows]) -> None:
    planned = {row["id"]: Decimal(row["hours"]) for row in city["activities"] if row["form"] == form}
    hours: dict[str, Decimal] = defaultdict(Decimal)
    for row in city["attendance"]:
        if row["status"] == "present" and row["activity"] in planned:
            hours[row["person"]] += Decimal(row["hours"]) if row["hours"] else planned[row["activity"]]
    reached = sum(spent >= asked for spent in hours.values())

    assert 0.5 < reached / 6000 < 0.9
    assert sum(spent == asked for spent in hours.values()) > 20


def results(city: dict[str, Rows]) -> list[dict[str, Any]]:
    """The annual results of the second witness; it is slow, so each unit sees only its own people's attendance."""
    tidy = oracle.comparable(city)
    unit_of = {row["id"]: row["unit"] for row in tidy["people"]}
    attendance: dict[str, Rows] = defaultdict(list)
    for row in tidy["attendance"]:
        attendance[unit_of[row["person"]]].append(row)
    given: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for row in tidy["judgements"]:
        given[row["unit"]][row["criterion"]][row["stage"]] = oracle.number(row["points"])
    return [
        oracle.unit_result(
            unit,
            oracle.unit_metrics({**tidy, "attendance": attendance[unit["code"]]}, unit["code"], "annual", 2010),
            given[unit["code"]],
        )
        for unit in tidy["units"]
    ]


def test_all_units_are_scored_and_all_three_bands_occur(city: dict[str, Rows]) -> None:
    units = results(city)

    assert [unit["code"] for unit in units if unit["unscored"]] == []
    assert Counter(unit["band"] for unit in units) == {"full": 15, "basic": 27, "failed": 4}
    assert sum(bool(unit["verified"]) for unit in units) == 13
    assert len({unit["total"] for unit in units}) < 46  # a tie


# --- the other formats, and more cities


def ask(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as base:
        return base.execute(query).fetchall()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_is_typed(table: Table, parquet: Path) -> None:
    described = ask(f"DESCRIBE FROM '{parquet}/{table.name}.parquet'")

    assert [row[:2] for row in described] == [(c.name, SQL_TYPES.get(c.kind, "VARCHAR")) for c in table.columns]


def test_parquet_attendance_is_strictly_sorted_over_the_whole_file(parquet: Path) -> None:
    keys = ask(f"SELECT activity, person FROM '{parquet}/attendance.parquet'")

    assert all(before < after for before, after in pairwise(keys))
    assert {activity[:4] for activity, _ in keys} == {"C01-", "C02-"}


def test_parquet_row_groups_have_the_usual_size(parquet: Path) -> None:
    groups = f"parquet_metadata('{parquet}/attendance.parquet')"
    sizes = ask(f"SELECT DISTINCT row_group_id, row_group_num_rows FROM {groups} ORDER BY 1")

    assert all(110_000 < size < 135_000 for _, size in sizes[:-1])


def test_scale_2_doubles_units_and_persons_who_are_all_distinct(parquet: Path) -> None:
    def count(what: str, table: str) -> int:
        return int(ask(f"SELECT count(DISTINCT {what}) FROM '{parquet}/{table}.parquet'")[0][0])

    assert count("code", "units") == 92
    assert count("name", "units") == 92
    assert count("id", "people") >= 12_000
    assert count("(activity, person)", "attendance") > 440_000


def test_xlsx_has_chinese_headers_and_true_dates_and_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe.ledger.synthesis_calendar._LAST_HALF_DAY", "01-09")  # a short year, for speed
    folder = synthesise(tmp_path / "city", criteria=CRITERIA, form="xlsx").folder

    activities = first_sheet(folder, "activities")
    assert [cell.value for cell in activities[1]][2:] == ["形式", "名称", "开始日期", "结束日期", "计划学时"]
    form, _, starts_on, _, hours = (activities.cell(2, at) for at in range(3, 8))
    assert (form.value, starts_on.is_date, hours.data_type) == ("集中训练", True, "n")
    assert [cell.value for cell in first_sheet(folder, "units")[2]] == ["210502", "平山区", "县区"]


def first_sheet(folder: Path, table: str) -> Any:
    from openpyxl import load_workbook

    return load_workbook(folder / f"{table}.xlsx").worksheets[0]


# --- whole or not at all


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(FileExistsError, match="not empty"):
        synthesise(tmp_path, criteria=CRITERIA)
    assert (tmp_path / "units.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_nothing_remains_when_it_fails_half_way(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(done: int, of: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kaohe.ledger.synthesis_calendar._LAST_HALF_DAY", "01-09")
    with pytest.raises(KeyboardInterrupt):
        synthesise(tmp_path / "deep" / "city", criteria=CRITERIA, form=form, progress=fail)  # type: ignore[arg-type]
    assert list((tmp_path / "deep").iterdir()) == []


@pytest.mark.parametrize(("scale", "form"), [(0, "csv"), (1000, "parquet"), (4, "xlsx")])
def test_an_impossible_scale_is_refused(scale: int, form: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"scale {scale}"):
        synthesise(tmp_path / "city", criteria=(), scale=scale, form=form)  # type: ignore[arg-type]


def test_without_criteria_there_are_no_judgements_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    summary = synthesise(tmp_path, criteria=(), progress=lambda done, of: told.append((done, of)), year=2035)

    assert summary.rows["judgements"] == 0
    assert told == [(1, 1)]
    assert {row["ends_on"][:4] for row in read(summary.folder)["activities"]} == {"2035"}
