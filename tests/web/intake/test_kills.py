"""Real processes and kill -9: a worker dies at any moment of reading, landing or taking back, and nothing is half there.

Each case has a deployment of its own, copied from one in which a file waits. Moments are spread over the time that an
undisturbed worker takes: so they fall into what comes before the writing, into it, into the transaction that puts it in
force, and into what follows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random

import pytest

from tests.depth import PROVE, deep
from tests.web.config.places import FIRST, Deployment, drop_database, empty_place
from tests.web.intake.deployed import PEOPLE, UNITS, Inside, Row, Said, Worker, Writer, digest_of, inside

ACTIVITIES = deep(66, 200)
"""How many of them the file that is killed has attendance of; so it has some 20,000 rows, or 60,000."""
OLD = ACTIVITIES * 2 // 3
"""Of how many the ledger has attendance before it."""
MANY = deep(40_000, 200_000) // PEOPLE
"""How many of them the larger file has attendance of, beside which others write."""
PORTION = PEOPLE * ACTIVITIES // 80
"""Some thirty portions."""
STATUSES = ("present", "present", "leave", "present", "absent")
FORMS = ("lecture", "half_day", "online", "class")
CASES = deep(1, 12)
LIVES = 2
"""How many workers die over one import."""
EVERYWHERE = {"in": {"settling, written", "confirmed"}, "back": {"returning, written", "taken_back"}}
"""Where some of the kills must have fallen."""


def status(person: int, activity: int, turn: int) -> str:
    return STATUSES[(person * 7 + activity * 3 + turn) % len(STATUSES)]


def row(person: int, activity: int, turn: int) -> Row:
    of = status(person, activity, turn)
    return f"P{person:03}", f"A{activity:03}", of, 60 if of == "leave" else None


def rows(first: int, last: int, turn: Callable[[int, int], int | None]) -> dict[tuple[str, str], Row]:
    """Rows of everybody at some activities, by their keys; those of whom there is no turn are left out."""
    made = (
        row(person, activity, of)
        for activity, person in product(range(first, last), range(PEOPLE))
        if (of := turn(person, activity)) is not None
    )
    return {(one[0], one[1]): one for one in made}


BEFORE = rows(0, OLD, lambda person, activity: 0)
# one in eleven is missing, one in seven says otherwise; of the activities that come after the old ones, all is new
FILE = rows(0, ACTIVITIES, lambda p, a: None if (p + a) % 11 == 0 and a < OLD else int((p * 5 + a) % 7 == 0))
AFTER = {True: FILE, False: BEFORE | FILE}
"""By whether the file was declared complete."""


def attendance(found: dict[tuple[str, str], Row]) -> str:
    """Write a file of attendance."""
    lines = (
        f"{activity},{person},{of},{'' if minutes is None else minutes / 60}"
        for person, activity, of, minutes in found.values()
    )
    return "\n".join(["activity,person,status,hours", *lines]) + "\n"


def activities() -> str:
    """Write a file of all activities."""
    lines = (
        f"A{n:03},{f'D{n % UNITS:02}' if n % 3 else ''},{FORMS[n % 4]},活动{n},2010-03-{n % 28 + 1:02},2010-04-{n % 28 + 1:02},3.0"
        for n in range(max(ACTIVITIES, MANY))
    )
    return "\n".join(["id,unit,form,title,starts_on,ends_on,hours", *lines]) + "\n"


@dataclass
class Prepared:
    """A deployment in which two files wait to be confirmed, and another in which the complete one was.

    imports: by whether it is complete; read: what the complete one was read as; before, after: what is seen of the
    ledger; seconds: how long an undisturbed worker takes, by what it does; fell: where kills fell.
    """

    place: Deployment
    settled: Deployment
    imports: dict[bool, int]
    read: Said
    before: Said
    after: Said
    seconds: dict[str, float]
    fell: list[tuple[str, str]] = field(default_factory=list)


def _prepared(folder: Path, made: list[Deployment]) -> Prepared:
    made.append(place := empty_place(folder / "waiting" / "home"))
    done = place.run("init", *FIRST)
    assert done.returncode == 0, done.stderr
    seconds, imports = {}, {}
    with inside(place) as there:
        there.ask("found", activities())
        there.ask("brought", "attendance", attendance(BEFORE))
        imports[True] = there.ask("send", "attendance", attendance(FILE), True)
        seconds["read"] = Worker(place, 0).ended()
        imports[False] = there.ask("send", "attendance", attendance(FILE), False)
        there.ask("work")
        read, before = there.ask("import", imports[True]), there.ask("seen", imports[True])
    made.append(measured := place.copied(folder / "measured" / "home"))
    with inside(measured) as there:
        there.ask("confirm", imports[True])
        seconds["in"] = Worker(measured, 0, PORTION).ended()
        after = there.ask("seen", imports[True])
        made.append(settled := measured.copied(folder / "settled" / "home"))
        there.ask("take back", imports[True])
        seconds["back"] = Worker(measured, 0, PORTION).ended()
    return Prepared(place, settled, imports, read, before, after, seconds)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The deployments from which every case has a copy; in the end, kills are to have fallen everywhere."""
    made = list[Deployment]()
    try:
        found = _prepared(tmp_path_factory.mktemp("kills"), made)
        yield found
        for kind, everywhere in EVERYWHERE.items():
            fell = [where for of, where in found.fell if of == kind]
            # a process of many that share the cases knows of its own kills only
            assert not PROVE or len(fell) < CASES * LIVES or everywhere <= set(fell), fell
    finally:
        for place in made:
            if place.database:
                drop_database(place.database)


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Callable[[Deployment], Deployment]]:
    """Copy a deployment for one test."""
    made = list[Deployment]()

    def copy(place: Deployment) -> Deployment:
        made.append(place.copied(tmp_path / f"{len(made)}" / "home"))
        return made[-1]

    yield copy
    for place in made:
        if place.database:
            drop_database(place.database)


