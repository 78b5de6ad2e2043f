"""Expected validation performance: the best of so many draws of a random search.

Values here are the better the higher; of a loss, give the negative. Draws are taken to be
independent and alike distributed, as those of a random search are; of a grid, or of a search that
learns from its trials, the expectation is not defined.

Two estimators of E[max of n] from the N values that were found:

- with replacement, Σ v(i) · [(i/N)^n - ((i-1)/N)^n] for v sorted upwards: Dodge et al. (2019), Show
  Your Work, arXiv:1909.03004, section 3.1. Biased downwards, the more the nearer n is to N; at
  n = N it is below the best that was found.
- without, Σ v(i) · [C(i, n) - C(i-1, n)] / C(N, n): Tang et al. (2020), Showing Your Work Doesn't
  Always Work, arXiv:2004.13705. Unbiased for n up to N; at n = N it is just the best found.

Dodge et al. (2021), arXiv:2110.00613, compare three estimators (abstract): in their cases the
unbiased one has the highest variance, and the two biased ones led to fewer wrong conclusions on
which of two models is better. That is no law: of uniform values it has the smaller variance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from researchdesk.harness.statistics.samples import StatisticsError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expected:
    """At each of some budgets the mean of the best value (G,) and its standard deviation (G,)."""

    mean: Floats
    sd: Floats


def weights(total: int, n: int, *, replacement: bool = True) -> Floats:
    """The probability (N,) that the best of ``n`` draws is the i-th from below of ``total`` values.

    Without replacement it is n/i · C(i, n)/C(N, n), and that ratio a product of as many factors
    1 - n/(N - j) as there are values above: no binomial, and no difference of near numbers, is ever
    computed. Raises StatisticsError for n < 1, no values, or n > N without replacement.
    """
    if total < 1 or n < 1:
        raise StatisticsError("an expected maximum needs one value and one draw at least")
    ranks = np.arange(1, total + 1, dtype=np.float64)
    if replacement:
        with np.errstate(divide="ignore"):
            among = -np.expm1(n * np.log1p(-1 / ranks))
        return np.asarray(np.exp(n * np.log(ranks / total)) * among)
    if n > total:
        raise StatisticsError(f"{n} different ones cannot be drawn from {total} values")
    factors = (total - n - np.arange(total - 1)) / (total - np.arange(total - 1))
    share = np.concatenate([[1.0], np.cumprod(np.maximum(factors, 0.0))])[::-1]
    return np.asarray(share * n / ranks)


def weight_matrix(total: int, budgets: Sequence[int], *, replacement: bool = True) -> Floats:
    """``weights`` of each budget, (G, N). Raises StatisticsError."""
    return np.stack([weights(total, n, replacement=replacement) for n in budgets])


def expected_maxima(
    values: Sequence[float] | Floats, budgets: Sequence[int], *, replacement: bool = True
) -> Expected:
    """E[max of n] and the maximum's standard deviation, for each n of ``budgets``.

    The deviation is that of the same distribution, how far the best of n draws lies from its mean,
    and no error of the estimate; source: Dodge et al. (2019), section 3.3. O(N) for each budget.
    Raises StatisticsError for no or non-finite values, and as ``weights``.
    """
    found = ordered(values)
    centre = float(found[-1])
    away = found - centre
    means, sds = [], []
    for n in budgets:
        share = weights(len(found), n, replacement=replacement)
        mean = float(share @ away)
        means.append(centre + mean)
        sds.append(float(np.sqrt(share @ (away - mean) ** 2)))
    return Expected(np.array(means), np.array(sds))


def ordered(values: Sequence[float] | Floats) -> Floats:
    """Values from the lowest to the best. Raises StatisticsError for none, or not finite ones."""
    found = np.sort(np.asarray(values, dtype=np.float64))
    if not len(found) or not np.all(np.isfinite(found)):
        raise StatisticsError("an expected maximum needs finite values, one at least")
    return found


def budget_grid(total: int, points: int = 120) -> list[int]:
    """Budgets from 1 to ``total``: all of them, or about so many at even ratios, and those that
    are told in words (1, 2, 5, 10, 20 ...)."""
    if total <= points:
        return list(range(1, total + 1))
    even = np.unique(np.round(np.geomspace(1, total, points)).astype(int))
    return sorted({*map(int, even), *round_numbers(1, total)})


def round_numbers(low: float, high: float) -> list[int]:
    """1, 2, 5, 10, 20, 50 ... from ``low`` to ``high``, both included where they are of these."""
    units = [unit * 10**power for power in range(16) for unit in (1, 2, 5)]
    return [number for number in units if low <= number <= high]


def first_above(curve: Floats, level: float) -> int | None:
    """The first place from which on a curve (G,) stays at ``level`` or above; None: nowhere."""
    below = np.flatnonzero(curve < level)
    place = int(below[-1]) + 1 if len(below) else 0
    return place if place < len(curve) else None


def stretches(marks: Sequence[Any]) -> list[tuple[int, int]]:
    """First and last place of each stretch of equal neighbours."""
    cuts = [0, *(at for at, (a, b) in enumerate(pairwise(marks), 1) if a != b), len(marks)]
    return [(first, end - 1) for first, end in pairwise(cuts) if end > first]
