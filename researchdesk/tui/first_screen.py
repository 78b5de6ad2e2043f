"""Where the app opens: at Home only for what is asked of one now."""

from datetime import datetime, timedelta

from researchdesk.services.asking import may_ask
from researchdesk.services.desk import Desk
from researchdesk.tui.late import late

_FRESH = timedelta(days=14)


def may_call(desk: Desk, since: datetime | None) -> bool:
    """A glance: False where ``calls_home`` would be False."""
    return may_ask(desk, since, _FRESH)


def calls_home(desk: Desk, since: datetime | None) -> bool:
    """Whether something is due: reading, a review, what was parked until now; or a pass half done
    is fresh, or a run ended ``since`` then.

    Most often a glance tells that nothing is; only else what Home reads is loaded.
    """
    if not may_call(desk, since):
        return False
    asks: bool = late("tui.calling").asks(desk, since, _FRESH)
    return asks
