"""Runs whose trials are with an engine that nobody follows: asked after, or called off."""

from researchdesk.domain.runs import RunState
from researchdesk.errors import BusyError, DeskError
from researchdesk.harness.varying import drawn_settings
from researchdesk.services.carrying_out import engine_of
from researchdesk.services.desk import Desk
from researchdesk.services.left_alone import end_there, hindrance, require_elsewhere
from researchdesk.services.recipes import recipe_of_run
from researchdesk.services.reproduction import resume_run
from researchdesk.services.runs import cancel_run, get_run, remove_run, store_of


def gather(desk: Desk, run_id: str) -> str:
    """Gather what came of the trials of a run that is away; what hindered it, in words.

    Nothing is done with a run that is not away. What was gathered before stays as it is.
    """
    if get_run(desk, run_id).state is not RunState.AWAY:
        return ""
    try:
        resume_run(desk, run_id, look=True)
    except DeskError as error:
        return hindrance(error)
    return ""


def call_off(desk: Desk, run_id: str) -> bool:
    """Stop a run, wherever its trials are; what had finished is kept, and it can be gone on with.

    True where it is done, False where the process that follows the run was asked to do it. Raises
    NotOnDeskError where nothing is under way, EngineError where its engine cannot be reached.
    """
    if get_run(desk, run_id).state is not RunState.AWAY:
        cancel_run(desk, run_id)
        return False
    store = store_of(desk)
    config = store.config(run_id)
    engine = engine_of(desk, config.engine, has_some=True)
    require_elsewhere(engine, "run", run_id)
    drawn = drawn_settings(recipe_of_run(desk, run_id), config.tasks)
    run = store.resume(run_id, lambda event: None)
    end_there(store, run, engine, desk.settings.cache, "runs cancel", drawn)
    return True


def remove(desk: Desk, run_id: str) -> str:
    """Remove a run for good, its trials at an engine too; why those could not be ended, in words.

    Raises NotOnDeskError, and BusyError where it is under way.
    """
    hindered = ""
    if get_run(desk, run_id).state is RunState.AWAY:
        try:
            call_off(desk, run_id)
        except BusyError:
            raise
        except DeskError as error:
            hindered = f"Its trials could not be ended, and may go on. {error.message}"
    remove_run(desk, run_id)
    return hindered
