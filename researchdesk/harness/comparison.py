"""The judgement of a recipe's claims: a pure function of what was measured.

In this order: *untested* where nothing was measured; *not comparable* where it was measured on
other data, by one seed only, or without a tolerance; *reproduced* where equivalence within the
tolerance is shown (TOST), or an exact claim, an ordering or a bound is met at 95 %; *different*
where the claimed number is outside the 95 % interval, or the contrary is shown; else *consistent,
imprecise*. The difference tests of a table's claims are corrected together (Holm).

Deterministic arms are measured once and compared as they are. A stochastic arm needs two seeds;
where all its seeds gave the same number there is no spread to test with: five alike decide, fewer
do not. A seed that gave no finite number is never left out silently: with one such seed the claim
is not comparable, with nothing else it is different; where it is the other arm of a comparison that
gave nothing else, nothing is there to compare with, so that it is not comparable either. Where
seeds failed or did not measure it, the survivors show consistency at most.

An ordering whose claimed gap is 0 means strictly above or below: exact arms that are equal are
different from it. Orderings are tested on other data too; numbers are not comparable there.

A quick run shortens the arms that say how: it can show consistency, never reproduction, and a
difference seen in a shortened arm says nothing of the paper, so that it is not comparable.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from researchdesk.domain.recipes import Claim, ClaimKind, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult, Shortfall, Verdict
from researchdesk.harness.judging.bounds import judge_bound
from researchdesk.harness.judging.finding import Finding
from researchdesk.harness.judging.measured import Evidence, Measured, Undecidable, measured
from researchdesk.harness.judging.orderings import judge_ordering, judge_over_datasets
from researchdesk.harness.judging.paper import papers_sample
from researchdesk.harness.judging.rates import judge_rate
from researchdesk.harness.judging.tables import corrected
from researchdesk.harness.judging.values import judge_value
from researchdesk.harness.statistics.samples import sample


def judge(
    recipe: Recipe,
    results: Sequence[SeedResult],
    *,
    quick: bool = False,
    failures: Mapping[Task, str] | None = None,
    left_out: Collection[str] = (),
    missing: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
) -> tuple[ClaimResult, ...]:
    """Judge every claim, in the recipe's order, from the seeds that finished.

    ``left_out`` are the arms that the run did not set out to run; ``missing`` says of an arm why it
    could not be run here; ``data`` says for a data need what was taken: its own name, or
    ``substitute:`` and the source of what took its place.
    """
    evidence = Evidence(recipe, results, failures or {}, left_out, missing or {}, data or {})
    judged = [_judge_claim(claim, evidence, quick) for claim in recipe.claims]
    by_table = corrected([finding for finding, _ in judged])
    return tuple(
        _weakened(result, arms, quick) for result, (_, arms) in zip(by_table, judged, strict=True)
    )


def _judge_claim(
    claim: Claim, evidence: Evidence, quick: bool
) -> tuple[Finding, tuple[Measured, ...]]:
    """The claim by itself, and the arms that it was judged by."""
    other_data = evidence.substituted(claim)
    numbers = claim.kind is not ClaimKind.ORDERING
    try:
        arms = _arms(claim, evidence)
        if other_data and numbers:
            return Finding(claim, _on_other_data(claim, other_data, arms[0].values)), ()
        finding = _by_kind(claim, arms)
    except Undecidable as reason:
        if other_data and numbers and reason.verdict is Verdict.DIFFERENT:
            return Finding(claim, _on_other_data(claim, other_data, ())), ()
        return Finding(claim, _undecided(claim, reason, quick)), ()
    spread = papers_sample(claim)
    remarks = [remark for arm in arms for remark in arm.remarks]
    remarks += [f"on {words}" for words in other_data]
    remarks += [spread[1]] if spread[0] is None and spread[1] else []
    why = "; ".join([finding.result.why, *dict.fromkeys(remarks)])
    return replace(finding, result=replace(finding.result, why=why)), arms


def _arms(claim: Claim, evidence: Evidence) -> tuple[Measured, ...]:
    names = [claim.arm, *([claim.versus] if claim.versus else [])]
    metrics = [f"{claim.metric}/{dataset}" for dataset in claim.over] or [claim.metric]
    try:
        return tuple(measured(evidence, name, metric) for metric in metrics for name in names)
    except Undecidable as reason:
        if reason.verdict is not Verdict.DIFFERENT or reason.arm != claim.versus:
            raise
        why = f"{reason.why}: nothing to compare {claim.arm} with"
        raise Undecidable(Verdict.NOT_COMPARABLE, reason.shortfall, why) from None


def _by_kind(claim: Claim, arms: Sequence[Measured]) -> Finding:
    if claim.kind is ClaimKind.ORDERING:
        pairs = list(zip(arms[::2], arms[1::2], strict=True))
        return judge_over_datasets(claim, pairs) if claim.over else judge_ordering(claim, *pairs[0])
    return _OF_ONE_ARM[claim.kind](claim, arms[0])


_OF_ONE_ARM = {
    ClaimKind.VALUE: judge_value,
    ClaimKind.COUNT: judge_value,
    ClaimKind.BOUND: judge_bound,
    ClaimKind.RATE: judge_rate,
}


def _undecided(claim: Claim, reason: Undecidable, quick: bool) -> ClaimResult:
    # An ordering is of a difference, and what one arm measured is none.
    values = () if claim.kind is ClaimKind.ORDERING else reason.values
    finite = [value for value in values if math.isfinite(value)]
    mean = sample(finite).mean if finite else None
    unlike = quick and reason.verdict is Verdict.DIFFERENT
    verdict = Verdict.NOT_COMPARABLE if unlike else reason.verdict
    shortfall = None if verdict is Verdict.DIFFERENT else reason.shortfall
    return ClaimResult(claim.id, verdict, reason.why, n=len(finite), mean=mean, shortfall=shortfall)


def _on_other_data(claim: Claim, words: Sequence[str], values: Sequence[float]) -> ClaimResult:
    why = f"measured on other data: {'; '.join(words)}"
    result = ClaimResult(claim.id, Verdict.NOT_COMPARABLE, why, shortfall=Shortfall.OTHER_DATA)
    if not values:
        return result
    of = sample(values)
    return replace(result, n=of.n, mean=of.mean, sd=of.sd if of.n > 1 else None)


def _weakened(result: ClaimResult, arms: Sequence[Measured], quick: bool) -> ClaimResult:
    result = _of_survivors(result, arms)
    return _softened(result, arms) if quick and arms else result


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
