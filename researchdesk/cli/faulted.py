"""What is said, and kept for a bug report, when something happened that nobody foresaw."""

import sys
import traceback

from researchdesk import __version__, faults
from researchdesk.cli import diagnostics
from researchdesk.config import Settings, load_settings
from researchdesk.domain.clock import utc_now
from researchdesk.errors import DeskError


def tell(error: Exception, commands: frozenset[str]) -> None:
    """Print the traceback, keep what may be kept of it, and say where to go."""
    traceback.print_exception(error)
    where = next((word for word in sys.argv[1:] if word in commands), "app")
    faults.keep(error, _settings().state, where, __version__, utc_now())
    say_where_to_go()


def say_where_to_go() -> None:
    """After a traceback."""
    diagnostics.say(
        "This is a fault of researchdesk. What was kept before it is unharmed.\n"
        "`researchdesk doctor --report` makes a text for a bug report, without anything private."
    )


def _settings() -> Settings:
    try:
        return load_settings()
    except DeskError:
        return Settings()
