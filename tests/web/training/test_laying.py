"""A file beside the ledger: what is new, changed, unchanged and missing, and what is wrong with it."""

from pathlib import Path

import pytest

from kaohe.fault import BadInput
from kaohe.web.organisation.models import Posting
from kaohe.web.training.laid import laid_digest, laid_rows
from kaohe.web.training.rows import Row
from tests.web.city import City, person
from tests.web.training.landed import BASE, Tables, bounds_in, bring_in, lay, read


def kinds(new: int = 0, changed: int = 0, unchanged: int = 0, absent: int = 0) -> dict[str, int]:
    return {"new": new, "changed": changed, "unchanged": unchanged, "absent": absent}


def wrong(
    city: City, tables: Tables, into: Path, within: str = "", forms: tuple[str, ...] = ()
) -> list[tuple[str, str, int, str]]:
    """What is wrong with tables beside the usual records, as (table, code, row, column)."""
    bounds = bounds_in(city, within=within, forms=forms)
    everybody = bounds_in(city, kind="half_year")
    bring_in(
        everybody, {name: rows for name, rows in BASE.items() if name not in ("supplies", "judgements")}, into / "base"
    )
    return [(table, one.code, one.n, one.column) for table, one in lay(bounds, tables, into / "laid").wrongs]


def test_every_row_of_an_empty_ledger_is_new_and_the_same_files_again_change_nothing(
    city: City, tmp_path: Path
) -> None:
    bounds = bounds_in(city)
    assert lay(bounds, BASE, tmp_path).counts == {name: kinds(new=len(rows)) for name, rows in BASE.items()}

    bring_in(bounds, BASE, tmp_path / "landed")

    laid = lay(bounds, BASE, tmp_path / "again", complete=True)
    assert laid.counts == {name: kinds(unchanged=len(rows)) for name, rows in BASE.items()}
    assert laid.outside == 2  # the class of last year, and who was in it


def test_a_row_is_shown_as_it_was_and_as_it_becomes(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path)
    tables = {"attendance": [("A3", "P1", "出勤", "１.５"), ("A1", "P3", "leave", ""), ("A2", "P1", "leave", "")]}

    laid = lay(bounds, tables, tmp_path / "laid")

    assert laid.counts == {"attendance": kinds(new=1, changed=1, unchanged=1, absent=2)}
    attendance = [laid_rows(tmp_path / "laid", "attendance", kind, 0, 9) for kind in ("new", "changed", "absent")]
    was = {"activity": "A1", "person": "P3", "status": "present", "hours": "2.5"}
    assert attendance[0] == [
        Row(2, "A3 P1", "new", None, {"activity": "A3", "person": "P1", "status": "present", "hours": "1.5"})
    ]
    assert attendance[1] == [Row(3, "A1 P3", "changed", was, {**was, "status": "leave", "hours": None})]
    assert [(row.n, row.key, row.after) for row in attendance[2]] == [(0, "A1 P1", None), (0, "A3 P2", None)]


def test_days_and_points_are_shown_as_text(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path)
    tables = {
        "judgements": [("D01", "A1", "review", "4.5", "李四", "缺方案", "第3页")],
        "contests": [("K1", "writing", "city", "P1", "2010-06-01", "—")],
    }

    lay(bounds, tables, tmp_path / "laid")

    (judged,) = laid_rows(tmp_path / "laid", "judgements", "changed", 0, 9)
    assert (judged.key, judged.before["points"], judged.after["points"]) == ("D01 A1 review", "4.00", "4.50")
    (entry,) = laid_rows(tmp_path / "laid", "contests", "changed", 0, 9)
    assert (entry.before["held_on"], entry.before["place"], entry.after["place"]) == ("2010-06-01", "二等奖", None)


