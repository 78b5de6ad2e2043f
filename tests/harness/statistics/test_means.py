"""Means: intervals and tests against published examples, scipy and statsmodels, by simulation."""

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import weightstats

from researchdesk.domain.verdicts import Interval
from researchdesk.harness.statistics import means
from researchdesk.harness.statistics.samples import (
    Sample,
    StatisticsError,
    of_standard_error,
    sample,
)

Make = Callable[..., list[float]]
NUMBERS = st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=2, max_size=12)


def between(a: list[float], b: list[float]) -> means.Difference:
    """Of two lists of values; a single one is exact."""
    return means.welch(sample(a), sample(b))


def ahead(values: list[float]) -> Interval:
    """Where the next run is not told apart from these."""
    return means.further_run(sample(values), 0.0).interval()


def test_mean_interval_of_the_nist_handbook_1_3_5_2(with_moments: Make) -> None:
    interval = means.mean_interval(with_moments(195, 9.261460, 0.022789))
    assert interval.low == pytest.approx(9.258242, abs=5e-6)
    assert interval.high == pytest.approx(9.264679, abs=5e-6)


def test_prediction_interval_of_hahn_and_meeker(with_moments: Make) -> None:
    interval = ahead(with_moments(5, 50.10, 1.31))
    assert (round(interval.low, 1), round(interval.high, 1)) == (46.1, 54.1)


@pytest.mark.parametrize(("n", "factor"), [(3, 4.97), (5, 3.04), (10, 2.37)])
def test_prediction_interval_half_widths(n: int, factor: float, with_moments: Make) -> None:
    interval = ahead(with_moments(n, 0.0, 1.0))
    assert interval.high == pytest.approx(factor, abs=0.005)


def test_welch_on_the_nist_mileage_data_1_3_5_3(with_moments: Make) -> None:
    cars = with_moments(249, 20.14458, 6.41470), with_moments(79, 30.48101, 6.10771)
    found = between(*cars)
    assert found.mean / found.error == pytest.approx(-12.94627, abs=1e-4)
    assert found.freedom == pytest.approx(136.8750, abs=1e-3)


def test_one_sided_tests_agree_with_scipy(with_moments: Make) -> None:
    a, b = with_moments(6, 1.0, 0.5, seed=1), with_moments(4, 0.4, 1.5, seed=2)
    greater = stats.ttest_1samp(a, 0.7, alternative="greater").pvalue
    assert between(a, [0.0]).above_p(0.7) == pytest.approx(greater)
    less = stats.ttest_1samp(a, 0.7, alternative="less").pvalue
    assert between(a, [0.0]).below_p(0.7) == pytest.approx(less)
    welch = stats.ttest_ind(a, b, equal_var=False, alternative="greater").pvalue
    assert between(a, b).above_p(0.0) == pytest.approx(welch)
    both = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    assert between(a, b).interval(0.9).low == pytest.approx(both.low)


def test_differences_of_moments_agree_with_scipy() -> None:
    a, b = Sample(3, 1.0, 0.5), Sample(10, 0.4, 0.7)
    numbers = (a.mean, a.sd, a.n, b.mean, b.sd, b.n)
    apart = stats.ttest_ind_from_stats(*numbers, equal_var=False).pvalue
    together = stats.ttest_ind_from_stats(*numbers, equal_var=True).pvalue
    assert means.welch(a, b).two_sided_p() == pytest.approx(apart)
    assert means.pooled(a, b).two_sided_p() == pytest.approx(together)


@pytest.mark.parametrize("margin", [0.1, 0.5, 1.0, 3.0])
def test_equivalence_agrees_with_statsmodels(margin: float, with_moments: Make) -> None:
    """No published example could be checked: the other implementation is statsmodels'."""
    a, b = with_moments(6, 1.0, 0.5, seed=1), with_moments(4, 0.9, 0.8, seed=2)
    one = weightstats.DescrStatsW(a).ttost_mean(1.1 - margin, 1.1 + margin)[0]
    assert between(a, [1.1]).equivalence_p(margin) == pytest.approx(one)
    two = weightstats.ttost_ind(a, b, -margin, margin, usevar="unequal")[0]
    assert between(a, b).equivalence_p(margin) == pytest.approx(two)


@pytest.mark.parametrize("half", [0.2, 0.4, 0.45, 0.6])
def test_equivalence_is_the_90_percent_interval_lying_inside(
    half: float, with_moments: Make
) -> None:
    values = with_moments(8, 0.1, 0.5)
    interval = means.mean_interval(values, 0.9)
    inside = -half < interval.low and interval.high < half
    assert (between(values, [0.0]).equivalence_p(half) < 0.05) == inside


def test_equal_values_have_no_spread_and_divide_nothing_by_zero() -> None:
    values = [0.1] * 3
    assert sample(values) == Sample(3, 0.1, 0.0)
    assert means.further_run(sample(values), 0.1).interval().low == 0.0
    assert between(values, [0.1]).equivalence_p(0.1) == 0.0
    assert between(values, [0.3]).equivalence_p(0.1) == 1.0
    gap = between(values, values)
    assert (gap.above_p(0.0), gap.above_p(-0.1), gap.below_p(0.1)) == (1.0, 0.0, 0.0)
    assert gap.two_sided_p() == 1.0
    assert means.papers_mean(sample(values), Sample(3, 0.1, 0.0)).interval().low == 0.0


@pytest.mark.parametrize("values", [[], [1.0], [1.0, math.nan], [1.0, math.inf]])
def test_too_few_or_unfit_values_are_refused(values: list[float]) -> None:
    with pytest.raises(StatisticsError):
        means.mean_interval(values)


def test_a_standard_error_over_runs_is_turned_into_their_spread() -> None:
    paper = of_standard_error(4, 0.9, 0.05)
    assert (paper.sd, paper.error) == (pytest.approx(0.1), pytest.approx(0.05))


@given(NUMBERS, NUMBERS)
def test_the_papers_mean_is_never_told_apart_more_easily_than_by_welch(
    a: list[float], b: list[float]
) -> None:
    ours, paper = sample(a), sample(b)
    found = means.papers_mean(ours, paper)
    assert found.half() >= means.welch(ours, paper).half() * (1 - 1e-12)
    assert found.mean == pytest.approx(-means.papers_mean(paper, ours).mean)


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_equivalence_is_shown_wrongly_at_most_5_times_in_100(n: int) -> None:
    draw = random.Random(n)
    rounds = 20_000
    samples = ([draw.gauss(0.5, 1) for _ in range(n)] for _ in range(rounds))
    wrong = sum(between(values, [0.0]).equivalence_p(0.5) < 0.05 for values in samples)
    assert wrong / rounds <= 0.055
