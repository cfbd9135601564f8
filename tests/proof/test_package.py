"""The verification package: the same bytes every time, and nothing about any person's training."""

import hashlib
import json
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kaohe.assessment.result import InputFile, RoundResult, results_data
from kaohe.assessment.scoring import Judgement, score
from kaohe.proof.package import canonical, package, package_digest, packaged_results, unit_digest, unit_digests
from kaohe.standard.files import canonical_json, read_standard
from tests.builders import city, judgements, result, unit
from tests.proof.rounds import JSON_MEMBERS, members_of, written, zipped


def read(content: bytes, name: str) -> Any:
    return json.loads(members_of(content)[name])


def test_two_runs_give_the_same_bytes() -> None:
    assert package(city(seed=7)) == package(city(seed=7))
    assert package(city(seed=7)) != package(city(seed=8))


def test_the_order_of_units_figures_and_judgements_leaves_no_trace() -> None:
    once = city(seed=3)
    rng = random.Random(1)
    units = [replace(u, unit=replace(u.unit, metrics=dict(shuffled(rng, u.unit.metrics.items())))) for u in once.units]
    again = replace(once, units=tuple(shuffled(rng, units)))

    assert package(again) == package(once)
    assert unit_digests(again) == unit_digests(once)


def shuffled(rng: random.Random, values: Any) -> list[Any]:
    listed = list(values)
    rng.shuffle(listed)
    return listed


def test_the_container_is_plain_sorted_and_timeless() -> None:
    content = package(city(counties=1, departments=1))
    members = members_of(content)

    assert list(members) == ["README.txt", *sorted([*JSON_MEMBERS, "standard.yaml"])]
    assert zipped(members) == content
    assert package_digest(content) == hashlib.sha256(content).hexdigest()


def test_the_standard_stands_as_it_was_read_and_as_json() -> None:
    members, file = members_of(package(city(counties=1, departments=0))), read_standard("benxi-2010")

    assert members["standard.yaml"] == file.content
    assert members["standard.json"] == canonical_json(file.standard)


def test_every_json_member_is_canonical_and_without_floats() -> None:
    members = members_of(package(city(unscored=2)))
    for name in JSON_MEMBERS:
        value = json.loads(members[name], parse_float=pytest.fail)
        assert written(value) == members[name]


def test_text_is_composed() -> None:
    decomposed = score(read_standard("benxi-2010").standard, unit(name="Cafe\u0301局"), [])

    assert read(package(result([decomposed])), "units.json")[0]["name"] == "Café局"


def test_figures_are_exact_and_missing_ones_null() -> None:
    standard = read_standard("benxi-2010").standard
    one = score(
        standard, unit(textbook_rate=None, quota_fill_rate=(0, 0), online_rate=(33, 40)), judgements(standard, "D01")
    )
    [row] = read(package(result([one])), "units.json")

    assert row["headcount"] == 40
    assert set(row["metrics"]) == set(one.unit.metrics)
    assert row["metrics"]["textbook_rate"] is None
    assert row["metrics"]["quota_fill_rate"] == [0, 0]
    assert row["metrics"]["online_rate"] == [33, 40]
    assert row["metrics"]["class_points_least"] == [4, 1]


def test_judgements_stand_as_they_were_given_and_sorted() -> None:
    standard = read_standard("benxi-2010").standard
    given = [
        Judgement("D01", "D2", "review", Decimal("3.5"), "于晓岚", "现场清点"),
        Judgement("D01", "A1", "self", Decimal("4.50"), "本单位", None, "佐证1份"),
        Judgement("D01", "A1", "inspection", Decimal(4), "于宝成", "会议记录"),
    ]
    rows = read(package(result([score(standard, unit(), given)])), "judgements.json")

    assert [(row["criterion"], row["stage"], row["points"]) for row in rows] == [
        ("A1", "inspection", "4"), ("A1", "self", "4.50"), ("D2", "review", "3.5"),
    ]  # fmt: skip
    assert rows[1] == {
        "unit": "D01", "criterion": "A1", "stage": "self", "points": "4.50", "judge": "本单位", "reason": None,
        "evidence": "佐证1份",
    }  # fmt: skip


def test_results_are_the_published_ones_with_codes_for_reasons() -> None:
    once = city(unscored=1)
    mine, published = packaged_results(once), json.loads(json.dumps(results_data(once)))
    for row, public in zip(mine["units"], published["units"], strict=True):
        bonuses = row.pop("bonuses")
        assert [bonus["id"] for bonus in bonuses] == ["P1", "P2"]
        codes = [(line.pop("reason"), line.pop("step")) for line in row["criteria"]]
        assert row == public
        assert all((reason == "step") == (step is not None) for reason, step in codes)

    assert {key: mine[key] for key in ("standard", "round")} == {key: published[key] for key in ("standard", "round")}


