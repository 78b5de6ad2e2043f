"""What sources said of a paper: the records that were imported or merged into it."""

from researchdesk.services.desk import Desk
from researchdesk.storage import records
from researchdesk.storage.records import Record as Record


def records_of(desk: Desk, paper_id: int) -> list[Record]:
    """The paper's records, in the order they came."""
    return records.of_paper(desk.database.connection, paper_id)
