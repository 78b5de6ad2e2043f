"""Tests of paired differences that suppose no distribution, with the floor their p cannot pass."""

from collections.abc import Sequence
from functools import lru_cache
from math import comb
from typing import Any

from researchdesk.harness.statistics.libraries import scipy_stats
from researchdesk.harness.statistics.samples import StatisticsError

EXACT = 16
"""All sign flips of so many pairs are gone through (65,536); of more they are drawn at random."""

_DRAWS = 20_000


def floor_of_signs(n: int) -> float:
    """The smallest two-sided p of n sign flips: 2 / 2^n, so that 6 pairs are the fewest for 5 %."""
    return min(1.0, 2.0 ** (1 - n))


def floor_of_two_groups(n: int, m: int) -> float:
    """The smallest one-sided p of exchanging n values with m others: 1 / C(n + m, n)."""
    return 1 / comb(n + m, n)


def sign_flip_p(differences: Sequence[float]) -> float:
    """Two-sided p of the sign-flip permutation test that paired differences centre on 0.

    Exact up to ``EXACT`` pairs, else by random flips of one seed, which counts itself among them.
    Source: Fisher (1935), The Design of Experiments, section 21. Computed by scipy.
    """
    if not differences:
        raise StatisticsError("a sign flip needs a difference, one at least")
    return 1.0 if len(differences) == 1 else _sign_flip(tuple(sorted(differences)))


@lru_cache(1024)
def _sign_flip(differences: tuple[float, ...]) -> float:
    few = len(differences) <= EXACT
    found = scipy_stats().permutation_test(
        (list(differences),),
        _sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=2 ** len(differences) if few else _DRAWS,
        rng=0,
    )
    return float(found.pvalue)


def _sum(values: Any, axis: int = -1) -> Any:
    return values.sum(axis=axis)


def wilcoxon_p(differences: Sequence[float]) -> float:
    """Two-sided p of Wilcoxon's signed-rank test over datasets; differences of 0 are left out.

    Exact, ties too, up to 13 differences; 1 where all are 0.
    Source: Wilcoxon (1945), Biometrics Bulletin 1, 80-83; over datasets: Demšar (2006), J. Machine
    Learning Research 7, section 3.1.3. Computed by scipy.
    """
    kept = [value for value in differences if value != 0]
    if not kept:
        return 1.0
    stats = scipy_stats()
    tied = len({abs(value) for value in kept}) < len(kept)
    small = len(kept) <= 13
    method = stats.PermutationMethod(n_resamples=2**13) if tied and small else "auto"
    return float(stats.wilcoxon(kept, method=method).pvalue)


def signed_rank(differences: Sequence[float]) -> float:
    """Wilcoxon's W+ less W-: which way the differences lean."""
    kept = [value for value in differences if value != 0]
    ranks = scipy_stats().rankdata([abs(value) for value in kept]) if kept else []
    return float(sum(rank if value > 0 else -rank for rank, value in zip(ranks, kept, strict=True)))
