"""Check a verification package of Kaohe (考核) with Python 3.9 or later and this one file, nothing else.

    python verifier.py verification.zip [--digest HEX] [--lang zh|en]

Everything printed is computed anew from standard.json, units.json and judgements.json, by the two texts
that decide it (`data-format.md`, `standard-2010.md`) and not by Kaohe's own code; the first place where
the package says something else is named. Digests come after, so that the place is as exact as it can be.
Points are exact fractions here, and text only when printed.

Proved: the results follow from the figures and judgements under this standard; given the digest that
the circular prints, nothing was altered since. Not proved: that figures and judgements are true, nor
that standard.json, which computes, says what standard.yaml says, which people read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import struct
import sys
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any

FORMAT = "kaohe-verification/1"
MEMBERS = (
    "README.txt", "judgements.json", "manifest.json", "results.json", "standard.json", "standard.yaml", "units.json",
)  # fmt: skip
LARGEST, LONGEST_INTEGER, LONGEST_SHOWN = 256 * 2**20, 15, 100
RATES = (
    "participation_rate", "self_study_rate", "online_rate", "quota_fill_rate", "class_points", "textbook_rate",
    "handbook_rate", "appraisal_rate",
)  # fmt: skip
COUNTS = ("city_contest_kinds", "city_finals", "province_entries", "province_placings", "bulletin_count")
UNIT_MEMBERS = ("units.json", "judgements.json", "results.json")
NO_PACKAGE = ("unreadable", "too_large", "not_zip", "members", "format")
Data = Any  # what JSON holds; its form is checked before it is used
Given = Mapping[tuple[str, str], Fraction]  # one unit's judgements: points by criterion and stage
Ruled = tuple[Any, str, Any]  # points, reason code, index of the step


@dataclass(frozen=True)
class Place:
    """Where package and recomputation part: the member, and inside it unit, criterion and field."""

    member: str | None = None
    unit: str | None = None
    criterion: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What the check found. code: `ok` or what is wrong; expected: as recomputed, found: as the package says;
    altered: the members that are not what the manifest lists; digest: SHA-256 of the whole package."""

    ok: bool
    code: str
    digest: str
    standard: str | None = None
    round: str | None = None
    units: int | None = None
    place: Place = Place()
    expected: str | None = None
    found: str | None = None
    altered: tuple[str, ...] = ()


class DifferenceError(Exception):
    """Raised at the first place where the package is not what it should be; `verify` makes a verdict of it."""

    def __init__(self, code: str, place: Place, expected: Data = ..., found: Data = ...) -> None:
        super().__init__(code)
        self.code, self.place, self.expected, self.found = code, place, expected, found


def verify(data: bytes, printed: str | None = None) -> Verdict:
    """Check a package's bytes; `printed` is the digest on the circular, where known. Never raises on bad input."""
    digest = hashlib.sha256(data).hexdigest()
    known: dict[str, Any] = {}
    try:
        members = _cut(data)
        manifest = _read(members, "manifest.json", _manifest_form)
        known["standard"] = _shown(manifest["standard"]["id"])
        known["round"] = _shown("{kind} {year} ({start} – {end})".format(**manifest["round"]))
        known["units"] = len(manifest["units"])
        known["altered"] = altered = _altered(members, manifest)
        _check_digests(members, manifest, _recompute(members, altered), altered)
        if _zip(members) != data:
            raise DifferenceError("container", Place())
        if printed is not None and _bare(printed) != digest:
            raise DifferenceError("other_digest", Place(), digest, _bare(printed))
    except DifferenceError as error:
        known |= {"expected": _shown(error.expected), "found": _shown(error.found)}
        return Verdict(False, error.code, digest, place=error.place, **known)
    return Verdict(True, "ok", digest, **known)


# The container: seven stored members one after another, then the directory; nothing before, between or after.


