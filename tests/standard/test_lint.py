"""The linter: one mutation of a clean standard per check, found by code at its line and said in both languages."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.documents.lint_wording import LINT
from kaohe.fault import BadInput, Fault
from kaohe.standard import files
from kaohe.standard.files import StandardFile, library, parse_standard, read_standard
from kaohe.standard.lint import LintCode, lint
from kaohe.standard.rules import Step

METRICS = frozenset({
    "participation_rate", "self_study_rate", "online_rate", "quota_fill_rate", "class_points", "city_contest_kinds",
    "city_finals", "province_entries", "province_placings", "textbook_rate", "handbook_rate", "appraisal_rate",
    "bulletin_count",
})  # fmt: skip
LITERAL = Path(__file__).parent.parent / "data" / "benxi-2010-literal.yaml"


@dataclass(frozen=True)
class Mutation:
    """The first `old` after `anchor` becomes `new`; the finding stands at the first `at` after the anchor."""

    code: str
    anchor: str
    old: str
    new: str
    at: str | None = None
    found: str | None = None
    standard: str = "benxi-2010"


@cache
def text_of(standard: str) -> str:
    return read_standard(standard).content.decode()


@cache
def applied(mutation: Mutation) -> tuple[StandardFile, int]:
    """Return the mutated standard, and the line at which the finding should stand."""
    text = text_of(mutation.standard)
    begin = text.index(mutation.anchor)
    start = text.index(mutation.old, begin)
    mutated = text[:start] + mutation.new + text[start + len(mutation.old) :]
    at = mutation.new if mutation.at is None else mutation.at
    return parse_standard(mutated.encode(), "x.yaml"), mutated.count("\n", 0, mutated.index(at, begin)) + 1


@cache
def read_benxi() -> StandardFile:
    return read_standard("benxi-2010")


def of_qinghe(code: str, anchor: str, old: str, new: str, at: str | None = None, found: str | None = None) -> Mutation:
    return Mutation(code, anchor, old, new, at, found, "qinghe-2024")


def of_step(code: str, old: str, new: str, at: str | None = None, *, found: str) -> Mutation:
    """A change of the textbook steps, which are 80% 10, 70% 8, 60% 5, 30% 2, 0% 0, out of 10."""
    return Mutation(code, "          scale: 10", f"{{{old}}}", f"{{{new}}}", at, found)


def of_band(code: str, identifier: str, old: str, new: str, *, found: str) -> Mutation:
    """A change of a band's lower bound: full 90.00, basic 60.00, failed 0; at most 120 with the bonus."""
    return Mutation(code, f"  - id: {identifier}", f"at_least: {old}", new, new.rsplit("\n", maxsplit=1)[-1], found)


SCHOOL = "          school: 学校校务会议每学期至少研究一次培训工作，明确负责人。\n"
COLLEGE = SCHOOL.replace("school", "college")
BELOW_ZERO = "at_least: 0%, points: 1}\n            - {at_least: -5%, points: 0"
TOWN_AGAIN = "- id: town\n    title: {zh: 乡, en: Towns}\n    units: {zh: 乡, en: towns}\n  - id: bureau"