def moments(kind: str, case: int, whole: float) -> Iterator[float]:
    """When workers die: the first of each case in its own part of the time, the next in what is left of it."""
    random, left = Random(f"{kind} {case}"), whole
    yield (moment := (case + random.random()) / CASES * left)
    while True:
        left = max(left - moment, whole / 4)
        yield (moment := random.random() * left)


def shown(seen: Said) -> tuple[str, str, str]:
    """What readers are shown: the rows, what is measured in them, the figures of pages."""
    return seen["rows"], seen["measured"], seen["figures"]


def killed(place: Deployment, there: Inside, pk: int, prepared: Prepared, kind: str, case: int) -> Iterator[Said]:
    """Have worker after worker begin or go on, and die; tell what is seen after each.

    In every third case the first dies while it puts the import in force, or shortly afterwards.
    """
    when = moments(kind, case, prepared.seconds[kind])
    for lives in range(LIVES):
        worker, moment = Worker(place, lives, PORTION), next(when)
        if case % 3 == 2 and not lives:
            hit = worker.killed_after(moment / 4, of_last_step=True)
        else:
            hit = worker.killed_after(moment)
        seen = there.ask("seen", pk)
        where = f"{seen['state']}{', written' if seen['on_the_way'] else ''}"
        prepared.fell.append((kind, where if hit else "ended"))
        yield seen


