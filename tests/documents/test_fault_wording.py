"""Every fault has its sentence in both languages, and no sentence stands without a fault."""

import re
from pathlib import Path

import pytest

from kaohe.documents.deployment_wording import DEPLOYMENT
from kaohe.documents.fault_wording import FAULTS, NOTES, READING, note_sentence, sentence, sentences
from kaohe.fault import Fault, Faults, Place

SENTENCES = {**READING, **DEPLOYMENT}
SOURCE = Path(__file__).parents[2] / "src" / "kaohe"
RAISED = re.compile(
    r'(?:Fault|Refused|RowRule|Note|_note_fault)\(\s*"([a-z_0-9]+)"|\bfault="([a-z_]+)"|return "((?:number|criterion)_[a-z_]+)"'
)

BY_CALL = {"key_twice", "reference_dangling", "workbook_too_large"}
"""Codes that travel as arguments before they become faults."""


def codes_raised() -> set[str]:
    folders = [SOURCE / "ledger", SOURCE / "cli", SOURCE / "web" / "config", SOURCE / "city.py", SOURCE / "terms.py"]
    files = [file for folder in folders for file in ([folder] if folder.is_file() else folder.glob("*.py"))]
    found = {code for file in files for match in RAISED.findall(file.read_text("utf-8")) for code in match if code}
    return found | {
        "criterion_is_bonus",
        "criterion_unknown",
        "cell_too_long",
        "quotation_broken",
        "unit_unknown",
        *BY_CALL,
    }


def test_every_fault_has_a_sentence_and_every_sentence_a_fault() -> None:
    assert codes_raised() - set(NOTES) - set(SENTENCES) == set()
    assert set(SENTENCES) - codes_raised() == set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_says_where_what_and_the_remedy(code: str) -> None:
    zh, en, zh_remedy, en_remedy = FAULTS[code]
    names = set(re.findall(r"\{(\w+)\}", zh + en + zh_remedy + en_remedy)) - {"found"}
    fault = Fault(code, Place("people.csv", 3, "到岗日期"), "值", {name: f"<{name}>" for name in names})

    chinese, english = sentence(fault, "zh"), sentence(fault, "en")

    assert chinese.startswith("people.csv 第3行“到岗日期”列：")
    assert english.startswith("people.csv, row 3, column 到岗日期: ")
    assert "；" in chinese
    assert "; " in english
    assert not re.search(r"[{}]", chinese + english)


def test_long_and_broken_values_are_shown_on_one_short_line() -> None:
    fault = Fault("day_wrong", Place("people.csv", 2, "joined"), "x" * 50 + "\n" + "y" * 50)

    said = sentence(fault, "en")

    assert "\n" not in said
    assert "x" * 50 + " yyyyyy…" in said


def test_the_rest_is_counted() -> None:
    faults = Faults((Fault("cell_empty", Place("people.csv", 2, "name")),), (("people.csv", 99_900),))

    assert sentences(faults, "en")[-1] == "people.csv: and 99,900 more."
    assert sentences(faults, "zh")[-1] == "people.csv：另有 99,900 处。"


def test_notes_are_said() -> None:
    place = Place("quotas.csv", 1, "备注")

    assert note_sentence("column_ignored", place, "zh") == "quotas.csv 第1行“备注”列：不认识的列，已忽略。"
    assert note_sentence("column_ignored", place, "en") == "quotas.csv, row 1, column 备注: an unknown column, ignored."