MUTATIONS = [
    # sums
    Mutation("criteria_do_not_add_up", "  - id: A\n", "points: 5", "points: 6", "points: 15", "15"),
    Mutation("criteria_do_not_add_up", "  - id: B\n", "points: 15", "points: 14.5", "points: 45", "45"),
    Mutation("items_do_not_add_up", "points: 100", "points: 100", "points: 101", None, "101"),
    Mutation("checklist_exceeds_points", "- id: B2", "content}, points: 2", "content}, points: 3", "checklist:", "11"),
    Mutation("checklist_does_not_add_up", "- id: B2", "content}, points: 2", "content}, points: 1", "checklist:", "9"),
    # ids: within the lists, across items, between criteria and bonuses
    Mutation("id_twice", "- id: A2", "- id: A2", "- id: A1", None, "A1"),
    Mutation("id_twice", "- id: B4", "- id: B4", "- id: A3", None, "A3"),
    Mutation("id_twice", "  - id: D\n", "- id: D\n", "- id: C\n", None, "C"),
    Mutation("id_twice", "- id: P2", "- id: P2", "- id: P1", None, "P1"),
    Mutation("id_twice", "- id: P2", "- id: P2", "- id: D4", None, "D4"),
    Mutation("id_twice", "- id: basic", "- id: basic", "- id: full", None, "full"),
    of_qinghe("id_twice", "- id: bureau", "- id: bureau", TOWN_AGAIN, None, "town"),
    # names
    Mutation("metric_unknown", "- id: B3", "metric: self_study_rate", "metric: self_study", None, "self_study"),
    Mutation("metric_unknown", "- id: P1", "metric: province_entries", "metric: entries", None, "entries"),
    Mutation("bonus_not_counted", "- id: P1", "metric: province_entries", "metric: online_rate", None, "online_rate"),
    Mutation("metric_unknown", "- id: D4", "shows: bulletin_count", "shows: bulletins", None, "bulletins"),
    Mutation("metric_unsuited", "- id: C2", "metric: class_points", "metric: online_rate", None, "online_rate"),
    Mutation("metric_unsuited", "- id: B5", "metric: participation_rate", "metric: class_points", None, "class_points"),
    of_qinghe("metric_unsuited", "- id: T1", "metric: bulletin_count", "metric: appraisal_rate", None, "appraisal_rate"),
    of_qinghe("least_unknown", "- id: X2", "metric: class_points", "metric: textbook_rate", None, "textbook_rate"),
    of_qinghe("wording_group_missing", "- id: Z1", SCHOOL, "", "wording:"),
    of_qinghe("wording_group_unknown", "- id: Z1", SCHOOL, COLLEGE + SCHOOL, "college", "college"),
    Mutation("hours_missing", "  self_study:", "{annual: 30, half_year: 15}", "{annual: 30}"),
    Mutation("hours_missing", "  online:", "{annual: 40, half_year: 20}", "{half_year: 20}"),
    Mutation("hours_impossible", "  self_study:", "annual: 30", "annual: -30", None, "-30"),
    Mutation("hours_impossible", "  self_study:", "annual: 30", "annual: 30.05", None, "30.05"),
    Mutation("hours_impossible", "  online:", "annual: 40", "annual: 8785", None, "8785"),
    Mutation("round_unknown", "  online:", "half_year: 20}", "half_year: 20, quarter: 10}", None, "quarter"),
    Mutation("round_unknown", "overall:", "{half_year: 1", "{half_yaer: 1", None, "half_yaer"),
    # clauses
    Mutation("clause_missing", "- id: A1", "        clause: 一（一），附件一之1\n", "", "- id: A1"),
    Mutation("clause_missing", "- id: A1", "clause: 一（一），附件一之1", 'clause: " "'),
    Mutation("clause_missing", "- id: basic", "    clause: 考评说明一之2\n", "", "- id: basic"),
    Mutation("clause_missing", "- id: P2", "    clause: 考评说明四\n", "", "- id: P2"),
    Mutation("clause_missing", "  self_study:", "    clause: 附件二之3\n", "", "self_study:"),
    Mutation("clause_missing", "  online:", "    clause: 附件二之4\n", "", "online:"),
    # dates
    Mutation("date_impossible", "  half_year:", 'end: "06-30"', 'end: "06-31"', None, "06-31"),
    Mutation("date_impossible", "  half_year:", 'start: "01-01"', 'start: "02-30"', None, "02-30"),
    Mutation("date_impossible", "  annual:", 'due: "11-30"', 'due: "02-29"', None, "02-29"),
    Mutation("round_reversed", "  half_year:", 'start: "01-01"', 'start: "07-01"', None, "07-01"),
    # signs, and the step in which points are given
    Mutation("points_not_positive", "- id: P1", "points: 10", "points: 0", None, "0"),
    Mutation("points_not_positive", "bonus_cap", "bonus_cap: 20", "bonus_cap: 0", None, "0"),
    Mutation("points_not_positive", "- id: C2", "scale: 5", "scale: -5", None, "-5"),
    Mutation("points_not_positive", "- id: D1", "scale: 10", "scale: 0", None, "0"),
    Mutation("points_not_positive", "- id: A1", "in charge}", "in charge}\n            points: 0", "points: 0", "0"),
    of_qinghe("points_not_positive", "- id: T1", "each: 2.5", "each: 0", None, "0"),
    of_qinghe("threshold_not_positive", "- id: X3", "at_least: 90%", "at_least: 0%", None, "0%"),
    Mutation("step_not_positive", "step:", "step: 0.01", "step: 0", None, "0"),
    Mutation("step_too_fine", "step:", "step: 0.01", "step: 0.005", None, "0.005"),
    # what no figure reaches
    Mutation("whole_unreachable", "- id: B5", "metric: participation_rate", "metric: participation_rate, of: 2", None, "200%"),
    Mutation("whole_unreachable", "- id: C3", "of: 2", "of: 3", None, "3"),
    Mutation("whole_unreachable", "- id: C2", "scale: 5", "scale: 10", None, "10"),
    Mutation("whole_unreachable", "- id: C2", "scale: 5", "scale: 4", None, "4"),
    of_qinghe("whole_unreachable", "- id: X3", "at_least: 90%", "at_least: 101%", None, "101%"),
    of_qinghe("whole_unreachable", "- id: T1", "metric: bulletin_count", "metric: city_contest_kinds", None, "8"),
    # bonus
    Mutation("bonus_without_cap", "bonus_cap", "bonus_cap: 20", "", "bonus:"),
    of_qinghe("bonus_exceeds_cap", "- id: J1", "points: 2", "points: 7", None, "7"),
    # steps of a scale: bounds
    of_step("step_unreachable", "at_least: 70%, points: 8", "at_least: 80%, points: 8", found="80%"),
    of_step("step_unreachable", "at_least: 30%, points: 2", "at_least: 0%, points: 2", "points: 0", found="0%"),
    of_step("step_unreachable", "at_least: 0%, points: 0", BELOW_ZERO, "-5%", found="-5%"),
    of_step("step_reversed", "at_least: 70%, points: 8", "at_least: 70%, at_most: 65%, points: 8", found="65%"),
    of_step("steps_overlap", "at_least: 60%, points: 5", "at_least: 60%, at_most: 70.5%, points: 5", found="70.5%"),
    of_step("steps_gap", "at_least: 70%, points: 8", "at_least: 70%, at_most: 79%, points: 8", found="79%"),
    of_step("steps_gap", "at_least: 70%, points: 8", "at_least: 70%, at_most: 79.99%, points: 8", found="79.99%"),
    of_step("step_top_closed", "at_least: 80%, points: 10", "at_least: 80%, at_most: 99%, points: 10", found="99%"),
    of_step("steps_do_not_reach_zero", "at_least: 0%, points: 0", "at_least: 1%, points: 0", found="1%"),
    # steps of a scale: points
    of_step("points_negative", "at_least: 0%, points: 0", "at_least: 0%, points: -1", found="-1"),
    of_step("step_exceeds_scale", "at_least: 80%, points: 10", "at_least: 80%, points: 11", found="11"),
    of_step("steps_not_falling", "at_least: 60%, points: 5", "at_least: 60%, points: 8", found="8"),
    of_step("full_points_unreachable", "at_least: 80%, points: 10", "at_least: 80%, points: 9", found="9"),
    # bands of the total
    of_band("band_gap", "basic", "60.00", "at_least: 60\n    at_most: 89", found="89"),
    of_band("band_gap", "basic", "60.00", "at_least: 60\n    at_most: 89.98", found="89.98"),
    of_band("band_gap", "failed", "0", "at_least: 0\n    at_most: 59", found="59"),
    of_band("band_overlap", "basic", "60.00", "at_least: 60\n    at_most: 90.01", found="90.01"),
    of_band("band_reversed", "basic", "60.00", "at_least: 60\n    at_most: 50", found="50"),
    of_band("band_top_closed", "full", "90.00", "at_least: 90\n    at_most: 100", found="100"),
    of_band("band_not_from_zero", "failed", "0", "at_least: 0.01", found="0.01"),
    of_band("band_twice", "basic", "60.00", "at_least: 90", found="90"),
    of_band("band_above_maximum", "full", "90.00", "at_least: 120.01", found="120.01"),
    of_qinghe("band_above_maximum", "- id: excellent", "at_least: 95", "at_least: 101", None, "101"),
]  # fmt: skip