def _cut(data: bytes) -> dict[str, bytes]:
    if len(data) > LARGEST:
        raise DifferenceError("too_large", Place(), LARGEST)
    members, start = {}, 0
    for name in MEMBERS:
        header = data[start : start + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise DifferenceError("members" if start else "not_zip", Place(name), name)
        size, length = struct.unpack("<IH", header[22:28])
        start += 30 + length
        found = data[start - length : start]
        if found != name.encode():
            raise DifferenceError("members", Place(name), name, found.decode("utf-8", "replace"))
        members[name] = data[start : start + size]
        start += size
    return members


def _zip(members: Mapping[str, bytes]) -> bytes:
    """Write the members as Kaohe does: any other byte of the container (sizes, flags, extras) shows thereby."""
    body, directory = b"", b""
    for name, content in members.items():
        size, label = len(content), name.encode()
        common = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, zlib.crc32(content), size, size, len(label), 0)
        directory += b"PK\x01\x02\x14\x03" + common + struct.pack("<3H2I", 0, 0, 0, 0o644 << 16, len(body)) + label
        body += b"PK\x03\x04" + common + label + content
    counts = len(members), len(members), len(directory), len(body)
    return body + directory + b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, *counts, 0)


def _read(members: Mapping[str, bytes], name: str, form: Data) -> Data:
    """Read a JSON member: canonical (one spelling only, so no key twice and no float) and of its form."""
    try:
        value = json.loads(members[name].decode(), parse_float=_refused, parse_constant=_refused, parse_int=_integer)
        same = _canonical(value) == members[name]
    except (ValueError, RecursionError):
        raise DifferenceError("not_json", Place(name)) from None
    if not same:
        raise DifferenceError("not_canonical", Place(name))
    _fit(value, form, name, "")
    return value


def _refused(text: str) -> int:
    raise ValueError(text)


def _integer(text: str) -> int:
    return int(text) if len(text) <= LONGEST_INTEGER else _refused(text)


def _canonical(value: Data) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _tagged(tag: str, value: Data) -> str:
    return "sha256:" + hashlib.sha256(tag.encode() + b"\n" + _canonical(value)).hexdigest()


# Forms: str, a range of integers, a pattern, a set of words, [each], [first, second], {"*": each}, {key: form} (with
# "…": more keys are allowed), (form,) where null is allowed, or a function that answers with the form for a value.


def _fit(value: Data, form: Data, member: str, path: str) -> None:
    if isinstance(form, tuple):
        form = form[0] if value is not None else (None,)
    elif callable(form) and not isinstance(form, type):
        form = form(value)
    if isinstance(form, list) and isinstance(value, list) and len(form) in (1, len(value)):
        for index, inner in enumerate(value):
            _fit(inner, form[index % len(form)], member, f"{path}[{index}]")
    elif isinstance(form, dict) and isinstance(value, dict):
        for key, inner in _fields(form, value, Place(member, field=path or None)):
            _fit(value[key], inner, member, f"{path}.{key}" if path else key)
    elif not _simple(value, form):
        raise DifferenceError("shape", Place(member, field=path or None), found=value)


def _fields(form: Mapping[str, Data], value: Mapping[str, Data], place: Place) -> Iterator[tuple[str, Data]]:
    if "*" in form:
        return iter([(key, form["*"]) for key in value])
    wanted = {key: inner for key, inner in form.items() if key != "…"}
    if not wanted.keys() <= value.keys() or ("…" not in form and wanted.keys() != value.keys()):
        raise DifferenceError("shape", place, ", ".join(sorted(wanted)), ", ".join(sorted(value)))
    return iter(wanted.items())


def _simple(value: Data, form: Data) -> bool:
    if isinstance(form, tuple):
        return value is None
    if isinstance(form, range):
        return type(value) is int and value in form
    if not isinstance(value, str):
        return False
    if isinstance(form, re.Pattern):
        return form.fullmatch(value) is not None
    return form is str or (isinstance(form, set) and value in form)


def _rule_form(value: Data) -> Data:
    shape = value.get("shape") if isinstance(value, dict) else None
    return RULES.get(shape, {"shape": set(RULES)}) if isinstance(shape, str) else {"shape": set(RULES)}


def _manifest_form(value: Data) -> Data:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise DifferenceError("format", Place("manifest.json", field="format"), FORMAT)
    return MANIFEST


