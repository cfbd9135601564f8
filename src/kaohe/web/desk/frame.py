"""The head and the foot of a page, made once for all pages that have the same.

They differ between two requests of one person only in the token of their forms and in where these lead back to:
both are put in their places afterwards.
"""

from datetime import datetime
from functools import lru_cache
from secrets import token_hex

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kaohe.web.lang.choice import Spoken
from kaohe.web.pages.display import Display

TOKEN, NEXT = token_hex(16), token_hex(16)
"""What stands for the two until they are known; nobody can guess it, so nobody's name can hold it."""

Places = tuple[tuple[str, str, bool], ...]
Signed = tuple[int, str]


def filled(part: str, request: HttpRequest) -> SafeString:
    """Return a part with the token of a request and its address in their places."""
    return mark_safe(part.replace(TOKEN, get_token(request)).replace(NEXT, escape(request.get_full_path())))  # noqa: S308 - both are escaped


@lru_cache(512)
def mast(spoken: Spoken, house_title: str, places: Places, who: str, post_title: str, unread: int) -> str:
    """Return the letterhead; `who` is empty before sign-in; `unread`: notices, at most 100."""
    shown = [{"url": url, "title": title, "current": current} for url, title, current in places]
    values = {
        "house_title": house_title, "places": shown, "who": who, "post_title": post_title,
        "unread": unread, "unread_text": f"{unread - 1}+" if unread > 99 else str(unread), "csrf_token": TOKEN, "next": NEXT,
    }  # fmt: skip
    return render_to_string("layout/mast.html", values)


@lru_cache(128)
def foot(spoken: Spoken, display: Display | None, minute: datetime, checkpoint: Signed | None) -> str:
    """Return the foot, as it is within a minute; `checkpoint` is the size and the root of the last one."""
    signed = {"size": checkpoint[0], "root": checkpoint[1]} if checkpoint else None
    values = {"now": minute, "checkpoint": signed, "house_switches": switches(spoken, display)}
    return render_to_string("layout/foot.html", values | {"csrf_token": TOKEN, "next": NEXT})


@lru_cache(64)
def switches(spoken: Spoken, display: Display | None) -> SafeString:
    """Return the buttons of language, light and type size."""
    return render_to_string("layout/switches.html", {"display": display})
