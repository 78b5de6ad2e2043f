"""What a note can link to with ``[[``, as the note's dialog offers it."""

from researchdesk.services import claims, library
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.note import Target


def link_targets(desk: Desk) -> list[Target]:
    """The claims that were accepted, then the papers on the desk."""
    found = [Target(f"claim:{claim.slug}", claim.text) for claim in claims.claims_of(desk)]
    found += [Target(item.paper.name, item.paper.title) for item in library.list_papers(desk)]
    return found
