"""What is looked at once the first screen stands: nobody waits for it."""

from collections.abc import Iterator

from researchdesk.services import library
from researchdesk.services.desk import Desk
from researchdesk.services.workflows import workflow_problems
from researchdesk.tui.synced_warning import synced_warning


def begin_desk(desk: Desk) -> bool:
    """File the papers that a new desk begins with; whether there were any.

    Raises BusyError at once where another program writes: the next start does it then.
    """
    if not library.missing_bundled(desk):
        return False
    with desk.database.writing_at_once():
        library.seed_bundled(desk)
    return True


def problems(desk: Desk) -> Iterator[tuple[str, str]]:
    """What a person should know of this desk, each with its title."""
    if found := workflow_problems(desk):
        yield "\n".join(found), "Workflows left out; the rest are there"
    if words := synced_warning(desk):
        yield words, "A synced folder"
