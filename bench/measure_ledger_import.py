"""How much does an import into the ledger cost over a raw one? A million attendance rows from CSV.

Ours reads the file with every check, lays it beside the ledger, lands it in short transactions and has it come into
force; the rival reads the same file with the same engine and puts its four columns into a bare table of the same database
by one raw `executemany`. Limit 2. Peak memory of ours, a process of its own, with 8 million rows against 2 million: at
most 1.5 times. Meanwhile another writer commits all the time: its longest wait is at most 5 s.

KAOHE_DATABASE names another database than SQLite; it must be empty or this bench's own.
"""

import itertools
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from measuring import DATA, ROUNDS, peak_memory, tell
from records import tables

RECORDS, PEOPLE = 1_000_000, 10_000
NOW = datetime(2010, 12, 31, tzinfo=UTC)
HOME = (DATA / "ledger").resolve()
BARE = "CREATE TABLE bare (activity TEXT, person TEXT, status TEXT, minutes BIGINT)"


def set_up() -> None:
    """Have Django over the bench's own database, with a city of these people and activities in it."""
    from kaohe.web.config.deployment import make_secret

    HOME.mkdir(parents=True, exist_ok=True)
    make_secret(HOME)
    os.environ |= {"KAOHE_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings"}
    import django

    django.setup()
    from kaohe.web.config.deployment import migrate
    from kaohe.web.organisation.models import Unit

    migrate()
    if not Unit.objects.exists():
        make_city()


