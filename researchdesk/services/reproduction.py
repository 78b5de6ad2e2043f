"""Reproducing a paper's claims: run its recipe, judge what was measured, keep everything."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from researchdesk.domain.recipes import MOST_SEEDS, Arm, Recipe
from researchdesk.domain.runs import Event, RunSummary, Task
from researchdesk.domain.verdicts import ClaimResult, exit_code, overall, untested_note
from researchdesk.errors import UsageProblemError
from researchdesk.harness.comparison import judge
from researchdesk.harness.environment import changed, environment
from researchdesk.harness.executor import Plan, default_jobs, execute
from researchdesk.harness.history import claim_record
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.store import OpenRun, RunStore, write_environment
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for as recipe_for
from researchdesk.services.recipes import recipes as recipes
from researchdesk.services.recipes import require_trust, trust
from researchdesk.services.runs import cancel_run as cancel_run
from researchdesk.services.runs import events_of as events_of
from researchdesk.services.runs import get_run as get_run
from researchdesk.services.runs import remove_run as remove_run
from researchdesk.services.runs import runs as runs
from researchdesk.services.runs import store_of

INTERRUPTED = 130
_QUICK_SEEDS = 3


@dataclass(frozen=True, slots=True)
class ReproduceOptions:
    """``seeds``: how many, else the recipe's number. ``arms``: these only, else all.

    ``jobs``: worker processes at a time, else one for each processor. ``trust``: the user has said
    yes to the recipe's code.
    """

    seeds: int | None = None
    arms: tuple[str, ...] = ()
    jobs: int | None = None
    quick: bool = False
    trust: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A run, and what it says of each claim. ``exit_code`` is the command's.

    ``notes`` tell what the user should know of how the run came about.
    """

    run: RunSummary
    recipe: Recipe
    claims: tuple[ClaimResult, ...]
    environment: Mapping[str, Any]
    exit_code: int
    notes: tuple[str, ...] = ()


def reproduce(
    desk: Desk,
    ref: str,
    options: ReproduceOptions | None = None,
    on_event: Callable[[Event], None] | None = None,
    cancel: threading.Event | None = None,
) -> Report:
    """Run a paper's recipe and judge its claims; an unfinished run of the same plan goes on.

    ``ref`` is the paper's id in any form, or the recipe's name. ``on_event`` is called in this
    thread. Setting ``cancel``, or an interrupt from the keyboard, stops the run; what had finished
    is kept and judged, and the report's exit code is 130. Raises NotOnDeskError without a recipe,
    UsageProblemError also where the recipe is not trusted, BadInputError, BusyError where another
    process has this run under way, and DeskError (exit code 6) where the run could not go on.
    """
    options = options or ReproduceOptions()
    recipe = recipe_for(desk, ref)
    tasks = planned(recipe, options)
    jobs = min(options.jobs or default_jobs(), len(tasks))
    if options.trust and not recipe.bundled:
        trust(desk, recipe)
    require_trust(desk, recipe)
    run, note = store_of(desk).start(recipe, tasks, options.quick, on_event or _ignore)
    try:
        went_through = _go_on(desk, run, recipe, jobs, cancel or threading.Event(), note)
    finally:
        run.close()
    report = report_of(desk, run.id)
    notes = (*([note] if note else []), *report.notes)
    return replace(report, notes=notes, exit_code=report.exit_code if went_through else INTERRUPTED)


def planned(recipe: Recipe, options: ReproduceOptions) -> tuple[Task, ...]:
    """The seeds to run. Raises UsageProblemError for unknown arms and numbers out of range."""
    for name, number in (("seeds", options.seeds), ("jobs", options.jobs)):
        if number is not None and number < 1:
            raise UsageProblemError(f"The number of {name} is {number}.", "It is 1 or more.")
    if options.seeds and options.seeds > MOST_SEEDS:
        raise UsageProblemError(
            f"{options.seeds} seeds are too many; nothing was run.", f"It is {MOST_SEEDS} at most."
        )
    unknown = [name for name in options.arms if recipe.arm(name) is None]
    if unknown:
        raise UsageProblemError(
            f"The recipe {recipe.name} has no arm {', '.join(unknown)}.",
            f"Its arms: {', '.join(arm.name for arm in recipe.arms)}.",
        )
    usual = min(recipe.seeds, _QUICK_SEEDS) if options.quick else recipe.seeds
    seeds = options.seeds or usual
    arms = [arm for arm in recipe.arms if not options.arms or arm.name in options.arms]
    return tuple(
        Task(arm.name, seed) for arm in arms for seed in range(1 if arm.deterministic else seeds)
    )


def report_of(desk: Desk, run_id: str) -> Report:
    """What a run says so far, judged by its own copy of the recipe. Raises NotOnDeskError."""
    store = store_of(desk)
    run = store.get(run_id)
    folder, bundled = store.recipe_folder(run_id)
    recipe = load_recipe(folder, bundled=bundled)
    left_out = {arm.name for arm in recipe.arms} - {task.arm for task in run.tasks}
    claims = judge(recipe, run.results, quick=run.quick, failures=run.failures, left_out=left_out)
    code = exit_code(claims, failed=bool(run.failures))
    known = store.environment(run_id)
    differs = known.get("changed_on_resume")
    notes = (
        f"Resumed in another environment: {', '.join(differs)}." if differs else "",
        untested_note(claims) if code in (0, 6) else "",
    )
    return Report(run, recipe, claims, known, code, tuple(filter(None, notes)))


def _go_on(
    desk: Desk, run: OpenRun, recipe: Recipe, jobs: int, cancel: threading.Event, note: str
) -> bool:
    """Run what is left; True where the run came to its end."""
    store = store_of(desk)
    so_far = store.get(run.id)
    done = {result.task for result in so_far.results}
    left = [task for task in run.config.tasks if task not in done]
    _keep_environment(store, run, environment(recipe.folder, jobs))
    begins = not store.events(run.id)
    run.record("run_started" if begins else "run_resumed", data={"note": note} if note else {})
    plan = Plan(
        run.recipe,
        left,
        {arm.name: _settings(arm, run.config.quick) for arm in recipe.arms},
        run.prints,
        jobs,
    )
    try:
        went_through = not left or execute(
            plan,
            run.record,
            lambda: cancel.is_set() or run.stop_asked(),
            partial(_keep_environment, store, run),
        )
    except KeyboardInterrupt:
        went_through = False
    if not went_through:
        run.record("run_interrupted")
        return False
    claims = report_of(desk, run.id).claims
    data = {"verdict": str(overall(claims)), "claims": [claim_record(claim) for claim in claims]}
    run.record("run_finished", data=data)
    return True


def _settings(arm: Arm, quick: bool) -> dict[str, Any]:
    return {**arm.settings, **(arm.quick if quick else {})}


def _keep_environment(store: RunStore, run: OpenRun, found: Mapping[str, Any]) -> None:
    """Add to what is known; what differs from an earlier stretch of the run is named."""
    known = store.environment(run.id)
    differs = sorted({*known.get("changed_on_resume", []), *changed(known, found)})
    write_environment(run.folder, {**known, **found, "changed_on_resume": differs})


def _ignore(event: Event) -> None:
    pass
