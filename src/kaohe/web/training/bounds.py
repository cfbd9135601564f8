"""What a file of the ledger may hold: whose records, of which round, of which forms of training."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kaohe.ledger.cells import normal
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.training.former import former_stays


@dataclass(frozen=True, slots=True)
class Bounds:
    """Within what a file must keep. Codes are answered as keys are compared.

    within: the authority itself (the records of everybody), or one unit: only those of its subtree; forms: only
    activities of these forms, their attendance and their quotas.
    """

    authority: Unit
    round: Round
    within: Unit
    forms: frozenset[str] | None = None

    @property
    def narrow(self) -> bool:
        """Whether only some units' records are within."""
        return self.within.pk != self.authority.pk

    def known_units(self) -> set[str]:
        """Return the units of the authority, itself among them, and of the round."""
        units = Unit.objects.filter(Q(authority=self.authority) | Q(pk=self.authority.pk))
        return {*map(normal, units.values_list("code", flat=True)), *self.round_units()}

    def known_people(self) -> Iterator[str]:
        """Yield everybody of the authority."""
        yield from map(normal, Person.objects.filter(authority=self.authority).values_list("code", flat=True))

    def former_stays(self) -> dict[str, str]:
        """Return the ids under which a folder names former stays, each with the person's own."""
        return former_stays(self.authority)

    def round_units(self) -> set[str]:
        """Return the units of the round."""
        return set(map(normal, RoundUnit.objects.filter(round=self.round).values_list("code", flat=True)))

    def own_units(self) -> set[str]:
        """Return the units whose records are within."""
        units = Unit.objects.filter(path__startswith=self.within.path, authority=self.authority)
        return set(map(normal, units.values_list("code", flat=True)))

    def own_people(self) -> set[str]:
        """Return the people who ever belonged to one of them."""
        return _people(self._postings())

    def concerned_units(self) -> set[str]:
        """Return the units of the round whose records are within: only theirs can be missing from a file."""
        within = RoundUnit.objects.filter(round=self.round, unit__path__startswith=self.within.path)
        return set(map(normal, within.values_list("code", flat=True)))

    def concerned_people(self) -> set[str]:
        """Return the people who ever belonged to one of those."""
        return _people(self._postings().filter(unit__in=RoundUnit.objects.filter(round=self.round).values("unit")))

    def _postings(self) -> QuerySet[Posting]:
        return Posting.objects.filter(unit__path__startswith=self.within.path, person__authority=self.authority)


def _people(postings: QuerySet[Posting]) -> set[str]:
    return set(map(normal, postings.order_by().values_list("person__code", flat=True)))