def make_city() -> None:
    """Make an authority, its units, its people and activities, and an open round."""
    import duckdb
    from django.db import transaction

    from kaohe.standard.files import read_standard
    from kaohe.web.accounts.models import User
    from kaohe.web.organisation.models import Person, Posting, Unit
    from kaohe.web.organisation.tree import place
    from kaohe.web.rounds.models import Round, RoundUnit, State
    from kaohe.web.standards.models import StandardVersion
    from kaohe.web.training.models import Activity, LedgerChange

    city = tables(8 * RECORDS // PEOPLE, PEOPLE)
    with duckdb.connect() as engine, transaction.atomic():
        rows = {name: engine.execute(city[name]).fetchall() for name in ("units", "people", "activities")}
        top = Unit(code="0001", name="市公训办", is_authority=True)
        place(top, None)
        units = {}
        for code, name, group in rows["units"]:
            units[code] = Unit(code=code, name=name, peer_group=group)
            place(units[code], top)
        people = [
            Person(code=code, name=name, unit=units[unit], authority=top) for code, name, unit, _, _ in rows["people"]
        ]
        Person.objects.bulk_create(people)
        Posting.objects.bulk_create(Posting(person=one, unit_id=one.unit_id) for one in people)
        LedgerChange.objects.create(authority=top, number=1, begun_at=NOW, settled_at=NOW)
        Activity.objects.bulk_create(
            Activity(authority=top, since=1, code=code, unit=unit, form=form, title=title, starts_on=start, ends_on=end, minutes=int(hours * 60))
            for code, unit, form, title, start, end, hours in rows["activities"]
        )  # fmt: skip
        user, file = User.objects.create_user("bench", None, name="bench"), read_standard("benxi-2010")
        version = StandardVersion.objects.create(
            authority=top, name=file.standard.id, version="1", title_zh="", title_en="", file_name=file.name, content=file.content,
            digest=file.digest, added_at=NOW,
        )  # fmt: skip
        made = Round.objects.create(
            authority=top, standard=version, kind="annual", year=2010, start=date(2010, 1, 1), end=date(2010, 12, 31),
            due=date(2011, 1, 31), state=State.REPORTING, made_by=user, made_at=NOW, opened_at=NOW,
        )  # fmt: skip
        RoundUnit.objects.bulk_create(
            RoundUnit(round=made, unit=one, code=one.code, name=one.name, peer_group=one.peer_group)
            for one in units.values()
        )


def file_of(records: int) -> Path:
    """Write attendance as CSV, alone in a folder; reuse it where it is already there."""
    import duckdb

    folder = HOME / f"csv-{records}"
    if not (folder / "attendance.csv").exists():
        folder.mkdir(exist_ok=True)
        with duckdb.connect() as engine:
            attendance = tables(records // PEOPLE, PEOPLE)["attendance"]
            engine.execute(f"COPY ({attendance}) TO '{folder}/unfinished' (FORMAT csv, HEADER)")
        (folder / "unfinished").rename(folder / "attendance.csv")
    return folder


@contextmanager
def read(records: int) -> Iterator[tuple[object, object]]:
    """Read the file as the web does."""
    from kaohe.ledger.reading import open_ledger
    from kaohe.standard.files import read_standard
    from kaohe.terms import terms_of
    from kaohe.web.rounds.models import Round
    from kaohe.web.training.laying import MEMORY, Bounds, form_for

    a_round = Round.objects.select_related("authority").get()
    bounds = Bounds(a_round.authority, a_round, a_round.authority)
    form = form_for(bounds, ["attendance"])
    terms = terms_of(read_standard("benxi-2010").standard)
    with open_ledger(file_of(records), terms, form=form, memory=MEMORY) as ledger:
        yield ledger, bounds


def ours(records: int = RECORDS) -> None:
    """Read, lay, land, and have it come into force."""
    from django.db import transaction

    from kaohe.web.training.landing import begin, come_into_force, land
    from kaohe.web.training.laying import lay_beside
    from kaohe.web.training.touching import touched_units

    folder = HOME / "laid"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with read(records) as (ledger, bounds):
        marks = [time.perf_counter()]
        for _ in lay_beside(ledger, bounds, folder):
            pass
    marks.append(time.perf_counter())
    change = begin(bounds.authority, NOW)
    for _ in land(change, bounds, folder, ["attendance"], False):
        pass
    marks.append(time.perf_counter())
    units = touched_units(bounds.authority, change)
    with transaction.atomic():
        come_into_force(change, NOW, units)
    if "-v" in sys.argv:
        print("  laid {:.2f} s, landed {:.2f} s".format(*(b - a for a, b in itertools.pairwise(marks))))


def rival() -> None:
    """Read, and put the four columns into a bare table."""
    from django.db import connection, transaction

    with read(RECORDS) as (ledger, _), transaction.atomic():
        rows = ledger.connection.execute("SELECT activity, person, status, minutes FROM attendance").fetchall()
        mark = "%s" if connection.vendor == "postgresql" else "?"
        cursor = connection.connection.cursor()
        cursor.execute(BARE)
        cursor.executemany(f"INSERT INTO bare VALUES ({mark}, {mark}, {mark}, {mark})", rows)


def as_before() -> None:
    """Put the database back to where every run begins."""
    from django.db import connection

    from kaohe.web.training.models import LedgerChange

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bare")
            cursor.execute("TRUNCATE training_attendance")
            LedgerChange.objects.filter(number__gt=1).delete()
            cursor.execute("CHECKPOINT")
        return
    kept = HOME / "before.sqlite3"
    if kept.exists():
        connection.close()
        for name in ("kaohe.sqlite3-wal", "kaohe.sqlite3-shm"):
            (HOME / name).unlink(missing_ok=True)
        shutil.copyfile(kept, HOME / "kaohe.sqlite3")
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(HOME / "kaohe.sqlite3", kept)


def taken(run: Callable[[], None]) -> float:
    """Return the seconds of a run on the database as it was before."""
    as_before()
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


OTHER = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from measure_ledger_import import set_up
set_up()
from django.db import transaction
from django.utils import timezone
from kaohe.web.organisation.models import Unit
longest, print_ready = 0.0, print("ready", flush=True)
end = time.monotonic() + 600
while not os.path.exists(sys.argv[2]) and time.monotonic() < end:
    begun = time.monotonic()
    with transaction.atomic():
        Unit.objects.filter(code="0001").update(phone=str(begun))
    longest = max(longest, time.monotonic() - begun)
    time.sleep(0.02)
print(longest)
"""


def longest_wait() -> float:
    """Return how long another writer waits at most while ours runs."""
    as_before()
    stop = HOME / "stop"
    stop.unlink(missing_ok=True)
    words = [sys.executable, "-c", OTHER, str(Path(__file__).parent), str(stop)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        try:
            ours()
        finally:
            stop.touch()
        return float(other.stdout.read())


def main() -> int:
    set_up()
    file_of(RECORDS)
    figures: dict[str, list[float]] = {"ours": [], "rival": []}
    for turn in range(ROUNDS + 1):
        for name, run in (("ours", ours), ("rival", rival)):
            figure = taken(run)
            if turn:
                figures[name].append(figure)
    middle = {name: statistics.median(some) for name, some in figures.items()}
    kept = tell("import / reading and raw executemany, 1 M rows", middle["ours"], middle["rival"], 2.0)
    peaks = []
    for records in (2 * RECORDS, 8 * RECORDS):
        file_of(records)
        as_before()
        peaks.append(peak_memory([sys.executable, __file__, str(records)]) / 2**20)
    kept &= tell("peak memory, 8 M / 2 M rows", peaks[1], peaks[0], 1.5, "MB")
    kept &= tell("another writer's longest wait / 5 s", longest_wait(), 5.0, 1.0)
    return 0 if kept else 1


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1].isdigit():
        set_up()
        ours(int(sys.argv[1]))
        sys.exit(0)
    sys.exit(main())
