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
from typing import Any

from django.db.models import Subquery
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.journal.models import Checkpoint, LogHead
from kaohe.web.lang.choice import spoken


class Memory:
    """The parts that were used last, by their key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._parts: OrderedDict[Hashable, SafeString] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Hashable) -> SafeString | None:
        """Return a part, which is then the last used; None where it is not remembered."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def keep(self, key: Hashable, part: SafeString) -> None:
        """Remember a part, and forget the one that was not used for longest."""
        with self._lock:
            self._parts[key] = part
            while len(self._parts) > self.most:
                self._parts.popitem(last=False)


MEMORY = Memory(300)


def head() -> tuple[bytes, int]:
    """Return the journal's head and its last checkpoint: what has changed since cannot be told from either alone."""
    signed = Checkpoint.objects.order_by("-id").values("id")[:1]
    found = LogHead.objects.annotate(signed=Subquery(signed)).values_list("frontier", "signed").first()
    return (bytes(found[0]), found[1] or 0) if found else (b"", 0)


def remembered(
    request: PageRequest, template: str, today: date, make: Callable[[], dict[str, Any]], address: str | None = None
) -> SafeString:
    """Return a rendered part of a page; `make` gives its values where it is not remembered.

    The head is read before `make` runs: what changes in between is at worst remembered under a head that is over.
    address: what of the address it depends on; None: all of it.
    """
    asked = request.get_full_path() if address is None else address
    standing = request.standing
    key = (template, asked, standing.posts, standing.person, spoken(), today, head())
    part = MEMORY.recall(key)
    if part is None:
        part = render_to_string(template, make())
        MEMORY.keep(key, part)
    return part
