"""What the linked runs measured of experiments, put together as if it were one run."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.investigations import (
    NO_OUTCOME,
    Experiment,
    LinkedRun,
    Outcome,
    OutcomeKind,
    SeedMean,
    outcome_of,
)
from researchdesk.domain.recipes import Arm, ArmKind, Claim, Recipe
from researchdesk.domain.runs import RunSummary, SeedResult, Task
from researchdesk.errors import DeskError
from researchdesk.harness.comparison import judge
from researchdesk.harness.statistics.samples import sample
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_claims import claim_of
from researchdesk.services.experiment_likeness import Made, made, unlike
from researchdesk.services.linked_runs import counts
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.run_summaries import summary


@dataclass(frozen=True, slots=True)
class Gathered:
    """Results under the experiments' names, of one run each, as ``linked`` tells.

    ``recipe`` has the experiments as its arms, and the baselines that came free with the first;
    ``missing`` says why there is nothing of one. ``data`` is what all took for a need; where some
    took another, ``made`` alone tells it.
    """

    recipe: Recipe
    results: tuple[SeedResult, ...]
    failures: Mapping[Task, str]
    missing: Mapping[str, str]
    data: Mapping[str, str]
    quick: bool
    linked: Mapping[str, LinkedRun]
    made: Mapping[str, Made]

    @property
    def cut_short(self) -> tuple[str, ...]:
        """In words, the experiments whose run did not come to its end, nor all their seeds."""
        return tuple(
            f"{name}: {run.done} of {run.planned} seeds"
            for name, run in self.linked.items()
            if run.is_cut_short
        )


def gather(
    desk: Desk, experiments: Sequence[Experiment], *, quick: bool = False
) -> Gathered | None:
    """What was measured of these experiments, each by its newest full run (``quick``: quick one);
    of runs that did not come to their end where there is no other. None where there is nothing."""
    used: dict[str, LinkedRun] = {}
    how: dict[str, Made] = {}
    arms: list[Arm] = []
    base: Recipe | None = None
    gathered = _Gathering()
    for item in experiments:
        linked = _best(item.runs, quick)
        try:
            run = summary(desk, linked.run_id) if linked else None
            recipe = recipe_in(desk, linked.run_id) if linked else None
            told = made(desk, run, recipe, linked.arm) if linked and run and recipe else None
        except DeskError:
            linked = run = recipe = told = None
        if linked and run and recipe and told:
            gathered.take(item, linked, run)
            used[item.name], how[item.name] = linked, told
            base = recipe if base is None or len(recipe.data) > len(base.data) else base
            arms += _free(recipe, run) if item.parent is None else ()
        else:
            gathered.missing[item.name] = _why_nothing(item, quick)
        arms.append(_arm(item, recipe.arm(linked.arm) if recipe and linked else None))
    if base is None:
        return None
    whole = replace(base, arms=tuple(arms), claims=_claims(experiments, arms))
    return Gathered(
        whole,
        tuple(gathered.results),
        gathered.failures,
        gathered.missing,
        {need: taken.pop() for need, taken in gathered.data.items() if len(taken) == 1},
        quick,
        used,
        how,
    )


def judged(desk: Desk, item: Experiment, parent: Experiment | None) -> Outcome:
    """What the runs say of the experiment's newest hypothesis, by the harness's own judgement.

    Full runs count before quick ones, which show no more than that nothing contradicts. It is
    undecided where a run did not come to its end, and where the runs differ in more than the one
    change: in their code, data or device.
    """
    claim = claim_of(item)
    if claim is None:
        return NO_OUTCOME
    wanted = [item, *([parent] if parent and claim.versus else [])]
    found = gather(desk, wanted)
    if found is None or found.missing:
        quick = gather(desk, wanted, quick=True)
        found = quick if quick and not quick.missing else found
    if found is None or found.missing:
        waiting = {one.name: _why_nothing(one, quick=False) for one in wanted}
        waiting = dict(found.missing) if found else waiting
        return Outcome(OutcomeKind.NOT_TESTED, "; ".join(f"{a}: {b}" for a, b in waiting.items()))
    of = measured(found, item.name, claim.metric)
    if why := _undecidable(found, item.investigation):
        return Outcome(OutcomeKind.UNDECIDED, why, measured=of)
    recipe = replace(found.recipe, claims=(claim,))
    (result,) = judge(
        recipe,
        found.results,
        quick=found.quick,
        failures=found.failures,
        missing=found.missing,
        data=found.data,
    )
    return replace(outcome_of(result), measured=of)


def measured(found: Gathered, name: str, metric: str) -> SeedMean | None:
    """What the experiment's own seeds gave of a metric; None without a finite number."""
    given = [
        one.metrics[metric]
        for one in found.results
        if one.task.arm == name and counts(one.task.vary) and metric in one.metrics
    ]
    values = [value for value in given if math.isfinite(value)]
    if not values:
        return None
    of = sample(values)
    return SeedMean(of.mean, of.sd if of.n > 1 else None, of.n)


