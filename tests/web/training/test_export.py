"""The export of a round: what is in it, how it is spelt, who gets it, and that the same ledger gives the same bytes."""

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path
from threading import Thread
from typing import IO, Any

import pytest
from django.db import connection
from django.http import FileResponse, HttpResponse
from django.test import Client

from kaohe.city import assess
from kaohe.ledger.tables import TABLES
from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Person, Unit
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.training.export import export_folder
from tests.web.city import City, account, city_with_accounts, person
from tests.web.conftest import SignIn
from tests.web.rounds.hands import said
from tests.web.training.book import Book, exported, rows_of
from tests.web.training.loaded import round_at

MAY = date(2010, 5, 18)


@pytest.fixture
def a_round(city: City) -> Round:
    return full_round(city)


def full_round(city: City) -> Round:
    """A round of 市公训办 with records of two units, in every table."""
    top = city.units["0001"]
    made, book = round_at(top, User.objects.get(username="office")), Book(top)
    book.activity("own", "half_day", MAY, hours=2.5, unit="D01")
    book.activity("other", "half_day", MAY, unit="D02")
    book.activity("shared", "class", MAY, hours=40, unit="D02")
    book.activity("city", "class", MAY, hours=40)
    for trainee, activity, hours in (
        ("P1", "own", 2.1),
        ("P1", "shared", None),
        ("P3", "other", 8),
        ("P3", "city", 40),
    ):
        book.attended(trainee, activity, hours)
    book.quota("city", "D02", 1)
    for code, trainee in (("D01", "P1"), ("D02", "P3")):
        book.contest(trainee, f"c-{code}", MAY)
        book.supply(made, code, 10, 9)
        book.tested(trainee, MAY)
        book.bulletin(code, MAY)
        for stage, points in (("self", "5"), ("inspection", "4"), ("review", "4.25")):
            book.judged(made, code, "A1", stage, points)
    return made


def members(answer: HttpResponse) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content(answer))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def content(answer: HttpResponse) -> bytes:
    assert isinstance(answer, FileResponse)
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


def post(client: Client, a_round: Round) -> HttpResponse:
    return client.post(f"/rounds/{a_round.pk}/export/")  # type: ignore[return-value]


def test_a_folder_holds_the_ten_tables_as_excel_and_the_engine_read_them(tmp_path: Path, a_round: Round) -> None:
    export_folder(a_round, None, tmp_path)

    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(f"{table.name}.csv" for table in TABLES)
    assert (tmp_path / "attendance.csv").read_bytes().startswith("\ufeff活动编号,人员编号,出勤,实到学时\r\n".encode())
    assert rows_of(tmp_path / "units.csv") == [
        ["单位代码", "单位名称", "类别"],
        ["D01", "市财政局", "部门"], ["D02", "市审计局", "部门"], ["X01", "本溪县", "县区"],
    ]  # fmt: skip
    assert rows_of(tmp_path / "activities.csv")[3] == [
        "own", "D01", "每周半日", "own 班", "2010-05-18", "2010-05-18", "2.5",
    ]  # fmt: skip
    assert rows_of(tmp_path / "attendance.csv")[3:] == [["own", "P1", "出勤", "2.1"], ["shared", "P1", "出勤", ""]]
    assert rows_of(tmp_path / "judgements.csv")[1:4] == [
        ["D01", "A1", stage, points, "吴玉兰", "依据材料", ""]
        for stage, points in (("考核", "4.00"), ("复核", "4.25"), ("自评", "5.00"))
    ]
    assert assess(tmp_path, kind="annual", year=2010).notes == ()


def test_what_is_no_matter_of_the_round_is_left_out_with_all_that_refers_to_it(tmp_path: Path, a_round: Round) -> None:
    RoundUnit.objects.filter(round=a_round, code="D02").delete()

    found = exported(a_round, tmp_path / "out")

    assert [row[0] for row in found["people"]] == ["P1", "P2"]
    # the class of the unit that is left out is still one that P1 attended; who ran it cannot be said
    assert [(row[0], row[1]) for row in found["activities"]] == [("city", ""), ("own", "D01"), ("shared", "")]
    assert [row[:2] for row in found["attendance"]] == [["own", "P1"], ["shared", "P1"]]
    assert {table: [row[0] for row in found[table]] for table in ("quotas", "supplies", "bulletins", "contests")} == {
        "quotas": [], "supplies": ["D01"], "bulletins": ["D01"], "contests": ["c-D01"],
    }  # fmt: skip
    assert assess(tmp_path / "out", kind="annual", year=2010).notes == ()


def test_a_unit_takes_its_own_records_without_what_others_gave_it(tmp_path: Path, a_round: Round) -> None:
    found = exported(a_round, tmp_path / "out", ["D01"])

    assert [row[0] for row in found["units"]] == ["D01"]
    assert {row[0] for row in found["people"]} == {"P1", "P2"}
    assert [row[2] for row in found["judgements"]] == ["自评"]
    assert [row[0] for row in found["activities"]] == ["city", "own", "shared"]
    assert "市审计局" not in "".join(cell for rows in found.values() for row in rows for cell in row)
    assert assess(tmp_path / "out", kind="annual", year=2010).notes == ()


