"""Intervals and tests for means over seeds. The one module that computes with scipy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

from researchdesk.domain.verdicts import Interval


class StatisticsError(ValueError):
    """Too few values, or values that are no finite numbers."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``sd`` is the sample standard deviation (n - 1); 0 where n is 1."""

    n: int
    mean: float
    sd: float


def sample(values: Sequence[float]) -> Sample:
    """Size, mean and standard deviation. Raises StatisticsError for none or non-finite values.

    Values that are all equal have a mean of just that value and no spread, without rounding.
    """
    if not values or not all(math.isfinite(value) for value in values):
        raise StatisticsError("a sample needs finite values, one at least")
    n = len(values)
    if all(value == values[0] for value in values):
        return Sample(n, float(values[0]), 0.0)
    mean = math.fsum(values) / n
    return Sample(n, mean, math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1)))


def mean_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """Interval for the mean: mean ± t(n-1) · s / sqrt(n). Needs n >= 2, else StatisticsError.

    Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2.
    """
    of = _spread(values)
    half = _t(of.n - 1, level) * of.sd / math.sqrt(of.n)
    return Interval(of.mean - half, of.mean + half)


def prediction_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """Interval that holds the next run's value with probability ``level``.

    mean ± t(n-1) · s · sqrt(1 + 1/n). Needs n >= 2, else StatisticsError.
    Source: Hahn & Meeker, Statistical Intervals, ch. 4.
    """
    of = _spread(values)
    half = _t(of.n - 1, level) * of.sd * math.sqrt(1 + 1 / of.n)
    return Interval(of.mean - half, of.mean + half)


def equivalence_p(values: Sequence[float], low: float, high: float) -> float:
    """p of the two one-sided t tests (TOST) that the mean lies between ``low`` and ``high``.

    The greater of the two one-sided p; below 0.05, the 90 % interval of the mean lies inside.
    Needs n >= 2, else StatisticsError; without spread it is 0 inside, 1 outside.
    Source: Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15, 657-680.
    """
    return max(above_p(values, low), below_p(values, high))


def above_p(values: Sequence[float], bound: float) -> float:
    """p of the one-sided t test that the mean is above ``bound``. Needs n >= 2.

    Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.2.1.
    """
    of = _spread(values)
    return _upper_tail(of.mean - bound, of.sd / math.sqrt(of.n), of.n - 1)


def below_p(values: Sequence[float], bound: float) -> float:
    """p of the one-sided t test that the mean is below ``bound``. Needs n >= 2."""
    return above_p([-value for value in values], -bound)


def seeds_to_show(margin: float, sd: float, alpha: float = 0.05, most: int = 1000) -> int | None:
    """The least n for which a one-sided t test shows a mean that is ``margin`` off the bound.

    That is t(n-1) · sd / sqrt(n) < margin, if mean and spread stay as they are; None where the
    margin is not positive or more than ``most`` would be needed.
    """
    sizes = range(2, most + 1) if margin > 0 else range(0)
    return next((n for n in sizes if _t(n - 1, 1 - 2 * alpha) * sd / math.sqrt(n) < margin), None)


@dataclass(frozen=True, slots=True)
class Difference:
    """``mean`` of a less that of b, its standard error and degrees of freedom."""

    mean: float
    error: float
    freedom: float

    def above_p(self, bound: float) -> float:
        """p of the one-sided test that the difference is above ``bound``."""
        return _upper_tail(self.mean - bound, self.error, self.freedom)

    def below_p(self, bound: float) -> float:
        """p of the one-sided test that the difference is below ``bound``."""
        return _upper_tail(bound - self.mean, self.error, self.freedom)

    def interval(self, level: float = 0.95) -> Interval:
        """Two-sided interval for the difference."""
        half = _t(self.freedom, level) * self.error
        return Interval(self.mean - half, self.mean + half)


def difference(a: Sequence[float], b: Sequence[float]) -> Difference:
    """Welch's difference of two means; the samples may have one value only where they are exact.

    A sample of one value counts as known without error: give one only for deterministic arms.
    Degrees of freedom by Welch-Satterthwaite.
    Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.1; Welch (1947), Biometrika 34.
    """
    of_a, of_b = sample(a), sample(b)
    parts = [(of.sd**2 / of.n, of.n - 1) for of in (of_a, of_b) if of.sd > 0]
    variance = math.fsum(part for part, _ in parts)
    weight = math.fsum(part**2 / freedom for part, freedom in parts)
    freedom = variance**2 / weight if weight > 0 else 1.0
    return Difference(of_a.mean - of_b.mean, math.sqrt(variance), freedom)


def _upper_tail(excess: float, error: float, freedom: float) -> float:
    """P(T > excess / error); without error, 0 for a positive excess and 1 for any other."""
    if error == 0:
        return 0.0 if excess > 0 else 1.0
    return float(stdtr(freedom, -excess / error))


def _t(freedom: float, level: float) -> float:
    return float(stdtrit(freedom, 0.5 + level / 2))


def _spread(values: Sequence[float]) -> Sample:
    of = sample(values)
    if of.n < 2:
        raise StatisticsError("a spread needs two values at least")
    return of
