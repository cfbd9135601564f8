"""The numbers of the home page, for each role: a constant number of queries, however much there is."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from kaohe.web.accounts.models import Membership, OneTimeLink, User
from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.roles import SECOND_FACTOR
from kaohe.web.accounts.standing import Standing
from kaohe.web.intake.models import Import
from kaohe.web.intake.models import State as ImportState
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.models import State as JobState
from kaohe.web.journal.models import Checkpoint, LogHead, SecurityEvent
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.organisation.people import belonging_on
from kaohe.web.pages.remembered import recalled

SHOWN = 5
DAY = timedelta(days=1)
SOON = timedelta(days=30)
FAILURES = ("sign-in:failed", "second-factor:failed", "confirm:failed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An import that waits for somebody: to be confirmed, or to be mended."""

    pk: int
    file_name: str
    table: str
    faulty: bool
    faults: int
    counts: dict[str, int]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Office:
    """What the training office has, and what waits for it."""

    units: int
    people: int
    ready: int
    faulty: int
    waiting: tuple[Waiting, ...]
    last: tuple[str, str, datetime] | None


def office(standing: Standing, today: date) -> Office:
    """Count units and people, and read the imports that wait: five queries."""
    units, people = recalled(
        standing, "office", today,
        lambda: (valid_units(standing, today).count(), present_people(standing, today).count()),
    )  # fmt: skip
    imports = visible(standing, Action.IMPORT_VIEW, Import)
    of_state = imports.aggregate(
        ready=Count("pk", filter=Q(state=ImportState.READY)), faulty=Count("pk", filter=Q(state=ImportState.FAULTY))
    )
    open_ = imports.filter(state__in=(ImportState.READY, ImportState.FAULTY)).order_by("created_at")[:SHOWN]
    last = imports.order_by("-id").values_list("file_name", "by__name", "created_at").first()
    return Office(
        units, people, of_state["ready"], of_state["faulty"],
        tuple(_waiting(one) for one in open_), last,
    )  # fmt: skip


OPEN_IMPORTS = """
SELECT i.id, i.state FROM intake_import i
WHERE i.state IN (%s, %s) OR i.id = (SELECT MAX(k.id) FROM intake_import k) ORDER BY i.id"""


def open_imports() -> tuple[tuple[int, str], ...]:
    """Return the last import and all that wait, with their states: what home pages show of imports changes with it."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_IMPORTS, [ImportState.READY.value, ImportState.FAULTY.value])
        return tuple(cursor.fetchall())


def _waiting(one: Import) -> Waiting:
    faulty = one.state == ImportState.FAULTY
    faults = len(one.faults) + one.more_faults
    return Waiting(one.pk, one.file_name, one.table, faulty, faults, one.counts, one.created_at)


def valid_units(standing: Standing, today: date) -> QuerySet[Unit]:
    """Return the units that somebody may see and that are valid today, their own offices apart."""
    own = [post.unit for post in standing.posts if post.is_authority]
    begun, open_ = Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today)
    return visible(standing, Action.UNIT_VIEW, Unit).filter(begun, open_).exclude(pk__in=own)


def present_people(standing: Standing, today: date) -> QuerySet[Person]:
    """Return the people whom somebody may see and who belong to a unit today."""
    here = Posting.objects.filter(belonging_on(today), person=OuterRef("pk"))
    return visible(standing, Action.PERSON_VIEW, Person).filter(Exists(here))


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """The unit of an officer or a leader, as it is recorded."""

    pk: int
    name: str
    code: str
    office: str
    officer: str
    leader: str
    phone: str
    authority: str
    people: int


def own_unit(standing: Standing, roles: frozenset[str], today: date) -> OwnUnit | None:
    """Read the unit at which one of the roles is held, and count its people: two queries."""
    at = next((post.unit for post in standing.posts if post.role in roles), None)
    fields = ("pk", "name", "code", "office", "officer", "leader", "phone", "authority__name")
    row = visible(standing, Action.UNIT_VIEW, Unit).filter(pk__in=[at]).values_list(*fields).first()
    if row is None:
        return None
    pk, name, code, office_, officer, leader, phone, authority = row
    people = recalled(standing, f"unit {pk}", today, present_people(standing, today).filter(unit=pk).count)
    return OwnUnit(pk, name, code, office_, officer, leader, phone, authority or "", people)


@dataclass(frozen=True, slots=True)
class Record:
    """A civil servant's own entry, and where they belonged when."""

    name: str
    code: str
    post: str
    unit: str
    postings: tuple[tuple[str, date | None, date | None], ...]


