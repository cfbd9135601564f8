"""Scores of one unit: layers of judgements, the ledger's rules, totals, bonus and bands.

Expected figures are worked out by hand from `standard-2010.md`, never pasted from the program.
"""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.assessment.scoring import Judgement, Stage, UnitResult, score
from kaohe.standard.figures import Measure
from kaohe.standard.files import parse_standard, read_standard
from kaohe.standard.model import Standard
from kaohe.standard.rules import Outcome
from tests.builders import judgements, unit

STANDARD = read_standard("benxi-2010").standard
TEXT = read_standard("benxi-2010").content.decode()


def changed(*pairs: tuple[str, str]) -> Standard:
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return parse_standard(text.encode(), "changed.yaml").standard


def scored(
    *more: Judgement, standard: Standard = STANDARD, points: dict[str, str] | None = None, **figures: Measure
) -> UnitResult:
    """A department with full points for every judged criterion, and what a test changes."""
    given = judgements(standard, "D01", points) if points is not None or not more else judgements(standard, "D01")
    kept = [j for j in given if (j.criterion, j.stage) not in {(m.criterion, m.stage) for m in more}]
    return score(standard, unit(**figures), [*kept, *more])


def judged(criterion: str, stage: Stage, points: str) -> Judgement:
    return Judgement("D01", criterion, stage, Decimal(points), "于晓岚", "理由")


# --- the layers of judgements


def test_review_stands_over_inspection_and_inspection_over_self() -> None:
    layers = [judged("A1", "self", "5"), judged("A1", "inspection", "4"), judged("A1", "review", "3")]

    for count, source, points in ((1, "self", "5.00"), (2, "inspection", "4.00"), (3, "review", "3.00")):
        result = score(STANDARD, unit(), layers[:count]).criterion("A1")
        assert (result.source, result.score) == (source, Decimal(points))
        assert result.self_score == Decimal(5)
        assert result.deciding == layers[count - 1]
        assert not result.overridden  # there is no ledger's score to stand in place of


def test_a_judgement_is_printed_with_both_decimals_however_it_was_written() -> None:
    assert [str(scored(judged("A1", "review", given)).criterion("A1").score) for given in ("4", "4.5")] == [
        "4.00",
        "4.50",
    ]


def test_a_judgement_needs_neither_reason_nor_evidence() -> None:
    bare = Judgement("D01", "A1", "self", Decimal(5), "本单位")

    assert (bare.reason, bare.evidence) == (None, None)


def test_a_judged_criterion_that_nobody_judged_is_unscored_and_the_unit_has_no_total() -> None:
    result = score(STANDARD, unit(), [j for j in judgements(STANDARD, "D01") if j.criterion != "B6"])

    assert result.unscored == ("B6",)
    assert (result.base, result.bonus, result.total, result.band) == (None, None, None, None)
    assert result.criterion("B6").score is None
    assert result.criterion("B6").self_score is None
    assert result.criterion("B6").measured is None
    assert result.criterion("B6").deciding is None


@pytest.mark.parametrize("stage", ["inspection", "review"])
def test_an_override_takes_the_place_of_the_ledger_s_score_which_stays_visible(stage: Stage) -> None:
    result = scored(judged("B3", stage, "2.5")).criterion("B3")

    assert (result.source, result.score) == (stage, Decimal("2.50"))
    assert result.measured == Decimal("4.50")  # 36 of 40 people, 5 points
    assert (result.measure, result.outcome) == ((36, 40), Outcome(Decimal("4.50"), "share"))
    assert result.overridden


def test_the_ledger_s_score_shows_its_figure_and_its_reason() -> None:
    result = scored().criterion("B4")

    # 33 of 40 people, 5 points: 4.125, half up
    assert (result.source, result.score) == ("ledger", Decimal("4.13"))
    assert (result.measure, result.outcome) == ((33, 40), Outcome(Decimal("4.13"), "share"))
    assert result.self_score is None


def test_a_figure_of_nothing_is_still_a_figure_and_is_measured_as_zero() -> None:
    result = scored(online_rate=(0, 40))

    assert (result.criterion("B4").source, result.criterion("B4").measured) == ("ledger", Decimal("0.00"))
    assert result.not_applicable == ()


