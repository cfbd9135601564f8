"""Each shape of rule: the document's own boundaries, worked out by hand, and what holds for every figure."""

from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kaohe.standard.figures import half_up, written
from kaohe.standard.files import read_standard
from kaohe.standard.rules import (
    AllOrNothing,
    Bands,
    Count,
    MeasuredRule,
    Outcome,
    Points,
    Proportional,
    Step,
    metric_read,
    outcome,
)

BENXI = read_standard("benxi-2010").standard
FIVE = Decimal(5)

PARTICIPATION = Proportional(shape="proportional", metric="participation_rate")
CONTESTS = Proportional(shape="proportional", metric="city_contest_kinds", of=2)
FINALS = AllOrNothing(shape="all_or_nothing", metric="city_finals")
ATTENDANCE = Points(shape="points", metric="class_points", scale=Decimal(5))
WORST = Points(shape="points", metric="class_points", scale=Decimal(5), aggregate="min")
BULLETINS = Count(shape="count", metric="bulletin_count", each=Decimal("2.5"))
TEXTBOOKS = BENXI.criterion("D1").rule
assert isinstance(TEXTBOOKS, Bands)
EVERY_SHAPE: tuple[MeasuredRule, ...] = (PARTICIPATION, CONTESTS, FINALS, ATTENDANCE, WORST, BULLETINS, TEXTBOOKS)

unhurried = settings(deadline=None)  # a busy machine is no counterexample
rules = st.sampled_from(EVERY_SHAPE)
figures = st.fractions(min_value=0, max_value=20, max_denominator=100_000)
full_points = st.integers(1, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


def points(rule: MeasuredRule, above: int, below: int, full: Decimal = FIVE) -> str:
    return str(outcome(rule, (above, below), full).points)


def earned(rule: MeasuredRule, figure: Fraction, full: Decimal) -> Decimal:
    given_points = outcome(rule, (figure.numerator, figure.denominator), full).points
    assert given_points is not None
    return given_points


# Proportional


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (0, 37, "0.00"),
        (36, 37, "4.86"),  # 36 / 37 * 5 = 4.8648...
        (37, 37, "5.00"),
        (1, 8, "0.63"),  # 0.625, half up
        (999, 1000, "4.99"),  # 4.995 would be printed 5.00; below the whole it is never that
        (99_999, 100_000, "4.99"),
        (1001, 1000, "5.00"),  # more than the whole is the whole
    ],
)
def test_a_share_of_the_whole_is_that_share_of_the_points(above: int, below: int, expected: str) -> None:
    assert points(PARTICIPATION, above, below) == expected


def test_below_the_whole_says_why_the_full_points_were_withheld() -> None:
    assert outcome(PARTICIPATION, (999, 1000), FIVE) == Outcome(Decimal("4.99"), "share_below_full")
    assert outcome(PARTICIPATION, (36, 37), FIVE) == Outcome(Decimal("4.86"), "share")
    assert outcome(PARTICIPATION, (37, 37), FIVE) == Outcome(Decimal("5.00"), "whole")


def test_one_of_two_kinds_of_contest_earns_half() -> None:
    assert [points(CONTESTS, kinds, 1) for kinds in (0, 1, 2)] == ["0.00", "2.50", "5.00"]


# All or nothing


def test_one_entry_in_the_final_earns_everything_and_none_earns_nothing() -> None:
    assert outcome(FINALS, (0, 1), FIVE) == Outcome(Decimal("0.00"), "not_reached")
    assert outcome(FINALS, (1, 1), FIVE) == Outcome(Decimal("5.00"), "reached")
    assert outcome(FINALS, (7, 1), FIVE) == Outcome(Decimal("5.00"), "reached")


def test_a_threshold_is_reached_at_its_point() -> None:
    rule = AllOrNothing(shape="all_or_nothing", metric="appraisal_rate", at_least="90%")

    assert points(rule, 9, 10) == "5.00"
    assert points(rule, 8999, 10_000) == "0.00"


