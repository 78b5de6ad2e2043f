"""Which of two random searches buys more: the difference of their curves, with a band that holds at
all budgets at once.

The band is the wider of two, each of the form D(n) ± c · s(n), where c is the quantile of the
largest |D*(n)| / s(n) over the budgets:

- D* over random permutations of the trials between the two sweeps, s their root mean square. Where
  both draw from one distribution a permutation is as likely as what was found, so that any place
  outside this band comes up with probability 1 - level at most, whatever the distribution, and
  however few the trials. Sources: Lehmann & Romano (2005), Testing Statistical Hypotheses, 15.2;
  Westfall & Young (1993), Resampling-Based Multiple Testing, for the maximum; the found order
  counts as one of the permutations, as Phipson & Smyth (2010) have it.
- D* - D of the bootstrap, s its deviation times sqrt(N / (N - 1)), N the trials of the smaller
  sweep: for two that differ somewhere, but not at this budget. Source: Montiel Olea &
  Plagborg-Møller (2019), Simultaneous confidence bands, the sup-t band. It alone is too narrow: in
  simulations of two sweeps alike it named a winner in up to 20 of 100 pairs at the budgets that are
  judged here, and in up to 25 at budgets up to the full one.

The bootstrap holds only for n small beside N (see ``budgets``): hence nothing is judged beyond
``SHARE`` of the smaller sweep, or of sweeps with fewer than ``LEAST`` trials. What simulations say
of the whole stands at ``LEVEL``.
"""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from researchdesk.harness.statistics.budgets import Clock, without_noise
from researchdesk.harness.statistics.expected import Floats, weight_matrix
from researchdesk.harness.statistics.samples import StatisticsError

LEVEL = 0.95
"""How often no place is outside the band where two sweeps draw from one distribution: so often at
least, but for what rounding leaves. In simulations of uniform, beta(8, 2), exponential and
two-valued trials, 10 to 60 of each sweep, 3.8 of 100 pairs had a winner somewhere (0 to 7 by
distribution and size); of two whose curves cross, fewer than 5 had one that is not the better."""
SHARE = 0.25
"""Up to which share of the smaller sweep budgets are judged."""
LEAST = 10
"""How many trials each sweep needs."""
RESAMPLES = 1_000
_FEWEST = 199
_SORTED = 10_000_000
_TIMED = 200_000
_ORDERS = 100_000
_POOLS = 50, 5_000
_BATCH = 4_000_000
_ROUNDING = 1e-9
_TINY = 1e-200

Places = npt.NDArray[np.int64]
Curve = Callable[[Places, np.random.Generator], Floats]
"""From pools of trials, (R, N), what each budget buys, twice (R, 2, G): two halves of the chance
that is in reckoning it."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The trials of a random search: what each is worth (N,), the better the higher, and what it
    took (N,), above 0."""

    worth: Floats
    cost: Floats


@dataclass(frozen=True, slots=True)
class Difference:
    """First less second at G budgets: the mean (G,) and half the width of its band (G,), which
    holds at all of them at once."""

    mean: Floats
    half: Floats

    @property
    def marks(self) -> list[int]:
        """At each budget 1 where the first is better, -1 where the second is, 0 where neither."""
        apart = np.abs(self.mean) > self.half * (1 + _ROUNDING)
        return [int(mark) for mark in np.sign(self.mean) * apart]


def difference(
    first: Searched,
    second: Searched,
    budgets: Sequence[float],
    *,
    timed: bool,
    replacement: bool = True,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Difference:
    """The difference of what ``budgets`` buy: numbers of trials, or ``timed`` sums of their costs.

    Trials are resampled whole, value and cost together; resamples are fewer where trials are many.
    Before the first trial has ended the worst value of both sweeps stands. Raises StatisticsError
    for a sweep of fewer than 2 trials, or values that are not finite.
    """
    worth = np.concatenate([first.worth, second.worth])
    cost = np.concatenate([first.cost, second.cost])
    if min(len(first.worth), len(second.worth)) < 2 or not np.all(np.isfinite([worth, cost])):
        raise StatisticsError("a difference needs two finite trials of each sweep")
    order = np.argsort(worth, kind="stable")
    worth, cost = worth[order], cost[order]
    place = np.argsort(order)
    pools = place[: len(first.worth)], place[len(first.worth) :]
    curve: Curve
    if timed:
        curve = _over_time(worth, cost, Clock(np.asarray(budgets), float(worth[0]), replacement))
    else:
        curve = _over_trials(worth, [int(budget) for budget in budgets], replacement=replacement)
    return _banded(curve, pools, timed=timed, resamples=resamples, seed=seed)


def _banded(
    curve: Curve, pools: tuple[Places, Places], *, timed: bool, resamples: int, seed: int
) -> Difference:
    random = np.random.default_rng(seed)
    sizes, total = (len(pools[0]), len(pools[1])), len(pools[0]) + len(pools[1])
    count = int(np.clip((_TIMED if timed else _SORTED) // total, _FEWEST, resamples))
    times = int(np.clip(_ORDERS // total, *_POOLS)) if timed else 1
    one, two = (
        curve(np.broadcast_to(own, (times, len(own))), random).mean(axis=(0, 1)) for own in pools
    )
    rows = max(1, _BATCH // total)
    swapped, anew = [], []
    for begun in range(0, count, rows):
        several = min(rows, count - begun)
        mixed = random.permuted(np.broadcast_to(np.arange(total), (several, total)), axis=1)
        swapped.append(curve(mixed[:, : sizes[0]], random) - curve(mixed[:, sizes[0] :], random))
        drawn = [own[random.integers(len(own), size=(several, len(own)))] for own in pools]
        anew.append(curve(drawn[0], random) - curve(drawn[1], random))
    by_chance = without_noise(np.concatenate(swapped))
    scale = np.sqrt((by_chance**2).mean(axis=0))
    resampled = without_noise(np.concatenate(anew))
    deviation = resampled.std(axis=0) * math.sqrt(min(sizes) / (min(sizes) - 1))
    away = resampled - resampled.mean(axis=0)
    half = np.maximum(_largest(by_chance, scale) * scale, _largest(away, deviation) * deviation)
    return Difference(one - two, half)


def _largest(away: Floats, scale: Floats) -> float:
    """The quantile of the largest |away| (B, G) in units of ``scale`` (G,), what was found being
    counted as one more of them; 0 where nothing varies."""
    within = np.divide(np.abs(away), scale, out=np.zeros_like(away), where=scale > 0)
    most = np.sort(within.max(axis=1))
    return float(most[math.ceil(LEVEL * (len(most) + 1)) - 1])


def _over_trials(worth: Floats, budgets: Sequence[int], *, replacement: bool) -> Curve:
    """``worth`` is sorted upwards, so that sorted places are sorted values."""

    @functools.cache
    def shares(total: int) -> Floats:
        found = weight_matrix(total, budgets, replacement=replacement).T
        return np.where(found > _TINY, found, 0.0)  # what is nearly 0 is multiplied slowly

    def bought(pools: Places, _: np.random.Generator) -> Floats:
        found = worth[np.sort(pools, axis=1)] @ shares(pools.shape[1])
        return np.stack([found, found], axis=1)

    return bought


def _over_time(worth: Floats, cost: Floats, clock: Clock) -> Curve:
    def bought(pools: Places, random: np.random.Generator) -> Floats:
        found, _ = clock.best(worth, cost, np.repeat(pools, 2, axis=0), random)
        return found.reshape(len(pools), 2, -1)

    return bought
