"""Bounds: a one-sided t test of the mean against the claimed number."""

from dataclasses import dataclass, replace

from researchdesk.domain.recipes import Claim
from researchdesk.domain.verdicts import Verdict
from researchdesk.harness.judging.finding import (
    ALPHA,
    Finding,
    alike,
    effect_line,
    equal,
    exactly,
    g,
    lines,
    of_seeds,
    ours_line,
    outlook,
    span,
)
from researchdesk.harness.judging.measured import Measured
from researchdesk.harness.statistics import effects
from researchdesk.harness.statistics.means import Difference
from researchdesk.harness.statistics.planning import fewest
from researchdesk.harness.statistics.samples import Sample, sample


@dataclass(frozen=True, slots=True)
class Sides:
    """p of the test that a bound holds, of the test that its contrary does, and their name."""

    shown: float
    against: float
    test: str

    def verdict(self, claim: Claim) -> tuple[Verdict, str]:
        """Met, missed or open at 95 %, and that in words."""
        bound = f"{claim.direction} {claim.claimed:g}"
        if self.shown < ALPHA:
            return Verdict.REPRODUCED, f"{bound} at 95 %"
        if self.against < ALPHA:
            return Verdict.DIFFERENT, f"not {bound}, at 95 %"
        return Verdict.IMPRECISE, f"neither {bound} nor its contrary is shown at 95 %"


def sides(claim: Claim, above: float, below: float, test: str) -> Sides:
    """The p of being above and below the claimed number, put by the claim's direction."""
    return Sides(above, below, test) if claim.direction == "at least" else Sides(below, above, test)


def judge_bound(claim: Claim, ours: Measured) -> Finding:
    """The mean of an arm against a bound."""
    of = sample(ours.values)
    if ours.arm.deterministic or ours.alike:
        met, why = met_exactly(claim, of.mean)
        if ours.alike:
            return alike(claim, ours, met=met, why=why)
        return exactly(claim, ours, Verdict.REPRODUCED if met else Verdict.DIFFERENT, why)
    found = _sides(claim, of)
    verdict, why = found.verdict(claim)
    more = (
        fewest(lambda n: _decided(claim, replace(of, n=n)))
        if verdict is Verdict.IMPRECISE
        else None
    )
    why += outlook(more) if verdict is Verdict.IMPRECISE else ""
    interval = Difference(of.mean, of.error, of.n - 1).interval()
    effect = effects.hedges_g_of_one(of, claim.claimed)
    p = found.against if verdict is Verdict.DIFFERENT else found.shown
    result = replace(
        of_seeds(claim, of, verdict, why),
        interval=interval,
        test=found.test,
        p=p,
        effect=effect,
        more_seeds=more,
        arithmetic=lines(
            ours_line(of),
            f"t = ({g(of.mean)} - {claim.claimed:g}) / ({g(of.sd)} / √{of.n}) = "
            f"{g((of.mean - claim.claimed) / of.error)}, {of.n - 1} degrees of freedom",
            f"p that it is {claim.direction} {claim.claimed:g}: {g(found.shown)}; "
            f"of the contrary: {g(found.against)}",
            f"95 % interval of the mean: {span(interval)}",
            effect_line("Hedges' g", effect),
        ),
    )
    return Finding(claim, result, found.against)


def met_exactly(claim: Claim, value: float) -> tuple[bool, str]:
    """Whether a number keeps the bound, its edge included, and that in words."""
    bound = claim.claimed
    met = value >= bound if claim.direction == "at least" else value <= bound
    met = met or equal(value, bound)
    return met, f"{value:g} is {'' if met else 'not '}{claim.direction} {bound:g}"


def _sides(claim: Claim, of: Sample) -> Sides:
    gap = Difference(of.mean, of.error, of.n - 1)
    return sides(claim, gap.above_p(claim.claimed), gap.below_p(claim.claimed), "one-sided t")


def _decided(claim: Claim, of: Sample) -> bool:
    found = _sides(claim, of)
    return min(found.shown, found.against) < ALPHA