def test_points_apply_whoever_gave_them_and_also_where_nobody_did() -> None:
    own_and_reviewed = [judged("A1", "self", "5"), judged("A2", "review", "5")]
    result = score(STANDARD, unit(), own_and_reviewed)

    assert (result.criterion("A1").source, result.criterion("A2").source) == ("self", "review")
    assert "B6" in result.unscored
    assert result.not_applicable == ()
    assert result.points_counted == 100


def test_a_self_judgement_on_a_measured_criterion_is_only_shown() -> None:
    result = scored(judged("B3", "self", "5")).criterion("B3")

    assert (result.source, result.score, result.self_score) == ("ledger", Decimal("4.50"), Decimal(5))
    assert not result.overridden
    assert result.deciding is None


@pytest.mark.parametrize(
    ("criterion", "figures"),
    [("C1", {"quota_fill_rate": (0, 0)}), ("D1", {"textbook_rate": None}), ("D1", {"textbook_rate": (0, 0)})],
)
def test_an_override_counts_even_where_the_metric_is_absent_or_missing(
    criterion: str, figures: dict[str, Measure]
) -> None:
    result = scored(judged(criterion, "inspection", "3"), **figures)

    assert (result.criterion(criterion).source, result.criterion(criterion).score) == ("inspection", Decimal("3.00"))
    assert result.criterion(criterion).measured is None
    assert (result.not_applicable, result.unscored) == ((), ())
    assert result.points_counted == 100


# --- absent and missing


def test_points_not_applicable_leave_both_sides_of_the_sum() -> None:
    result = scored(quota_fill_rate=(0, 0), class_points=(0, 0))

    # all of 100 but C1 and C2: judged 50 in full; B3 4.50, B4 4.13 (33/40 x 5 = 4.125), B5 5, C3 5, C4 5,
    # D1 5 (34/40 = 85%), D2 5, D3 4.75 (38/40): 88.38 of 90, which is 98.20 of 100
    assert result.not_applicable == ("C1", "C2")
    assert result.sum_of_scores == Decimal("88.38")
    assert result.points_counted == 90
    assert (result.base, result.total) == (Decimal("98.20"), Decimal("98.20"))


def test_textbooks_never_reported_leave_the_unit_unscored_but_verified() -> None:
    result = scored(textbook_rate=None)

    assert result.unscored == ("D1",)
    assert result.total is None
    assert result.verified


def test_what_was_never_given_is_unscored_where_the_standard_decides_nothing() -> None:
    standard = changed(("          when_missing: unscored # or zero\n", ""))

    assert scored(standard=standard, textbook_rate=None).unscored == ("D1",)


def test_textbooks_never_reported_may_be_decided_to_count_zero() -> None:
    standard = changed(("when_missing: unscored # or zero", "when_missing: zero"))
    result = scored(standard=standard, textbook_rate=None).criterion("D1")

    assert (result.source, result.score, result.measured) == ("ledger", Decimal("0.00"), None)


def test_a_figure_that_is_absent_may_be_decided_to_count_zero() -> None:
    standard = changed(
        ("metric: quota_fill_rate, when_absent: not_applicable", "metric: quota_fill_rate, when_absent: zero")
    )
    result = scored(standard=standard, quota_fill_rate=(0, 0))

    assert (result.criterion("C1").source, result.criterion("C1").score) == ("ledger", Decimal("0.00"))
    assert result.criterion("C1").measured is None
    assert result.points_counted == 100


def test_missing_may_be_decided_to_be_not_applicable() -> None:
    standard = changed(("when_missing: unscored # or zero", "when_missing: not_applicable"))

    assert scored(standard=standard, textbook_rate=None).not_applicable == ("D1",)


