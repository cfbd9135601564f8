"""Where a person belongs, from–to: the one place that opens and closes postings and keeps `Person.unit` right.

A posting may begin at a day that nobody recorded; then it begins where the one before it ends. The last posting is the
one that came last, and its unit, first and last day are what a file of people says.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.organisation.moves import tell_moves
from kaohe.web.organisation.stays import Stay, settled


@transaction.atomic(savepoint=False)
def set_posting(person: Person, unit: Unit, joined: date | None, departed: date | None, on: date) -> None:
    """Make a person's last posting be exactly this one (`stays.settled` is the law), and `Person.unit` its unit."""
    past = [Stay(one.pk, one.unit_id, one.joined, one.departed) for one in person.postings.order_by("id")]
    after = settled(past, unit.pk, joined, departed, on)
    person.postings.filter(pk__in={stay.pk for stay in past} - {stay.pk for stay in after}).delete()
    for stay in after:
        if stay not in past:
            values = {"person": person, "unit_id": stay.unit, "joined": stay.joined, "departed": stay.departed}
            Posting.objects.update_or_create(values, pk=stay.pk)
    if person.unit_id != unit.pk:
        person.unit = unit
        Person.objects.filter(pk=person.pk).update(unit=unit)
    if after != past:
        tell_moves(person.authority_id, {stay.unit for stay in (*past, *after)})


def belonging_on(day: date) -> Q:
    """Return the condition that a posting holds on a day: one at most for each person."""
    earlier = Posting.objects.filter(person=OuterRef("person"), pk__lt=OuterRef("pk"), departed__gt=day)
    return Q(Q(joined=None) | Q(joined__lte=day), Q(departed=None) | Q(departed__gt=day), ~Exists(earlier))
