"""What an entry holds, for reading: short for the list, whole for its page, with sealed values where still kept."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kaohe.web.accounts.roles import TITLES, title
from kaohe.web.journal.models import PersonalValue
from kaohe.web.journal.things import Names
from kaohe.web.journal.wording import TABLES, field_title
from kaohe.web.lang.choice import say

DIGEST = re.compile(r"[0-9a-f]{64}")
GIST = 44
SHORT = 24
REFERENCES = {"account": "account", "unit": "unit", "parent": "unit", "successor": "unit", "person": "person"}
"""Fields that hold the key of an object, with its kind."""
_PAIRS = (("before", "after"), ("old", "new"), ("from", "to"))


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a payload with its path in words; `sealed`: a digest stands in the entry, `text` is what it stands for."""

    path: str
    text: str
    hash: bool = False
    sealed: bool = False


def read(payload: bytes) -> Any:
    """Return a payload as data; its text where it is no JSON, which only an altered one can be."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return payload.decode("utf-8", "replace")


def gist(payload: bytes, names: Names, kept: Mapping[str, str]) -> str:
    """Return the gist of a payload in one line: what changed from what to what, else its first values.

    kept: the sealed values that are still there, by their digests.
    """
    text = say("，", ", ").join(_Gist(names, kept).parts(read(payload), ""))
    return text if len(text) <= GIST else text[: GIST - 1] + "…"


def references(payload: bytes) -> Iterator[str]:
    """Yield the objects that a payload names by their keys, as `unit 12`."""
    value = read(payload)
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        kind = REFERENCES.get(name)
        for one in inner.values() if isinstance(inner, Mapping) else (inner,):
            if kind is not None and type(one) is int:
                yield f"{kind} {one}"


def kept_values(payloads: Iterable[bytes]) -> dict[str, str]:
    """Return the sealed values of payloads that are still kept, by their digests: one query, none where none is named."""
    digests = {digest for payload in payloads for digest in DIGEST.findall(payload.decode("utf-8", "replace"))}
    return dict(PersonalValue.objects.filter(digest__in=digests).values_list("digest", "value")) if digests else {}


class _Gist:
    """Tells a payload with the names of what it refers to."""

    def __init__(self, names: Names, kept: Mapping[str, str]) -> None:
        self._names, self._kept = names, kept

    def parts(self, value: Any, name: str) -> Iterator[str]:
        """Yield the parts of the gist, the deeper ones as they come."""
        if isinstance(value, Mapping):
            yield from self._of_mapping(value, name)
        elif isinstance(value, list) and len(value) == 2 and not any(isinstance(one, list | Mapping) for one in value):
            yield self._step(name, value[0], value[1])
        else:
            yield f"{field_title(name)} {self.short(name, value)}".strip()

    def _of_mapping(self, value: Mapping[str, Any], name: str) -> Iterator[str]:
        for old, new in _PAIRS:
            if {old, new} <= value.keys():
                yield from self._changed(name, value[old], value[new])
                value = {key: inner for key, inner in value.items() if key not in (old, new)}
        for key, inner in value.items():
            if inner not in (None, "", [], {}) and not self._is_bare_digest(inner):
                yield from self.parts(inner, key)

    def _is_bare_digest(self, value: Any) -> bool:
        """Whether a value is a digest that says nothing to a reader; it stands on the entry's page."""
        return isinstance(value, str) and value not in self._kept and DIGEST.fullmatch(value) is not None

    def _changed(self, name: str, old: Any, new: Any) -> Iterator[str]:
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            yield self._step(name, old, new)
            return
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                yield self._step(key, old.get(key), new.get(key))

    def _step(self, name: str, old: Any, new: Any) -> str:
        return f"{field_title(name)} {self.short(name, old)} → {self.short(name, new)}".strip()

    def short(self, name: str, value: Any) -> str:
        """Return a value in few characters."""
        if isinstance(value, list | Mapping):
            return say(f"{len(value)} 项", f"{len(value)} items")
        text = shown(name, value, self._names, self._kept)
        if DIGEST.fullmatch(text):
            return text[:8] + "…"
        return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def shown(name: str, value: Any, names: Names, kept: Mapping[str, str]) -> str:
    """Return a value as people read it: names for keys, words for codes, what is sealed where it is kept."""
    if name in REFERENCES and type(value) is int:
        return names.object(f"{REFERENCES[name]} {value}")
    if name == "role" and value in TITLES:
        return title(value)
    if name == "table" and value in TABLES:
        return say(*TABLES[value])
    text = _text(value)
    return kept.get(text, text)


def _text(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    return str(value)


def values_of(payload: bytes, names: Names) -> tuple[Value, ...]:
    """Return all values of a payload, each with its path; sealed values are looked up in one query."""
    kept = kept_values([payload])
    return tuple(_value(path, value, names, kept) for path, value in _flat(read(payload), ()))


def _value(path: tuple[str, ...], value: Any, names: Names, kept: Mapping[str, str]) -> Value:
    words = " · ".join(field_title(step) for step in path) or say("内容", "content")
    name = next((step for step in reversed(path) if step not in ("old", "new")), "")
    text = shown(name, None if value in ({}, []) else value, names, kept)
    return Value(words, text, hash=DIGEST.fullmatch(text) is not None, sealed=str(value) in kept)


def _flat(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(inner, (*path, key))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, (*path, str(number)))
    else:
        yield path, value
