"""Orderings: one arm above or below another, by at least the gap that is claimed.

Unpaired seeds are compared by Welch's one-sided t test; paired ones by flipping the signs of their
differences; several datasets by Wilcoxon's signed ranks over the mean difference of each.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.recipes import Claim
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.harness.judging.bounds import Sides, met_exactly, sides
from researchdesk.harness.judging.finding import (
    ALPHA,
    Finding,
    effect_line,
    equal,
    g,
    lines,
    ours_line,
    outlook,
    span,
)
from researchdesk.harness.judging.measured import Measured
from researchdesk.harness.statistics import effects, means, ranks
from researchdesk.harness.statistics.planning import fewest
from researchdesk.harness.statistics.samples import Sample, sample

_ROUNDING = 1e-9
_FEWEST_SIGNS = 6
"""That are no ties: with fewer, no p of two sides is below 5 %."""


def judge_ordering(claim: Claim, ours: Measured, other: Measured) -> Finding:
    """Two arms, seed by seed where the claim is paired."""
    if ours.arm.deterministic and other.arm.deterministic:
        return _exact(claim, ours, other)
    if claim.paired:
        return _paired(claim, ours, other)
    return _unpaired(claim, ours, other)


def judge_over_datasets(claim: Claim, pairs: Sequence[tuple[Measured, Measured]]) -> Finding:
    """The two arms over several datasets, ``pairs`` in the order of ``claim.over``."""
    means_of = [(sample(a.values).mean, sample(b.values).mean) for a, b in pairs]
    gaps = [a - b for a, b in means_of]
    excess = [_excess(claim, a, b) for a, b in means_of]
    p = ranks.wilcoxon_p(excess)
    found = _two_sided(claim, p, ranks.signed_rank(excess), "Wilcoxon signed-rank")
    each = [f"{name}: {g(gap)}" for name, gap in zip(claim.over, gaps, strict=True)]
    of, signs = sample(gaps), _Signs.of(excess, "datasets")
    result, why = _start(claim, of, found, f"over {of.n} datasets")
    if result.verdict is Verdict.IMPRECISE and signs.floor >= ALPHA:
        why += f"; {signs.outlook}"
    effect = effects.hedges_g_of_one(of, 0.0)
    told = lines(
        "difference of the means on each dataset:",
        [f"  {line}" for line in each],
        f"Wilcoxon's signed ranks, two-sided: p = {g(p)}; {signs.words}",
        effect_line("Hedges' g of the differences", effect),
    )
    result = replace(result, why=why, effect=effect, arithmetic=told)
    return Finding(claim, result, found.against, found.shown)


def _exact(claim: Claim, ours: Measured, other: Measured) -> Finding:
    a, b = sample(ours.values), sample(other.values)
    met, words = _met(claim, a.mean, b.mean)
    why = f"{_less(ours, other)}: {words}"
    verdict = Verdict.REPRODUCED if met else Verdict.DIFFERENT
    gap = 0.0 if equal(a.mean, b.mean) else a.mean - b.mean
    result = ClaimResult(claim.id, verdict, why, min(a.n, b.n), gap)
    return Finding(claim, replace(result, test="exact", arithmetic=lines(why)))


def _met(claim: Claim, a: float, b: float) -> tuple[bool, str]:
    """An ordering whose claimed gap is 0 means strictly above or below."""
    if claim.claimed != 0:
        return met_exactly(claim, a - b)
    wanted = "above" if claim.direction == "at least" else "below"
    met = (a > b if wanted == "above" else a < b) and not equal(a, b)
    return met, f"{a - b:g} is {'' if met else 'not '}{wanted} 0"


def _unpaired(claim: Claim, ours: Measured, other: Measured) -> Finding:
    a, b = sample(ours.values), sample(other.values)
    floor, remark = _floor(ours, other, len(ours.values), len(other.values))
    if a.sd == b.sd == 0:
        return _both_alike(claim, ours, other, floor)
    found = _welch(claim, a, b, floor)
    gap, effect = means.welch(a, b), effects.hedges_g(a, b)
    result, why = _start(claim, Sample(min(a.n, b.n), gap.mean, 0.0), found, _less(ours, other))
    more = None
    if result.verdict is Verdict.IMPRECISE:
        more = _more(
            lambda n: _welch(claim, _as(ours, a, n), _as(other, b, n), _floor(ours, other, n, n)[0])
        )
        why += outlook(more)
    told = lines(
        ours_line(a, ours.arm.name),
        ours_line(b, other.arm.name),
        "difference: m_a - m_b, standard error √(s_a²/n_a + s_b²/n_b)",
        f"  = {g(gap.mean)}, {g(gap.error)}, {g(gap.freedom)} degrees of freedom (Welch)",
        f"p that it is {claim.direction} {claim.claimed:g}: {g(found.shown)}; "
        f"of the contrary: {g(found.against)}",
        f"95 % interval of the difference: {span(gap.interval())}",
        remark,
        effect_line("Hedges' g", effect),
    )
    why = f"{why}; {remark}" if remark else why
    result = replace(
        result, why=why, sd=None, interval=gap.interval(), effect=effect, more_seeds=more
    )
    return Finding(claim, replace(result, arithmetic=told), found.against, found.shown)


def _welch(claim: Claim, a: Sample, b: Sample, floor: float) -> Sides:
    gap = means.welch(a, b)
    above, below = gap.above_p(claim.claimed), gap.below_p(claim.claimed)
    return sides(claim, max(above, floor), max(below, floor), "one-sided Welch t")


def _both_alike(claim: Claim, ours: Measured, other: Measured, p: float) -> Finding:
    """Two arms without spread: told apart by how seldom chance would part them so."""
    a, b = sample(ours.values), sample(other.values)
    met, words = _met(claim, a.mean, b.mean)
    named = [arm for arm in (ours, other) if arm.alike]
    said = "; ".join(
        f"all {len(m.values)} seeds of {m.arm.name} gave the same number" for m in named
    )
    why = f"{_less(ours, other)}: {words}; {said}, so there is no spread to test with"
    tie = equal(a.mean, b.mean)
    decided = p < ALPHA and not tie
    verdict = Verdict.REPRODUCED if met else Verdict.DIFFERENT
    if not decided:
        verdict, why = Verdict.IMPRECISE, f"{why}{'' if tie else ', and too few of them'}"
    result = ClaimResult(claim.id, verdict, why, min(a.n, b.n), a.mean - b.mean, test="permutation")
    p = 1.0 if tie else p
    line = f"chance of parting so by exchanging seeds: p = {g(p)}, one-sided"
    more = None if decided or tie else _fewest_apart(ours, other)
    result = replace(result, p=p, more_seeds=more, arithmetic=lines(why.split("; ")[0], line))
    return Finding(claim, result, against=1.0 if met else p, shown=p if met else 1.0)


def _floor(ours: Measured, other: Measured, n: int, m: int) -> tuple[float, str]:
    """How small a p can be with n and m seeds where an arm's are all alike, and that in words."""
    named = [arm for arm in (ours, other) if arm.alike]
    if not named:
        return 0.0, ""
    if ours.arm.deterministic or other.arm.deterministic:
        p = 0.5 ** (m if ours.arm.deterministic else n)
    else:
        p = ranks.floor_of_two_groups(n, m)
    words = " and ".join(f"all {len(arm.values)} seeds of {arm.arm.name}" for arm in named)
    return p, f"{words} gave the same number: p is {g(p)} at least"


