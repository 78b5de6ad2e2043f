"""Reproducing a paper's claims: run its recipe, judge what was measured, keep everything."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from researchdesk.domain.engines import EngineSettings
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event, RunState, Task
from researchdesk.domain.verdicts import RUN_FAILED, overall
from researchdesk.errors import DeskError
from researchdesk.harness.claim_records import claim_record
from researchdesk.harness.engines.following import Follower, Outcome
from researchdesk.harness.environment import environment, gpu_likely
from researchdesk.harness.executor import default_jobs
from researchdesk.harness.history import RunConfig
from researchdesk.harness.jobs import Plan
from researchdesk.harness.open_run import OnEvent as OnEvent
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.planning import shape_of
from researchdesk.harness.recipes import EXPERIMENT
from researchdesk.harness.varying import drawn_settings
from researchdesk.services.arms import Setups, setups_of
from researchdesk.services.carrying_out import carried_out, engine_of, fitted
from researchdesk.services.checking import NO_LADDER, seconds_before
from researchdesk.services.comparing import RunComparison as RunComparison
from researchdesk.services.comparing import compare as compare
from researchdesk.services.desk import Desk
from researchdesk.services.left_alone import INTERRUPTED as INTERRUPTED
from researchdesk.services.left_alone import broken_off_told, leaves
from researchdesk.services.library import file_of_run
from researchdesk.services.planning import ReproduceOptions as ReproduceOptions
from researchdesk.services.planning import chosen_arms
from researchdesk.services.planning import planned as planned
from researchdesk.services.preparing import Prepared, keep_environment, prepare
from researchdesk.services.recipes import recipe_for as recipe_for
from researchdesk.services.recipes import recipe_of_run, require_trust, trust
from researchdesk.services.recipes import recipes as recipes
from researchdesk.services.reports import Report as Report
from researchdesk.services.reports import report_of as report_of
from researchdesk.services.runs import cancel_run as cancel_run
from researchdesk.services.runs import events_of as events_of
from researchdesk.services.runs import get_run as get_run
from researchdesk.services.runs import remove_run as remove_run
from researchdesk.services.runs import runs as runs
from researchdesk.services.runs import store_of, told_once


def reproduce(
    desk: Desk,
    ref: str,
    options: ReproduceOptions | None = None,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
    on_note: Callable[[str], None] | None = None,
) -> Report:
    """Run a paper's recipe and judge its claims; an unfinished run of the same plan goes on.

    ``ref`` is the paper's id in any form, or the recipe's name. ``on_event`` is called in this
    thread, ``on_note`` before the run with what is fetched for it. Setting ``cancel``, or an
    interrupt from the keyboard, stops the run; what had finished is kept and judged, and the
    report's exit code is 130. Raises NotOnDeskError without a recipe, and as
    ``reproduce_recipe`` does.
    """
    return reproduce_recipe(desk, recipe_for(desk, ref), options, on_event, cancel, on_note)


def reproduce_recipe(
    desk: Desk,
    recipe: Recipe,
    options: ReproduceOptions | None = None,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
    on_note: Callable[[str], None] | None = None,
) -> Report:
    """As ``reproduce``, of a recipe that was read already, wherever its folder is.

    Raises UsageProblemError also where the recipe is not trusted, BadInputError, BusyError where
    another process has this run under way, and DeskError (exit code 6) where the run could not go
    on.
    """
    options = options or ReproduceOptions()
    engine = engine_of(desk, options.engine, detach=options.detach, jobs=options.jobs)
    tasks = planned(recipe, options)
    if options.trust:
        trust(desk, recipe, options.arms)
    require_trust(desk, recipe)
    arms = chosen_arms(recipe, options)
    ready = prepare(
        desk, recipe, arms, options.arms, options.device,
        engine=engine, quick=options.quick, cancel=cancel, on_note=on_note,
    )  # fmt: skip
    config = _config(recipe, options, engine, tasks, ready)
    file_of_run(desk, recipe.arxiv_id)
    run, note = store_of(desk).start(recipe, config, on_event or _ignore, told_once(on_note))
    notes = (*([note] if note else []), *ready.notes)
    ladder_s = seconds_before(recipe, options.quick) if options.check else 0.0
    how = _How(engine, cancel or threading.Event(), notes, ladder_s, options.detach)
    return _followed(desk, run, recipe, ready.setups, how)


def resume_run(
    desk: Desk,
    run_id: str,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
    jobs: int | None = None,
    *,
    trusted: bool = False,
    look: bool = False,
    detach: bool = False,
) -> Report:
    """Go on with an unfinished run, by its own copy of the recipe; else as ``reproduce``.

    Where its trials are with an engine, what came of them is gathered, and they are followed; with
    ``look`` they are left again at once, with ``detach`` once all is handed over. ``trusted``: the
    user has said yes to that copy's code, which is not ours any more where the program came with
    another one since, and to its commands of authors. Raises NotOnDeskError, UsageProblemError
    where it came to its end, its recipe is not trusted, or its engine cannot be left alone,
    BusyError where it is under way, EngineError where its engine is out of reach, DeskError where
    an arm cannot be run here any more.
    """
    store = store_of(desk)
    recipe = recipe_of_run(desk, run_id)
    if trusted:
        trust(desk, recipe)
    require_trust(desk, recipe)
    config = store.config(run_id)
    away = store.get(run_id).state is RunState.AWAY
    engine = engine_of(desk, config.engine, detach=detach, jobs=jobs, has_some=away)
    setups = setups_of(desk, recipe, {task.arm for task in config.tasks}, config.quick, cancel)
    for arm, why in setups.missing.items():
        raise DeskError(
            f"The run {run_id} cannot go on: its arm {arm} {why}.",
            "What had finished is kept.",
            exit_code=RUN_FAILED,
        )
    run = store.resume(run_id, on_event or _ignore)
    how = _How(engine, cancel or threading.Event(), look=look, detach=detach)
    return _followed(desk, run, recipe, setups, how)


@dataclass(frozen=True, slots=True)
class _How:
    """How a run is gone on with. ``look``: gather what came, and leave."""

    engine: EngineSettings
    cancel: threading.Event
    notes: tuple[str, ...] = ()
    ladder_s: float = 0.0
    detach: bool = False
    look: bool = False

    def leaves(self, follower: Follower) -> bool:
        return leaves(follower, look=self.look, detach=self.detach)


def _config(
    recipe: Recipe,
    options: ReproduceOptions,
    engine: EngineSettings,
    tasks: tuple[Task, ...],
    ready: Prepared,
) -> RunConfig:
    return RunConfig(
        recipe.name,
        recipe.digest,
        recipe.arxiv_id,
        recipe.bundled,
        options.quick,
        tuple(task for task in tasks if task.arm not in ready.missing),
        options.vary,
        options.device,
        ready.data,
        ready.missing,
        engine.name,
    )


def _followed(desk: Desk, run: OpenRun, recipe: Recipe, setups: Setups, how: _How) -> Report:
    """Run what is left, and report."""
    try:
        outcome = _go_on(desk, run, recipe, setups, how)
    finally:
        run.close()
    report = report_of(desk, run.id)
    code = report.exit_code if outcome is Outcome.THROUGH else INTERRUPTED
    if outcome is Outcome.LEFT and (how.detach or how.look) and not how.cancel.is_set():
        code = RUN_FAILED
    return replace(report, notes=(*how.notes, *report.notes), exit_code=code)


def _go_on(desk: Desk, run: OpenRun, recipe: Recipe, setups: Setups, how: _How) -> Outcome:
    store = store_of(desk)
    so_far = store.get(run.id)
    done = {result.task for result in so_far.results}
    left = [task for task in run.config.tasks if task not in done]
    plan = replace(_plan(desk, run, recipe, setups, left, how), ladder_s=how.ladder_s)
    elsewhere = how.engine.outlives
    keep_environment(store, run, environment(recipe.folder, plan.jobs, elsewhere=elsewhere))
    begins = run.is_new
    run.record("run_started" if begins else "run_resumed", data=_outset(run, plan, how.notes))
    if begins and how.ladder_s and not plan.shape.experiment:
        run.record("check", data=NO_LADDER)
    if not begins and so_far.checks:
        plan = replace(plan, check_twice=False)
    with broken_off_told(store, run):
        outcome = carried_out(
            store, run, plan, how.engine, how.cancel, leave_when=how.leaves, look=how.look
        )
    if outcome is not Outcome.THROUGH:
        run.record("run_detached" if outcome is Outcome.LEFT else "run_interrupted")
        return outcome
    claims = report_of(desk, run.id).claims
    data = {"verdict": str(overall(claims)), "claims": [claim_record(claim) for claim in claims]}
    run.record("run_finished", data=data)
    return outcome


def _outset(run: OpenRun, plan: Plan, notes: tuple[str, ...]) -> dict[str, Any]:
    """What the event of the run's begin tells: with it, others can say how long it will take."""
    steps = {name: arm.settings.get("steps") for name, arm in plan.arms.items()}
    return {
        "run": run.id,
        "left": dict(Counter(task.arm for task in plan.tasks)),
        "steps": {name: count for name, count in steps.items() if isinstance(count, int)},
        "jobs": plan.jobs,
        **({"note": " ".join(notes)} if notes else {}),
        **({"missing": dict(run.config.missing)} if run.config.missing else {}),
    }


def _plan(
    desk: Desk,
    run: OpenRun,
    recipe: Recipe,
    setups: Setups,
    left: list[Task],
    how: _How,
) -> Plan:
    on_gpu = run.config.device != "cpu" and gpu_likely()
    at_once = how.engine.at_once or (1 if on_gpu else default_jobs())
    plan = Plan(
        recipe=run.recipe,
        tasks=left,
        arms=setups.arms,
        log=run.prints,
        jobs=max(1, min(at_once, len(left))),
        cache=desk.settings.cache,
        device=run.config.device,
        data=run.config.data,
        drawn=drawn_settings(recipe, left),
        limits=recipe.limits,
        shape=shape_of(run.recipe / EXPERIMENT),
        check_twice=True,
        resume=not run.is_new,
        batched={} if run.is_new else store_of(desk).ways(run.id),
    )
    return fitted(plan, how.engine)


def _ignore(event: Event) -> None:
    pass