def test_a_judged_point_an_override_and_a_ledger_point_carry_their_reason() -> None:
    standard = read_standard("benxi-2010").standard
    given = [
        *judgements(standard, "D01", {"A1": "4"}),
        Judgement("D01", "D2", "review", Decimal("3.50"), "于晓岚", "清点"),
    ]
    one = score(standard, unit(province_entries=(3, 1)), [j for j in given if j.criterion != "B6"])
    row = packaged_results(result([one]))["units"][0]
    reasons = {line["id"]: (line["source"], line["reason"], line["step"]) for line in row["criteria"]}

    assert reasons["A1"] == ("inspection", "judged", None)
    assert reasons["B6"] == ("unscored", "no_judgement", None)
    assert reasons["D2"] == ("review", "judged", None)
    assert reasons["B5"] == ("ledger", "whole", None)
    assert reasons["D1"] == ("ledger", "step", 0)  # 34 of 40 are 85%: the highest step
    assert row["bonuses"][0] == {"id": "P1", "entries": 3, "points": "10.00"}


def test_the_manifest_lists_inputs_members_and_units() -> None:
    content = package(city(counties=1, departments=1))
    members, manifest = members_of(content), read(content, "manifest.json")

    assert manifest["format"] == "kaohe-verification/1"
    assert manifest["standard"]["digest"] == read_standard("benxi-2010").digest
    assert manifest["round"] == {"kind": "annual", "year": 2010, "start": "2010-01-01", "end": "2010-12-31"}
    assert manifest["inputs"][0] == {"name": "people.csv", "sha256": "0" * 64, "rows": 6000}
    assert manifest["members"] == {
        name: hashlib.sha256(body).hexdigest() for name, body in members.items() if name != "manifest.json"
    }
    assert list(manifest["units"]) == ["210502", "D01"]


def test_a_units_digest_is_its_own_affair() -> None:
    small, large = city(counties=1, departments=0), city(counties=2, departments=0)
    rows = packaged_results(small)["units"]
    figures, given = (read(package(small), name) for name in ("units.json", "judgements.json"))
    own = unit_digests(small)["210502"]

    assert own == unit_digest(figures[0], given, rows[0])
    assert own.startswith("sha256:")
    assert own != unit_digest(figures[0], given[1:], rows[0])
    assert own != unit_digest(figures[0] | {"headcount": 1}, given, rows[0])
    assert unit_digests(large).keys() == {"210502", "210503"}


KEYS = {
    "units.json": {"code", "name", "peer_group", "headcount", "metrics"},
    "judgements.json": {"unit", "criterion", "stage", "points", "judge", "reason", "evidence"},
    "manifest.json": {"format", "standard", "round", "inputs", "members", "units", "digest"},
    "results.json": {"standard", "round", "units"},
}
RESULT_KEYS = {
    "code", "name", "peer_group", "headcount", "metrics", "criteria", "not_applicable", "unscored", "base", "bonus",
    "total", "verified", "band", "rank", "group_rank", "bonuses",
}  # fmt: skip
LINE_KEYS = {"id", "kind", "points", "score", "source", "self", "measured", "reason", "step"}


def test_no_training_record_of_anybody_can_stand_in_it() -> None:
    """Each member holds these keys and no others: nowhere is there a place for a person of the ledger."""
    content = package(city(unscored=2))
    for name, keys in KEYS.items():
        value = read(content, name)
        assert all(row.keys() == keys for row in (value if isinstance(value, list) else [value]))
    for row in read(content, "units.json"):
        assert all(
            figure is None or (len(figure) == 2 and all(type(n) is int for n in figure))
            for figure in row["metrics"].values()
        )
    for row in read(content, "results.json")["units"]:
        assert row.keys() == RESULT_KEYS
        assert all(line.keys() == LINE_KEYS for line in row["criteria"])
    assert all(one.keys() == {"name", "sha256", "rows"} for one in read(content, "manifest.json")["inputs"])


def test_the_readme_speaks_both_languages_and_names_no_machine() -> None:
    once = city(counties=1, departments=1)
    text = members_of(package(replace(once, inputs=(InputFile("people.csv", "0" * 64, 3),))))["README.txt"].decode()

    assert text.index("核验包") < text.index("Verification package")
    assert "本溪市行政机关公务员基本功训练百分考核标准" in text
    assert "2010-01-01" in text
    assert not any(word in text for word in ("/home", "/work", "/root", "C:\\"))


def test_an_empty_round_is_a_package_too() -> None:
    nobody: RoundResult = result([])

    assert read(package(nobody), "units.json") == []


def test_canonical_json_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})
