"""A help page for each role, in both languages, of what there is in this system."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from kaohe.cli.main import main
from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import TITLES, Role
from kaohe.web.desk.guide import GUIDE
from tests.web.conftest import SignIn

TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0])


@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_help_in_both_languages(signed_in: SignIn, role: Role, language: int) -> None:
    User.objects.filter(username="officer").update(language=("zh", "en")[language])

    answer = signed_in("officer").get(f"/help/{role.value}/")

    assert answer.status_code == 200
    assert TITLES[role][language] in answer.content.decode()


def test_ones_own_help_opens_first(signed_in: SignIn) -> None:
    assert "使用说明：审计员" in signed_in("auditor").get("/help/").content.decode()


def test_there_is_no_help_for_a_role_that_is_not_there(signed_in: SignIn) -> None:
    assert signed_in("office").get("/help/emperor/").status_code == 404


def test_the_guide_knows_every_role() -> None:
    assert set(GUIDE) == set(Role)


def test_the_office_reads_every_column_of_its_files(signed_in: SignIn) -> None:
    page = signed_in("office").get("/help/office/").content.decode()

    assert all(header in page for header in ("单位代码", "official_order", "分管领导", "到岗日期", "departed"))


EXAMPLES = {"人社局", "rensheju", "rsj", "D07", "提醒这 4 人", "Remind these 4"}


def test_what_the_help_quotes_stands_on_a_page_word_for_word() -> None:
    helps = {path: path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    helped = "".join(text for path, text in helps.items() if path.parent.name == "help")
    pages = "".join(text for path, text in helps.items() if path.parent.name != "help")
    code = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.parent.rglob("*.py"))

    quoted = set(re.findall("“([^”]+)”", helped)) - EXAMPLES

    assert {words for words in quoted if not re.search(f"[\"'>]{re.escape(words)}[\"'<]", pages + code)} == set()


def test_the_help_asks_for_what_the_form_of_an_account_asks_for(signed_in: SignIn) -> None:
    client = signed_in("security")
    form, told = (client.get(address).content.decode() for address in ("/accounts/new/", "/help/security/"))

    assert "人员编号" in form
    assert "人员编号" in told
    assert "用途" not in form + told


def test_the_help_names_no_command_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "desk" / "help").glob("*.html"))
    named = set(re.findall(r"<code>kaohe (\w+)", sources))

    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out

    assert {command for command in named if not re.search(rf"^    {command}\b", told, re.MULTILINE)} == set()
