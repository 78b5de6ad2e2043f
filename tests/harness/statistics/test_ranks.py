"""Tests without a distribution: Darwin's plants, as Fisher and Wilcoxon's test have them."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.harness.statistics.ranks import (
    floor_of_signs,
    floor_of_two_groups,
    sign_flip_p,
    signed_rank,
    wilcoxon_p,
)

PLANTS = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
"""Cross- less self-fertilised maize, in eighths of an inch (Darwin, 1876)."""


def test_sign_flips_of_fisher_1935_section_21() -> None:
    assert sign_flip_p(PLANTS) == pytest.approx(2 * 863 / 2**15)


def test_wilcoxon_on_the_example_of_scipys_documentation() -> None:
    assert wilcoxon_p(PLANTS) == pytest.approx(0.041259765625)
    assert signed_rank(PLANTS) == 96 - 24


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=8))
def test_sign_flips_agree_with_going_through_them(differences: list[int]) -> None:
    observed = abs(sum(differences))
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    share = sum(total >= observed for total in sums) / len(sums)
    assert sign_flip_p([float(value) for value in differences]) == pytest.approx(share)


@pytest.mark.parametrize("n", [1, 3, 6, 12])
def test_no_p_is_below_the_floor(n: int) -> None:
    extreme = [1.0 + 0.01 * i for i in range(n)]
    assert sign_flip_p(extreme) == pytest.approx(floor_of_signs(n))
    assert wilcoxon_p(extreme) == pytest.approx(floor_of_signs(n))


def test_six_pairs_are_the_fewest_for_5_in_100() -> None:
    assert floor_of_signs(5) > 0.05
    assert floor_of_signs(6) < 0.05


def test_many_pairs_are_flipped_at_random_the_same_way_each_time() -> None:
    many = [*map(float, PLANTS), *map(float, PLANTS[:5])]
    assert 0 < sign_flip_p(many) < 0.05
    assert sign_flip_p(many) == sign_flip_p(list(reversed(many)))


def test_no_difference_at_all_is_no_evidence() -> None:
    assert sign_flip_p([0.0] * 6) == 1.0
    assert wilcoxon_p([0.0] * 6) == 1.0
    assert signed_rank([0.0]) == 0.0


def test_ties_are_exact_too() -> None:
    assert wilcoxon_p([1.0] * 6) == pytest.approx(2 / 2**6)


def test_the_floor_of_two_groups() -> None:
    assert floor_of_two_groups(3, 3) == pytest.approx(1 / 20)
