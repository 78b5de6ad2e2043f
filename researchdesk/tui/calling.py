"""Whether what waits at Home is asked of one now."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from researchdesk.services import notes
from researchdesk.services.desk import Desk
from researchdesk.services.reading import Due
from researchdesk.services.today import today


def asks(desk: Desk, since: datetime | None, fresh: timedelta) -> bool:
    """Whether something is due: reading, a review, what was parked until now; or a pass half done
    is ``fresh``, or a run ended ``since`` then.

    Open surprises wait at Home, but may wait for years: they alone do not call.
    """
    found = today(desk)
    if found.due or found.back or found.reviews:
        return True
    written = notes.counted(desk)
    if any(_is_fresh(desk, item, written, fresh) for item in found.half_done):
        return True
    ends = (run.ended_at for run in found.ended_runs)
    return any(since is None or (end is not None and end > since) for end in ends)


def _is_fresh(
    desk: Desk, half_done: Due, written: Mapping[int, tuple[int, datetime]], fresh: timedelta
) -> bool:
    """Whether the pass was begun, or a note of its paper written, that short ago."""
    item, now = half_done.reading_pass, desk.clock()
    last = written[half_done.paper.id][1] if half_done.paper.id in written else item.started_at
    return now - max(item.started_at, last) <= fresh
