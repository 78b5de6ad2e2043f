"""Sweeps whose trials are with an engine that nobody follows: asked after, or called off."""

from researchdesk.domain.runs import RunState
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services.carrying_out import engine_of
from researchdesk.services.desk import Desk
from researchdesk.services.left_alone import end_there, hindrance, require_elsewhere
from researchdesk.services.runs import next_step
from researchdesk.services.sweep_heads import sweep_head
from researchdesk.services.sweep_reading import recipe_of_sweep
from researchdesk.services.sweep_running import SweepHow, resume_sweep
from researchdesk.services.sweep_schedules import drawn_there
from researchdesk.services.sweep_store import read_one, store_of


def gather_sweep(desk: Desk, sweep_id: str) -> str:
    """Gather what came of the trials of a sweep that is away; what hindered it, in words.

    What was gathered before stays as it is.
    """
    try:
        resume_sweep(desk, sweep_id, SweepHow(look=True))
    except DeskError as error:
        return hindrance(error)
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
            f"The sweep {sweep_id} is not under way, so there is nothing to stop. Nothing was "
            "changed.",
            next_step("sweep", sweep_id, head.state),
        )
    engine = engine_of(desk, head.engine, has_some=True)
    require_elsewhere(engine, "sweep", sweep_id)
    recipe, before = recipe_of_sweep(desk, sweep_id), read_one(desk, sweep_id)
    run = store.reopen(sweep_id, lambda event: None)
    drawn = drawn_there(store, run, recipe, before, engine)
    end_there(store, run, engine, desk.settings.cache, "sweep cancel", drawn)
    return True
