"""What every page shows around its content: letterhead, navigation, footer."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kaohe import __version__
from kaohe.web.accounts.permissions import Action, can
from kaohe.web.accounts.roles import title
from kaohe.web.accounts.standing import NOBODY, Standing
from kaohe.web.journal.models import Checkpoint
from kaohe.web.lang.choice import say
from kaohe.web.pages.letterhead import letterhead


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the main navigation."""

    url: str
    title: str
    current: bool


PLACES: tuple[tuple[str, Action | None, tuple[str, str]], ...] = (
    ("home", None, ("首页", "Home")),
    ("units", Action.UNIT_VIEW, ("单位", "Units")),
    ("people", Action.PERSON_VIEW, ("人员", "People")),
    ("imports", Action.IMPORT_VIEW, ("导入", "Imports")),
    ("accounts", Action.ACCOUNT_VIEW, ("账号", "Accounts")),
    ("journal", Action.JOURNAL_VIEW, ("日志", "Journal")),
    ("security-log", Action.SECURITY_LOG_VIEW, ("安全日志", "Security log")),
    ("jobs", Action.SYSTEM_VIEW, ("后台任务", "Background work")),
)
"""The main navigation: the address, what one must be able to do, the title."""


def places(standing: Standing, here: str) -> list[Place]:
    """Return the navigation of somebody who is at the address `here`."""
    found = [(reverse(name), words) for name, action, words in PLACES if action is None or can(standing, action)]
    home = reverse("home")
    within = max(
        (url for url, _ in found if here.startswith(url) and (url != home or here == home)), key=len, default=""
    )
    return [Place(url, say(*words), url == within) for url, words in found]


def house(request: HttpRequest) -> dict[str, Any]:
    """Give the templates what surrounds each page."""
    standing: Standing = getattr(request, "standing", NOBODY)
    return {
        "house_title": settings.CONFIGURATION.title,
        "house_letterhead": letterhead(settings.CONFIGURATION.title),
        "house_office": settings.CONFIGURATION.office,
        "house_contact": settings.CONFIGURATION.contact,
        "house_version": __version__,
        "demo": settings.CONFIGURATION.demo,
        "display": getattr(request, "display", None),
        "standing": standing,
        "places": places(standing, request.path) if standing.posts else [],
        "post_title": f"{standing.posts[0].unit_name} {title(standing.posts[0].role)}" if standing.posts else "",
        "now": timezone.now(),
        "checkpoint": last_checkpoint() if standing.posts else None,
    }


def last_checkpoint() -> Checkpoint | None:
    """Return the journal's last checkpoint; None where the database does not answer, for a page must say so."""
    try:
        return Checkpoint.objects.order_by("-size", "-id").only("size", "root").first()
    except DatabaseError:
        return None
