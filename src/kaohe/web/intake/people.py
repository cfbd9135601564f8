"""People as a target of files: who changes the unit has moved, and keeps the past."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from kaohe.ledger.cells import normal
from kaohe.ledger.organisation import ORGANISATION_PEOPLE
from kaohe.ledger.tables import Form
from kaohe.web.intake.blockers import blockers
from kaohe.web.intake.rewriting import rewrite
from kaohe.web.intake.target import Days, Held, Meanwhile
from kaohe.web.intake.units import units_of
from kaohe.web.intake.values import plain, shown_plainly
from kaohe.web.organisation.models import Person, Posting, Unit
from kaohe.web.organisation.moves import tell_moves
from kaohe.web.organisation.stays import Stay, settled
from kaohe.web.rounds.models import Round
from kaohe.web.training.former import former_id
from kaohe.web.training.rows import Image, Row, Wrong

FIELDS: dict[str, tuple[str, str]] = {
    "name": ("姓名", "Name"), "unit": ("单位", "Unit"), "post": ("职务", "Post"),
    "joined": ("到岗", "Arrived"), "departed": ("离岗", "Departed"), "email": ("邮箱", "Email"), "phone": ("电话", "Phone"),
}  # fmt: skip
_BLANK: Image = {"name": "", "unit": "", "post": "", "joined": None, "departed": None, "email": "", "phone": ""}
_PLAIN = ("post", "email", "phone")
_WRITTEN = ("name", "pinyin", "initials", *_PLAIN, "unit", "version")
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")


class People:
    """The people of an authority."""

    table = "people"
    title = ("人员", "people")
    fields = FIELDS
    longest: Mapping[str, int] = {"id": 60, "name": 200, "post": 200, "email": 254, "phone": 100}

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, str]] = {}

    def form(self, authority: Unit) -> Form:
        """Return what the reader accepts."""
        return Form((ORGANISATION_PEOPLE,), {"units": [*units_of(authority).values_list("code", flat=True)]})

    def plan(self, authority: Unit, present: Collection[str], folder_of: Round | None = None) -> "PeoplePlan":
        """Begin to compare a file; a round calls nobody otherwise."""
        units = {unit.pk: normal(unit.code) for unit in units_of(authority)}
        return PeoplePlan(self.images(authority, ()), [name for name in FIELDS if name in present], units)

    def images(self, authority: Unit, keys: Collection[str]) -> dict[str, Image]:
        """Return all people of the authority: each with the whole past, by which an exact return is possible."""
        stays = _stays(authority)
        people = Person.objects.filter(authority=authority).order_by("pk")
        rows = people.values_list("pk", "code", "name", "unit_id", "unit__code", *_PLAIN)
        return {
            normal(code): _image(pk, name, unit, unit_code, dict(zip(_PLAIN, more, strict=True)), stays.get(pk, []))
            for pk, code, name, unit, unit_code, *more in rows
        }

    def prepare(self, rows: Iterable[Row]) -> None:
        """Work out by which keys new names are found: a quarter of a second a thousand."""
        for name in {name for row in rows for name in _names(row)}:
            person = Person(name=name)
            person.set_keys()
            self._keys[name] = (person.pinyin, person.initials)

    def apply(self, authority: Unit, rows: Iterable[Row], days: Days) -> None:
        """Write the people, then where they belong."""
        rows = list(rows)
        units = {normal(unit.code): unit.pk for unit in units_of(authority)}
        lost = sum(1 for row in rows if row.after and row.after["unit"] not in units)
        if lost:
            raise Meanwhile(lost)
        people = _locked(authority, {row.key for row in rows})
        new = [self._person(authority, row, units) for row in rows if row.kind == "new"]
        Person.objects.bulk_create(new)
        people |= {person.code: person for person in new}
        stays = _stays(authority)
        self._rewrite(
            [(people[row.key], row.after, units[row.after["unit"]]) for row in rows if row.before and row.after]
        )
        wanted = {}
        for row in rows:
            pk = people[row.key].pk
            wanted[pk] = _wanted(stays.get(pk, []), row.after, units, days)
        _write_stays(stays, wanted)
        tell_moves(authority.pk, _moved(stays, wanted))

    def first_end(self, rows: Iterable[Row]) -> date | None:
        """Return the latest arrival of them."""
        days = [row.before["joined"] for row in rows if row.before and row.before["joined"]]
        return date.fromisoformat(max(days)) if days else None

    def held(
        self, authority: Unit, new: Collection[str], touched: Collection[str], own: Mapping[str, Collection[int]]
    ) -> list[Held]:
        """Return the new people to whom anything else belongs by now."""
        people = {pk: normal(code) for pk, code in Person.objects.filter(authority=authority).values_list("pk", "code")}
        keys = {pk: key for pk, key in people.items() if key in set(new)}
        return [
            Held(keys[pk], what, count)
            for some in _portions([*keys])
            for pk, what, count in blockers(Person, some, own, {"organisation.Posting"})
        ]

    def restore(self, authority: Unit, rows: Iterable[Row]) -> None:
        """Put people and their whole past back; take the new ones away."""
        rows = list(rows)
        people, stays = _locked(authority, {row.key for row in rows}), _stays(authority)
        self._rewrite([(people[row.key], row.before, row.before["at"][1]) for row in rows if row.before])
        wanted = {people[row.key].pk: _past(row.before) if row.before else [] for row in rows}
        _write_stays(stays, {people[row.key].pk: wanted[people[row.key].pk] for row in rows if row.before})
        for some in _portions([people[row.key].pk for row in rows if row.before is None]):
            Person.objects.filter(pk__in=some).delete()
        tell_moves(authority.pk, _moved(stays, wanted))

    def shown(self, name: str, value: object) -> str:
        """Say a value."""
        return shown_plainly(value)

    def _person(self, authority: Unit, row: Row, units: Mapping[str, int]) -> Person:
        after = row.after or {}
        person = Person(code=row.key, authority=authority, unit_id=units[after["unit"]])
        return self._written(person, after)

    def _written(self, person: Person, after: Image) -> Person:
        for name in _PLAIN:
            setattr(person, name, after[name])
        if person.name != after["name"]:
            person.name = after["name"]
            if person.name not in self._keys:
                self.prepare([Row(0, "", "new", None, after)])
            person.pinyin, person.initials = self._keys[person.name]
        return person

    def _rewrite(self, changes: Iterable[tuple[Person, Image, int]]) -> None:
        written = []
        for person, after, unit in changes:
            self._written(person, after)
            person.unit_id, person.version = unit, person.version + 1
            written.append(person)
        rewrite(Person, _WRITTEN, written)


class PeoplePlan:
    """A file of people against those that are there; `units` are the codes of units by their ids."""

    def __init__(self, images: dict[str, Image], present: list[str], units: Mapping[int, str]) -> None:
        self._images, self._present = images, present
        self._former = dict(_former_stays(images, units))
        self._heard: set[str] = set()
        self._wrongs: list[Wrong] = []

    def row(self, n: int, values: Mapping[str, object]) -> Row:
        """Compare a person. Who moves begins anew, with the days that the file gives."""
        key = str(values["id"])
        self._heard.add(key)
        before = self._images.get(key)
        given = {name: plain(values[name], _BLANK[name]) for name in self._present}
        if before is None and key in self._former:
            return self._former_row(n, key, given)
        stays = before is not None and given.get("unit", before["unit"]) == before["unit"]
        kept = {name: before[name] for name in _BLANK if stays or name not in ("joined", "departed")} if before else {}
        if stays and before and before["joined"] is None and given.get("joined") == _ended_before(before):
            given["joined"] = None  # the folder says when the stay began, though nobody wrote it down
        after = _BLANK | kept | given
        self._wrongs += [*self._wrong_days(n, after), *_wrong_address(n, after)]
        changed = before is None or any(before[name] != after[name] for name in FIELDS)
        return Row(n, key, "new" if before is None else "changed" if changed else "unchanged", before, after)

    def _former_row(self, n: int, key: str, given: Image) -> Row:
        """Compare a former stay, as a round's folder has it: it is there, and no file makes another of it."""
        before, person = self._former[key]
        for name in ("unit", "joined", "departed"):
            if name in given and given[name] != before[name]:
                self._wrongs.append(Wrong("stay_fixed", n, name, given[name] or "", {"wanted": person}))
        return Row(n, key, "unchanged", before, before)

    def _wrong_days(self, n: int, after: Image) -> Iterator[Wrong]:
        """Tell of days in the wrong order where the reader saw only one of them."""
        joined, departed = after["joined"], after["departed"]
        if joined and departed and joined > departed and not {"joined", "departed"} <= {*self._present}:
            column = "joined" if "joined" in self._present else "departed"
            yield Wrong("joined_after_departed", n, column, joined, {"wanted": departed})

    def wrongs(self) -> Iterable[Wrong]:
        """Tell whose days are in the wrong order where only one of them is in the file."""
        return self._wrongs

    def absent(self) -> Iterator[Row]:
        """Tell who is in post and not in the file."""
        for key, image in self._images.items():
            if key not in self._heard and image["departed"] is None:
                yield Row(0, key, "absent", image, None)


