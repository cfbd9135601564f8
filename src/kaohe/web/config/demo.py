"""A system to try: an invented city, its records of this year, an open round, and an account for every role.

Nothing is put into the tables past the doors: the files are read, laid beside the tables and confirmed as an office
would do it, and the journal says so.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from kaohe.ledger.synthesis_city import found_city, people_rows, unit_rows

if TYPE_CHECKING:
    from kaohe.web.accounts.models import User
    from kaohe.web.organisation.models import Person, Unit
    from kaohe.web.rounds.models import Round

PASSWORD = "kaohe-demo-2010"
SEED, STANDARD = 2010, "benxi-2010"
AUTHORITY = ("0001", "市公训办")
NAMES: dict[str, str] = {
    "office": "于晓岚", "officer": "", "leader": "", "inspector": "吴玉兰", "reviewer": "魏红霞",
    "academy": "孙继红", "civil_servant": "", "auditor": "周明远", "system": "任成林", "security": "邓思源",
}  # fmt: skip
"""The invented people behind the accounts; those without a name here are people of a unit of the invented city."""
RECORDS: dict[str, str] = {
    "activities": "id", "attendance": "activity", "quotas": "activity", "contests": "held_on", "supplies": "",
    "appraisals": "tested_on", "bulletins": "sent_on",
}  # fmt: skip
"""The tables of records, and the column by which each knows when it was."""
OFFICES = ("人事科", "人事教育科", "办公室", "政工科")


def is_loaded() -> bool:
    """Whether the demonstration was loaded into this database."""
    from kaohe.web.accounts.models import User

    return User.objects.filter(demo=True).exists()


def load(now: datetime) -> None:
    """Load the units and people of an invented city, open this year's round, load its records, make the accounts."""
    from django.utils import timezone

    from kaohe.web.organisation.founding import found

    today = timezone.localdate(now)
    year = (today - timedelta(days=120)).year  # in spring there is little to see yet: last year's round is still open
    top = found(*AUTHORITY, now)
    office = _account("office", top, year, now)
    city = found_city(SEED, 1, of=1, year=year)
    people = list(people_rows(city))
    _import(office, top, None, "units", _csv(_units(list(unit_rows(city)), people)), "csv", now)
    _import(office, top, None, "people", _csv(_people(people)), "csv", now)
    a_round = _open_round(office, top, year, now)
    _import(office, top, a_round, "city", _records(year, today), "zip", now)
    own = top.children.order_by("official_order")[6]
    for role, name in NAMES.items():
        if role != "office":
            _account(role, top if name else own, year, now)


def _open_round(office: "User", top: "Unit", year: int, now: datetime) -> "Round":
    """Take the standard of 2010 from the library, and open the year's round for all units."""
    from kaohe.terms import round_of
    from kaohe.web.organisation.models import Unit
    from kaohe.web.rounds.models import Round
    from kaohe.web.rounds.procedure import RoundWords, create_round, open_round
    from kaohe.web.standards.procedure import take
    from kaohe.web.standards.queries import standard_of

    version, _ = take(top, STANDARD, office, now)
    standard = standard_of(version).standard
    period = round_of(standard, "annual", year)
    due = standard.rounds["annual"].due_on(year)
    units = tuple(Unit.objects.filter(parent=top))
    made = create_round(RoundWords(top, version, "annual", year, period.start, period.end, due, units), office, now)
    open_round(made.pk, made.version, office, now)
    return Round.objects.get(pk=made.pk)


def _records(year: int, today: date) -> bytes:
    """Return the records of the invented year up to today, as the zipped folder that an office would send."""
    from kaohe.ledger.synthesis import synthesise

    packed, on = io.BytesIO(), today.isoformat()
    with tempfile.TemporaryDirectory() as aside, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(aside) / "city"
        synthesise(folder, criteria=(), seed=SEED, year=year)
        held = {row["id"] for row in _rows(folder, "activities") if row["starts_on"] <= on}
        for table, day in RECORDS.items():
            rows = _rows(folder, table)
            kept = [
                row for row in rows if not day or (row[day] in held if day in ("id", "activity") else row[day] <= on)
            ]
            for row in kept if table == "activities" else ():
                row["ends_on"] = min(row["ends_on"], on)  # what still goes on, as a file of today has it
            archive.writestr(f"{table}.csv", _csv([list(rows[0]), *(list(row.values()) for row in kept)]))
    return packed.getvalue()


def _rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _people(people: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Add to the people how they are reached: every ninth has no address, and must be called."""
    yield "id", "name", "unit", "joined", "departed", "email", "phone"
    for order, row in enumerate(people):
        address = f"p{row[0]}@demo.example" if order % 9 else ""
        yield *row, address, f"448 {order * 37 % 10_000:04d}"


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


def _import(
    office: "User", top: "Unit", a_round: "Round | None", table: str, content: bytes, extension: str, now: datetime
) -> None:
    from kaohe.web.intake import procedure, storing
    from kaohe.web.intake.models import Import, State
    from kaohe.web.jobs import worker

    stored = storing.keep([content], extension)
    name = f"{table}.{extension}"
    sent = procedure.Sent(top, table, name, complete=False, token=token_hex(16), round=a_round)
    made = procedure.receive(office, sent, stored, now)
    worker.run_all()
    procedure.confirm(made.pk, office, None, now)
    worker.run_all()
    found = Import.objects.get(pk=made.pk)
    if found.state != State.CONFIRMED:
        raise RuntimeError(f"{table}: {found.state} {found.faults}")


def _account(role: str, at: "Unit", year: int, now: datetime) -> "User":
    from kaohe.web.accounts import procedure
    from kaohe.web.accounts.demo import open_to_everybody

    person = _civil_servant(at) if role == "civil_servant" else None
    name = person.name if person else NAMES[role] or str(getattr(at, role))
    since = date(year, 1, 1)
    user = procedure.create_account(role, name, procedure.Post(role, at, since), person=person, actor="system", now=now)
    open_to_everybody(user, PASSWORD, now)
    return user


def _civil_servant(unit: "Unit") -> "Person":
    """Return somebody of a unit who is neither its officer nor its leader."""
    from kaohe.web.organisation.models import Person

    return Person.objects.filter(unit=unit).exclude(name__in=(unit.officer, unit.leader)).order_by("code")[0]


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
