"""Rates: published tables, and exact tests that never reject too often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from researchdesk.harness.statistics.proportions import binomial_p, fisher_p, newcombe, wilson

COUNTS = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_in_table_1_of_newcombe_1998_single(
    successes: int, trials: int, low: float, high: float
) -> None:
    """Statistics in Medicine 17, 857-872, method 3."""
    found = wilson(successes, trials)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_newcombe_in_table_2_of_newcombe_1998(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    """Statistics in Medicine 17, 873-890, method 10."""
    found = newcombe(*counts)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_exact_tests_on_the_examples_of_scipys_documentation() -> None:
    assert fisher_p(6, 8, 1, 5) == pytest.approx(0.10256410256410257)
    assert binomial_p(3, 15, 0.1) == pytest.approx(stats.binomtest(3, 15, 0.1).pvalue)


@given(COUNTS, COUNTS)
def test_newcombe_holds_the_difference_and_turns_with_the_arms(
    ours: tuple[int, int], paper: tuple[int, int]
) -> None:
    found, turned = newcombe(*ours, *paper), newcombe(*paper, *ours)
    gap = ours[0] / ours[1] - paper[0] / paper[1]
    assert -1 <= found.low <= gap + 1e-12
    assert gap - 1e-12 <= found.high <= 1
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-12)


@given(COUNTS)
def test_wilson_agrees_with_statsmodels(counts: tuple[int, int]) -> None:
    found = wilson(*counts)
    other = proportion_confint(*counts, method="wilson")
    assert (found.low, found.high) == pytest.approx(other, abs=1e-9)


@given(COUNTS, COUNTS)
def test_newcombe_agrees_with_statsmodels(ours: tuple[int, int], paper: tuple[int, int]) -> None:
    found = newcombe(*ours, *paper)
    other = confint_proportions_2indep(*ours, *paper, method="newcomb")
    assert (found.low, found.high) == pytest.approx(other, abs=1e-9)
