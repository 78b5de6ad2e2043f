"""The judgement of a recipe's claims: a pure function of what was measured.

A *value* is reproduced where the two one-sided tests show our mean within the declared tolerance at
95 %; else it is consistent but imprecise where the claimed number lies in the 95 % prediction
interval of a further run of ours; else different. A *count* is reproduced within the tolerance. A
*bound* or *ordering* is reproduced where it is shown at 95 %, different where its contrary is.

Deterministic arms are measured once and compared as they are. A stochastic arm needs two seeds;
where all its seeds gave the same number there is no spread to test with, and it too is compared as
it is, which is said. A seed that gave no finite number is never left out silently: with one such
seed the claim is not comparable, with nothing else it is different. Where seeds failed or did not
measure it, the survivors show consistency at most.

An ordering whose claimed gap is 0 means strictly above or below: exact arms that are equal are
different from it.

A quick run shortens the arms that say how: it can show consistency, never reproduction, and a
difference seen in a shortened arm says nothing of the paper, so that it is not comparable.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from researchdesk.domain.recipes import Claim, ClaimKind, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult, Interval, Shortfall, Verdict
from researchdesk.harness import statistics
from researchdesk.harness.measured import Evidence, Measured, Undecidable, measured

_ALPHA = 0.05


def judge(
    recipe: Recipe,
    results: Sequence[SeedResult],
    *,
    quick: bool = False,
    failures: Mapping[Task, str] | None = None,
    left_out: Collection[str] = (),
) -> tuple[ClaimResult, ...]:
    """Judge every claim, in the recipe's order, from the seeds that finished.

    ``left_out`` are the arms that the run did not set out to run.
    """
    evidence = Evidence(recipe, results, failures or {}, left_out)
    return tuple(_judge_claim(claim, evidence, quick) for claim in recipe.claims)


def _judge_claim(claim: Claim, evidence: Evidence, quick: bool) -> ClaimResult:
    try:
        names = [claim.arm, *([claim.versus] if claim.versus else [])]
        arms = [measured(evidence, name, claim.metric) for name in names]
        result = _KINDS[claim.kind](claim, arms)
    except Undecidable as reason:
        return _undecided(claim, reason, quick)
    remarks = [remark for arm in arms for remark in arm.remarks]
    result = _of_survivors(replace(result, why="; ".join([result.why, *remarks])), arms)
    return _softened(result, arms) if quick else result


def _undecided(claim: Claim, reason: Undecidable, quick: bool) -> ClaimResult:
    finite = [value for value in reason.values if math.isfinite(value)]
    mean = math.fsum(finite) / len(finite) if finite else None
    unlike = quick and reason.verdict is Verdict.DIFFERENT
    verdict = Verdict.NOT_COMPARABLE if unlike else reason.verdict
    shortfall = None if verdict is Verdict.DIFFERENT else reason.shortfall
    return ClaimResult(claim.id, verdict, reason.why, n=len(finite), mean=mean, shortfall=shortfall)


def _value(claim: Claim, arms: Sequence[Measured]) -> ClaimResult:
    (ours,) = arms
    if claim.tolerance is None:
        why = "the recipe declares no tolerance"
        raise Undecidable(Verdict.NOT_COMPARABLE, Shortfall.NO_TOLERANCE, why, ours.values)
    if ours.exact:
        return _exactly(claim, ours, claim.tolerance)
    low, high = claim.claimed - claim.tolerance, claim.claimed + claim.tolerance
    p = statistics.equivalence_p(ours.values, low, high)
    inside = statistics.mean_interval(ours.values)
    if p < _ALPHA:
        why = f"the mean lies within {low:g} … {high:g} at 95 %"
        return _result(claim, ours, Verdict.REPRODUCED, why, inside, "TOST", p)
    ahead = statistics.prediction_interval(ours.values)
    words = (
        f"{claim.claimed:g} is {{}} {ahead.low:.4g} … {ahead.high:.4g}, where a further run falls"
    )
    if ahead.low <= claim.claimed <= ahead.high:
        margin = claim.tolerance - abs(statistics.sample(ours.values).mean - claim.claimed)
        why = f"{words.format('in')}; equivalence is not shown{_outlook(ours, margin)}"
        return _result(claim, ours, Verdict.IMPRECISE, why, ahead, "prediction interval")
    why = words.format("outside")
    return _result(claim, ours, Verdict.DIFFERENT, why, ahead, "prediction interval")


def _count(claim: Claim, arms: Sequence[Measured]) -> ClaimResult:
    (ours,) = arms
    tolerance = claim.tolerance or 0.0
    if ours.exact:
        return _exactly(claim, ours, tolerance)
    near = [value for value in ours.values if _within(value, claim.claimed, tolerance)]
    why = f"{len(near)} of {len(ours.values)} seeds count within ± {tolerance:g}"
    if len(near) == len(ours.values):
        return _result(claim, ours, Verdict.REPRODUCED, why, None, "exact")
    return _result(
        claim, ours, Verdict.IMPRECISE if near else Verdict.DIFFERENT, why, None, "exact"
    )


def _exactly(claim: Claim, ours: Measured, tolerance: float) -> ClaimResult:
    value = ours.values[0]
    met = _within(value, claim.claimed, tolerance)
    why = f"off by {abs(value - claim.claimed):g}, {'within' if met else 'outside'} ± {tolerance:g}"
    verdict = Verdict.REPRODUCED if met else Verdict.DIFFERENT
    return _result(claim, ours, verdict, why, None, "exact")


def _bound(claim: Claim, arms: Sequence[Measured]) -> ClaimResult:
    ours = arms[0]
    if ours.exact:
        return _exact_bound(claim, ours, ours.values[0], claim.claimed)
    above = statistics.above_p(ours.values, claim.claimed)
    below = statistics.below_p(ours.values, claim.claimed)
    interval = statistics.mean_interval(ours.values)
    result = _one_sided(claim, ours, above, below, interval, "one-sided t")
    if result.verdict is not Verdict.IMPRECISE:
        return result
    outlook = _outlook(ours, abs(statistics.sample(ours.values).mean - claim.claimed))
    return replace(result, why=result.why + outlook)


def _ordering(claim: Claim, arms: Sequence[Measured]) -> ClaimResult:
    ours, other = arms
    if ours.exact and other.exact:
        return _of_gap(_exact_gap(claim, ours, other), ours, other)
    gap = statistics.difference(ours.values, other.values)
    above, below = gap.above_p(claim.claimed), gap.below_p(claim.claimed)
    interval = gap.interval()
    result = _one_sided(claim, ours, above, below, interval, "one-sided Welch t")
    return _of_gap(result, ours, other)


def _of_gap(result: ClaimResult, ours: Measured, other: Measured) -> ClaimResult:
    """What is judged is the difference of two arms: its mean and the smaller number of seeds."""
    a, b = statistics.sample(ours.values), statistics.sample(other.values)
    why = f"{a.mean:.4g} ({ours.arm.name}) less {b.mean:.4g} ({other.arm.name}): {result.why}"
    return replace(result, why=why, n=min(a.n, b.n), mean=a.mean - b.mean, sd=None)


def _exact_gap(claim: Claim, ours: Measured, other: Measured) -> ClaimResult:
    a, b = ours.values[0], other.values[0]
    if claim.claimed != 0:
        return _exact_bound(claim, ours, a - b, claim.claimed)
    wanted = "above" if claim.direction == "at least" else "below"
    met = (a > b if wanted == "above" else a < b) and not _equal(a, b)
    why = f"{a - b:g} is {'' if met else 'not '}{wanted} 0"
    verdict = Verdict.REPRODUCED if met else Verdict.DIFFERENT
    return _result(claim, ours, verdict, why, None, "exact")


def _exact_bound(claim: Claim, ours: Measured, value: float, bound: float) -> ClaimResult:
    met = value >= bound if claim.direction == "at least" else value <= bound
    met = met or _equal(value, bound)
    why = f"{value:g} is {'' if met else 'not '}{claim.direction} {bound:g}"
    verdict = Verdict.REPRODUCED if met else Verdict.DIFFERENT
    return _result(claim, ours, verdict, why, None, "exact")


def _one_sided(
    claim: Claim, ours: Measured, above: float, below: float, interval: Interval, test: str
) -> ClaimResult:
    for_it, against = (above, below) if claim.direction == "at least" else (below, above)
    bound = f"{claim.direction} {claim.claimed:g}"
    if for_it < _ALPHA:
        verdict, why = Verdict.REPRODUCED, f"{bound} at 95 %"
    elif against < _ALPHA:
        verdict, why = Verdict.DIFFERENT, f"not {bound}, at 95 %"
    else:
        verdict, why = Verdict.IMPRECISE, f"neither {bound} nor its contrary is shown at 95 %"
    return _result(claim, ours, verdict, why, interval, test, for_it)


def _of_survivors(result: ClaimResult, arms: Sequence[Measured]) -> ClaimResult:
    if result.verdict is not Verdict.REPRODUCED or all(arm.whole for arm in arms):
        return result
    why = f"{result.why}; survivors only, which shows no more than consistency"
    return replace(result, verdict=Verdict.IMPRECISE, why=why)


def _softened(result: ClaimResult, arms: Sequence[Measured]) -> ClaimResult:
    if result.verdict is Verdict.REPRODUCED:
        why = f"{result.why}; a quick run shows no more than consistency"
        return replace(result, verdict=Verdict.IMPRECISE, why=why)
    if result.verdict is Verdict.DIFFERENT and any(arm.arm.quick for arm in arms):
        why = f"{result.why}; a quick run is shortened, so that this says nothing of the paper"
        verdict = Verdict.NOT_COMPARABLE
        return replace(result, verdict=verdict, why=why, shortfall=Shortfall.SHORTENED)
    return result


def _result(
    claim: Claim,
    ours: Measured,
    verdict: Verdict,
    why: str,
    interval: Interval | None,
    test: str,
    p: float | None = None,
) -> ClaimResult:
    of = statistics.sample(ours.values)
    sd = of.sd if of.n > 1 else None
    return ClaimResult(claim.id, verdict, why, of.n, of.mean, sd, interval, test, p)


def _outlook(ours: Measured, margin: float) -> str:
    """How many seeds would decide, if mean and spread stayed as they are."""
    enough = statistics.seeds_to_show(margin, statistics.sample(ours.values).sd)
    if enough is None:
        return "; more seeds alone would hardly decide"
    return f"; about {enough} seeds would decide, mean and spread staying as they are"


def _within(value: float, claimed: float, tolerance: float) -> bool:
    """Within the tolerance, its edge included whatever the rounding of binary fractions."""
    gap = abs(value - claimed)
    return gap <= tolerance or _equal(gap, tolerance)


def _equal(a: float, b: float) -> bool:
    """Equal but for the rounding of binary fractions."""
    return math.isclose(a, b, rel_tol=1e-9)


_KINDS = {
    ClaimKind.VALUE: _value,
    ClaimKind.COUNT: _count,
    ClaimKind.BOUND: _bound,
    ClaimKind.ORDERING: _ordering,
}