# Bands: note 二 of the annex, out of 10 and scaled to 5


@pytest.mark.parametrize(
    ("received", "planned", "expected", "step"),
    [
        (120, 100, "5.00", 0),
        (80, 100, "5.00", 0),
        (7999, 10_000, "4.00", 1),  # 79.99%: the document's gap between 79 and 80 belongs below
        (79, 100, "4.00", 1),
        (70, 100, "4.00", 1),  # 8 of 10
        (6999, 10_000, "2.50", 2),
        (60, 100, "2.50", 2),  # 5 of 10
        (5999, 10_000, "1.00", 3),
        (30, 100, "1.00", 3),  # 2 of 10
        (2999, 10_000, "0.00", 4),
        (0, 100, "0.00", 4),
    ],
)
def test_textbooks_earn_their_step(received: int, planned: int, expected: str, step: int) -> None:
    assert outcome(TEXTBOOKS, (received, planned), FIVE) == Outcome(Decimal(expected), "step", step)


def test_a_bound_is_exact_where_binary_floats_are_not() -> None:
    # 0.07 / 0.1 is 0.7000000000000001 as a float and 0.29 * 100 is 28.999999999999996
    assert points(TEXTBOOKS, 7, 10) == "4.00"
    assert points(TEXTBOOKS, 29, 100) == "0.00"


def test_below_the_lowest_step_there_is_nothing() -> None:
    rule = Bands(shape="bands", metric="textbook_rate", steps=({"at_least": "80%", "points": 5},))

    assert outcome(rule, (79, 100), FIVE) == Outcome(Decimal("0.00"), "below_steps")


@unhurried
@given(
    bounds=st.sets(st.integers(0, 100), min_size=1, max_size=6),
    rate=st.fractions(min_value=0, max_value=2, max_denominator=1000),
)
def test_bands_agree_with_a_naive_reading(bounds: set[int], rate: Fraction) -> None:
    # Out of 100, a step gives as many points as its bound in percent: the score is the highest bound reached.
    steps = tuple({"at_least": f"{bound}%", "points": bound} for bound in sorted(bounds))
    rule = Bands(shape="bands", metric="textbook_rate", scale=100, steps=steps)

    for figure in [rate, *(Fraction(bound, 100) for bound in bounds)]:
        naive = max((bound for bound in bounds if figure * 100 >= bound), default=0)
        assert earned(rule, figure, Decimal(100)) == naive


def test_without_a_scale_a_step_gives_the_points_of_the_criterion_itself() -> None:
    steps = ({"at_least": "80%", "points": 4}, {"at_least": "50%", "points": "2.5"})
    rule = Bands(shape="bands", metric="textbook_rate", steps=steps)

    assert [points(rule, percent, 100, Decimal(5)) for percent in (80, 50)] == ["4.00", "2.50"]
    assert [points(rule, percent, 100, Decimal(20)) for percent in (80, 50)] == ["4.00", "2.50"]


def test_a_step_is_open_above_unless_the_document_closes_it() -> None:
    assert Step(at_least="80%", points=10).at_most is None
    assert Step(at_least="70%", at_most="79%", points=8).at_most == Fraction(79, 100)


def test_a_scale_has_at_least_one_step() -> None:
    with pytest.raises(ValidationError, match="steps"):
        Bands(shape="bands", metric="textbook_rate", steps=())


def test_the_order_of_steps_in_the_file_does_not_matter() -> None:
    backwards = TEXTBOOKS.model_copy(update={"steps": TEXTBOOKS.steps[::-1]})

    for percent in (0, 29, 30, 59, 60, 69, 70, 79, 80, 100):
        assert outcome(backwards, (percent, 100), FIVE) == outcome(TEXTBOOKS, (percent, 100), FIVE)


# Points: note 三 of the annex


