"""Intervals and tests for means over seeds, by Student's t."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

from researchdesk.domain.verdicts import Interval
from researchdesk.harness.statistics.samples import Sample, spread


def t_quantile(freedom: float, level: float) -> float:
    """The t that a two-sided interval of this level takes."""
    return float(stdtrit(freedom, 0.5 + level / 2))


def mean_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """Interval for the mean: mean ± t(n-1) · s / sqrt(n). Needs n >= 2, else StatisticsError.

    Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2.
    """
    of = spread(values)
    half = t_quantile(of.n - 1, level) * of.error
    return Interval(of.mean - half, of.mean + half)


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference ``mean`` with its standard error and degrees of freedom."""

    mean: float
    error: float
    freedom: float

    def above_p(self, bound: float) -> float:
        """p of the one-sided test that the difference is above ``bound``."""
        return _upper_tail(self.mean - bound, self.error, self.freedom)

    def below_p(self, bound: float) -> float:
        """p of the one-sided test that the difference is below ``bound``."""
        return _upper_tail(bound - self.mean, self.error, self.freedom)

    def equivalence_p(self, tolerance: float) -> float:
        """p of the two one-sided tests that it lies within ± ``tolerance`` (Schuirmann, 1987)."""
        return max(self.above_p(-tolerance), self.below_p(tolerance))

    def two_sided_p(self) -> float:
        """p of the test that there is no difference; without error 1 for none, else 0."""
        return min(1.0, 2 * min(self.above_p(0.0), self.below_p(0.0)))

    def half(self, level: float = 0.95) -> float:
        """Half the width of the interval."""
        return t_quantile(self.freedom, level) * self.error

    def interval(self, level: float = 0.95) -> Interval:
        """Two-sided interval for the difference."""
        half = self.half(level)
        return Interval(self.mean - half, self.mean + half)


def welch(a: Sample, b: Sample) -> Difference:
    """Welch's difference of two means, a less b; degrees of freedom by Welch-Satterthwaite.

    A sample without spread counts as known without error: of one value only where it is exact.
    Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.1; Welch (1947), Biometrika 34.
    """
    unit = max(a.sd, b.sd) or 1.0  # so that no square is too large or too small
    parts = [((of.sd / unit) ** 2 / of.n, of.n - 1) for of in (a, b) if of.sd > 0]
    variance = math.fsum(part for part, _ in parts)
    weight = math.fsum(part**2 / freedom for part, freedom in parts)
    freedom = variance**2 / weight if weight > 0 else 1.0
    return Difference(a.mean - b.mean, unit * math.sqrt(variance), freedom)


def pooled(a: Sample, b: Sample) -> Difference:
    """Student's difference of two means, a less b, of one spread that both samples tell of.

    Needs three values in all. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.1.
    """
    freedom = a.n + b.n - 2
    unit = max(a.sd, b.sd) or 1.0
    variance = ((a.n - 1) * (a.sd / unit) ** 2 + (b.n - 1) * (b.sd / unit) ** 2) / freedom
    error = unit * math.sqrt(variance * (1 / a.n + 1 / b.n))
    return Difference(a.mean - b.mean, error, freedom)


def further_run(ours: Sample, value: float) -> Difference:
    """Our mean less one run's value, whose spread is taken to be ours: error s · sqrt(1 + 1/n).

    Its interval leaves out 0 just where the prediction interval of our runs, their mean
    ± t(n-1) · s · sqrt(1 + 1/n), leaves out the value. ``ours`` needs two values.
    Source: Hahn & Meeker, Statistical Intervals, ch. 4.
    """
    return Difference(ours.mean - value, ours.sd * math.sqrt(1 + 1 / ours.n), ours.n - 1)


def papers_mean(ours: Sample, paper: Sample, level: float = 0.95) -> Difference:
    """Our mean less the paper's: Welch's difference, or Student's where its interval is wider.

    Welch's alone calls a true difference of nothing different more often than ``level`` allows
    where one sample is small and the other large (3 against 10: 6 in 100, 2 against 10: 10), and
    that is the case of a true claim, where both are of one spread: there Student's is exact.
    """
    apart, together = welch(ours, paper), pooled(ours, paper)
    return together if together.half(level) > apart.half(level) else apart


def _upper_tail(excess: float, error: float, freedom: float) -> float:
    """P(T > excess / error); without error, 0 for a positive excess and 1 for any other."""
    if error == 0:
        return 0.0 if excess > 0 else 1.0
    return float(stdtr(freedom, -excess / error))
