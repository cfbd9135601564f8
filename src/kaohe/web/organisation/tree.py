"""Where a unit stands in the tree; the path and the authority follow the parent, for it and all below it."""

from django.db import transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Concat, Substr

from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.organisation.moves import tell_moves


class Circle(ValueError):
    """Raised where a unit would come to stand below itself."""


class CodeTaken(ValueError):
    """Raised where the new authority has a unit or a person with one of the codes that would move to it."""


@transaction.atomic
def place(unit: Unit, parent: Unit | None) -> None:
    """Save a unit below a parent (None: at the top), and bring its subtree and the people in it along.

    Raises Circle or CodeTaken, and changes nothing, where the parent stands below the unit, or codes would meet.
    Whoever moves holds the roots, so that two moves cannot make a circle between them.
    """
    before = ""
    if unit.path:
        hold_tree()
        before = Unit.objects.values_list("path", flat=True).get(pk=unit.pk)
    above = Unit.objects.select_for_update(of=("self",)).get(pk=parent.pk).path if parent else "/"
    if before and above.startswith(before):
        raise Circle(unit.code)
    former, unit.parent = unit.authority_id, parent
    unit.authority = None if parent is None else parent if parent.is_authority else parent.authority
    if before and unit.authority_id != former:
        _change_authority(unit, before, former)
    if not unit.pk:
        unit.save()
    unit.path = f"{above}{unit.pk}/"
    unit.save()
    if before and before != unit.path:
        below = Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk)
        below.update(path=Concat(Value(unit.path), Substr(F("path"), len(before) + 1)))


def hold_tree() -> None:
    """Hold the roots to the end of the transaction: one moves at a time. To be taken before any other unit is held."""
    list(Unit.objects.select_for_update().filter(parent=None).order_by("pk").values_list("pk", flat=True))


def _change_authority(unit: Unit, path: str, former: int | None) -> None:
    """Give the units and people that belonged to the former authority with a unit to its new one."""
    _refuse_taken(Unit, unit.authority_id, {unit.code})
    if unit.is_authority:
        return
    stays = Posting.objects.filter(person__unit__path__startswith=path, person__authority=former)
    stayed = set(stays.values_list("unit", flat=True))
    for model, where in ((Unit, "path__startswith"), (Person, "unit__path__startswith")):
        moving = model._default_manager.filter(**{where: path}, authority=former)
        _refuse_taken(model, unit.authority_id, set(moving.values_list("code", flat=True)))
        moving.update(authority=unit.authority_id)
    for authority in (former, unit.authority_id):
        if authority is not None:
            tell_moves(authority, stayed)


def _refuse_taken(model: type[Model], authority: int | None, codes: set[str]) -> None:
    taken = model._default_manager.filter(authority=authority, code__in=codes)
    found = sorted(taken.values_list("code", flat=True)[:5])
    if found:
        raise CodeTaken("、".join(found))
