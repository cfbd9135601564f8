"""Changing a unit: the row that was read, or nothing; a new name keeps the old one; one entry in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kaohe.web.journal.append import Change, change
from kaohe.web.organisation.models import Unit, UnitName
from kaohe.web.organisation.pinyin import initials_of, pinyin_of
from kaohe.web.organisation.tree import hold_tree, place

PLAIN = ("name", "official_order", "peer_group", "valid_from", "valid_to", "office", "officer", "leader", "phone")
PERSONAL = frozenset({"officer", "leader", "phone"})


class ChangedMeanwhile(Exception):
    """Raised where somebody else changed the unit after it was read."""


@dataclass(frozen=True, slots=True)
class UnitWords:
    """What a unit is to be: its plain fields by name, its superior, its successor.

    renamed_on: the first day of a new name, empty where the name was only corrected.
    """

    plain: Mapping[str, Any]
    parent: Unit | None
    successor: Unit | None
    renamed_on: date | None


def edit_unit(unit: Unit, version: int, words: UnitWords, actor: str, now: datetime) -> bool:
    """Write what a unit is to be, as `unit:edit` with old and new; False where nothing differs.

    Raises ChangedMeanwhile where the unit is no longer the version that was read; Circle and CodeTaken as `place` does.
    """
    with change(actor, now) as log:
        hold_tree()
        stored = Unit.objects.select_related("parent").get(pk=unit.pk)
        differing = _differences(stored, words)
        if stored.version != version:
            raise ChangedMeanwhile
        if not differing:
            return False
        _write(stored, words)
        log.says("unit:edit", f"unit {unit.pk}", _told(differing, log, words.renamed_on))
    return True


def _differences(stored: Unit, words: UnitWords) -> dict[str, tuple[Any, Any]]:
    old = {name: getattr(stored, name) for name in PLAIN} | {
        "parent": stored.parent_id,
        "successor": stored.successor_id,
    }
    new = dict(words.plain) | {"parent": _pk(words.parent), "successor": _pk(words.successor)}
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}


def _write(stored: Unit, words: UnitWords) -> None:
    name, version = words.plain["name"], stored.version
    keys = {"pinyin": pinyin_of(name), "initials": initials_of(name)}
    rows = Unit.objects.filter(pk=stored.pk, version=version)
    if not rows.update(**words.plain, **keys, successor=words.successor, version=version + 1):
        raise ChangedMeanwhile
    if words.renamed_on and name != stored.name:
        UnitName.objects.create(unit=stored, name=stored.name, until=words.renamed_on)
    if _pk(words.parent) != stored.parent_id:
        place(Unit.objects.get(pk=stored.pk), words.parent)


def _told(differing: Mapping[str, tuple[Any, Any]], log: Change, renamed_on: date | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: {"old": _value(name, old, log), "new": _value(name, new, log)} for name, (old, new) in differing.items()
    }
    if renamed_on and "name" in told:
        told["name"]["since"] = renamed_on.isoformat()
    return told


def _value(name: str, value: Any, log: Change) -> Any:
    if name in PERSONAL and value:
        return log.sealed(value)
    return value.isoformat() if isinstance(value, date) else value


def _pk(unit: Unit | None) -> int | None:
    return unit.pk if unit else None
