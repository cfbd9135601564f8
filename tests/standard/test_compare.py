"""Comparing standards: what differs is told by id, and nothing else is."""

from functools import cache

import pytest

from kaohe.standard.compare import Difference, compare
from kaohe.standard.files import parse_standard, read_standard
from kaohe.standard.model import Standard


@cache
def text_of(name: str) -> str:
    return read_standard(name).content.decode()


def changed(*changes: tuple[str, str], name: str = "benxi-2010") -> Standard:
    text = text_of(name)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse_standard(text.encode(), "x.yaml").standard


def differences(*changes: tuple[str, str], name: str = "benxi-2010") -> list[Difference]:
    return list(compare(read_standard(name).standard, changed(*changes, name=name)))


def block(begin: str, end: str, name: str = "benxi-2010") -> str:
    """The lines of a file from one that begins so, up to one that begins so."""
    text = text_of(name)
    start = text.index(begin)
    return text[start : text.index(end, start)]


B5 = block("      - id: B5\n", "      - id: B6\n")
B6 = block("      - id: B6\n", "\n  - id: C\n")
D4 = block("      - id: D4\n", "\ndecisions:")
BASIC = block("  - id: basic\n", "  - id: failed\n")


@pytest.mark.parametrize("name", ["benxi-2010", "qinghe-2024"])
def test_a_standard_does_not_differ_from_itself(name: str) -> None:
    assert compare(read_standard(name).standard, read_standard(name).standard) == ()


@pytest.mark.parametrize(
    "change",
    [
        ("points: 100\n", "points: 100.00\n"),
        ("at_least: 90.00", "at_least: 90"),
        ("{at_least: 70%, points: 8}", "{at_least: 7/10, points: 8.0}"),
        ("bonus_counts_for: [band, ranking]", "bonus_counts_for: [ranking, band]"),
        ("rank: all # decision 13; or verified\n", ""),  # its default
        ("{half_year: 1, annual: 1}", "{annual: 1, half_year: 1}"),
    ],
    ids=lambda change: change[1],
)
def test_another_way_of_writing_the_same_is_no_difference(change: tuple[str, str]) -> None:
    assert differences(change) == []


def test_the_order_of_bands_and_steps_is_no_difference() -> None:
    steps = "            - {at_least: 70%, points: 8}\n            - {at_least: 60%, points: 5}\n"
    swapped = "            - {at_least: 60%, points: 5}\n            - {at_least: 70%, points: 8}\n"

    assert differences((BASIC, ""), ("bands: # decision 4\n", "bands:\n" + BASIC), (steps, swapped)) == []


def test_a_changed_figure_is_told_by_the_id_of_its_criterion() -> None:
    assert differences((B6, B6.replace("points: 15", "points: 10"))) == [
        Difference("items[B].criteria[B6].points", "changed", "15", "10")
    ]


def test_a_changed_step_is_told_by_its_bound() -> None:
    assert differences(("{at_least: 70%, points: 8}", "{at_least: 70%, points: 7.5}")) == [
        Difference("items[D].criteria[D1].rule.steps[70%].points", "changed", "8", "7.5")
    ]


def test_a_step_with_another_bound_is_another_step() -> None:
    assert differences(("{at_least: 70%, points: 8}", "{at_least: 75%, points: 8}")) == [
        Difference("items[D].criteria[D1].rule.steps[70%]", "removed", "at_least: 70%; points: 8", None),
        Difference("items[D].criteria[D1].rule.steps[75%]", "added", None, "at_least: 75%; points: 8"),
    ]


def test_settings_of_bands_bonus_rounds_and_groups_are_told_by_id() -> None:
    found = differences(
        ("at_least: 60.00", "at_least: 65"),
        ("    metric: province_entries\n    points: 10", "    metric: province_entries\n    points: 8"),
        ('due: "11-30"', 'due: "12-15"'),
        ("title: {zh: 部门, en: Departments}", "title: {zh: 市直部门, en: Departments}"),
        ("bonus_cap: 20", "bonus_cap: 18"),
        ("{annual: 30, half_year: 15}", "{annual: 36, half_year: 15}"),
        ("  weights: {half_year: 1, annual: 1}", "  weights: {half_year: 1, annual: 2}"),
    )

    assert found == [
        Difference("groups[department].title.zh", "changed", "部门", "市直部门"),
        Difference("rounds.annual.due", "changed", "11-30", "12-15"),
        Difference("minimum_hours.self_study.hours.annual", "changed", "30", "36"),
        Difference("bands[basic].at_least", "changed", "60", "65"),
        Difference("bonus[P1].points", "changed", "10", "8"),
        Difference("bonus_cap", "changed", "20", "18"),
        Difference("overall.weights.annual", "changed", "1", "2"),
    ]


