"""Links of a text that was kept, which lead nowhere: told of at once."""

from researchdesk.cli import diagnostics
from researchdesk.services import links
from researchdesk.services.desk import Desk


def tell_dead_links(desk: Desk, text: str) -> None:
    """Warn of the links that nothing on the desk answers to; where one begins the id of a run, say
    how it is written."""
    dead = links.leading_nowhere(desk, text)
    if not dead:
        return
    diagnostics.warn_of_nowhere(*dead)
    if whole := links.in_full(desk, dead):
        diagnostics.say(f"A link to a run has the whole of its id: {', '.join(whole)}")
