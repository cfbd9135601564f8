"""The form of a draft: its texts by field, its ticked units, and both versions side by side after a conflict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.http import QueryDict

from kaohe.standard.model import Standard
from kaohe.web.accounts.permissions import Action, visible
from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say, spoken
from kaohe.web.organisation.finding import day_of, key_of, typed
from kaohe.web.organisation.models import Unit
from kaohe.web.pages.parts import Difference
from kaohe.web.rounds.models import Round, RoundUnit
from kaohe.web.rounds.wording import version_title
from kaohe.web.standards.models import StandardVersion
from kaohe.web.standards.queries import standard_of

FIELDS = ("standard", "kind", "year", "start", "end", "due")
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Box:
    """A unit to tick; `note` says what is unusual about it."""

    pk: int
    code: str
    name: str
    note: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class BoxGroup:
    """The units of one group of the standard."""

    title: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class RoundForm:
    """The form of a draft for one editor.

    pk, version: 0 where nothing is stored yet; authorities: those whose rounds the editor makes; text: what is
    typed; base: what it was typed over; ticked, base_ticked: the same of the units, by their number.
    """

    pk: int
    version: int
    authority: Unit
    authorities: tuple[Unit, ...]
    text: Mapping[str, str]
    base: Mapping[str, str]
    ticked: frozenset[int]
    base_ticked: frozenset[int]
    today: date
    errors: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def versions(self) -> tuple[StandardVersion, ...]:
        """The versions of the authority's standards, the newest first."""
        found = StandardVersion.objects.filter(authority=self.authority)
        return tuple(found.order_by("-added_at", "-pk"))

    @property
    def version_chosen(self) -> StandardVersion | None:
        """The version that is chosen; None where it is none of the authority's."""
        return next((one for one in self.versions if str(one.pk) == self.text["standard"]), None)

    @property
    def standard(self) -> Standard | None:
        """The chosen version as a value."""
        chosen = self.version_chosen
        return standard_of(chosen).standard if chosen else None

    @property
    def year(self) -> int | None:
        """The year, None where it is none."""
        text = self.text["year"]
        year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
        return year if FIRST_YEAR <= year <= LAST_YEAR else None

    @cached_property
    def candidates(self) -> tuple[Unit, ...]:
        """Every unit of the authority with a group, and what the draft holds besides."""
        own = Q(authority=self.authority) & ~Q(peer_group="")
        kept = Q(pk__in=RoundUnit.objects.filter(round=self.pk).values("unit"))
        return tuple(Unit.objects.filter(own | kept).order_by("official_order", "code", "pk"))

    @property
    def authority_options(self) -> list[tuple[int, str]]:
        """The authorities to choose from."""
        return [(one.pk, one.name) for one in self.authorities]

    @property
    def standard_options(self) -> list[tuple[int, str]]:
        """The versions to choose from."""
        return [(one.pk, version_title(one)) for one in self.versions]

    @property
    def kind_options(self) -> list[tuple[str, str]]:
        """The kinds of round that the chosen standard knows."""
        standard = self.standard
        return [(kind, one.title.within(spoken())) for kind, one in standard.rounds.items()] if standard else []

    @property
    def groups(self) -> list[BoxGroup]:
        """The units to tick, in the groups of the standard; at last those whose group it does not know."""
        standard = self.standard
        titles = {group.id: group.title.within(spoken()) for group in standard.groups} if standard else {}
        boxes: dict[str, list[Box]] = {group: [] for group in titles}
        for unit in self.candidates:
            if unit.pk in self.ticked or self.meets(unit):
                group = unit.peer_group if unit.peer_group in titles else ""
                boxes.setdefault(group, []).append(
                    Box(unit.pk, unit.code, unit.name, self._note(unit), unit.pk in self.ticked)
                )
        other = say("类别不在标准里", "Group not in the standard")
        return [BoxGroup(titles.get(group, other), tuple(found)) for group, found in boxes.items() if found]

    @property
    def base_units(self) -> str:
        """The units that were ticked when the form was handed out, as it sends them back."""
        return " ".join(map(str, sorted(self.base_ticked)))

    def meets(self, unit: Unit) -> bool:
        """Whether a unit was valid on any day of the period."""
        start, end = day_of(self.text["start"]), day_of(self.text["end"])
        return (not end or not unit.valid_from or unit.valid_from <= end) and (
            not start or not unit.valid_to or unit.valid_to >= start
        )

    def proposes(self, unit: Unit) -> bool:
        """Whether a unit is ticked by itself: it is valid at the end of the period, or today if that is to come."""
        standard, end = self.standard, day_of(self.text["end"])
        day = min(end, self.today) if end else self.today
        known = standard is not None and any(group.id == unit.peer_group for group in standard.groups)
        begun = unit.valid_from is None or unit.valid_from <= day
        return known and begun and (unit.valid_to is None or unit.valid_to >= day)

    def _note(self, unit: Unit) -> str:
        if unit.authority_id != self.authority.pk:
            return say("已不属本机关", "no longer of this authority")
        return say(f"{unit.valid_to} 停用", f"ended {unit.valid_to}") if unit.valid_to else unit.code


def managed(standing: Standing) -> tuple[Unit, ...]:
    """Return the authorities whose rounds somebody makes, the topmost first."""
    found = visible(standing, Action.ROUND_MANAGE, Unit).filter(is_authority=True)
    return tuple(found.order_by("path"))


