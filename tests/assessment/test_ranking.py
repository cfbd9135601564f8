"""Ranks: equal totals share a rank, nothing hidden orders them, and who has no total takes no place."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kaohe.assessment.ranking import in_order, rank
from kaohe.assessment.scoring import Judgement, UnitResult, score
from kaohe.standard.files import parse_standard, read_standard
from kaohe.standard.model import Standard
from tests.builders import judgements, unit

FILE = read_standard("benxi-2010")
STANDARD = FILE.standard
VERIFIED = parse_standard(FILE.content.replace(b"rank: all", b"rank: verified"), "v.yaml").standard
BASE = score(STANDARD, unit(), judgements(STANDARD, "D01"))


def result(code: str, total: str | None, group: str = "department", bonus: str = "0") -> UnitResult:
    figure = None if total is None else Decimal(total)
    base = None if figure is None else figure - Decimal(bonus)
    return replace(BASE, unit=unit(code, code, group), total=figure, base=base)


def ranks(standard: Standard, *results: UnitResult) -> dict[str, tuple[int | None, int | None]]:
    return {r.unit.code: (r.rank, r.group_rank) for r in rank(standard, results)}


def test_equal_totals_share_a_rank_and_the_next_one_is_left_out() -> None:
    found = ranks(STANDARD, result("A", "80"), result("B", "90"), result("C", "80"), result("D", "70"))

    assert found == {"B": (1, 1), "A": (2, 2), "C": (2, 2), "D": (4, 4)}


def test_ranks_are_given_inside_the_group_and_overall() -> None:
    found = ranks(
        STANDARD, result("A", "80", "county"), result("B", "90"), result("C", "70", "county"), result("D", "80")
    )

    assert found == {"A": (2, 1), "B": (1, 1), "C": (4, 2), "D": (2, 2)}


def test_a_unit_without_a_total_has_no_rank_and_takes_no_place() -> None:
    found = ranks(STANDARD, result("A", None), result("B", "90"), result("C", "80"))

    assert found == {"A": (None, None), "B": (1, 1), "C": (2, 2)}


def test_a_rank_of_an_earlier_ranking_does_not_outlive_the_total() -> None:
    once_ranked = replace(result("A", None), rank=1, group_rank=1)

    assert ranks(STANDARD, once_ranked, result("B", "90")) == {"A": (None, None), "B": (1, 1)}


def test_a_ranking_can_be_read_more_than_once() -> None:
    ranked = rank(STANDARD, iter([result("B", "80"), result("A", "90")]))
    listed = in_order(iter(ranked))

    assert (type(ranked), type(listed)) == (tuple, tuple)
    assert [r.unit.code for r in listed] == ["A", "B"]


def test_under_rank_verified_an_unverified_unit_has_no_rank_and_takes_no_place() -> None:
    own = [Judgement(j.unit, j.criterion, "self", j.points, j.judge) for j in judgements(STANDARD, "D01")]
    self_assessed = score(STANDARD, unit("A", "A"), own)

    assert ranks(VERIFIED, self_assessed, result("B", "60")) == {"A": (None, None), "B": (1, 1)}
    assert ranks(STANDARD, self_assessed, result("B", "60")) == {"A": (1, 1), "B": (2, 2)}


def test_the_bonus_orders_units_only_where_it_counts_for_the_ranking() -> None:
    plain = parse_standard(
        FILE.content.replace(b"bonus_counts_for: [band, ranking]", b"bonus_counts_for: [band]"), "b.yaml"
    ).standard
    with_bonus, without = result("A", "95", bonus="10"), result("B", "90")

    assert ranks(STANDARD, with_bonus, without) == {"A": (1, 1), "B": (2, 2)}
    assert ranks(plain, with_bonus, without) == {"A": (2, 2), "B": (1, 1)}


def test_results_come_back_in_the_order_of_their_codes_by_code_point() -> None:
    ranked = rank(STANDARD, [result("U2", "90"), result("U10", "80"), result("U1", "70")])

    assert [r.unit.code for r in ranked] == ["U1", "U10", "U2"]


def test_a_ranking_lists_by_rank_ties_by_code_and_who_has_none_last() -> None:
    ranked = rank(STANDARD, [result("D", "80"), result("B", None), result("C", "80"), result("A", "70")])

    assert [r.unit.code for r in in_order(ranked)] == ["C", "D", "A", "B"]


totals = st.lists(st.one_of(st.none(), st.integers(0, 6).map(str)), max_size=12)


@given(totals, st.randoms(use_true_random=False))
def test_the_order_of_the_input_carries_no_meaning(figures: list[str | None], rng: object) -> None:
    results = [result(f"U{i}", figure) for i, figure in enumerate(figures)]
    shuffled = list(results)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]

    assert ranks(STANDARD, *shuffled) == ranks(STANDARD, *results)


@given(totals)
def test_a_rank_is_one_more_than_the_number_of_better_units(figures: list[str | None]) -> None:
    results = [result(f"U{i}", figure, "county" if i % 3 else "department") for i, figure in enumerate(figures)]

    for ranked in rank(STANDARD, results):
        mine = ranked.total
        if mine is None:
            assert (ranked.rank, ranked.group_rank) == (None, None)
            continue
        better = [r for r in results if r.total is not None and r.total > mine]
        peers = [r for r in better if r.unit.peer_group == ranked.unit.peer_group]
        assert (ranked.rank, ranked.group_rank) == (1 + len(better), 1 + len(peers))