def test_where_nothing_applies_there_is_no_total_and_nothing_is_unscored() -> None:
    text = """
id: empty
version: "1"
title: {zh: 空, en: empty}
source: {number: 无, title: 无, short_title: 无, date: 2010-01-01, issuer: 无, issuer_short: 无, number_prefix: 无,
  addressees: 无, work: 无, scope: 无}
groups: [{id: department, title: {zh: 部门, en: d}, units: {zh: 部门, en: d}}]
rounds: {annual: {title: {zh: 全年, en: annual}, start: "01-01", end: "12-31", due: "11-30"}}
minimum_hours: {self_study: {hours: {annual: 30}}, online: {hours: {annual: 40}}}
bands: [{id: all, title: {zh: 全, en: all}, at_least: 0}]
items:
  - {id: A, title: {zh: 甲, en: a}, points: 100, criteria: [{id: A1, title: {zh: 甲, en: a}, wording: 甲, points: 100,
      rule: {shape: proportional, metric: quota_fill_rate}}]}
"""
    result = score(parse_standard(text.encode(), "empty.yaml").standard, unit(quota_fill_rate=(0, 0)), [])

    assert (result.not_applicable, result.unscored) == (("A1",), ())
    assert (result.base, result.bonus, result.total, result.band) == (None, None, None, None)


# --- verified


def test_a_unit_is_verified_when_no_judged_criterion_rests_on_its_self_score() -> None:
    assert scored().verified
    own = [
        Judgement(j.unit, j.criterion, "self", j.points, "本单位")
        for j in judgements(STANDARD, "D01")
        if j.criterion == "D4"
    ]
    seen = [j for j in judgements(STANDARD, "D01") if j.criterion != "D4"]
    assert not score(STANDARD, unit(), [*seen, *own]).verified
    assert not score(STANDARD, unit(), seen).verified


# --- totals, bonus, bands


def full(**figures: Measure) -> dict[str, Measure]:
    whole: dict[str, Measure] = {
        "self_study_rate": (40, 40), "online_rate": (40, 40), "class_points": (15, 3), "appraisal_rate": (40, 40),
    }  # fmt: skip
    return whole | figures


def test_everything_done_is_a_hundred() -> None:
    result = scored(**full())

    assert (result.base, result.bonus, result.total) == (Decimal("100.00"), Decimal("0.00"), Decimal("100.00"))
    assert result.band is not None
    assert result.band.id == "full"


@pytest.mark.parametrize(
    ("entries", "placings", "bonus"),
    [(0, 0, "0.00"), (1, 0, "10.00"), (3, 0, "10.00"), (1, 1, "20.00"), (3, 2, "20.00")],
)
def test_each_bonus_counts_once_a_unit_and_the_total_may_pass_a_hundred(
    entries: int, placings: int, bonus: str
) -> None:
    result = scored(**full(province_entries=(entries, 1), province_placings=(placings, 1)))

    assert result.bonus == Decimal(bonus)
    assert result.total == Decimal(100) + Decimal(bonus)


def test_a_bonus_may_be_decided_to_count_for_every_entry_up_to_the_cap() -> None:
    standard = changed(("per: unit # or entry", "per: entry"), ("bonus_cap: 20", "bonus_cap: 35"))

    assert scored(standard=standard, **full(province_entries=(2, 1), province_placings=(1, 1))).bonus == Decimal(
        "30.00"
    )
    assert scored(standard=standard, **full(province_entries=(3, 1), province_placings=(1, 1))).bonus == Decimal(
        "35.00"
    )


def test_each_bonus_shows_its_entries_and_its_points_before_the_cap() -> None:
    result = scored(**full(province_entries=(3, 1), province_placings=(0, 1)))

    assert [(b.bonus, b.entries, str(b.points)) for b in result.bonuses] == [
        (STANDARD.bonus[0], 3, "10.00"),
        (STANDARD.bonus[1], 0, "0.00"),
    ]


@pytest.mark.parametrize("per", ["unit", "entry"])
def test_a_bonus_whose_figure_was_never_given_adds_nothing(per: str) -> None:
    standard = changed(("per: unit # or entry", f"per: {per}"))
    result = scored(standard=standard, **full(province_entries=None))

    assert [(b.entries, b.points) for b in result.bonuses] == [(0, 0), (0, 0)]
    assert (result.unscored, result.total) == ((), Decimal("100.00"))