def _undecidable(found: Gathered, number: int) -> str:
    """Why the results are no ground for a judgement, and what to do; ``""`` where they are."""
    if found.cut_short:
        words = "; ".join(found.cut_short)
        return f"{words}: not run to the end. `investigate run {number}` does that"
    if differs := unlike(found.made):
        words, again = "; ".join(differs), f"`investigate run {number} --all` runs them together"
        return f"more than the one change differs: {words}. {again}"
    return ""


class _Gathering:
    """What is taken from the runs, one after the other."""

    def __init__(self) -> None:
        self.results: list[SeedResult] = []
        self.failures: dict[Task, str] = {}
        self.missing: dict[str, str] = {}
        self.data: dict[str, set[str]] = {}

    def take(self, item: Experiment, linked: LinkedRun, run: RunSummary) -> None:
        free = {arm for arm in {task.arm for task in run.tasks} if arm.startswith("baseline:")}
        names = {linked.arm: item.name}
        if item.parent is None:
            names |= {name: name for name in free}
        self.results += [
            replace(one, task=replace(one.task, arm=names[one.task.arm]))
            for one in run.results
            if one.task.arm in names
        ]
        self.failures |= {
            replace(task, arm=item.name): error
            for task, error in run.failures.items()
            if task.arm == linked.arm
        }
        for need, taken in run.data.items():
            self.data.setdefault(need, set()).add(taken)


def _best(runs: Sequence[LinkedRun], quick: bool) -> LinkedRun | None:
    """The newest run of the sort with something measured; one that came to its end before."""
    able = [run for run in runs if run.done and run.quick is quick]
    return max(able, key=lambda run: (run.is_whole, run.run_id), default=None)


def _why_nothing(item: Experiment, quick: bool) -> str:
    if any(run.done for run in item.runs):
        return "a full run only" if quick else "a quick run only"
    ended = [run for run in item.runs if run.state is not None]
    return "no seed finished" if ended else "not run yet"


def _arm(item: Experiment, like: Arm | None) -> Arm:
    """The experiment as an arm; ``like`` is the arm that was run for it."""
    return Arm(
        name=item.name,
        description=item.label,
        deterministic=bool(like and like.deterministic),
        settings=item.settings,
        quick=like.quick if like else {},
        kind=ArmKind.OURS if item.parent is None else ArmKind.ABLATION,
        parent=item.parent_name,
        change=item.changed,
        needs=like.needs if like else (),
    )


def _free(recipe: Recipe, run: RunSummary) -> list[Arm]:
    """The baselines that came free and that the run has."""
    planned = {task.arm for task in run.tasks}
    return [
        arm
        for arm in recipe.arms
        if arm.kind is ArmKind.BASELINE and arm.name.startswith("baseline:") and arm.name in planned
    ]


def _claims(experiments: Sequence[Experiment], arms: Sequence[Arm]) -> tuple[Claim, ...]:
    names = {arm.name for arm in arms}
    found = [claim for item in experiments if (claim := claim_of(item))]
    return tuple(claim for claim in found if {claim.arm, claim.versus or claim.arm} <= names)
