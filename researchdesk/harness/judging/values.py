"""Values and counts: equivalence within the tolerance, else the prediction interval.

Where the paper tells the spread of its runs, the interval is that of the difference of two means,
about the paper's: m_c ± t · √(s_c²/n_c + s²/n). Else its number counts as one further run of ours:
m ± t · s · √(1 + 1/n). Either way the difference's interval carries the uncertainty of both sides.
It lies wholly outside the tolerance only where the claimed number is outside the interval too, so
that these two ways of being *different* do not add up to more than 5 % for a claim that is true.
"""

from dataclasses import dataclass, replace

from researchdesk.domain.recipes import Claim, ToleranceRule
from researchdesk.domain.verdicts import ClaimResult, Interval, Shortfall, Verdict
from researchdesk.harness.judging.finding import (
    ALPHA,
    Finding,
    alike,
    effect_line,
    exactly,
    g,
    lines,
    of_seeds,
    ours_line,
    outlook,
    span,
    within,
)
from researchdesk.harness.judging.measured import Measured, Undecidable
from researchdesk.harness.judging.paper import papers_sample
from researchdesk.harness.statistics import effects, means
from researchdesk.harness.statistics.means import Difference
from researchdesk.harness.statistics.planning import fewest
from researchdesk.harness.statistics.samples import Sample, sample


def judge_value(claim: Claim, ours: Measured) -> Finding:
    """A value or a count against the paper's number. Raises Undecidable without a tolerance."""
    tolerance = tolerance_of(claim, ours)
    of = sample(ours.values)
    if ours.arm.deterministic or ours.alike:
        return _as_it_is(claim, ours, tolerance)
    case = _Case(claim, of, papers_sample(claim)[0], tolerance)
    against, equivalence = case.gap(of).two_sided_p(), case.shift(of).equivalence_p(tolerance)
    effect = case.effect()
    result = replace(_verdict(case, against, equivalence), effect=effect)
    result = replace(result, arithmetic=_arithmetic(case, against, equivalence, effect))
    wider = None if result.verdict is Verdict.REPRODUCED else case.ahead
    return Finding(claim, result, against, wider=wider)


def tolerance_of(claim: Claim, ours: Measured) -> float:
    """The declared tolerance, in the claim's unit. Raises Undecidable."""
    if claim.tolerance is None:
        why = "the recipe declares no tolerance"
        raise Undecidable(Verdict.NOT_COMPARABLE, Shortfall.NO_TOLERANCE, why, ours.values)
    return claim.tolerance


def tolerance_line(claim: Claim) -> str:
    """The tolerance and what it follows from, for the arithmetic."""
    if claim.tolerance is None:
        return ""
    rule = f" ({claim.tolerance_rule})" if claim.tolerance_rule else ""
    reason = f": {claim.tolerance_reason}" if claim.tolerance_rule is ToleranceRule.CHOSEN else ""
    return f"tolerance: ± {claim.tolerance:g}{rule}{reason}"


@dataclass(frozen=True, slots=True)
class _Case:
    """One claim, our sample, the paper's where it tells one, and the tolerance."""

    claim: Claim
    ours: Sample
    paper: Sample | None
    tolerance: float

    def shift(self, of: Sample) -> Difference:
        """Our mean less the paper's: what is to be within the tolerance."""
        if self.paper:
            return means.papers_mean(of, self.paper)
        return Difference(of.mean - self.claim.claimed, of.error, of.n - 1)

    def gap(self, of: Sample) -> Difference:
        """The difference by which the claim is told from a true one."""
        if self.paper:
            return means.papers_mean(of, self.paper)
        return means.further_run(of, self.claim.claimed)

    def ahead(self, level: float = 1 - ALPHA) -> Interval:
        """Where a further run of ours, or our mean by the paper's, falls."""
        middle = self.claim.claimed if self.paper else self.ours.mean
        half = self.gap(self.ours).half(level)
        return Interval(middle - half, middle + half)

    def effect(self) -> float | None:
        if self.paper:
            return effects.hedges_g(self.ours, self.paper)
        return effects.hedges_g_of_one(self.ours, self.claim.claimed)

    def enough(self) -> int | None:
        """The fewest seeds that would decide either way, mean and spread staying as they are."""

        def decides(n: int) -> bool:
            of = replace(self.ours, n=n)
            return (
                self.shift(of).equivalence_p(self.tolerance) < ALPHA
                or self.gap(of).two_sided_p() < ALPHA
            )

        return fewest(decides)


