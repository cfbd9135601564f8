"""The house stands: every role gets its home page; the journal numbers its entries."""

import pytest
from django.test import Client
from django.utils import timezone

from kaohe.web.accounts.roles import Role
from kaohe.web.journal.append import change
from kaohe.web.journal.models import LogEntry
from tests.web.conftest import SignIn


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home_page(signed_in: SignIn, role: Role) -> None:
    answer = signed_in(role.value).get("/")

    assert answer.status_code == 200


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_entries_are_numbered_from_zero_without_gaps(committed: None) -> None:
    for name in ("a", "b"):
        with change("office", timezone.now()) as log:
            log.says("unit:edit", f"unit {name}", {"name": name})

    assert list(LogEntry.objects.order_by("seq").values_list("seq", "object")) == [(0, "unit a"), (1, "unit b")]


def test_the_journal_is_whole_again_after_a_committed_test(committed: None) -> None:
    assert LogEntry.objects.count() == 0
