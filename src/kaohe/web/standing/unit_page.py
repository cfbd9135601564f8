"""Where a unit stands in a round, as its page shows it: each measured criterion with its points and what is missing.

Only what the ledger says: no judgement is read here, neither the unit's own nor anybody's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from kaohe.assessment.scoring import BonusScore, CriterionScore
from kaohe.documents.charts import score_bar
from kaohe.documents.metric_wording import metric_wording
from kaohe.documents.numerals import plain, points
from kaohe.documents.reasons import clause_of
from kaohe.documents.record_wording import hours
from kaohe.documents.rule_wording import rule_sentence
from kaohe.documents.sum_wording import sum_sentence
from kaohe.standard.model import Criterion
from kaohe.web.accounts.permissions import Action, may, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say, spoken
from kaohe.web.organisation.models import Person
from kaohe.web.pages.parts import Figure, Task
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.rounds.wording import round_title
from kaohe.web.standards.queries import standard_of
from kaohe.web.standing.city import gap_of
from kaohe.web.standing.facts import facts_of
from kaohe.web.standing.missing import HOURS, Lack
from kaohe.web.standing.unit_gaps import Case, Detail, Gap, bulletins_text, entry_details, gap_in
from kaohe.web.standing.unit_scores import (
    bonus_now,
    bonus_words,
    figure_of,
    given_of,
    measures_nothing,
    metric_of,
    points_now,
    progress_of,
    scored,
    word_of,
)
from kaohe.web.standing.unit_sources import source_of, terms_of, updated_on
from kaohe.web.training.figures import window

SHOWN = 12
"""How many people a criterion lists; a page of its own has all of them."""
EASIEST = 4
TABLE_BAR = {"width": 150, "height": 10}
PAST = frozenset({"class_points"})
"""Metrics that nobody can mend any more: the classes are over."""


@dataclass(frozen=True, slots=True)
class Name:
    """A line of a list: somebody or something, and what there is to say; `url`: the person's handbook."""

    title: str
    note: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured criterion.

    figure, progress: how far its figure is, as text and as a bar; given, bar: its points; word: in place of points,
    where there are none; lost: the points that are missing; gap, missing: what is, in few words and in a sentence;
    lacks: how many people lack something, of whom `names` begins with the first; more: where all of them are listed;
    remind: where reminders to them are drafted.
    """

    id: str
    title: str
    clause: str
    rule: str
    data: str
    figure: str
    progress: SafeString
    given: str
    full: str
    bar: SafeString
    word: str
    lost: str
    gap: str
    missing: str
    names: tuple[Name, ...]
    lacks: int
    more: str
    remind: str
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion whose points come from the inspection; shown: what the ledger has beside it."""

    id: str
    title: str
    clause: str
    full: str
    shown: str
    source: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the standard and its criteria; given, measured: the measured points now, and how many there are."""

    title: str
    given: str
    measured: str
    full: str
    criteria: tuple[Measured | Judged, ...]


@dataclass(frozen=True, slots=True)
class Bonus:
    """A bonus: its points, what they are for, and who earned them."""

    title: str
    given: str
    text: str
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit's page: the heading, the table of what is measured, what is easiest to mend, every point explained."""

    name: str
    round: str
    round_url: str
    closed: bool
    sub: str
    figures: tuple[Figure, ...]
    measured: tuple[Measured, ...]
    easiest: tuple[Task, ...]
    items: tuple[Item, ...]
    bonuses: tuple[Bonus, ...]
    given: str
    full: str
    source: str


def unit_page(assessed: RoundUnit, standing: Standing) -> UnitPage:
    """Return what somebody may see of where a unit stands; names only to whom they are shown."""
    return _Reading(assessed, standing).page()


def handbooks(a_round: Round, standing: Standing, people: Iterable[int]) -> dict[int, str]:
    """Return the addresses of those handbooks that somebody may open: not of who has left the unit since."""
    seen = visible(standing, Action.HANDBOOK_VIEW, Person).filter(pk__in=set(people)).values_list("pk", flat=True)
    return {pk: reverse("handbook", args=[a_round.pk, pk]) for pk in seen}


