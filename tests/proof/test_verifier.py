"""The checker: it agrees with the engine on every random round, and finds every alteration where it is."""

import ast
import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaohe.assessment.scoring import Judgement, score
from kaohe.proof import verifier
from kaohe.proof.package import package, package_digest
from kaohe.proof.verifier import Place, Verdict, main, verify
from kaohe.standard.files import read_standard
from tests.builders import city, judgements, result, unit
from tests.depth import deep
from tests.proof.rounds import (
    JSON_MEMBERS,
    SETTINGS,
    edited,
    members_of,
    random_round,
    signed,
    unit_at,
    values_of,
    written,
    zipped,
)  # fmt: skip

ROUNDS = deep(200, 800)
SOURCE = Path(verifier.__file__)
slow = settings(max_examples=deep(80, 1000), deadline=None, suppress_health_check=list(HealthCheck))


@cache
def small() -> bytes:
    return package(city(counties=1, departments=1, seed=5))


@cache
def values(name: str) -> tuple[tuple[Any, ...], ...]:
    return tuple(values_of(json.loads(members_of(small())[name])))


# Agreement with the engine


@pytest.mark.parametrize("seed", range(6))
def test_a_city_is_verified(seed: int) -> None:
    content = package(city(seed=seed, unscored=seed))

    assert verify(content) == Verdict(
        True, "ok", package_digest(content), "benxi-2010", "annual 2010 (2010-01-01 – 2010-12-31)", 46
    )


def test_agrees_with_the_engine_on_random_rounds_and_standards() -> None:
    seen: Counter[str] = Counter()
    for seed in range(ROUNDS):
        once, chosen = random_round(seed)
        verdict = verify(package(once))
        assert verdict.ok, (seed, verdict, chosen)
        seen.update(chosen)
        seen.update(line.outcome.reason for one in once.units for line in one.criteria if line.outcome)
        seen.update(line.source for one in once.units for line in one.criteria)
        seen.update("overridden" for one in once.units for line in one.criteria if line.overridden)
        seen.update(one.band.id if one.band else "no total" for one in once.units)
        seen.update("no rank" for one in once.units if one.total is not None and one.rank is None)
        seen.update("capped" for one in once.units if one.bonus and one.bonus < sum(b.points for b in one.bonuses))
        seen.update(
            "tie" for one in once.units for other in once.units if one.rank and one.rank == other.rank and one != other
        )

    wanted = {new for _, some in SETTINGS for new in some} | {
        "whole", "share", "share_below_full", "reached", "not_reached", "step", "mean", "mean_full", "mean_below_full",
        "least", "counted", "counted_full", "absent", "absent_zero", "missing", "missing_zero", "self", "inspection",
        "review", "ledger", "not_applicable", "unscored", "overridden", "full", "basic", "failed", "no total",
        "no rank", "capped", "tie",
    }  # fmt: skip
    assert {name: seen[name] for name in wanted if seen[name] < 3} == {}


def test_a_unit_to_which_nothing_applies_has_no_total() -> None:
    file = edited(("rule: {shape: judged}", "rule: {shape: proportional, metric: participation_rate}"))
    absent = replace(unit(), metrics=dict.fromkeys(unit().metrics, (0, 0)))
    units = [score(file.standard, absent, []), score(file.standard, unit("D02"), [])]
    content = package(result(units, file))
    [nothing, other] = json.loads(members_of(content)["results.json"])["units"]

    assert [nothing[key] for key in ("base", "bonus", "total", "band", "rank", "group_rank")] == [None] * 6
    assert (nothing["unscored"], nothing["verified"], other["rank"]) == ([], True, 1)
    assert verify(content).ok