def _former_stays(images: Mapping[str, Image], units: Mapping[int, str]) -> Iterator[tuple[str, tuple[Image, str]]]:
    """Yield the former stays of people under their ids in a folder: each as an image, with the person's own id."""
    for person, image in images.items():
        ended = None
        for pk, unit, joined, departed in image["postings"][:-1]:
            stay = {"unit": units.get(unit, ""), "joined": joined or ended, "departed": departed}
            yield former_id(person, pk), (_BLANK | {"name": image["name"]} | stay, person)
            ended = departed


def _ended_before(image: Image) -> str | None:
    """Return the day on which the stay before the last ended."""
    return str(image["postings"][-2][3]) if len(image["postings"]) > 1 and image["postings"][-2][3] else None


def _wrong_address(n: int, after: Image) -> Iterator[Wrong]:
    if after["email"] and not _ADDRESS.fullmatch(after["email"]):
        yield Wrong("email_wrong", n, "email", after["email"][:60])


def _names(row: Row) -> set[str]:
    """The names that a row gives or gives back."""
    names = {image["name"] for image in (row.before, row.after) if image}
    return names if row.before is None or len(names) > 1 else set()


def _image(pk: int, name: str, unit: int, code: str, more: Image, stays: list[Stay]) -> Image:
    last = stays[-1] if stays else Stay(None, unit, None, None)
    past = [[stay.pk, stay.unit, _iso(stay.joined), _iso(stay.departed)] for stay in stays]
    return {
        "name": name, "unit": normal(code), **more, "joined": _iso(last.joined), "departed": _iso(last.departed),
        "at": [pk, unit], "postings": past,
    }  # fmt: skip


