"""Sweeps whose trials are with an engine that nobody follows: asked after, or called off."""

import threading

from researchdesk.domain.runs import RunState
from researchdesk.errors import DeskError, NotOnDeskError, UsageProblemError
from researchdesk.harness.engines.following import Outcome
from researchdesk.harness.jobs import Plan
from researchdesk.services.carrying_out import carried_out, engine_of
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_following import INTERRUPTED
from researchdesk.services.sweep_heads import sweep_head
from researchdesk.services.sweep_running import SweepHow, resume_sweep
from researchdesk.services.sweep_store import store_of


def gather_sweep(desk: Desk, sweep_id: str) -> str:
    """Gather what came of the trials of a sweep that is away; what hindered it, in words.

    What was gathered before stays as it is.
    """
    try:
        resume_sweep(desk, sweep_id, SweepHow(look=True))
    except DeskError as error:
        told = f"{error.message} {error.hint}".strip()
        return f"Its engine could not be asked, so this is what was known before. {told}"
    return ""


def cancel_sweep(desk: Desk, sweep_id: str) -> bool:
    """Stop a sweep, wherever its trials are; what had ended is kept, and it can be gone on with.

    True where it is done, False where the process that has it was asked to do it. Raises
    NotOnDeskError where there is no such sweep or nothing is under way, EngineError where its
    engine cannot be reached.
    """
    store = store_of(desk)
    if store.is_under_way(sweep_id):
        store.ask_to_stop(sweep_id)
        return False
    head = sweep_head(desk, sweep_id)
    if head.state is not RunState.AWAY:
        raise NotOnDeskError(
            f"The sweep {sweep_id} is not under way. Nothing was changed.",
            f"See how it stands: researchdesk sweep show {sweep_id}",
        )
    engine = engine_of(desk, head.engine)
    if not engine.outlives:
        raise UsageProblemError(
            f"The sweep {sweep_id} is with the engine {engine.name}, which by the settings is one "
            "of this process now. Nothing was stopped.",
            "Name the engine in the settings file as it was when the sweep began.",
        )
    run = store.reopen(sweep_id, lambda event: None)
    try:
        plan = Plan(run.recipe, (), {}, run.prints, 1, desk.settings.cache)
        outcome = carried_out(store, run, plan, engine, threading.Event(), call_off=True)
        if outcome is not Outcome.CALLED_OFF:
            raise DeskError(
                f"Stopping {sweep_id} was interrupted; some of its trials may go on.",
                f"Stop the others: researchdesk sweep cancel {sweep_id}",
                exit_code=INTERRUPTED,
            )
        run.record("run_interrupted")
    finally:
        run.close()
    return True
