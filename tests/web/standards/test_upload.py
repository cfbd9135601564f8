"""A file is checked before it is kept; each finding stands below its line."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.fault import BadInput
from kaohe.web.standards.checking import LARGEST, checked
from kaohe.web.standards.findings import MOST, WHOLE, findings_shown
from kaohe.web.standards.models import StandardVersion
from tests.depth import deep
from tests.web.city import City
from tests.web.conftest import SignIn
from tests.web.standards.files import CONTENT, NEW, TEXT, edited, send


@pytest.fixture
def office(signed_in: SignIn) -> Client:
    return signed_in("office")


def below(answer: HttpResponse, line: int) -> list[str]:
    """What stands below a line of the file."""
    rows = re.findall(r'<tr(?: id="line-(\d+)")?[^>]*>(.*?)</tr>', answer.content.decode(), re.DOTALL)
    said: list[str] = []
    at = 0
    for number, cells in rows:
        at = int(number) if number else at
        if not number and at == line:
            said += [unescape(text) for text in re.findall(r"<td>([^<]+)</td>", cells)]
    return said


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), 1) if text in line)


def test_a_finding_stands_below_its_line_and_is_linked_from_the_top(office: Client, city: City) -> None:
    answer = send(office, city.units["0001"], edited(("    points: 45", "    points: 40")))

    line = line_of("    points: 45")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有 2 个问题，没有保存" in page
    assert f'href="#line-{line}"' in page
    assert [said for said in below(answer, line) if "项目B分值为40分，所属各项考核内容合计45分" in said]
    assert not StandardVersion.objects.exists()


def test_a_finding_is_told_in_english_too(office: Client, city: City) -> None:
    office.cookies["kaohe-language"] = "en"

    answer = send(office, city.units["0001"], edited(("metric: online_rate", "metric: on_line")))

    assert "standard.yaml has 1 finding; it is not kept" in answer.content.decode()
    assert any("the ledger has no metric called on_line" in said for said in below(answer, line_of("online_rate")))


def test_what_a_file_says_cannot_bring_markup_into_the_page(office: Client, city: City) -> None:
    wrong = edited(("metric: online_rate", 'metric: "<script>alert(1)</script>"'))

    page = send(office, city.units["0001"], wrong, "<img src=x>.yaml").content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "standard.yaml", "文件是空的"),
        (CONTENT, "standard.xlsx", "这种文件不读"),
        (b"#" * (LARGEST + 1), "standard.yaml", "文件超过 1 MB"),
        (b"#" * (3 << 20), "standard.yaml", "文件超过 1 MB"),
    ],
)
def test_a_file_that_cannot_be_a_standard_is_not_read(
    office: Client, city: City, content: bytes, name: str, said: str
) -> None:
    answer = send(office, city.units["0001"], content, name)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_form_without_a_file_says_so(office: Client) -> None:
    page = office.post(NEW, {"authority": "x"}).content.decode()

    assert "没有选择文件" in page
    assert "请选择主管机关" in page


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00", b"- a\n- b", b"a: [", b"a: &x 1\nb: *x", b"[" * 300_000, b"a: \x00", b"!!python/name:os.system x",
        "\n".join(" " * n + "a:" for n in range(600)).encode(), b"x: " + b"9" * 6_000, b"!!map [a]", b"x: !!bool maybe",
        edited(('version: "1"', 'version: "1\\0"')), edited(('version: "1"', f'version: "{"1" * 61}"')),
        edited(("id: benxi-2010", "id: b" + "x" * 60)), edited(("step: 0.01", "step: 1e-99999")),
        edited(("at_least: 80%", "at_least: 1e99999")), edited(("points: 100", "points: .inf")),
        edited(("    points: 15\n", '    points: "1e999999999"\n')), edited(("zh: 本溪市", "zh: " + "长" * 200)),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_in_words(office: Client, city: City, content: bytes) -> None:
    answer = send(office, city.units["0001"], content)

    assert answer.status_code == 422
    assert "个问题，没有保存" in answer.content.decode()
    assert not StandardVersion.objects.exists()


@settings(max_examples=deep(150, 600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_with_any_line_broken_is_kept_or_refused_at_lines(data: st.DataObject) -> None:
    lines = TEXT.splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    lines[number] = data.draw(
        st.sampled_from(["", "  x: 1", "id: 9", "points: -1", "\t", "- 1", lines[number] + " 9", "'"])
    )
    content = "\n".join(lines).encode()

    try:
        file = checked(content, "standard.yaml")
    except BadInput as refused:
        shown = findings_shown(content, "standard.yaml", refused.faults)
        at = {line.number for line in shown.lines if line.findings}
        assert shown.count > 0
        assert {finding.line for finding in shown.listed if finding.line} == at
        assert [line.number for line in shown.lines] == sorted({line.number for line in shown.lines})
    else:
        assert file.content == content


def test_of_a_long_file_only_the_lines_around_a_finding_are_shown() -> None:
    content = b"# remark\n" * (WHOLE * 2) + edited(("    points: 45", "    points: 40"))

    with pytest.raises(BadInput) as refused:
        checked(content, "standard.yaml")
    shown = findings_shown(content, "standard.yaml", refused.value.faults)

    line = WHOLE * 2 + line_of("    points: 45")
    assert not shown.whole
    total = WHOLE * 2 + line_of("points: 100")
    assert [one.number for one in shown.lines] == [*range(total - 3, total + 4), *range(line - 3, line + 4)]
    assert [one.number for one in shown.lines if one.after_gap] == [total - 3, line - 3]


def test_a_file_with_very_many_faults_is_told_in_part() -> None:
    content = "".join(f"x{n}: 1\n" for n in range(20_000)).encode()

    with pytest.raises(BadInput) as refused:
        checked(content, "standard.yaml")
    shown = findings_shown(content, "standard.yaml", refused.value.faults)

    assert len(shown.listed) == MOST
    assert shown.more == shown.count - MOST > 19_000


def test_a_byte_order_mark_is_kept_with_the_bytes(office: Client, city: City) -> None:
    send(office, city.units["0001"], b"\xef\xbb\xbf" + CONTENT)

    assert bytes(StandardVersion.objects.get().content) == b"\xef\xbb\xbf" + CONTENT


def test_a_form_needs_its_token(city: City) -> None:
    from kaohe.web.accounts.models import User

    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="office"))
    file = SimpleUploadedFile("standard.yaml", CONTENT)

    assert client.post(NEW, {"authority": city.units["0001"].pk, "file": file}).status_code == 403
    assert not StandardVersion.objects.exists()
