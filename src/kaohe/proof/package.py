"""The verification package (F29): all that a published result rests on, in one file, the same bytes every time.

`verifier.py` recomputes a package offline. It holds the standard, the figures of each unit, the
judgements and the results; the training record of no civil servant goes in, only per-unit figures.
Reasons are codes, not sentences (`data-format.md`).
"""

import hashlib
import io
import json
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kaohe.assessment.result import RoundResult, results_data
from kaohe.assessment.scoring import CriterionScore, Judgement, Unit, UnitResult
from kaohe.proof.readme import readme
from kaohe.standard.files import canonical_json

FORMAT = "kaohe-verification/1"
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o644 << 16


def package(result: RoundResult) -> bytes:
    """Return the bytes of verification.zip for a round; the same result gives the same bytes anywhere.

    The members are stored uncompressed, sorted, with one fixed time and one fixed set of attributes.
    """
    packaged = packaged_results(result)
    members = _evidence(result, packaged) | {"README.txt": readme(result).encode()}
    members["manifest.json"] = canonical(_manifest(result, members, _unit_digests(result, packaged)))
    return _zipped(members)


def package_digest(content: bytes) -> str:
    """Return the SHA-256 of a package's bytes in plain hexadecimal, as circulars print it."""
    return hashlib.sha256(content).hexdigest()


def unit_digest(figures: Mapping[str, Any], judgements: Sequence[Any], result: Mapping[str, Any]) -> str:
    """Return the digest of all that a package says of one unit, so that a unit can keep its own.

    The arguments are the unit's entry in units.json, its entries in judgements.json and its entry in
    results.json, as plain data. The hashed text opens with a tag, so that it is no other kind of digest.
    """
    return _tagged("kaohe-unit/1", {"unit": figures, "judgements": judgements, "result": result})


def unit_digests(result: RoundResult) -> dict[str, str]:
    """Return the digest of each unit by its code, as the manifest lists them."""
    return _unit_digests(result, packaged_results(result))


def _unit_digests(result: RoundResult, packaged: Mapping[str, Any]) -> dict[str, str]:
    rows = {row["code"]: row for row in packaged["units"]}
    return {
        one.unit.code: unit_digest(_figures(one.unit), _judgements(one), rows[one.unit.code])
        for one in _by_code(result).units
    }


def packaged_results(result: RoundResult) -> dict[str, Any]:
    """Return results.json as the package holds it: a reason code and a step's index, and each bonus, no sentences."""
    ordered = _by_code(result)
    data = results_data(ordered)
    return data | {"units": [_explained(row, one) for row, one in zip(data["units"], ordered.units, strict=True)]}


def canonical(value: Any) -> bytes:
    """Write plain data as canonical JSON: sorted keys, no blanks, NFC, UTF-8; it holds no floats.

    >>> canonical({"b": "é", "a": [1, None]}) == '{"a":[1,null],"b":"é"}'.encode()
    True
    """
    text = json.dumps(_composed(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _composed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_composed(key): _composed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_composed(inner) for inner in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _by_code(result: RoundResult) -> RoundResult:
    return replace(result, units=tuple(sorted(result.units, key=lambda one: one.unit.code)))


def _evidence(result: RoundResult, packaged: Mapping[str, Any]) -> dict[str, bytes]:
    units = _by_code(result).units
    return {
        "standard.yaml": result.file.content,
        "standard.json": canonical_json(result.standard),
        "units.json": canonical([_figures(one.unit) for one in units]),
        "judgements.json": canonical([row for one in units for row in _judgements(one)]),
        "results.json": canonical(packaged),
    }


def _figures(unit: Unit) -> dict[str, Any]:
    return {
        "code": unit.code, "name": unit.name, "peer_group": unit.peer_group, "headcount": unit.headcount,
        "metrics": {name: None if measure is None else list(measure) for name, measure in unit.metrics.items()},
    }  # fmt: skip


def _judgements(result: UnitResult) -> list[dict[str, Any]]:
    given = [judgement for score in result.criteria for judgement in score.judgements.values()]
    return [_judgement(one) for one in sorted(given, key=lambda one: (one.criterion, one.stage))]


def _judgement(judgement: Judgement) -> dict[str, Any]:
    return {
        "unit": judgement.unit, "criterion": judgement.criterion, "stage": judgement.stage,
        "points": format(judgement.points, "f"), "judge": judgement.judge,
        "reason": judgement.reason, "evidence": judgement.evidence,
    }  # fmt: skip


def _explained(row: Mapping[str, Any], result: UnitResult) -> dict[str, Any]:
    criteria = [line | _reason(score) for line, score in zip(row["criteria"], result.criteria, strict=True)]
    bonuses = [{"id": b.bonus.id, "entries": b.entries, "points": str(b.points)} for b in result.bonuses]
    return {**row, "criteria": criteria, "bonuses": bonuses}


def _reason(score: CriterionScore) -> dict[str, Any]:
    if score.deciding is not None:
        return {"reason": "judged", "step": None}
    if score.outcome is None:
        return {"reason": "no_judgement", "step": None}
    return {"reason": score.outcome.reason, "step": score.outcome.step}


def _manifest(result: RoundResult, members: Mapping[str, bytes], unit_digests: Mapping[str, str]) -> dict[str, Any]:
    data = results_data(replace(result, units=()))
    listed = {
        "format": FORMAT,
        "standard": data["standard"],
        "round": data["round"],
        "inputs": [{"name": one.name, "sha256": one.sha256, "rows": one.rows} for one in result.inputs],
        "members": {name: hashlib.sha256(content).hexdigest() for name, content in members.items()},
        "units": dict(unit_digests),
    }
    return listed | {"digest": _tagged("kaohe-manifest/1", listed)}


def _tagged(tag: str, value: Any) -> str:
    return "sha256:" + hashlib.sha256(tag.encode() + b"\n" + canonical(value)).hexdigest()


def _zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, members[name])
    return buffer.getvalue()
