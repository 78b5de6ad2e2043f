"""The library's last change taken back, as `researchdesk undo` does it."""

from researchdesk.domain.labels import Change
from researchdesk.services import labels
from researchdesk.services.desk import Desk


def undo_last(desk: Desk) -> Change | None:
    """Done again, it goes further back; None where there is none."""
    change = labels.next_back(desk)
    return None if change is None else labels.undo(desk, change.id)