def record(standing: Standing) -> Record | None:
    """Read one's own entry: two queries."""
    own = visible(standing, Action.PERSON_VIEW, Person).filter(pk__in=[standing.person])
    row = own.values_list("name", "code", "post", "unit__name").first()
    if row is None:
        return None
    postings = Posting.objects.filter(person=standing.person).values_list("unit__name", "joined", "departed")
    return Record(*row, tuple(postings))


@dataclass(frozen=True, slots=True)
class Trail:
    """How far the journal is, what its last checkpoint covers, and what the security log heard in a day."""

    entries: int
    covered: int
    checked_at: datetime | None
    events: int
    failures: int
    denied: int


def trail(now: datetime) -> Trail:
    """Read the journal's head, its last checkpoint, and the last day's security events: three queries."""
    size = LogHead.objects.values_list("size", flat=True).first() or 0
    last = Checkpoint.objects.order_by("-size", "-id").values_list("size", "time").first()
    heard = SecurityEvent.objects.filter(time__gt=now - DAY).aggregate(
        all=Count("pk"), failures=Count("pk", filter=Q(kind__in=FAILURES)), denied=Count("pk", filter=Q(kind="denied"))
    )
    covered, at = last or (0, None)
    return Trail(size, covered, at, heard["all"], heard["failures"], heard["denied"])


@dataclass(frozen=True, slots=True)
class Machine:
    """How the deployment is: its jobs, its last backup, its disk in bytes."""

    failed: int
    running: int
    backup_at: datetime | None
    free: int
    size: int


def machine(home: Path, now: datetime) -> Machine:
    """Count jobs, find the last backup, ask the disk: one query."""
    jobs = Job.objects.aggregate(
        failed=Count("pk", filter=Q(state=JobState.FAILED, finished_at__gt=now - 7 * DAY)),
        running=Count("pk", filter=Q(state__in=(JobState.QUEUED, JobState.RUNNING))),
        backup=Max("finished_at", filter=Q(kind="backup", state=JobState.DONE)),
    )
    disk = shutil.disk_usage(home)
    return Machine(jobs["failed"], jobs["running"], jobs["backup"], disk.free, disk.total)


@dataclass(frozen=True, slots=True)
class Doors:
    """Accounts that need the security administrator."""

    accounts: int
    without_password: int
    links: int
    first_link_ends: datetime | None
    without_factor: int
    ending: int
    first_end: date | None


def doors(now: datetime, today: date) -> Doors:
    """Count accounts that cannot come in, or soon will not: three queries."""
    held = Membership.objects.filter(Membership.on(today), user=OuterRef("pk"), role__in=SECOND_FACTOR)
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    of_accounts = User.objects.filter(is_active=True).aggregate(
        all=Count("pk"),
        closed=Count("pk", filter=Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)),
        bare=Count("pk", filter=Q(Exists(held), ~Exists(factor))),
    )
    links = OneTimeLink.objects.filter(used_at=None, expires_at__gt=now)
    of_links = links.aggregate(all=Count("pk"), first=Min("expires_at"))
    ending = Membership.objects.filter(user__is_active=True, until__gte=today, until__lte=today + SOON)
    of_ends = ending.aggregate(all=Count("pk"), first=Min("until"))
    return Doors(
        of_accounts["all"], of_accounts["closed"], of_links["all"], of_links["first"], of_accounts["bare"],
        of_ends["all"], of_ends["first"],
    )  # fmt: skip
