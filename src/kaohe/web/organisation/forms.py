"""The form of a unit: its texts by field, what they were typed over, and both side by side after a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say
from kaohe.web.organisation.finding import line, typed
from kaohe.web.organisation.groups import group_titles
from kaohe.web.organisation.models import Unit
from kaohe.web.pages.parts import Difference

FIELDS = (
    "name", "official_order", "peer_group", "valid_from", "valid_to", "successor", "parent",
    "office", "officer", "leader", "phone",
)  # fmt: skip
TEXTS = frozenset({"name", "office", "officer", "leader", "phone"})
"""The fields that are kept as they are typed, full-width punctuation too."""
MOST_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class UnitForm:
    """The form of a unit for one editor.

    text: what is typed, by field; base: what it was typed over; moves: whether the superior can be changed, which is
    so below the unit at which the editor sits.
    """

    unit: Unit
    standing: Standing
    text: Mapping[str, str]
    base: Mapping[str, str]
    version: int
    moves: bool
    renamed_on: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """The groups to choose from; an authority may have none."""
        known, own = group_titles(), self.unit.peer_group
        none = {"": say("无（主管机关）", "None (authority)")} if self.unit.is_authority or not own else {}
        return tuple((none | known | ({own: known.get(own, own)} if own else {})).items())

    @property
    def suggested(self) -> tuple[tuple[str, str], ...]:
        """Codes and names of the units beside this one, for the fields that ask for a code."""
        beside = self.editable().exclude(pk=self.unit.pk).filter(authority=self.unit.authority_id)
        return tuple(beside.values_list("code", "name")[:MOST_SUGGESTED])

    def editable(self) -> QuerySet[Unit]:
        """Return the units below which the editor may put this one."""
        return visible(self.standing, Action.UNIT_EDIT, Unit)


def form_of(unit: Unit, standing: Standing) -> UnitForm:
    """Return the form of a unit as it is stored."""
    text = texts_of(unit)
    editable = visible(standing, Action.UNIT_EDIT, Unit)
    moves = unit.parent_id is not None and editable.filter(pk=unit.parent_id).exists()
    return UnitForm(unit, standing, text, text, unit.version, moves)


def typed_form(unit: Unit, standing: Standing, said: Mapping[str, str]) -> UnitForm:
    """Return the form of a unit as it was typed; what was not sent stays as it was."""
    stored, version = form_of(unit, standing), typed(said.get("version", ""))
    text = {name: _plain(name, said.get(name, stored.text[name])) for name in FIELDS}
    base = {name: _plain(name, said.get(f"was_{name}", stored.text[name])) for name in FIELDS}
    if not stored.moves:
        text["parent"] = base["parent"] = stored.text["parent"]
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    return replace(stored, text=text, base=base, version=number, renamed_on=typed(said.get("renamed_on", "")))


def merged(form: UnitForm, now: Unit) -> tuple[UnitForm, tuple[Difference, ...]]:
    """Return a form over what somebody else stored meanwhile, and both texts where anything differs.

    What was not touched is taken from there, what was typed stays; sent once more, it is written on top.
    """
    stored = texts_of(now)
    text = {name: stored[name] if form.text[name] == form.base[name] else form.text[name] for name in FIELDS}
    changed = [name for name in FIELDS if stored[name] != text[name] or stored[name] != form.base[name]]
    titles = labels()
    return (
        replace(form, unit=now, text=text, base=stored, version=now.version),
        tuple(Difference(titles[name], _shown(name, stored[name]), _shown(name, text[name])) for name in changed),
    )


def texts_of(unit: Unit) -> dict[str, str]:
    """Return a unit as the texts of its form."""
    return {
        **{name: getattr(unit, name) for name in ("name", "peer_group", "office", "officer", "leader", "phone")},
        "official_order": str(unit.official_order),
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else "",
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else "",
        "successor": unit.successor.code if unit.successor else "",
        "parent": unit.parent.code if unit.parent else "",
    }


def labels() -> dict[str, str]:
    """Return the names of the fields."""
    return {
        "name": say("单位名称", "Name"),
        "official_order": say("官方顺序", "Official order"),
        "peer_group": say("类别", "Group"),
        "valid_from": say("启用", "Valid from"),
        "valid_to": say("停用（最后一天）", "Valid to (last day)"),
        "successor": say("并入单位", "Merged into"),
        "parent": say("上级单位", "Superior"),
        "office": say("责任处室", "Responsible office"),
        "officer": say("专人", "Officer"),
        "leader": say("分管领导", "Leader"),
        "phone": say("电话", "Phone"),
    }


def _plain(name: str, text: str) -> str:
    return line(text) if name in TEXTS else typed(text)


def _shown(name: str, text: str) -> str:
    return group_titles().get(text, text) if name == "peer_group" else text
