"""A system to try: an invented city and an account for every role, whose password everybody knows.

Nothing is put into the tables past the doors: the files are read, laid beside the tables and confirmed as an office
would do it, and the journal says so.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import TYPE_CHECKING

from kaohe.ledger.synthesis_city import found_city, people_rows, unit_rows

if TYPE_CHECKING:
    from kaohe.web.accounts.models import User
    from kaohe.web.organisation.models import Unit

PASSWORD = "kaohe-demo-2010"
SEED, YEAR = 2010, 2010
AUTHORITY = ("0001", "市公训办")
NAMES: dict[str, str] = {
    "office": "于晓岚", "officer": "杜洪波", "leader": "冯春燕", "inspector": "吴玉兰", "reviewer": "魏红霞",
    "academy": "孙继红", "civil_servant": "", "auditor": "周明远", "system": "任成林", "security": "邓思源",
}  # fmt: skip
"""The invented people behind the accounts; the civil servant's is somebody of the invented roster."""
OWN_UNIT = ("officer", "leader", "civil_servant")
OFFICES = ("人事科", "人事教育科", "办公室", "政工科")


def is_loaded() -> bool:
    """Whether the demonstration was loaded into this database."""
    from kaohe.web.accounts.models import User

    return User.objects.filter(demo=True).exists()


def load(now: datetime) -> None:
    """Load the units and people of an invented city, then one account for each role."""
    from kaohe.web.organisation.founding import found

    top = found(*AUTHORITY, now)
    office = _account("office", top, now)
    city = found_city(SEED, 1, of=1, year=YEAR)
    people = list(people_rows(city))
    _import(office, top, "units", _units(list(unit_rows(city)), people), now)
    _import(office, top, "people", [("id", "name", "unit", "joined", "departed"), *people], now)
    own = top.children.order_by("official_order")[6]
    for role in NAMES:
        if role != "office":
            _account(role, own if role in OWN_UNIT else top, now)


def _units(rows: Sequence[Sequence[str]], people: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Add to the units what an office keeps of them: their order, and who is responsible."""
    staff: dict[str, list[str]] = {}
    for _, name, unit, *_ in people:
        staff.setdefault(unit, []).append(name)
    yield "code", "name", "peer_group", "official_order", "office", "officer", "leader", "phone"
    for order, (code, name, group) in enumerate(rows, 1):
        own = staff[code]
        phone = f"448 {order * 101 % 10_000:04d}"
        yield code, name, group, str(order), OFFICES[order % len(OFFICES)], own[1 % len(own)], own[0], phone


def _import(office: "User", top: "Unit", table: str, rows: Iterable[Sequence[str]], now: datetime) -> None:
    from kaohe.web.intake import procedure, storing
    from kaohe.web.intake.models import Import
    from kaohe.web.jobs import worker

    text = io.StringIO()
    csv.writer(text).writerows(rows)
    stored = storing.keep([text.getvalue().encode()], "csv")
    made = procedure.receive(
        office, procedure.Sent(top, table, f"{table}.csv", complete=False, token=token_hex(16)), stored, now
    )
    worker.run_all()
    if not procedure.confirm(made.pk, office, None, now):
        raise RuntimeError(f"{table}: {Import.objects.get(pk=made.pk).faults}")


def _account(role: str, at: "Unit", now: datetime) -> "User":
    from kaohe.web.accounts import procedure
    from kaohe.web.accounts.demo import open_to_everybody
    from kaohe.web.organisation.models import Person

    person = Person.objects.filter(unit=at).order_by("code").first() if role == "civil_servant" else None
    name = person.name if person else NAMES[role]
    since = date(YEAR, 1, 1)
    user = procedure.create_account(role, name, procedure.Post(role, at, since), person=person, actor="system", now=now)
    open_to_everybody(user, PASSWORD, now)
    return user


def welcome(address: str, language: str) -> list[str]:
    """Say where the system is and who can sign in."""
    from kaohe.web.accounts.models import User
    from kaohe.web.accounts.roles import TITLES

    zh = language == "zh"
    lines = [f"演示系统：{address}" if zh else f"The demonstration: {address}"]
    lines += [f"密码都是 {PASSWORD}" if zh else f"Every password is {PASSWORD}", ""]
    held = User.objects.filter(demo=True).values_list(
        "username", "name", "memberships__role", "memberships__unit__name"
    )
    for username, name, role, unit in held.order_by("pk"):
        lines.append(f"  {username:<14} {TITLES[role][0 if zh else 1]}　{unit} {name}")
    return lines
