"""Intervals and tests against published examples, against scipy.stats, and by simulation."""

import math
import random

import pytest
from scipy import stats

from researchdesk.harness import statistics
from researchdesk.harness.statistics import StatisticsError


def with_moments(n: int, mean: float, sd: float, seed: int = 0) -> list[float]:
    """A sample with exactly this mean and standard deviation, up to rounding."""
    draw = random.Random(seed)
    raw = [draw.gauss(0, 1) for _ in range(n)]
    of = statistics.sample(raw)
    return [mean + sd * (value - of.mean) / of.sd for value in raw]


def test_mean_interval_of_the_nist_handbook_1_3_5_2() -> None:
    interval = statistics.mean_interval(with_moments(195, 9.261460, 0.022789))
    assert interval.low == pytest.approx(9.258242, abs=5e-6)
    assert interval.high == pytest.approx(9.264679, abs=5e-6)


def test_prediction_interval_of_hahn_and_meeker() -> None:
    interval = statistics.prediction_interval(with_moments(5, 50.10, 1.31))
    assert (round(interval.low, 1), round(interval.high, 1)) == (46.1, 54.1)


@pytest.mark.parametrize(("n", "factor"), [(3, 4.97), (5, 3.04), (10, 2.37)])
def test_prediction_interval_half_widths(n: int, factor: float) -> None:
    interval = statistics.prediction_interval(with_moments(n, 0.0, 1.0))
    assert interval.high == pytest.approx(factor, abs=0.005)


def test_welch_on_the_nist_mileage_data_1_3_5_3() -> None:
    cars = with_moments(249, 20.14458, 6.41470), with_moments(79, 30.48101, 6.10771)
    found = statistics.difference(*cars)
    assert found.mean / found.error == pytest.approx(-12.94627, abs=1e-4)
    assert found.freedom == pytest.approx(136.8750, abs=1e-3)


def test_one_sided_tests_agree_with_scipy() -> None:
    a, b = with_moments(6, 1.0, 0.5, seed=1), with_moments(4, 0.4, 1.5, seed=2)
    greater = stats.ttest_1samp(a, 0.7, alternative="greater").pvalue
    assert statistics.above_p(a, 0.7) == pytest.approx(greater)
    less = stats.ttest_1samp(a, 0.7, alternative="less").pvalue
    assert statistics.below_p(a, 0.7) == pytest.approx(less)
    welch = stats.ttest_ind(a, b, equal_var=False, alternative="greater").pvalue
    assert statistics.difference(a, b).above_p(0.0) == pytest.approx(welch)
    both = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    assert statistics.difference(a, b).interval(0.9).low == pytest.approx(both.low)


@pytest.mark.parametrize("half", [0.2, 0.4, 0.45, 0.6])
def test_equivalence_is_the_90_percent_interval_lying_inside(half: float) -> None:
    values = with_moments(8, 0.1, 0.5)
    interval = statistics.mean_interval(values, 0.9)
    inside = -half < interval.low and interval.high < half
    assert (statistics.equivalence_p(values, -half, half) < 0.05) == inside


def test_equal_values_have_no_spread_and_divide_nothing_by_zero() -> None:
    values = [0.1] * 3
    assert statistics.sample(values) == statistics.Sample(3, 0.1, 0.0)
    assert statistics.prediction_interval(values).low == 0.1
    assert statistics.equivalence_p(values, 0.0, 0.2) == 0.0
    assert statistics.equivalence_p(values, 0.2, 0.4) == 1.0
    gap = statistics.difference(values, values)
    assert (gap.above_p(0.0), gap.above_p(-0.1), gap.below_p(0.1)) == (1.0, 0.0, 0.0)


def test_an_exact_sample_adds_no_error_to_a_difference() -> None:
    values = with_moments(5, 1.0, 0.5)
    alone = statistics.difference(values, [0.0])
    assert alone.above_p(0.2) == pytest.approx(statistics.above_p(values, 0.2))


@pytest.mark.parametrize("values", [[], [1.0], [1.0, math.nan], [1.0, math.inf]])
def test_too_few_or_unfit_values_are_refused(values: list[float]) -> None:
    with pytest.raises(StatisticsError):
        statistics.prediction_interval(values)


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_prediction_interval_holds_the_next_run_in_95_of_100(n: int) -> None:
    draw = random.Random(n)
    held, rounds = 0, 20_000
    for _ in range(rounds):
        values = [draw.gauss(3, 2) for _ in range(n)]
        interval = statistics.prediction_interval(values)
        held += interval.low <= draw.gauss(3, 2) <= interval.high
    assert held / rounds == pytest.approx(0.95, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_equivalence_is_shown_wrongly_at_most_5_times_in_100(n: int) -> None:
    draw = random.Random(n)
    rounds = 20_000
    samples = ([draw.gauss(0.5, 1) for _ in range(n)] for _ in range(rounds))
    wrong = sum(statistics.equivalence_p(values, -0.5, 0.5) < 0.05 for values in samples)
    assert wrong / rounds <= 0.055