def _as_it_is(claim: Claim, ours: Measured, tolerance: float) -> Finding:
    value = ours.values[0]
    met = within(value, claim.claimed, tolerance)
    why = f"off by {abs(value - claim.claimed):g}, {'within' if met else 'outside'} ± {tolerance:g}"
    if ours.arm.deterministic:
        return exactly(claim, ours, Verdict.REPRODUCED if met else Verdict.DIFFERENT, why)
    finding = alike(claim, ours, met=met, why=why)
    paper = papers_sample(claim)[0]
    if finding.result.verdict is not Verdict.DIFFERENT or not paper or paper.sd == 0:
        return finding
    case = _Case(claim, sample(ours.values), paper, tolerance)
    against = case.gap(case.ours).two_sided_p()
    verdict = Verdict.DIFFERENT if against < ALPHA else Verdict.IMPRECISE
    said = f"{finding.result.why}; {_in_or_out(case)}"
    told = lines(finding.result.arithmetic, _interval_lines(case, against))
    result = replace(
        finding.result, verdict=verdict, why=said, interval=case.ahead(), p=against, arithmetic=told
    )
    return Finding(claim, replace(result, test=_name(case)), against, wider=case.ahead)


def _verdict(case: _Case, against: float, equivalence: float) -> ClaimResult:
    claim, tolerance = case.claim, case.tolerance
    if equivalence < ALPHA:
        low, high = claim.claimed - tolerance, claim.claimed + tolerance
        why = f"the mean lies within {low:g} … {high:g} at 95 %"
        half = means.t_quantile(case.ours.n - 1, 1 - ALPHA) * case.ours.error
        interval = Interval(case.ours.mean - half, case.ours.mean + half)
        result = of_seeds(claim, case.ours, Verdict.REPRODUCED, why)
        return replace(result, interval=interval, test="TOST", p=equivalence)
    if against < ALPHA:
        why = f"{_in_or_out(case)}; {_beyond(case)}"
        result = of_seeds(claim, case.ours, Verdict.DIFFERENT, why)
    else:
        more = case.enough()
        why = f"{_in_or_out(case)}; equivalence is not shown{outlook(more)}"
        result = replace(of_seeds(claim, case.ours, Verdict.IMPRECISE, why), more_seeds=more)
    return replace(result, interval=case.ahead(), test=_name(case), p=against)


def _name(case: _Case) -> str:
    return "prediction interval, Welch" if case.paper else "prediction interval"


def _in_or_out(case: _Case) -> str:
    ahead = case.ahead()
    if case.paper:
        where = "in" if ahead.low <= case.ours.mean <= ahead.high else "outside"
        return (
            f"our mean {g(case.ours.mean)} is {where} {span(ahead)}, where the paper's runs put it"
        )
    where = "in" if ahead.low <= case.claim.claimed <= ahead.high else "outside"
    return f"{case.claim.claimed:g} is {where} {span(ahead)}, where a further run falls"


def _beyond(case: _Case) -> str:
    of = case.gap(case.ours).interval()
    wholly = of.low > case.tolerance or of.high < -case.tolerance
    if wholly:
        return f"the difference, {span(of)} at 95 %, is wholly outside ± {case.tolerance:g}"
    return f"the difference, {span(of)} at 95 %, may yet be within ± {case.tolerance:g}"


def _arithmetic(
    case: _Case, against: float, equivalence: float, effect: float | None
) -> tuple[str, ...]:
    shift = case.shift(case.ours)
    told = papers_sample(case.claim)[1] or f"paper: {case.claim.claimed:g}, one number"
    return lines(
        ours_line(case.ours),
        told,
        tolerance_line(case.claim),
        f"TOST: |difference| = |{g(shift.mean)}| < {case.tolerance:g}, standard error "
        f"{g(shift.error)}: p = {g(equivalence)}",
        _interval_lines(case, against),
        effect_line("Hedges' g", effect),
    )


def _interval_lines(case: _Case, against: float) -> list[str]:
    gap, of, paper = case.gap(case.ours), case.ours, case.paper
    t = means.t_quantile(gap.freedom, 1 - ALPHA)
    if paper is None:
        form = "95 % prediction interval: m ± t · s · √(1 + 1/n)"
        middle = f"  = {g(of.mean)} ± {g(t)} · {g(of.sd)} · √(1 + 1/{of.n}) = {span(case.ahead())}"
    else:
        welch = gap == means.welch(of, paper)
        form = "95 % interval about the paper's mean: m_c ± t · √(s_c²/n_c + s²/n)"
        if not welch:
            form = "95 % interval, spread pooled (wider than Welch's): m_c ± t · error"
        middle = f"  = {g(paper.mean)} ± {g(t)} · {g(gap.error)} = {span(case.ahead())}"
    low = f"t with {g(gap.freedom)} degrees of freedom; p of a difference = {g(against)}"
    beyond = f"difference {g(gap.mean)}, 95 % interval {span(gap.interval())}"
    return [form, middle, f"  {low}", beyond]
