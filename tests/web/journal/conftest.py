"""What the tests of the journal share: keys of their own, the auditor."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.web.conftest import SignIn


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and so keys, of this test alone."""
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, home=tmp_path))
    return tmp_path


@pytest.fixture
def auditor(signed_in: SignIn) -> Client:
    return signed_in("auditor")
