"""Carrying a plan out: by worker processes of this one, or by an engine that is followed."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from researchdesk.domain.engines import EngineKind, EngineSettings
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError, EngineError, UsageProblemError
from researchdesk.harness.engines.backend import Backend
from researchdesk.harness.engines.following import Ears, Follower, Outcome
from researchdesk.harness.engines.requirements import require_here
from researchdesk.harness.engines.settings import (
    backend_of,
    engine_named,
    opens_sockets,
    stays,
)
from researchdesk.harness.executor import execute
from researchdesk.harness.fixed_schedule import FixedSchedule
from researchdesk.harness.jobs import Plan
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.schedule import Schedule
from researchdesk.harness.store import RunStore
from researchdesk.services.desk import Desk
from researchdesk.services.preparing import keep_engine, keep_environment

PATIENCE_S = 600.0
"""How long an engine that is out of reach is waited for."""
MakeSchedule = Callable[[Plan], Schedule]
"""Makes the schedule of a plan."""


def engine_of(
    desk: Desk,
    name: str = "",
    *,
    detach: bool = False,
    jobs: int | None = None,
    has_some: bool = False,
) -> EngineSettings:
    """The engine of this name, else the one of the settings; ``jobs`` trials at a time, if told.
    ``has_some`` as in ``require_online``.

    Raises NotOnDeskError where there is none, UsageProblemError where it cannot be left alone,
    BadInputError where its settings cannot be used, EngineError where this machine lacks what it
    needs, and as ``require_online``.
    """
    engine = engine_named(desk.settings.engines, name or desk.settings.engine)
    require_online(desk, engine, has_some=has_some)
    require_here(engine)
    if detach and not stays(engine):
        what = (
            "on a cluster that this process begins"
            if engine.outlives
            else "in processes of this one"
        )
        raise UsageProblemError(
            f"The engine {engine.name} runs trials {what}, and they end with this command: it "
            "cannot be left alone. Nothing was run.",
            "Name one that outlives it, with --on, or leave out --detach.",
        )
    return replace(engine, at_once=jobs or engine.at_once)


def require_online(desk: Desk, engine: EngineSettings, *, has_some: bool = False) -> None:
    """Raises EngineError where the desk is offline, and the engine is reached by sockets only;
    ``has_some``: that has trials of what it is asked about."""
    goes_on = ", and what it has of it goes on there" if has_some else ""
    if desk.settings.offline and opens_sockets(engine):
        raise EngineError(
            f"The desk is offline, and the engine {engine.name} is reached over the network: it "
            f"was not asked. Nothing was begun or stopped{goes_on}.",
            "Leave out --offline (or RESEARCHDESK_OFFLINE). What is begun with `--on local` needs "
            "no network.",
        )


def fitted(plan: Plan, engine: EngineSettings) -> Plan:
    """The plan as the engine takes it: one that outlives us takes so many seeds in a trial."""
    together = engine.seeds_per_trial if engine.outlives else 0
    return replace(plan, retries=engine.retries, together=together)


def carried_out(
    store: RunStore,
    run: OpenRun,
    plan: Plan,
    engine: EngineSettings,
    cancel: threading.Event,
    make_schedule: MakeSchedule = FixedSchedule,
    *,
    leave_when: Callable[[Follower], bool] = lambda follower: False,
    call_off: bool = False,
    look: bool = False,
) -> Outcome:
    """Carry the plan out; what happens is recorded in the run.

    ``cancel`` ends the workers of this process (``CALLED_OFF``), but leaves the trials of an engine
    that outlives it where they are (``LEFT``), as does ``leave_when``; ``call_off`` and the run's
    own request to stop cancel them there. ``look``: nothing is handed over, an engine out of reach
    is not waited for, and one that begins with us is not begun. Raises EngineError,
    UsageProblemError where by the settings the engine is another now, and as ``execute`` does.
    """
    _require_same(store, run, engine)
    keep_environment(store, run, {"engine": str(engine.kind), **_details(plan, engine)})
    on_engine = partial(keep_engine, store, run)
    schedule = make_schedule(plan)
    if not engine.outlives:
        return _by_workers(run, plan, cancel, schedule, on_engine)
    lasts = stays(engine)
    ears = Ears(
        lambda: (cancel.is_set() and lasts) or leave_when(follower),
        lambda: call_off or run.stop_asked() or (cancel.is_set() and not lasts),
        patience_s=0.0 if look else PATIENCE_S,
        look=look,
    )
    connect, before = partial(_reached, store, run, plan, engine), store.events(run.id)
    follower = Follower(plan, engine, connect, schedule, run.record, on_engine, before, ears)
    if not lasts:  # what an earlier process had there ended with it
        follower.abandon()
        if look:
            return Outcome.CALLED_OFF
    return _by_engine(follower, run, lasts=lasts)


def _require_same(store: RunStore, run: OpenRun, engine: EngineSettings) -> None:
    """Only the engine that has trials can be asked for them, or told to end them."""
    known = store.environment(run.id)
    was = str(known.get("engine", engine.kind))
    launcher = dict(known.get("engine_details") or {}).get("launcher")
    other = launcher is not None and launcher != engine.options.get("launcher", "slurm")
    another = not engine.outlives or was not in (engine.kind, EngineKind.LOCAL) or other
    if another and store.get(run.id).at_engine:
        kind_now = f"of kind {engine.kind}" if was != engine.kind else "with another launcher"
        raise UsageProblemError(
            f"Trials of {run.id} are with the engine {engine.name} as it was when they were handed "
            f"over, of kind {was}; by the settings it is one {kind_now} now. Nothing was changed.",
            f"Make [engines.{engine.name}] what it was, in the settings file: `researchdesk "
            "config` says which.",
        )


def _reached(store: RunStore, run: OpenRun, plan: Plan, engine: EngineSettings) -> Backend:
    backend = backend_of(engine, run.folder.absolute())
    details = {**_details(plan, engine)["engine_details"], **backend.describe()}
    keep_environment(store, run, {"engine_details": details})
    return backend


def _by_engine(follower: Follower, run: OpenRun, *, lasts: bool) -> Outcome:
    try:
        return follower.follow()
    except KeyboardInterrupt:
        if lasts:
            return Outcome.LEFT
        follower.abandon()
        return Outcome.CALLED_OFF
    except EngineError as error:
        if not lasts:
            follower.abandon()
        if not follower.any_there:
            raise
        hint = f"{error.hint} What the engine has of the run goes on there."
        raise EngineError(error.message, hint.strip()) from error
    except OSError as error:
        raise DeskError(
            f"What came of the trials could not be written down: {error.strerror or error}. What "
            "had come before is kept, and the trials go on.",
            f"Is there room on the disk? Then: researchdesk runs resume {run.id}",
            exit_code=RUN_FAILED,
        ) from error


def _by_workers(
    run: OpenRun,
    plan: Plan,
    cancel: threading.Event,
    schedule: Schedule,
    on_engine: Callable[[Mapping[str, object]], None],
) -> Outcome:
    try:
        through = schedule.over or execute(
            plan,
            run.record,
            lambda: cancel.is_set() or run.stop_asked(),
            on_engine,
            schedule=schedule,
        )
    except KeyboardInterrupt:
        through = False
    return Outcome.THROUGH if through else Outcome.CALLED_OFF


def _details(plan: Plan, engine: EngineSettings) -> dict[str, dict[str, object]]:
    told: dict[str, object] = {"name": engine.name}
    if engine.kind is EngineKind.LOCAL:
        told["workers"] = plan.jobs
    else:
        told["needs"] = {
            "cpus": engine.needs.cpus,
            "gpus": engine.needs.gpus,
            "memory_gb": engine.needs.memory_gb,
            "minutes": engine.needs.minutes,
        }
    return {"engine_details": told}
