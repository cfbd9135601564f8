"""What a round's page shows: where it stands, its particulars, and its units by group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse

from kaohe.web.accounts.permissions import Action, can, may, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say, spoken
from kaohe.web.lang.dates import moment_text
from kaohe.web.organisation.models import Unit
from kaohe.web.pages.parts import Fact
from kaohe.web.rounds.editing import last_editor
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.rounds.queries import units_seen
from kaohe.web.rounds.wording import (
    distance,
    due_text,
    period_text,
    round_title,
    state_words,
    version_title,
)
from kaohe.web.standards.queries import standard_of


@dataclass(frozen=True, slots=True)
class RoundHead:
    """The head of a round's page: its title, where things stand in a sentence, and what somebody may do next."""

    pk: int
    title: str
    authority: str
    sign: str
    state: str
    sentence: str
    late: bool
    may_change: bool
    may_close: bool
    may_export: bool
    shows_city: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of a round; `url` is empty where its page is not theirs to see."""

    number: int
    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """The units of one group, as far as they stand on the page; `count` of them are in the round."""

    title: str
    count: int
    lines: tuple[UnitLine, ...]


def head_of(a_round: Round, standing: Standing, today: date) -> RoundHead:
    """Return the head of a round's page."""
    manages = can(standing, Action.ROUND_MANAGE) and may(standing, Action.ROUND_MANAGE, a_round)
    sign, state = state_words(a_round.state)
    seen = units_seen(standing, a_round) if a_round.state != State.DRAFT else frozenset()
    return RoundHead(
        pk=a_round.pk,
        title=round_title(a_round),
        authority=a_round.authority.name,
        sign=sign,
        state=state,
        sentence=sentence_of(a_round, today),
        late=a_round.state == State.REPORTING and a_round.due < today,
        may_change=manages and a_round.state == State.DRAFT,
        may_close=manages and a_round.state == State.REPORTING,
        may_export=seen is None or bool(seen),
        shows_city=seen is None,
    )


def sentence_of(a_round: Round, today: date) -> str:
    """Say in one sentence where a round stands."""
    if a_round.state == State.CLOSED and a_round.closed_at:
        day = moment_text(a_round.closed_at)
        return say(
            f"{day} 结束，不再收记录，数字停在那时。",
            f"Closed {day}: it takes no records any more, and its figures stay as they were.",
        )
    due, off = due_text(a_round.due, today), distance(a_round.due, today)
    if a_round.state == State.DRAFT:
        return say(
            f"还可以修改，只有训练办公室看得到。{due} 截止，{off}。",
            f"It can still be changed, and only the training office sees it. Due {due}: {off}.",
        )
    return say(f"正在收记录。{due} 截止，{off}。", f"It takes records. Due {due}: {off}.")


def facts_of(a_round: Round, today: date) -> tuple[Fact, ...]:
    """Return the particulars of a round."""
    version = a_round.standard
    return (
        Fact(say("标准", "Standard"), version_title(version), reverse("standard", args=[version.pk])),
        Fact(say("标准摘要", "Standard's digest"), version.digest, hash=True),
        Fact(say("主管机关", "Authority"), a_round.authority.name),
        Fact(say("期间", "Period"), period_text(a_round.start, a_round.end)),
        Fact(say("截止", "Due"), due_text(a_round.due, today)),
        Fact(say("拟定", "Drafted"), _by(a_round.made_by.name, a_round.made_at)),
        Fact(say("开始填报", "Opened"), _moment(a_round.opened_at)),
        Fact(say("结束", "Closed"), _moment(a_round.closed_at)),
        Fact(say("最后改动", "Last changed by"), last_editor(a_round.pk)),
    )


def units_of(a_round: Round) -> tuple[RoundUnit, ...]:
    """Return the units of a round by group in the standard's order, each group in the official order."""
    places = {group: place for place, group in enumerate(_titles(a_round))}
    units = RoundUnit.objects.filter(round=a_round).order_by("official_order", "code")
    return tuple(sorted(units, key=lambda unit: (places.get(unit.peer_group, len(places)), unit.peer_group)))


def groups_of(
    a_round: Round, units: Sequence[RoundUnit], shown: Iterable[RoundUnit], standing: Standing
) -> tuple[UnitGroup, ...]:
    """Return the units of a page in their groups, with two queries more; `units` are all of the round's in their order."""
    shown = list(shown)
    addresses = _addresses(a_round, [unit.unit_id for unit in shown], standing)
    numbers = {unit.pk: number for number, unit in enumerate(units, 1)}
    titles = _titles(a_round)
    return tuple(
        UnitGroup(
            titles.get(group, group),
            sum(unit.peer_group == group for unit in units),
            tuple(UnitLine(numbers[unit.pk], unit.code, unit.name, addresses.get(unit.unit_id, "")) for unit in held),
        )
        for group, held in groupby(shown, lambda unit: unit.peer_group)
    )


def counted(a_round: Round, units: Iterable[RoundUnit]) -> str:
    """Say how many units of each group there are: 县区 6、部门 40."""
    found, titles = [unit.peer_group for unit in units], _titles(a_round)
    groups = [*titles, *sorted(set(found) - set(titles))]
    return say("、", ", ").join(f"{titles.get(g, g)} {found.count(g):,}" for g in groups if g in found)


def _titles(a_round: Round) -> dict[str, str]:
    return {group.id: group.title.within(spoken()) for group in standard_of(a_round.standard).standard.groups}


def _addresses(a_round: Round, units: Sequence[int], standing: Standing) -> dict[int, str]:
    """Return where units are shown to somebody: where they stand in the round, else what they are."""
    found: dict[int, str] = {}
    for action, name, before in (
        (Action.UNIT_VIEW, "unit", []),
        (Action.STANDING_VIEW, "standing", [a_round.pk]),
    ):
        if a_round.state != State.DRAFT or action is Action.UNIT_VIEW:
            seen = visible(standing, action, Unit).filter(pk__in=units).values_list("pk", flat=True)
            found |= {pk: reverse(name, args=[*before, pk]) for pk in seen}
    return found


def _moment(at: datetime | None) -> str:
    return moment_text(at) if at else ""


def _by(name: str, at: datetime) -> str:
    return say(f"{moment_text(at)} {name}", f"{moment_text(at)}, {name}")