def _stays(authority: Unit) -> dict[int, list[Stay]]:
    found: dict[int, list[Stay]] = {}
    rows = Posting.objects.filter(person__authority=authority).order_by("pk")
    for person, pk, unit, joined, departed in rows.values_list("person_id", "pk", "unit_id", "joined", "departed"):
        found.setdefault(person, []).append(Stay(pk, unit, joined, departed))
    return found


def _locked(authority: Unit, keys: Collection[str]) -> dict[str, Person]:
    people = Person.objects.filter(authority=authority).select_for_update().order_by("pk")
    return {key: person for person in people if (key := normal(person.code)) in keys}


def _wanted(past: list[Stay], after: Image | None, units: Mapping[str, int], days: Days) -> list[Stay]:
    if after is None:
        if not past:
            return []
        last = past[-1]
        return settled(past, last.unit, last.joined, days.ends_on, days.on)
    return settled(past, units[after["unit"]], _day(after["joined"]), _day(after["departed"]), days.on)


def _past(before: Image) -> list[Stay]:
    return [Stay(pk, unit, _day(joined), _day(departed)) for pk, unit, joined, departed in before["postings"]]


def _write_stays(stays: Mapping[int, list[Stay]], wanted: Mapping[int, list[Stay]]) -> None:
    """Turn the postings of people into what is wanted; what was removed and comes back is itself again."""
    gone, changed, new = [], list[Posting](), list[Posting]()
    for person, after in wanted.items():
        before = {stay.pk: stay for stay in stays.get(person, [])}
        gone += [pk for pk in before if pk not in {stay.pk for stay in after}]
        for stay in after:
            posting = Posting(
                pk=stay.pk, person_id=person, unit_id=stay.unit, joined=stay.joined, departed=stay.departed
            )
            if stay.pk not in before:
                new.append(posting)
            elif before[stay.pk] != stay:
                changed.append(posting)
    for some in _portions(gone):
        Posting.objects.filter(pk__in=some).delete()
    # those that end go first: a person has one open posting at a time
    changed.sort(key=lambda posting: posting.departed is None)
    rewrite(Posting, ("unit", "joined", "departed"), changed)
    Posting.objects.bulk_create(new)


def _moved(stays: Mapping[int, list[Stay]], wanted: Mapping[int, list[Stay]]) -> set[int]:
    """Return the units of those people whose stays become others."""
    changed = ((stays.get(person, []), after) for person, after in wanted.items() if stays.get(person, []) != after)
    return {stay.unit for before, after in changed for stay in (*before, *after)}


def _portions(pks: list[Any], size: int = 500) -> Iterator[list[Any]]:
    return (pks[start : start + size] for start in range(0, len(pks), size))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
