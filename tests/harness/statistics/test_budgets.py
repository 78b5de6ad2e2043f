"""Bands of what a budget buys: against every order gone through, and against known truth."""

import itertools
import time

import numpy as np
import pytest

from researchdesk.harness.statistics.budgets import over_time, over_trials
from researchdesk.harness.statistics.expected import budget_grid, expected_maxima, weight_matrix
from researchdesk.harness.statistics.samples import StatisticsError

N, BUDGETS = 50, [1, 2, 5, 10, 25, 50]
HARMONIC = [sum(1 / k for k in range(1, n + 1)) for n in BUDGETS]
UNIFORM = [n / (n + 1) for n in BUDGETS]


def test_a_band_over_trials_is_that_of_whole_trials_drawn_anew() -> None:
    values = np.random.default_rng(1).random(30)
    found = over_trials(values, [1, 3], resamples=4_000)
    drawn = np.random.default_rng(2).choice(values, (4_000, 30))
    by_hand = np.array([expected_maxima(row, [1, 3]).mean for row in drawn])
    assert found.mean == pytest.approx(expected_maxima(values, [1, 3]).mean)
    low, high = found.band()
    assert low == pytest.approx(np.quantile(by_hand, 0.025, axis=0), abs=0.01)
    assert high == pytest.approx(np.quantile(by_hand, 0.975, axis=0), abs=0.01)
    again = over_trials(values, [1, 3], resamples=4_000)
    assert np.array_equal(found.resampled, again.resampled)


def test_of_very_many_trials_fewer_are_drawn_anew_and_the_band_is_as_wide() -> None:
    """Of uniform values the variances of one trial's share are 1/12 (n = 1) and 4/45 (n = 2)."""
    found = over_trials(np.random.default_rng(3).random(20_000), [1, 2])
    assert len(found.resampled) == 500
    low, high = found.band()
    wide = 2 * 1.96 * np.sqrt(np.array([1 / 12, 4 / 45]) / 20_000)
    assert high - low == pytest.approx(wide, rel=0.15)


def test_the_best_after_some_time_is_that_over_every_order() -> None:
    """An order goes no further than the number of trials."""
    values, seconds = [0.2, 0.9, 0.5, 0.4], [1.0, 4.0, 2.0, 1.0]
    times = [0.5, 1.0, 2.0, 4.5, 6.0, 8.0]

    def best(order: tuple[int, ...], until: float) -> float:
        ends = np.cumsum([seconds[at] for at in order])
        return max(
            [0.2, *(values[at] for at, end in zip(order, ends, strict=True) if end <= until)]
        )

    for replacement, orders in (
        (False, list(itertools.permutations(range(4)))),
        (True, list(itertools.product(range(4), repeat=4))),
    ):
        found = over_time(values, seconds, times, replacement=replacement, resamples=10)
        truth = [[best(order, until) for order in orders] for until in times]
        assert found.mean == pytest.approx(np.mean(truth, axis=1), abs=0.008)
        assert found.sd == pytest.approx(np.std(truth, axis=1), abs=0.008)


def test_with_durations_all_alike_time_is_trials() -> None:
    values = np.random.default_rng(3).random(60)
    budgets = [1, 4, 15, 60]
    for replacement in (True, False):
        trials = over_trials(values, budgets, replacement=replacement)
        timed = over_time(values, [2.0] * 60, [2.0 * n for n in budgets], replacement=replacement)
        assert timed.mean == pytest.approx(trials.mean, abs=0.005)
        assert timed.sd == pytest.approx(trials.sd, abs=0.005)
        for ours, theirs in zip(timed.band(), trials.band(), strict=True):
            assert ours == pytest.approx(theirs, abs=0.02)


@pytest.mark.parametrize("good_are_slow", [True, False])
def test_durations_that_go_with_values_count_as_they_are(good_are_slow: bool) -> None:
    """Drawn by hand, order by order; by the average duration both would be alike."""
    random = np.random.default_rng(4)
    values = random.random(200)
    seconds = 0.1 + values if good_are_slow else 1.1 - values
    seconds /= seconds.mean()
    times = [1.0, 2.0, 5.0, 20.0]
    found = over_time(values, seconds, times, resamples=20)
    orders = random.integers(200, size=(20_000, 60))
    ends = np.cumsum(seconds[orders], axis=1)
    for at, until in enumerate(times):
        best = np.where(ends <= until, values[orders], values.min()).max(axis=1)
        assert found.mean[at] == pytest.approx(best.mean(), abs=0.008)
        assert found.sd[at] == pytest.approx(best.std(), abs=0.008)


