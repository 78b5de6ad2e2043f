"""Sweeps started, gone on with, extended; what had ended is kept, whatever happens."""

import threading
from collections.abc import Callable
from functools import partial

from researchdesk.domain.engines import EngineSettings
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Budget, SweepSpec, SweepSummary, TrialState
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError, UsageProblemError
from researchdesk.harness.history import RunConfig
from researchdesk.harness.open_run import OnEvent
from researchdesk.harness.sweeps.checking import usual_settings
from researchdesk.harness.sweeps.schedule import SweepSchedule
from researchdesk.harness.sweeps.spec import spec_toml
from researchdesk.harness.sweeps.store import busy
from researchdesk.services.arms import Setups, setups_of
from researchdesk.services.carrying_out import engine_of
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_of_run
from researchdesk.services.preparing import prepare
from researchdesk.services.recipes import require_trust, trust
from researchdesk.services.sweep_budgets import (
    extend_command,
    extended,
    is_larger,
    more_words,
)
from researchdesk.services.sweep_following import INTERRUPTED as INTERRUPTED
from researchdesk.services.sweep_following import Ear, at_once, code_of, followed
from researchdesk.services.sweep_following import SweepHow as SweepHow
from researchdesk.services.sweep_following import SweepRun as SweepRun
from researchdesk.services.sweep_making import SweepOptions, arm_to_sweep
from researchdesk.services.sweep_notes import begin_anew, unmeasured, unmeasured_words
from researchdesk.services.sweep_reading import gpus_of, recipe_of_sweep, same_sweep, sweep_page
from researchdesk.services.sweep_store import read_one, store_of

_AS_USUAL = SweepHow()
_ENDED = (RunState.FINISHED, RunState.FAILED)

OnNote = Callable[[str], None]


def start_sweep(
    desk: Desk,
    recipe: Recipe,
    spec: SweepSpec,
    how: SweepHow = _AS_USUAL,
    device: str = "auto",
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
    on_note: OnNote | None = None,
) -> SweepRun:
    """Begin a sweep, or go on with the one of the same spec, recipe, data and device.

    ``on_event`` is called in this thread, ``on_note`` before the sweep with what is fetched for it.
    Setting ``cancel``, or an interrupt from the keyboard, stops it; what ended is kept. Raises
    UsageProblemError where the recipe is not trusted, or where there is such a sweep of another
    budget; BusyError where another process has it under way; DeskError (exit code 6) where the arm
    cannot be run here, or the sweep could not go on.
    """
    arm = arm_to_sweep(recipe, spec.arm)
    if how.trust:
        trust(desk, recipe, (arm.name,))
    require_trust(desk, recipe)
    engine = engine_of(desk, how.engine, detach=how.detach)
    ready = prepare(
        desk, recipe, (arm,), (arm.name,), device, engine=engine, cancel=cancel, on_note=on_note
    )
    for why in ready.missing.values():
        raise _cannot_run(arm.name, why)
    config = RunConfig(
        recipe.name, recipe.digest, recipe.arxiv_id, recipe.bundled, False, (),
        device=device, data=ready.data, engine=engine.name, sweep=spec_toml(spec),
    )  # fmt: skip
    _check_limits(recipe, spec, device, how, engine)
    file_of_run(desk, recipe.arxiv_id)
    ear = Ear(desk, on_event)
    if same := same_sweep(desk, config, spec):
        return _go_on_with(desk, same, spec.budget, recipe, ready.setups, how, ear, cancel)
    first = partial(_not_meanwhile, desk, config, spec)
    run = store_of(desk).begin(recipe, config, ear, first)
    return followed(desk, run, recipe, ready.setups, how, ear, cancel, ready.notes)


def resume_sweep(
    desk: Desk,
    sweep_id: str,
    how: SweepHow = _AS_USUAL,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
) -> SweepRun:
    """Go on with an unfinished sweep, or with the trials that one lost, by its own copy of the
    recipe.

    Raises NotOnDeskError, UsageProblemError where it came to its end or its recipe is not trusted,
    BusyError where it is under way, DeskError where its arm cannot be run here any more, or its
    trials do not measure what they are chosen by.
    """
    sweep = read_one(desk, sweep_id)
    if sweep.state is RunState.RUNNING:
        raise busy(sweep_id)
    if _is_through(sweep):
        raise UsageProblemError(
            f"The sweep {sweep_id} came to its end: its budget is taken, or its grid is through. "
            "Nothing was run.",
            more_words(sweep),
        )
    _refuse_stuck(sweep)
    _check_engine(desk, sweep, how)
    recipe, setups = _ready(desk, sweep, how, cancel)
    ear = Ear(desk, on_event)
    run = store_of(desk).reopen(sweep_id, ear)
    return followed(desk, run, recipe, setups, how, ear, cancel)