def test_steps_of_a_scale_that_nothing_reaches_and_a_step_without_scale() -> None:
    file = edited(
        ("            - {at_least: 0%, points: 0}\n", ""), ("          scale: 10\n", ""),
        ("at_least: 80%, points: 10", "at_least: 80%, points: 5"),
        ("at_least: 70%, points: 8", "at_least: 70%, points: 4.5"),
        ("at_least: 60%, points: 5", "at_least: 60%, points: 3"),
    )  # fmt: skip
    units = [
        score(file.standard, unit(f"D{i}", textbook_rate=(have, 100)), judgements(file.standard, f"D{i}"))
        for i, have in enumerate((79, 80, 29, 30))
    ]
    assert [one.criterion("D1").score for one in units] == [
        Decimal("4.50"),
        Decimal("5.00"),
        Decimal("0.00"),
        Decimal("2.00"),
    ]
    assert verify(package(result(units, file))).ok


def test_worked_example_is_recomputed_by_hand() -> None:
    """36 of 37: 36/37·5 = 4.8648… → 4.86; no quota, so C1 and C2 leave both sides.

    Judged 15+5+10+15+5 = 50 in full; B3 4.86, B4 5, B5 5, C3 5, C4 5, D1 (85% → 10 of 10) 5, D2 5, D3 5 = 39.86;
    89.86/90·100 = 99.8444… → 99.84; one province entry 10; total 109.84.
    """
    standard = read_standard("benxi-2010").standard
    figures = unit(
        self_study_rate=(36, 37), online_rate=(40, 40), quota_fill_rate=(0, 0), class_points=(0, 0),
        appraisal_rate=(40, 40), province_entries=(2, 1),
    )  # fmt: skip
    content = package(result([score(standard, figures, judgements(standard, "D01"))]))
    [row] = json.loads(members_of(content)["results.json"])["units"]

    assert (row["base"], row["bonus"], row["total"], row["band"]) == ("99.84", "10.00", "109.84", "full")
    assert verify(content).ok


def test_a_band_begins_at_its_bound() -> None:
    """All measured points (50) and all judged but B6 (35): 5.00 of B6 make 90.00, the first band; 4.99 the second."""
    standard = read_standard("benxi-2010").standard
    full = {
        "self_study_rate": (40, 40), "online_rate": (40, 40), "class_points": (15, 3), "textbook_rate": (40, 40),
        "appraisal_rate": (40, 40),
    }  # fmt: skip
    units = [
        score(standard, unit(code, **full), judgements(standard, code, {"B6": points}))  # type: ignore[arg-type]
        for code, points in (("D01", "5.00"), ("D02", "4.99"))
    ]
    content = package(result(units))
    rows = json.loads(members_of(content)["results.json"])["units"]

    assert [(row["total"], row["band"]) for row in rows] == [("90.00", "full"), ("89.99", "basic")]
    assert verify(content).ok


# Every alteration is found, where it is


def altered_value(text: bytes) -> bytes:
    """Another value of the same kind."""
    value = json.loads(text)
    if isinstance(value, bool) or value is None:
        return b"0" if value is None else written(not value)
    if isinstance(value, int):
        return written(value + 1)
    last = "8" if value.endswith("7") else "7"
    return written(value[:-1] + last)


def changed(name: str, start: int, old: bytes, new: bytes) -> dict[str, bytes]:
    members = members_of(small())
    body = members[name]
    assert body[start : start + len(old)] == old
    members[name] = body[:start] + new + body[start + len(old) :]
    return members


def assert_found(verdict: Verdict, name: str, path: tuple[Any, ...]) -> None:
    concerned = unit_at(name, json.loads(members_of(small())[name]), path)
    assert not verdict.ok
    assert name in (verdict.place.member, *verdict.altered), (verdict, path)
    if name != "standard.json":
        assert verdict.place.member == name or (concerned and verdict.place.unit == concerned), (verdict, path)


@pytest.mark.parametrize("name", JSON_MEMBERS)
def test_every_value_of_every_member_is_held(name: str) -> None:
    for path, start, text in values(name)[:: deep(5, 1)]:
        assert_found(verify(zipped(changed(name, start, text, altered_value(text)))), name, path)


