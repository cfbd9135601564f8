"""What the key of a ledger's record stands for: people, units, activities and criteria by their names.

Looked up for the records of one page alone, in a number of queries that does not grow with them. What is new in the same
city folder is named as the folder names it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kaohe.web.intake.bounds import standard_for
from kaohe.web.intake.models import CITY, Import
from kaohe.web.intake.said import saying_of
from kaohe.web.intake.storing import laid_folder
from kaohe.web.lang.choice import say, spoken
from kaohe.web.organisation.models import Person
from kaohe.web.rounds.models import RoundUnit
from kaohe.web.training.columns import KEPT_TABLES, LEDGER_TABLES
from kaohe.web.training.laid import laid_titles
from kaohe.web.training.models import Activity
from kaohe.web.training.rows import Image
from kaohe.web.training.scope import head_of_ledger

BELONGS = "belongs"
"""Stands for the unit of the person whom a record concerns."""
HEADINGS: Mapping[str, tuple[str, str]] = {
    "person": ("人员", "Person"),
    BELONGS: ("所在单位", "Person's unit"),
    "unit": ("单位", "Unit"),
    "activity": ("活动", "Activity"),
    "criterion": ("指标", "Criterion"),
    "item": ("物品", "Item"),
    "stage": ("环节", "Stage"),
}
"""The parts of a key that stand for something, with what they are called on a page."""


def parts_of(found: Import, table: str) -> tuple[str, ...]:
    """Return what the key of a table's records stands for, whom it concerns first; nothing where they have names.

    The unit of a person is said to those alone whose import may concern several. An academy may write down anybody's
    attendance of a class and sees nobody's roster: it is not told who stands behind an id.
    """
    if table not in LEDGER_TABLES:
        return ()
    kept = KEPT_TABLES[table]
    key = kept.table.key or (kept.whose,)
    unsaid = {"person"} if found.classes_only else set()
    parts = [name for name in kept.order if name in key and name in HEADINGS and name not in unsaid]
    if "person" in parts and found.within_id == found.authority_id:
        parts.insert(parts.index("person") + 1, BELONGS)
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of whom and what some records concern: part of a key → code → name."""

    known: Mapping[str, Mapping[str, str]]

    def unit(self, code: str) -> str:
        """Return the name of a unit; empty where it is not known."""
        return self.known["unit"].get(code, "")

    def said(self, table: str, part: str, image: Image) -> str:
        """Say what a part of a record's key stands for; empty where nothing is known by it."""
        code = str(image["person" if part == BELONGS else part])
        return self.known[part].get(code, "") if part in self.known else saying_of(table).shown(part, code)


def names_of(found: Import, images: Iterable[Image]) -> Names:
    """Look up whom and what records of the ledger concern; what is stored goes before what the folder says."""
    codes: dict[str, set[str]] = {"person": set(), "unit": set(), "activity": set(), "criterion": set()}
    for image in images:
        for column, asked in codes.items():
            if image.get(column):
                asked.add(str(image[column]))
    newcomers, people = _in_folder(found, "people", codes["person"]), _people(found, codes["person"])
    units = _units(found, codes["unit"] | {image["unit"] for image in newcomers.values()})
    people = {code: (one["name"], units.get(one["unit"], "")) for code, one in newcomers.items()} | people
    return Names(
        {
            "person": {code: name for code, (name, _) in people.items()},
            BELONGS: {code: unit for code, (_, unit) in people.items()},
            "unit": units,
            "activity": _activities(found, codes["activity"]),
            "criterion": _criteria(found, codes["criterion"]),
        }
    )


def _people(found: Import, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return people's names, each with that of the unit."""
    people = Person.objects.filter(authority=found.authority_id, code__in=codes)
    return {code: (name, unit) for code, name, unit in people.values_list("code", "name", "unit__name")}


def _units(found: Import, codes: Collection[str]) -> dict[str, str]:
    """Return units as the round calls them, those that are new as the folder does."""
    units = {code: image["name"] for code, image in _in_folder(found, "units", codes).items()}
    assessed = RoundUnit.objects.filter(round=found.round_id, code__in=codes)
    return units | dict(assessed.values_list("code", "name"))


def _in_folder(found: Import, table: str, codes: Collection[str]) -> dict[str, Image]:
    """Return what a city folder says of units or people."""
    if found.table != CITY:
        return {}
    rows = found.rows.filter(table=table, key__in=codes).order_by("pk").values_list("key", "before", "after")
    return {key: after or before or {} for key, before, after in rows}


def _activities(found: Import, codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    head = head_of_ledger(found.authority_id)
    held = Activity.objects.filter(authority=found.authority_id, code__in=codes, since__lte=head, until__gt=head)
    titles = dict(held.values_list("code", "title"))
    return laid_titles(laid_folder(found.stored, found.attempt), set(codes) - set(titles)) | titles


def _criteria(found: Import, codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    criteria = standard_for(found).standard.criteria
    return {one.id: one.title.within(spoken()) for one in criteria if one.id in codes}


def heading_of(part: str) -> str:
    """Say what a part of a key is called."""
    return say(*HEADINGS[part])
