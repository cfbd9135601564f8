"""Units and people with the columns of the organisation: each rule at its cell, and what is none of its business."""

from pathlib import Path

import pytest

from kaohe.documents.fault_wording import sentence
from kaohe.fault import Fault
from kaohe.ledger.organisation import ORGANISATION, ORGANISATION_PEOPLE, ORGANISATION_UNITS
from kaohe.ledger.reading import open_ledger
from kaohe.ledger.records import typed_rows
from kaohe.ledger.tables import BY_NAME, Form
from tests.folders import TABLES
from tests.ledger.one_table import TERMS, found, put, read, refused

UNITS = "code,name,peer_group,parent,authority,valid_from,valid_to,successor,official_order"
OFFICE = "T00,市行政教育办,,,是,,,,0"


def units(folder: Path, *lines: str) -> Path:
    return put(folder, "units", [UNITS, OFFICE, *lines])


@pytest.mark.parametrize("form", ["csv", "xlsx", "gb18030"])
def test_the_whole_organisation_is_read_by_its_chinese_headers(tmp_path: Path, form: str) -> None:
    put(tmp_path, "units", [
        "单位代码,单位名称,类别,官方顺序,上级代码,是否主管机关,启用日期,停用日期,并入单位代码,责任处室,专人,分管领导,电话",
        "T00,市行政教育办,,1,,是,2009-01-01,,,综合处,王强,李伟,024-4200 0000",
        "007,甲局,部门,2,T00,否,2009年1月1日,2010/6/30,T00,,,,",
    ], form=form)  # fmt: skip
    put(tmp_path, "people", ["人员编号,姓名,单位代码,职务", "0001,张　三,007,科长"], form=form)

    with open_ledger(tmp_path, TERMS, form=ORGANISATION) as ledger:
        office, bureau = (row for _, row in read(ledger, "units"))
        person = read(ledger, "people")[0][1]

    assert (office["peer_group"], office["official_order"], office["authority"]) == (None, 1, "yes")
    assert (office["office"], office["officer"], office["leader"], office["phone"]) == (
        "综合处", "王强", "李伟", "024-4200 0000",
    )  # fmt: skip
    assert (bureau["code"], bureau["parent"], bureau["successor"], bureau["authority"]) == ("007", "T00", "T00", "no")
    assert (str(bureau["valid_from"]), str(bureau["valid_to"])) == ("2009-01-01", "2010-06-30")
    assert (person["name"], person["unit"], person["post"]) == ("张　三", "007", "科长")


def test_the_files_of_a_city_folder_are_an_organisation_too(tmp_path: Path) -> None:
    for table in ("units", "people"):
        put(tmp_path, table, TABLES[table])

    with open_ledger(tmp_path, TERMS, form=ORGANISATION) as ledger:
        assert (ledger.rows("units"), ledger.rows("people")) == (2, 3)
        assert [unit.peer_group for unit in ledger.units] == ["county", "department"]


def test_neither_table_is_required(tmp_path: Path) -> None:
    with open_ledger(tmp_path, TERMS, form=ORGANISATION) as ledger:
        assert ledger.units == ()


@pytest.mark.parametrize("table", ["units", "people"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_of_only_headers_is_empty(tmp_path: Path, table: str, form: str) -> None:
    put(tmp_path, table, TABLES[table][:1], form=form)

    assert [(f.code, f.place.file) for f in refused(tmp_path, ORGANISATION).listed] == [
        ("table_empty", f"{table}.{form}")
    ]


def test_people_alone_are_held_to_the_units_that_are_known(tmp_path: Path) -> None:
    put(tmp_path, "people", ["id,name,unit,post", "P1,甲,Ｕ０１,", "P2,乙,U09,"])

    faults = refused(tmp_path, ORGANISATION.knowing({"units": ["U01"]}))

    assert found(faults) == [("reference_dangling", 3, "unit", "U09")]


# --- a unit without a group


def test_an_authority_may_belong_to_no_group_and_may_have_one(tmp_path: Path) -> None:
    units(tmp_path, "T01,区行政教育办,county,T00,yes,,,,")

    with open_ledger(tmp_path, TERMS, form=ORGANISATION) as ledger:
        assert [unit.peer_group for unit in ledger.units] == ["", "county"]


@pytest.mark.parametrize("authority", ["", "否", "no", "　"])
@pytest.mark.parametrize("group", ["", "　"])
def test_any_other_unit_without_a_group_is_a_fault_at_that_cell(tmp_path: Path, authority: str, group: str) -> None:
    units(tmp_path, f"U01,甲,{group},,{authority},,,,")

    assert found(refused(tmp_path, ORGANISATION)) == [("group_missing", 3, "peer_group", group or None)]


def test_a_group_is_missing_where_the_file_has_no_column_of_authorities(tmp_path: Path) -> None:
    put(tmp_path, "units", ["单位代码,单位名称,类别", "U01,甲,"])

    assert found(refused(tmp_path, ORGANISATION)) == [("group_missing", 2, "类别", None)]


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [("U01,甲,nowhere,,,,,,", "group_unknown", "peer_group"), ("U01,甲,,,maybe,,,,", "choice_unknown", "authority")],
)
def test_a_cell_that_cannot_be_read_is_one_fault(tmp_path: Path, line: str, code: str, column: str) -> None:
    units(tmp_path, line)

    assert [(c, at) for c, _, at, _ in found(refused(tmp_path, ORGANISATION))] == [(code, column)]


def test_the_column_of_groups_must_be_there(tmp_path: Path) -> None:
    put(tmp_path, "units", ["code,name,authority", "U01,甲,yes"])

    assert found(refused(tmp_path, ORGANISATION)) == [("column_missing", 1, "peer_group", None)]


# --- the other rules


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("U01,甲,county,,,2010-07-01,2010-06-30,,", ("valid_from_after_valid_to", 3, "valid_from", "2010-07-01")),
        ("U01,甲,county,U01,,,,,", ("unit_own_parent", 3, "parent", "U01")),
        ("U01,甲,county,Ｕ０１,,,,,", ("unit_own_parent", 3, "parent", "Ｕ０１")),
        ("U01,甲,county,,,,,U01,", ("unit_own_successor", 3, "successor", "U01")),
        ("U01,甲,county,U09,,,,,", ("reference_dangling", 3, "parent", "U09")),
        ("U01,甲,county,,,,,U09,", ("reference_dangling", 3, "successor", "U09")),
        ("U01,甲,county,,,,,,1.5", ("number_not_whole", 3, "official_order", "1.5")),
        ("U01,甲,county,,,2010-13-01,,,", ("day_impossible", 3, "valid_from", "2010-13-01")),
        ("U01,甲,county,,对,,,,", ("choice_unknown", 3, "authority", "对")),
        ("T00,甲,county,,,,,,", ("key_twice", 3, "code", "T00")),
    ],
)
def test_a_bad_unit_is_named_at_its_cell(tmp_path: Path, line: str, expected: tuple[str, int, str, str | None]) -> None:
    units(tmp_path, line)

    assert found(refused(tmp_path, ORGANISATION)) == [expected]


