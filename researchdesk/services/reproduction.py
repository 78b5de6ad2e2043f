"""Reproducing a paper's claims: run its recipe, judge what was measured, keep everything."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event, Task
from researchdesk.domain.verdicts import RUN_FAILED, overall
from researchdesk.errors import DeskError
from researchdesk.harness.claim_records import claim_record
from researchdesk.harness.environment import environment, gpu_likely
from researchdesk.harness.executor import default_jobs, execute
from researchdesk.harness.history import RunConfig
from researchdesk.harness.jobs import Plan
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.planning import shape_of
from researchdesk.harness.recipes import EXPERIMENT
from researchdesk.harness.varying import drawn_settings
from researchdesk.services.arms import Setups, setups_of
from researchdesk.services.checking import NO_LADDER, seconds_before
from researchdesk.services.comparing import RunComparison as RunComparison
from researchdesk.services.comparing import compare as compare
from researchdesk.services.desk import Desk
from researchdesk.services.planning import ReproduceOptions as ReproduceOptions
from researchdesk.services.planning import chosen_arms
from researchdesk.services.planning import planned as planned
from researchdesk.services.preparing import keep_engine, keep_environment, prepare
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
from researchdesk.services.runs import store_of

INTERRUPTED = 130

OnEvent = Callable[[Event], None]


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
    tasks = planned(recipe, options)
    if options.trust:
        trust(desk, recipe, options.arms)
    require_trust(desk, recipe)
    arms = chosen_arms(recipe, options)
    ready = prepare(
        desk, recipe, arms, options.arms, options.device,
        quick=options.quick, cancel=cancel, on_note=on_note,
    )  # fmt: skip
    config = _config(recipe, options, tasks, ready.data, ready.missing)
    run, note = store_of(desk).start(recipe, config, on_event or _ignore)
    notes = (*([note] if note else []), *ready.notes)
    ladder_s = seconds_before(recipe, options.quick) if options.check else 0.0
    return _followed(desk, run, recipe, ready.setups, options.jobs, cancel, notes, ladder_s)


def resume_run(
    desk: Desk,
    run_id: str,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
    jobs: int | None = None,
    *,
    trusted: bool = False,
) -> Report:
    """Go on with an unfinished run, by its own copy of the recipe; else as ``reproduce``.

    ``trusted``: the user has said yes to that copy's code, which is not ours any more where the
    program came with another one since, and to its commands of authors.
    Raises NotOnDeskError, UsageProblemError where it came to its end or its recipe is not trusted,
    BusyError where it is under way, DeskError where an arm cannot be run here any more.
    """
    store = store_of(desk)
    recipe = recipe_of_run(desk, run_id)
    if trusted:
        trust(desk, recipe)
    require_trust(desk, recipe)
    config = store.config(run_id)
    setups = setups_of(desk, recipe, {task.arm for task in config.tasks}, config.quick, cancel)
    for arm, why in setups.missing.items():
        raise DeskError(
            f"The run {run_id} cannot go on: its arm {arm} {why}.",
            "What had finished is kept.",
            exit_code=RUN_FAILED,
        )
    run = store.resume(run_id, on_event or _ignore)
    return _followed(desk, run, recipe, setups, jobs, cancel, ())


def _config(
    recipe: Recipe,
    options: ReproduceOptions,
    tasks: tuple[Task, ...],
    data: Mapping[str, str],
    missing: Mapping[str, str],
) -> RunConfig:
    return RunConfig(
        recipe.name,
        recipe.digest,
        recipe.arxiv_id,
        recipe.bundled,
        options.quick,
        tuple(task for task in tasks if task.arm not in missing),
        options.vary,
        options.device,
        data,
        missing,
    )


def _followed(
    desk: Desk,
    run: OpenRun,
    recipe: Recipe,
    setups: Setups,
    jobs: int | None,
    cancel: threading.Event | None,
    notes: tuple[str, ...],
    ladder_s: float = 0.0,
) -> Report:
    """Run what is left, and report."""
    try:
        stop = cancel or threading.Event()
        went_through = _go_on(desk, run, recipe, setups, jobs, stop, notes, ladder_s)
    finally:
        run.close()
    report = report_of(desk, run.id)
    code = report.exit_code if went_through else INTERRUPTED
    return replace(report, notes=(*notes, *report.notes), exit_code=code)


def _go_on(
    desk: Desk,
    run: OpenRun,
    recipe: Recipe,
    setups: Setups,
    jobs: int | None,
    cancel: threading.Event,
    notes: tuple[str, ...],
    ladder_s: float,
) -> bool:
    """True where the run came to its end."""
    store = store_of(desk)
    so_far = store.get(run.id)
    done = {result.task for result in so_far.results}
    left = [task for task in run.config.tasks if task not in done]
    plan = replace(_plan(desk, run, recipe, setups, left, jobs), ladder_s=ladder_s)
    keep_environment(store, run, environment(recipe.folder, plan.jobs))
    begins = run.is_new
    run.record("run_started" if begins else "run_resumed", data=_outset(run, plan, notes))
    if begins and ladder_s and not plan.shape.experiment:
        run.record("check", data=NO_LADDER)
    try:
        went_through = not left or execute(
            plan if begins or not so_far.checks else replace(plan, check_twice=False),
            run.record,
            lambda: cancel.is_set() or run.stop_asked(),
            partial(keep_engine, store, run),
        )
    except KeyboardInterrupt:
        went_through = False
    except DeskError as error:
        run.record_at_end("run_interrupted", {"note": error.message})
        raise
    if not went_through:
        run.record("run_interrupted")
        return False
    claims = report_of(desk, run.id).claims
    data = {"verdict": str(overall(claims)), "claims": [claim_record(claim) for claim in claims]}
    run.record("run_finished", data=data)
    return True


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
    jobs: int | None,
) -> Plan:
    on_gpu = run.config.device != "cpu" and gpu_likely()
    at_once = jobs or (1 if on_gpu else default_jobs())
    return Plan(
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


def _ignore(event: Event) -> None:
    pass
