"""What runs and sweeps share of trials that an engine has: left alone, asked after, called off."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from researchdesk.domain.engines import EngineSettings
from researchdesk.domain.runs import Task
from researchdesk.errors import DeskError, UsageProblemError
from researchdesk.harness.engines.following import Follower, Outcome
from researchdesk.harness.jobs import Plan
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.store import RunStore
from researchdesk.services.carrying_out import carried_out

INTERRUPTED = 130


def leaves(follower: Follower, *, look: bool, detach: bool) -> bool:
    """Whether the trials of an engine are left alone now: looked at, or handed over."""
    looked = look and follower.rounds > 0
    return looked or (detach and follower.any_there and follower.handed_over)


@contextmanager
def broken_off_told(store: RunStore, run: OpenRun) -> Iterator[None]:
    """An error meanwhile is written down as the end of this stretch of the run; it is raised on."""
    try:
        yield
    except DeskError as error:
        away = store.get(run.id).at_engine
        run.record_at_end("run_detached" if away else "run_interrupted", {"note": error.message})
        raise


def hindrance(error: DeskError) -> str:
    """Why what came of the trials could not be gathered, in words."""
    told = f"{error.message} {error.hint}".strip()
    return f"Its engine could not be asked, so this is what was known before. {told}"


def require_elsewhere(engine: EngineSettings, noun: str, run_id: str) -> None:
    """Raises UsageProblemError where by the settings the engine is one of this process."""
    if not engine.outlives:
        raise UsageProblemError(
            f"The {noun} {run_id} is with the engine {engine.name}, which by the settings is one "
            "of this process now. Nothing was stopped.",
            f"Name the engine in the settings file as it was when the {noun} began.",
        )


def end_there(
    store: RunStore,
    run: OpenRun,
    engine: EngineSettings,
    cache: Path,
    command: str,
    drawn: Mapping[Task, Mapping[str, Any]],
) -> None:
    """End the trials that the engine has of a run that this process owns, and close the run.

    ``command`` is the one that does this again; ``drawn`` are the settings drawn for the seeds,
    which are written of those that ended since it was last asked. Raises DeskError (exit code 130)
    where it was cut short, and as ``carried_out``.
    """
    try:
        run.record("run_resumed", data={"run": run.id})  # the time until now is no part of it
        plan = Plan(run.recipe, (), {}, run.prints, 1, cache, drawn=drawn)
        outcome = carried_out(store, run, plan, engine, threading.Event(), call_off=True)
        if outcome is not Outcome.CALLED_OFF:
            raise DeskError(
                f"Stopping {run.id} was interrupted; some of its trials may go on.",
                f"Stop the others: researchdesk {command} {run.id}",
                exit_code=INTERRUPTED,
            )
        run.record("run_interrupted")
    finally:
        run.close()
