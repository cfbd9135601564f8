"""The topmost authority, with which a system begins."""

from datetime import datetime

from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Unit
from kaohe.web.organisation.tree import place


def found(code: str, name: str, now: datetime) -> Unit:
    """Make the authority under which all units will stand, and say so in the journal."""
    with change("system", now) as log:
        top = Unit(code=code, name=name, is_authority=True)
        place(top, None)
        log.says("unit:found", f"unit {top.pk}", {"code": code, "name": name})
    return top
