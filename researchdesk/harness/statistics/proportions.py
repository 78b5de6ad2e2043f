"""Success rates: intervals of one and of the difference of two, and exact tests."""

import math
from functools import lru_cache

from researchdesk.domain.verdicts import Interval
from researchdesk.harness.statistics.libraries import scipy_stats

_KEPT = 4096


@lru_cache(_KEPT)
def wilson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Wilson's score interval for a rate, without correction for continuity.

    Source: Wilson (1927), J. American Statistical Association 22, 209-212. Computed by scipy.
    """
    found = scipy_stats().binomtest(successes, trials).proportion_ci(level, method="wilson")
    return Interval(float(found.low), float(found.high))


@lru_cache(_KEPT)
def newcombe(
    successes: int, trials: int, other: int, other_trials: int, level: float = 0.95
) -> Interval:
    """Newcombe's hybrid score interval for the first rate less the other (his method 10).

    p1 - p2 - sqrt((p1 - l1)² + (u2 - p2)²) ... p1 - p2 + sqrt((u1 - p1)² + (p2 - l2)²), where l and
    u are the ends of Wilson's intervals. scipy does not have it; statsmodels does, but brings
    pandas, which sqlite-utils imports wherever it is installed: a quarter of a second a command.
    Source: Newcombe (1998), Statistics in Medicine 17, 873-890.
    """
    first, second = wilson(successes, trials, level), wilson(other, other_trials, level)
    p, q = successes / trials, other / other_trials
    below = math.hypot(p - first.low, second.high - q)
    above = math.hypot(first.high - p, q - second.low)
    return Interval(p - q - below, p - q + above)


@lru_cache(_KEPT)
def fisher_p(successes: int, trials: int, other: int, other_trials: int) -> float:
    """Two-sided p of Fisher's exact test that two rates are one; never too small, whatever it is.

    Source: Fisher (1935), The Design of Experiments; computed by scipy.
    """
    table = [[successes, trials - successes], [other, other_trials - other]]
    return float(scipy_stats().fisher_exact(table).pvalue)


@lru_cache(_KEPT)
def binomial_p(successes: int, trials: int, rate: float) -> float:
    """Two-sided p of the exact binomial test that the rate is just this; computed by scipy.

    Source: Clopper & Pearson (1934), Biometrika 26, 404-413, for the distribution it sums.
    """
    return float(scipy_stats().binomtest(successes, trials, rate).pvalue)
