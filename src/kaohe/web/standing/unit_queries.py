"""Which units' pages somebody may open, and which of them is their own."""

from dataclasses import dataclass

from django.http import Http404

from kaohe.web.accounts.permissions import GRANTS, Action, reachable
from kaohe.web.accounts.standing import Standing
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import RoundUnit, State
from kaohe.web.rounds.wording import round_title


def assessed_unit(standing: Standing, action: Action, round_pk: int, unit_pk: int) -> RoundUnit:
    """Return a unit in a round, with both; Http404 where somebody may not see it, or the round is a draft."""
    unit = reachable(standing, action, Unit, pk=unit_pk)
    found = RoundUnit.objects.select_related("round__standard", "unit").exclude(round__state=State.DRAFT)
    try:
        return found.get(round=round_pk, unit=unit.pk)
    except (RoundUnit.DoesNotExist, OverflowError):
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class OwnRound:
    """A round that assesses one's own unit."""

    round: int
    unit: int
    title: str
    unit_name: str
    open: bool


def own_rounds(standing: Standing) -> tuple[OwnRound, ...]:
    """Return the rounds that assess the units for which somebody answers: the open ones first, then the latest."""
    own = {post.unit for post in standing.posts if post.role in GRANTS[Action.STANDING_OWN]}
    found = RoundUnit.objects.filter(unit__in=own).exclude(round__state=State.DRAFT).select_related("round__standard")
    rows = [
        OwnRound(one.round_id, one.unit_id, round_title(one.round), one.name, one.round.state == State.REPORTING)
        for one in found.order_by("-round__end", "-round__start", "-round", "official_order", "code")
    ]
    return tuple(sorted(rows, key=lambda row: not row.open))
