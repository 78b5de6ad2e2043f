"""Size, mean and spread of a few values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


class StatisticsError(ValueError):
    """Too few values, or values that are no finite numbers."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``sd`` is the sample standard deviation (n - 1); 0 where n is 1."""

    n: int
    mean: float
    sd: float

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.sd / math.sqrt(self.n)


def sample(values: Sequence[float]) -> Sample:
    """Size, mean and standard deviation. Raises StatisticsError for none or non-finite values.

    Values that are all equal have a mean of just that value and no spread, without rounding.
    """
    if not values or not all(math.isfinite(value) for value in values):
        raise StatisticsError("a sample needs finite values, one at least")
    n = len(values)
    if all(value == values[0] for value in values):
        return Sample(n, float(values[0]), 0.0)
    # A power of two near the largest: nothing is rounded, and no square is too large or too small.
    unit = math.ldexp(1.0, math.frexp(max(map(abs, values)))[1] - 1)
    scaled = [value / unit for value in values]
    mean = math.fsum(scaled) / n
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in scaled) / (n - 1))
    return Sample(n, mean * unit, sd * unit)


def of_standard_error(n: int, mean: float, error: float) -> Sample:
    """The sample that a mean and its standard error over ``n`` runs tell of: sd = se · sqrt(n).

    Source: Altman & Bland (2005), Standard deviations and standard errors, BMJ 331, 903.
    """
    return Sample(n, mean, error * math.sqrt(n))


def spread(values: Sequence[float]) -> Sample:
    """As ``sample``, of two values at least. Raises StatisticsError."""
    of = sample(values)
    if of.n < 2:
        raise StatisticsError("a spread needs two values at least")
    return of
