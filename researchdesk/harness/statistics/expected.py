"""Expected validation performance: the best of so many draws of a random search."""

import math
from collections.abc import Sequence

from researchdesk.harness.statistics.samples import StatisticsError


def expected_maximum(values: Sequence[float], n: int) -> float:
    """E[max of n draws with replacement] from the N values that were found.

    Σ v(i) · [(i/N)^n - ((i-1)/N)^n], v sorted upwards. It is biased downwards for n near N (Tang
    et al., 2020, arXiv:2004.13705). Raises StatisticsError for no or non-finite values, or n < 1.
    Source: Dodge et al. (2019), Show Your Work, arXiv:1909.03004, section 3.
    """
    found = _sorted(values, n)
    total = len(found)
    return math.fsum(
        value * ((rank / total) ** n - ((rank - 1) / total) ** n)
        for rank, value in enumerate(found, start=1)
    )


def expected_maximum_without_replacement(values: Sequence[float], n: int) -> float:
    """E[max of n different values] of the N that were found; unbiased for n up to N.

    Σ v(i) · [C(i, n) - C(i-1, n)] / C(N, n), v sorted upwards. Raises StatisticsError for n > N
    too. Source: Tang et al. (2020), Showing Your Work Doesn't Always Work, arXiv:2004.13705.
    """
    found = _sorted(values, n)
    total = len(found)
    if n > total:
        raise StatisticsError(f"{n} different ones cannot be drawn from {total} values")
    every = math.comb(total, n)
    return math.fsum(
        value * ((math.comb(rank, n) - math.comb(rank - 1, n)) / every)
        for rank, value in enumerate(found, start=1)
    )


def expected_curve(values: Sequence[float], *, replacement: bool = True) -> list[float]:
    """The expected maximum for budgets of 1, 2 ... len(values) draws."""
    of = expected_maximum if replacement else expected_maximum_without_replacement
    return [of(values, n) for n in range(1, len(values) + 1)]


def _sorted(values: Sequence[float], n: int) -> list[float]:
    if not values or not all(math.isfinite(value) for value in values):
        raise StatisticsError("an expected maximum needs finite values, one at least")
    if n < 1:
        raise StatisticsError("an expected maximum needs one draw at least")
    return sorted(values)
