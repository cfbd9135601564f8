"""Standards as files: what is refused and where, what is kept exactly, and the canonical form."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.fault import BadInput, Fault, Place
from kaohe.standard.files import canonical_json, library, parse_standard, read_standard
from kaohe.standard.model import Standard
from kaohe.standard.rules import AllOrNothing, Bands

BENXI = read_standard("benxi-2010").content.decode()


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def refused(text: str) -> Fault:
    with pytest.raises(BadInput) as caught:
        parse_standard(text.encode(), "x.yaml")
    (fault,) = caught.value.faults.listed
    return fault


def changed(old: str, new: str) -> str:
    assert old in BENXI
    return BENXI.replace(old, new, 1)


def test_the_library_has_the_document_and_another_city() -> None:
    assert library() == ("benxi-2010", "qinghe-2024")


@pytest.mark.parametrize("name", ["benxi-2010", "qinghe-2024"])
def test_a_library_standard_carries_the_id_of_its_file(name: str) -> None:
    file = read_standard(name)

    assert file.standard.id == name
    assert file.name == f"{name}.yaml"


def test_any_other_standard_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(BENXI, encoding="utf-8-sig")

    file = read_standard(str(path))

    assert file.name == "ours.yaml"
    assert file.standard == read_standard("benxi-2010").standard


def test_a_name_that_is_neither_library_nor_file_is_told_what_there_is() -> None:
    with pytest.raises(BadInput) as caught:
        read_standard("benxi-2011")

    expected = Fault("standard_unknown", Place("benxi-2011"), "benxi-2011", {"library": "benxi-2010、qinghe-2024"})
    assert caught.value.faults.listed == (expected,)


def test_the_digest_is_that_of_the_bytes() -> None:
    file = read_standard("benxi-2010")

    assert file.digest == "sha256:" + hashlib.sha256(file.content).hexdigest()


# What is refused


def test_a_setting_given_twice_is_refused_at_the_second() -> None:
    text = changed("points: 100\n", "points: 100\npoints: 90\n")

    assert refused(text) == Fault(
        "standard_not_yaml", Place("x.yaml", line=line_of(text, "points: 90")), "key given twice: points"
    )


def test_a_setting_given_twice_deep_inside_is_refused_too() -> None:
    text = changed("{shape: proportional, metric: self_study_rate,", "{shape: proportional, shape: judged, metric: x,")

    assert refused(text).place.line == line_of(text, "shape: judged, metric")


def test_an_unknown_setting_is_named_with_its_line() -> None:
    text = changed(
        "        rule: {shape: judged}\n      - id: A2",
        "        rule: {shape: judged}\n        weight: 2\n      - id: A2",
    )

    fault = refused(text)

    assert fault.code == "setting_unknown"
    assert fault.place == Place("x.yaml", path="items[0].criteria[0].weight", line=line_of(text, "weight: 2"))
    assert fault.found == "2"


def test_an_unknown_setting_of_a_rule_is_named_without_the_name_of_its_shape() -> None:
    text = changed("metric: self_study_rate,", "metric: self_study_rate, wieght: 2,")

    assert refused(text).place.path == "items[1].criteria[2].rule.wieght"


def test_a_missing_setting_is_named_at_the_part_that_lacks_it() -> None:
    text = changed("    metric: province_entries\n", "")

    fault = refused(text)

    assert fault.code == "setting_missing"
    assert fault.place == Place("x.yaml", path="bonus[0].metric", line=line_of(text, "- id: P1"))
    assert fault.found is None


def test_a_value_of_the_wrong_kind_is_named_with_the_value() -> None:
    text = changed("points: 100\n", "points: 一百\n")

    fault = refused(text)

    assert (fault.code, fault.place.path, fault.found) == ("setting_wrong", "points", "一百")
    assert fault.place.line == line_of(text, "points: 一百")


def test_every_wrong_setting_is_listed_not_only_the_first() -> None:
    text = (
        changed("points: 100\n", "points: 一百\n")
        .replace("rank: all", "rank: some")
        .replace("late: accept_and_mark", "late: never")
    )

    with pytest.raises(BadInput) as caught:
        parse_standard(text.encode(), "x.yaml")

    assert sorted(fault.place.path or "" for fault in caught.value.faults.listed) == ["late", "points", "rank"]


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"id: [}", "standard_not_yaml", 1),
        (b"id: a\n\tb: 1\n", "standard_not_yaml", 2),
        (b"- a\n- b\n", "standard_not_mapping", 1),
        (b"", "standard_not_mapping", 1),
        ("id: 标准".encode("gb18030"), "standard_not_utf8", None),
        (b"points: .nan\n", "standard_not_yaml", 1),
        (b"x: !!python/object/apply:os.getcwd []\n", "standard_not_yaml", 1),
    ],
)
def test_what_is_not_a_standard_at_all_is_refused(content: bytes, code: str, line: int | None) -> None:
    with pytest.raises(BadInput) as caught:
        parse_standard(content, "x.yaml")

    (fault,) = caught.value.faults.listed
    assert (fault.code, fault.place.line) == (code, line)


# What is kept


def test_decimals_are_read_as_written_and_not_as_binary_floats() -> None:
    # as a binary float 0.1 is 0.1000000000000000055511151231257827...
    standard = parse_standard(changed("step: 0.01", "step: 0.1").encode(), "x.yaml").standard

    assert standard.step == Decimal("0.1")
    assert standard.step * 10 == 1


@pytest.mark.parametrize("written", ["70%", "0.7", "7/10", "0.70", '"70 %"'])
def test_a_share_is_exact_however_it_is_written(written: str) -> None:
    rule = (
        parse_standard(changed("at_least: 70%", f"at_least: {written}").encode(), "x.yaml")
        .standard.criterion("D1")
        .rule
    )

    assert isinstance(rule, Bands)
    assert rule.steps[1].at_least == Fraction(7, 10)


def test_a_third_stays_a_third() -> None:
    text = changed("metric: city_finals, at_least: 1", "metric: city_finals, at_least: 1/3")
    rule = parse_standard(text.encode(), "x.yaml").standard.criterion("C4").rule

    assert isinstance(rule, AllOrNothing)
    assert rule.at_least == Fraction(1, 3)


@pytest.mark.parametrize(
    ("path", "needle"),
    [
        ("points", "points: 100"),
        ("bands[1].at_least", "at_least: 60.00"),
        ("rounds.annual.due", 'due: "11-30"'),
        ("minimum_hours.online.hours.annual", "hours: {annual: 40"),
        ("items[3].criteria[0].rule.scale", "scale: 10"),
        ("items[3].criteria[0].rule.steps[3].points", "{at_least: 30%, points: 2}"),
        ("bands[1]", "- id: basic"),
        ("bands[1].at_most", "- id: basic"),  # not written: the part it would stand in
        ("items[0].criteria[1].rule.nothing.at.all", "rule: {shape: judged}\n      - id: A3"),
        ("recuse", "id: benxi-2010"),
    ],
)
def test_every_setting_knows_its_line(path: str, needle: str) -> None:
    place = read_standard("benxi-2010").place(path)

    assert place == Place("benxi-2010.yaml", path=path, line=line_of(BENXI, needle))


# The canonical form


@pytest.mark.parametrize("name", ["benxi-2010", "qinghe-2024"])
def test_canonical_json_holds_the_whole_standard(name: str) -> None:
    standard = read_standard(name).standard

    assert Standard.model_validate(json.loads(canonical_json(standard))) == standard


def test_canonical_json_writes_settings_that_the_file_leaves_to_their_default() -> None:
    text = BENXI.replace("late: accept_and_mark # decision 14; or refuse\n", "")

    assert json.loads(canonical_json(parse_standard(text.encode(), "x.yaml").standard))["late"] == "accept_and_mark"


def test_canonical_json_does_not_depend_on_comments_or_the_order_of_settings() -> None:
    benxi = read_standard("benxi-2010").standard
    text = "# another comment\n" + BENXI.replace("points: 100\nstep: 0.01", "step: 0.01\npoints: 100", 1)

    assert canonical_json(parse_standard(text.encode(), "x.yaml").standard) == canonical_json(benxi)


def test_canonical_json_is_sorted_has_no_blanks_and_writes_figures_as_text() -> None:
    written = canonical_json(read_standard("benxi-2010").standard).decode()
    data = json.loads(written)

    assert written == json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert data["items"][3]["criteria"][0]["rule"]["steps"][0] == {"at_least": "4/5", "at_most": None, "points": "10"}
    assert data["source"]["date"] == str(date(2010, 5, 18))


def test_another_value_is_another_canonical_form() -> None:
    other = parse_standard(changed("at_least: 70%", "at_least: 71%").encode(), "x.yaml").standard

    assert canonical_json(other) != canonical_json(read_standard("benxi-2010").standard)


@pytest.mark.parametrize(
    ("setting", "instead"),
    [
        ("date: 2010-05-18", "date: 2010-02-30"),
        ("at_least: 80%", "at_least: 1/0"),
        ("points: 100", "? [a]\n: 1"),
        ("points: 100", "points: &a [*a]"),
        ("points: 100", "points: 0144"),
        ("points: 100", "points: 1:40"),
        ("bonus_cap: 20", "bonus_cap: 0b_"),
        ("  weights: {half_year: 1, annual: 1}", "  wieghts: {half_year: 1, annual: 1}"),
    ],
)
def test_what_yaml_would_take_for_something_else_is_refused(setting: str, instead: str) -> None:
    """A hostile or careless file is answered with its place, never with a crash or another number."""
    assert setting in BENXI

    with pytest.raises(BadInput) as error:
        parse_standard(BENXI.replace(setting, instead, 1).encode(), "city.yaml")

    assert all(fault.place.line is not None for fault in error.value.faults.listed)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(" " * level + "a:" for level in range(600)), "a: " + "[" * 50 + "]" * 50, "!!map [a]", "!!seq {a: b}",
        "a: !!bool maybe", "a: !!binary AAAA", "a: " + "9" * 5_000,
    ],
)  # fmt: skip
def test_what_no_standard_is_written_like_is_not_unfolded(text: str) -> None:
    assert refused(text).code == "standard_not_yaml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("step: 0.01", "step: 1e-100000"), ("at_least: 80%", "at_least: 1e100000"), ("at_least: 80%", f"at_least: 1/{'9' * 30}"),
        ("scale: 10\n", "scale: '1e100000'\n"), ("bonus_cap: 20", "bonus_cap: '1e100000'"), ("points: 100", f"points: '{'9' * 21}'"),
    ],
)  # fmt: skip
def test_a_figure_is_no_longer_than_one_reads(old: str, new: str) -> None:
    assert refused(changed(old, new)).code == "setting_wrong"
