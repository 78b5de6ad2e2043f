"""Papers taken off a desk's lists as the command does it."""

from researchdesk.services import labels, library
from researchdesk.services.desk import Desk


def take_off(desk: Desk, ref: str) -> None:
    labels.remove_papers(desk, [library.get_paper(desk, ref).id])