MANY = 10**LONGEST_INTEGER
WHOLE = range(MANY)
POINTS = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?(E[+-]?[0-9]{1,2})?")
POSITIVE = re.compile(r"(?=[0.]*[1-9])" + POINTS.pattern)
EXACT = re.compile(r"-?[0-9]{1,40}(/[1-9][0-9]{0,39})?")
DATE, HASH = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"[0-9a-f]{64}")
TAGGED = re.compile("sha256:" + HASH.pattern)
MEASURED = {
    "…": 0, "metric": str, "when_absent": {"not_applicable", "zero"},
    "when_missing": {"unscored", "not_applicable", "zero"},
}  # fmt: skip
RULES: dict[str, Data] = {
    "judged": {"…": 0},
    "proportional": {**MEASURED, "of": range(1, MANY)},
    "all_or_nothing": {**MEASURED, "at_least": EXACT},
    "bands": {**MEASURED, "scale": (POSITIVE,), "steps": [{"…": 0, "at_least": EXACT, "points": POINTS}]},
    "points": {**MEASURED, "scale": POSITIVE, "aggregate": {"mean", "min"}},
    "count": {**MEASURED, "each": POINTS},
}
CRITERION = {"…": 0, "id": str, "points": POSITIVE, "rule": _rule_form}
STANDARD = {
    "…": 0, "id": str, "version": str, "points": POSITIVE, "step": POSITIVE, "groups": [{"…": 0, "id": str}],
    "rounds": {"…": 0}, "rank": {"all", "verified"}, "bands": [{"…": 0, "id": str, "at_least": POINTS}],
    "bonus": [{"…": 0, "id": str, "metric": str, "points": POINTS, "per": {"unit", "entry"}}], "bonus_cap": (POINTS,),
    "bonus_counts_for": [{"band", "ranking"}], "items": [{"…": 0, "criteria": [CRITERION]}],
}  # fmt: skip
CITED = {"id": str, "version": str, "digest": TAGGED}
ROUND = {"kind": str, "year": WHOLE, "start": DATE, "end": DATE}
MANIFEST = {
    "format": {FORMAT}, "standard": CITED, "round": ROUND, "inputs": [{"name": str, "sha256": HASH, "rows": WHOLE}],
    "units": {"*": TAGGED}, "members": {"*": HASH}, "digest": TAGGED,
}  # fmt: skip
STAGE = {"self", "inspection", "review"}
JUDGEMENTS = [
    {
        "unit": str,
        "criterion": str,
        "stage": STAGE,
        "points": POINTS,
        "judge": str,
        "reason": (str,),
        "evidence": (str,),
    }
]
UNITS = [{"code": str, "name": str, "peer_group": str, "headcount": WHOLE, "metrics": {"*": ([WHOLE, WHOLE],)}}]
RESULTS = {"standard": CITED, "round": ROUND, "units": [{"…": 0, "code": str}]}


# The recomputation: figures and judgements to points, points to totals, totals to ranks.


def _recompute(members: Mapping[str, bytes], altered: Sequence[str]) -> dict[str, Data]:
    """Compute all results anew and compare them; answer with the members that were read."""
    forms = {"standard": STANDARD, "units": UNITS, "judgements": JUDGEMENTS, "results": RESULTS}
    read = {name: _read(members, f"{name}.json", form) for name, form in forms.items()}
    standard, units = read["standard"], read["units"]
    _check_known(standard, units, read["results"]["round"])
    given = _given(standard, units, read["judgements"])
    expected = [_result(standard, unit, given[unit["code"]]) for unit in units]
    _ranked(standard, expected)
    _compare_heading(standard, members["standard.yaml"], read["results"]["standard"], altered)
    _compare(expected, read["results"]["units"])
    return read


def _criteria(standard: Data) -> list[Data]:
    return [criterion for item in standard["items"] for criterion in item["criteria"]]


def _check_known(standard: Data, units: Data, a_round: Data) -> None:
    if a_round["kind"] not in standard["rounds"]:
        raise DifferenceError("unknown", Place("results.json", field="round.kind"), found=a_round["kind"])
    groups, last = {group["id"] for group in standard["groups"]}, ""
    for unit in units:
        if unit["code"] <= last:
            raise DifferenceError("out_of_order", Place("units.json", unit["code"]))
        last = unit["code"]
        if unit["peer_group"] not in groups:
            raise DifferenceError("unknown", Place("units.json", last, field="peer_group"), found=unit["peer_group"])


