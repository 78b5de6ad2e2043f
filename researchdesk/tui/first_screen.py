"""Where the app opens: at Home only for what is asked of one now."""

from datetime import datetime, timedelta

from researchdesk.services import notes
from researchdesk.services.desk import Desk
from researchdesk.services.reading import Due
from researchdesk.services.today import today

_FRESH = timedelta(days=14)


def calls_home(desk: Desk, since: datetime | None) -> bool:
    """Whether reading is due, a pass half done is fresh, or a run ended ``since`` then.

    Open surprises wait at Home, but may wait for years: they alone do not call.
    """
    found = today(desk)
    if found.due or any(_is_fresh(desk, item) for item in found.half_done):
        return True
    ends = (run.ended_at for run in found.ended_runs)
    return any(since is None or (end is not None and end > since) for end in ends)


def _is_fresh(desk: Desk, half_done: Due) -> bool:
    """Whether the pass was begun, or a note of its paper written, in the last two weeks."""
    item, now = half_done.reading_pass, desk.clock()
    if now - item.started_at <= _FRESH:
        return True
    return any(now - note.updated_at <= _FRESH for note in notes.notes_of(desk, half_done.paper))