class _Reading:
    """The facts of a unit, read once, and put into words criterion by criterion."""

    def __init__(self, assessed: RoundUnit, standing: Standing) -> None:
        self._assessed, self._round = assessed, assessed.round
        self._standard = standard_of(self._round.standard).standard
        self._window = window(self._round)
        self._facts = facts_of(self._round, assessed.code)
        self._result = scored(assessed, self._standard)
        self._updated = updated_on(self._round)
        self._open = self._round.state == State.REPORTING
        self._names = may(standing, Action.NAMES_VIEW, assessed.unit)
        self._reminds = self._open and may(standing, Action.MESSAGE_WRITE, assessed.unit)
        self._handbooks = handbooks(self._round, standing, self._people()) if self._names else {}

    def page(self) -> UnitPage:
        """Return the page."""
        scores = [one for one in self._result.criteria if one.criterion.kind == "measured"]
        shown = {one.criterion.id: self._measured(one) for one in scores}
        given, full = points_now(scores)
        return UnitPage(
            name=self._assessed.name,
            round=round_title(self._round),
            round_url=reverse("round", args=[self._round.pk]),
            closed=not self._open,
            sub=_sub(scores, shown),
            figures=(
                Figure(say("台账得分", "From the ledger"), points(given), f"/ {plain(full)}"),
                Figure(say("加分", "Bonus"), points(bonus_now(self._standard, self._result))),
                Figure(say("参加考核", "Assessed"), f"{self._result.unit.headcount:,}", say("人", "people")),
            ),
            measured=tuple(shown.values()),
            easiest=tuple(_easiest(scores, shown)) if self._open else (),
            items=tuple(self._items(shown)),
            bonuses=tuple(map(self._bonus, self._result.bonuses)),
            given=points(given),
            full=plain(full),
            source=terms_of(self._round, self._updated),
        )

    def _people(self) -> list[int]:
        facts = self._facts
        return [one.pk for one in facts.staff] + [one.pk for one in facts.trainees] + [one.pk for one in facts.entries]

    def _items(self, shown: Mapping[str, Measured]) -> Iterable[Item]:
        for item in self._standard.items:
            scores = [self._result.criterion(one.id) for one in item.criteria if one.kind == "measured"]
            given, full = points_now(scores)
            criteria = tuple(shown.get(one.id) or self._judged(one) for one in item.criteria)
            measured = plain(full) if scores else ""
            yield Item(item.title.within(spoken()), points(given), measured, plain(item.points), criteria)

    def _measured(self, one: CriterionScore) -> Measured:
        criterion, gap = one.criterion, gap_in(Case(one, self._facts, self._window))
        title, given, full = criterion.title.within(spoken()), given_of(one), plain(criterion.points)
        number, figure, word, lost = len(gap.lacks), figure_of(one), word_of(one), gap_of(one)
        return Measured(
            id=criterion.id,
            title=title,
            clause=clause_of(criterion, self._standard, spoken()),
            rule=rule_sentence(criterion, self._standard, self._round.kind, spoken()),
            data=sum_sentence(one, spoken()) or "",
            figure=figure,
            progress=_bar(score_bar(progress_of(one), 1, label=f"{title} {figure or word}", **TABLE_BAR)),
            given=given,
            full=full,
            bar=_bar(score_bar(one.score or 0, criterion.points, label=f"{given} / {full}")),
            word=word,
            lost=points(lost) if lost else "",
            gap=gap.short,
            missing=gap.text,
            names=self._listed(gap),
            lacks=number,
            more=self._address("standing-lacking", criterion) if self._names and number > SHOWN else "",
            remind=self._address("remind", criterion) if self._reminds and number else "",
            source=source_of(metric_of(criterion), self._facts, self._updated),
        )

    def _listed(self, gap: Gap) -> tuple[Name, ...]:
        """The people and things of a gap; whoever may see no names is told of things alone."""
        people = [Name(one.name, lack_note(one), self._handbooks.get(one.person_id, "")) for one in gap.lacks[:SHOWN]]
        return (*(people if self._names else ()), *self._details(gap.details))

    def _details(self, details: Iterable[Detail]) -> Iterable[Name]:
        for one in details:
            if one.person is None:
                yield Name(one.title, one.note)
            elif self._names:
                yield Name(one.title, one.note, self._handbooks.get(one.person, ""))

    def _judged(self, criterion: Criterion) -> Judged:
        metric = criterion.shows or ""
        return Judged(
            id=criterion.id,
            title=criterion.title.within(spoken()),
            clause=clause_of(criterion, self._standard, spoken()),
            full=plain(criterion.points),
            shown=self._beside(metric),
            source=source_of(metric, self._facts, self._updated) if metric else "",
        )

    def _beside(self, metric: str) -> str:
        """A figure that stands beside a judged criterion and gives no points."""
        if metric == "bulletin_count":
            return bulletins_text(self._facts.bulletins)
        measure = self._result.unit.metrics.get(metric)
        return metric_wording(metric).counted(measure[0], spoken()) if measure else ""

    def _bonus(self, one: BonusScore) -> Bonus:
        placed = one.bonus.metric == "province_placings"
        levels = ("province",) if one.bonus.metric.startswith("province_") else ()
        earned = [entry for entry in self._facts.entries if entry.place is not None or not placed]
        names = tuple(self._details(entry_details(earned, levels)))
        return Bonus(one.bonus.title.within(spoken()), points(one.points), bonus_words(one, self._standard), names)

    def _address(self, page: str, criterion: Criterion) -> str:
        return reverse(page, args=[self._round.pk, self._assessed.unit_id, criterion.id])