def test_attendance_is_the_mean_of_the_trainees() -> None:
    # two trainees: 5 and 4 -> 4.50; three: 5, 4, 0 -> 3.00; eleven with one on leave: 54 / 11 = 4.909...
    assert points(ATTENDANCE, 5 + 4, 2) == "4.50"
    assert points(ATTENDANCE, 5 + 4 + 0, 3) == "3.00"
    assert points(ATTENDANCE, 10 * 5 + 4, 11) == "4.91"


def test_an_attendance_mean_below_five_is_never_five() -> None:
    # 999 trainees with 5 and one with 4: 4999 / 1000 = 4.999 would be printed 5.00
    assert outcome(ATTENDANCE, (4999, 1000), FIVE) == Outcome(Decimal("4.99"), "mean_below_full")
    assert outcome(ATTENDANCE, (5000, 1000), FIVE) == Outcome(Decimal("5.00"), "mean_full")


def test_an_ordinary_attendance_mean_gives_its_share_and_withholds_nothing() -> None:
    # 5 and 4: 9 / 2 = 4.50; 14 / 3 = 4.666... is printed 4.67, which is not the full 5 either
    assert outcome(ATTENDANCE, (9, 2), FIVE) == Outcome(Decimal("4.50"), "mean")
    assert outcome(ATTENDANCE, (14, 3), FIVE) == Outcome(Decimal("4.67"), "mean")


def test_points_are_averaged_unless_the_standard_takes_the_least() -> None:
    assert ATTENDANCE.aggregate == "mean"


def test_where_the_least_is_full_the_reason_is_still_the_least() -> None:
    assert outcome(WORST, (5, 1), FIVE) == Outcome(Decimal("5.00"), "least")
    assert outcome(WORST, (0, 1), FIVE) == Outcome(Decimal("0.00"), "least")


def test_the_least_reads_another_metric() -> None:
    assert metric_read(ATTENDANCE) == "class_points"
    assert metric_read(WORST) == "class_points_least"
    assert outcome(WORST, (4, 1), FIVE) == Outcome(Decimal("4.00"), "least")


def test_points_are_scaled_to_the_criterion() -> None:
    assert points(WORST, 4, 1, Decimal(20)) == "16.00"  # 4 of 5, worth 20


# Count


def test_each_one_counted_earns_until_the_points_are_full() -> None:
    assert [points(BULLETINS, n, 1, Decimal(20)) for n in (0, 1, 7, 8, 9)] == [
        "0.00",
        "2.50",
        "17.50",
        "20.00",
        "20.00",
    ]


def test_a_count_says_whether_it_filled_the_points() -> None:
    # 2.5 each of 20: seven give 17.50, eight exactly 20, nine would give 22.50
    assert outcome(BULLETINS, (7, 1), Decimal(20)) == Outcome(Decimal("17.50"), "counted")
    assert outcome(BULLETINS, (8, 1), Decimal(20)) == Outcome(Decimal("20.00"), "counted_full")
    assert outcome(BULLETINS, (9, 1), Decimal(20)) == Outcome(Decimal("20.00"), "counted_full")


# Without a figure


@pytest.mark.parametrize("rule", EVERY_SHAPE, ids=lambda rule: f"{rule.shape}-{rule.metric}")
def test_absent_and_missing_are_told_apart_and_give_no_points(rule: MeasuredRule) -> None:
    assert outcome(rule, (0, 0), FIVE) == Outcome(None, "absent")
    assert outcome(rule, None, FIVE) == Outcome(None, "missing")


def test_a_standard_may_pay_zero_for_what_is_absent_or_missing() -> None:
    rule = PARTICIPATION.model_copy(update={"when_absent": "zero", "when_missing": "zero"})

    assert outcome(rule, (0, 0), FIVE) == Outcome(Decimal("0.00"), "absent_zero")
    assert outcome(rule, None, FIVE) == Outcome(Decimal("0.00"), "missing_zero")
    assert [str(outcome(rule, measure, FIVE).points) for measure in ((0, 0), None)] == ["0.00", "0.00"]