def test_rows_come_in_the_order_of_the_file_a_page_at_a_time(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    rows = [(f"A{i}", "", "lecture", "讲座", "2010-04-01", "2010-04-02", "6") for i in (30, 4, 12, 7, 25)]
    lay(bounds, {"activities": rows}, tmp_path)

    pages = [[row.key for row in laid_rows(tmp_path, "activities", "new", start, 2)] for start in (0, 2, 4, 6)]

    assert pages == [["A30", "A4"], ["A12", "A7"], ["A25"], []]


def test_a_record_without_a_key_is_told_by_all_it_says_and_by_its_number(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path)
    once, other = ("P1", "2010-07-01", " 合格 "), ("P1", "2010-07-02", "合格")

    fewer = lay(bounds, {"appraisals": [once, other]}, tmp_path / "fewer")
    more = lay(bounds, {"appraisals": [once, once, once]}, tmp_path / "more")

    assert fewer.counts["appraisals"] == kinds(new=1, unchanged=1, absent=2)
    assert more.counts["appraisals"] == kinds(new=1, unchanged=2, absent=1)
    assert [row.key for row in laid_rows(tmp_path / "fewer", "appraisals", "absent", 0, 9)] == [
        "P1 2010-07-01",
        "P3 2010-07-01",
    ]


def test_a_column_that_the_file_lacks_stays_as_it_is(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path)
    entries = [("K1", "writing", "city", "P1", "2010-06-01"), ("K2", "speech", "city", "P1", "2010-06-02")]

    laid = lay(bounds, {"contests": entries}, tmp_path / "laid", lacking=["place"])

    assert laid.counts["contests"] == kinds(new=1, unchanged=1, absent=1)
    (same,) = laid_rows(tmp_path / "laid", "contests", "unchanged", 0, 9)
    assert same.after == same.before


def test_only_records_of_the_round_can_be_missing(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    outside = person("P8", city.units["0001"])  # of the authority itself, which no round assesses
    bring_in(bounds, {**BASE, "attendance": [*BASE["attendance"], ("A1", outside.code, "present", "")]}, tmp_path)

    half_year = bounds_in(city, kind="half_year")
    empty = lay(half_year, dict.fromkeys(BASE, ()), tmp_path / "empty", complete=False)

    assert {name: counts["absent"] for name, counts in empty.counts.items()} == {
        "activities": 3, "attendance": 4, "quotas": 2, "contests": 2, "supplies": 0, "appraisals": 0, "bulletins": 0, "judgements": 0,
    }  # fmt: skip


def test_of_one_unit_only_its_own_records_can_be_missing(city: City, tmp_path: Path) -> None:
    bring_in(bounds_in(city), BASE, tmp_path)
    Posting.objects.filter(person=city.people["P3"]).update(departed="2010-05-01")
    Posting.objects.create(person=city.people["P3"], unit=city.units["X01"], joined="2010-05-01")

    own = bounds_in(city, kind="half_year", within="D02")
    counts = lay(own, dict.fromkeys(BASE, ()), tmp_path / "own").counts

    assert {name: one["absent"] for name, one in counts.items()} == {
        "activities": 0, "attendance": 1, "quotas": 1, "contests": 0, "supplies": 0, "appraisals": 0, "bulletins": 0, "judgements": 0,
    }  # fmt: skip


def test_an_activity_on_which_something_rests_is_not_missing_from_a_complete_file(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    more = [*BASE["activities"], ("A4", "", "lecture", "无人", "2010-04-01", "2010-04-02", "6")]
    bring_in(bounds, {**BASE, "activities": more}, tmp_path)

    alone = lay(bounds, {"activities": BASE["activities"][:1]}, tmp_path / "alone", complete=True)
    assert (alone.counts["activities"], alone.kept) == (kinds(unchanged=1, absent=1), 2)

    rest = {"activities": BASE["activities"][:1], "attendance": BASE["attendance"][:2], "quotas": ()}
    together = lay(bounds, rest, tmp_path / "together", complete=True)
    assert (together.counts["activities"], together.kept) == (kinds(unchanged=1, absent=3), 0)


# --- what is wrong


def test_a_unit_brings_in_nobody_elses_records(city: City, tmp_path: Path) -> None:
    tables: Tables = {
        "activities": [
            ("B1", "D01", "lecture", "讲座", "2010-04-01", "2010-04-02", "6"),
            ("B2", "D02", "lecture", "讲座", "2010-04-01", "2010-04-02", "6"),
            ("B3", "", "lecture", "讲座", "2010-04-01", "2010-04-02", "6"),
            ("A1", "D01", "half_day", "公文", "2010-03-01", "2010-03-01", "3.5"),
        ],
        "attendance": [("A1", "P1", "leave", ""), ("A1", "P3", "leave", "")],
        "contests": [("K2", "writing", "city", "P3", "2010-06-01", "")],
        "supplies": [("D02", "textbook", "1", "1"), ("D01", "textbook", "1", "1")],
        "appraisals": [("P3", "2010-07-01", "优秀")],
        "bulletins": [("D02", "2010-08-01", "news", "简报")],
        "quotas": [("A3", "D02", "5")],
        "judgements": [("D02", "A1", "self", "5", "张三", "", "")],
    }
    assert wrong(city, tables, tmp_path, within="D01") == [
        ("activities", "not_yours", 3, "unit"), ("activities", "not_yours", 4, "unit"), ("activities", "not_yours", 5, "id"),
        ("attendance", "not_yours", 3, "person"), ("quotas", "not_yours", 2, "unit"), ("contests", "not_yours", 2, "person"),
        ("supplies", "not_yours", 2, "unit"), ("appraisals", "not_yours", 2, "person"), ("bulletins", "not_yours", 2, "unit"),
        ("judgements", "not_yours", 2, "unit"),
    ]  # fmt: skip


def test_who_belonged_to_the_unit_is_its_own_for_that_time(city: City, tmp_path: Path) -> None:
    Posting.objects.filter(person=city.people["P3"]).update(unit=city.units["D01"], departed="2010-04-02")
    Posting.objects.create(person=city.people["P3"], unit=city.units["D02"], joined="2010-04-02")

    tables: Tables = {"attendance": [("A1", "P3", "leave", ""), ("A2", "P3", "leave", "")]}
    assert wrong(city, tables, tmp_path, within="D01") == [("attendance", "not_yours", 3, "person")]


def test_the_academy_brings_in_classes_alone(city: City, tmp_path: Path) -> None:
    tables: Tables = {
        "activities": [
            ("B1", "", "class", "班", "2010-04-01", "2010-04-02", "6"),
            ("B2", "", "lecture", "讲座", "2010-04-01", "2010-04-02", "6"),
            ("A1", "", "class", "公文", "2010-03-01", "2010-03-01", "3.5"),
        ],
        "attendance": [("A3", "P1", "present", ""), ("B1", "P1", "present", ""), ("A2", "P1", "present", ""), ("A1", "P2", "present", "")],
        "contests": [("K2", "writing", "city", "P3", "2010-06-01", "")],
    }  # fmt: skip
    assert wrong(city, tables, tmp_path, forms=("class",)) == [
        ("activities", "form_not_yours", 3, "form"), ("activities", "form_not_yours", 4, "id"),
        ("attendance", "form_not_yours", 4, "activity"), ("contests", "form_not_yours", 2, "person"),
    ]  # fmt: skip


def test_a_unit_must_be_assessed_in_the_round(city: City, tmp_path: Path) -> None:
    tables = {"supplies": [("0001", "textbook", "1", "1"), ("X01", "textbook", "1", "1")]}
    assert wrong(city, tables, tmp_path) == [("supplies", "unit_not_in_round", 2, "unit")]


@pytest.mark.parametrize("row", [("A1", "P9", "present", ""), ("A1", "P4", "present", ""), ("ZZ", "P1", "present", "")])
def test_nobody_of_another_authority_is_known(city: City, tmp_path: Path, row: tuple[str, ...]) -> None:
    bounds = bounds_in(city)
    bring_in(bounds, BASE, tmp_path)
    with pytest.raises(BadInput) as refused, read(bounds, {"attendance": [row]}):
        pass
    assert [fault.code for fault in refused.value.faults.listed] == ["reference_dangling"]


def test_texts_that_no_column_can_hold(city: City, tmp_path: Path) -> None:
    tables: Tables = {
        "activities": [("B" * 61, "", "lecture", "讲" * 501, "2010-04-01", "2010-04-02", "6")],
        "bulletins": [("D01", "2010-08-01", "news", "简\x07报"), ("D01", "2010-08-01", "news", "两\n行"), ("D01", "2010-08-01", "news", "简" * 500)],
        "contests": [("K9", "writing", "city", "P3", "2010-06-01", "二" * 201)],
    }  # fmt: skip
    assert wrong(city, tables, tmp_path) == [
        ("activities", "text_too_long", 2, "id"), ("activities", "text_too_long", 2, "title"),
        ("contests", "text_too_long", 2, "place"), ("bulletins", "control_character", 2, "title"),
    ]  # fmt: skip


def test_what_must_agree_with_what_stays_in_the_ledger(city: City, tmp_path: Path) -> None:
    tables: Tables = {
        "activities": [("A3", "", "lecture", "调训班", "2010-05-01", "2010-05-05", "30")],
        "contests": [
            ("K1", "speech", "city", "P2", "2010-06-01", ""),
            ("K1", "speech", "city", "P1", "2010-06-01", ""),
        ],
    }
    assert wrong(city, tables, tmp_path) == [
        ("activities", "class_has_quotas", 2, "form"),
        ("contests", "contest_differs", 2, "kind"), ("contests", "contest_differs", 3, "kind"),
    ]  # fmt: skip


def test_only_a_class_has_quotas(city: City, tmp_path: Path) -> None:
    assert wrong(city, {"quotas": [("A2", "D01", "5"), ("A3", "D01", "5")]}, tmp_path) == [
        ("quotas", "quota_not_class", 2, "activity")
    ]


def test_whoever_tells_all_entries_of_a_contest_may_tell_it_otherwise(city: City, tmp_path: Path) -> None:
    both = [("K1", "speech", "city", "P1", "2010-06-01", ""), ("K1", "speech", "city", "P3", "2010-06-01", "")]
    assert wrong(city, {"contests": both}, tmp_path) == []


def test_of_many_faults_the_first_hundred_of_a_table_are_told(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    tables = {"bulletins": [("D01", "2010-08-01", "news", f"简\x07报{i}") for i in range(120)]}

    laid = lay(bounds, tables, tmp_path)

    assert ([one.n for _, one in laid.wrongs], laid.more, laid.counts) == ([*range(2, 102)], 20, {})


def test_people_and_units_that_come_with_the_same_folder_are_known(city: City, tmp_path: Path) -> None:
    bounds = bounds_in(city)
    tables: Tables = {
        "units": [("D01", "市财政局", "department"), ("D77", "新局", "department")],
        "people": [("P77", "周八", "D77"), ("P1", "张三", "D01")],
        "activities": [("A1", "D77", "half_day", "公文", "2010-03-01", "2010-03-01", "3.5")],
        "attendance": [("A1", "P77", "present", "")],
        "supplies": [("D77", "textbook", "1", "1")],
    }
    laid = lay(bounds, tables, tmp_path, lacking=["joined", "departed"])

    assert (laid.wrongs, laid.counts["attendance"]) == ((), kinds(new=1))


def test_the_digest_is_that_of_the_rows_and_of_nothing_else(city: City, tmp_path: Path) -> None:
    bounds, foreign = bounds_in(city), bounds_in(city, at="9001")
    person("P1", city.units["D91"])
    activity, attendance = BASE["activities"][:1], BASE["attendance"][:1]
    bring_in(bounds, BASE, tmp_path / "base")
    bring_in(foreign, {"activities": activity, "attendance": attendance}, tmp_path / "first")
    changed, digests = {"attendance": [("A1", "P1", "leave", "")]}, []

    for number, one in enumerate((bounds, foreign)):
        lay(one, changed, tmp_path / f"laid{number}")
        digests.append(laid_digest(tmp_path / f"laid{number}", ["attendance"], False))

    assert digests[0] == digests[1] != laid_digest(tmp_path / "first", ["attendance"], False)
