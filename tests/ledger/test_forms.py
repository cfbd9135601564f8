"""One table, or a few, read on their own: the same rules, and references to what exists elsewhere."""

from collections.abc import Collection
from pathlib import Path

import pytest

from kaohe.ledger.faultbook import FaultBook
from kaohe.ledger.reading import loading, open_ledger
from kaohe.ledger.tables import BY_NAME, CITY, TABLES, Form, Table
from tests.folders import TABLES as CITY_LINES
from tests.ledger.one_table import KNOWN, TERMS, found, put, read, refused

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@each_table
@pytest.mark.parametrize("form", ["csv", "xlsx", "gb18030", "parquet"])
def test_one_table_is_read_alone_where_its_references_are_known(tmp_path: Path, table: Table, form: str) -> None:
    folder = put(tmp_path / "one", table.name, CITY_LINES[table.name], form=form)

    with open_ledger(folder, TERMS, form=Form((table,), KNOWN)) as ledger:
        assert len(read(ledger, table.name)) == len(CITY_LINES[table.name]) - 1
        assert list(ledger.files) == [table.name]
        assert len(ledger.units) == (2 if table.name == "units" else 0)
        assert len(ledger.judgements) == (14 if table.name == "judgements" else 0)


@each_table
def test_one_table_gives_the_same_records_as_in_its_city(tmp_path: Path, table: Table) -> None:
    for name, lines in CITY_LINES.items():
        put(tmp_path / "city", name, lines)
    put(tmp_path / "one", table.name, CITY_LINES[table.name])

    with (
        open_ledger(tmp_path / "city", TERMS) as city,
        open_ledger(tmp_path / "one", TERMS, form=Form((table,), KNOWN)) as one,
    ):
        assert read(one, table.name) == read(city, table.name)


@pytest.mark.parametrize(
    ("table", "column"),
    [(table.name, column.name) for table in TABLES for column in table.columns if column.references],
)
def test_a_reference_to_no_known_key_is_a_fault_at_its_cell(tmp_path: Path, table: str, column: str) -> None:
    heads = CITY_LINES[table][0].split(",")
    cells = CITY_LINES[table][-1].split(",")
    cells[heads.index(column)] = "X9"
    folder = put(tmp_path / "one", table, [*CITY_LINES[table][:-1], ",".join(cells)])

    faults = refused(folder, Form((BY_NAME[table],), KNOWN))

    assert found(faults) == [("reference_dangling", len(CITY_LINES[table]), column, "X9")]


@pytest.mark.parametrize("known", ["U01", "Ｕ０１", " U01　", "Ｕ01 "])
@pytest.mark.parametrize("written", ["U01", "Ｕ０１", " U01　", "Ｕ01 "])
@pytest.mark.parametrize("form", ["csv", "xlsx", "gb18030"])
def test_a_known_key_and_a_reference_are_compared_in_every_spelling(
    tmp_path: Path, known: str, written: str, form: str
) -> None:
    folder = put(tmp_path / "one", "people", ["人员编号,姓名,单位代码", f"P1,张三,{written}"], form=form)

    with open_ledger(folder, TERMS, form=Form((BY_NAME["people"],), {"units": [known]})) as ledger:
        assert [row["unit"] for _, row in read(ledger, "people")] == ["U01"]


def test_case_and_leading_zeros_tell_known_keys_apart(tmp_path: Path) -> None:
    folder = put(tmp_path / "one", "people", ["id,name,unit", "P1,甲,u01", "P2,乙,7"])

    faults = refused(folder, Form((BY_NAME["people"],), {"units": ["U01", "007"]}))

    assert [fault.found for fault in faults.listed] == ["u01", "7"]


def test_keys_in_the_folder_and_known_ones_both_count(tmp_path: Path) -> None:
    folder = put(tmp_path / "two", "units", CITY_LINES["units"])
    put(folder, "people", ["id,name,unit", "P1,甲,U01", "P2,乙,U07", "P3,丙,U08"])

    faults = refused(folder, CITY.knowing({"units": {"U07"}}))

    assert found(faults) == [("reference_dangling", 4, "unit", "U08")]


def test_known_keys_do_not_tell_the_echoes_of_a_file_that_could_not_be_read(tmp_path: Path) -> None:
    folder = put(tmp_path / "two", "units", ["code,name", "U01,甲"])
    put(folder, "people", ["id,name,unit", "P1,甲,U01"])

    faults = refused(folder, CITY.knowing({"units": {"U07"}}))

    assert found(faults) == [("column_missing", 1, "peer_group", None)]


@pytest.mark.parametrize("known", [{}, {"units": ()}])
def test_nothing_known_of_a_table_outside_the_form_lets_every_reference_dangle(
    tmp_path: Path, known: dict[str, Collection[str]]
) -> None:
    folder = put(tmp_path / "one", "people", ["id,name,unit", "P1,甲,U01"])

    assert found(refused(folder, Form((BY_NAME["people"],), known))) == [("reference_dangling", 2, "unit", "U01")]


