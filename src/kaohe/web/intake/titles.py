"""What files may hold: the ten tables and the whole city folder, by name, in both languages."""

from collections.abc import Mapping

from kaohe.web.intake.models import CITY
from kaohe.web.journal.wording import TABLES
from kaohe.web.lang.choice import say

TITLES: Mapping[str, tuple[str, str]] = {CITY: TABLES[CITY]} | TABLES
"""The names that the journal says, the whole folder first."""


def title_of(table: str) -> str:
    """Say the name of a table."""
    return say(*TITLES[table])