def test_a_bonus_cut_at_the_cap_is_printed_with_both_decimals() -> None:
    standard = changed(("bonus_cap: 20", "bonus_cap: 15"))
    result = scored(standard=standard, **full(province_entries=(1, 1), province_placings=(1, 1)))

    # two bonuses of 10 are 20, cut at 15
    assert [str(figure) for figure in (result.base, result.bonus, result.total)] == ["100.00", "15.00", "115.00"]


def test_a_bonus_without_a_cap_is_not_cut() -> None:
    standard = changed(("per: unit # or entry", "per: entry"), ("bonus_cap: 20 # decision 7", ""))

    assert scored(standard=standard, **full(province_entries=(7, 1))).bonus == Decimal("70.00")


@pytest.mark.parametrize(("counts", "band"), [("[band, ranking]", "full"), ("[ranking]", "basic"), ("[]", "basic")])
def test_the_bonus_lifts_a_band_only_where_it_counts_for_it(counts: str, band: str) -> None:
    standard = changed(("bonus_counts_for: [band, ranking]", f"bonus_counts_for: {counts}"))
    result = scored(standard=standard, points={"B6": "0"}, **full(province_entries=(1, 1)))

    assert (result.base, result.total) == (Decimal("85.00"), Decimal("95.00"))
    assert result.band is not None
    assert result.band.id == band


@pytest.mark.parametrize(
    ("taken", "band"),
    [("10.00", "full"), ("10.01", "basic"), ("40.00", "basic"), ("40.01", "failed")],
)
def test_a_threshold_is_decided_on_the_printed_two_decimals(taken: str, band: str) -> None:
    """得分达90分以上的为全面完成; 89.99 is the second band, 59.99 the third."""
    left = Decimal(taken)
    points = {}
    for criterion in ("B6", "B2", "A1", "A2", "A3", "B1"):
        off = min(left, STANDARD.criterion(criterion).points)
        points[criterion] = str(STANDARD.criterion(criterion).points - off)
        left -= off
    assert left == 0

    result = scored(points=points, **full())

    assert result.total == Decimal(100) - Decimal(taken)
    assert result.band is not None
    assert result.band.id == band


def test_the_base_is_rounded_half_up_once_after_scaling() -> None:
    # 85.02 of 95 points: 89.4947… -> 89.49; with C1 not applicable: 100 - 5 - 9.98 = 85.02
    result = scored(points={"B2": "0.02"}, **full(quota_fill_rate=(0, 0)))

    assert result.sum_of_scores == Decimal("85.02")
    assert result.base == Decimal("89.49")


# --- what is given back


def test_a_score_gives_no_rank() -> None:
    assert (scored().rank, scored().group_rank) == (None, None)


def test_nothing_in_a_result_can_be_changed_afterwards() -> None:
    result = scored()
    line = result.criterion("A1")

    for frozen, name in (
        (result, "total"), (result.unit, "headcount"), (line, "score"), (line.judgements["inspection"], "points"),
        (result.bonuses[0], "points"),
    ):  # fmt: skip
        with pytest.raises(FrozenInstanceError):
            setattr(frozen, name, Decimal(0))


# --- properties

points_of = st.decimals(min_value=0, max_value=5, places=2)


@given(st.dictionaries(st.sampled_from(["A1", "A2", "A3", "B1", "D4"]), points_of))
def test_the_total_is_the_sum_of_what_you_see(points: dict[str, Decimal]) -> None:
    result = scored(points={key: str(value) for key, value in points.items()})

    shown = [line.score for line in result.criteria]
    assert result.base == sum(value for value in shown if value is not None)
    assert result.total == result.base + (result.bonus or 0)


@given(st.integers(0, 60), st.integers(1, 60))
def test_more_people_never_mean_fewer_points(above: int, below: int) -> None:
    above = min(above, below)
    now = scored(online_rate=(above, below)).total
    more = scored(online_rate=(min(above + 1, below), below)).total

    assert now is not None
    assert more is not None
    assert more >= now


@given(st.permutations(judgements(STANDARD, "D01")))
def test_the_order_of_judgements_carries_no_meaning(given_in_some_order: list[Judgement]) -> None:
    assert score(STANDARD, unit(), given_in_some_order) == score(STANDARD, unit(), judgements(STANDARD, "D01"))
