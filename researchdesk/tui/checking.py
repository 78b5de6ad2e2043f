"""A checklist for what is looked at."""

from typing import TYPE_CHECKING

from researchdesk.services import checklists
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.checklist import ChecklistScreen

if TYPE_CHECKING:
    from researchdesk.tui.going import GoingApp

_FIRST = ("scientist", "reproducibility", "release")


async def open_checklist(app: "GoingApp") -> None:
    """Put a checklist to the story, run or paper that is looked at, over where one is."""
    screen = app.screen
    if not isinstance(screen, DeskScreen) or isinstance(screen, ChecklistScreen):
        return
    with telling(app):
        ref = screen.subject_at_hand() or screen.surprise_at_hand().on
        if not ref:
            say(app, "A checklist is put to a story, a run or a paper; none is looked at here.")
            return
        known = [one.name for one in checklists.all_checklists(app.desk)]
        name = next((one for one in _FIRST if one in known), known[0])
        await app.push_screen(ChecklistScreen(app.desk, name, ref))