@pytest.mark.parametrize("case", range(CASES))
def test_a_worker_killed_on_the_way_in_leaves_all_or_nothing(
    prepared: Prepared, copied: Callable[[Deployment], Deployment], case: int
) -> None:
    complete = case % 2 == 0
    place, pk = copied(prepared.place), prepared.imports[complete]
    wanted, before = digest_of(AFTER[complete].values()), shown(prepared.before)
    with inside(place) as there:
        there.ask("confirm", pk)
        for seen in killed(place, there, pk, prepared, "in", case):
            assert seen["rows"] == wanted if seen["state"] == "confirmed" else shown(seen) == before

        Worker(place, LIVES, PORTION).ended()

        seen, whole, found = there.ask("seen", pk), there.ask("whole", pk), there.ask("import", pk)
    assert (seen["state"], seen["rows"]) == ("confirmed", wanted)
    counts = found["counts"]
    assert seen["written"] == len(BEFORE) + counts["new"] + counts["changed"]
    assert counts["new"] == len(FILE.keys() - BEFORE.keys())
    assert counts["absent"] == len(BEFORE.keys() - FILE.keys())
    assert (whole["amiss"], whole["changes"]) == ([], [1, 2, 3])
    assert whole["said"] == ["import:upload", "import:confirm"]
    if complete:
        assert seen == prepared.after
        assert found["digest"] == found["laid"] == prepared.read["laid"]


@pytest.mark.parametrize("case", range(CASES))
def test_a_worker_killed_on_the_way_back_leaves_all_or_nothing(
    prepared: Prepared, copied: Callable[[Deployment], Deployment], case: int
) -> None:
    place, pk = copied(prepared.settled), prepared.imports[True]
    before, after = shown(prepared.before), shown(prepared.after)
    with inside(place) as there:
        there.ask("take back", pk)
        for seen in killed(place, there, pk, prepared, "back", case):
            assert shown(seen) == (before if seen["state"] == "taken_back" else after)

        Worker(place, LIVES, PORTION).ended()

        seen, whole, found = there.ask("seen", pk), there.ask("whole", pk), there.ask("import", pk)
    assert (seen["state"], shown(seen)) == ("taken_back", before)
    assert seen["rows"] == digest_of(BEFORE.values())
    assert seen["written"] == prepared.after["written"] + found["counts"]["changed"] + found["counts"]["absent"]
    assert (whole["amiss"], whole["changes"]) == ([], [1, 2, 3, 4])
    assert whole["said"] == ["import:upload", "import:confirm", "import:take_back"]


@pytest.mark.parametrize("case", range(CASES))
def test_a_reader_that_is_killed_is_followed_by_one_that_reads_the_same(
    prepared: Prepared, copied: Callable[[Deployment], Deployment], case: int
) -> None:
    place = copied(prepared.place)
    with inside(place) as there:
        files, pk = there.ask("files"), there.ask("send", "attendance", attendance(FILE), True)
        Worker(place, 0).killed_after(next(moments("read", case, prepared.seconds["read"])))
        seen = there.ask("seen", pk)
        assert seen["state"] in ("reading", "ready")
        assert shown(seen) == shown(prepared.before)

        Worker(place, 1).ended()

        seen, whole, found = there.ask("seen", pk), there.ask("whole", pk), there.ask("import", pk)
        assert there.ask("files") == files + 1
    assert found == prepared.read
    assert shown(seen) == shown(prepared.before)
    assert (whole["amiss"], whole["said"]) == ([], ["import:upload"])


def test_nobody_who_writes_meanwhile_fails_or_waits_long(
    prepared: Prepared, copied: Callable[[Deployment], Deployment]
) -> None:
    place, many = copied(prepared.place), BEFORE | rows(OLD, MANY, lambda person, activity: 0)
    with inside(place) as there:
        pk = there.ask("send", "attendance", attendance(many), False)
        there.ask("work")
        there.ask("confirm", pk)
        writer = Writer(place)

        Worker(place, 0).ended()

        wrote, seen = writer.ended(), there.ask("seen", pk)
        whole = there.ask("whole", pk)
    assert wrote["count"] > 10
    assert wrote["longest"] < 5
    assert (seen["state"], seen["rows"]) == ("confirmed", digest_of(many.values()))
    assert whole["amiss"] == []