def _fewest_apart(ours: Measured, other: Measured) -> int | None:
    both = not (ours.arm.deterministic or other.arm.deterministic)
    return fewest(lambda n: (ranks.floor_of_two_groups(n, n) if both else 0.5**n) < ALPHA)


def _paired(claim: Claim, ours: Measured, other: Measured) -> Finding:
    a = dict(zip(ours.seeds, ours.values, strict=True))
    b = dict(zip(other.seeds, other.values, strict=True))
    if ours.arm.deterministic or other.arm.deterministic:
        return _unpaired(claim, ours, other)
    both = sorted(a.keys() & b.keys())
    gaps = [a[seed] - b[seed] for seed in both]
    excess = [_excess(claim, a[seed], b[seed]) for seed in both]
    if len(gaps) < 2:
        return _unpaired(replace(claim, paired=False), ours, other)
    of, p = sample(gaps), ranks.sign_flip_p(excess)
    found = _two_sided(claim, p, sum(excess), "sign-flip permutation")
    signs = _Signs.of(excess, "pairs")
    result, why = _start(claim, of, found, _less(ours, other))
    more = None
    if result.verdict is Verdict.IMPRECISE and signs.floor >= ALPHA:
        more, why = signs.enough, f"{why}; {signs.outlook}"
    interval, effect = means.mean_interval(gaps), effects.hedges_g_of_one(of, 0.0)
    told = lines(
        ours_line(of, "differences of the pairs"),
        f"sign flips of {of.n} pairs, two-sided: p = {g(p)}; {signs.words}",
        f"95 % interval of the mean difference (t): {span(interval)}",
        effect_line("Hedges' g of the differences", effect),
    )
    result = replace(result, why=why, interval=interval, effect=effect, more_seeds=more)
    return Finding(claim, replace(result, arithmetic=told), found.against, found.shown)


