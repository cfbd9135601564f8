"""Units as a target of files: the tree is compared as it will be, not only as the file says."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kaohe.ledger.cells import normal
from kaohe.ledger.organisation import ORGANISATION_UNITS
from kaohe.ledger.tables import Form
from kaohe.web.intake.blockers import blockers
from kaohe.web.intake.target import Days, Held, Meanwhile
from kaohe.web.intake.unit_tree import wrongs_of_tree
from kaohe.web.intake.values import plain, shown_plainly
from kaohe.web.lang.choice import say
from kaohe.web.organisation.groups import group_titles
from kaohe.web.organisation.models import Unit, UnitName
from kaohe.web.organisation.tree import Circle, CodeTaken, hold_tree, place
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.training.rows import Image, Row, Wrong

FIELDS: dict[str, tuple[str, str]] = {
    "name": ("名称", "Name"), "peer_group": ("类别", "Group"), "official_order": ("官方顺序", "Order"),
    "parent": ("上级", "Superior"), "authority": ("主管机关", "Authority"), "valid_from": ("启用", "Valid from"),
    "valid_to": ("停用", "Valid to"), "successor": ("并入", "Merged into"), "office": ("责任处室", "Office"),
    "officer": ("专人", "Officer"), "leader": ("分管领导", "Leader"), "phone": ("电话", "Phone"),
}  # fmt: skip
_BLANK: Image = {
    "name": "", "peer_group": "", "official_order": 0, "parent": "", "authority": "no", "valid_from": None,
    "valid_to": None, "successor": "", "office": "", "officer": "", "leader": "", "phone": "",
}  # fmt: skip
_SIMPLE = ("name", "peer_group", "official_order", "office", "officer", "leader", "phone")
_FROZEN = ("name", "peer_group")
"""What a round keeps of a unit as it was when it was opened, and what its folder says of it."""
_TEXTS = ("code", "name", "peer_group", "office", "officer", "leader", "phone")


def units_of(authority: Unit) -> QuerySet[Unit]:
    """Return the units that an authority keeps, and itself first: where a unit has the same code, it counts."""
    return Unit.objects.filter(Q(authority=authority) | Q(pk=authority.pk)).order_by("path")


class Units:
    """The units of an authority, and the authority's own entry."""

    table = "units"
    title = ("单位", "units")
    fields = FIELDS
    longest: Mapping[str, int] = {f.name: f.max_length or 0 for f in Unit._meta.concrete_fields if f.name in _TEXTS}

    def form(self, authority: Unit) -> Form:
        """Return what the reader accepts."""
        return Form((ORGANISATION_UNITS,), {"units": [*units_of(authority).values_list("code", flat=True)]})

    def plan(self, authority: Unit, present: Collection[str], folder_of: Round | None = None) -> "UnitPlan":
        """Begin to compare a file."""
        assessed = RoundUnit.objects.filter(round=folder_of).values_list("code", *_FROZEN) if folder_of else ()
        frozen = {normal(code): dict(zip(_FROZEN, values, strict=True)) for code, *values in assessed}
        return UnitPlan(authority, self.images(authority, ()), [name for name in FIELDS if name in present], frozen)

    def images(self, authority: Unit, keys: Collection[str]) -> dict[str, Image]:
        """Return all units: they are few, and each may be another's superior."""
        names: dict[int, list[list[Any]]] = {}
        for pk, of, name, until in UnitName.objects.filter(unit__in=units_of(authority).order_by()).order_by("pk").values_list(
            "pk", "unit_id", "name", "until"
        ):  # fmt: skip
            names.setdefault(of, []).append([pk, name, until.isoformat()])
        units = units_of(authority).select_related("parent", "successor")
        return {normal(unit.code): _image(unit, names.get(unit.pk, [])) for unit in units}

    def prepare(self, rows: Iterable[Row]) -> None:
        """Nothing takes long."""

    def apply(self, authority: Unit, rows: Iterable[Row], days: Days) -> None:
        """Write what is said of each unit, then arrange the tree, the superiors before what stands below them."""
        units = _locked(authority)
        below: dict[str, str] = {}
        rows = list(rows)
        for row in rows:
            if row.kind == "absent":
                Unit.objects.filter(pk=units[row.key].pk).update(
                    valid_to=days.ends_on, version=units[row.key].version + 1
                )
                continue
            after = row.after or {}
            unit = units.setdefault(row.key, Unit(code=row.key, authority=authority))
            if unit.pk and unit.name != after["name"]:
                UnitName.objects.create(unit=unit, name=unit.name, until=days.on)
            _write(unit, after)
            if not unit.pk or (row.before or {}).get("parent") != after["parent"]:
                below[row.key] = after["parent"]
            if unit.pk:
                unit.version += 1
                unit.save()
        _arrange(units, below, authority)
        _merge(units, {row.key: row.after["successor"] for row in rows if row.after})

    def first_end(self, rows: Iterable[Row]) -> date | None:
        """Return the latest first day of them."""
        days = [row.before["valid_from"] for row in rows if row.before and row.before["valid_from"]]
        return date.fromisoformat(max(days)) if days else None

    def held(
        self, authority: Unit, new: Collection[str], touched: Collection[str], own: Mapping[str, Collection[int]]
    ) -> list[Held]:
        """Return the new units to which anything else belongs by now."""
        units = {normal(unit.code): unit.pk for unit in units_of(authority)}
        keys = {units[key]: key for key in new if key in units}
        gone = {**own, "organisation.Unit": {units[key] for key in touched if key in units}}
        return [
            Held(keys[pk], what, count)
            for pk, what, count in blockers(Unit, set(keys), gone, {"organisation.UnitName"})
        ]

    def restore(self, authority: Unit, rows: Iterable[Row]) -> None:
        """Put the tree back first, so that nothing stands below a unit that goes; then the new ones go."""
        units, rows = _locked(authority), list(rows)
        below: dict[str, str] = {}
        for row in rows:
            if row.before:
                unit = units[row.key]
                _write(unit, row.before)
                unit.successor_id = row.before["at"][2]
                unit.version += 1
                unit.save()
                kept = [pk for pk, _, _ in row.before["names"]]
                UnitName.objects.filter(unit=unit).exclude(pk__in=kept).delete()
                if row.after and row.after["parent"] != row.before["parent"]:
                    below[row.key] = row.before["parent"]
        _arrange(units, below, authority)
        gone = Unit.objects.filter(pk__in=[units[row.key].pk for row in rows if row.before is None])
        gone.update(parent=None, successor=None)
        gone.delete()

    def shown(self, name: str, value: object) -> str:
        """Say a value."""
        if name == "authority":
            return say("是", "yes") if value == "yes" else say("否", "no")
        if name == "peer_group" and value:
            return group_titles().get(str(value), str(value))
        if name == "official_order" and not value:
            return ""
        return shown_plainly(value)


