"""What the runs answer of their numbers: seeds, spread, statistics, search, checks, verdicts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import wraps

from researchdesk.domain.checklist_facts import Answerer, Facts, RunKept, graded, not_known
from researchdesk.domain.checklists import Evidence, Found
from researchdesk.domain.recipes import Claim, HyperRange
from researchdesk.domain.runs import RunState
from researchdesk.domain.seeding import HYPER
from researchdesk.domain.story_facts import ENOUGH_SEEDS
from researchdesk.domain.verdicts import ClaimResult, Verdict

EXACT = "exact"
"""The test of a claim that is compared as it was measured."""
DECIDED = (Verdict.REPRODUCED, Verdict.DIFFERENT)
"""What is shown at 95 %, one way or the other."""
_MOST = 6
STOPPED = (RunState.RUNNING, RunState.INTERRUPTED, RunState.CRASHED, RunState.AWAY)
"""States of a run that has not come to its end."""


def no_runs(facts: Facts) -> Found:
    """The answer of every question about runs where there are none."""
    if facts.subject is None:
        return not_known("Name what is released, too: a paper, a run, a story, an investigation.")
    wanted = facts.subject.wanted
    typed = [f"researchdesk reproduce {one.arxiv_id or one.name}" for one in wanted[:1]]
    link = "Link the runs that show it in the story: [[run:ID]]."
    begin = f"researchdesk recipe new {facts.subject.ref}"
    mend = typed or [link if facts.subject.story else begin]
    return not_known(*mend, lacks="No run of it is on the desk.")


def of_runs(answer: Answerer) -> Answerer:
    """An answerer that is asked only where there are runs; else it is told that there are none."""

    @wraps(answer)
    def asked(facts: Facts) -> Found:
        return answer(facts) if facts.runs else no_runs(facts)

    return asked


def lists() -> tuple[list[Evidence], list[str], list[str]]:
    """What an answer is gathered in: evidence, what lacks, what mends it."""
    return [], [], []


def changed_since(kept: RunKept) -> list[str]:
    """What to say where the recipe that is kept with a run is not the one that ran."""
    if kept.recipe.digest == kept.run.recipe_digest:
        return []
    return [f"the recipe in {kept.run.id} is not what was run: it was changed since"]


@of_runs
def seeds(facts: Facts) -> Found:
    """Whether each arm that is not exact was run on several seeds."""
    good, lacks, mend = lists()
    for kept in facts.runs:
        counted = [(arm.name, count) for arm, count in kept.seeds() if not arm.deterministic]
        exact = [arm.name for arm, _ in kept.seeds() if arm.deterministic]
        few = [f"{name} ({count})" for name, count in counted if count < ENOUGH_SEEDS]
        if exact:
            good.append(Evidence(f"{named(exact)}: exact, one run is all there is", kept.ref))
        if len(few) < len(counted):
            good.append(Evidence(_seeds_said(counted), kept.ref))
        if few:
            lacks.append(f"fewer than {ENOUGH_SEEDS} seeds in {kept.run.id}: {named(few)}")
            mend.append(enough_seeds(kept))
        tell_doubts(kept, lacks, mend)
    return graded(good, lacks, mend)


@of_runs
def error_bars(facts: Facts) -> Found:
    """Whether each number that was measured has its spread beside it."""
    good, lacks, mend = lists()
    for kept in facts.runs:
        told = [(claim, one) for claim, one in judged(kept) if one.mean is not None]
        spread = [c.id for c, one in told if one.sd is not None or one.interval is not None]
        exact = [c.id for c, one in told if c.id not in spread and _is_exact(kept, c, one)]
        bare = [c.id for c, _ in told if c.id not in spread and c.id not in exact]
        if spread:
            said = f"{count_of(spread, 'number')} with a standard deviation or a 95 % interval"
            good.append(Evidence(said, kept.ref))
        if exact:
            good.append(Evidence(f"{count_of(exact, 'exact number')}: no spread", kept.ref))
        if bare:
            lacks.append(f"no spread in {kept.run.id}: {named(bare)}")
            mend.append(enough_seeds(kept))
        tell_doubts(kept, lacks, mend)
    if not good and not lacks:
        return not_known(facts.runs[0].command, lacks="No number of a claim was measured.")
    return graded(good, lacks, mend)


@of_runs
def verdicts(facts: Facts) -> Found:
    """Whether each claim is judged by what was measured; those that differ are named."""
    good, lacks, mend = lists()
    for kept in facts.runs:
        counted = Counter(one.verdict for one in kept.claims)
        sure = [f"{counted[word]} {word.value}" for word in DECIDED if counted[word]]
        if sure:
            good.append(
                Evidence(f"of {count_of(kept.claims, 'claim')} {', '.join(sure)}", kept.ref)
            )
        against = [one.claim_id for one in kept.claims if one.verdict is Verdict.DIFFERENT]
        if against:
            good.append(Evidence(f"different, and to be told so: {named(against)}", kept.ref))
        rest = [f"{one.claim_id} ({one.verdict.value})" for one in kept.claims
                if one.verdict not in DECIDED]  # fmt: skip
        if rest:
            lacks.append(f"not decided in {kept.run.id}: {named(rest)}")
            more = max((one.more_seeds or 0 for one in kept.claims), default=0)
            mend.append(f"{kept.command} --seeds {more}" if more else kept.command)
        tell_doubts(kept, lacks, mend)
    if not good and not lacks:
        return not_known("Put claims in recipe.toml.", lacks="No recipe that was run has a claim.")
    return graded(good, lacks, mend)


@of_runs
def search(facts: Facts) -> Found:
    """Whether it is known how settings were searched, and with what budget."""
    good, lacks, mend = lists()
    drawn = {run.recipe: run for run in facts.searches}
    for kept in facts.runs:
        ranges, found = kept.recipe.ranges, drawn.get(kept.run.recipe)
        if found is not None:
            count = sum(one.task.vary == HYPER for one in found.results)
            said = f"{count} settings drawn from {_ranges_said(ranges)}"
            good.append(Evidence(said, f"run:{found.id}"))
            lacks.append("by what rule the settings were chosen, no run shows")
            mend.append("Answer it yourself, with the rule: --answer search yes --why TEXT")
        elif ranges:
            lacks.append(f"{kept.recipe.name} names ranges, and none was drawn from")
            mend.append(f"{kept.command} --vary hyper")
    if good or lacks:
        return graded(good, lacks, mend)
    return not_known(
        "Answer it yourself; or declare [ranges.NAME] in recipe.toml and run --vary hyper.",
        lacks="No recipe that was run names ranges that its settings were chosen from.",
    )


@of_runs
def checks(facts: Facts) -> Found:
    """Whether the checks before and in the runs passed."""
    good, lacks, mend = lists()
    against = False
    for kept in facts.runs:
        passed = [one for one in kept.run.checks if one.get("ok") is True]
        failed = [str(one.get("name", "")) for one in kept.run.checks if one.get("ok") is False]
        unmade = [str(one.get("name", "")) for one in kept.run.checks
                  if one.get("ok") is None and "state" not in one]  # fmt: skip
        if passed:
            good.append(Evidence(f"{count_of(passed, 'check')} passed", kept.ref))
        if failed:
            against = True
            lacks.append(f"failed in {kept.run.id}: {named(failed)}")
            mend.append(f"researchdesk check {kept.run.arxiv_id or kept.run.recipe}")
        if unmade:
            lacks.append(f"not made in {kept.run.id}: {named(unmade)}")
            mend.append(f"researchdesk check {kept.run.arxiv_id or kept.run.recipe}")
    if good or against:
        return graded(good, lacks, mend)
    name = facts.runs[0].run.arxiv_id or facts.runs[0].run.recipe
    return not_known(f"researchdesk check {name}", lacks="No check was made in these runs.")


def judged(kept: RunKept) -> list[tuple[Claim, ClaimResult]]:
    """The claims of a run with what it says of them."""
    known = {claim.id: claim for claim in kept.recipe.claims}
    return [(known[one.claim_id], one) for one in kept.claims if one.claim_id in known]


def named(names: Iterable[str], most: int = _MOST) -> str:
    """``a, b and 3 more``."""
    every = list(names)
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"


def count_of(items: Sequence[object], word: str) -> str:
    """``1 claim``, ``3 claims``."""
    return f"{len(items)} {word}{'' if len(items) == 1 else 's'}"


def enough_seeds(kept: RunKept) -> str:
    """What is typed to run it with as many seeds as a test needs."""
    return f"{kept.command} --seeds {max(ENOUGH_SEEDS, kept.recipe.seeds)}"


def tell_doubts(kept: RunKept, lacks: list[str], mend: list[str]) -> None:
    """What keeps any answer about a run's numbers from a plain yes: it was quick, it was stopped,
    seeds of it failed, or its recipe is not what ran."""
    run, before = kept.run, len(lacks)
    if run.quick:
        lacks.append(f"{run.id} is a quick run, with shortened settings")
    if run.state in STOPPED:
        lacks.append(
            f"{run.id} is {run.state.value}: {len(run.results)} of {len(run.tasks)} seeds finished"
        )
        mend.append(f"researchdesk runs resume {run.id}")
    if run.failures:
        arms = sorted({task.arm for task in run.failures})
        lacks.append(f"{count_of(list(run.failures), 'seed')} failed in {run.id}: {named(arms)}")
    if run.missing:
        lacks.append(f"not run in {run.id}: {named(sorted(run.missing))}")
    lacks += changed_since(kept)
    if len(lacks) > before:
        mend.append(kept.command)


def _is_exact(kept: RunKept, claim: Claim, result: ClaimResult) -> bool:
    arms = [kept.recipe.arm(name) for name in (claim.arm, claim.versus) if name]
    return result.test == EXACT or all(arm is not None and arm.deterministic for arm in arms)


def _seeds_said(counted: list[tuple[str, int]]) -> str:
    counts = sorted({count for _, count in counted})
    if len(counts) == 1:
        word = "seed" if counts[0] == 1 else "seeds"
        return f"{counts[0]} {word} in each of {count_of(counted, 'arm')}"
    return f"{counts[0]} to {counts[-1]} seeds in {count_of(counted, 'arm')}"


def _ranges_said(ranges: Sequence[HyperRange]) -> str:
    told = [
        f"{one.name} {', '.join(map(str, one.choices))}"
        if one.choices
        else f"{one.name} {one.low:g} … {one.high:g}{' (logarithmic)' if one.log else ''}"
        for one in ranges
    ]
    return "; ".join(told) or "ranges that the recipe does not name any more"


ANSWERERS: Mapping[str, Answerer] = {
    "seeds": seeds,
    "error bars": error_bars,
    "verdicts": verdicts,
    "search": search,
    "checks": checks,
}
