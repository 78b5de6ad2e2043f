"""One stretch of a sweep: from where it is to its end, or to where it is stopped."""

import threading
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from researchdesk.domain.engines import EngineSettings
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event
from researchdesk.domain.sweeps import Budget, SweepSpec, SweepSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.trial_choice import chosen
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError
from researchdesk.files import write_text
from researchdesk.harness.engines.following import Follower, Outcome
from researchdesk.harness.environment import environment, gpu_likely
from researchdesk.harness.events import EXTENDED, STOP_UNUSED
from researchdesk.harness.executor import default_jobs
from researchdesk.harness.jobs import Plan
from researchdesk.harness.open_run import CONFIG, OnEvent, OpenRun, write_environment
from researchdesk.harness.planning import shape_of
from researchdesk.harness.recipes import EXPERIMENT
from researchdesk.harness.sweeps.schedule import OVER, SweepSchedule
from researchdesk.services.arms import Setups
from researchdesk.services.carrying_out import carried_out, engine_of, fitted
from researchdesk.services.desk import Desk
from researchdesk.services.left_alone import INTERRUPTED as INTERRUPTED
from researchdesk.services.left_alone import broken_off_told, leaves
from researchdesk.services.preparing import keep_environment
from researchdesk.services.sweep_budgets import budget_record
from researchdesk.services.sweep_heads import sweep_head
from researchdesk.services.sweep_notes import begin_anew
from researchdesk.services.sweep_pages import SweepPage
from researchdesk.services.sweep_reading import GPUS, gpus_of, sweep_page
from researchdesk.services.sweep_schedules import schedule_of
from researchdesk.services.sweep_store import read_one, store_of

_ENDS = {
    Outcome.THROUGH: "run_finished",
    Outcome.LEFT: "run_detached",
    Outcome.CALLED_OFF: "run_interrupted",
}


@dataclass(frozen=True, slots=True)
class SweepHow:
    """How a sweep is run: ``engine`` by its name, empty for the one of the settings, or that it was
    run by before; ``jobs`` trials at a time; ``detach``: hand over and do not wait; ``trust``: the
    user said yes to the code; ``look``: gather what an engine has of it, and leave it alone."""

    engine: str = ""
    jobs: int | None = None
    detach: bool = False
    trust: bool = False
    look: bool = False

    def leaves(self, follower: Follower) -> bool:
        """Whether the trials of an engine are left alone now."""
        return leaves(follower, look=self.look, detach=self.detach)


@dataclass(frozen=True, slots=True)
class SweepRun:
    """What a stretch of a sweep came to. ``exit_code``: 0 done, 6 nothing measured that a trial
    could be chosen by, 130 interrupted. ``notes`` are what the user should know of it."""

    page: SweepPage
    exit_code: int
    notes: tuple[str, ...] = ()


class Ear:
    """Hears the events of a sweep, and sees whether its first trial measures what trials are chosen
    by; where not, the sweep is asked to stop."""

    def __init__(self, desk: Desk, on_event: OnEvent | None) -> None:
        self._desk, self._on_event = desk, on_event
        self.run_id, self.metric = "", ""
        self.known = False
        self.measured: tuple[str, ...] = ()

    def __call__(self, event: Event) -> None:
        if event.kind == "seed_finished" and not self.known:
            metrics = event.data.get("metrics", {})
            self.known = True
            if self.metric not in metrics:
                self.measured = tuple(sorted(metrics))
                store_of(self._desk).ask_to_stop(self.run_id)
        if self._on_event is not None:
            self._on_event(event)


def followed(
    desk: Desk,
    run: OpenRun,
    recipe: Recipe,
    setups: Setups,
    how: SweepHow,
    ear: Ear,
    cancel: threading.Event | None,
    notes: tuple[str, ...] = (),
    larger: Budget | None = None,
) -> SweepRun:
    """Go on with a sweep that this process owns, and close it. ``ear`` is what it was opened with;
    ``larger`` is its budget from now on, if it can go on with it.

    Raises DeskError (exit code 6) where it could not go on, or measures nothing to choose by.
    """
    stop = cancel or threading.Event()
    try:
        outcome = _go_on(desk, run, recipe, setups, how, ear, stop, notes, larger)
    finally:
        run.close()
    page = sweep_page(desk, run.id)
    sweep_head(desk, run.id)  # counted now, a list need not count it
    left = outcome is Outcome.LEFT and (how.detach or how.look) and not stop.is_set()
    return SweepRun(
        page, code_of(page) if outcome is Outcome.THROUGH or left else INTERRUPTED, notes
    )


