"""What of the organisation stays with a round that is closed."""

from kaohe.web.organisation.models import Posting
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.training.models import KeptStay


def keep_stays(a_round: Round) -> None:
    """Keep where everybody belonged who ever belonged to a unit of a round; to be called in the closing transaction."""
    units = RoundUnit.objects.filter(round=a_round).values("unit")
    people = Posting.objects.filter(unit__in=units, person__authority=a_round.authority_id).values("person")
    stays = Posting.objects.filter(person__in=people).order_by("pk")
    KeptStay.objects.bulk_create(
        (
            KeptStay(round=a_round, posting=pk, person_id=person, unit_id=unit, joined=joined, departed=departed)
            for pk, person, unit, joined, departed in stays.values_list("pk", "person", "unit", "joined", "departed")
        ),
        batch_size=5_000,
    )