def _given(standard: Data, units: Data, judgements: Data) -> dict[str, dict[tuple[str, str], Fraction]]:
    """Sort the judgements by unit; each is of a known unit and criterion, once a stage, within 0 and the maximum."""
    given: dict[str, dict[tuple[str, str], Fraction]] = {unit["code"]: {} for unit in units}
    full = {criterion["id"]: Fraction(criterion["points"]) for criterion in _criteria(standard)}
    for one in judgements:
        unit, criterion, points = one["unit"], one["criterion"], Fraction(one["points"])
        place = Place("judgements.json", unit, criterion, one["stage"])
        if unit not in given or criterion not in full:
            raise DifferenceError("unknown", place)
        if (criterion, one["stage"]) in given[unit]:
            raise DifferenceError("repeated", place)
        if points > full[criterion] or (points / Fraction(standard["step"])).denominator > 1:
            raise DifferenceError("out_of_range", place, f"0 – {full[criterion]}, {standard['step']}", one["points"])
        given[unit][criterion, one["stage"]] = points
    return given


def _rounded(value: Fraction, places: int = 2) -> Fraction:
    return Fraction((value * 10**places + Fraction(1, 2)).__floor__(), 10**places)


def _printed(value: Fraction | None, places: int = 2) -> str | None:
    if value is None:
        return None
    whole, rest = divmod(int(_rounded(value, places) * 10**places), 10**places)
    return f"{whole}.{rest:0{places}}"


def _figure(unit: Data, metric: str) -> Data:
    if metric not in unit["metrics"]:
        raise DifferenceError("no_figure", Place("units.json", unit["code"], field=f"metrics.{metric}"))
    return unit["metrics"][metric]


def _metric(unit: Data, name: str) -> Data:
    """A metric as it is printed: a count as an integer, a rate or mean with six places, null where absent."""
    figure = _figure(unit, name)
    if figure is None or figure[1] == 0:
        return None
    return figure[0] // figure[1] if name in COUNTS else _printed(Fraction(*figure), 6)


def _ruled(rule: Data, figure: Data, full: Fraction) -> Ruled:
    """The six rules of `standard-2010.md`, Criteria; what an absent or missing figure means is the rule's own."""
    if figure is None or figure[1] == 0:
        what = "missing" if figure is None else "absent"
        return (Fraction(0), what + "_zero", None) if rule["when_" + what] == "zero" else (None, what, None)
    value, shape = Fraction(*figure), rule["shape"]
    if shape == "proportional":
        return _share(value / rule["of"], full, ("whole", "share", "share_below_full"))
    if shape == "points":
        least = rule["aggregate"] == "min"
        names = ("least",) * 3 if least else ("mean_full", "mean", "mean_below_full")
        return _share(value / Fraction(rule["scale"]), full, names)
    if shape == "bands":
        return _stepped(rule, value, full)
    if shape == "count":
        earned = _rounded(value * Fraction(rule["each"]))
        return (full, "counted_full", None) if earned >= full else (earned, "counted", None)
    reached = value >= Fraction(rule["at_least"])
    return (full, "reached", None) if reached else (Fraction(0), "not_reached", None)


def _share(rate: Fraction, full: Fraction, names: Sequence[str]) -> Ruled:
    """Arithmetic: below the whole never the full points; where rounding would reach them, 0.01 less."""
    points = _rounded(rate * full)
    if rate >= 1:
        return full, names[0], None
    return (points, names[1], None) if points < full else (full - Fraction(1, 100), names[2], None)


def _stepped(rule: Data, value: Fraction, full: Fraction) -> Ruled:
    """Decisions 3 and 5: steps are lower bounds, given on a scale that is scaled to the criterion's points."""
    scale = Fraction(rule["scale"]) if rule["scale"] else full
    steps = sorted(((Fraction(s["at_least"]), Fraction(s["points"])) for s in rule["steps"]), key=lambda s: -s[0])
    for index, (at_least, points) in enumerate(steps):
        if value >= at_least:
            return _rounded(points * full / scale), "step", index
    return Fraction(0), "below_steps", None


def _line(criterion: Data, unit: Data, given: Given) -> dict[str, Data]:
    """One criterion's line: the latest stage decides; on a measured one only inspection and review do."""
    rule, full = criterion["rule"], Fraction(criterion["points"])
    figure, (points, reason, step), stages = None, (None, "no_judgement", None), ["review", "inspection", "self"]
    if rule["shape"] != "judged":
        least = rule["shape"] == "points" and rule["aggregate"] == "min"
        figure = _figure(unit, rule["metric"] + "_least" * least)
        (points, reason, step), stages = _ruled(rule, figure, full), stages[:2]
    measured = points if figure and figure[1] else None
    unscored = reason == "no_judgement" or (reason == "missing" and rule["when_missing"] == "unscored")
    source = "ledger" if points is not None else "unscored" if unscored else "not_applicable"
    for stage in reversed(stages):
        if (criterion["id"], stage) in given:
            points, source, reason, step = given[criterion["id"], stage], stage, "judged", None
    return {
        "id": criterion["id"], "kind": "judged" if len(stages) == 3 else "measured", "points": _printed(full),
        "score": _printed(points), "source": source, "self": _printed(given.get((criterion["id"], "self"))),
        "measured": _printed(measured), "reason": reason, "step": step,
    }  # fmt: skip


