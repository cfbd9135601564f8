"""Random rounds under standards with other settings, and the tools to alter a package."""

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import Judgement, Stage, Unit, UnitResult, score
from kaohe.standard.figures import Measure
from kaohe.standard.files import StandardFile, parse_standard, read_standard
from tests.builders import result

JSON_MEMBERS = ("judgements.json", "manifest.json", "results.json", "standard.json", "units.json")
STAGES: tuple[Stage, ...] = ("self", "inspection", "review")
NEWS = "        shows: bulletin_count\n        rule: {shape: judged}"
B5 = "{shape: proportional, metric: participation_rate, when_absent: not_applicable}"
C3 = "{shape: proportional, metric: city_contest_kinds, of: 2}"
ENTRIES, PLACINGS = (
    "    metric: province_entries\n    points: 10\n",
    "    metric: province_placings\n    points: 10\n",
)
C1, B3 = "metric: quota_fill_rate, when_absent: ", "metric: self_study_rate, when_absent: "
COUNTS_FOR = "bonus_counts_for: "
SETTINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("step: 0.01", ("step: 0.5",)),
    ("rank: all", ("rank: verified",)),
    (ENTRIES + "    per: unit", (ENTRIES.replace("10", "3.5") + "    per: entry",)),
    (PLACINGS + "    per: unit", (PLACINGS + "    per: entry",)),
    ("bonus_cap: 20", ("bonus_cap: 10", "bonus_cap: 12.50", "bonus_cap: 60", "bonus_cap: null")),
    (COUNTS_FOR + "[band, ranking]", (COUNTS_FOR + "[ranking]", COUNTS_FOR + "[band]", COUNTS_FOR + "[]")),
    ("aggregate: mean", ("aggregate: min",)),
    (C1 + "not_applicable", (C1 + "zero",)),
    (B3 + "not_applicable", (B3 + "zero, when_missing: zero",)),
    ("when_missing: unscored", ("when_missing: zero", "when_missing: not_applicable")),
    ("          scale: 10\n", ("          scale: 16\n",)),
    (B5, (
        "{shape: all_or_nothing, metric: participation_rate, at_least: 95%}",
        "{shape: points, metric: participation_rate, scale: 0.9}",
    )),
    (C3, ("{shape: count, metric: city_finals, each: 1.25}",)),
    (NEWS, ("        rule: {shape: count, metric: bulletin_count, each: 0.33}",)),
)  # fmt: skip
"""Where benxi-2010 stands on a setting, and what another standard may say there."""


def edited(*changes: tuple[str, str]) -> StandardFile:
    """benxi-2010 with some of its text replaced."""
    text = read_standard("benxi-2010").content.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return parse_standard(text.encode(), "edited.yaml")


@cache
def random_standard(seed: int) -> tuple[StandardFile, tuple[str, ...]]:
    """A standard that departs from benxi-2010 in about half of its settings, and those departures."""
    rng = random.Random(seed)
    chosen = [(old, rng.choice(new)) for old, new in SETTINGS if rng.random() < 0.5]
    return edited(*chosen), tuple(new for _, new in chosen)


