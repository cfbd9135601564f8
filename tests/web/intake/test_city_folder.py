"""A whole city folder comes in at once: its figures are those of the command, and taken back, nothing of it is left."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from kaohe.ledger.engines import metrics_of
from kaohe.ledger.reading import open_ledger
from kaohe.terms import round_of, terms_of, window_of
from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.intake.models import Import
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Person, Unit
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.training.figures import figures_of, measured_rows
from kaohe.web.training.models import UnitFigures
from tests.web.city import City, account, unit
from tests.web.intake.ledgers import folder_zipped, ledger_of, returned, settled, zipped
from tests.web.intake.sending import csv, dump, post, sent
from tests.web.training.loaded import FILE, round_at


@pytest.fixture
def empty(city: City) -> Client:
    """The office of an authority without units and people, signed in."""
    user = account("founder", Role.OFFICE, unit("C01", None, name="空城公训办", is_authority=True, peer_group=""))
    client = Client()
    client.force_login(user)
    return client


def round_of_the_empty() -> Round:
    return round_at(Unit.objects.get(code="C01"), User.objects.get(username="founder"))


def city_sent(client: Client, folder: Path, a_round: Round, **values: str) -> Import:
    content = folder_zipped(folder, "small-city/")
    return sent(client, content, "city", "C01", name="small-city.zip", round=a_round.pk, **values)


def test_a_city_folder_has_the_figures_of_the_command(empty: Client, examples: Path) -> None:
    a_round = round_of_the_empty()
    before = dump()
    with open_ledger(examples / "small-city", terms_of(FILE.standard)) as ledger:
        expected = metrics_of(ledger, window_of(FILE.standard, round_of(FILE.standard, "annual", 2010)))
        rows = {table: ledger.rows(table) for table in ledger.files}

    found = city_sent(empty, examples / "small-city", a_round)
    assert found.state == "ready", found.faults
    assert {table: kinds["new"] for table, kinds in found.counts["tables"].items()} == rows
    assert found.counts["new"] == sum(rows.values())
    assert dump() == before
    assert not any(ledger_of("C01").values())

    found = settled(empty, found)

    assert found.state == "confirmed"
    assert RoundUnit.objects.filter(round=a_round).count() == rows["units"]
    assert not UnitFigures.objects.filter(round=a_round, stale=True).exists()
    assert figures_of(a_round) == expected
    assert {table: len(held) for table, held in ledger_of("C01").items()} == {
        table: count for table, count in rows.items() if table not in ("units", "people")
    }


def test_the_same_folder_twice_changes_nothing(empty: Client, examples: Path) -> None:
    a_round = round_of_the_empty()
    settled(empty, city_sent(empty, examples / "small-city", a_round))
    before, ledger = dump(), ledger_of("C01")

    again = city_sent(empty, examples / "small-city", a_round, complete="on")
    page = empty.get(reverse("import", args=[again.pk])).content.decode()

    assert [again.counts[kind] for kind in ("new", "changed", "absent")] == [0, 0, 0]
    assert "文件与表一致，没有要改的" in page
    assert settled(empty, again).state == "ready"
    assert (dump(), ledger_of("C01")) == (before, ledger)


def test_taken_back_nothing_of_it_is_left(empty: Client, examples: Path) -> None:
    a_round = round_of_the_empty()
    before = dump()
    found = settled(empty, city_sent(empty, examples / "small-city", a_round))

    found = returned(empty, found)

    assert found.state == "taken_back"
    assert dump() == before
    assert not any(ledger_of("C01").values())
    assert not RoundUnit.objects.filter(round=a_round).exists()
    assert not UnitFigures.objects.filter(round=a_round).exists()
    assert measured_rows(a_round) == {}


def test_it_is_one_entry_in_the_journal_without_a_name(empty: Client, examples: Path) -> None:
    found = settled(empty, city_sent(empty, examples / "small-city", round_of_the_empty()))
    returned(empty, found)

    entries = list(LogEntry.objects.filter(object=f"import {found.pk}").order_by("seq"))
    told = entries[1].payload.decode() if isinstance(entries[1].payload, bytes) else bytes(entries[1].payload).decode()
    name = Person.objects.filter(authority__code="C01").values_list("name", flat=True).first() or "员0"
    assert [entry.action for entry in entries] == ["import:upload", "import:confirm", "import:take_back"]
    assert found.digest in told
    assert found.rows_digest in told
    assert '"round":"annual 2010"' in told
    assert name not in told


FAULTY = {
    "units.csv": "code,name,peer_group\nU1,甲局,department\nU2,乙局,衙门\n",
    "people.csv": "id,name,unit\nQ1,甲,U1\nQ2,乙,U9\n",
    "supplies.csv": "unit,item,planned,received\nU1,textbook,3,三\n",
    "bulletins.csv": "unit,sent_on,kind,title\nU1,2010-05-04,news,开班\n",
    "README.md": "",
}


def test_faults_stand_with_their_file_and_come_as_marked_workbooks(empty: Client) -> None:
    found = sent(empty, zipped(FAULTY), "city", "C01", name="城市.zip", round=round_of_the_empty().pk)

    page = empty.get(reverse("import", args=[found.pk])).content.decode()
    marked = empty.get(reverse("import-annotated", args=[found.pk]))

    assert found.state == "faulty"
    assert {(fault["file"], fault["row"]) for fault in found.faults} == {
        ("units.csv", 3), ("people.csv", 3), ("supplies.csv", 2),
    }  # fmt: skip
    assert '<td class="nowrap">people.csv</td>' in page
    assert marked.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(marked.content)) as archive:
        assert sorted(archive.namelist()) == ["people.xlsx", "supplies.xlsx", "units.xlsx"]
        assert archive.read("people.xlsx").startswith(b"PK")


@pytest.mark.parametrize(
    "content",
    [zipped({"notes.txt": ""}), zipped({"units.csv": "x"})[:-20]],
    ids=["no table in it", "its end is missing"],
)
def test_an_archive_that_cannot_be_read_is_a_fault_with_nothing_to_mark(empty: Client, content: bytes) -> None:
    found = sent(empty, content, "city", "C01", name="城市.zip", round=round_of_the_empty().pk)

    page = empty.get(reverse("import", args=[found.pk])).content.decode()

    assert found.state == "faulty"
    assert "城市.zip" in page
    assert "下载标出错误的工作簿" not in page
    assert empty.get(reverse("import-annotated", args=[found.pk])).status_code == 404


def test_a_folder_is_a_zip_and_a_table_is_none(empty: Client) -> None:
    pk = round_of_the_empty().pk

    table = post(empty, zipped(FAULTY), "units", "C01", name="units.zip")
    city = post(empty, b"code,name\n", "city", "C01", name="units.csv", round=pk)
    lying = post(empty, b"code,name\n", "city", "C01", name="city.zip", round=pk)

    assert [answer.status_code for answer in (table, city, lying)] == [422] * 3
    assert "ZIP 是整个城市文件夹" in table.content.decode()
    assert "整个城市文件夹要压缩成一个 ZIP 文件" in city.content.decode()
    assert "内容不是 ZIP" in lying.content.decode()


def test_some_tables_suffice_and_each_has_its_tab(empty: Client) -> None:
    a_round = round_of_the_empty()
    files = {name: FAULTY[name] for name in ("bulletins.csv", "README.md")} | {
        "units.csv": "code,name,peer_group\nU1,甲局,department\nU2,乙县,county\n"
    }

    found = sent(empty, zipped(files), "city", "C01", name="城市.zip", round=a_round.pk)
    page = empty.get(reverse("import", args=[found.pk])).content.decode()
    table = empty.get(reverse("import", args=[found.pk]), {"table": "bulletins"}).content.decode()

    assert found.counts["tables"].keys() == {"units", "bulletins"}
    assert {"code": "files_ignored", "count": 1, "names": ["README.md"]} in found.notes
    assert "文件夹里新的 2 个单位加入这一轮考核" in page
    assert "已忽略：README.md" in page
    assert "?table=bulletins" in page
    assert "开班" in table
    settled(empty, found)
    assert set(RoundUnit.objects.filter(round=a_round).values_list("code", flat=True)) == {"U1", "U2"}


def test_later_records_keep_a_folder_and_are_named(empty: Client, examples: Path) -> None:
    a_round = round_of_the_empty()
    found = settled(empty, city_sent(empty, examples / "small-city", a_round))
    code = Person.objects.filter(authority__code="C01").order_by("code").values_list("code", flat=True)[0]
    later = sent(
        empty, csv("人员编号,日期,测评结果", f"{code},2010-06-25,合格"), "appraisals", "C01", round=a_round.pk
    )  # fmt: skip
    settled(empty, later)
    row = (examples / "small-city" / "bulletins.csv").read_text("utf-8").splitlines()[1].split(",")
    changed = csv("单位代码,物品,应配数,实配数", f"{row[0]},教材,1,1")
    returned(empty, settled(empty, sent(empty, changed, "supplies", "C01", round=a_round.pk)))

    refused = empty.post(reverse("import-take-back", args=[found.pk]))

    assert refused.status_code == 409
    assert f'<th scope="row">{code}</th>' in refused.content.decode()
    assert "已有 1 条台账记录记在它名下" in refused.content.decode()
    assert returned(empty, later).state == "taken_back"
    assert returned(empty, found).state == "taken_back"


def test_a_complete_folder_asks_for_the_day_on_which_people_end(empty: Client, examples: Path) -> None:
    a_round = round_of_the_empty()
    settled(empty, city_sent(empty, examples / "small-city", a_round))
    before = dump(), ledger_of("C01")
    lines = (examples / "small-city" / "people.csv").read_text("utf-8").splitlines(keepends=True)
    units = (examples / "small-city" / "units.csv").read_text("utf-8")
    found = sent(
        empty, zipped({"people.csv": "".join(lines[:-1]), "units.csv": units}), "city", "C01",
        name="城市.zip", round=a_round.pk, complete="on",
    )  # fmt: skip
    assert found.counts["absent"] == 1
    address = reverse("import-confirm", args=[found.pk])

    asked, wrong = empty.get(address), empty.post(address, {"ends_on": "x"})
    found = settled(empty, found, ends_on="2010-12-31")

    assert "没列出的人离岗" in asked.content.decode()
    assert wrong.status_code == 422
    assert found.state == "confirmed"
    ended = Person.objects.get(authority__code="C01", code=lines[-1].split(",")[0]).postings.last()
    assert ended is not None
    assert ended.departed == date(2010, 12, 31)
    returned(empty, found)
    assert (dump(), ledger_of("C01")) == before
