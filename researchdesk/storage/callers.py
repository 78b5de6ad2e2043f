"""Whether anything on the desk may ask for somebody now: cheap, and right where it says no."""

import sqlite3
from datetime import date, datetime

from researchdesk.domain.clock import stamp
from researchdesk.storage.put_off import UNTIL

_OTHERS = """
    SELECT EXISTS (
        SELECT 1 FROM passes WHERE state = 'started' AND (
            started_at >= :fresh
            OR EXISTS (
                SELECT 1 FROM notes
                WHERE notes.paper_id = passes.paper_id AND notes.updated_at >= :fresh
            )
        )
    )
    OR EXISTS (SELECT 1 FROM surprises WHERE again_on <= :today)
    OR EXISTS (SELECT 1 FROM ideas WHERE again_on <= :today OR state = 'being investigated')
    OR EXISTS (SELECT 1 FROM investigations WHERE again_on <= :today OR state = 'open')
"""


def may_call(db: sqlite3.Connection, today: date, fresh: datetime) -> bool:
    """False where nothing is due on ``today``, nothing comes back, no pass is under way that was
    begun or noted on since ``fresh``, and nothing is followed that might want a review."""
    day = today.isoformat()
    if db.execute(UNTIL, (day,)).fetchone():
        return True
    values = {"today": day, "fresh": stamp(fresh)}
    return bool(db.execute(_OTHERS, values).fetchone()[0])
