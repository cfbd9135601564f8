"""A database that is locked, not there, or cannot write: said in words, and nothing that was typed is lost.

A view's exception comes here by `process_exception`; one that a middleware raised (the session, the account) has
become the 500 page by then, which asks `is_busy` itself.
"""

import logging
from collections.abc import Callable, Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from kaohe.web.config.expired import kept

RETRY_SECONDS = 10
DEEPEST = 10
PASSING = ("08", "40", "53", "55P03", "57")
"""States of PostgreSQL that pass: no connection, a deadlock, too many connections, a lock, a shutdown."""
UNWRITABLE = ("53100", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC")
"""States of PostgreSQL and SQLite that somebody has to mend: a full disk, or one that does not take what is written."""
_log = logging.getLogger("django.request")


class BusyMiddleware:
    """Turns a locked database into a page that holds what was typed; never a 500."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 with what was typed."""
        return busy(request, error) if is_busy(error) else None


def is_busy(error: BaseException | None) -> bool:
    """Whether an error, or one behind it, says that the database is locked, not there or full; others are ours to mend.

    A session that cannot be saved, for one, is told by Django as a session that was deleted.
    """
    return any(_passes(one) or _is_unwritable(one) for one in _behind(error))


def _behind(error: BaseException | None) -> Iterator[Exception]:
    """Yield what the database said, of an error and those behind it."""
    seen = 0
    while error is not None and seen < DEEPEST:
        if isinstance(error, OperationalError | InterfaceError):
            yield error
        error, seen = error.__cause__ or error.__context__, seen + 1


def _is_unwritable(error: Exception) -> bool:
    cause = error.__cause__ or error
    state = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or ""
    return state.startswith(UNWRITABLE)


def _passes(error: Exception) -> bool:
    cause = error.__cause__ or error
    if hasattr(cause, "sqlstate"):
        return cause.sqlstate is None or cause.sqlstate.startswith(PASSING)
    return "locked" in str(error)


def busy(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Answer 503: try again in some seconds, with the same text; where somebody has to mend it, say so, and log why."""
    if any(map(_is_unwritable, _behind(error))):
        _log.error("The database cannot write: %s", request.path, exc_info=error)
        return kept(request, 503, "desk/unwritable.html")
    answer = kept(request, 503, "desk/busy.html")
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer
