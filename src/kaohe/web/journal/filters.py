"""What an address asks for: entries of an area, by words, between days, from a number on; events likewise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from kaohe.proof.entry import time_text

LONGEST_WORDS = 100
_LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What entries are asked for; `before` and `after` are numbers at which a page begins. bad: a day that is none."""

    area: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None
    after: int | None = None
    bad: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.area or self.words or self.since or self.until)

    def on_time(self) -> Q:
        """Return the condition on the day, in the deployment's time zone."""
        condition = Q()
        if self.since:
            condition &= Q(time__gte=time_text(_start(self.since)))
        if self.until:
            condition &= Q(time__lt=time_text(_start(self.until + timedelta(1))))
        return condition

    def address(self, **changed: object) -> str:
        """Return the query string of this filter with some of it changed; a page begins anew unless it says where."""
        other = replace(self, **{"before": None, "after": None, **changed})  # type: ignore[arg-type]
        said = {
            "area": other.area, "q": other.words, "from": other.since, "to": other.until,
            "before": other.before, "after": other.after,
        }  # fmt: skip
        return "?" + urlencode({name: str(value) for name, value in said.items() if value not in (None, "")})

    def said(self) -> dict[str, str]:
        """Return what is narrowed, without the words, which may be somebody's name."""
        said = {"area": self.area, "from": str(self.since or ""), "to": str(self.until or "")}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What events of the security log are asked for; `before` is the event after which a page begins."""

    kind: str = ""
    username: str = ""
    ip: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None
    bad: bool = False

    def condition(self) -> Q:
        """Return the condition on events."""
        condition = Q(**{name: value for name, value in (("kind", self.kind), ("address", self.ip)) if value})
        if self.username:
            condition &= Q(username=self.username)
        if self.since:
            condition &= Q(time__gte=_start(self.since))
        if self.until:
            condition &= Q(time__lt=_start(self.until + timedelta(1)))
        return condition

    def address(self, before: int | None = None) -> str:
        """Return the query string of this filter, of the page after `before`."""
        said = {"kind": self.kind, "username": self.username, "address": self.ip, "from": self.since, "to": self.until}
        return "?" + urlencode({name: str(v) for name, v in (said | {"before": before}).items() if v not in (None, "")})

    def said(self) -> dict[str, str]:
        """Return what is narrowed, without what may name somebody."""
        said = {"kind": self.kind, "from": str(self.since or ""), "to": str(self.until or "")}
        return {name: value for name, value in said.items() if value}


def entry_filter(said: Mapping[str, str]) -> EntryFilter:
    """Read a filter of entries from an address or a form; what cannot be read is left out and marked."""
    since, until = _day(said.get("from", "")), _day(said.get("to", ""))
    return EntryFilter(
        area=_clean(said.get("area", ""))[:60], words=_clean(said.get("q", ""))[:LONGEST_WORDS], since=since, until=until,
        before=_number(said.get("before", "")), after=_number(said.get("after", "")), bad=_bad(said, since, until),
    )  # fmt: skip


def event_filter(said: Mapping[str, str]) -> EventFilter:
    """Read a filter of events from an address or a form; what cannot be read is left out and marked."""
    since, until, ip = _day(said.get("from", "")), _day(said.get("to", "")), _ip(said.get("address", ""))
    return EventFilter(
        kind=_clean(said.get("kind", ""))[:40], username=_clean(said.get("username", "")).lower()[:60], ip=ip,
        since=since, until=until, before=_number(said.get("before", "")),
        bad=_bad(said, since, until) or bool(said.get("address") and not ip),
    )  # fmt: skip


def _bad(said: Mapping[str, str], since: date | None, until: date | None) -> bool:
    return bool((said.get("from") and not since) or (said.get("to") and not until))


def _clean(text: str) -> str:
    return "".join(character for character in text.strip() if character.isprintable())


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 3000 else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def _ip(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""
