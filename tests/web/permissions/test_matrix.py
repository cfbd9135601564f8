"""Every page, with every role and every relation, opens to whom the matrix says and to nobody else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kaohe.web.accounts.models import Membership, User
from kaohe.web.accounts.roles import Role
from kaohe.web.accounts.second_factor import is_set_up
from kaohe.web.intake.models import Import, State
from kaohe.web.intake.storing import keep
from kaohe.web.jobs import queue
from kaohe.web.journal import checkpoints
from kaohe.web.journal.append import change
from kaohe.web.journal.signing_key import ensure_key
from kaohe.web.organisation.models import Person
from kaohe.web.post.models import Letter, Message, Notice
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.rounds.models import State as Stage
from kaohe.web.training.figures import begin_figures
from tests.web.city import account, city_with_accounts, person
from tests.web.permissions.matrix import DOCS, RELATIONS, ROLES, Line, lines, rendered
from tests.web.training.loaded import version_of

LINES = lines()
UNITS = {"own": "X01", "child": "X01-1", "sibling": "D01", "parent": "0001", "foreign": "D91"}
OTHER_NAMES = {
    "account_login",
    "mfa_authenticate",
    "account_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_reauthenticate",
}
"""Second names of pages, which allauth looks up."""
BRINGING = ("officer", "leader", "academy")
"""Who reaches other imports than those of an authority as a whole."""
NOW = datetime(2010, 5, 18, 4, tzinfo=UTC)
OPEN = {200, 302, 303, 400, 409, 422}


@cache
def hashed() -> str:
    """A password's hash, made once: it is meant to be slow."""
    return make_password("long enough for anybody")


class Place:
    """A city in which every role is held at the county X01, and everything there is at each relation to it."""

    def __init__(self) -> None:
        city = city_with_accounts()
        self.units = {relation: city.units[code] for relation, code in UNITS.items()}
        self.people = {r: person(f"M-{r}", unit) for r, unit in self.units.items()}
        self.users = {role: self._user(role) for role in ROLES}
        User.objects.filter(pk__in=[user.pk for user in self.users.values()]).update(password=hashed())
        self.users = {role: User.objects.get(pk=user.pk) for role, user in self.users.items()}
        self.accounts = {r: account(f"a-{r}", Role.OFFICER, unit) for r, unit in self.units.items()}
        self.imports = {r: self._import(r) for r in RELATIONS}
        self.standards = {r: version_of(unit) for r, unit in self.units.items()}
        self.rounds = {r: self._round(r) for r in RELATIONS}
        self.imports_of = {role: {r: self._import_of(role, r) for r in RELATIONS} for role in BRINGING}
        with change("office", NOW) as log:
            log.says("unit:edit", "unit 1", {"name": "市公训办"})
        ensure_key()
        self.checkpoint = checkpoints.make("daily", NOW)

    def _user(self, role: str) -> User:
        own: Person | None = self.people["own"] if role == "civil_servant" else None
        return account(f"m-{role}", Role(role), self.units["own"], person=own, demo=True)

    def _import(self, relation: str) -> Import:
        stored = keep([b"code,name,peer_group\nA1,,department\n"], "csv")
        return Import.objects.create(
            authority=self.units[relation], within=self.units[relation], by=self.accounts[relation], created_at=NOW, table="units", token=relation,
            file_name="units.csv", stored=stored.name, digest=stored.digest, size=stored.size, state=State.FAULTY,
        )  # fmt: skip

    def _import_of(self, role: str, relation: str) -> Import:
        """An import as somebody of a role brings it in: a unit's officer the unit's records, the academy those of classes."""
        unit, made = self.units[relation], self.imports[relation]
        classes_only, table = role == "academy", "attendance" if role == "academy" else "supplies"
        authority = unit if classes_only else unit.authority or unit
        return Import.objects.create(
            authority=authority, within=unit, classes_only=classes_only, round=self.rounds[relation], by=made.by, created_at=NOW,
            table=table, token=f"{role}-{relation}", file_name=f"{table}.csv", stored=made.stored, digest=made.digest, size=made.size,
            state=State.FAULTY,
        )  # fmt: skip

    def _round(self, relation: str) -> Round:
        made = Round.objects.create(
            authority=self.units[relation], standard=self.standards[relation], kind="annual", year=2010, start=date(2010, 1, 1),
            end=date(2010, 12, 31), due=date(2010, 11, 30), state=Stage.REPORTING, made_by=self.users["office"], made_at=NOW,
            opened_at=NOW,
        )  # fmt: skip
        RoundUnit.objects.bulk_create(
            RoundUnit(round=made, unit=unit, code=unit.code, name=unit.name, peer_group="department")
            for unit in self.units.values()
        )
        begin_figures(made)
        return made

    def _posted(self, kind: str, whose: User) -> list[int]:
        """A letter that somebody wrote with its message, or a notice to somebody; the keys by which it is found."""
        letter = Letter.objects.create(by=whose if kind != "notice" else self.accounts["sibling"], made_at=NOW)
        message = Message.objects.create(letter=letter, name="张三")
        notice = Notice.objects.create(user=whose, message=message, made_at=NOW)
        return {"letter": [letter.pk], "message": [letter.pk, message.pk], "notice": [notice.pk]}[kind]

    def address(self, line: Line, role: str, relation: str) -> str:
        """Return the address of a page for an object in a relation to somebody of a role."""
        match line.of:
            case "unit":
                return reverse(line.page, args=[self.units[relation].pk])
            case "person":
                return reverse(line.page, args=[self.people[relation].pk])
            case "account":
                return reverse(line.page, args=[self.accounts[relation].pk])
            case "membership":
                held = Membership.objects.get(user=self.accounts[relation])
                return reverse(line.page, args=[held.user_id, held.pk])
            case "import":
                return reverse(line.page, args=[self.imports_of.get(role, self.imports)[relation].pk])
            case "standard":
                return reverse(line.page, args=[self.standards[relation].pk])
            case "job":
                owner = self.users[role] if relation == "own" else self.accounts[relation]
                return reverse(line.page, args=[queue.put("backup", owner.pk, {}, NOW).pk])
            case "round":
                return reverse(line.page, args=[self.rounds[relation].pk])
            case "round-unit":
                return reverse(line.page, args=[self.rounds["parent"].pk, self.units[relation].pk])
            case "round-unit-criterion":
                return reverse(line.page, args=[self.rounds["parent"].pk, self.units[relation].pk, "B4"])
            case "round-person":
                who, made = self.people[relation], self.rounds[relation]
                Round.objects.filter(pk=made.pk).update(authority=who.authority)
                return reverse(line.page, args=[made.pk, who.pk])
            case "letter" | "message" | "notice":
                return reverse(
                    line.page,
                    args=self._posted(line.of, self.users[role] if relation == "own" else self.accounts[relation]),
                )
            case "entry":
                return reverse(line.page, args=[0])
            case "checkpoint":
                return reverse(line.page, args=[self.checkpoint.pk])
            case "role" | "table" | "token":
                return reverse(line.page, args=[{"role": "office", "table": "units", "token": "x" * 43}[line.of]])
        return reverse(line.page)


