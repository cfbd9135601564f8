"""What one role contributes to a home page."""

from dataclasses import dataclass
from datetime import date

from kaohe.web.pages.parts import Fact, Figure, Task


@dataclass(frozen=True, slots=True)
class Stay:
    """A unit to which a person belonged, from–to; an open end is None."""

    unit: str
    joined: date | None
    departed: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence for the head of the page, things to do, and a section of figures, facts and postings."""

    title: str
    sub: str = ""
    tasks: tuple[Task, ...] = ()
    figures: tuple[Figure, ...] = ()
    facts: tuple[Fact, ...] = ()
    stays: tuple[Stay, ...] = ()
