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
from researchdesk.harness.engines.settings import backend_of, engine_named
from researchdesk.harness.executor import execute
from researchdesk.harness.fixed_schedule import FixedSchedule
from researchdesk.harness.jobs import Plan
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.schedule import Schedule
from researchdesk.harness.store import RunStore
from researchdesk.services.desk import Desk
from researchdesk.services.preparing import keep_engine, keep_environment

MakeSchedule = Callable[[Plan], Schedule]
"""Makes the schedule of a plan."""


def engine_of(desk: Desk, name: str = "", *, detach: bool = False) -> EngineSettings:
    """The engine of this name, else the one of the settings.

    Raises UsageProblemError where there is none, or where it cannot be left alone, and
    BadInputError where its settings cannot be used.
    """
    engine = engine_named(desk.settings.engines, name or desk.settings.engine)
    if detach and not engine.outlives:
        raise UsageProblemError(
            f"The engine {engine.name} runs trials in processes of this one, which end with it: "
            "it cannot be left alone. Nothing was run.",
            "Name one that outlives it, with --on, or leave out --detach.",
        )
    return engine


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
) -> Outcome:
    """Carry the plan out; what happens is recorded in the run.

    ``cancel`` ends the workers of this process (``CALLED_OFF``), but leaves the trials of an engine
    that outlives it where they are (``LEFT``), as does ``leave_when``; ``call_off`` and the run's
    own request to stop cancel them there. Raises EngineError where the engine cannot be reached,
    and as ``execute`` does.
    """
    keep_environment(store, run, {"engine": str(engine.kind), **_details(plan, engine)})
    on_engine = partial(keep_engine, store, run)
    schedule = make_schedule(plan)
    if not engine.outlives:
        return _by_workers(run, plan, cancel, schedule, on_engine)

    ears = Ears(
        lambda: cancel.is_set() or leave_when(follower),
        lambda: call_off or run.stop_asked(),
    )
    connect = partial(_reached, store, run, plan, engine)
    events = store.events(run.id)
    follower = Follower(plan, engine, connect, schedule, run.record, on_engine, events, ears)
    return _by_engine(follower, run)


def _reached(store: RunStore, run: OpenRun, plan: Plan, engine: EngineSettings) -> Backend:
    backend = backend_of(engine, run.folder.absolute())
    details = {**_details(plan, engine)["engine_details"], **backend.describe()}
    keep_environment(store, run, {"engine_details": details})
    return backend


def _by_engine(follower: Follower, run: OpenRun) -> Outcome:
    try:
        return follower.follow()
    except KeyboardInterrupt:
        return Outcome.LEFT
    except EngineError as error:
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
