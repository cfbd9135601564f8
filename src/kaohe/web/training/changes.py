"""Changes of the ledger: one in the making at a time for each authority, and how the rows of each are found."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from kaohe.web.organisation.models import Unit
from kaohe.web.training.columns import KEPT_TABLES, Kept
from kaohe.web.training.models import STILL, LedgerChange
from kaohe.web.training.scope import head_of_ledger


class Busy(Exception):
    """Raised where another change of the same ledger is in the making."""


def begin(authority: Unit, now: datetime) -> LedgerChange:
    """Begin a change of an authority's ledger; raise Busy where another is in the making."""
    try:
        with transaction.atomic():
            above = {
                kept.stored: kept.model._default_manager.aggregate(last=Max("pk"))["last"] or 0
                for kept in KEPT_TABLES.values()
            }
            return LedgerChange.objects.create(
                authority=authority, number=head_of_ledger(authority.pk) + 1, begun_at=now, above=above
            )
    except IntegrityError:
        raise Busy from None


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of a change are found: `brought` and `ended` are conditions on a row of a table, by its alias.

    An authority's rows have rising ids from change to change, for one is in the making at a time; so those of one stand
    between its beginning and that of the next. The plus keeps the engines from walking all the authority's rows instead.
    """

    change: LedgerChange
    after: LedgerChange | None

    @classmethod
    def of(cls, change: LedgerChange) -> "Rows":
        """Return the rows of a change."""
        later = LedgerChange.objects.filter(authority=change.authority_id, number__gt=change.number)
        return cls(change, later.order_by("number").first())

    def first(self, kept: Kept) -> int:
        """Return the id above which its rows stand."""
        return int(self.change.above.get(kept.stored, 0))

    def brought(self, kept: Kept, row: str = "t") -> str:
        """Write the condition that the change brought a row."""
        last = self.after.above.get(kept.stored) if self.after else None
        until = "" if last is None else f" AND {row}.id <= {int(last)}"
        return f"{row}.id > {self.first(kept)}{until} AND +{row}.authority_id = {self.change.authority_id} AND {row}.since = {self.change.number}"

    def ended(self, row: str = "t") -> str:
        """Write the condition that the change ended a row; its last part lets the engines use the index of ended rows."""
        return f"{row}.authority_id = {self.change.authority_id} AND {row}.until = {self.change.number} AND {row}.until < {STILL}"

    def returned(self, row: str = "t") -> str:
        """Write the condition that a row that the change had brought has come back by undoing what ended it."""
        return f"{row}.authority_id = {self.change.authority_id} AND {row}.origin = {self.change.number} AND {row}.origin IS NOT NULL"
