"""`kaohe assess` from end to end: what it writes, what it says, and with which exit status."""

import json
import random
import re
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from kaohe.cli.main import main
from random_city import random_city, write_city
from tests.depth import deep
from tests.folders import TABLES, write

ROUND = ["--round", "annual", "--year", "2010"]
FILES = {
    "circular.docx", "circular.pdf", "report.html", "results.json", "results.xlsx", "sheets", "verification.zip",
}  # fmt: skip


def run(*arguments: str) -> int:
    return main([*arguments])


def test_a_whole_run_writes_every_result_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "city")

    assert run("assess", str(folder), *ROUND, "--lang", "zh") == 0

    out = folder / "results"
    said = capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == FILES
    assert sorted(path.name for path in (out / "sheets").iterdir()) == ["U01.pdf", "U02.pdf"]
    for name in FILES:
        assert str(out / name) in said
    assert "甲区" in said
    assert run("verify", str(out / "verification.zip")) == 0


def test_every_document_tells_the_same_totals(tmp_path: Path) -> None:
    folder = write(tmp_path / "city")
    run("assess", str(folder), *ROUND, "--lang", "zh")
    out = folder / "results"
    units = json.loads((out / "results.json").read_text("utf-8"))["units"]

    circular = "".join(page.extract_text() for page in PdfReader(out / "circular.pdf").pages)
    word = "\n".join(
        cell.text for table in Document(str(out / "circular.docx")).tables for row in table.rows for cell in row.cells
    )
    ranking = [[cell.value for cell in row] for row in load_workbook(out / "results.xlsx").worksheets[0].iter_rows()]
    report = (out / "report.html").read_text("utf-8")
    for unit in units:
        sheet = "".join(page.extract_text() for page in PdfReader(out / "sheets" / f"{unit['code']}.pdf").pages)
        for text in (circular, word, report, sheet):
            assert unit["total"] in text
            assert unit["name"] in text
        assert any(unit["name"] in row and float(unit["total"]) in row for row in ranking)


def test_two_runs_on_the_same_input_give_the_same_package_and_its_digest_is_on_the_circular(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "city")
    for name in ("one", "two"):
        assert run("assess", str(folder), *ROUND, "--out", str(tmp_path / name), "--lang", "zh") == 0

    assert (tmp_path / "one/verification.zip").read_bytes() == (tmp_path / "two/verification.zip").read_bytes()
    for name in ("circular.pdf", "circular.docx", "results.xlsx", "report.html", "results.json", "sheets/U01.pdf"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    digest = re.search(r"sha256:([0-9a-f]{64})", capsys.readouterr().out)
    assert digest is not None
    printed = "".join(page.extract_text() for page in PdfReader(tmp_path / "one/circular.pdf").pages)
    assert digest[1] in re.sub(r"\s", "", printed)


def test_unscored_units_are_listed_and_the_status_is_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "city", supplies=TABLES["supplies"][:3])

    assert run("assess", str(folder), *ROUND, "--lang", "en") == 3
    assert "U02 乙局: D1" in capsys.readouterr().err


def test_bad_input_is_told_at_its_cell_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "city", quotas=["activity,unit,seats", "A1,U09,1"])

    assert run("assess", str(folder), *ROUND, "--lang", "en") == 2
    said = capsys.readouterr()
    assert 'quotas.csv, row 2, column unit: "U09" is not in the table units' in said.err
    assert said.out == ""
    assert not (folder / "results").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--round", "monthly", "--year", "2010"], 'this standard has no round "monthly"'),
        (["--round", "annual", "--year", "0"], 'the year "0" is wrong'),
        ([*ROUND, "--start", "2010-05-01", "--end", "2010-04-01"], "the period ends before it starts"),
        ([*ROUND, "--standard", "nowhere-1999"], "neither a standard nor a file"),
    ],
)
def test_what_was_asked_for_wrongly_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    folder = write(tmp_path / "city")

    assert run("assess", str(folder), *arguments, "--lang", "en") == 2
    assert said in capsys.readouterr().err
    assert not (folder / "results").exists()