@slow
@given(st.data())
def test_every_single_byte_of_a_value_is_held(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(JSON_MEMBERS))
    path, start, text = data.draw(st.sampled_from(values(name)))
    at = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != text[at]))

    assert_found(verify(zipped(changed(name, start, text, text[:at] + bytes([byte]) + text[at + 1 :]))), name, path)


@slow
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_every_byte_of_the_file_is_held(where: int, by: int) -> None:
    content = bytearray(small())
    where %= len(content)
    content[where] ^= by
    verdict = verify(bytes(content))

    assert not verdict.ok
    name, path = value_at(where)
    if name and path is not None and name != "standard.json":
        assert_found(verdict, name, path)
    elif name:
        assert name in (verdict.place.member, *verdict.altered)


def value_at(where: int) -> tuple[str | None, tuple[Any, ...] | None]:
    """The member whose data a byte of the file belongs to, and the value, where it is in one."""
    for name, body in members_of(small()).items():
        start = small().index(name.encode() + body) + len(name)
        if start <= where < start + len(body):
            if name not in JSON_MEMBERS:
                return name, None
            found = (path for path, at, text in values(name) if at <= where - start < at + len(text))
            return name, next(found, None)
    return None, None


@pytest.mark.parametrize("name", ["README.txt", "standard.yaml"])
def test_the_other_members_are_held_and_named(name: str) -> None:
    members = members_of(small())
    verdict = verify(zipped({**members, name: members[name] + b"#"}))

    assert (verdict.ok, verdict.place.member, verdict.altered) == (False, name, (name,))


def test_a_forger_who_signs_anew_cannot_change_a_result() -> None:
    """All that results.json prints is computed anew: with every digest of the manifest in order, it is still found."""
    members = members_of(small())
    results = json.loads(members["results.json"])
    for path, start, text in values("results.json")[:: deep(3, 1)]:
        verdict = verify(signed(changed("results.json", start, text, altered_value(text))))
        if path[0] == "round" and path[1] != "kind":
            assert verdict.ok  # the dates of a round are the office's own to set: only the printed digest holds them
            continue
        assert not verdict.ok
        assert verdict.altered == ()
        if path[0] == "units":
            criterion = results["units"][path[1]]["criteria"][path[3]]["id"] if path[2] == "criteria" else None
            field = str(path[-1]) if criterion else ".".join(map(str, path[2:]))
            assert verdict.place == Place("results.json", verdict.place.unit, criterion, field)
            assert verdict.place.unit == results["units"][path[1]]["code"]


@pytest.mark.parametrize(("key", "value"), [("rank", True), ("why", "好"), ("base", 90)])
def test_a_value_of_another_kind_and_a_key_too_many_are_found(key: str, value: Any) -> None:
    members = members_of(small())
    results = json.loads(members["results.json"])
    first = next(row for row in results["units"] if row["rank"] == 1)
    first[key] = value
    verdict = verify(signed({**members, "results.json": written(results)}))

    assert (verdict.code, verdict.place) == ("differs", Place("results.json", first["code"], None, key))


def test_a_difference_is_told_with_both_values() -> None:
    members = members_of(small())
    results = json.loads(members["results.json"])
    line = results["units"][0]["criteria"][5]
    old, line["score"] = line["score"], "4.99"
    verdict = verify(signed({**members, "results.json": written(results)}))

    assert (verdict.code, verdict.place) == ("differs", Place("results.json", "210502", "B3", "score"))
    assert (verdict.expected, verdict.found) == (old, "4.99")


def test_a_figure_that_changes_no_result_is_named_by_unit_and_file() -> None:
    members = members_of(small())
    units = json.loads(members["units.json"])
    units[1]["metrics"]["class_points_least"] = [1, 1]
    verdict = verify(zipped({**members, "units.json": written(units)}))

    assert (verdict.code, verdict.place) == ("altered", Place("units.json", "D01"))