CLEAN = [
    of_step("", "at_least: 70%, points: 8", "at_least: 70%, at_most: 80%, points: 8", found=""),
    of_step("", "at_least: 80%, points: 10", "at_least: 80%, at_most: 100%, points: 10", found=""),
    of_band("", "basic", "60.00", "at_least: 60\n    at_most: 90", found=""),
    of_band("", "basic", "60.00", "at_least: 60\n    at_most: 89.99", found=""),
    of_band("", "full", "90.00", "at_least: 90\n    at_most: 120", found=""),
    of_band("", "full", "90.00", "at_least: 120", found=""),
    Mutation("", "- id: B2", "{title: {zh: 授课内容, en: content}, points: 2}", "title: {zh: 授课内容, en: content}"),
    Mutation("", "step:", "step: 0.01", "step: 2.5"),
    Mutation("", "  half_year:", 'start: "01-01"', 'start: "06-30"'),
    of_qinghe("", "- id: J1", "points: 2", "points: 6"),
    of_step("", "at_least: 80%, points: 10", "at_least: 110%, points: 10", found=""),
    Mutation("", "- id: C4", "at_least: 1}", "at_least: 2}"),
    Mutation("", "  self_study:", "annual: 30", "annual: 0"),
    Mutation("", "  online:", "annual: 40", "annual: 40.10"),
]


