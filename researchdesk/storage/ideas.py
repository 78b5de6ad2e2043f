"""Ideas, in rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.ideas import Idea, IdeaState
from researchdesk.storage import rows


def insert(db: Database, idea: Idea) -> Idea:
    """Keep a new idea; its ``id`` is not looked at."""
    return get(db, rows.insert(db, "ideas", _row_of(idea)))


def update(db: Database, idea: Idea) -> None:
    db.table("ideas").update(idea.id, _row_of(idea))


def get(db: Database, number: int) -> Idea:
    """Raises LookupError where there is no such idea."""
    for row in db.table("ideas").rows_where("id = ?", [number]):
        return _idea(row)
    raise LookupError(number)


def all_ideas(db: Database) -> list[Idea]:
    """The oldest first."""
    return [_idea(row) for row in db.table("ideas").rows_where(order_by="id")]


def of(db: Database, ref: str) -> list[Idea]:
    """The ideas that came from the thing of this ref, the oldest first."""
    found = db.table("ideas").rows_where('"of" = ?', [ref], order_by="id")
    return [_idea(row) for row in found]


def set_places(db: Database, numbers: Sequence[int]) -> None:
    """Make these, in this order, the person's own order; all others have no place in it."""
    with db.atomic():
        db.execute("UPDATE ideas SET place = NULL WHERE place IS NOT NULL")
        for place, number in enumerate(numbers, start=1):
            db.execute("UPDATE ideas SET place = ? WHERE id = ?", [place, number])


def _row_of(idea: Idea) -> dict[str, Any]:
    return {
        "text": idea.text,
        "of": idea.of,
        "impact": idea.impact,
        "work_days": idea.work_days,
        "fun": idea.fun,
        "instead": idea.instead,
        "state": idea.state.value,
        "why": idea.why,
        "place": idea.place,
        "again_on": idea.again_on.isoformat() if idea.again_on else None,
        "created_at": stamp(idea.created_at),
        "touched_at": stamp(idea.touched_at),
    }


def _idea(row: Mapping[str, Any]) -> Idea:
    return Idea(
        id=row["id"],
        text=row["text"],
        of=row["of"],
        impact=row["impact"],
        work_days=row["work_days"],
        fun=row["fun"],
        instead=row["instead"],
        state=IdeaState(row["state"]),
        why=row["why"],
        place=row["place"],
        again_on=date.fromisoformat(row["again_on"]) if row["again_on"] else None,
        created_at=parse_stamp(row["created_at"]),
        touched_at=parse_stamp(row["touched_at"]),
    )
