"""A talk opened to be rehearsed."""

from typing import TYPE_CHECKING

from researchdesk.services.talk_files import talk_of
from researchdesk.tui.messages import FirstShown, OpenRehearsal
from researchdesk.tui.notices import telling
from researchdesk.tui.screens.rehearsal import RehearsalScreen

if TYPE_CHECKING:
    from researchdesk.tui.going import GoingApp


async def open_rehearsal(app: "GoingApp", message: OpenRehearsal) -> None:
    """Show the first slide, with the clock standing still."""
    with telling(app):
        talk = talk_of(app.desk, message.talk)
        await app.push_screen(RehearsalScreen(app.desk, talk, alone=message.alone))
    if message.alone:
        app.post_message(FirstShown())