def test_another_period_may_stand_in_place_of_the_standard_s(tmp_path: Path) -> None:
    folder = write(tmp_path / "city")
    run("assess", str(folder), *ROUND, "--json-only", "--start", "2010-04-01", "--end", "2010-09-30")

    data = json.loads((folder / "results/results.json").read_text("utf-8"))
    assert data["round"] == {"kind": "annual", "year": 2010, "start": "2010-04-01", "end": "2010-09-30"}
    # the bulletin of 1 July counts, the online course that ends on 30 November does not
    assert data["units"][1]["metrics"]["bulletin_count"] == 1
    assert data["units"][1]["metrics"]["online_rate"] == "0.000000"


def test_another_city_s_standard_runs_as_it_is(tmp_path: Path) -> None:
    """Nothing of 2010 is in the code: other groups, bands, rules, minimums and a bonus for every entry."""
    folder = write(
        tmp_path / "city",
        units=["code,name,peer_group", "T1,东乡,乡镇", "B1,水务局,bureau", "S1,一中,school"],
        people=["id,name,unit", "P1,张三,T1", "P2,李四,B1", "P3,王五,S1"],
        activities=["id,unit,form,title,starts_on,ends_on,hours", "A1,,class,班,2024-03-01,2024-03-05,30"],
        attendance=["activity,person,status,hours", "A1,P1,present,30", "A1,P2,leave,", "A1,P3,absent,"],
        quotas=None, contests=None, appraisals=None, bulletins=None,
        supplies=["unit,item,planned,received", "T1,textbook,1,1", "B1,textbook,1,1", "S1,textbook,1,1"],
        judgements=None,
    )  # fmt: skip

    status = run(
        "assess", str(folder), "--round", "annual", "--year", "2024", "--standard", "qinghe-2024", "--lang", "en"
    )

    assert status in (0, 3)
    data = json.loads((folder / "results/results.json").read_text("utf-8"))
    assert data["standard"]["id"] == "qinghe-2024"
    assert [len(unit["criteria"]) for unit in data["units"]] == [5, 5, 5]
    assert run("verify", str(folder / "results/verification.zip")) == 0


@pytest.mark.parametrize("seed", range(deep(6, 150)))
def test_every_document_can_be_made_of_any_city(tmp_path: Path, seed: int) -> None:
    rng = random.Random(40_000 + seed)
    write_city(random_city(rng), tmp_path / "city", rng, form="csv")
    kind = rng.choice(["annual", "half_year"])

    status = run(
        "assess", str(tmp_path / "city"), "--round", kind, "--year", "2010", "--lang", rng.choice(["zh", "en"])
    )

    assert status in (0, 3)
    assert {path.name for path in (tmp_path / "city/results").iterdir()} == FILES
    assert run("verify", str(tmp_path / "city/results/verification.zip")) == 0


def test_explain_says_why_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(write(tmp_path / "city"))

    assert run("explain", folder, "U02", "D1", *ROUND, "--lang", "zh") == 0
    chinese = capsys.readouterr().out
    assert run("explain", folder, "U02", "D1", *ROUND, "--lang", "en") == 0
    english = capsys.readouterr().out
    # 7 of 10 textbooks: the step of 70% gives 8 of 10, so 4 of 5
    for said in (chinese, english):
        assert "4.00" in said
        assert "70.00%" in said
        assert "附件四之1" in said
    assert re.search(r"[\u4e00-\u9fff]", re.sub(r"[一二三四附件考评说明之（），、]", "", english)) is None

    assert run("explain", folder, "U01", *ROUND, "--lang", "zh") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 17 + 2 + 1


def test_explain_names_what_there_is_when_asked_for_what_there_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write(tmp_path / "city"))

    assert run("explain", folder, "U77", "Z1", *ROUND, "--lang", "en") == 2
    said = capsys.readouterr().err
    assert "U01, U02" in said
    assert "A1, A2" in said
