"""The tables that files come in for."""

from collections.abc import Callable, Mapping

from kaohe.web.intake.people import People
from kaohe.web.intake.target import Target
from kaohe.web.intake.units import Units

TARGETS: Mapping[str, Callable[[], Target]] = {"units": Units, "people": People}


def target_of(table: str) -> Target:
    """Return a table as a target, for one piece of work; KeyError where files of that name do not come in."""
    return TARGETS[table]()
