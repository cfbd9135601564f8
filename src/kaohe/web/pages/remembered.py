"""Parts of pages that are remembered until somebody changes something.

Every change of the organisation leaves an entry in the journal in its own transaction, so the journal's head is a
version of all that is shown of it: a part made at one head holds until the head moves. It is shared by all who hold
the same roles at the same units, in one language, on one day, at one address; a process remembers a few hundred.
Only for parts that show journalled data and nothing of the request but its address: no form, no flash message.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.standing import Standing
from kaohe.web.journal.head import Head, head
from kaohe.web.lang.choice import spoken

V = TypeVar("V")


class Memory:
    """The parts that were used last, by their key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._parts: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Hashable) -> Any:
        """Return a part, which is then the last used; None where it is not remembered."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def keep(self, key: Hashable, part: object) -> None:
        """Remember a part, and forget the one that was not used for longest."""
        with self._lock:
            self._parts[key] = part
            while len(self._parts) > self.most:
                self._parts.popitem(last=False)


MEMORY = Memory(300)


def head_of(request: PageRequest) -> Head:
    """Return the journal's head as it was when a request first asked for it."""
    if not hasattr(request, "journal_head"):
        request.journal_head = head()
    return request.journal_head


def remembered(
    request: PageRequest, template: str, today: date, make: Callable[[], dict[str, Any]], *, also: Hashable = None
) -> SafeString:
    """Return a rendered part of a page; `make` gives its values where it is not remembered.

    The head is read before `make` runs: what changes in between is at worst remembered under a head that is over.
    `also`: whatever else the part shows, as a value that changes with it.
    """
    standing = request.standing
    key = (
        template, request.get_full_path(), standing.posts, standing.person, spoken(), today, head_of(request), also,
    )  # fmt: skip
    return _kept(key, lambda: render_to_string(template, make()))


def recalled(standing: Standing, name: Hashable, today: date, make: Callable[[], V], at: Head | None = None) -> V:
    """Return what somebody may know of the journalled data on a day, such as a count; `make` works it out anew.

    `at`: the journal's head, where it is known already.
    """
    return _kept((name, standing.posts, standing.person, spoken(), today, at or head()), make)


def _kept(key: Hashable, make: Callable[[], V]) -> V:
    found: V | None = MEMORY.recall(key)
    if found is None:
        found = make()
        MEMORY.keep(key, found)
    return found
