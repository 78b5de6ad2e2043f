"""When the app was last used, to know what came since."""

from datetime import datetime

from researchdesk import files
from researchdesk.config import Settings
from researchdesk.domain.clock import parse_stamp
from researchdesk.errors import DeskError

_NAME = "last-used"


def last_used(settings: Settings) -> datetime | None:
    """When it was last begun or ended; None where it never was."""
    try:
        return parse_stamp(files.read_text(settings.state / _NAME).strip())
    except (ValueError, DeskError):
        return None


def keep_last_used(settings: Settings, moment: datetime) -> None:
    """Remember this moment. Raises BadInputError where it cannot be written."""
    files.write_text(settings.state / _NAME, f"{moment.isoformat()}\n")