def told(fault: Fault) -> list[str]:
    return [template.format(found=fault.found, **fault.values) for template in LINT[fault.code]]


@pytest.mark.parametrize("name", ["benxi-2010", "qinghe-2024"])
def test_the_standards_of_the_library_are_clean(name: str) -> None:
    assert name in library()
    assert lint(read_standard(name), METRICS).listed == ()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.code}-{m.anchor.strip(' -:').replace('id: ', '')}")
def test_each_contradiction_is_found_at_its_line_and_nothing_else(mutation: Mutation) -> None:
    file, line = applied(mutation)

    found = [(fault.code, fault.place.line, fault.found) for fault in lint(file, METRICS).listed]

    assert found == [(mutation.code, line, mutation.found)]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.code}-{m.anchor.strip(' -:').replace('id: ', '')}")
def test_each_contradiction_can_be_said_in_both_languages(mutation: Mutation) -> None:
    (fault,) = lint(applied(mutation)[0], METRICS).listed

    for sentence in told(fault):
        assert "None" not in sentence
        assert "{" not in sentence


@pytest.mark.parametrize("mutation", CLEAN, ids=lambda m: m.new.strip())
def test_what_only_looks_like_a_contradiction_is_let_pass(mutation: Mutation) -> None:
    assert lint(applied(mutation)[0], METRICS).listed == ()


def test_points_that_the_step_cannot_make_are_found_on_every_criterion() -> None:
    # 20 / 4 = 5, but 30 / 4 = 7.5 (X1) and 10 / 4 = 2.5 (X3)
    file, _ = applied(of_qinghe("", "step:", "step: 0.5", "step: 4"))

    found = [(fault.code, fault.place.path, fault.found, fault.values) for fault in lint(file, METRICS).listed]

    assert found == [
        ("step_does_not_divide", "items[1].criteria[0].points", "30", {"step": "4"}),
        ("step_does_not_divide", "items[1].criteria[2].points", "10", {"step": "4"}),
    ]


