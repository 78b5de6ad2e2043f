"""Investigations as they are kept: looked up, their steps, the answers to them."""

from datetime import datetime

from researchdesk.domain.happenings import Happening
from researchdesk.domain.investigation_workflows import InvestigationStep, InvestigationWorkflow
from researchdesk.domain.investigations import Investigation
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import workflows
from researchdesk.services.desk import Desk
from researchdesk.storage import happenings, investigations

USUAL = "investigation"
"""The workflow that is taken where none is named."""


def get_investigation(desk: Desk, number: int) -> Investigation:
    """The investigation of this number. Raises NotOnDeskError."""
    try:
        return investigations.get(desk.database.connection, number)
    except LookupError as error:
        raise NotOnDeskError(
            f"There is no investigation {number}.",
            "See them with: researchdesk investigate list --all",
        ) from error


def list_investigations(desk: Desk, *, every: bool = False) -> list[Investigation]:
    """Those at hand (open, or back from parking), the last touched first; with ``every`` then the
    parked ones and those that are closed."""
    today = desk.today()
    found = investigations.all_of(desk.database.connection)
    at_hand = [item for item in found if item.is_at_hand(today)]
    if not every:
        return at_hand
    away = [item for item in found if not item.is_at_hand(today)]
    return [*at_hand, *sorted(away, key=lambda item: item.state.is_closed)]


def investigations_of(desk: Desk, ref: str) -> list[Investigation]:
    """Those that follow up the thing of this ref, the last touched first."""
    return investigations.all_of(desk.database.connection, ref) if ref else []


def history_of(desk: Desk, number: int) -> list[Happening]:
    """What happened to the investigation, oldest first. Raises NotOnDeskError."""
    return happenings.of(desk.database.connection, get_investigation(desk, number).ref)


def answers_of(desk: Desk, number: int, step: str) -> list[tuple[datetime, str]]:
    """Every answer to a step with its moment, the oldest first."""
    return investigations.answers(desk.database.connection, number, step)


def investigation_workflows(desk: Desk) -> dict[str, InvestigationWorkflow]:
    """The workflows of investigations by name; the user's own take the place of shipped ones."""
    files = workflows.investigation_files(desk)
    return {item.steps.name: item.steps for item in files if item.steps}


def workflow_named(desk: Desk, name: str) -> InvestigationWorkflow:
    """The workflow of this name. Raises NotOnDeskError, BadInputError where its file is broken."""
    found = investigation_workflows(desk)
    if name in found:
        return found[name]
    broken = [item for item in workflows.investigation_files(desk) if item.problems]
    for item in broken:
        if item.path.stem == name:
            raise BadInputError(item.words, "Mend the file; `workflow check` tells all of it.")
    raise NotOnDeskError(
        f"There is no workflow {name!r} of investigations.",
        f"There are: {', '.join(sorted(found))}. One of your own is a file with "
        f'kind = "investigation" in {workflows.own_folder(desk)}.',
    )


def steps_of(desk: Desk, investigation: Investigation) -> tuple[InvestigationStep, ...]:
    """The steps of its workflow. One whose file is gone goes on with the usual ones."""
    found = investigation_workflows(desk)
    workflow = found.get(investigation.workflow) or found.get(USUAL)
    return workflow.steps if workflow else ()


def titles_by_run(desk: Desk) -> dict[str, str]:
    """Of each run that experiments are linked to, the investigation with its number and title."""
    return investigations.titles_by_run(desk.database.connection)