def test_a_better_figure_moves_the_unit_that_has_it_and_not_the_first_whose_rank_it_moves() -> None:
    members = members_of(package(city(seed=11)))
    units = json.loads(members["units.json"])
    units[-1]["metrics"]["online_rate"] = [1, 1000]
    verdict = verify(zipped({**members, "units.json": written(units)}))

    assert (verdict.place.unit, verdict.place.field) == (units[-1]["code"], "metrics.online_rate")


def test_a_unit_left_out_or_slipped_in_is_named() -> None:
    members = members_of(small())
    units, results = json.loads(members["units.json"]), json.loads(members["results.json"])
    fewer = {**results, "units": results["units"][:-1]}
    left_out = verify(signed({**members, "results.json": written(fewer)}))
    slipped_in = verify(signed({**members, "units.json": written(units[:-1]), "judgements.json": b"[]"}))

    assert (left_out.place.unit, left_out.found) == ("D01", "null")
    assert not slipped_in.ok


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"points": "5.01"}, "out_of_range"), ({"points": "0.001"}, "out_of_range"), ({"points": "-1"}, "shape"),
        ({"points": "1e9"}, "shape"), ({"unit": "D99"}, "unknown"), ({"criterion": "Z9"}, "unknown"),
        ({"judge": None}, "shape"), ({"stage": "x"}, "shape"), ({"extra": 1}, "shape"), ({"points": "٣"}, "shape"),
    ],
)  # fmt: skip
def test_a_judgement_against_the_standard_is_refused(change: dict[str, Any], code: str) -> None:
    members = members_of(small())
    rows = json.loads(members["judgements.json"])
    rows[0] |= change
    verdict = verify(signed({**members, "judgements.json": written(rows)}))

    assert (verdict.ok, verdict.code, verdict.place.member) == (False, code, "judgements.json")


def test_two_judgements_at_one_stage_are_refused() -> None:
    members = members_of(small())
    rows = json.loads(members["judgements.json"])

    assert verify(signed({**members, "judgements.json": written([rows[0], *rows])})).code == "repeated"


def test_units_out_of_order_of_an_unknown_group_or_without_a_figure_are_refused() -> None:
    members = members_of(small())
    units = json.loads(members["units.json"])
    reversed_ = verify(signed({**members, "units.json": written(units[::-1])}))
    group = verify(signed({**members, "units.json": written([units[0] | {"peer_group": "x"}, *units[1:]])}))
    figures = {name: figure for name, figure in units[0]["metrics"].items() if name != "online_rate"}
    figure = verify(signed({**members, "units.json": written([units[0] | {"metrics": figures}, *units[1:]])}))

    assert [v.code for v in (reversed_, group, figure)] == ["out_of_order", "unknown", "no_figure"]


def test_the_printed_digest_is_compared() -> None:
    digest = package_digest(small())
    spaced = "SHA256:" + " ".join(digest[i : i + 8].upper() for i in range(0, 64, 8))
    forged = zipped({**members_of(small()), "README.txt": b"x"})

    assert verify(small(), digest).ok
    assert verify(small(), spaced).ok
    assert verify(small(), "0" * 64).code == "other_digest"
    assert not verify(signed(members_of(forged)), digest).ok


# Hostile input


@slow
@given(st.binary(max_size=400))
@example(b"")
@example(b"PK\x05\x06" + bytes(18))
@example(b"PK\x03\x04" + b"\xff" * 40)
def test_random_bytes_are_no_package(content: bytes) -> None:
    verdict = verify(content)

    assert not verdict.ok
    assert verdict.code in verifier.NO_PACKAGE


@slow
@given(st.integers(0, 10**9))
def test_a_truncated_file_is_refused(length: int) -> None:
    assert not verify(small()[: length % len(small())]).ok