def _result(standard: Data, unit: Data, given: Given) -> dict[str, Data]:
    """One unit's result without its ranks, in the order in which differences are looked for."""
    lines = [_line(criterion, unit, given) for criterion in _criteria(standard)]
    bonuses = [_bonus(bonus, _figure(unit, bonus["metric"])) for bonus in standard["bonus"]]
    by_source = {s: [line["id"] for line in lines if line["source"] == s] for s in ("not_applicable", "unscored")}
    return {
        **{key: unit[key] for key in ("code", "name", "peer_group", "headcount")},
        "metrics": {name: _metric(unit, name) for name in RATES + COUNTS},
        "criteria": lines, **by_source, "bonuses": bonuses, **_totals(standard, lines, bonuses),
        "verified": not any(line["kind"] == "judged" and line["source"] in ("self", "unscored") for line in lines),
    }  # fmt: skip


def _bonus(bonus: Data, figure: Data) -> dict[str, Data]:
    """Decision 7: once a unit, or for each entry."""
    entries = figure[0] // figure[1] if figure and figure[1] else 0
    times = entries if bonus["per"] == "entry" else min(entries, 1)
    return {"id": bonus["id"], "entries": entries, "points": _printed(Fraction(bonus["points"]) * times)}


def _totals(standard: Data, lines: Sequence[Data], bonuses: Sequence[Data]) -> dict[str, str | None]:
    """Arithmetic: points that do not apply leave both sides; nothing has a total while anything is unscored."""
    sources = [line["source"] for line in lines]
    if "unscored" in sources or set(sources) <= {"not_applicable"}:
        return dict.fromkeys(("base", "bonus", "total", "band"))
    out = sum((Fraction(line["points"]) for line in lines if line["source"] == "not_applicable"), Fraction(0))
    base = sum((Fraction(line["score"]) for line in lines if line["score"]), Fraction(0))
    if out:
        whole = Fraction(standard["points"])
        base = _rounded(base / (whole - out) * whole) if whole != out else base
    bonus = sum((Fraction(one["points"]) for one in bonuses), Fraction(0))
    if standard["bonus_cap"] is not None:
        bonus = min(bonus, Fraction(standard["bonus_cap"]))
    rated = base + bonus if "band" in standard["bonus_counts_for"] else base
    bands = sorted(standard["bands"], key=lambda band: -Fraction(band["at_least"]))
    reached = [band["id"] for band in bands if rated >= Fraction(band["at_least"])] + [
        band["id"] for band in bands[-1:]
    ]
    return {
        "base": _printed(base), "bonus": _printed(bonus), "total": _printed(base + bonus),
        "band": reached[0] if reached else None,
    }  # fmt: skip


def _ranked(standard: Data, results: Sequence[dict[str, Data]]) -> None:
    """Ranking: by the figure that counts (decision 7); equal figures share a rank, the next is passed (1, 2, 2, 4)."""
    key = "total" if "ranking" in standard["bonus_counts_for"] else "base"
    for rank, group in (("rank", "standard"), ("group_rank", "peer_group")):
        ladders: dict[Data, list[Fraction]] = {}
        for result in results:
            if result[key] is not None and (standard["rank"] == "all" or result["verified"]):
                ladders.setdefault(result.get(group), []).append(Fraction(result[key]))
        places = {
            (name, figure): place
            for name, ladder in ladders.items()
            for place, figure in sorted(enumerate(sorted(ladder, reverse=True), 1), reverse=True)
        }
        for result in results:
            ranked = result[key] is not None and (standard["rank"] == "all" or result["verified"])
            result[rank] = places[result.get(group), Fraction(result[key])] if ranked else None


# The comparison: field by field, ranks after all else (one wrong total moves many ranks), digests last.


