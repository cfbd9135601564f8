"""What the tests of mail share: people with addresses, a letter to them, and a clock that can be moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person
from kaohe.web.post import procedure
from kaohe.web.post.drafting import Draft, draft, known
from kaohe.web.post.models import Letter
from kaohe.web.post.procedure import texts_of
from kaohe.web.post.texts import Texts
from tests.web.city import City, account, person

NOON = datetime(2010, 7, 20, 4, tzinfo=UTC)
TEXTS = Texts("提醒：{姓名}", "{姓名}：\n\n{情况}\n", "Reminder: {name}", "{name}:\n\n{facts}\n")
Write = Callable[..., Letter]


class Clock:
    """The time, which stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settle(settings: Any) -> Callable[..., None]:
    """Name a mail server in the settings of Django, as those of a deployment do."""

    def settle(port: int, *, tls: bool = False, user: str = "", password: str = "", ca: str = "") -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = tls, False
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = user, password
        settings.EMAIL_TIMEOUT, settings.EMAIL_CA = 2, ca
        settings.DEFAULT_FROM_EMAIL = "市公训办 <kaohe@benxi.gov.cn>"

    return settle


@pytest.fixture
def people(city: City) -> dict[str, Person]:
    """Four at the finance bureau: three with addresses, of whom one reads English; the fourth has a telephone."""
    made = {code: person(code, city.units["D01"], name) for code, name in (("A", "王五"), ("B", "Ann Lee"), ("C", "赵六"), ("D", "钱七"))}  # fmt: skip
    for code in "ABC":
        Person.objects.filter(pk=made[code].pk).update(email=f"{code.lower()}@benxi.gov.cn")
    Person.objects.filter(pk=made["D"].pk).update(phone="024-1234")
    from kaohe.web.accounts.roles import Role

    account("ann", Role.CIVIL_SERVANT, city.units["D01"], person=made["B"], language="en")
    return made


@pytest.fixture
def write(city: City) -> Write:
    """Draft a letter of the officer's to people."""

    def write(people: dict[str, Person], codes: str = "ABCD", about: str = "", by: str = "officer") -> Letter:
        found = known([people[code].pk for code in codes])
        return draft(User.objects.get(username=by), Draft(list(found.values()), TEXTS, about), NOON)[0]

    return write


def send(letter: Letter, by: str = "officer", at: datetime = NOON) -> procedure.Gone | None:
    """Send a draft as it stands, to all of its recipients."""
    within = set(letter.messages.values_list("person", flat=True))
    return procedure.send(letter.pk, letter.version, texts_of(letter), within, User.objects.get(username=by), at)
