"""Where the journal stands: its head and its last checkpoint, asked for with every page."""

from dataclasses import dataclass

from django.db import connection

HEAD = """
SELECT h.frontier, c.id, c.size, c.root
FROM journal_loghead h
LEFT JOIN journal_checkpoint c ON c.id = (SELECT k.id FROM journal_checkpoint k ORDER BY k.size DESC, k.id DESC LIMIT 1)"""
"""Written out, as `standing.HELD` is: to build it from querysets takes longer than to run it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The journal's frontier, and the number, the size and the root of its last checkpoint (0, 0 and empty: none).

    Every change of journalled data moves it, so it is a version of all that pages show of them.
    """

    frontier: bytes = b""
    checkpoint: int = 0
    size: int = 0
    root: str = ""


def head() -> Head:
    """Read the head: one query."""
    with connection.cursor() as cursor:
        cursor.execute(HEAD)
        row = cursor.fetchone()
    return Head(bytes(row[0]), row[1] or 0, row[2] or 0, row[3] or "") if row else Head()
