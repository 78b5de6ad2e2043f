"""Passes and their history, in rows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.reading import Decision, PassState, ReadingPass
from researchdesk.storage import rows
from researchdesk.storage.put_off import TAKEN_UP

_DUE_BY = """
    WITH waiting AS (
        SELECT passes.id, passes.paper_id, passes.again_on FROM passes
        JOIN papers ON papers.id = passes.paper_id
        WHERE passes.state != 'started' AND passes.again_on <= :on AND papers.removed_at IS NULL
        AND (:paper IS NULL OR passes.paper_id = :paper)
    ), {taken_up}
    SELECT passes.* FROM passes JOIN waiting ON waiting.id = passes.id
    WHERE passes.id NOT IN (SELECT id FROM taken_up) ORDER BY passes.again_on, passes.id
"""
_DUE = _DUE_BY.format(taken_up=TAKEN_UP)
_HALF_DONE = """
    SELECT passes.* FROM passes JOIN papers ON papers.id = passes.paper_id
    WHERE passes.state = 'started' AND papers.removed_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM passes AS other
        WHERE other.paper_id = passes.paper_id AND other.ended_at > passes.started_at
        AND (other.number >= passes.number OR other.state = 'dropped'
             OR other.again_on IS NOT NULL OR other.decision IN ('later', 'stop'))
    )
    ORDER BY passes.started_at DESC, passes.id DESC
"""


def insert_pass(
    db: Database, paper_id: int, version: int, workflow: str, number: int, moment: datetime
) -> ReadingPass:
    """A pass newly started."""
    row = {
        "paper_id": paper_id,
        "version": version,
        "workflow": workflow,
        "number": number,
        "state": PassState.STARTED.value,
        "started_at": stamp(moment),
    }
    with db.atomic():
        pass_id = rows.insert(db, "passes", row)
        record(db, pass_id, PassState.STARTED, moment)
    return get_pass(db, pass_id)


def move_pass(
    db: Database,
    pass_id: int,
    state: PassState,
    moment: datetime,
    why: str = "",
    again_on: date | None = None,
    decision: Decision | None = None,
) -> ReadingPass:
    """Change a pass's state, and keep the change in its history."""
    row = {
        "state": state.value,
        "ended_at": None if state is PassState.STARTED else stamp(moment),
        "why": why,
        "again_on": again_on.isoformat() if again_on else None,
        "decision": decision.value if decision else None,
    }
    with db.atomic():
        db.table("passes").update(pass_id, row)
        record(db, pass_id, state, moment, why, again_on)
    return get_pass(db, pass_id)


def record(
    db: Database,
    pass_id: int,
    state: PassState,
    moment: datetime,
    why: str = "",
    again_on: date | None = None,
) -> None:
    """A line of a pass's history."""
    row = {
        "pass_id": pass_id,
        "state": state.value,
        "why": why,
        "again_on": again_on.isoformat() if again_on else None,
        "at": stamp(moment),
    }
    db.table("pass_events").insert(row)


def set_step(db: Database, pass_id: int, step: int) -> ReadingPass:
    db.table("passes").update(pass_id, {"step": step})
    return get_pass(db, pass_id)


def add_seconds(db: Database, pass_id: int, seconds: float) -> None:
    """Add to the time spent; nothing where there is no such pass."""
    db.execute("UPDATE passes SET seconds = seconds + ? WHERE id = ?", [seconds, pass_id])


def get_pass(db: Database, pass_id: int) -> ReadingPass:
    """Raises sqlite_utils NotFoundError."""
    return _pass(db.table("passes").get(pass_id))


def passes(db: Database, paper_id: int | None = None) -> list[ReadingPass]:
    """The passes of one paper, or of all, in the order they were started."""
    where, values = ("paper_id = ?", [paper_id]) if paper_id is not None else (None, [])
    found = db.table("passes").rows_where(where, values, order_by="started_at, id")
    return [_pass(row) for row in found]


def due(db: Database, on: date, paper_id: int | None = None) -> list[ReadingPass]:
    """What was put off to this day or an earlier one and not taken up since, the longest due first.

    Taken up: any pass over the paper was started or gone on with on the day or later, or was ended
    with another decision.
    """
    values = {"on": on.isoformat(), "paper": paper_id}
    return [_pass(row) for row in db.query(_DUE, values)]


def half_done(db: Database) -> list[ReadingPass]:
    """Passes under way, the last started first.

    Without those that were left behind: a pass of the same number or a later one ended since, or
    the paper was put off or let go.
    """
    return [_pass(row) for row in db.query(_HALF_DONE)]


def _pass(row: Mapping[str, Any]) -> ReadingPass:
    return ReadingPass(
        id=row["id"],
        paper_id=row["paper_id"],
        version=row["version"],
        workflow=row["workflow"],
        number=row["number"],
        state=PassState(row["state"]),
        step=row["step"],
        started_at=parse_stamp(row["started_at"]),
        ended_at=parse_stamp(row["ended_at"]) if row["ended_at"] else None,
        why=row["why"],
        again_on=date.fromisoformat(row["again_on"]) if row["again_on"] else None,
        decision=Decision(row["decision"]) if row["decision"] else None,
        seconds=row["seconds"],
    )