def _go_on(
    desk: Desk,
    run: OpenRun,
    recipe: Recipe,
    setups: Setups,
    how: SweepHow,
    ear: Ear,
    cancel: threading.Event,
    notes: tuple[str, ...],
    larger: Budget | None,
) -> Outcome:
    store, before = store_of(desk), read_one(desk, run.id)
    spec, before = before.spec, replace(before, budget=larger or before.budget)
    engine = engine_of(desk, how.engine or before.engine, detach=how.detach, jobs=how.jobs)
    jobs, gpus = at_once(run.config.device, how, engine)
    unused = partial(_stop_unused, run, before)
    schedule = schedule_of(store, run, recipe, before, engine, gpus, unused)
    plan = fitted(_plan(desk, run, recipe, setups, spec, schedule, jobs), engine)
    plan = replace(plan, gpus=gpus)
    _keep_engine(run, before, engine)
    elsewhere = engine.outlives
    keep_environment(store, run, environment(recipe.folder, plan.jobs, elsewhere=elsewhere))
    known = store.environment(run.id)
    held = gpus_of(known) if any(trial.cost.unsaid for trial in before.trials) else gpus
    write_environment(run.folder, {**known, GPUS: held})
    outset = {**_outset(run, before, engine.name, jobs, notes), "gpus": gpus}
    run.record("run_started" if run.is_new else "run_resumed", data=outset)
    if larger is not None:  # now that it is known that the sweep can go on with it
        run.record(EXTENDED, data={"budget": budget_record(larger)})
    ear.run_id, ear.metric, ear.known = run.id, spec.metric, bool(chosen(spec, before.trials))
    with broken_off_told(store, run):
        outcome = carried_out(
            store, run, plan, engine, cancel, lambda _: schedule,
            leave_when=how.leaves, look=how.look,
        )  # fmt: skip
    if ear.measured:
        raise _wrong_metric(run, spec, ear.measured)
    run.record(_ENDS[outcome])
    return outcome


def _stop_unused(run: OpenRun, before: SweepSummary) -> None:
    """Write down once that the early-stop rule has nothing to go by."""
    if not before.stop_unused:
        run.record(STOP_UNUSED)


def _keep_engine(run: OpenRun, before: SweepSummary, engine: EngineSettings) -> None:
    """The engine that goes on with the sweep is its engine from now on."""
    if engine.name != before.engine:
        config = replace(run.config, engine=engine.name)
        write_text(run.folder / CONFIG, config.to_toml())


def at_once(device: str, how: SweepHow, engine: EngineSettings) -> tuple[int, float]:
    """How many trials at a time, and how much of a GPU each has."""
    if engine.outlives:
        return how.jobs or engine.at_once, engine.needs.gpus
    on_gpu = device != "cpu" and gpu_likely()
    jobs = how.jobs or engine.at_once or (1 if on_gpu else default_jobs())
    return jobs, 1 / jobs if on_gpu else 0.0


def _plan(
    desk: Desk,
    run: OpenRun,
    recipe: Recipe,
    setups: Setups,
    spec: SweepSpec,
    schedule: SweepSchedule,
    jobs: int,
) -> Plan:
    setup = setups.arms[spec.arm]
    return Plan(
        recipe=run.recipe,
        tasks=(),
        arms={spec.arm: replace(setup, settings={**setup.settings, **spec.settings})},
        log=run.prints,
        jobs=jobs,
        cache=desk.settings.cache,
        device=run.config.device,
        data=run.config.data,
        drawn=schedule.drawn,
        streams=schedule.streams,
        stops=schedule.stops,
        limits=recipe.limits,
        shape=shape_of(run.recipe / EXPERIMENT),
        resume=not run.is_new,
    )


def _outset(
    run: OpenRun, before: SweepSummary, engine: str, jobs: int, notes: tuple[str, ...]
) -> dict[str, Any]:
    """What the event of the begin tells: with it, others can say how the sweep goes."""
    best = chosen(before.spec, before.trials)
    over = [trial for trial in before.trials if trial.state in OVER]
    return {
        "run": run.id,
        "metric": before.spec.metric,
        "better": before.spec.better,
        "budget": budget_record(before.budget),
        "done": len(over),
        "seconds": before.seconds,
        "jobs": jobs,
        "engine": engine,
        **({"best": {"trial": best.number, "value": best.value}} if best else {}),
        **({"note": " ".join(notes)} if notes else {}),
    }


def code_of(page: SweepPage) -> int:
    return 0 if page.best else RUN_FAILED


def _wrong_metric(run: OpenRun, spec: SweepSpec, measured: tuple[str, ...]) -> DeskError:
    known = ", ".join(map(one_line, measured))
    error = DeskError(
        f"The first trial came to its end and measured no {one_line(spec.metric)}, so that none "
        f"could be chosen by it: the sweep was stopped. It measured {known}.",
        begin_anew(run.id),
        exit_code=RUN_FAILED,
    )
    run.record("run_interrupted", data={"note": error.message})
    return error