def random_round(seed: int) -> tuple[RoundResult, tuple[str, ...]]:
    """A small round of every kind of figure and judgement, and the settings of its standard."""
    file, settings = random_standard(seed // 8)
    rng = random.Random(seed)
    missing = rng.choice([0, 0, 0.05])
    kinds = [rng.randint(0, 12) for _ in range(rng.randint(1, 9))]  # two units of one kind tie
    units = [_unit(random.Random(f"{seed}/{kind}"), file, i, missing) for i, kind in enumerate(kinds)]
    return result(units, file), settings


def _rate(rng: random.Random, missing: float) -> Measure:
    if rng.random() < missing:
        return None
    whole = rng.choice([0, 1, 3, 10, 37, 100, 999, 1000, 1001])
    near = [
        whole,
        max(0, whole - 1),
        whole * 8 // 10,
        whole * 7 // 10,
        whole * 6 // 10,
        whole * 3 // 10,
        rng.randint(0, whole),
    ]
    return rng.choice(near), whole


def _unit(rng: random.Random, file: StandardFile, number: int, missing: float) -> UnitResult:
    names = (
        "participation_rate",
        "self_study_rate",
        "online_rate",
        "quota_fill_rate",
        "handbook_rate",
        "appraisal_rate",
    )
    figures: dict[str, Measure] = {name: _rate(rng, missing) for name in names}
    counts = {
        "city_contest_kinds": 2,
        "city_finals": 5,
        "province_entries": 4,
        "province_placings": 3,
        "bulletin_count": 20,
    }
    figures |= {name: (rng.choice([0, rng.randint(0, most)]), 1) for name, most in counts.items()}
    textbook = _rate(rng, missing * 3)
    figures["textbook_rate"] = (textbook[0] + rng.choice([0, 0, 50]), textbook[1]) if textbook else None
    trainees = [rng.choice([5, 5, 5, 5, 4, 0]) for _ in range(rng.choice([0, 1, 4, 30]))] + rng.choice([[], [5] * 600])
    figures["class_points"] = (sum(trainees), len(trainees))
    figures["class_points_least"] = (min(trainees), 1) if trainees else (0, 0)
    code, group = f"D{number:02}", rng.choice(["county", "department"])
    unit = Unit(code, f"单位{number}", group, rng.randint(0, 300), figures)
    return score(file.standard, unit, _judgements(rng, file, code, missing))


def _judgements(rng: random.Random, file: StandardFile, code: str, missing: float) -> Iterator[Judgement]:
    visited = rng.random() < 0.6
    for criterion in file.standard.criteria:
        judged = criterion.kind == "judged"
        for stage in STAGES:
            given = 1 - missing if judged and (stage == "inspection") == visited else 0.1
            if rng.random() < given:
                steps = int(criterion.points / file.standard.step)
                points = file.standard.step * rng.choice([steps, steps, rng.randint(0, steps)])
                yield Judgement(
                    code, criterion.id, stage, points + Decimal(0), "于宝成", "依据材料", rng.choice([None, "佐证"])
                )


# Altering a package


def members_of(content: bytes) -> dict[str, bytes]:
    """The members of a package by name, read by the library's own reader."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A package of these members, with correct CRCs, as Kaohe writes one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, members[name])
    return buffer.getvalue()


def written(value: Any) -> bytes:
    """Canonical JSON; surrogates pass, so that hostile text can be made."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def tagged(tag: str, value: Any) -> str:
    """The digest of plain data as a package writes it."""
    return "sha256:" + hashlib.sha256(tag.encode() + b"\n" + written(value)).hexdigest()


def signed(members: Mapping[str, bytes]) -> bytes:
    """What a forger would publish: the altered members, with every digest of the manifest made anew."""
    manifest = json.loads(members["manifest.json"])
    units, judgements, results = (json.loads(members[f"{n}.json"]) for n in ("units", "judgements", "results"))
    manifest["members"] = {n: hashlib.sha256(c).hexdigest() for n, c in members.items() if n != "manifest.json"}
    try:
        rows = {row["code"]: row for row in results["units"]}
        manifest["units"] = {u["code"]: _unit_digest(u, judgements, rows[u["code"]]) for u in units}
        manifest["round"], manifest["standard"] = results["round"], results["standard"]
    except (KeyError, TypeError):
        pass  # the forger has broken the form; the rest is signed as well as it can be
    manifest["digest"] = tagged("kaohe-manifest/1", {k: v for k, v in manifest.items() if k != "digest"})
    return zipped({**members, "manifest.json": written(manifest)})


def _unit_digest(unit: Any, judgements: Any, row: Any) -> str:
    own = [one for one in judgements if one["unit"] == unit["code"]]
    return tagged("kaohe-unit/1", {"unit": unit, "judgements": own, "result": row})


Path = tuple[Any, ...]


def values_of(value: Any, start: int = 0, path: Path = ()) -> Iterator[tuple[Path, int, bytes]]:
    """Every single value inside canonical JSON: its path, the place of its first byte, and its text."""
    if isinstance(value, dict):
        for key in sorted(value):
            start += len(written(key)) + 2
            yield from values_of(value[key], start, (*path, key))
            start += len(written(value[key]))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from values_of(inner, start + 1, (*path, index))
            start += len(written(inner)) + 1
    else:
        yield path, start, written(value)


def unit_at(name: str, value: Any, path: Path) -> str | None:
    """The unit that a value of a member is about."""
    if name in ("units.json", "judgements.json"):
        code: str = value[path[0]]["code" if name == "units.json" else "unit"]
        return code
    if name in ("results.json", "manifest.json") and path[0] == "units":
        return str(value["units"][path[1]]["code"] if name == "results.json" else path[1])
    return None