def new_form(authorities: tuple[Unit, ...], today: date) -> RoundForm:
    """Return the form of a round that nobody has drafted: the first authority's newest standard and the present year."""
    none = frozenset[int]()
    text = dict.fromkeys(FIELDS, "") | {"year": str(today.year)}
    return proposed(RoundForm(0, 0, authorities[0], authorities, text, {}, none, none, today))


def stored_form(draft: Round, today: date) -> RoundForm:
    """Return the form of a draft as it is stored."""
    text, ticked = _texts(draft), frozenset(draft.units.values_list("unit", flat=True))
    return RoundForm(draft.pk, draft.version, draft.authority, (draft.authority,), text, text, ticked, ticked, today)


def typed_new_form(authorities: tuple[Unit, ...], said: QueryDict, today: date) -> RoundForm:
    """Return the form of a new round as it was typed."""
    asked = key_of(typed(said.get("authority", "")))
    authority = next((one for one in authorities if one.pk == asked), authorities[0])
    text = {name: typed(said.get(name, "")) for name in FIELDS}
    ticked = _numbers(said.getlist("unit"))
    return _own(RoundForm(0, 0, authority, authorities, text, {}, ticked, frozenset(), today))


def typed_form(draft: Round, said: QueryDict, today: date) -> RoundForm:
    """Return the form of a draft as it was typed; a text that was not sent stays as it was."""
    stored, version = stored_form(draft, today), key_of(typed(said.get("version", "")))
    form = replace(
        stored,
        version=version or 0,
        text={name: typed(said.get(name, stored.text[name])) for name in FIELDS},
        base={name: typed(said.get(f"was_{name}", stored.text[name])) for name in FIELDS},
        ticked=_numbers(said.getlist("unit")),
        base_ticked=_numbers(said.get("was_units", stored.base_units).split()),
    )
    return _own(form)


def proposed(form: RoundForm) -> RoundForm:
    """Return a form with what its standard proposes: a kind, the period, the due day; and units, where none is ticked."""
    if form.version_chosen is None and form.versions:
        form = replace(form, text={**form.text, "standard": str(form.versions[0].pk)})
    standard = form.standard
    if standard is None:
        return form
    kind = form.text["kind"] if form.text["kind"] in standard.rounds else list(standard.rounds)[-1]
    text = {**form.text, "kind": kind}
    if form.year:
        start, end = standard.rounds[kind].period(form.year)
        due = standard.rounds[kind].due_on(form.year)
        text |= {"start": start.isoformat(), "end": end.isoformat(), "due": due.isoformat()}
    form = replace(form, text=text)
    return replace(form, ticked=form.ticked or frozenset(unit.pk for unit in form.candidates if form.proposes(unit)))


def merged(form: RoundForm, now: Round) -> tuple[RoundForm, tuple[Difference, ...]]:
    """Return a form over what somebody else stored meanwhile, and both where anything differs.

    What was not touched is taken from there, what was typed or ticked stays; sent once more, it is written on top.
    """
    stored = stored_form(now, form.today)
    text = {name: stored.text[name] if form.text[name] == form.base[name] else form.text[name] for name in FIELDS}
    added, removed = form.ticked - form.base_ticked, form.base_ticked - form.ticked
    both = replace(
        form, version=now.version, text=text, base=stored.text,
        ticked=(stored.ticked | added) - removed, base_ticked=stored.ticked,
    )  # fmt: skip
    changed = [name for name in FIELDS if stored.text[name] != text[name] or stored.text[name] != form.base[name]]
    titles = labels()
    found = [Difference(titles[name], _shown(both, name, stored.text), _shown(both, name, text)) for name in changed]
    touched = (stored.ticked ^ both.ticked) | (stored.ticked ^ form.base_ticked)
    if touched:
        found.append(Difference(titles["units"], _named(touched & stored.ticked), _named(touched & both.ticked)))
    return both, tuple(found)


def labels() -> dict[str, str]:
    """Return the names of the fields."""
    return {
        "standard": say("标准", "Standard"),
        "kind": say("考核种类", "Kind of round"),
        "year": say("年度", "Year"),
        "start": say("期间第一天", "First day of the period"),
        "end": say("期间最后一天", "Last day of the period"),
        "due": say("截止日", "Due day"),
        "units": say("考核单位", "Units"),
    }


def _own(form: RoundForm) -> RoundForm:
    """Return a form without the numbers of units that it does not offer."""
    offered = {unit.pk for unit in form.candidates}
    return replace(form, ticked=form.ticked & offered, base_ticked=form.base_ticked & offered)


def _texts(draft: Round) -> dict[str, str]:
    return {
        "standard": str(draft.standard_id), "kind": draft.kind, "year": str(draft.year),
        "start": draft.start.isoformat(), "end": draft.end.isoformat(), "due": draft.due.isoformat(),
    }  # fmt: skip


def _numbers(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(number for number in map(key_of, texts) if number is not None)


def _shown(form: RoundForm, name: str, text: Mapping[str, str]) -> str:
    options: list[tuple[int, str]] | list[tuple[str, str]] = []
    if name == "standard":
        options = form.standard_options
    elif name == "kind":
        options = form.kind_options
    return next((title for key, title in options if str(key) == text[name]), text[name])


def _named(units: frozenset[int]) -> str:
    names = Unit.objects.filter(pk__in=units).order_by("official_order", "code").values_list("name", flat=True)
    return say("、", ", ").join(names)
