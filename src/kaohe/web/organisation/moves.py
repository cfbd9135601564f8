"""Who belongs where has changed: told to whatever rests on it, in the transaction of the change.

The organisation knows nothing of records; who keeps figures of units listens.
"""

from collections.abc import Iterable

from django.dispatch import Signal

from kaohe.web.organisation.models import Unit

postings_changed = Signal()
"""Sent with `authority` (its id) and `units` (the codes of the units in which somebody's stay is another now)."""


def tell_moves(authority: int, units: Iterable[int]) -> None:
    """Tell that stays in these units (by id) of an authority's people have changed; to be called after the change."""
    pks = sorted(set(units))
    codes = {
        code
        for start in range(0, len(pks), 500)
        for code in Unit.objects.filter(pk__in=pks[start : start + 500]).values_list("code", flat=True)
    }
    if codes:
        postings_changed.send(sender=None, authority=authority, units=frozenset(codes))
