"""Which rounds there are: for somebody, for an authority, and the rows of their list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from kaohe.web.accounts.permissions import Action, may, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round, RoundUnit, State
from kaohe.web.rounds.wording import distance, due_text, period_text, round_title, state_words, version_title


def rounds_for(standing: Standing) -> QuerySet[Round]:
    """Return the rounds that somebody may see: those of the authorities above them, a draft only who makes it."""
    open_ones = visible(standing, Action.ROUND_VIEW, Round).exclude(state=State.DRAFT)
    return open_ones | visible(standing, Action.ROUND_MANAGE, Round)


def current_round(authorities: Collection[int]) -> Round | None:
    """Return the open round of some authorities whose period ends last, with its standard; None where none is open."""
    open_ones = Round.objects.filter(authority__in=authorities, state=State.REPORTING)
    return open_ones.select_related("standard").order_by("-end", "-start", "-id").first()


def units_seen(standing: Standing, a_round: Round) -> frozenset[str] | None:
    """Return the codes of those units of a round whose records somebody may see; None means the whole round."""
    if may(standing, Action.CITY_VIEW, a_round):
        return None
    theirs = visible(standing, Action.STANDING_VIEW, Unit)
    return frozenset(RoundUnit.objects.filter(round=a_round, unit__in=theirs).values_list("code", flat=True))


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as a list shows it; `distance` is empty where the due day no longer matters, `late` where it is over."""

    pk: int
    title: str
    sign: str
    state: str
    authority: str
    standard: str
    period: str
    due: str
    distance: str
    late: bool
    units: int


def listed(standing: Standing) -> QuerySet[Round]:
    """Return the rounds that somebody may see in the order of their list, with what a row shows but their units."""
    found = rounds_for(standing).select_related("authority", "standard")
    return found.order_by("-year", "-end", "authority__official_order", "-id")


def rows_of(rounds: Sequence[Round], today: date) -> tuple[RoundRow, ...]:
    """Return the rows of a page of the list, with one more query."""
    units = RoundUnit.objects.filter(round__in=[one.pk for one in rounds]).order_by().values("round")
    counts = dict(units.annotate(count=Count("pk")).values_list("round", "count"))
    return tuple(_row(one, counts.get(one.pk, 0), today) for one in rounds)


def _row(one: Round, units: int, today: date) -> RoundRow:
    sign, state = state_words(one.state)
    closed = one.state == State.CLOSED
    return RoundRow(
        pk=one.pk,
        title=round_title(one),
        sign=sign,
        state=state,
        authority=one.authority.name,
        standard=version_title(one.standard),
        period=period_text(one.start, one.end),
        due=due_text(one.due, today),
        distance="" if closed else distance(one.due, today),
        late=one.state == State.REPORTING and one.due < today,
        units=units,
    )
