"""Effect sizes: how large a difference is, whatever the number of seeds."""

import math

from researchdesk.harness.statistics.samples import Sample


def small_sample_correction(freedom: float) -> float:
    """Hedges' J = Γ(m/2) / (sqrt(m/2) · Γ((m-1)/2)), near 1 - 3 / (4m - 1), for m > 1.

    Source: Hedges (1981), J. Educational Statistics 6, 107-128, equation 6e.
    """
    return math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom - 1) / 2)) / math.sqrt(
        freedom / 2
    )


def hedges_g(a: Sample, b: Sample) -> float | None:
    """(mean a - mean b) / pooled sd · J, in standard deviations; None without spread to tell.

    Source: Hedges (1981), J. Educational Statistics 6, 107-128.
    """
    freedom = a.n + b.n - 2
    if freedom < 2:
        return None
    unit = max(a.sd, b.sd)
    if unit == 0:
        return None
    variance = ((a.n - 1) * (a.sd / unit) ** 2 + (b.n - 1) * (b.sd / unit) ** 2) / freedom
    return (a.mean - b.mean) / unit / math.sqrt(variance) * small_sample_correction(freedom)


def hedges_g_of_one(of: Sample, value: float) -> float | None:
    """(mean - value) / sd · J, for one sample or for paired differences; None as ``hedges_g``.

    Source: Cohen (1988), Statistical Power Analysis, ch. 2 (d of one sample); J by Hedges (1981).
    """
    if of.n < 3 or of.sd == 0:
        return None
    return (of.mean - value) / of.sd * small_sample_correction(of.n - 1)


def cohens_h(a: float, b: float) -> float:
    """2 · asin(sqrt(a)) - 2 · asin(sqrt(b)) for two rates between 0 and 1.

    Source: Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, ch. 6.
    """
    return 2 * math.asin(math.sqrt(a)) - 2 * math.asin(math.sqrt(b))
