"""The records of a ledger as Python values: each kind of column, in the order and with the row of the file."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kaohe.ledger.reading import open_ledger
from kaohe.ledger.records import typed_rows
from kaohe.ledger.tables import BY_NAME, TABLES, Form, Table
from tests.folders import write
from tests.ledger.one_table import KNOWN, TERMS, put

EXPECTED: dict[str, tuple[int, dict[str, object]]] = {
    "units": (2, {"code": "U01", "name": "甲区", "peer_group": "county"}),
    "people": (3, {"id": "P2", "name": "李四", "unit": "U01", "joined": date(2009, 3, 1), "departed": None}),
    "activities": (3, {
        "id": "A2", "unit": "U01", "form": "half_day", "title": "每周半日",
        "starts_on": date(2010, 3, 4), "ends_on": date(2010, 3, 4), "minutes": 210,
    }),
    "attendance": (4, {"activity": "A2", "person": "P1", "status": "present", "minutes": None}),
    "quotas": (3, {"activity": "A1", "unit": "U02", "seats": 2}),
    "contests": (4, {
        "contest": "K2", "kind": "speech", "level": "city_final", "person": "P2",
        "held_on": date(2010, 9, 10), "place": None,
    }),
    "supplies": (2, {"unit": "U01", "item": "textbook", "planned": 10, "received": 8}),
    "appraisals": (2, {"person": "P1", "tested_on": date(2010, 6, 30), "result": "合格"}),
    "bulletins": (3, {"unit": "U02", "sent_on": date(2010, 7, 1), "kind": "problem", "title": "经费不足"}),
    "judgements": (3, {
        "unit": "U01", "criterion": "A2", "stage": "inspection", "points": Decimal("4.50"), "judge": "于宝成",
        "reason": "依据材料", "evidence": None,
    }),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_record_has_its_row_and_typed_values_by_column(tmp_path: Path, table: Table) -> None:
    with open_ledger(write(tmp_path / "city"), TERMS) as ledger:
        rows = list(typed_rows(ledger, table.name))

    row, values = EXPECTED[table.name]
    assert [n for n, _ in rows] == list(range(2, len(rows) + 2))
    assert dict(rows)[row] == values
    assert list(dict(rows)[row]) == list(values)


def test_texts_are_trimmed_and_kept_and_keys_are_normal(tmp_path: Path) -> None:
    lines = ["人员编号,姓名,单位代码,到岗日期", "Ｐ１　,　张　三 ,Ｕ０１,２０１０年5月18日", " ,,,", "P2,李１,U02,　"]
    put(tmp_path, "people", lines)

    with open_ledger(tmp_path, TERMS, form=Form((BY_NAME["people"],), KNOWN)) as ledger:
        assert list(typed_rows(ledger, "people")) == [
            (2, {"id": "P1", "name": "张　三", "unit": "U01", "joined": date(2010, 5, 18), "departed": None}),
            (4, {"id": "P2", "name": "李１", "unit": "U02", "joined": None, "departed": None}),
        ]


def test_empty_is_none_in_texts_and_in_columns_that_are_not_there(tmp_path: Path) -> None:
    lines = ["unit,criterion,stage,points,judge,reason", "U01,A1,inspection,5,于宝成,　"]
    put(tmp_path, "judgements", lines)

    with open_ledger(tmp_path, TERMS, form=Form((BY_NAME["judgements"],), KNOWN)) as ledger:
        values = next(typed_rows(ledger, "judgements"))[1]

    assert (values["reason"], values["evidence"], values["points"]) == (None, None, Decimal(5))


def test_records_come_in_the_order_of_a_file_in_many_spellings(tmp_path: Path) -> None:
    days = ["2010-05-18", "2010/5/18", "2010.5.18", "2010年5月18日"]
    lines = [f"Ｐ{n},某,U01,{days[n % 4]}" for n in range(25_000, 0, -1)]
    put(tmp_path, "people", ["id,name,unit,joined", *lines])

    with open_ledger(tmp_path, TERMS, form=Form((BY_NAME["people"],), KNOWN)) as ledger:
        rows = [(row, values["id"]) for row, values in typed_rows(ledger, "people")]

    assert rows == [(row, f"P{25_002 - row}") for row in range(2, 25_002)]


def test_the_first_record_of_parquet_is_row_one(tmp_path: Path) -> None:
    put(tmp_path, "quotas", ["activity,unit,seats", "A1,U01,3"], form="parquet")

    with open_ledger(tmp_path, TERMS, form=Form((BY_NAME["quotas"],), KNOWN)) as ledger:
        assert list(typed_rows(ledger, "quotas")) == [(1, {"activity": "A1", "unit": "U01", "seats": 3})]


@pytest.mark.parametrize("streamed_from", [0, 1_000_000])
def test_a_streamed_file_gives_the_same_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, streamed_from: int
) -> None:
    monkeypatch.setattr("kaohe.ledger.sources.STREAMED_FROM", streamed_from)
    lines = ["activity,person,status,hours", "A2,P2,出勤,2.5", "A1,P1,absent,0"]
    put(tmp_path, "attendance", lines, form="parquet")

    with open_ledger(tmp_path, TERMS, form=Form((BY_NAME["attendance"],), KNOWN)) as ledger:
        assert [(row, *values.values()) for row, values in typed_rows(ledger, "attendance")] == [
            (1, "A2", "P2", "present", 150),
            (2, "A1", "P1", "absent", 0),
        ]


def test_the_ledger_may_be_asked_meanwhile(tmp_path: Path) -> None:
    with open_ledger(write(tmp_path / "city"), TERMS) as ledger:
        counted = [
            (ledger.rows("units"), len(list(typed_rows(ledger, "quotas")))) for _ in typed_rows(ledger, "people")
        ]

    assert counted == [(2, 2)] * 3


def test_a_table_that_the_form_does_not_have_is_a_key_error(tmp_path: Path) -> None:
    put(tmp_path, "people", ["id,name,unit", "P1,甲,U01"])

    with open_ledger(tmp_path, TERMS, form=Form((BY_NAME["people"],), KNOWN)) as ledger, pytest.raises(KeyError):
        next(typed_rows(ledger, "units"))
