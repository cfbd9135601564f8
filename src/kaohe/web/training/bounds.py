"""What a file of the ledger may hold: whose records, of which round, of which forms of training."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, Q, QuerySet

from kaohe.ledger.cells import normal
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.training.former import former_stays


@dataclass(frozen=True, slots=True)
class Moved:
    """A stay of somebody who moved: what the person did from `first` until before `next` is that unit's.

    own: the unit is within the bounds; concerned: the round assesses it as well.
    """

    person: str
    first: date
    next: date
    own: bool
    concerned: bool


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
        """Return the people who ever belonged to one of them; of whoever moved, `moved` tells which records are."""
        return _people(self._postings())

    def concerned_units(self) -> set[str]:
        """Return the units of the round whose records are within: only theirs can be missing from a file."""
        within = RoundUnit.objects.filter(round=self.round, unit__path__startswith=self.within.path)
        return set(map(normal, within.values_list("code", flat=True)))

    def concerned_people(self) -> set[str]:
        """Return the people who ever belonged to one of those; of whoever moved, `moved` tells which records are."""
        return _people(self._postings().filter(unit__in=RoundUnit.objects.filter(round=self.round).values("unit")))

    def moved(self) -> Iterator[Moved]:
        """Yield the stays of everybody who moved, under the rule by which `scope.py` tells whose a record is."""
        several = Posting.objects.filter(person__authority=self.authority).order_by().values("person")
        postings = Posting.objects.filter(person__in=several.annotate(n=Count("pk")).filter(n__gt=1).values("person"))
        assessed = set(RoundUnit.objects.filter(round=self.round).values_list("unit", flat=True))
        rows = postings.order_by("person", "pk").values_list("person__code", "unit", "unit__path", "joined", "departed")
        for code, stays in groupby(rows, key=itemgetter(0)):
            first, begun = date.min, list[tuple[date, bool, int]]()
            for _, unit, path, joined, departed in stays:
                first = (joined or first) if begun else date.min
                begun.append((first, path.startswith(self.within.path), unit))
                first = departed or date.max
            until = [*(day for day, _, _ in begun[1:]), date.max]
            for (day, own, unit), ends in zip(begun, until, strict=True):
                yield Moved(normal(code), day, ends, own, own and unit in assessed)

    def _postings(self) -> QuerySet[Posting]:
        return Posting.objects.filter(unit__path__startswith=self.within.path, person__authority=self.authority)


def _people(postings: QuerySet[Posting]) -> set[str]:
    return set(map(normal, postings.order_by().values_list("person__code", flat=True)))