def test_unless_the_standard_decides_absent_is_not_applicable_and_missing_is_unscored() -> None:
    assert (PARTICIPATION.when_absent, PARTICIPATION.when_missing) == ("not_applicable", "unscored")


# As it is written in the file


@pytest.mark.parametrize("text", ["80%", " 80 % ", "0.8", "4/5", 0.8])
def test_a_share_is_written_as_a_percentage_a_decimal_or_a_fraction(text: object) -> None:
    assert Step(at_least=text, points=1).at_least == Fraction(4, 5)


@pytest.mark.parametrize("text", ["much", "x%", "%", "4/0", "", None])
def test_a_share_that_cannot_be_read_says_how_to_write_one(text: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Step(at_least=text, points=1)

    assert [error["msg"] for error in refused.value.errors()] == ["Value error, write a share such as 80%, 0.8 or 4/5"]


@pytest.mark.parametrize(
    ("figure", "metric", "expected"),
    [
        (Decimal("2.50"), "", "2.5"),
        (Decimal("100.00"), "", "100"),
        (Fraction(1, 8), "", "0.125"),  # only twos below the line
        (Fraction(1, 25), "", "0.04"),  # only fives
        (Fraction(7, 20), "", "0.35"),  # both
        (Fraction(1, 6), "", "1/6"),  # a three has no end as a decimal
        (Fraction(4, 5), "city_finals", "0.8"),
        (Fraction(1, 8), "textbook_rate", "12.5%"),
        (Fraction(2, 3), "textbook_rate", "200/3%"),
    ],
)
def test_a_figure_is_written_back_exactly_and_as_short_as_it_can_be(
    figure: Decimal | Fraction, metric: str, expected: str
) -> None:
    assert written(figure, metric) == expected


def test_a_key_that_a_rule_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="atleast"):
        AllOrNothing(shape="all_or_nothing", metric="city_finals", atleast=2)


def test_neither_a_rule_nor_its_outcome_can_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        FINALS.at_least = Fraction(0)
    with pytest.raises(FrozenInstanceError):
        outcome(FINALS, (1, 1), FIVE).points = FIVE  # type: ignore[misc]


# What holds for every figure


@unhurried
@given(rule=rules, one=figures, other=figures, full=full_points)
def test_a_higher_figure_never_earns_less(rule: MeasuredRule, one: Fraction, other: Fraction, full: Decimal) -> None:
    lower, higher = sorted((one, other))

    assert earned(rule, lower, full) <= earned(rule, higher, full)


@unhurried
@given(rule=rules, figure=figures, full=full_points)
def test_points_lie_between_nothing_and_full_with_two_places(
    rule: MeasuredRule, figure: Fraction, full: Decimal
) -> None:
    score = earned(rule, figure, full)

    assert 0 <= score <= full
    assert score.as_tuple().exponent == -2


@unhurried
@given(below=st.integers(1, 10**9), short=st.integers(1, 10**9), full=full_points)
def test_never_full_below_the_whole(below: int, short: int, full: Decimal) -> None:
    above = max(below - short, 0)

    assert earned(PARTICIPATION, Fraction(above, below), full) < full
    assert earned(CONTESTS, Fraction(2 * above, below), full) < full
    assert earned(ATTENDANCE, Fraction(5 * above, below), full) < full


@unhurried
@given(figure=st.fractions(min_value=1, max_value=20), full=full_points)
def test_always_full_at_the_whole(figure: Fraction, full: Decimal) -> None:
    assert earned(PARTICIPATION, figure, full) == full
    assert earned(CONTESTS, 2 * figure, full) == full
    assert earned(ATTENDANCE, 5 * figure, full) == full


@unhurried
@given(value=st.fractions(min_value=0, max_value=10**6), places=st.integers(0, 4))
def test_half_up_is_the_nearest_and_goes_up_at_the_half(value: Fraction, places: int) -> None:
    off = Fraction(half_up(value, places)) - value

    assert -Fraction(1, 2) < off * 10**places <= Fraction(1, 2)
