"""What every page shows around its content: letterhead, navigation, footer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, cast

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from kaohe import __version__
from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.models import User
from kaohe.web.accounts.permissions import Action, can
from kaohe.web.accounts.roles import title
from kaohe.web.accounts.standing import NOBODY, Standing
from kaohe.web.desk import frame
from kaohe.web.lang.choice import say, spoken
from kaohe.web.pages.display import Display
from kaohe.web.pages.letterhead import letterhead
from kaohe.web.pages.remembered import head_of


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the main navigation."""

    url: str
    title: str
    current: bool


PLACES: tuple[tuple[str, Action | None, tuple[str, str]], ...] = (
    ("home", None, ("首页", "Home")),
    ("standards", Action.STANDARD_VIEW, ("标准", "Standards")),
    ("rounds", Action.ROUND_VIEW, ("考核轮次", "Rounds")),
    ("my-standing", Action.STANDING_OWN, ("本单位台账", "Our standing")),
    ("my-handbook", Action.HANDBOOK_OWN, ("训练手册", "My handbook")),
    ("units", Action.UNIT_VIEW, ("单位", "Units")),
    ("people", Action.PERSON_VIEW, ("人员", "People")),
    ("imports", Action.IMPORT_VIEW, ("导入", "Imports")),
    ("outbox", Action.MESSAGE_VIEW, ("发件箱", "Outbox")),
    ("accounts", Action.ACCOUNT_VIEW, ("账号", "Accounts")),
    ("journal", Action.JOURNAL_VIEW, ("日志", "Journal")),
    ("security-log", Action.SECURITY_LOG_VIEW, ("安全日志", "Security log")),
    ("jobs", Action.SYSTEM_VIEW, ("后台任务", "Background work")),
)
"""The main navigation: the address, what one must be able to do, the title."""


BELOW_ROUNDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d+/units/"), "my-standing"),
    (re.compile(r"\d+/people/"), "my-handbook"),
)
"""Pages below a round that are in another place, for those who have it."""


@cache
def _address(name: str) -> str:
    """Return where a page is: addresses do not change while the process lives."""
    return reverse(name)


def places(standing: Standing, here: str) -> list[Place]:
    """Return the navigation of somebody who is at the address `here`."""
    found = [(_address(name), words) for name, action, words in PLACES if action is None or can(standing, action)]
    within = _place_of(here, [url for url, _ in found])
    return [Place(url, say(*words), url == within) for url, words in found]


def _place_of(here: str, urls: Sequence[str]) -> str:
    """Return in which of these places an address is; empty where it is in none."""
    rounds, home = _address("rounds"), _address("home")
    for below, name in BELOW_ROUNDS:
        if here.startswith(rounds) and below.match(here, len(rounds)) and _address(name) in urls:
            return _address(name)
    return max((url for url in urls if here.startswith(url) and (url != home or here == home)), key=len, default="")


MOST_COUNTED = 100
"""How far the letterhead counts unread notices; beyond, it says that there are more."""
_letterhead = cache(letterhead)


def house(request: HttpRequest) -> dict[str, Any]:
    """Give the templates what surrounds each page; head and foot are made when a template asks for them."""
    standing: Standing = getattr(request, "standing", NOBODY)
    display: Display | None = getattr(request, "display", None)
    return {
        "house_title": settings.CONFIGURATION.title,
        "house_letterhead": _letterhead(settings.CONFIGURATION.title),
        "house_office": settings.CONFIGURATION.office,
        "house_contact": settings.CONFIGURATION.contact,
        "house_version": __version__,
        "house_switches": frame.switches(spoken(), display),
        "house_mast": partial(_mast, request, standing),
        "house_foot": partial(_foot, request, standing, display),
        "demo": settings.CONFIGURATION.demo,
        "display": display,
        "standing": standing,
        "next": request.get_full_path(),
    }


def _mast(request: HttpRequest, standing: Standing) -> SafeString:
    found = tuple((place.url, place.title, place.current) for place in places(standing, request.path))
    user = getattr(request, "user", None)
    who = user.name if isinstance(user, User) else ""
    post = f"{standing.posts[0].unit_name} {title(standing.posts[0].role)}" if standing.posts else ""
    here = found if standing.posts else ()
    unread = min(standing.unread, MOST_COUNTED)
    return frame.filled(frame.mast(spoken(), settings.CONFIGURATION.title, here, who, post, unread), request)


def _foot(request: HttpRequest, standing: Standing, display: Display | None) -> SafeString:
    minute = timezone.now().replace(second=0, microsecond=0)
    last = last_checkpoint(request) if standing.posts else None
    return frame.filled(frame.foot(spoken(), display, minute, last), request)


def last_checkpoint(request: HttpRequest) -> frame.Signed | None:
    """Return the journal's last checkpoint; None where the database does not answer, for a page must say so."""
    try:
        head = head_of(cast(PageRequest, request))
    except DatabaseError:
        return None
    return (head.size, head.root) if head.checkpoint else None