def test_without_a_scale_steps_may_not_exceed_the_criterion() -> None:
    # out of 5: the steps that give 10 and 8 exceed it, the one that gives 5 does not
    file, _ = applied(Mutation("", "- id: D1", "          scale: 10\n", ""))

    found = [(fault.code, fault.found, fault.values) for fault in lint(file, METRICS).listed]

    assert found == [("scale_exceeds_points", "10", {"full": "5"}), ("scale_exceeds_points", "8", {"full": "5"})]


@pytest.mark.parametrize(
    ("per", "highest"),
    [
        ("unit", "120"),  # each once: 10 + 10 is less than the cap of 30
        ("entry", "130"),  # as often as earned: up to the cap
    ],
)
def test_the_highest_total_is_what_the_bonuses_can_give_under_their_cap(per: str, highest: str) -> None:
    text = text_of("benxi-2010").replace("bonus_cap: 20", "bonus_cap: 30").replace("at_least: 90.00", "at_least: 131")
    file = parse_standard(text.replace("per: unit", f"per: {per}").encode(), "x.yaml")

    (fault,) = lint(file, METRICS).listed

    assert (fault.code, fault.values) == ("band_above_maximum", {"maximum": highest})


def test_a_finding_says_what_would_mend_it() -> None:
    file, _ = applied(MUTATIONS[0])
    (fault,) = lint(file, METRICS).listed

    assert told(fault) == [
        "项目A分值为15分，所属各项考核内容合计16分",
        "item A is worth 15 points, its criteria add up to 16",
        "请把项目A的分值改为16分，或调整各项考核内容的分值，使合计为15分",
        "make the item 16 points, or change its criteria until they add up to 15",
    ]


def test_a_gap_names_both_sides() -> None:
    file, _ = applied(of_band("band_gap", "basic", "60.00", "at_least: 60\n    at_most: 89", found="89"))
    (fault,) = lint(file, METRICS).listed

    assert told(fault)[0] == "本档次到89分为止，上一档次从90分起，两者之间的总分没有归属"


def test_a_second_id_names_the_line_of_the_first() -> None:
    file, _ = applied(Mutation("id_twice", "- id: A2", "- id: A2", "- id: A1"))
    (fault,) = lint(file, METRICS).listed

    assert file.content.decode().splitlines()[int(fault.values["first_line"]) - 1].strip() == "- id: A1"


# The document as it was printed


def test_the_document_itself_contradicts_itself_at_these_lines() -> None:
    file = read_standard(str(LITERAL))
    lines = file.content.decode().splitlines()

    found = [(fault.code, lines[(fault.place.line or 0) - 1].strip()) for fault in lint(file, METRICS).listed]

    assert found == [
        ("hours_missing", "hours: {annual: 30}"),  # number 12: a year or a half year?
        ("hours_missing", "hours: {}"),  # B4: the document gives no figure, for either round
        ("hours_missing", "hours: {}"),
        ("band_gap", "at_most: 89"),  # number 4: 89 | 90
        ("band_gap", "at_most: 59"),  # number 4: 59 | 60
        ("bonus_without_cap", "bonus:"),  # number 7
        ("id_twice", "- id: B1 # printed 1, for 4"),  # number 2
        ("steps_gap", "at_most: 79%"),  # number 5: 79 | 80
        ("scale_exceeds_points", "points: 8"),  # number 3: 8 of 5 points
        ("steps_not_falling", "points: 8"),  # number 3: 8 points at 70%, but 5 at 80%
        ("steps_gap", "at_most: 69%"),  # number 5: 69 | 70
        ("steps_gap", "at_most: 30%"),  # number 5: the 30% step without its upper end
        ("steps_gap", "at_most: 29%"),  # number 5: 29 | 30
        ("id_twice", "- id: D1 # printed 1, for 4"),  # number 2
    ]