def test_members_unknown_missing_twice_or_compressed_are_refused() -> None:
    members = members_of(small())
    unknown = zipped({**members, "a.txt": b""})
    late = zipped({**members, "zzz.txt": b""})
    missing = zipped({name: body for name, body in members.items() if name != "units.json"})
    outside = zipped({("../x" if name == "README.txt" else name): body for name, body in members.items()})

    assert all(not verify(content).ok for content in (unknown, late, missing, outside))
    assert verify(unknown).code == verify(missing).code == verify(outside).code == "members"
    assert verify(late).code == "container"
    assert verify(small() + b"tail").code == "container"
    assert verify(b"head" + small()).code == "not_zip"


def test_an_oversized_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier, "LARGEST", 1000)

    assert verify(small()).code == "too_large"


HOSTILE = [
    b"", b"null", b"[]", b"{}", b"0", b"true", b'"x"', b"NaN", b"[NaN]", b"[Infinity]", b"1e400", b"[1.5]", b"[-0]",
    b"9" * 6000, b"-" * 9, b"[" * 200_000, b"[" * 900 + b"]" * 900, b'{"a":' * 100_000, b"\xff\xfe", b"\xef\xbb\xbf[]",
    b'["\\ud800"]', b"[1, 2]", b'{"a":1,"a":1}', b'"\xed\xa0\x80"', b"\x00",
]  # fmt: skip