@pytest.fixture
def place(db: None) -> Place:
    return Place()


def asked(client: Client, method: str, address: str) -> HttpResponse:
    answer = client.get(address) if method == "GET" else client.post(address)
    if answer.streaming:
        list(answer)  # to its end, as a browser reads it, so that it closes its file
    return answer  # type: ignore[return-value]


def addresses(resolver: URLResolver) -> Iterator[str | None]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from addresses(pattern)


def test_every_address_is_in_the_matrix() -> None:
    named = set(addresses(get_resolver()))

    assert named - {line.page for line in LINES} == OTHER_NAMES & named


def test_the_documentation_is_rendered_from_the_matrix() -> None:
    assert (DOCS / "permissions.md").read_text(encoding="utf-8") == rendered()


def _show_codes(client: Client, user: User) -> None:
    """Recovery codes are handed out only while they may be looked at, to whoever has a second factor."""
    if is_set_up(user):
        session = client.session
        session["recovery-codes-shown"] = True
        session.save()


@pytest.mark.parametrize(
    "line", [line for line in LINES if not line.public], ids=lambda line: f"{line.page}-{line.method}"
)
def test_a_page_opens_to_whom_the_matrix_says(place: Place, line: Line) -> None:
    wrong = []
    for role in ROLES:
        client = Client()
        client.force_login(place.users[role])
        if line.page == "recovery-codes-file":
            _show_codes(client, place.users[role])
        for relation in line.relations:
            status = asked(client, line.method, place.address(line, role, relation)).status_code
            expected = OPEN if (role, relation) in line.allowed else {404}
            if status not in expected:
                wrong.append((role, relation, status))

    assert wrong == []


@pytest.mark.parametrize(
    "line", [line for line in LINES if not line.public], ids=lambda line: f"{line.page}-{line.method}"
)
def test_nobody_gets_in_without_signing_in(place: Place, line: Line) -> None:
    answer = asked(Client(), line.method, place.address(line, "office", line.relations[0]))

    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/sign-in/")
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("line", [line for line in LINES if line.public], ids=lambda line: f"{line.page}-{line.method}")
def test_what_is_open_before_sign_in_answers(place: Place, line: Line) -> None:
    status = asked(Client(), line.method, place.address(line, "office", "")).status_code

    assert status in OPEN | ({404} if line.of == "token" else set())


@pytest.mark.parametrize("page", sorted({line.page for line in LINES}))
def test_other_methods_are_not_taken(place: Place, page: str) -> None:
    known = {line.method: line for line in LINES if line.page == page}
    line = next(iter(known.values()))
    role, relation = min(line.allowed)
    client = Client()
    client.force_login(place.users[role])
    address = place.address(line, role, relation)

    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(known):
        assert client.generic(method, address).status_code in (405, 404, 302), method