def test_names_and_titles_are_kept_to_the_letter(tmp_path: Path, city: City) -> None:
    person("P7", city.units["D01"], '=张"三,\n')
    a_round = round_at(city.units["0001"], User.objects.get(username="office"))

    assert ["P7", '=张"三,\n', "D01", "", ""] in exported(a_round, tmp_path / "out")["people"]


@pytest.mark.parametrize("codes", [["U10", "U2", "u1", "Ｕ", "县1", "𠀀", "_"]])
def test_rows_stand_in_the_order_of_code_points(tmp_path: Path, city: City, codes: list[str]) -> None:
    for code in codes:
        person(code, city.units["D01"])
    a_round = round_at(city.units["0001"], User.objects.get(username="office"))

    found = [row[0] for row in exported(a_round, tmp_path / "out")["people"]]

    assert found == sorted(found)
    assert set(codes) < set(found)


def test_the_same_ledger_gives_the_same_bytes(signed_in: SignIn, a_round: Round) -> None:
    first, second = (content(post(signed_in("office"), a_round)) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("role", ["office", "auditor"])
def test_the_office_and_the_auditor_take_the_whole(signed_in: SignIn, a_round: Round, role: str) -> None:
    answer = post(signed_in(role), a_round)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="0001-2010-annual.zip"'
    files = members(answer)
    assert list(files) == [f"{table.name}.csv" for table in TABLES]
    assert "复核" in files["judgements.csv"].decode()


@pytest.mark.parametrize("role", ["officer", "leader"])
def test_a_unit_takes_what_is_its_own(signed_in: SignIn, a_round: Round, role: str) -> None:
    files = members(post(signed_in(role), a_round))

    assert "市财政局" in files["units.csv"].decode()
    assert not any("市审计局" in text.decode() or "王五" in text.decode() for text in files.values())
    assert not any(stage in files["judgements.csv"].decode() for stage in ("考核", "复核"))


@pytest.mark.parametrize("role", ["inspector", "reviewer", "academy", "civil_servant", "system", "security"])
def test_for_everybody_else_there_is_nothing(signed_in: SignIn, a_round: Round, role: str) -> None:
    assert post(signed_in(role), a_round).status_code == 404
    assert LogEntry.objects.count() == 0


def test_a_unit_that_is_not_assessed_has_nothing_to_take(signed_in: SignIn, a_round: Round) -> None:
    RoundUnit.objects.filter(round=a_round, code="D01").delete()

    assert post(signed_in("officer"), a_round).status_code == 404


def test_a_draft_has_no_records(signed_in: SignIn, a_round: Round) -> None:
    Round.objects.filter(pk=a_round.pk).update(state=State.DRAFT, opened_at=None)

    assert post(signed_in("office"), a_round).status_code == 404
    assert signed_in("office").get(f"/rounds/{a_round.pk}/export/").status_code == 405


def test_the_journal_says_what_was_taken_away(signed_in: SignIn, a_round: Round) -> None:
    whole = content(post(signed_in("office"), a_round))
    part = content(post(signed_in("officer"), a_round))

    first, second = LogEntry.objects.order_by("seq")
    assert (first.action, first.object, first.actor) == ("round:export", f"round {a_round.pk}", "office")
    assert said(first)["digest"] == f"sha256:{hashlib.sha256(whole).hexdigest()}"
    assert (said(first)["size"], said(first)["rows"]["attendance"], "units" in said(first)) == (len(whole), 4, False)
    assert said(second)["digest"] == f"sha256:{hashlib.sha256(part).hexdigest()}"
    assert said(second)["units"] == ["D01"]


def test_a_county_office_takes_its_own_part_of_the_round_above(signed_in: SignIn, city: City, a_round: Round) -> None:
    account("county", Role.OFFICE, city.units["X01"])

    files = members(post(signed_in("county"), a_round))

    assert files["units.csv"].decode().splitlines()[1:] == ["X01,本溪县,县区"]


class Meanwhile:
    """A folder in which opening one of the files has somebody else change everything first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __truediv__(self, name: str) -> Any:
        return _File(self.folder / name)


class _File:
    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, mode: str) -> IO[bytes]:
        if self.path.name == "attendance.csv":
            other = Thread(target=_change_everything)
            other.start()
            other.join()
        return self.path.open(mode)  # type: ignore[return-value]


def _change_everything() -> None:
    top = Unit.objects.get(code="0001")
    book = Book(top)
    book.activity("late", "lecture", MAY)
    book.attended("P2", "late")
    Person.objects.filter(code="P1").update(code="Q1")
    RoundUnit.objects.filter(code="D02").delete()
    connection.close()


@pytest.fixture
def alone(committed: None) -> City:
    return city_with_accounts()


def test_an_export_is_the_state_of_one_moment(tmp_path: Path, alone: City) -> None:
    a_round = full_round(alone)
    before = exported(a_round, tmp_path / "before")
    (tmp_path / "meanwhile").mkdir()

    export_folder(a_round, None, Meanwhile(tmp_path / "meanwhile"))  # type: ignore[arg-type]

    found = {table.name: rows_of(tmp_path / "meanwhile" / f"{table.name}.csv")[1:] for table in TABLES}
    assert found == before
    assert exported(a_round, tmp_path / "after") != before
