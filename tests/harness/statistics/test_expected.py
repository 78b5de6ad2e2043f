"""Expected maxima: every draw gone through, exact fractions, and sizes that break binomials."""

import itertools
import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.harness.statistics.expected import (
    budget_grid,
    expected_maxima,
    first_above,
    round_numbers,
    stretches,
    weights,
)
from researchdesk.harness.statistics.samples import StatisticsError

VALUES = [0.3, 0.1, 0.4, 0.15, 0.9]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_mean_and_deviation_agree_with_going_through_all_draws(n: int) -> None:
    drawn = [max(draw) for draw in itertools.product(VALUES, repeat=n)]
    found = expected_maxima(VALUES, [n])
    assert found.mean[0] == pytest.approx(np.mean(drawn))
    assert found.sd[0] == pytest.approx(np.std(drawn))
    chosen = [max(draw) for draw in itertools.combinations(VALUES, n)]
    found = expected_maxima(VALUES, [n], replacement=False)
    assert found.mean[0] == pytest.approx(np.mean(chosen))
    assert found.sd[0] == pytest.approx(np.std(chosen))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.data())
def test_the_weights_are_those_of_exact_fractions(total: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, total))
    every = math.comb(total, n)
    without = [Fraction(math.comb(i - 1, n - 1), every) for i in range(1, total + 1)]
    assert weights(total, n, replacement=False) == pytest.approx(
        [float(one) for one in without], rel=1e-11, abs=1e-300
    )
    with_ = [Fraction(i**n - (i - 1) ** n, total**n) for i in range(1, total + 1)]
    assert weights(total, n) == pytest.approx([float(one) for one in with_], rel=1e-11, abs=1e-300)


@pytest.mark.parametrize("replacement", [True, False])
def test_twenty_thousand_values_are_no_trouble(replacement: bool) -> None:
    """Where C(N, n) has thousands of digits. Ranks i/(N + 1) have an expectation known in full:
    (N n + n) / ((n + 1)(N + 1)) of the best of n different ones."""
    total = 20_000
    ranks = np.arange(1, total + 1) / (total + 1)
    grid = budget_grid(total)
    found = expected_maxima(ranks, grid, replacement=replacement)
    assert len(grid) < 160
    assert all(n in grid for n in (1, 2, 5, 10, 10_000, total))
    exact = np.array(grid) / (np.array(grid) + 1)
    if replacement:
        assert np.all(found.mean < exact + 1e-4)
        assert np.all(np.diff(found.mean) > 0)
    else:
        assert found.mean == pytest.approx(exact, abs=1e-12)
        assert found.sd[-1] == pytest.approx(0, abs=1e-12)
    for n in (1, 77, 19_999, total):
        assert weights(total, n, replacement=replacement).sum() == pytest.approx(1, abs=1e-11)


def test_they_go_from_the_mean_to_the_best_and_replacement_is_below() -> None:
    with_ = expected_maxima(VALUES, budget_grid(5)).mean
    without = expected_maxima(VALUES, budget_grid(5), replacement=False).mean
    assert with_[0] == pytest.approx(without[0]) == pytest.approx(sum(VALUES) / 5)
    assert without[-1] == pytest.approx(0.9)
    assert with_[-1] < 0.9
    assert np.all(with_ <= without + 1e-15)


@pytest.mark.parametrize("values", [[], [math.nan], [1.0, math.inf]])
def test_values_that_are_none_are_refused(values: list[float]) -> None:
    with pytest.raises(StatisticsError):
        expected_maxima(values, [1])


def test_no_draw_and_more_than_there_are_are_refused() -> None:
    with pytest.raises(StatisticsError):
        expected_maxima(VALUES, [0])
    with pytest.raises(StatisticsError, match="6 different"):
        expected_maxima(VALUES, [6], replacement=False)


def test_places_and_stretches_of_curves() -> None:
    curve = np.array([0.1, 0.5, 0.4, 0.6])
    assert first_above(curve, 0.45) == 3
    assert first_above(curve, 0.0) == 0
    assert first_above(curve, 0.7) is None
    assert stretches([0, 0, 1, 0]) == [(0, 1), (2, 2), (3, 3)]
    assert stretches([]) == []
    assert round_numbers(2, 60) == [2, 5, 10, 20, 50]


def test_expected_maxima_cost_no_scipy() -> None:
    code = (
        "import sys, researchdesk.harness.statistics.budgets\n"
        "sys.exit(any(name in sys.modules for name in ('scipy', 'statsmodels', 'torch')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
