"""A text written from what is looked at: asked for, and told of."""

from functools import partial

from researchdesk.services.desk import Desk
from researchdesk.services.writing import Wants
from researchdesk.tui.dialogs.writing import WritingDialog, Written
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.screens.base import DeskScreen


def ask_of_story(screen: DeskScreen, slug: str) -> None:
    """Ask which text to write from a storyline."""
    _ask(screen, screen.desk, f"story:{slug}", Wants.STORY)


def ask_of_paper(screen: DeskScreen, ref: str) -> None:
    """Ask which text to write about a paper that was read."""
    _ask(screen, screen.desk, ref, Wants.PAPER)


def _ask(screen: DeskScreen, desk: Desk, ref: str, wants: Wants) -> None:
    with telling(screen):
        screen.app.push_screen(WritingDialog(desk, ref, wants), partial(_tell, screen))


def _tell(screen: DeskScreen, written: Written | None) -> None:
    if written is None:
        return
    paths = "\n".join(str(file.path) for file in written.files)
    beside = [str(file.instead_of) for file in written.files if file.instead_of]
    told = "\n".join((*written.text.warnings, *written.text.told))
    if beside:
        kept = ", ".join(beside)
        warn(screen, f"{paths}\nbeside {kept}, which you changed\n{told}", "Written beside yours")
    else:
        say(screen, f"{paths}\n{told}".strip(), "Written")
