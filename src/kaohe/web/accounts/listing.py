"""The list of accounts: what was searched, its filters with their counts, and its page."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate

from kaohe.web.accounts.models import User
from kaohe.web.accounts.queries import accounts_page, counts_by_role, found, in_state
from kaohe.web.accounts.roles import TITLES, Role
from kaohe.web.lang.choice import say
from kaohe.web.pages.parts import Tab

STATES: dict[str, tuple[str, str]] = {
    "": ("全部状态", "any state"),
    "active": ("在用", "in use"),
    "new": ("还没有设密码", "no password yet"),
    "owing": ("缺动态码", "second factor missing"),
    "closed": ("已关闭", "closed"),
}


def listing(accounts: QuerySet[User], request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what the list shows; its state is in the address."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:60]
    state = request.GET.get("state", "")
    role = request.GET.get("role", "")
    narrowed = in_state(found(accounts, words), state, localdate(now))
    counts = counts_by_role(narrowed, localdate(now))
    page = accounts_page(narrowed, role, request, now)
    return {
        "page": page,
        "tabs": _tabs(request, role, counts),
        "states": [(key, say(*text)) for key, text in STATES.items()],
        "q": words, "state": state, "role": role,
    }  # fmt: skip


def _tabs(request: HttpRequest, role: str, counts: dict[str, int]) -> list[Tab]:
    shown = [Tab(_query(request, ""), say("全部", "All"), None, role not in Role.values)]
    for key in Role.values:
        if counts.get(key) or key == role:
            shown.append(Tab(_query(request, key), say(*TITLES[key]), counts.get(key, 0), key == role))
    return shown


def _query(request: HttpRequest, role: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["role"] = role
    return f"?{query.urlencode()}"