def test_the_printed_numbers_name_the_first_of_their_kind() -> None:
    file = read_standard(str(LITERAL))
    lines = file.content.decode().splitlines()

    twice = [fault for fault in lint(file, METRICS).listed if fault.code == "id_twice"]

    assert [lines[int(fault.values["first_line"]) - 1].strip() for fault in twice] == [
        "- id: B1",
        "- id: D1 # printed I",
    ]


# The catalogue of sentences


def test_every_code_of_the_linter_has_a_mutation() -> None:
    tried = {mutation.code for mutation in MUTATIONS} | {"step_does_not_divide", "scale_exceeds_points"}

    assert tried == set(get_args(LintCode))


def test_every_code_of_linter_and_reader_has_a_sentence_and_no_sentence_is_left_over() -> None:
    source = Path(files.__file__).read_text(encoding="utf-8")
    of_reader = set(re.findall(r'"((?:standard|setting)_[a-z0-9_]+)"', source))

    assert of_reader >= {"standard_unknown", "setting_wrong"}
    assert set(LINT) == of_reader | set(get_args(LintCode))


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("standard_not_utf8", "标准".encode("gb18030")),
        ("standard_not_yaml", b"id: [}"),
        ("standard_not_mapping", b"- a"),
        ("setting_missing", b"id: a"),
        ("setting_unknown", b"colour: red"),
        ("setting_wrong", b"points: many"),
    ],
)
def test_what_the_reader_refuses_can_be_said_in_both_languages(code: str, content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        parse_standard(content, "x.yaml")
    sentences = [sentence for fault in caught.value.faults.listed if fault.code == code for sentence in told(fault)]

    assert sentences
    assert not [sentence for sentence in sentences if "None" in sentence or "{" in sentence]


def test_an_unknown_standard_can_be_said_in_both_languages() -> None:
    with pytest.raises(BadInput) as caught:
        read_standard("benxi-2011")
    (fault,) = caught.value.faults.listed

    assert told(fault)[0] == "没有名为“benxi-2011”的标准，也没有这个文件"
    assert "qinghe-2024" in told(fault)[3]


# Steps against a naive reading

BOUNDS = frozenset({"steps_gap", "steps_overlap", "step_top_closed", "steps_do_not_reach_zero"})
unhurried = settings(deadline=None)  # a busy machine is no counterexample
closed_steps = st.dictionaries(st.integers(0, 100), st.none() | st.integers(0, 40), min_size=1, max_size=5)


def with_textbook_steps(steps: dict[int, int | None]) -> StandardFile:
    rows = [
        Step(at_least=f"{low}%", at_most=None if width is None else f"{low + width}%", points=Decimal(low))
        for low, width in steps.items()
    ]
    standard = read_benxi().standard
    item = standard.items[3]
    rule = item.criteria[0].rule.model_copy(update={"steps": tuple(rows)})
    criteria = (item.criteria[0].model_copy(update={"rule": rule}), *item.criteria[1:])
    items = (*standard.items[:3], item.model_copy(update={"criteria": criteria}))
    return StandardFile(standard.model_copy(update={"items": items}), "x.yaml", b"", {})


@unhurried
@given(steps=closed_steps)
def test_steps_without_gap_or_overlap_give_each_rate_exactly_one_step(steps: dict[int, int | None]) -> None:
    bounds = sorted(steps)
    following = dict(zip(bounds, [*bounds[1:], 101], strict=True))

    def holds(low: int, half_percents: int) -> bool:
        width, figure = steps[low], half_percents / 2
        below_next = figure < following[low]
        return low <= figure and (
            below_next if width is None or low + width == following[low] else figure <= low + width
        )

    homes = {sum(holds(low, half) for low in steps) for half in range(201)}
    found = {fault.code for fault in lint(with_textbook_steps(steps), METRICS).listed} & BOUNDS

    assert (homes == {1}) == (found == set())