class UnitPlan:
    """A file of units against those that are there; `frozen` is what the round, whose folder it is, keeps of them."""

    def __init__(
        self, authority: Unit, images: dict[str, Image], present: list[str], frozen: Mapping[str, Image]
    ) -> None:
        self._images, self._present, self._frozen = images, present, frozen
        self._own = authority if images.get(normal(authority.code), {}).get("at", [None])[0] == authority.pk else None
        self._top = normal(authority.code)
        self._heard: dict[str, Row] = {}

    def row(self, n: int, values: Mapping[str, object]) -> Row:
        """Compare a unit; a superior that is not given is the authority itself."""
        key = str(values["code"])
        before = self._images.get(key)
        after = (
            _BLANK
            | {"parent": self._top}
            | {name: (before or {}).get(name, blank) for name, blank in _BLANK.items() if before}
        )
        given = {name: plain(values[name], _BLANK[name]) for name in self._present}
        if before:
            given |= {name: before[name] for name, kept in self._frozen.get(key, {}).items() if given.get(name) == kept}
        if self._is_own(key):
            given = {
                name: value
                for name, value in given.items()
                if name not in ("parent", "authority") or values[name] is not None
            }
        elif given.get("parent") == "":
            given["parent"] = self._top
        after |= given
        changed = before is None or any(before[name] != after[name] for name in FIELDS)
        self._heard[key] = row = Row(
            n, key, "new" if before is None else "changed" if changed else "unchanged", before, after
        )
        return row

    def _is_own(self, key: str) -> bool:
        return self._own is not None and key == self._top

    def wrongs(self) -> Iterable[Wrong]:
        """Tell what the tree would not bear, and days in the wrong order where only one of the two is in the file."""
        yield from wrongs_of_tree(self._images, self._heard, self._top, own=self._own is not None)
        for row in self._heard.values():
            first, last = ((row.after or {})[name] for name in ("valid_from", "valid_to"))
            if first and last and first > last and not {"valid_from", "valid_to"} <= {*self._present}:
                column = "valid_from" if "valid_from" in self._present else "valid_to"
                yield Wrong("valid_from_after_valid_to", row.n, column, first, {"wanted": last})

    def absent(self) -> Iterator[Row]:
        """Tell the units that the file lacks and that have not ended; the authority itself is not asked for."""
        for key, image in self._images.items():
            if key not in self._heard and image["valid_to"] is None and not self._is_own(key):
                yield Row(0, key, "absent", image, None)


def _image(unit: Unit, names: list[list[Any]]) -> Image:
    return {
        **{name: getattr(unit, name) for name in _SIMPLE},
        "parent": normal(unit.parent.code) if unit.parent else "",
        "authority": "yes" if unit.is_authority else "no",
        "valid_from": unit.valid_from and unit.valid_from.isoformat(),
        "valid_to": unit.valid_to and unit.valid_to.isoformat(),
        "successor": normal(unit.successor.code) if unit.successor else "",
        "at": [unit.pk, unit.parent_id, unit.successor_id],
        "names": names,
    }


def _locked(authority: Unit) -> dict[str, Unit]:
    """Return the units by code, held against everybody else until the transaction ends."""
    hold_tree()
    units = units_of(authority).select_related("authority").select_for_update(of=("self",))
    return {normal(unit.code): unit for unit in units}


def _write(unit: Unit, after: Image) -> None:
    for name in _SIMPLE:
        setattr(unit, name, after[name])
    unit.is_authority = after["authority"] == "yes"
    for name in ("valid_from", "valid_to"):
        setattr(unit, name, date.fromisoformat(after[name]) if after[name] else None)


def _arrange(units: dict[str, Unit], below: Mapping[str, str], authority: Unit) -> None:
    """Place units below their superiors (by code), each after its own superior: so no circle can arise on the way."""
    waiting, top = dict(below), normal(authority.code)
    while waiting:
        ready = [key for key, parent in waiting.items() if parent not in waiting]
        if not ready:
            raise Meanwhile(len(waiting))
        for key in ready:
            code = waiting.pop(key)
            parent = authority if code == top else units.get(code)
            if parent is None or not parent.pk or (parent.is_authority and parent.pk != authority.pk):
                raise Meanwhile(1)
            try:
                place(units[key], parent)
            except (Circle, CodeTaken):
                raise Meanwhile(1) from None


def _merge(units: dict[str, Unit], successors: Mapping[str, str]) -> None:
    for key, successor in successors.items():
        if successor and successor not in units:
            raise Meanwhile(1)
        wanted = units[successor].pk if successor else None
        if units[key].successor_id != wanted:
            Unit.objects.filter(pk=units[key].pk).update(successor=wanted)
