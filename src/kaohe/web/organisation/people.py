"""Where a person belongs, from–to: the one place that opens and closes postings and keeps `Person.unit` right.

A posting may begin at a day that nobody recorded; then it begins where the one before it ends. The last posting is the
one that came last, and its unit, first and last day are what a file of people says.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from kaohe.web.organisation.models import Person, Posting, Unit


@transaction.atomic(savepoint=False)
def set_posting(person: Person, unit: Unit, joined: date | None, departed: date | None, on: date) -> None:
    """Make a person's last posting be exactly this one, and `Person.unit` its unit.

    Another unit than the present one is a move: the former posting ends on `joined` (where that is empty, on `on`, the
    day of the change), if it did not end before. Who comes back after a departure begins anew. A posting that would
    end before it began never was: it is removed, so that a corrected or a taken-back move leaves no trace.
    """
    past = list(person.postings.order_by("id"))
    begins = joined or on
    while past and past[-1].unit_id != unit.pk and _start(past) >= begins:
        past.pop().delete()
    if past and past[-1].unit_id == unit.pk and not _returns(past[-1], joined):
        _amend(past, joined, departed)
    else:
        if past:
            _end(past[-1], begins)
        Posting.objects.create(person=person, unit=unit, joined=joined, departed=departed)
    if person.unit_id != unit.pk:
        person.unit = unit
        Person.objects.filter(pk=person.pk).update(unit=unit)


def take_back_posting(person: Person, unit: Unit, joined: date | None, departed: date | None, on: date) -> None:
    """Make the last posting be what it was before a change: a move away from it, or a return, is removed."""
    past = list(person.postings.order_by("id"))
    if len(past) > 1 and (past[-2].unit_id, past[-2].joined) == (unit.pk, joined) != (
        past[-1].unit_id,
        past[-1].joined,
    ):
        past[-1].delete()
    set_posting(person, unit, joined, departed, on)


def belonging_on(day: date) -> Q:
    """Return the condition that a posting holds on a day: one at most for each person."""
    earlier = Posting.objects.filter(person=OuterRef("person"), pk__lt=OuterRef("pk"), departed__gt=day)
    return Q(Q(joined=None) | Q(joined__lte=day), Q(departed=None) | Q(departed__gt=day), ~Exists(earlier))


def _start(past: list[Posting]) -> date:
    """The first day of the last of some postings, as far as it is known."""
    former = past[-2].departed if len(past) > 1 else None
    return past[-1].joined or former or date.min


def _returns(last: Posting, joined: date | None) -> bool:
    return last.departed is not None and joined is not None and joined > last.departed


def _amend(past: list[Posting], joined: date | None, departed: date | None) -> None:
    """Correct the dates of the last posting; the one before it ends where this begins, if it did before."""
    last, former = past[-1], past[-2] if len(past) > 1 else None
    if (last.joined, last.departed) == (joined, departed):
        return
    if former and joined and former.departed and (former.departed == last.joined or former.departed > joined):
        former.departed = max(joined, former.joined or joined)
        former.save()
    last.joined, last.departed = joined, departed
    last.save()


def _end(last: Posting, day: date) -> None:
    if last.departed is None or last.departed > day:
        last.departed = day
        last.save()