def test_a_setting_that_one_standard_lacks_is_added_or_removed() -> None:
    without = changed(("bonus_cap: 20 # decision 7\n", ""))
    benxi = read_standard("benxi-2010").standard

    assert compare(without, benxi) == (Difference("bonus_cap", "added", None, "20"),)
    assert compare(benxi, without) == (Difference("bonus_cap", "removed", "20", None),)


def test_a_removed_criterion_is_one_line_and_those_after_it_are_not_touched() -> None:
    assert differences((B5, "")) == [Difference("items[B].criteria[B5]", "removed", "参训率 / Participation (5)", None)]


def test_an_added_criterion_is_one_line() -> None:
    another = B5.replace("id: B5", "id: B7")

    assert differences((B5, another + B5)) == [
        Difference("items[B].criteria[B7]", "added", None, "参训率 / Participation (5)")
    ]


def test_a_criterion_in_another_item_has_moved_and_is_compared_all_the_same() -> None:
    moved = D4 + B5.replace("points: 5", "points: 6")

    assert differences((B5, ""), (D4, moved)) == [
        Difference("items[D].criteria[B5]", "moved", "B", "D"),
        Difference("items[D].criteria[B5].points", "changed", "5", "6"),
    ]


def test_criteria_in_another_order_are_one_line() -> None:
    assert differences((B5 + B6, B6 + B5)) == [
        Difference("items[B].criteria", "moved", "B1, B2, B3, B4, B5, B6", "B1, B2, B3, B4, B6, B5")
    ]


def test_an_item_under_another_id_moves_its_criteria() -> None:
    found = differences(("  - id: D\n", "  - id: E\n"))

    assert found == [
        Difference("items[D]", "removed", "基础工作建设情况 / Groundwork (20)", None),
        Difference("items[E]", "added", None, "基础工作建设情况 / Groundwork (20)"),
        *(Difference(f"items[E].criteria[D{n}]", "moved", "D", "E") for n in (1, 2, 3, 4)),
    ]


def test_a_rule_of_another_shape_is_told_whole() -> None:
    old = "{shape: proportional, metric: participation_rate, when_absent: not_applicable}"
    new = "{shape: all_or_nothing, metric: participation_rate, at_least: 95%}"

    assert differences((old, new)) == [
        Difference(
            "items[B].criteria[B5].rule", "changed",
            "shape: proportional; metric: participation_rate",
            "shape: all_or_nothing; metric: participation_rate; at_least: 95%",
        )
    ]  # fmt: skip


def test_a_rule_that_is_read_differently_is_told_by_its_setting() -> None:
    assert differences(("scale: 5, aggregate: mean", "scale: 5, aggregate: min")) == [
        Difference("items[C].criteria[C2].rule.aggregate", "changed", "mean", "min")
    ]


def test_a_wording_by_group_is_told_by_group() -> None:
    found = differences(("bureau: 单位领导班子每半年", "bureau: 单位领导班子每季度"), name="qinghe-2024")

    assert found == [
        Difference(
            "items[Z].criteria[Z1].wording.bureau", "changed",
            "单位领导班子每半年至少研究一次培训工作，明确责任科室。",
            "单位领导班子每季度至少研究一次培训工作，明确责任科室。",
        )
    ]  # fmt: skip


def test_checks_are_told_by_title_and_decisions_by_number() -> None:
    found = differences(
        ("          - title: {zh: 通知和规则, en: notice and rules}\n", ""),
        ("      zh: 按位置编号\n", "      zh: 按原件编号\n"),
    )

    assert found == [
        Difference("items[B].criteria[B6].checklist[通知和规则]", "removed", "通知和规则 / notice and rules", None),
        Difference("decisions[2].decided.zh", "changed", "按位置编号", "按原件编号"),
    ]


def test_an_id_given_twice_is_not_lost() -> None:
    twice = changed(("- id: B4\n", "- id: B1\n"))

    assert compare(read_standard("benxi-2010").standard, twice) == (
        Difference("items[B].criteria[B4]", "removed", "网络在线学习 / Online study (5)", None),
        Difference("items[B].criteria[B1#2]", "added", None, "网络在线学习 / Online study (5)"),
    )


def test_backwards_every_addition_is_a_removal() -> None:
    one, other = read_standard("benxi-2010").standard, read_standard("qinghe-2024").standard
    mirrored = {"added": "removed", "removed": "added", "changed": "changed", "moved": "moved"}

    forth = {(d.path, d.kind, d.old, d.new) for d in compare(one, other)}
    back = {(d.path, mirrored[d.kind], d.new, d.old) for d in compare(other, one)}

    assert forth == back