def _compare_heading(standard: Data, yaml: bytes, found: Data, altered: Sequence[str]) -> None:
    version = unicodedata.normalize("NFC", standard["version"])
    expected = {"id": standard["id"], "version": version, "digest": "sha256:" + hashlib.sha256(yaml).hexdigest()}
    for path, wanted, given in _differences(expected, found):
        member = "standard.yaml" if path == ("digest",) and "standard.yaml" in altered else "results.json"
        raise DifferenceError("differs", Place(member, field=f"standard.{path[0]}"), wanted, given)


def _compare(expected: Sequence[Data], found: Sequence[Data]) -> None:
    for one, other in zip_longest(expected, found):
        code, given = (one or other)["code"], other["code"] if other else None
        if not one or given != code:
            raise DifferenceError("differs", Place("results.json", code, field="code"), code if one else None, given)
    for ranks in ((), ("rank", "group_rank")):
        for index, one in enumerate(expected):
            settled = {key: one[key] for key in ("rank", "group_rank") if key not in ranks}
            for path, wanted, given in _differences(one, {**found[index], **settled}):
                raise DifferenceError("differs", _place(one, path), wanted, given)


def _differences(
    expected: Data, found: Data, path: tuple[Data, ...] = ()
) -> Iterator[tuple[tuple[Data, ...], Data, Data]]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *sorted(set(found) - set(expected))]:
            yield from _differences(expected.get(key, ...), found.get(key, ...), (*path, key))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, one in enumerate(expected):
            yield from _differences(one, found[index], (*path, index))
    elif type(expected) is not type(found) or expected != found:
        yield path, expected, found


def _place(unit: Data, path: Sequence[Data]) -> Place:
    criterion, rest = None, [str(part) for part in path]
    if path[0] == "criteria" and len(path) > 1:
        criterion, rest = unit["criteria"][path[1]]["id"], rest[2:]
    return Place("results.json", unit["code"], criterion, ".".join(rest) or None)


def _altered(members: Mapping[str, bytes], manifest: Data) -> tuple[str, ...]:
    """The members that are not what the manifest lists; the manifest alone, where it is not itself."""
    if manifest["digest"] != _own_digest(manifest):
        return ("manifest.json",)
    listed = manifest["members"]
    return tuple(n for n, content in _others(members) if listed.get(n) != hashlib.sha256(content).hexdigest())


