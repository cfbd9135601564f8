"""Every fault stands at its cell, on the page and in the workbook; a hostile file harms nobody."""

import stat
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from kaohe.web.intake.models import Import
from kaohe.web.intake.storing import path_of
from kaohe.web.intake.uploads import LARGEST
from kaohe.web.intake.wording import OURS
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Unit
from tests.web.conftest import SignIn
from tests.web.intake.sending import UNIT_HEADER, csv, dump, people, post, sent, token_of, units, xlsx

TREE = "单位代码,单位名称,类别,上级代码,是否主管机关,启用日期"

FAULTY: dict[str, tuple[str, bytes, str, int, str]] = {
    "group_unknown": ("units", units("D01,市财政局,乡镇"), "类别", 2, "乡镇"),
    "cell_empty": ("units", units("D01,,department"), "单位名称", 2, "—"),
    "key_twice": ("units", units("D01,甲,department", "Ｄ01,乙,department"), "单位代码", 3, "Ｄ01"),
    "column_missing": ("people", csv("人员编号,姓名", "P1,张三"), "unit", 1, "—"),
    "reference_dangling": ("people", people("P1,张三,D99"), "单位代码", 2, "D99"),
    "foreign unit": ("people", people("P1,张三,D91"), "单位代码", 2, "D91"),
    "day_impossible": ("people", csv("人员编号,姓名,单位代码,到岗日期", "P1,张三,D01,2010-02-30"), "到岗日期", 2, "2010-02-30"),
    "text_too_long": ("units", units(f"D01,{'长' * 201},department"), "单位名称", 2, "长" * 60),
    "key too long": ("people", people(f"{'P' * 300},张三,D01"), "人员编号", 2, "P" * 60),
    "control_character": ("people", people("P1,张\x07三,D01"), "姓名", 2, "张"),
    "parent_keeps_units": ("units", csv(TREE, "X09,小市,county,X01,,"), "上级代码", 2, "X01"),
    "authority_fixed": ("units", csv(TREE, "X01,本溪县,county,,否,"), "是否主管机关", 2, "no"),
    "own_parent_fixed": ("units", csv(TREE, "0001,市公训办,,D01,是,"), "上级代码", 2, "D01"),
    "parent_circle": ("units", csv(TREE, "D01,市财政局,department,D02,,"), "上级代码", 2, "D02"),
    "valid_from_after_valid_to": ("units", csv(TREE, "D01,市财政局,department,,,2011-01-01"), "启用日期", 2, "2011-01-01"),
    "joined_after_departed": ("people", csv("人员编号,姓名,单位代码,到岗日期", "P1,张三,D01,2011-01-01"), "到岗日期", 2, "2011-01-01"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_a_fault_stands_at_its_cell(signed_in: SignIn, case: str) -> None:
    table, content, column, row, text = FAULTY[case]
    client = signed_in("office")
    Unit.objects.filter(code="D01").update(valid_to="2010-12-31")
    Unit.objects.filter(code="D02").update(parent=Unit.objects.get(code="D01"))
    Unit.objects.get(code="D01").people.get(code="P1").postings.update(departed="2010-12-31")
    before = dump()

    found = sent(client, content, table)
    page = client.get(reverse("import", args=[found.pk])).content.decode()

    assert found.state == "faulty"
    codes = {fault["code"] for fault in found.faults}
    assert case in codes or " " in case
    cells = f'<td class="num">{row}</td><th scope="row">{column}</th><td class="said">{text}'
    assert cells in page
    assert dump() == before
    assert not found.rows.exists()


def test_our_faults_are_said_in_both_languages(signed_in: SignIn) -> None:
    client = signed_in("office")
    client.cookies["kaohe-language"] = "en"
    found = sent(client, csv(TREE, "X09,小市,county,X01,,"))

    page = client.get(reverse("import", args=[found.pk])).content.decode()

    assert "is an authority and keeps its own units" in page
    assert all(len(texts) == 4 and all(texts) for texts in OURS.values())
    assert say("中", "en") == "中"


def test_the_first_hundred_faults_are_listed_and_the_rest_counted(signed_in: SignIn) -> None:
    client = signed_in("office")

    found = sent(client, units(*(f"U{n},甲,乡镇" for n in range(130))))
    page = client.get(reverse("import", args=[found.pk])).content.decode()

    assert (len(found.faults), found.more_faults) == (100, 30)
    assert "有 130 处错误" in page
    assert "另有 30 处没有列出" in page


def test_the_marked_workbook_can_be_put_right_and_sent_again(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = sent(client, units("=1+1,＝乙,乡镇", "+D8,-丙,department", "@D9,\t=丁,department"), name="单位 2010.csv")

    answer = client.get(reverse("import-annotated", args=[found.pk]))
    book = load_workbook(BytesIO(answer.content))
    sheet = book.worksheets[0]

    assert "filename*=utf-8''" in answer.headers["Content-Disposition"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["=1+1", "+D8", "@D9"]
    assert "乡镇" in sheet["C2"].comment.text
    assert "单位 2010.csv" in sheet["C2"].comment.text
    sheet["C2"].value = "部门"
    stream = BytesIO()
    book.save(stream)
    again = sent(client, stream.getvalue(), name="改.xlsx")
    assert again.counts["new"] == 3


def test_a_marked_workbook_that_comes_back_faulty_is_marked_afresh_under_its_name(signed_in: SignIn) -> None:
    client = signed_in("office")
    found = sent(client, units("D08,甲,乡镇", "D09,乙,乡镇"), name="单位.csv")
    first = client.get(reverse("import-annotated", args=[found.pk]))
    book = load_workbook(BytesIO(first.content))
    book.worksheets[0]["C2"].value = "部门"
    stream = BytesIO()
    book.save(stream)

    again = sent(client, stream.getvalue(), name="单位-批注.xlsx")
    second = client.get(reverse("import-annotated", args=[again.pk]))

    assert second.headers["Content-Disposition"] == first.headers["Content-Disposition"]
    sheet = load_workbook(BytesIO(second.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]][3:] == ["问题与更正办法"]
    assert [bool(sheet.cell(row, 4).value) for row in (2, 3)] == [False, True]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_our_own_remarks_come_back_without_a_note(signed_in: SignIn, language: str) -> None:
    client = signed_in("office")
    client.cookies["kaohe-language"] = language
    found = sent(client, csv(f"{UNIT_HEADER},备注", "D08,甲,乡镇,新设"))
    book = load_workbook(BytesIO(client.get(reverse("import-annotated", args=[found.pk])).content))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    sheet["C2"].value = "部门"
    stream = BytesIO()
    book.save(stream)

    again = sent(client, stream.getvalue(), name="改.xlsx")

    assert headers[3:] == ["备注", {"zh": "问题与更正办法", "en": "What to put right"}[language]]
    assert again.state == "ready"
    assert [(note["code"], note["column"]) for note in again.notes] == [("column_ignored", "备注")]
    page = client.get(reverse("import", args=[again.pk])).content.decode()
    assert "备注" in page
    assert headers[4] not in page


def refused(client: Client, content: bytes, name: str) -> str:
    """Send what cannot be stored and return the error at the file."""
    answer = post(client, content, name=name)
    assert answer.status_code == 422
    return answer.content.decode()


@pytest.mark.parametrize(("name", "content", "said"), [
    ("empty.csv", b"", "文件是空的"),
    ("units.exe", b"MZ\x90\0", "这种文件不读"),
    ("units.csv.exe", b"code", "这种文件不读"),
    ("units", b"code", "这种文件不读"),
    ("units.xls", b"\xd0\xcf\x11\xe0", "这种文件不读"),
    ("units.xlsx", b"MZ\x90\0\x03", "内容不是 XLSX"),
    ("units.csv", b"PK\x03\x04 and so on", "内容不是 CSV"),
    ("units.csv", b"%PDF-1.7", "内容不是 CSV"),
    ("units.parquet", b"code,name", "内容不是 PARQUET"),
])  # fmt: skip
def test_what_is_no_table_is_not_stored(signed_in: SignIn, name: str, content: bytes, said: str) -> None:
    before = set(path_of("intake").glob("*"))

    page = refused(signed_in("office"), content, name)

    assert said in page
    assert 'aria-invalid="true"' in page
    assert not Import.objects.exists()
    assert set(path_of("intake").glob("*")) == before


def test_a_file_above_50_mb_is_not_stored(signed_in: SignIn) -> None:
    before = set(path_of("intake").glob("*"))

    page = refused(signed_in("office"), b"a" * (LARGEST + 1), "units.csv")

    assert "超过 50 MB" in page
    assert set(path_of("intake").glob("*")) == before


def bomb() -> bytes:
    """Return a workbook whose one sheet unfolds to half a gigabyte."""
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(xlsx([["code"]]))) as sound,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as folder,
    ):
        for name in sound.namelist():
            with folder.open(name, "w") as part:
                part.write(sound.read(name))
                for _ in range(512 if "sheet1" in name else 0):
                    part.write(b" " * (1 << 20))
    return stream.getvalue()


@pytest.mark.parametrize(("content", "name", "code"), [
    (bomb(), "units.xlsx", "workbook_bomb"),
    (b"PK\x03\x04" + b"\0" * 200, "units.xlsx", "workbook_broken"),
    (xlsx([["单位代码", "单位名称", "类别"], ["D01", "甲", "department"]])[:-30] + b"<html><script>", "units.xlsx", "workbook_broken"),
    (b"\xff\xfe\x01\0\x02", "units.csv", "file_not_text"),
    (b"PAR1" + b"\0" * 90 + b"PAR1", "units.parquet", "parquet_broken"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_a_hostile_file_is_a_fault(signed_in: SignIn, content: bytes, name: str, code: str) -> None:
    client = signed_in("office")

    found = sent(client, content, name=name)

    assert (found.state, found.faults[0]["code"]) == ("faulty", code)
    assert client.get(reverse("import", args=[found.pk])).status_code == 200
    assert client.get(reverse("import-annotated", args=[found.pk])).status_code == 200


def test_a_file_is_stored_under_a_random_name_for_the_server_alone(signed_in: SignIn) -> None:
    found = sent(signed_in("office"), units("D01,甲,department"), name="../../etc/a\u202e<b>\0.csv")

    path = path_of(found.stored)
    assert path.parent.name == "intake"
    assert len(path.stem) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == units("D01,甲,department")
    page = signed_in("office").get(reverse("import", args=[found.pk])).content.decode()
    assert "\u202e" not in found.file_name
    assert "etc" not in page
    assert "a&lt;b&gt;" in page


def test_what_was_typed_is_there_again_after_an_error(signed_in: SignIn) -> None:
    client = signed_in("office")
    token = token_of(client)
    file = SimpleUploadedFile("units.exe", b"MZ")

    answer = client.post(
        reverse("import-new"),
        {
            "token": token,
            "authority": Unit.objects.get(code="X01").pk,
            "table": "people",
            "file": file,
            "complete": "on",
        },
    )

    page = answer.content.decode()
    assert f'value="{token}"' in page
    assert '<option value="people" selected>' in page
    assert f'<option value="{Unit.objects.get(code="X01").pk}" selected>' in page
    assert "checked" in page
