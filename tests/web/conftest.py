"""What the tests of the web share: a city with an account for every role."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from kaohe.web.accounts.models import User
from kaohe.web.journal import triggers
from kaohe.web.journal.models import LogHead
from kaohe.web.pages.remembered import MEMORY
from kaohe.web.standards import triggers as frozen
from tests.web.city import City, city_with_accounts

SignIn = Callable[[str], Client]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The cache table, which `kaohe migrate` makes in a deployment."""
    with django_db_blocker.unblock():
        call_command("createcachetable")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests write to the tables past the journal, by whose head pages remember their parts."""
    monkeypatch.setattr(MEMORY, "most", 0)


@pytest.fixture
def city(db: None) -> City:
    """A city of two authorities and six units, with an account for every role."""
    return city_with_accounts()


@pytest.fixture
def signed_in(city: City) -> SignIn:
    """Sign in as an account of the city by its user name, past the second factor."""

    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in


@pytest.fixture
def guarded_again(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Put the triggers and the journal's head back after the tables were emptied."""
    yield
    with django_db_blocker.unblock():
        _run(triggers.CREATE)
        _run(frozen.CREATE)
        LogHead.objects.create(id=1)
        connection.close()


@pytest.fixture
def committed(guarded_again: None, transactional_db: None) -> Iterator[None]:
    """For tests that really commit: the journal and standards that were used refuse to be emptied, so they step aside."""
    yield
    _run(triggers.DROP)
    _run(frozen.DROP)


def _run(statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
