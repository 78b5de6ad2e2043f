"""Success rates: Newcombe's interval of the difference, or Wilson's where the trials are unknown.

A rate is *different* where the 95 % interval leaves it out and an exact test says so too. The score
intervals alone call a true rate different up to 9 times in 100 (3 seeds against 100 trials) or 17
times (Wilson's, 3 seeds, a rate near 1); an exact test never more than 5.
"""

from dataclasses import dataclass, replace

from researchdesk.domain.recipes import Claim
from researchdesk.domain.verdicts import Interval, Shortfall, Verdict
from researchdesk.harness.judging.finding import (
    ALPHA,
    Finding,
    effect_line,
    g,
    lines,
    of_seeds,
    outlook,
)
from researchdesk.harness.judging.measured import Measured, Undecidable
from researchdesk.harness.judging.values import tolerance_line, tolerance_of
from researchdesk.harness.statistics import effects, proportions
from researchdesk.harness.statistics.planning import fewest
from researchdesk.harness.statistics.samples import sample


@dataclass(frozen=True, slots=True)
class _Rate:
    """``count`` of ``n`` seeds of ours; ``theirs`` of ``trials`` in the paper, where it tells."""

    claimed: float
    count: int
    n: int
    theirs: int | None
    trials: int | None

    def interval(self, level: float = 1 - ALPHA) -> Interval:
        """Of our rate less the paper's."""
        if self.theirs is not None and self.trials is not None:
            return proportions.newcombe(self.count, self.n, self.theirs, self.trials, level)
        own = proportions.wilson(self.count, self.n, level)
        return Interval(own.low - self.claimed, own.high - self.claimed)

    def exact_p(self) -> float:
        if self.theirs is not None and self.trials is not None:
            return proportions.fisher_p(self.count, self.n, self.theirs, self.trials)
        return proportions.binomial_p(self.count, self.n, self.claimed)

    def within(self, tolerance: float) -> bool:
        """Equivalence at 95 %: the 90 % interval lies inside ± ``tolerance``."""
        inner = self.interval(1 - 2 * ALPHA)
        return -tolerance <= inner.low and inner.high <= tolerance

    def left_out(self) -> bool:
        """Whether the interval leaves out a difference of 0, and the exact test does too."""
        of = self.interval()
        return (of.low > _ROUNDING or of.high < -_ROUNDING) and self.exact_p() < ALPHA

    def of_size(self, n: int) -> "_Rate":
        return replace(self, count=round(self.count / self.n * n), n=n)


_ROUNDING = 1e-12


def judge_rate(claim: Claim, ours: Measured) -> Finding:
    """The share of seeds that succeeded, against the paper's. Raises Undecidable."""
    tolerance = tolerance_of(claim, ours)
    if any(value not in (0.0, 1.0) for value in ours.values):
        why = f"a rate needs {claim.metric} to be 0 or 1 for each seed"
        raise Undecidable(Verdict.NOT_COMPARABLE, Shortfall.NOT_MEASURED, why, ours.values)
    rate = _rate(claim, ours)
    effect = effects.cohens_h(rate.count / rate.n, min(1.0, max(0.0, claim.claimed)))
    verdict, why, more = _verdict(rate, tolerance)
    p = None if verdict is Verdict.REPRODUCED else rate.exact_p()
    name, exact = _names(rate)
    told = lines(
        f"ours: {rate.count} of {rate.n} seeds = {_share(rate.count / rate.n)}",
        _paper_line(rate),
        tolerance_line(claim),
        f"difference {_share(rate.count / rate.n - _theirs(rate))}",
        f"  90 % interval by {name}: {_shares(rate.interval(1 - 2 * ALPHA))} (equivalence)",
        f"  95 % interval by {name}: {_shares(rate.interval())}",
        f"{exact}: p = {g(rate.exact_p())}",
        effect_line("Cohen's h", effect),
    )
    result = replace(
        of_seeds(claim, sample(ours.values), verdict, why),
        interval=rate.interval(),
        test=name if p is None else f"{name}, {exact}",
        p=p,
        effect=effect,
        more_seeds=more,
        arithmetic=told,
        sd=None,
    )
    return Finding(claim, result, rate.exact_p(), wider=rate.interval)


def _rate(claim: Claim, ours: Measured) -> _Rate:
    count, n = round(sum(ours.values)), len(ours.values)
    if claim.runs is None:
        return _Rate(claim.claimed, count, n, None, None)
    return _Rate(claim.claimed, count, n, round(claim.claimed * claim.runs), claim.runs)


def _verdict(rate: _Rate, tolerance: float) -> tuple[Verdict, str, int | None]:
    name, exact = _names(rate)
    words = f"{rate.count} of {rate.n} seeds: the difference is {_shares(rate.interval())} at 95 %"
    words = f"{words} ({name})"
    if rate.within(tolerance):
        return Verdict.REPRODUCED, f"{words}, and within ± {_share(tolerance)} at 95 %", None
    if rate.left_out():
        of = rate.interval()
        wholly = of.low > tolerance or of.high < -tolerance
        said = "wholly outside" if wholly else "not 0, but it may yet be within"
        return Verdict.DIFFERENT, f"{words}, {said} ± {_share(tolerance)}", None
    more = fewest(lambda n: _decides(rate.of_size(n), tolerance), least=rate.n)
    of = rate.interval()
    held = of.low <= 0 <= of.high
    held_words = "" if held else f", but the p of {exact} is {g(rate.exact_p())}"
    why = f"{words}{held_words}; equivalence is not shown{outlook(more)}"
    return Verdict.IMPRECISE, why, more


def _decides(rate: _Rate, tolerance: float) -> bool:
    return rate.within(tolerance) or rate.left_out()


def _names(rate: _Rate) -> tuple[str, str]:
    if rate.trials is None:
        return "Wilson", "exact binomial test"
    return "Newcombe", "Fisher's exact test"


def _paper_line(rate: _Rate) -> str:
    if rate.trials is None:
        return f"paper: {_share(rate.claimed)} of an unknown number of trials, taken as exact"
    return f"paper: {rate.theirs} of {rate.trials} trials = {_share(_theirs(rate))}"


def _theirs(rate: _Rate) -> float:
    return rate.theirs / rate.trials if rate.theirs is not None and rate.trials else rate.claimed


def _share(value: float) -> str:
    return f"{100 * value:.3g} %"


def _shares(of: Interval) -> str:
    return f"{100 * of.low:.3g} … {100 * of.high:.3g} %"
