"""The folder of a round that comes back to where it was written: it changes nothing, whatever happened meanwhile."""

from pathlib import Path

import pytest
from django.test import Client

from kaohe.web.intake.models import Import
from kaohe.web.rounds.models import Round
from tests.web.conftest import SignIn
from tests.web.intake.ledgers import THREE, activities, attendance, brought, ledger_of, open_round, zipped
from tests.web.intake.sending import confirmed, csv, sent, units
from tests.web.intake.test_there_and_back import Office, computed, shown, taken_out, unpacked

CONTESTS = "竞赛编号,类别,层级,人员编号,日期,名次"


def folder_of(client: Client, a_round: Round, aside: Path) -> dict[str, bytes]:
    """Return the files of a round's folder, which comes to what the web shows."""
    folder = unpacked(taken_out(Office("0001", client), a_round), aside)
    assert computed(folder, a_round.kind, a_round.year) == shown(a_round)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def comes_back(client: Client, files: dict[str, bytes], a_round: Round) -> Import:
    return sent(client, zipped(files), "city", name="city.zip", round=a_round.pk)


def changes_nothing(found: Import) -> bool:
    return (found.state, found.counts["new"], found.counts["changed"]) == ("ready", 0, 0)


def with_a_mover(client: Client, day: str = "2010-07-12") -> Round:
    """Let P1, who has records, move from D01 to D02; without a day the new stay says none, and the former one ends today."""
    a_round = open_round()
    brought(client, activities(*THREE, "A4,,lecture,秋季班,2010-10-01,2010-10-01,3"), "activities", a_round)
    brought(client, attendance("A1,P1,present,", "A3,P1,present,", "A4,P1,present,"), "attendance", a_round)
    brought(client, csv(CONTESTS, "K1,writing,province,P1,2010-05-01,"), "contests", a_round)
    confirmed(client, csv("人员编号,姓名,单位代码,到岗日期", f"P1,张三,D02,{day}"), "people")
    return a_round


@pytest.mark.parametrize("day", ["2010-07-12", ""])
def test_somebody_who_moved(signed_in: SignIn, tmp_path: Path, day: str) -> None:
    client = signed_in("office")
    a_round = with_a_mover(client, day)
    files = folder_of(client, a_round, tmp_path / "out")
    assert "P1~" in files["attendance.csv"].decode()

    assert changes_nothing(comes_back(client, files, a_round))
    for name in ("attendance", "contests"):
        assert changes_nothing(sent(client, files[f"{name}.csv"], name, round=a_round.pk))
    assert changes_nothing(sent(client, files["people.csv"], "people"))
    assert not comes_back(client, files, a_round).counts["absent"]


def test_a_record_of_a_former_stay_is_the_persons(signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in("office")
    a_round = with_a_mover(client)
    file = folder_of(client, a_round, tmp_path / "out")["attendance.csv"].decode("utf-8-sig")
    former = next(line.split(",")[1] for line in file.splitlines() if "~" in line)

    brought(client, attendance(f"A1,{former},leave,1"), "attendance", a_round)
    assert [row[-2:] for row in ledger_of()["attendance"] if "A1" in row] == [("leave", 60)]

    twice = sent(client, attendance(f"A1,{former},leave,1", "A1,P1,present,"), "attendance", round=a_round.pk)
    assert [(fault["code"], fault["row"]) for fault in twice.faults] == [("key_twice", 3)]


def test_no_file_changes_a_former_stay(signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in("office")
    a_round = with_a_mover(client)
    people = folder_of(client, a_round, tmp_path / "out")["people.csv"].replace(b",2010-07-12\r\n", b",2010-08-01\r\n")

    found = sent(client, people, "people")
    assert [(fault["code"], fault["column"], fault["values"]) for fault in found.faults] == [
        ("stay_fixed", "离岗日期", {"wanted": "P1"})
    ]


def test_an_activity_of_a_unit_that_the_round_does_not_have(signed_in: SignIn, tmp_path: Path) -> None:
    client, year = signed_in("office"), open_round()
    brought(client, activities(*THREE), "activities", year)
    brought(client, attendance("A1,P3,present,"), "attendance", year)
    half = open_round(kind="half_year")
    half.units.filter(code="D01").delete()
    before = ledger_of()

    files = folder_of(client, half, tmp_path / "out")
    assert "A1,,集中训练" in files["activities.csv"].decode()
    assert changes_nothing(comes_back(client, files, half))

    brought(client, activities("A1,,lecture,讲座改名,2010-04-21,2010-04-21,3.0"), "activities", half)
    assert [row for row in ledger_of()["activities"] if "D01" in row] == [
        tuple("讲座改名" if cell == "公文讲座" else cell for cell in row)
        for row in before["activities"]
        if "D01" in row
    ]


def test_a_unit_that_has_another_name_or_group_by_now(signed_in: SignIn, tmp_path: Path) -> None:
    client, a_round = signed_in("office"), open_round()
    confirmed(client, units("D01,市财政一局,county"))
    files = folder_of(client, a_round, tmp_path / "out")
    assert "D01,市财政局,部门" in files["units.csv"].decode()

    assert changes_nothing(comes_back(client, files, a_round))

    # another name than the round's is one, and a file of units alone says what it says
    renamed = files | {"units.csv": files["units.csv"].replace("市财政局".encode(), "市财政二局".encode())}
    assert comes_back(client, renamed, a_round).counts["changed"] == 1
    assert sent(client, files["units.csv"]).counts["changed"] == 1
