"""The schedule of a sweep, as its folder and what an engine has of it make it."""

from collections.abc import Callable, Mapping
from typing import Any

from researchdesk.domain.engines import EngineSettings
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.sweeps import SweepSummary
from researchdesk.errors import DeskError
from researchdesk.harness.engines.recalled import recalled
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.sweeps.checking import usual_settings
from researchdesk.harness.sweeps.history import read_curves
from researchdesk.harness.sweeps.schedule import SweepSchedule
from researchdesk.harness.sweeps.store import SweepStore


def schedule_of(
    store: SweepStore,
    run: OpenRun,
    recipe: Recipe,
    before: SweepSummary,
    engine: EngineSettings,
    gpus: float,
    on_unused: Callable[[], None] = lambda: None,
) -> SweepSchedule:
    """What hands out the trials of a sweep from where it is, by an engine that gives each so many
    ``gpus``; ``on_unused`` as SweepSchedule has it. Raises as SweepSchedule, and BadInputError
    where the events cannot be read."""
    return SweepSchedule(
        before.spec,
        usual_settings(before.spec, recipe),
        trials=before.trials,
        curves=read_curves(run.folder, before.spec) if before.spec.stop else (),
        budget=before.budget,
        seconds=before.seconds,
        gpus=gpus,
        there=_there(store, run) if engine.outlives else (),
        on_unused=on_unused,
    )


def drawn_there(
    store: SweepStore, run: OpenRun, recipe: Recipe, before: SweepSummary, engine: EngineSettings
) -> Mapping[Task, Mapping[str, Any]]:
    """The settings of the trials that the engine has. None where they cannot be drawn again here,
    as without Optuna: trials can be ended all the same."""
    try:
        return schedule_of(store, run, recipe, before, engine, engine.needs.gpus).drawn
    except DeskError:
        return {}


def _there(store: SweepStore, run: OpenRun) -> set[int]:
    """The numbers of the trials that an engine has since an earlier stretch."""
    left, _ = recalled(store.events(run.id))
    return {task.seed for one in left for task in one.left}
