"""Standards as files: YAML in, a `Standard` out, with the line of every setting kept for the linter."""

import hashlib
import json
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.standard.model import Standard

LIBRARY = "kaohe.standard.library"
DEEPEST = 40
"""The most levels of a file; a standard has eight."""
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class StandardFile:
    """A standard as it was read: the value, the file's bytes and name, and the line of each path."""

    standard: Standard
    name: str
    content: bytes
    lines: Mapping[str, int]

    @property
    def digest(self) -> str:
        """`sha256:` and the SHA-256 of the file's bytes, as results and circulars cite it."""
        return "sha256:" + hashlib.sha256(self.content).hexdigest()

    def place(self, path: str) -> Place:
        """Return where a setting stands; the nearest enclosing line where it has none of its own."""
        return Place(self.name, path=path, line=_nearest(self.lines, path))


class _ExactLoader(_Loader):  # type: ignore[misc]  # the C loader where the machine has it
    """Reads decimals as they are written (no binary floats) and refuses a key given twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key given twice: {key.value}", key.start_mark)
            seen.add(key.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def _decimal(loader: Any, node: Any) -> Decimal:
    try:
        return Decimal(node.value)
    except InvalidOperation:
        raise yaml.constructor.ConstructorError(None, None, f"not a number: {node.value}", node.start_mark) from None


def _boolean(loader: Any, node: Any) -> bool:
    try:
        return bool(loader.bool_values[node.value.lower()])
    except KeyError:
        raise yaml.constructor.ConstructorError(None, None, f"not a yes or no: {node.value}", node.start_mark) from None


def _integer(loader: Any, node: Any) -> int:
    """Read whole numbers as they look: YAML 1.1 would take 010 for 8 and 1:40 for 100."""
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", node.value) is None:
        raise yaml.constructor.ConstructorError(None, None, f"not a plain number: {node.value}", node.start_mark)
    return int(node.value)


def _day(loader: Any, node: Any) -> date:
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        raise yaml.constructor.ConstructorError(None, None, f"not a day: {node.value}", node.start_mark) from None


_ExactLoader.add_constructor("tag:yaml.org,2002:bool", _boolean)
_ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_ExactLoader.add_constructor("tag:yaml.org,2002:int", _integer)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def library() -> tuple[str, ...]:
    """Return the names of the standards that come with the program."""
    files = resources.files(LIBRARY).iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def read_standard(name_or_path: str) -> StandardFile:
    """Read a standard of the library by its name, or any other from its file.

    Raises BadInput, naming line and setting, where the text is not YAML, has an unknown or missing
    setting or a value of the wrong kind. Contradictions are the linter's matter (`lint`).
    """
    if name_or_path in library():
        content = resources.files(LIBRARY).joinpath(f"{name_or_path}.yaml").read_bytes()
        return parse_standard(content, f"{name_or_path}.yaml")
    path = Path(name_or_path)
    try:
        content = path.read_bytes()
    except OSError:
        known = {"library": "、".join(library())}
        raise BadInput(Faults.of([Fault("standard_unknown", Place(name_or_path), name_or_path, known)])) from None
    return parse_standard(content, path.name)


def parse_standard(content: bytes, name: str) -> StandardFile:
    """Turn the bytes of a standard's file into a value; see `read_standard`."""
    try:
        data, lines = _loaded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(Faults.of([Fault("standard_not_utf8", Place(name))])) from None
    except yaml.YAMLError as error:
        raise BadInput(Faults.of([_not_yaml(error, name)])) from None
    if not isinstance(data, dict):
        raise BadInput(Faults.of([Fault("standard_not_mapping", Place(name, line=1))]))
    try:
        return StandardFile(Standard.model_validate(data), name, content, lines)
    except ValidationError as error:
        raise BadInput(Faults.of(_setting_faults(error, name, lines))) from None


def _loaded(text: str) -> tuple[Any, dict[str, int]]:
    """Return a YAML text as plain data, and the line of every path in it."""
    loader = _ExactLoader(text)
    try:
        node = loader.get_single_node()
        _refuse_knots(node, set(), DEEPEST)
        return loader.construct_document(node) if node is not None else None, dict(_lines(node, ""))
    finally:
        loader.dispose()


def _refuse_knots(node: Any, seen: set[int], deeper: int) -> None:
    """A standard says each thing where it stands; aliases could also make a small file unfold without end.

    Nor has it more than a few levels, or a part that says of itself to be of another kind than it looks.
    """
    if id(node) in seen:
        raise yaml.constructor.ConstructorError(None, None, "alias", node.start_mark)
    if not deeper:
        raise yaml.constructor.ConstructorError(None, None, "too many levels", node.start_mark)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        _refuse_kind(node, "map")
        for key, value in node.value:
            _refuse_knots(key, seen, deeper - 1)
            _refuse_knots(value, seen, deeper - 1)
    elif isinstance(node, yaml.SequenceNode):
        _refuse_kind(node, "seq")
        for value in node.value:
            _refuse_knots(value, seen, deeper - 1)
    elif node is not None:
        _refuse_kind(node, "str", "int", "float", "bool", "null", "timestamp")


def _refuse_kind(node: Any, *kinds: str) -> None:
    if node.tag.removeprefix("tag:yaml.org,2002:") not in kinds:
        raise yaml.constructor.ConstructorError(None, None, f"unknown kind {node.tag}", node.start_mark)


def canonical_json(standard: Standard) -> bytes:
    """Write a standard as canonical JSON: sorted keys, no blanks, UTF-8; decimals and fractions as text.

    A checker without a YAML reader works from this form; `Fraction` is written `above/below`.
    """
    plain = json.dumps(
        _plain(standard.model_dump(mode="python", exclude_defaults=False)),
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return plain.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def _lines(node: Any, path: str) -> Iterator[tuple[str, int]]:
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = f"{path}.{key.value}" if path else str(key.value)
            yield inner, key.start_mark.line + 1
            yield from ((p, line) for p, line in _lines(value, inner) if p != inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, f"{path}[{index}]")


def _nearest(lines: Mapping[str, int], path: str) -> int | None:
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def _not_yaml(error: yaml.YAMLError, name: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    return Fault("standard_not_yaml", Place(name, line=mark.line + 1 if mark else None), problem)


_KINDS = {"extra_forbidden": "setting_unknown", "missing": "setting_missing"}


def _setting_faults(error: ValidationError, name: str, lines: Mapping[str, int]) -> Iterator[Fault]:
    for problem in error.errors():
        path = _path(problem["loc"], lines)
        found = problem.get("input")
        shown = None if isinstance(found, dict | list) or problem["type"] == "missing" else str(found)
        code = _KINDS.get(problem["type"], "setting_wrong")
        yield Fault(
            code,
            Place(name, path=path, line=_nearest(lines, path)),
            shown,
            {"wanted": problem["msg"], "kind": problem["type"]},
        )


_UNION_NAMES = frozenset({"str", "judged", "proportional", "all_or_nothing", "bands", "points", "count"})


def _path(location: tuple[int | str, ...], lines: Mapping[str, int]) -> str:
    """Write pydantic's location as a path of the file; names of union members are left out.

    A missing setting's own name, which no line has, is kept.
    """
    path = ""
    for index, part in enumerate(location):
        if isinstance(part, int):
            path += f"[{part}]"
            continue
        inner = f"{path}.{part}" if path else part
        if inner in lines or (index == len(location) - 1 and "[" not in part and part not in _UNION_NAMES):
            path = inner
    return path