def _others(members: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    return [(name, content) for name, content in members.items() if name != "manifest.json"]


def _own_digest(manifest: Data) -> str:
    return _tagged("kaohe-manifest/1", {key: value for key, value in manifest.items() if key != "digest"})


def _check_digests(members: Mapping[str, bytes], manifest: Data, read: Data, altered: Sequence[str]) -> None:
    """A changed value that changes no result is named by its unit and its file, or by its file."""
    expected = {
        "standard": read["results"]["standard"], "round": read["results"]["round"], "units": _unit_digests(read),
        "members": {name: hashlib.sha256(content).hexdigest() for name, content in _others(members)},
    }  # fmt: skip
    expected["digest"] = _own_digest({**manifest, **expected})
    for path, wanted, given in _differences(expected, {key: manifest[key] for key in expected}):
        field, kind = ".".join(path), path[0]
        if "manifest.json" in altered or not altered:
            raise DifferenceError("altered", Place("manifest.json", field=field), wanted, given)
        member = path[1] if kind == "members" else next((n for n in altered if n in UNIT_MEMBERS), altered[0])
        place = Place(member, path[1] if kind == "units" else None, field=field if kind == "round" else None)
        raise DifferenceError("altered", place, wanted, given)


def _unit_digests(read: Data) -> dict[str, str]:
    judged: dict[str, list[Data]] = {unit["code"]: [] for unit in read["units"]}
    for one in read["judgements"]:
        judged[one["unit"]].append(one)
    rows = {unit["code"]: unit for unit in read["results"]["units"]}
    return {
        code: _tagged("kaohe-unit/1", {"unit": unit, "judgements": judged[code], "result": rows[code]})
        for code, unit in ((unit["code"], unit) for unit in read["units"])
    }


# The telling.

WORDS = {
    "not_zip": ("不是核验包", "not a verification package"),
    "too_large": ("文件过大", "the file is too large"),
    "unreadable": ("文件无法读取", "the file cannot be read"),
    "members": (
        "不是核验包：包内成员缺失、多余或次序不对",
        "not a verification package: a member is missing, unknown or misplaced",
    ),
    "format": ("不是核验包：格式不同", "not a verification package of this format"),
    "not_json": ("成员已损坏，不是合法的JSON", "the member is damaged: not JSON"),
    "not_canonical": ("成员不是规范写法，已被改动", "the member is not in canonical form: it was altered"),
    "shape": ("内容的形式不对", "a value of the wrong form"),
    "unknown": ("所指的单位、指标、类别或周期不存在", "an unknown unit, criterion, group or round"),
    "repeated": ("同一环节重复评分", "judged twice at one stage"),
    "out_of_order": ("单位重复或次序不对", "a unit repeated or out of order"),
    "out_of_range": ("评分超出范围或步长", "points outside their range or step"),
    "no_figure": ("缺少所需的指标", "a figure that is needed is not there"),
    "differs": ("与重新计算的结果不一致", "differs from the recomputation"),
    "altered": ("与清单的摘要不一致，已被改动", "differs from the manifest's digest: it was altered"),
    "container": ("压缩包的结构被改动", "the zip container was altered"),
    "other_digest": ("与给出的摘要不一致：不是通报所指的那一份", "not the package whose digest was given"),
    "ok": ("核对无误", "verified"),
    "place": ("位置", "place"),
    "found": ("包内所载", "in the package"),
    "expected": ("应为", "should be"),
    "altered_members": ("与清单不符的成员", "members that differ from the manifest"),
    "of": ("标准、周期、单位数", "standard, round, units"),
    "digest": ("本包摘要", "digest of this package"),
    "proved": (
        "证明了：全部结果由包内的数字和评判按包内的standard.json算出。",
        "Proved: all results follow from the figures and judgements in here under the standard.json in here.",
    ),
    "unaltered": (
        "证明了：本包摘要与通报所印一致的，摘要印出之后没有任何改动。",
        "Proved: if this digest is the one printed on the circular, nothing was altered after it was printed.",
    ),
    "not_proved": (
        "没有证明：数字和评判属实；standard.json与standard.yaml意思一致。",
        "Not proved: that the figures and judgements are true; that standard.json says what standard.yaml says.",
    ),
}


def _shown(value: Data) -> str | None:
    if value is ...:
        return None
    text = value if isinstance(value, str) else json.dumps(value) if value is None or isinstance(value, int) else "[…]"
    return text[:LONGEST_SHOWN] + "…" * (len(text) > LONGEST_SHOWN)


def _bare(printed: str) -> str:
    return re.sub(r"\s|^sha256:", "", printed.lower())


def _lines(verdict: Verdict, language: int) -> Iterator[str]:
    """Tell a verdict: 0 in Chinese, 1 in English."""
    place = verdict.place
    parts = {
        "place": " / ".join(part for part in (place.member, place.unit, place.criterion, place.field) if part),
        "found": verdict.found, "expected": verdict.expected, "altered_members": ", ".join(verdict.altered),
        "of": f"{verdict.standard}, {verdict.round}, {verdict.units}" if verdict.standard is not None else None,
        "digest": f"sha256:{verdict.digest}",
    }  # fmt: skip
    yield WORDS[verdict.code][language]
    yield from (f"{WORDS[name][language]}: {text}" for name, text in parts.items() if text)
    yield from (WORDS[name][language] for name in ("proved", "unaltered", "not_proved") if verdict.ok)


def main(argv: Sequence[str] | None = None) -> int:
    """Check a file and tell: exit status 0 verified, 1 a difference, 2 not a package."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("package")
    parser.add_argument("--digest", help="the digest that the circular prints", metavar="HEX")
    parser.add_argument("--lang", choices=("zh", "en"))
    options = parser.parse_args(argv)
    try:
        with Path(options.package).open("rb") as file:
            verdict = verify(file.read(LARGEST + 1), options.digest)
    except (OSError, ValueError):
        verdict = Verdict(False, "unreadable", "", found=_shown(options.package))
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    chinese = options.lang == "zh" or (options.lang is None and _writes_chinese(encoding))
    for line in _lines(verdict, 0 if chinese else 1):
        text = "".join(c if c.isprintable() else "?" for c in line)
        print(text.encode(encoding, "backslashreplace").decode(encoding))
    return 0 if verdict.ok else 2 if verdict.code in NO_PACKAGE else 1


def _writes_chinese(encoding: str) -> bool:
    try:
        return bool("考核".encode(encoding))
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    sys.exit(main())
