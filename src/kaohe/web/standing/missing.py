"""Who on a unit's staff lacks what under a measured criterion: the people who can still be reminded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.documents.numerals import plain
from kaohe.ledger.metrics import Window
from kaohe.standard.model import Standard
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.standards.queries import standard_of
from kaohe.web.standing.facts import StaffMember, staff_of
from kaohe.web.training.figures import window

HOURS = {"self_study_rate": ("自学自练", "self-study"), "online_rate": ("在线学习", "online study")}
"""The metrics that ask each person for hours, and what the hours are of."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Somebody who lacks something: what is done of what is wanted (minutes, or 0 of 1), and the same in words."""

    metric: str
    person_id: int
    code: str
    name: str
    done: int
    wanted: int
    lacks_text_zh: str
    lacks_text_en: str

    @property
    def text(self) -> str:
        """What is lacking, in the language that is being spoken."""
        return say(self.lacks_text_zh, self.lacks_text_en)

    @property
    def rest(self) -> int:
        """How much is lacking."""
        return self.wanted - self.done


DONE: Mapping[str, Callable[[StaffMember, Window], tuple[int, int]]] = {
    "self_study_rate": lambda one, asked: (one.self_minutes, asked.self_study_minutes),
    "online_rate": lambda one, asked: (one.online_minutes, asked.online_minutes),
    "participation_rate": lambda one, asked: (int(one.took_part), 1),
    "appraisal_rate": lambda one, asked: (int(one.appraised), 1),
}
"""The metrics of which each person has a share: what is done, what is wanted."""
NOTHING = {
    "participation_rate": ("还没有参加过训练", "no training attended yet"),
    "appraisal_rate": ("还没有测评记录", "no test recorded yet"),
}


def lacking(a_round: Round, unit: Unit, criterion_id: str) -> list[Lack]:
    """Return who on the staff of a unit lacks something under a criterion, the nearest to it first.

    Empty where nobody does, where the criterion asks nothing of single persons, and where the round lacks the unit.
    """
    metric = personal_metric(standard_of(a_round.standard).standard, criterion_id)
    code = RoundUnit.objects.filter(round=a_round, unit=unit).values_list("code", flat=True).first()
    if metric is None or code is None:
        return []
    return lacks_of(metric, staff_of(a_round, code), window(a_round))


def personal_metric(standard: Standard, criterion_id: str) -> str | None:
    """Return the metric of a criterion that asks something of each person; None where it is another or none."""
    for criterion in standard.criteria:
        if criterion.id == criterion_id and criterion.measured_rule and criterion.measured_rule.metric in DONE:
            return criterion.measured_rule.metric
    return None


def lacks_of(metric: str, staff: Iterable[StaffMember], asked: Window) -> list[Lack]:
    """Return who lacks something under a metric, the nearest to it first, then by code; nobody under other metrics."""
    share = DONE.get(metric)
    if share is None:
        return []
    found = [_lack(metric, one, *share(one, asked)) for one in staff]
    return sorted((lack for lack in found if lack.rest > 0), key=lambda lack: (lack.rest, lack.code))


def _lack(metric: str, one: StaffMember, done: int, wanted: int) -> Lack:
    if metric in HOURS:
        (of_zh, of_en), rest, had, asked = HOURS[metric], *map(hours, (wanted - done, done, wanted))
        zh = f"{of_zh}还缺 {rest} 学时（已修 {had}，应修 {asked}）"
        en = f"{rest} {'hour' if rest == '1' else 'hours'} of {of_en} missing ({had} of {asked})"
    else:
        zh, en = NOTHING[metric]
    return Lack(metric, one.pk, one.code, one.name, done, wanted, zh, en)


def hours(minutes: int) -> str:
    """Write minutes as class hours: 6.5; 2,830.9."""
    whole, dot, rest = plain(Fraction(minutes, 60)).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.isdecimal() else whole
