"""Everybody on a unit's staff who lacks something under a criterion, as a list."""

from dataclasses import dataclass

from django.urls import reverse

from kaohe.documents.record_wording import hours as record_hours
from kaohe.web.accounts.permissions import Action, may
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say, spoken
from kaohe.web.rounds.models import RoundUnit, State
from kaohe.web.rounds.wording import round_title
from kaohe.web.standards.queries import standard_of
from kaohe.web.standing.facts import staff_of
from kaohe.web.standing.missing import HOURS, Lack, hours, lacks_of, personal_metric
from kaohe.web.standing.unit_page import handbooks
from kaohe.web.training.figures import window


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who lacks something: hours done, owed and lacking where it is hours, or what it is; `url`: the handbook."""

    code: str
    name: str
    done: str
    wanted: str
    rest: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class LackingPage:
    """The people who lack something under a criterion, the nearest to it first."""

    id: str
    title: str
    unit: str
    unit_url: str
    round: str
    round_url: str
    sub: str
    in_hours: bool
    people: tuple[Person, ...]
    remind: str


def lacking_page(assessed: RoundUnit, standing: Standing, criterion_id: str) -> LackingPage | None:
    """Return who lacks what under a criterion; None where it asks nothing of single persons."""
    a_round = assessed.round
    standard = standard_of(a_round.standard).standard
    metric = personal_metric(standard, criterion_id)
    if metric is None:
        return None
    lacks = lacks_of(metric, staff_of(a_round, assessed.code), window(a_round))
    address = [a_round.pk, assessed.unit_id, criterion_id]
    reminds = lacks and a_round.state == State.REPORTING and may(standing, Action.MESSAGE_WRITE, assessed.unit)
    urls = handbooks(a_round, standing, (lack.person_id for lack in lacks))
    return LackingPage(
        id=criterion_id,
        title=standard.criterion(criterion_id).title.within(spoken()),
        unit=assessed.name,
        unit_url=reverse("standing", args=address[:2]),
        round=round_title(a_round),
        round_url=reverse("round", args=[a_round.pk]),
        sub=_sub(metric, lacks),
        in_hours=metric in HOURS,
        people=tuple(_person(lack, urls.get(lack.person_id, "")) for lack in lacks),
        remind=reverse("remind", args=address) if reminds else "",
    )


def _sub(metric: str, lacks: list[Lack]) -> str:
    if not lacks:
        return say("没有缺的人。", "Nobody lacks anything.")
    if metric in HOURS:
        rest = hours(sum(lack.rest for lack in lacks))
        return say(
            f"{len(lacks)} 人没有修满 {hours(lacks[0].wanted)} 学时，共缺 {rest} 学时。",
            f"{len(lacks)} {'falls' if len(lacks) == 1 else 'fall'} short of {hours(lacks[0].wanted)} hours: {rest} hours in all.",
        )
    return say(f"{len(lacks)} 人：{lacks[0].text}。", f"{len(lacks)}: {lacks[0].text}.")


def _person(lack: Lack, url: str) -> Person:
    done, wanted, rest = map(record_hours, (lack.done, lack.wanted, lack.rest))
    return Person(lack.code, lack.name, done, wanted, rest, lack.text, url)