def extend_sweep(
    desk: Desk,
    sweep_id: str,
    more: SweepOptions,
    how: SweepHow = _AS_USUAL,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
) -> SweepRun:
    """Give a sweep the larger budget that ``more`` has, and go on with it.

    Raises UsageProblemError where that is not larger, or is taken already, and as ``resume_sweep``.
    """
    sweep = read_one(desk, sweep_id)
    if sweep.state is RunState.RUNNING:
        raise busy(sweep_id)
    _refuse_stuck(sweep)
    _check_engine(desk, sweep, how)
    budget = extended(sweep, more, gpus_of(store_of(desk).environment(sweep_id)))
    recipe, setups = _ready(desk, sweep, how, cancel)
    ear = Ear(desk, on_event)
    run = store_of(desk).reopen(sweep_id, ear)
    return followed(desk, run, recipe, setups, how, ear, cancel, larger=budget)


def _go_on_with(
    desk: Desk,
    sweep_id: str,
    wanted: Budget,
    recipe: Recipe,
    setups: Setups,
    how: SweepHow,
    ear: Ear,
    cancel: threading.Event | None,
) -> SweepRun:
    """Where the same spec was begun before: go on, or say what to do instead."""
    sweep = read_one(desk, sweep_id)
    if sweep.state is RunState.RUNNING:
        raise busy(sweep_id)
    _refuse_stuck(sweep)
    if is_larger(wanted, sweep.budget):
        raise UsageProblemError(
            f"This sweep was begun with a smaller budget, as {sweep_id}. Nothing was run.",
            f"Give it a larger one: {extend_command(sweep_id, sweep.budget, wanted)}",
        )
    if _is_through(sweep):
        page = sweep_page(desk, sweep_id)
        words = (
            f"This sweep is finished already; nothing was run. {more_words(sweep).rstrip('.')}. "
            "Another seed makes another sweep."
        )
        return SweepRun(page, code_of(page), (words,))
    if wanted not in (sweep.budget, sweep.spec.budget):
        raise UsageProblemError(
            f"This sweep was begun with a larger budget, as {sweep_id}. Nothing was run.",
            f"Go on with it: researchdesk sweep resume {sweep_id}. Another seed makes another "
            "sweep.",
        )
    _check_engine(desk, sweep, how)
    run = store_of(desk).reopen(sweep_id, ear)
    return followed(desk, run, recipe, setups, how, ear, cancel)


def _is_through(sweep: SweepSummary) -> bool:
    """Whether it came to its end, and none of its trials was lost."""
    lost = any(trial.state is TrialState.LOST for trial in sweep.trials)
    return sweep.state in _ENDED and not lost


def _refuse_stuck(sweep: SweepSummary) -> None:
    """Another trial of such a sweep would be for nothing; what an engine still has is gathered."""
    measured = unmeasured(sweep.spec, sweep.trials)
    if measured and sweep.state is not RunState.AWAY:
        words = unmeasured_words(sweep.spec.metric, measured)
        raise DeskError(
            f"The sweep {sweep.id} was not gone on with. {words} Nothing was run.",
            begin_anew(sweep.id),
            exit_code=RUN_FAILED,
        )


def _not_meanwhile(desk: Desk, config: RunConfig, spec: SweepSpec) -> None:
    if same := same_sweep(desk, config, spec):
        raise busy(same)


def _ready(
    desk: Desk, sweep: SweepSummary, how: SweepHow, cancel: threading.Event | None
) -> tuple[Recipe, Setups]:
    """The sweep's own recipe, and what its arm is run with."""
    recipe = recipe_of_sweep(desk, sweep.id)
    if how.trust:
        trust(desk, recipe, (sweep.spec.arm,))
    require_trust(desk, recipe)
    setups = setups_of(desk, recipe, {sweep.spec.arm}, False, cancel)
    for why in setups.missing.values():
        raise _cannot_run(sweep.spec.arm, why)
    return recipe, setups


def _check_limits(
    recipe: Recipe, spec: SweepSpec, device: str, how: SweepHow, engine: EngineSettings
) -> None:
    """What a schedule refuses is refused before there is a sweep: a budget without end, Optuna
    where that is not installed."""
    SweepSchedule(spec, usual_settings(spec, recipe), gpus=at_once(device, how, engine)[1])


def _check_engine(desk: Desk, sweep: SweepSummary, how: SweepHow) -> None:
    """Trials that are with one engine are not handed to another one as well. Raises as
    ``engine_of``, before anything of the sweep is changed."""
    if sweep.state is RunState.AWAY and how.engine not in ("", sweep.engine):
        raise UsageProblemError(
            f"Trials of {sweep.id} are with {sweep.engine} and go on there; nothing was handed to "
            f"{how.engine}.",
            f"Stop them there first: researchdesk sweep cancel {sweep.id}",
        )
    away = sweep.state is RunState.AWAY
    engine_of(desk, how.engine or sweep.engine, detach=how.detach, has_some=away)


def _cannot_run(arm: str, why: str) -> DeskError:
    return DeskError(
        f"The arm {arm} cannot be swept here: it {why}.",
        "Nothing was run; what an earlier stretch measured is kept.",
        exit_code=RUN_FAILED,
    )
