"""The security log, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.journal.filters import EventFilter
from kaohe.web.journal.models import SecurityEvent
from kaohe.web.journal.security import KINDS, title, told
from kaohe.web.lang.choice import say

PAGE = 50
_COLUMNS = ("pk", "time", "kind", "username", "user__name", "address", "detail")
_BAD = ("failed", "throttled", "denied")


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event; `refused`: somebody was turned away."""

    pk: int
    time: datetime
    kind: str
    done: str
    username: str
    name: str
    address: str
    detail: str
    refused: bool


@dataclass(frozen=True, slots=True)
class EventList:
    """A page of events, newest first; `older` and `newest` are addresses, empty where there is nothing."""

    rows: tuple[EventRow, ...]
    older: str
    newest: str


def events(standing: Standing, asked: EventFilter) -> "QuerySet[SecurityEvent]":
    """Return the events that a filter asks for, in no order."""
    return visible(standing, Action.SECURITY_LOG_VIEW, SecurityEvent).filter(asked.condition())


def event_list(standing: Standing, asked: EventFilter) -> EventList:
    """Return the page of events that a filter asks for."""
    found = events(standing, asked)
    if asked.before is not None:
        found = found.filter(pk__lt=asked.before)
    read = list(found.order_by("-pk").values_list(*_COLUMNS)[: PAGE + 1])
    rows = tuple(event_row(*values) for values in read[:PAGE])
    older = asked.address(rows[-1].pk) if len(read) > PAGE else ""
    return EventList(rows, older, asked.address() if asked.before is not None else "")


def event_row(
    pk: int, time: datetime, kind: str, username: str, name: str | None, address: str | None, detail: str
) -> EventRow:
    """Return an event as a page shows it."""
    refused = kind.rpartition(":")[2] in _BAD
    return EventRow(pk, time, kind, title(kind), username, name or "", address or "", told(detail), refused)


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of events with their titles, to choose from."""
    return [(kind, say(*words)) for kind, words in KINDS.items()]
