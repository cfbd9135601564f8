"""Where a unit stands in the tree; the path follows the parent, for it and all below it."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from kaohe.web.organisation.models import Unit


class Circle(ValueError):
    """Raised where a unit would come to stand below itself."""


@transaction.atomic
def place(unit: Unit, parent: Unit | None) -> None:
    """Save a unit below a parent (None: at the top), and bring the paths of its subtree along.

    Raises Circle, and changes nothing, where the parent stands below the unit.
    """
    if parent is not None and unit.path and parent.path.startswith(unit.path):
        raise Circle(unit.code)
    unit.parent, before = parent, unit.path
    unit.authority = None if parent is None else parent if parent.is_authority else parent.authority
    if not unit.pk:
        unit.save()
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save()
    if before and before != unit.path:
        below = Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk)
        below.update(path=Concat(Value(unit.path), Substr(F("path"), len(before) + 1)))
