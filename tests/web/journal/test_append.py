"""One change, one entry, one transaction; numbers without a gap; nothing of it is ever changed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kaohe.proof import merkle
from kaohe.web.journal.append import TILE, change
from kaohe.web.journal.checkpoints import make
from kaohe.web.journal.models import Checkpoint, LogEntry, LogHead, LogTile, PersonalValue
from kaohe.web.journal.verification import Tally, differences
from kaohe.web.organisation.models import Unit
from tests.depth import deep
from tests.web.city import City, city_with_accounts
from tests.web.journal.entries import AT, write


class Injected(Exception):
    """What a test lets a statement fail with."""


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """Let the n-th SQL statement fail; yield what was run."""
    run: list[str] = []

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        run.append(sql)
        if len(run) == number:
            raise Injected
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield run


def rename(unit: Unit, name: str) -> None:
    """A write path: a change of a unit with a sealed value and two entries, the second the last of a tile."""
    with change("office", AT) as log:
        unit.name = name
        unit.save()
        log.says("unit:rename", f"unit {unit.pk}", {"officer": log.sealed("张三")})
        log.says("unit:edit", f"unit {unit.pk}", {"name": name})


def state(unit: Unit) -> tuple[object, ...]:
    return (
        Unit.objects.get(pk=unit.pk).name,
        LogEntry.objects.count(),
        LogHead.objects.values_list("size", flat=True).get(),
        LogTile.objects.count(),
        PersonalValue.objects.count(),
    )


def test_a_fault_at_any_statement_leaves_the_change_and_its_entry_both_or_neither(committed: None) -> None:
    unit = city_with_accounts().units["D01"]
    write(TILE - 2)
    before, number = state(unit), 0
    outcomes = []

    while True:
        number += 1
        with failing_at(number) as run:
            try:
                rename(Unit.objects.get(pk=unit.pk), "新名")
            except Injected:
                pass
            else:
                break
        outcomes.append(state(unit) == before)
        assert list(differences(Tally())) == []

    assert len(run) == number - 1 >= 6
    assert all(outcomes)
    assert state(unit) == ("新名", TILE, TILE, 1, 1)


def test_writers_at_once_leave_no_gap(committed: None) -> None:
    threads, changes, faults = 20, deep(5, 25), []

    def work(name: str) -> None:
        try:
            write(changes, actor=name)
        except Exception as error:  # told by the test itself
            faults.append(error)
        finally:
            connection.close()

    running = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()

    assert faults == []
    total = threads * changes
    assert list(LogEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(total))
    assert LogHead.objects.get().size == total
    assert LogHead.objects.get().areas == {"unit": total}
    assert list(differences(Tally())) == []


def test_an_entry_is_refused_inside_a_transaction_of_somebody_else(committed: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        write(1)

    assert LogEntry.objects.count() == 0


def test_a_change_inside_a_change_joins_it(db: None) -> None:
    with change("office", AT) as outer:
        outer.says("unit:edit", "unit 1", {})
        with change("office", AT) as inner:
            inner.says("unit:edit", "unit 2", {})
        outer.says("unit:edit", "unit 3", {})

        assert LogEntry.objects.count() == 0

    assert list(LogEntry.objects.order_by("seq").values_list("object", flat=True)) == ["unit 1", "unit 2", "unit 3"]


def test_an_inner_change_that_fails_is_gone_with_its_entry(city: City) -> None:
    unit = city.units["D01"]

    with change("office", AT) as outer:
        with pytest.raises(Injected), change("office", AT) as inner:
            Unit.objects.filter(pk=unit.pk).update(name="x")
            inner.says("unit:edit", "unit 2", {})
            raise Injected
        outer.says("unit:edit", "unit 1", {})

    assert list(LogEntry.objects.values_list("object", flat=True)) == ["unit 1"]
    assert Unit.objects.get(pk=unit.pk).name == unit.name


def test_an_inner_change_of_somebody_else_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="inside a change of office"), change("office", AT), change("leader", AT):
        pass


@pytest.mark.parametrize(
    ("action", "thing", "payload"),
    [
        ("edit", "unit 1", {}), ("Unit:edit", "unit 1", {}), ("unit:edit:", "unit 1", {}), ("unit:edit" + "x" * 60, "unit 1", {}),
        ("unit:edit", "", {}), ("unit:edit", "unit\n1", {}), ("unit:edit", "x" * 201, {}), ("unit:edit", "unit \ud800", {}),
        ("unit:edit", "unit 1", {"points": 4.5}), ("unit:edit", "unit 1", {"name": "\ud800"}), ("unit:edit", "unit 1", {1: 2}),
    ],
)  # fmt: skip
def test_what_is_not_of_its_form_is_refused_with_the_whole_change(
    city: City, action: str, thing: str, payload: dict[str, object]
) -> None:
    unit = city.units["D01"]

    with pytest.raises((ValueError, TypeError)), change("office", AT) as log:
        Unit.objects.filter(pk=unit.pk).update(name="x")
        log.says(action, thing, payload)

    assert LogEntry.objects.count() == 0
    assert Unit.objects.get(pk=unit.pk).name == unit.name


@pytest.mark.parametrize("actor", ["", "x" * 101, "a\nb"])
def test_an_actor_is_a_user_name(db: None, actor: str) -> None:
    with pytest.raises(ValueError, match="user name"), change(actor, AT):
        pass


def test_a_payload_is_canonical_as_it_was_said(db: None) -> None:
    with change("office", AT) as log:
        log.says("unit:edit", "unit 1", {"b": Decimal("4.50"), "a": "e\u0301"})

    entry = LogEntry.objects.get()
    assert bytes(entry.payload).decode() == '{"a":"é","b":"4.50"}'
    assert entry.time == "2026-11-20T04:00:00.000000Z"


def test_tiles_are_the_roots_over_256_entries_however_they_came(db: None) -> None:
    for count in (1, 254, 2, 300):
        with change("office", AT) as log:
            for number in range(count):
                log.says("unit:edit", f"unit {number}", {})

    leaves = [bytes(leaf) for leaf in LogEntry.objects.order_by("seq").values_list("leaf", flat=True)]
    tiles = dict(LogTile.objects.values_list("n", "root"))
    assert {n: bytes(root) for n, root in tiles.items()} == {
        0: merkle.root(leaves[:256]), 1: merkle.root(leaves[256:512])
    }  # fmt: skip


STATEMENTS = {
    "journal_logentry": ("UPDATE journal_logentry SET actor = 'x'", "DELETE FROM journal_logentry"),
    "journal_checkpoint": ("UPDATE journal_checkpoint SET size = 0", "DELETE FROM journal_checkpoint"),
    "journal_logtile": ("UPDATE journal_logtile SET n = 7", "DELETE FROM journal_logtile"),
}


@pytest.mark.parametrize("table", STATEMENTS)
def test_the_database_refuses_to_change_remove_or_empty_what_was_recorded(db: None, table: str) -> None:
    write(TILE)
    make("daily", AT)
    refused = list(STATEMENTS[table])
    if connection.vendor == "postgresql":
        refused.append(f"TRUNCATE {table} CASCADE")
    else:
        refused.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")

    for statement in refused:
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert (LogEntry.objects.count(), Checkpoint.objects.count(), LogTile.objects.count()) == (TILE, 1, 1)


def test_django_s_own_ways_are_refused_too(db: None) -> None:
    write(2)
    entry = LogEntry.objects.get(seq=0)

    for attempt in (entry.save, entry.delete, LogEntry.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_no_checkpoint_is_made_inside_a_change(db: None) -> None:
    with change("office", AT), pytest.raises(RuntimeError):
        make("unit:edit", AT)
