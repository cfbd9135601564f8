"""Two at once: a round is drafted once, opened once, closed once."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from kaohe.standard.files import read_standard
from kaohe.web.accounts.models import User
from kaohe.web.journal.models import LogEntry
from kaohe.web.rounds.models import Round, State
from kaohe.web.rounds.procedure import (
    AlreadyThere,
    ChangedMeanwhile,
    NotADraft,
    NotOpen,
    RoundWords,
    StandardGone,
    close_round,
    create_round,
    open_round,
)
from kaohe.web.standards.procedure import add, remove
from kaohe.web.training.models import UnitFigures
from tests.web.city import City, city_with_accounts
from tests.web.rounds.hands import draft_of
from tests.web.training.loaded import NOW, version_of


@pytest.fixture
def city(committed: None) -> City:
    return city_with_accounts()


def both(step: Callable[[], object]) -> list[str]:
    """Do a step twice at the same moment; return what became of either."""
    barrier, found = Barrier(2), list[str]()

    def run() -> None:
        barrier.wait()
        try:
            step()
            found.append("done")
        except (AlreadyThere, ChangedMeanwhile, NotADraft, NotOpen) as refused:
            found.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_a_round_is_drafted_once(city: City) -> None:
    top, office = city.units["0001"], User.objects.get(username="office")
    draft = draft_of(top)
    words = RoundWords(
        top, version_of(top), "annual", 2011, draft.start, draft.end, draft.due, [city.units["D01"], city.units["D02"]]
    )

    assert both(lambda: create_round(words, office, NOW)) == ["AlreadyThere", "done"]
    assert Round.objects.filter(year=2011).count() == 1


def test_a_version_is_drafted_upon_or_removed_and_never_both(city: City) -> None:
    top, office, draft = city.units["0001"], User.objects.get(username="office"), draft_of(city.units["0001"])
    version, _ = add(top, read_standard("qinghe-2024"), office, NOW)
    words = RoundWords(top, version, "annual", 2011, draft.start, draft.end, draft.due, [])
    steps: list[Callable[[], object]] = [
        lambda: remove(version, office, NOW) or "kept",
        lambda: create_round(words, office, NOW) and "drafted",
    ]
    barrier, found = Barrier(2), list[object]()

    def run(step: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found.append(step())
        except StandardGone:
            found.append("gone")
        finally:
            connection.close()

    threads = [Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(found) in ({True, "gone"}, {"kept", "drafted"})


def test_a_round_is_opened_once_and_closed_once(city: City) -> None:
    office, draft = User.objects.get(username="office"), draft_of(city.units["0001"])

    opened = both(lambda: open_round(draft.pk, 1, office, NOW))
    closed = both(lambda: close_round(draft.pk, office, NOW))

    assert (opened, closed) == (["NotADraft", "done"], ["NotOpen", "done"])
    assert Round.objects.get().state == State.CLOSED
    assert UnitFigures.objects.filter(round=draft, stale=False).count() == 3
    actions = list(LogEntry.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["round:create", "round:open", "round:close"]