@pytest.mark.parametrize("name", JSON_MEMBERS)
def test_hostile_text_in_a_member_is_named(name: str) -> None:
    for text in HOSTILE:
        verdict = verify(zipped({**members_of(small()), name: text}))
        assert not verdict.ok
        assert verdict.place.member == name or name in verdict.altered, (text[:20], verdict)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(0, 9), st.text(max_size=8), st.floats(),
    st.sampled_from(["0", "1E+99", "1E999999999", "1/0", "0/1", "9" * 50, "NaN", "sha256:"]),
    st.sampled_from(["judged", "bands", "\ud800", "…", "*"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda v: st.one_of(st.lists(v, max_size=3), st.dictionaries(st.text(max_size=5), v, max_size=3)),
    max_leaves=6,
)


@slow
@given(st.data())
def test_wrong_kinds_of_value_never_raise_even_when_signed(data: st.DataObject) -> None:
    """Any node of any member becomes any other value; the forger signs what can be signed."""
    name = data.draw(st.sampled_from(JSON_MEMBERS))
    members = members_of(small())
    value = json.loads(members[name])
    replaced = put(value, data.draw(st.randoms(use_true_random=False)), data.draw(VALUES))
    members[name] = written(replaced)
    forge = signed if name != "manifest.json" else zipped
    try:
        content = forge(members)
    except (TypeError, KeyError, ValueError, AttributeError, UnicodeError):
        content = zipped(members)

    verdict = verify(content)
    assert verdict.ok in (True, False)
    assert all(line for language in (0, 1) for line in verifier._lines(verdict, language))


def put(value: Any, rng: random.Random, new: Any) -> Any:
    """The same value with one node, at any depth, replaced."""
    if not value or not isinstance(value, dict | list) or rng.random() < 0.1:
        return new
    key = rng.choice(sorted(value) if isinstance(value, dict) else range(len(value)))
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = put(value[key], rng, new)
    return copy


@pytest.mark.parametrize("setting", ["of", "scale", "points", "step"])
def test_a_standard_that_divides_by_nothing_is_refused(setting: str) -> None:
    members = members_of(small())
    text = members["standard.json"].decode()
    old = {"of": '"of":2', "scale": '"scale":"5"', "points": '"points":"5","rule"', "step": '"step":"0.01"'}[setting]
    new = old.replace("2", "0").replace('"5"', '"0"').replace("0.01", "0.00")
    verdict = verify(signed({**members, "standard.json": text.replace(old, new).encode()}))

    assert (verdict.code, verdict.place.member) == ("shape", "standard.json")


# The file alone, and how it speaks


def test_it_imports_nothing_but_the_standard_library_and_is_python_3_9() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 9))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [f"{node.module}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]

    assert all(node.level == 0 for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
    assert not {"importlib", "subprocess", "socket", "urllib", "random", "time", "os"} & set(names)


def alone(folder: Path, *arguments: str, lone: bool = True) -> subprocess.CompletedProcess[bytes]:
    (folder / "verifier.py").write_bytes(SOURCE.read_bytes())
    isolated = ["-I", "-S"] if lone else ["-S"]
    command = [sys.executable, *isolated, "verifier.py", *arguments]
    environment = {} if lone else {"PYTHONIOENCODING": "ascii"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=60)


def test_it_runs_as_a_lone_file(tmp_path: Path) -> None:
    (tmp_path / "verification.zip").write_bytes(small())
    (tmp_path / "other.zip").write_bytes(signed({**members_of(small()), "README.txt": b""}))
    digest = package_digest(small())
    good = alone(tmp_path, "verification.zip", "--digest", digest, "--lang", "zh")
    other = alone(tmp_path, "other.zip", "--digest", digest, "--lang", "en")
    none = alone(tmp_path, "verifier.py")

    assert (good.returncode, other.returncode, none.returncode) == (0, 1, 2)
    assert "核对无误" in good.stdout.decode()
    assert "not the package whose digest was given" in other.stdout.decode()
    assert good.stderr == other.stderr == none.stderr == b""


def test_it_speaks_english_where_the_terminal_has_no_chinese(tmp_path: Path) -> None:
    (tmp_path / "verification.zip").write_bytes(small())
    plain = alone(tmp_path, "verification.zip", lone=False)
    forced = alone(tmp_path, "verification.zip", "--lang", "zh", lone=False)

    assert plain.returncode == forced.returncode == 0
    assert plain.stdout.startswith(b"verified")
    assert forced.stdout.startswith(b"\\u6838")


def test_the_exit_status_and_the_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = members_of(small())
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(small())
    units = json.loads(members["units.json"])
    units[0]["metrics"]["bulletin_count"] = [7, 1]
    bad.write_bytes(zipped({**members, "units.json": written(units)}))

    assert main([str(good), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "Proved: all results follow" in told
    assert "Not proved: that the figures and judgements are true" in told
    assert main([str(bad), "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert "place: results.json / 210502 / metrics.bulletin_count\nin the package: 6\nshould be: 7" in told
    assert "members that differ from the manifest: units.json" in told
    assert main([str(tmp_path / "nothing"), "--lang", "zh"]) == 2
    assert capsys.readouterr().out.startswith("文件无法读取")
    assert main([str(tmp_path)]) == 2


def test_a_hostile_name_cannot_write_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = members_of(small())
    units = json.loads(members["units.json"])
    units[0]["peer_group"] = "\x1b[2J\r\nverified" + "x" * 5000
    bad = tmp_path / "bad.zip"
    bad.write_bytes(zipped({**members, "units.json": written(units)}))

    assert main([str(bad), "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\nverified" not in told
    assert len(told) < 1000


def test_every_code_has_its_words() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DifferenceError"
    ]
    codes = {
        arg.value
        for call in calls
        for arg in ast.walk(call.args[0])
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }

    assert codes | {"ok", "unreadable"} <= verifier.WORDS.keys()
    assert all(zh and en for zh, en in verifier.WORDS.values())


def test_a_self_judgement_on_a_measured_criterion_is_only_shown() -> None:
    standard = read_standard("benxi-2010").standard
    given = [*judgements(standard, "D01"), Judgement("D01", "B3", "self", Decimal(5), "本单位")]
    content = package(result([score(standard, replace(unit(), headcount=41), given)]))

    assert verify(content).ok
    [row] = json.loads(members_of(content)["results.json"])["units"]
    assert (row["criteria"][5]["self"], row["criteria"][5]["score"]) == ("5.00", "4.50")  # 36 of 40 reach the hours
