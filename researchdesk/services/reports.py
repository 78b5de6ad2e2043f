"""What a run says, so far or at its end: judged by its own copy of the recipe."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import (
    ClaimResult,
    Shortfall,
    Verdict,
    exit_code,
    untested_note,
)
from researchdesk.harness.comparison import judge
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.variance import VarianceRow, variance_rows
from researchdesk.services.desk import Desk
from researchdesk.services.runs import store_of

_UNFINISHED = (RunState.RUNNING, RunState.INTERRUPTED, RunState.CRASHED, RunState.AWAY)


@dataclass(frozen=True, slots=True)
class Report:
    """A run, and what it says of each claim. ``exit_code`` is the command's.

    ``notes`` tell what the user should know of how the run came about. ``variance`` is what each
    source of randomness makes, where the run varied them.
    """

    run: RunSummary
    recipe: Recipe
    claims: tuple[ClaimResult, ...]
    environment: Mapping[str, Any]
    exit_code: int
    notes: tuple[str, ...] = ()
    variance: tuple[VarianceRow, ...] = ()


def report_of(desk: Desk, run_id: str) -> Report:
    """What a run says so far, judged by its own copy of the recipe. Raises NotOnDeskError."""
    store = store_of(desk)
    run = store.get(run_id)
    folder, bundled = store.recipe_folder(run_id)
    recipe = load_recipe(folder, bundled=bundled)
    claims = _judged(recipe, run)
    code = exit_code(claims, failed=bool(run.failures))
    known = store.environment(run_id)
    differs = known.get("changed_on_resume")
    notes = (
        f"Resumed in another environment: {', '.join(differs)}." if differs else "",
        _ladder(run),
        *failed_checks(run),
        *_checks_not_made(run),
        untested_note(claims) if code in (0, 6) else "",
    )
    variance = variance_rows(run.results)
    return Report(run, recipe, claims, known, code, tuple(filter(None, notes)), variance)


def _ladder(run: RunSummary) -> str:
    """How many rungs of the ladder were passed before the run."""
    states = [check.get("ok") for check in run.checks if check.get("rung")]
    if not states:
        return ""
    passed, fell = states.count(True), states.count(False)
    return f"The ladder: {passed} passed, {fell} failed, {len(states) - passed - fell} not run."


def failed_checks(run: RunSummary) -> tuple[str, ...]:
    """The checks that failed, each in a sentence."""
    return tuple(
        f"The check “{check.get('name', '')}” failed: {check.get('message', '')}"
        for check in run.checks
        if check.get("ok") is False
    )


def _checks_not_made(run: RunSummary) -> tuple[str, ...]:
    """A check that came to no end says nothing: it is no cause of anything.

    Rungs of the ladder that were not run are told with the checks alone: that is often right.
    """
    return tuple(
        f"The check “{check.get('name', '')}” could not be made: {_last(check.get('message'))}"
        for check in run.checks
        if check.get("ok") is None and "state" not in check
    )


def _last(message: Any) -> str:
    """Of an error with where it was raised, what it says."""
    return one_line((str(message or "").strip().splitlines() or [""])[-1])


def _judged(recipe: Recipe, run: RunSummary) -> tuple[ClaimResult, ...]:
    asked = {task.arm for task in run.tasks} | set(run.missing)
    left_out = {arm.name for arm in recipe.arms} - asked
    claims = judge(
        recipe,
        run.results,
        quick=run.quick,
        failures=run.failures,
        left_out=left_out,
        missing=run.missing,
        data=run.data,
    )
    causes = failed_checks(run)
    return tuple(_said(recipe, run, claim, causes) for claim in claims)


def _said(
    recipe: Recipe, run: RunSummary, result: ClaimResult, causes: tuple[str, ...]
) -> ClaimResult:
    """A difference with what the checks found; what is still to be run is told as such."""
    if result.verdict is Verdict.DIFFERENT and causes:
        return replace(result, causes=(*result.causes, *causes))
    if run.state in _UNFINISHED and result.shortfall is Shortfall.NOT_RUN:
        claim = next(claim for claim in recipe.claims if claim.id == result.claim_id)
        done = {one.task.arm for one in run.results}
        waiting = [arm for arm in (claim.arm, claim.versus) if arm and arm not in done]
        goes_on = run.state in (RunState.RUNNING, RunState.AWAY)
        stopped = "" if goes_on else "; the run was stopped before its end"
        return replace(result, why=f"not run yet: {', '.join(waiting)}{stopped}")
    return result