def test_durations_that_are_none_are_refused() -> None:
    for seconds in ([1.0, 0.0], [1.0, float("nan")], [1.0]):
        with pytest.raises(StatisticsError):
            over_time([0.1, 0.2], seconds, [1.0])


def test_the_bias_of_the_estimators_is_known_and_grows_to_the_full_budget() -> None:
    """With replacement it is downwards, about half the estimate's own deviation at n = N."""
    random = np.random.default_rng(7)
    for draw, truth in ((random.random, UNIFORM), (random.standard_exponential, HARMONIC)):
        values = np.sort(draw((4_000, N)), axis=1)
        with_ = values @ weight_matrix(N, BUDGETS).T
        without = values @ weight_matrix(N, BUDGETS, replacement=False).T
        bias = (with_.mean(axis=0) - truth) / with_.std(axis=0)
        assert np.all(np.diff(bias) < 0.02)
        assert -0.65 < bias[-1] < -0.4
        assert np.abs((without.mean(axis=0) - truth) / without.std(axis=0)) == pytest.approx(
            np.zeros(len(BUDGETS)), abs=0.06
        )


@pytest.mark.slow
def test_how_often_the_bands_hold_the_truth() -> None:
    """What the note below every curve, and ``LEVEL``, say of it."""
    random = np.random.default_rng(8)
    beta = expected_maxima(random.beta(8, 2, 400_000), BUDGETS).mean
    draws = [
        (lambda: random.random(N), UNIFORM),
        (lambda: random.standard_exponential(N), HARMONIC),
        (lambda: random.beta(8, 2, N), beta),
    ]
    held = np.array(
        [
            [_held(draw, truth, replacement, 1_000) for replacement in (True, False)]
            for draw, truth in draws
        ]
    ).reshape(6, len(BUDGETS))
    least, most = held.min(axis=0), held.max(axis=0)
    said = {2: (0.91, 0.94), 5: (0.85, 0.94), 25: (0.58, 0.84), 50: (0.39, 0.61)}
    for n, (low, high) in said.items():
        at = BUDGETS.index(n)
        assert least[at] == pytest.approx(low, abs=0.04)
        assert most[at] == pytest.approx(high, abs=0.04)


def _held(draw, truth, replacement: bool, times: int) -> np.ndarray:
    held = np.zeros(len(BUDGETS))
    for seed in range(times):
        found = over_trials(draw(), BUDGETS, replacement=replacement, resamples=1_000, seed=seed)
        low, high = found.band()
        held += (low <= truth) & (truth <= high)
    return held / times


@pytest.mark.slow
def test_how_often_the_bands_over_time_hold_the_truth() -> None:
    """As ``LEVEL`` says; of 50 each, so that three standard errors are 0.1 to 0.2."""
    random = np.random.default_rng(5)
    times = [4.0, 8.0, 15.0, 40.0]

    def draw(*shape: int) -> tuple[np.ndarray, np.ndarray]:
        values = random.random(shape)
        return values, random.lognormal(0, 0.7, shape) * (0.5 + values)

    values, seconds = draw(30_000, 140)
    ends = np.cumsum(seconds, axis=1)
    truth = [np.where(ends <= until, values, 0).max(axis=1).mean() for until in times]
    for replacement, said in ((True, (0.94, 0.94, 0.87, 0.70)), (False, (0.96, 0.94, 0.90, 0.78))):
        held = np.zeros(len(times))
        for seed in range(50):
            found = over_time(*draw(N), times, replacement=replacement, resamples=400, seed=seed)
            low, high = found.band()
            held += (low <= truth) & (truth <= high)
        assert held / 50 == pytest.approx(said, abs=0.2)


@pytest.mark.slow
def test_twenty_thousand_trials_take_seconds() -> None:
    random = np.random.default_rng(9)
    values, seconds = random.random(20_000), random.lognormal(0, 0.7, 20_000)
    begun = time.process_time()
    over_trials(values, budget_grid(20_000))
    over_time(values, seconds, np.geomspace(10, seconds.sum(), 32))
    assert time.process_time() - begun < 60
