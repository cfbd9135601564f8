"""Rounds in words: their title, their state, and how far off the due day is."""

from datetime import date

from kaohe.web.lang.choice import many, say
from kaohe.web.lang.dates import day_text, full_day_text
from kaohe.web.rounds.models import Round, State
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.queries import standard_of, title_of
from kaohe.web.standards.wording import title_in

STATES: dict[str, tuple[str, str, str]] = {
    State.DRAFT: ("todo", "草案", "Draft"),
    State.REPORTING: ("part", "填报中", "Reporting"),
    State.CLOSED: ("lock", "已结束", "Closed"),
}
"""The sign of a state and its words."""


def round_title(a_round: Round) -> str:
    """Return what a round is called, in the language that is being spoken: 2010年全年考核, Annual round of 2010."""
    return title_in(standard_of(a_round.standard).standard, a_round.kind, a_round.year)


def version_title(version: StandardVersion) -> str:
    """Return what a version of a standard is called."""
    return say(f"{title_of(version)}（{version}）", f"{title_of(version)} ({version})")


def state_words(state: str) -> tuple[str, str]:
    """Return the sign of a state and its word."""
    sign, zh, en = STATES[state]
    return sign, say(zh, en)


def period_text(start: date, end: date) -> str:
    """Write a period: 2010-01-01 至 2010-12-31."""
    return say(f"{start} 至 {end}", f"{start} to {end}")


def due_text(due: date, today: date) -> str:
    """Write a due day to its last hour, with its year where it is not the present one."""
    day = day_text(due) if due.year == today.year else full_day_text(due)
    return say(f"{day} 24:00", f"{day}, 24:00")


def distance(due: date, today: date) -> str:
    """Say how far off the due day is."""
    days = (due - today).days
    if days > 0:
        return say(f"还有 {days:,} 天", f"{many(days, 'day', 'days')} left")
    if days == 0:
        return say("就是今天", "today")
    return say(f"已过 {-days:,} 天", f"{many(-days, 'day', 'days')} ago")
