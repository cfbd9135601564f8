"""The kinds of work there are: each a generator that yields after every step it has committed.

What a generator returns is the job's outcome. It is started again with the cursor of its last step after a crash,
so a step must be committed together with nothing else that counts on it, or be harmless when done twice.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from kaohe.web.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is: where to go on after a crash, steps done, steps in all (0 while unknown)."""

    cursor: Any
    done: int
    of: int


Work = Callable[[Job], Generator[Step, None, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its name, its title in Chinese and English, what it does, and whether it is due every day."""

    name: str
    title: tuple[str, str]
    work: Work
    daily: bool = False


KINDS: dict[str, Kind] = {}


def kind(name: str, zh: str, en: str, *, daily: bool = False) -> Callable[[Work], Work]:
    """Register a kind of work; to be used in a module `work.py` of an app, which is loaded when the app is ready."""

    def register(work: Work) -> Work:
        KINDS[name] = Kind(name, (zh, en), work, daily)
        return work

    return register