def test_a_unit_may_be_valid_for_one_day_and_have_a_superior_that_is_known(tmp_path: Path) -> None:
    units(tmp_path, "U01,甲,county,T99,,2010-01-01,2010-01-01,T99,")

    with open_ledger(tmp_path, TERMS, form=ORGANISATION.knowing({"units": ["T99"]})) as ledger:
        assert ledger.rows("units") == 2


def chain(*pairs: str) -> list[str]:
    return [f"{code},某,county,{parent},,,,," for code, parent in (pair.split(">") for pair in pairs)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (["A>B", "B>A"], [(3, "B")]),
        (["X>A", "A>B", "B>C", "C>A", "Y>C"], [(4, "B")]),
        (["A>B", "B>A", "C>D", "D>E", "E>C"], [(3, "B"), (5, "D")]),
        (["A>Ｂ ", "B>A"], [(3, "Ｂ ")]),
        (["C>A", "B>A", "A>T00"], []),
    ],
)
def test_a_circle_of_superiors_is_named_once_at_its_first_row(
    tmp_path: Path, pairs: list[str], expected: list[tuple[int, str]]
) -> None:
    units(tmp_path, *chain(*pairs))

    if not expected:
        with open_ledger(tmp_path, TERMS, form=ORGANISATION) as ledger:
            assert ledger.rows("units") == 4
    else:
        assert found(refused(tmp_path, ORGANISATION)) == [("parent_circle", n, "parent", text) for n, text in expected]


def test_a_repeated_code_in_a_circle_ends(tmp_path: Path) -> None:
    units(tmp_path, *chain("A>B", "B>A", "A>B", "B>A"))

    codes = [code for code, *_ in found(refused(tmp_path, ORGANISATION))]

    assert sorted(codes) == ["key_twice", "key_twice", "parent_circle"]


@pytest.mark.parametrize("closed", [False, True])
def test_twenty_thousand_units_above_one_another_are_walked(tmp_path: Path, closed: bool) -> None:
    pairs = [f"N{n}>N{n + 1}" for n in range(19_999)]
    units(tmp_path, *chain(*pairs, f"N19999>{'N0' if closed else ''}"))

    if closed:
        assert found(refused(tmp_path, ORGANISATION)) == [("parent_circle", 3, "parent", "N1")]
    else:
        with open_ledger(tmp_path, TERMS, form=ORGANISATION) as ledger:
            assert ledger.rows("units") == 20_001


def test_a_circle_is_said_with_both_its_ends(tmp_path: Path) -> None:
    units(tmp_path, *chain("A>B", "B>A"))

    fault: Fault = refused(tmp_path, ORGANISATION).listed[0]

    assert sentence(fault, "zh") == (
        "units.csv 第3行“parent”列：从上级“B”逐级向上，又回到本单位 A；请更正其中一个单位的上级。"
    )
    assert sentence(fault, "en").endswith(
        'the superiors from "B" upwards lead back to the unit itself, A; correct the superior of one of these units.'
    )


def test_the_rules_go_with_the_table_into_any_form(tmp_path: Path) -> None:
    units(tmp_path, *chain("A>A"))

    assert [fault.code for fault in refused(tmp_path, Form((ORGANISATION_UNITS,))).listed] == ["unit_own_parent"]


def test_people_keep_their_rule_and_the_ten_tables_stay_as_they_are(tmp_path: Path) -> None:
    put(tmp_path, "people", ["id,name,unit,joined,departed,post", "P1,甲,U01,2010-02-01,2010-01-01,"])

    faults = refused(tmp_path, ORGANISATION.knowing({"units": ["U01"]}))

    assert [fault.code for fault in faults.listed] == ["joined_after_departed"]
    assert [column.name for column in BY_NAME["units"].columns] == ["code", "name", "peer_group"]
    assert BY_NAME["units"].required
    assert ORGANISATION_PEOPLE.columns[-1].optional


def test_a_city_ignores_the_columns_of_the_organisation(tmp_path: Path) -> None:
    put(tmp_path, "units", ["code,name,peer_group,parent", "U01,甲,county,U01"])
    put(tmp_path, "people", ["id,name,unit", "P1,甲,U01"])

    with open_ledger(tmp_path, TERMS) as ledger:
        assert [note.code for note in ledger.notes] == ["column_ignored"]
        assert list(typed_rows(ledger, "units")) == [(2, {"code": "U01", "name": "甲", "peer_group": "county"})]