def lack_note(lack: Lack) -> str:
    """Say in few words how much somebody lacks, as in a column; nothing where it is all or nothing."""
    return say(f"缺 {hours(lack.rest)} 学时", f"{hours(lack.rest)} h") if lack.metric in HOURS else ""


def _sub(scores: list[CriterionScore], shown: Mapping[str, Measured]) -> str:
    """The heading's sentence: the points now, how many are missing, and where most of them are."""
    given, full = points_now(scores)
    said = say(
        f"台账能算的 {len(scores)} 项，现在得 {points(given)} 分，满分 {plain(full)} 分",
        f"The {len(scores)} criteria that the ledger measures bring {points(given)} of {plain(full)} points now",
    )
    worst = max(scores, key=gap_of, default=None)
    if worst is None or not gap_of(worst):
        return said + say("，一项不缺。", "; nothing is missing.")
    most = shown[worst.criterion.id]
    what = say(f"（{most.gap}）", f" ({most.gap})") if most.gap else ""
    lost = points(full - given)
    return said + say(
        f"，还缺 {lost} 分，最多的是 {most.id}{what}。", f"; {lost} are missing, most of them at {most.id}{what}."
    )


def _can_be_mended(one: CriterionScore) -> bool:
    """Whether records could still bring points: there is something to measure, and it is not over."""
    return not measures_nothing(one) and metric_of(one.criterion) not in PAST


def _easiest(scores: Iterable[CriterionScore], shown: Mapping[str, Measured]) -> Iterable[Task]:
    """What brings most points, of what can still be mended."""
    losing = [one for one in scores if gap_of(one) and _can_be_mended(one)]
    for one in sorted(losing, key=gap_of, reverse=True)[:EASIEST]:
        row = shown[one.criterion.id]
        yield Task(
            when=f"+{row.lost}",
            note=row.id,
            title=row.gap or row.title,
            text=row.title if row.gap else "",
            url=f"#{row.id}",
            action=say("看缺什么", "What is missing"),
        )


def _bar(picture: str) -> SafeString:
    """A picture of ours is markup already."""
    return SafeString(picture)
