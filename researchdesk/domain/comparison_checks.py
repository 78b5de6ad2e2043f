"""What the runs answer of their comparisons: with whose methods, tested, more than seeds make."""

from collections.abc import Mapping

from researchdesk.domain.checklist_facts import Answerer, Facts, RunKept, graded
from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.figures import interval
from researchdesk.domain.recipes import Arm, ArmKind, Claim
from researchdesk.domain.run_checks import (
    DECIDED,
    EXACT,
    count_of,
    enough_seeds,
    judged,
    lists,
    named,
    of_runs,
    tell_doubts,
)
from researchdesk.domain.verdicts import ClaimResult, Verdict

_THEIRS = (ArmKind.BASELINE, ArmKind.AUTHORS)
_LEVEL = 0.05


@of_runs
def comparison(facts: Facts) -> Found:
    """Whether a method of others was run beside ours, on the same seeds."""
    good: list[Evidence] = []
    lacks = [one.message for one in facts.missing if one.rule == "comparison without their method"]
    mend = [one.experiment for one in facts.missing
            if one.rule == "comparison without their method"]  # fmt: skip
    for kept in facts.runs:
        ran = [arm for arm, _ in kept.seeds()]
        theirs = [arm for arm in ran if arm.kind in _THEIRS]
        names = {arm.name for arm in ran}
        against = sorted({one.versus for one in kept.recipe.claims if one.versus} & names)
        if theirs:
            said = f"baselines run: {named(arm.name for arm in theirs)}"
            good.append(Evidence(said, kept.ref))
        else:
            lacks.append(
                f"no arm that was run in {kept.run.id} is a baseline, or the authors' own code"
            )
            mend.append('Add an arm with kind = "baseline" to the recipe, on the same seeds.')
        if against:
            good.append(Evidence(f"arms compared with: {named(against)}", kept.ref))
        if others := _on_other_seeds(kept, ran, theirs):
            lacks.append(f"on other seeds than ours in {kept.run.id}: {named(others)}")
            mend.append(kept.command)
        tell_doubts(kept, lacks, mend)
    return graded(good, lacks, mend)


@of_runs
def statistics(facts: Facts) -> Found:
    """Whether each comparison of two arms is tested, and tests of one table corrected together."""
    good, lacks, mend = lists()
    for kept in facts.runs:
        tested = [one for _, one in _compared(kept) if one.test]
        bare = [claim.id for claim, one in _compared(kept) if not one.test]
        if tested:
            kinds = sorted({one.test.partition(",")[0] for one in tested})
            holm = sum(one.p_adjusted is not None for one in tested)
            said = f"{count_of(tested, 'comparison')} tested ({', '.join(kinds)})"
            corrected = f", {holm} corrected with those of their table (Holm)" if holm else ""
            good.append(Evidence(said + corrected, kept.ref))
        if bare:
            lacks.append(f"not tested in {kept.run.id}: {named(bare)}")
            mend.append(enough_seeds(kept))
        if tested or bare:
            tell_doubts(kept, lacks, mend)
    return graded(good, lacks, mend) if good or lacks else _nothing_compared()


@of_runs
def differences(facts: Facts) -> Found:
    """Whether each difference of two arms is more than the seeds make, at 5 %, corrected."""
    good, lacks, mend = lists()
    for kept in facts.runs:
        compared = _compared(kept)
        more, rest = (
            [
                f"{claim.id} ({_p_said(claim, one)})"
                for claim, one in compared
                if _is_more(claim, one) is wanted
            ]
            for wanted in (True, False)
        )
        if more:
            good.append(Evidence(f"more than the seeds make: {named(more)}", kept.ref))
        if rest:
            lacks.append(
                f"not shown to be more than the seeds make in {kept.run.id}: {named(rest)}"
            )
            mend.append(f"Say so where it is told; or more seeds may show it: {kept.command}")
        if compared:
            tell_doubts(kept, lacks, mend)
    return graded(good, lacks, mend) if good or lacks else _nothing_compared()


def _compared(kept: RunKept) -> list[tuple[Claim, ClaimResult]]:
    return [(claim, one) for claim, one in judged(kept) if claim.versus]


def _nothing_compared() -> Found:
    return Found(Answer.NOT_APPLICABLE, lacks=("No claim that was run compares two arms.",))


def _p(result: ClaimResult) -> float | None:
    return result.p if result.p_adjusted is None else result.p_adjusted


def _is_more(claim: Claim, result: ClaimResult) -> bool:
    """Whether the two arms differ, which is not whether they do so by the gap that is claimed."""
    if result.test in ("", EXACT):
        return result.test == EXACT and bool(result.mean)
    if claim.claimed == 0:
        p = _p(result)
        return result.verdict in DECIDED or (p is not None and p < _LEVEL)
    of = result.interval
    return _is_implied(claim, result) or (of is not None and (of.low > 0 or of.high < 0))


def _is_implied(claim: Claim, result: ClaimResult) -> bool:
    """What is above a gap that is above 0 is so itself; below a gap below 0 likewise."""
    upward = (claim.direction == "at least") == (result.verdict is Verdict.REPRODUCED)
    return result.verdict in DECIDED and (claim.claimed > 0) == upward


def _p_said(claim: Claim, result: ClaimResult) -> str:
    if result.test == EXACT:
        return "exact, no seeds" if result.mean else "exactly alike"
    if claim.claimed != 0 and (between := interval(claim, result)):
        return f"95 % interval {between}"
    p = _p(result)
    if p is None or (claim.claimed != 0 and p >= _LEVEL):
        return result.verdict.value
    return f"p = {p:.2g}{', corrected' if result.p_adjusted is not None else ''}"


def _on_other_seeds(kept: RunKept, ran: list[Arm], theirs: list[Arm]) -> list[str]:
    """Their arms that have not the seeds which ours have; exact ones need none."""
    seeds = {
        arm.name: {one.task.seed for one in kept.run.results if one.task.arm == arm.name}
        for arm in ran
        if not arm.deterministic
    }
    names = [arm.name for arm in theirs]
    wanted = set[int]().union(*(found for name, found in seeds.items() if name not in names))
    return [name for name in names if name in seeds and not wanted <= seeds[name]]


ANSWERERS: Mapping[str, Answerer] = {
    "comparison": comparison,
    "statistics": statistics,
    "differences": differences,
}
