"""A glance at whether anything may ask for somebody now, before all that waits is read."""

from datetime import datetime, timedelta

from researchdesk.harness.run_times import written
from researchdesk.services.desk import Desk
from researchdesk.storage.callers import may_call


def may_ask(desk: Desk, since: datetime | None, fresh: timedelta) -> bool:
    """False where nothing is due today, comes back or wants a review, no pass is under way that was
    begun or noted on in the time ``fresh``, and nothing was written by a run ``since`` then."""
    if may_call(desk.database.raw, desk.today(), desk.clock() - fresh):
        return True
    return _a_run_wrote(desk, since)


def _a_run_wrote(desk: Desk, since: datetime | None) -> bool:
    moment = since.timestamp() * 1e9 if since is not None else 0
    return any(told >= moment for told, _, _ in written(desk.settings.runs))
