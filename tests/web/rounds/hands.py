"""Rounds made by hand, and their form as a browser sends it back."""

import json
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from kaohe.web.accounts.models import User
from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.rounds.procedure import RoundWords, create_round
from kaohe.web.standards.models import StandardVersion
from tests.web.training.loaded import FILE, NOW, version_of


def draft_of(authority: Unit, kind: str = "annual", year: int = 2010, units: list[Unit] | None = None) -> Round:
    """A draft of an authority over all units directly below it that have a group, or over some."""
    version: StandardVersion = version_of(authority)
    start, end = FILE.standard.rounds[kind].period(year)
    own = list(Unit.objects.filter(authority=authority).exclude(peer_group="")) if units is None else units
    due = FILE.standard.rounds[kind].due_on(year)
    words = RoundWords(authority, version, kind, year, start, end, due, own)
    return create_round(words, User.objects.get(username="office"), NOW)


def fields(page: str) -> dict[str, Any]:
    """The form of a draft as a browser would send it back."""
    sent: dict[str, Any] = {"unit": []}
    for tag in re.findall(r"<input[^>]*>", page[page.index('id="draft"') :]):
        name, value = re.search(r' name="([a-z_]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if not name or name[1] == "csrfmiddlewaretoken":
            continue
        if 'type="checkbox"' in tag:
            sent["unit"] += [value[1]] if value and " checked" in tag else []
        else:
            sent[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]* name="([a-z]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def opened(client: Client, address: str) -> dict[str, Any]:
    """The form at an address as a browser would send it back."""
    return fields(client.get(address).content.decode())


def faults(answer: HttpResponse) -> dict[str, str]:
    """The faults of a page, by field."""
    return dict(re.findall(r'id="([a-z]+)-err">(.*?)</p>', answer.content.decode()))


def said(entry: LogEntry) -> dict[str, Any]:
    """What an entry of the journal says."""
    told: dict[str, Any] = json.loads(bytes(entry.payload))
    return told