def test_an_empty_reference_needs_no_key(tmp_path: Path) -> None:
    folder = put(tmp_path / "one", "activities", CITY_LINES["activities"][:2])

    with open_ledger(folder, TERMS, form=Form((BY_NAME["activities"],))) as ledger:
        assert ledger.rows("activities") == 1


def test_the_rules_of_rows_and_cells_hold_in_one_table(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "one", "people", ["id,name,unit,joined,departed", "P1,,U01,,", "P1,甲,U01,2010-02-01,2010-01-01"]
    )

    faults = refused(folder, Form((BY_NAME["people"],), KNOWN))

    assert sorted(code for code, *_ in found(faults)) == ["cell_empty", "joined_after_departed", "key_twice"]


def test_judgements_are_held_to_the_standard_where_the_form_has_them(tmp_path: Path) -> None:
    lines = ["unit,criterion,stage,points,judge,reason", "U01,A1,inspection,4,于宝成,"]
    folder = put(tmp_path / "one", "judgements", lines)

    assert found(refused(folder, Form((BY_NAME["judgements"],), KNOWN))) == [("reason_below_full", 2, "reason", None)]


def test_a_quota_is_held_to_its_class_where_the_activities_are_in_the_folder(tmp_path: Path) -> None:
    folder = put(tmp_path / "two", "activities", CITY_LINES["activities"])
    put(folder, "quotas", ["activity,unit,seats", "A2,U01,1"])

    faults = refused(folder, Form((BY_NAME["activities"], BY_NAME["quotas"]), KNOWN))

    assert found(faults) == [("quota_not_class", 2, "activity", "A2")]


def test_a_file_that_is_not_of_the_form_is_told_and_not_read(tmp_path: Path) -> None:
    folder = put(tmp_path / "two", "people", CITY_LINES["people"])
    put(folder, "units", ["nonsense"])

    with open_ledger(folder, TERMS, form=Form((BY_NAME["people"],), KNOWN)) as ledger:
        assert [(note.code, note.place.file) for note in ledger.notes] == [("file_ignored", "units.csv")]


@pytest.mark.parametrize(("name", "code"), [("units", "table_missing"), ("quotas", None)])
def test_a_table_is_missing_only_where_the_form_requires_it(tmp_path: Path, name: str, code: str | None) -> None:
    (tmp_path / "none").mkdir()
    form = Form((BY_NAME[name],))

    if code:
        assert [fault.code for fault in refused(tmp_path / "none", form).listed] == [code]
    else:
        with open_ledger(tmp_path / "none", TERMS, form=form) as ledger:
            assert read(ledger, name) == []


def test_a_folder_without_any_table_misses_the_two_that_a_city_needs(tmp_path: Path) -> None:
    assert [(f.code, f.place.file) for f in refused(tmp_path, CITY).listed] == [
        ("table_missing", "units.csv"),
        ("table_missing", "people.csv"),
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'id,name,unit\nP1,"x,U01\n'])
def test_the_only_file_may_be_no_table_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "people.csv").write_bytes(content)

    faults = refused(tmp_path, Form((BY_NAME["people"],), KNOWN))

    assert len(faults) == 1


def test_faults_come_in_the_order_of_the_form(tmp_path: Path) -> None:
    put(tmp_path, "units", ["code,name,peer_group", "U01,,county"])
    put(tmp_path, "people", ["id,name,unit", "P1,,U01"])

    faults = refused(tmp_path, Form((BY_NAME["people"], BY_NAME["units"])))

    assert [fault.place.file for fault in faults.listed] == ["people.csv", "units.csv"]
    assert not FaultBook()


def test_a_hundred_thousand_known_keys_are_looked_up(tmp_path: Path) -> None:
    put(tmp_path, "appraisals", ["person,tested_on,result", "P99999,2010-01-01,合格", "P100000,2010-01-01,合格"])

    faults = refused(tmp_path, Form((BY_NAME["appraisals"],), {"people": [f"P{n}" for n in range(100_000)]}))

    assert found(faults) == [("reference_dangling", 3, "person", "P100000")]


def test_a_form_knows_its_tables_and_what_they_refer_to() -> None:
    form = Form((BY_NAME["people"],))

    assert (form.has("people"), form.has("units")) == (True, False)
    assert form.table("units") is BY_NAME["units"]
    assert form.referred() == (BY_NAME["units"],)
    assert CITY.tables == TABLES
    with pytest.raises(KeyError):
        form.table("nothing")


def test_loading_takes_a_form_as_well(tmp_path: Path) -> None:
    put(tmp_path, "people", CITY_LINES["people"])

    with loading(tmp_path, form=Form((BY_NAME["people"],), KNOWN)) as begun:
        assert begun.ledger(TERMS).rows("people") == 3
