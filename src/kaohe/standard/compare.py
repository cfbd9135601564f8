"""What differs between two standards, or two versions of one (product F4).

House rules of this file. Parts are matched by what names them, never by their place in the file:
items, criteria, bands, bonuses and groups by id, steps by lower bound, checks by title, decisions by
number. A criterion is followed across items, so that one which moves is said to have moved and is
compared all the same. Equal values written differently (5 and 5.00, 80% and 0.8) are no difference;
nor is the order of bands, steps and `bonus_counts_for`, which decides nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic.fields import FieldInfo

from kaohe.standard.figures import written
from kaohe.standard.model import Check, Criterion, Decision, Item, Standard, Text
from kaohe.standard.rules import Frozen, Step

Kind = Literal["added", "removed", "changed", "moved"]
ORDERED = frozenset({"items", "criteria", "groups", "bonus"})
"""The lists whose order shows, in sheets and circulars."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where (`items[B].criteria[B3].points`, by id), what kind, the old and the new text.

    A moved criterion has the two items as its texts; a list whose order changed has its ids.
    """

    path: str
    kind: Kind
    old: str | None
    new: str | None


def compare(old: Standard, new: Standard) -> tuple[Difference, ...]:
    """Return what differs between two standards, in the order of the model; nothing where they mean the same."""
    return tuple(_of_models("", old, new))


def _of(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Frozen) and type(old) is type(new):
        yield from _of_models(path, old, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_parts(lambda key: f"{path}.{key}", old, new)
    elif _is_list_of_parts(old or new):
        yield from _of_lists(path, old, new)
    else:
        yield from _of_values(path, old, new)


def _of_models(path: str, old: Frozen, new: Frozen) -> Iterator[Difference]:
    for name in type(old).model_fields:
        inner = f"{path}.{name}" if path else name
        if name == "items":
            yield from _of_items(getattr(old, name), getattr(new, name))
        elif name == "bonus_counts_for":
            yield from _of(inner, tuple(sorted(getattr(old, name))), tuple(sorted(getattr(new, name))))
        else:
            yield from _of(inner, getattr(old, name), getattr(new, name))


def _of_items(old: Sequence[Item], new: Sequence[Item]) -> Iterator[Difference]:
    """Items without their criteria, then the criteria, wherever they stand."""
    headings = [tuple(item.model_copy(update={"criteria": ()}) for item in items) for items in (old, new)]
    yield from _of_lists("items", *headings)
    before, after = _located(old), _located(new)
    common = [key for key in before if key in after]
    for key in common:
        if before[key][0] != after[key][0]:
            yield Difference(f"{after[key][0]}[{key}]", "moved", _item(before[key][0]), _item(after[key][0]))
    stayed = [key for key in common if before[key][0] == after[key][0]]
    for item in dict.fromkeys(before[key][0] for key in stayed):
        kept = [[key for key in located if key in stayed and located[key][0] == item] for located in (before, after)]
        yield from _of_order(item, *kept)
    paths = {key: f"{at}[{key}]" for key, (at, _) in [*before.items(), *after.items()]}
    criteria = [{key: criterion for key, (_, criterion) in located.items()} for located in (before, after)]
    yield from _of_parts(lambda key: paths[key], *criteria)


def _located(items: Sequence[Item]) -> dict[str, tuple[str, Criterion]]:
    """Every criterion by its key, with the path of the list in which it stands."""
    owners = {id(criterion): key for key, item in _keyed(items).items() for criterion in item.criteria}
    criteria = _keyed([criterion for item in items for criterion in item.criteria])
    return {key: (f"items[{owners[id(criterion)]}].criteria", criterion) for key, criterion in criteria.items()}


def _item(path: str) -> str:
    return path.removeprefix("items[").removesuffix("].criteria")


def _of_lists(path: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    before, after = _keyed(old), _keyed(new)
    if path in ORDERED:
        kept = [[key for key in keys if key in before and key in after] for keys in (before, after)]
        yield from _of_order(path, *kept)
    yield from _of_parts(lambda key: f"{path}[{key}]", before, after)


def _of_order(path: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    if old != new:
        yield Difference(path, "moved", ", ".join(old), ", ".join(new))


def _of_parts(path: Callable[[str], str], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Parts under the same key are compared, the others are told in one line each."""
    for key in dict.fromkeys([*old, *new]):
        if key in old and key in new:
            yield from _of(path(key), old[key], new[key])
        else:
            yield from _of_values(path(key), old.get(key), new.get(key))


def _of_values(path: str, old: Any, new: Any) -> Iterator[Difference]:
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    yield Difference(path, kind, _text(old), _text(new))


def _keyed(parts: Iterable[Any]) -> dict[str, Any]:
    """Parts by what names them; a name given twice (the linter says so) is told apart as B1#2."""
    keyed: dict[str, Any] = {}
    for part in parts:
        name = key = _name(part)
        times = 1
        while key in keyed:
            times += 1
            key = f"{name}#{times}"
        keyed[key] = part
    return keyed


def _name(part: Any) -> str:
    match part:
        case Step():
            return _share(part.at_least)
        case Check():
            return part.title.zh
        case Decision():
            return str(part.number)
        case _:
            return str(part.id)


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Frozen)


def _text(value: Any) -> str | None:
    """Write a setting as one line; a titled part as title and points, any other with what is not a default."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case Decimal():
            return written(value)
        case Fraction():
            return _share(value)
        case Text():
            return f"{value.zh} / {value.en}"
        case Frozen():
            return _told(value)
        case Mapping():
            return "; ".join(f"{key}: {_text(inner)}" for key, inner in value.items())
        case tuple():
            return ", ".join(str(_text(inner)) for inner in value)
        case _:
            return str(value)


def _share(value: Fraction) -> str:
    """A bound is a share or a number counted; what lies between 0 and 1 is a share."""
    return written(value * 100) + "%" if 0 < value < 1 else written(value)


def _told(part: Frozen) -> str:
    title, points = getattr(part, "title", getattr(part, "question", None)), getattr(part, "points", None)
    if title is not None:
        return f"{_text(title)}" + (f" ({_text(points)})" if points is not None else "")
    told = {name: getattr(part, name) for name, field in type(part).model_fields.items() if _is_said(part, name, field)}
    return str(_text(dict(sorted(told.items(), key=lambda setting: setting[0] != "shape"))))


def _is_said(part: Frozen, name: str, field: FieldInfo) -> bool:
    return bool(getattr(part, name) != field.default)
