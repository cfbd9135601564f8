"""A form that could not be taken: what was typed comes back, to be sent again or to be copied.

Only what our own page sent is offered for sending again: a foreign page must not lay words into a form of ours. A
password, a code and a file cannot be kept; a file is asked for again, and a form with a password is begun afresh.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from kaohe.web.accounts.standing import NOBODY
from kaohe.web.pages.plain import plain

SECRET = re.compile("pass(word|code)|token|secret|^code$|^otp", re.IGNORECASE)
"""Names of fields that are never shown again."""
UNREADABLE = (
    BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, UnreadablePostError, MultiPartParserError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: its fields with their values, the names of its files, and whether it held a secret."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    secret: bool = False

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """What somebody wrote: the fields that are worth reading."""
        return tuple(field for field in self.fields if _written(*field))

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """What goes along unseen: ticks, versions, ways back."""
        return tuple(field for field in self.fields if not _written(*field))


def _written(name: str, value: str) -> bool:
    return len(value.strip()) > 1 and value != "on" and name not in ("next", "version")


def typed(request: HttpRequest) -> Typed:
    """Read what was sent, as far as it can be read."""
    try:
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
        files = tuple((name, str(file.name)) for name, of in request.FILES.lists() for file in of)
    except UNREADABLE:
        return Typed()
    own = [(name, value) for name, value in pairs if name != "csrfmiddlewaretoken"]
    kept = tuple((name, value) for name, value in own if not SECRET.search(name))
    return Typed(kept, files, len(kept) < len(own))


def ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent this."""
    here = f"{request.scheme}://{request.get_host()}"
    if origin := request.headers.get("Origin"):
        return origin == here
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Referer", "").startswith(
        f"{here}/"
    )


def kept(request: HttpRequest, status: int, template: str = "desk/expired.html") -> HttpResponse:
    """Answer with what was typed, without a query; a request that typed nothing gets the page's words alone."""
    form = typed(request) if request.method == "POST" else Typed()
    again = request.method == "POST" and ours(request) and not form.secret
    signed_in = bool(getattr(request, "standing", NOBODY).user)
    return plain(request, template, status, form=form, again=again, path=request.get_full_path(), signed_in=signed_in)
