"""Which of two sweeps is called the better one, against known truth."""

from collections.abc import Callable

import numpy as np
import pytest

from researchdesk.harness.statistics.budget_differences import (
    SHARE,
    Difference,
    Searched,
    difference,
)
from researchdesk.harness.statistics.expected import budget_grid, expected_maxima
from researchdesk.harness.statistics.samples import StatisticsError

Draw = Callable[[np.random.Generator, int], np.ndarray]
ALIKE: dict[str, Draw] = {
    "uniform": lambda random, n: random.random(n),
    "beta": lambda random, n: random.beta(8, 2, n),
    "long tail": lambda random, n: random.exponential(size=n),
    "now and then": lambda random, n: np.where(random.random(n) < 0.1, 0.9, 0.5),
}
SIZES = [(10, 10), (16, 16), (50, 50), (16, 60)]


def _found(
    one: np.ndarray, two: np.ndarray, *, resamples: int = 1_000, **given: bool
) -> tuple[list[int], Difference]:
    budgets = budget_grid(int(SHARE * min(len(one), len(two))))
    searched = (Searched(values, np.ones(len(values))) for values in (one, two))
    return budgets, difference(*searched, budgets, timed=False, resamples=resamples, **given)


def test_the_difference_is_that_of_the_curves() -> None:
    random = np.random.default_rng(1)
    one, two = random.random(40), random.random(60)
    for replacement in (True, False):
        budgets, found = _found(one, two, replacement=replacement)
        ours, theirs = (
            expected_maxima(values, budgets, replacement=replacement).mean for values in (one, two)
        )
        assert found.mean == pytest.approx(ours - theirs)
    searched = (Searched(values, np.full(len(values), 2.0)) for values in (one, two))
    timed = difference(*searched, [2.0 * n for n in budgets], timed=True, replacement=False)
    assert timed.mean == pytest.approx(found.mean, abs=0.006)
    assert timed.half == pytest.approx(found.half, rel=0.2)


def test_what_is_far_apart_is_told_and_what_does_not_vary() -> None:
    random = np.random.default_rng(2)
    assert set(_found(random.random(20) + 1, random.random(20))[1].marks) == {1}
    assert set(_found(np.full(20, 0.4), np.full(20, 0.5))[1].marks) == {-1}
    assert set(_found(np.full(20, 0.4), np.full(20, 0.4))[1].marks) == {0}
    with pytest.raises(StatisticsError):
        _found(np.array([0.5, np.nan, 0.2, 0.1]), random.random(4))


@pytest.mark.slow
def test_of_two_searches_alike_a_winner_is_named_in_five_of_a_hundred_pairs_at_most() -> None:
    """A winner at any budget; as ``LEVEL`` says. Three standard errors of 400 pairs are 0.033, of
    all 6,400 together 0.008."""
    random, pairs, rates = np.random.default_rng(3), 400, []
    for draw in ALIKE.values():
        for n, m in SIZES:
            named = [
                any(_found(draw(random, n), draw(random, m), resamples=399)[1].marks)
                for _ in range(pairs)
            ]
            rates.append(float(np.mean(named)))
    assert max(rates) < 0.05 + 0.033
    assert 0.02 < np.mean(rates) < 0.05 + 0.008


@pytest.mark.slow
def test_of_two_alike_over_time_a_winner_is_as_rare() -> None:
    """Values that grow with their durations; three standard errors of 100 pairs are 0.065."""
    random, named = np.random.default_rng(4), 0
    for _ in range(100):
        searched = []
        for _sweep in range(2):
            cost = random.lognormal(0, 0.4, 40)
            searched.append(Searched(random.random(40) + 0.2 * cost, cost))
        budgets = np.geomspace(2.0, 10.0, 8).tolist()
        found = difference(*searched, budgets, timed=True, resamples=199)
        named += any(found.marks)
    assert named / 100 < 0.05 + 0.065


@pytest.mark.slow
@pytest.mark.parametrize(("n", "m"), [(20, 20), (20, 60), (60, 20), (60, 60)])
def test_where_the_curves_cross_the_worse_one_is_not_named(n: int, m: int) -> None:
    """One search is never bad; the other is now and then, and has the better best."""
    random, pairs, wrong = np.random.default_rng(5), 200, 0
    far = range(1, 16)
    steady = expected_maxima(0.8 + 0.02 * random.random(100_000), far).mean
    wild = expected_maxima(0.2 + 0.7 * (random.random(100_000) < 0.3), far).mean
    truth = np.sign(steady - wild)
    for _ in range(pairs):
        one = 0.8 + 0.02 * random.random(n)
        two = 0.2 + 0.7 * (random.random(m) < 0.3)
        budgets, found = _found(one, two, resamples=399)
        marks = np.array(found.marks)
        wrong += bool(np.any((marks != 0) & (marks != truth[np.array(budgets) - 1])))
    assert wrong / pairs < 0.05
