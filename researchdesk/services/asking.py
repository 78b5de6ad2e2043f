"""A glance at whether anything may ask for somebody now, before all that waits is read."""

from datetime import datetime, timedelta

from researchdesk.services.desk import Desk
from researchdesk.storage.callers import may_call

_EVENTS = "events.jsonl"


def may_ask(desk: Desk, since: datetime | None, fresh: timedelta) -> bool:
    """False where nothing is due today, comes back or wants a review, no pass is under way that was
    begun or noted on in the time ``fresh``, and nothing was written by a run ``since`` then."""
    if may_call(desk.database.raw, desk.today(), desk.clock() - fresh):
        return True
    return _a_run_wrote(desk, since)


def _a_run_wrote(desk: Desk, since: datetime | None) -> bool:
    folder = desk.settings.runs
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            moment = (path / _EVENTS).stat().st_mtime
        except OSError:
            continue
        if since is None or moment >= since.timestamp():
            return True
    return False
