"""What the components show, as values: texts are already in the language that is being spoken."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that answers the heading (`components/figures.html`); `url`: where its things are listed."""

    label: str
    value: str
    unit: str = ""
    bad: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A thing to do (`components/tasks.html`): when, matter, one action; `main` where it is the next step of the page."""

    when: str
    note: str
    title: str
    text: str = ""
    url: str = ""
    action: str = ""
    over: bool = False
    main: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value (`components/kv.html`); `hash`: a digest or a code, in fixed width."""

    label: str
    value: str
    url: str = ""
    hash: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter as a link (`components/tabs.html`); `state` gives it the sign of a state."""

    url: str
    label: str
    count: int | None = None
    current: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the procedure (`components/phases.html`): `state` is `done`, `now` or empty."""

    title: str
    note: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people wrote (`components/conflict.html`): what is stored now, and what was typed."""

    label: str
    stored: str
    typed: str

    @property
    def same(self) -> bool:
        """Whether both wrote the same."""
        return self.stored == self.typed


class Outcome(Enum):
    """What became of a form that two may fill in at once; what was there already counts as written."""

    WRITTEN = "written"
    FAULTY = "faulty"
    CONFLICT = "conflict"
