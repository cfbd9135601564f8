"""The styleguide shows every component, and only in a demonstration."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as deployed
from pytest_django.fixtures import Settings

from tests.web.conftest import SignIn

TEMPLATES = Path(deployed.TEMPLATES[0]["DIRS"][0])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_there_in_a_demonstration(signed_in: SignIn, language: str) -> None:
    client = signed_in("inspector")
    client.cookies["kaohe-language"] = language

    assert client.get("/styleguide/").status_code == 200


def test_it_is_not_there_elsewhere(signed_in: SignIn, settings: Settings) -> None:
    client = signed_in("officer")

    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=False)

    assert client.get("/styleguide/").status_code == 404


def test_it_shows_every_component() -> None:
    shown = "".join(path.read_text("utf-8") for path in (TEMPLATES / "desk").rglob("*.html"))
    around = "".join(path.read_text("utf-8") for path in (TEMPLATES / "layout").glob("*.html"))

    unseen = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}

    assert {name for name in unseen if name not in shown + around} == set()