def _excess(claim: Claim, a: float, b: float) -> float:
    """How far the gap of two numbers is beyond the one claimed; 0 where that is their rounding."""
    excess = a - b - claim.claimed
    tie = abs(excess) <= _ROUNDING * max(abs(a), abs(b), abs(claim.claimed))
    return 0.0 if tie else excess


@dataclass(frozen=True, slots=True)
class _Signs:
    """How small a p the signs of ``n`` differences can have of which ``apart`` are no ties."""

    n: int
    apart: int
    what: str

    @classmethod
    def of(cls, excess: Sequence[float], what: str) -> "_Signs":
        return cls(len(excess), sum(value != 0 for value in excess), what)

    @property
    def floor(self) -> float:
        return ranks.floor_of_signs(self.apart)

    @property
    def words(self) -> str:
        if not self.apart:
            return f"all {self.n} {self.what} are ties"
        ties = self.n - self.apart
        of = f"{self.n} {self.what}{f', {ties} of them tied,' if ties else ''}"
        return f"the smallest p of {of} is 2/2^{self.apart} = {g(self.floor)}"

    @property
    def outlook(self) -> str:
        wanted = self.what if self.apart == self.n else f"{self.what} that are no ties"
        return f"{self.words}: six {wanted} at least could decide"

    @property
    def enough(self) -> int | None:
        """How many would decide, ties staying as frequent as they are."""
        return math.ceil(_FEWEST_SIGNS * self.n / self.apart) if self.apart else None


def _two_sided(claim: Claim, p: float, leaning: float, test: str) -> Sides:
    """A two-sided p speaks for the side that the differences lean to."""
    return sides(claim, p if leaning > 0 else 1.0, p if leaning < 0 else 1.0, test)


def _start(claim: Claim, of: Sample, found: Sides, what: str) -> tuple[ClaimResult, str]:
    verdict, words = found.verdict(claim)
    why = f"{what}: {words}"
    p = found.against if verdict is Verdict.DIFFERENT else found.shown
    return ClaimResult(claim.id, verdict, why, of.n, of.mean, of.sd, test=found.test, p=p), why


def _more(found: Callable[[int], Sides]) -> int | None:
    def decides(n: int) -> bool:
        by = found(n)
        return min(by.shown, by.against) < ALPHA

    return fewest(decides)


def _as(arm: Measured, of: Sample, n: int) -> Sample:
    return of if arm.arm.deterministic else replace(of, n=n)


def _less(ours: Measured, other: Measured) -> str:
    a, b = sample(ours.values).mean, sample(other.values).mean
    return f"{a:.4g} ({ours.arm.name}) less {b:.4g} ({other.arm.name})"
