"""Rehearsals of talks, in rows: written as they go on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.rehearsing import Rehearsal, SlideTime
from researchdesk.storage import rows


def insert(
    db: Database, talk: str, file: str, slides: Sequence[SlideTime], began_at: datetime
) -> int:
    """Begin one, with all its slides; gives its number."""
    row = {
        "talk": talk,
        "file": file,
        "planned_s": sum(slide.planned_s for slide in slides),
        "began_at": stamp(began_at),
    }
    number = rows.insert(db, "rehearsals", row)
    db.table("rehearsal_slides").insert_all(
        {
            "rehearsal_id": number,
            "number": slide.number,
            "title": slide.title,
            "planned_s": slide.planned_s,
            "used_s": slide.used_s,
        }
        for slide in slides
    )
    return number


def set_used(db: Database, number: int, used: Sequence[float]) -> None:
    """What each slide took so far, in the order of the slides."""
    for slide, seconds in enumerate(used, 1):
        db.conn.execute(
            "UPDATE rehearsal_slides SET used_s = ? "
            "WHERE rehearsal_id = ? AND number = ? AND used_s <> ?",
            (seconds, number, slide, seconds),
        )


def end(db: Database, number: int, ended_at: datetime) -> None:
    db.table("rehearsals").update(number, {"ended_at": stamp(ended_at)})


def get(db: Database, number: int) -> Rehearsal | None:
    """The rehearsal of this number, or None."""
    found = db.table("rehearsals").rows_where("id = ?", [number])
    return next((_rehearsal(db, row) for row in found), None)


def all_of(db: Database, talk: str | None = None) -> list[Rehearsal]:
    """Of one talk or of all, the newest first."""
    where, values = ("talk = ?", [talk]) if talk is not None else (None, [])
    found = db.table("rehearsals").rows_where(where, values, order_by="began_at DESC, id DESC")
    return [_rehearsal(db, row) for row in found]


def _rehearsal(db: Database, row: dict[str, Any]) -> Rehearsal:
    slides = db.table("rehearsal_slides").rows_where(
        "rehearsal_id = ?", [row["id"]], order_by="number"
    )
    return Rehearsal(
        id=row["id"],
        talk=row["talk"],
        file=row["file"],
        planned_s=row["planned_s"],
        began_at=parse_stamp(row["began_at"]),
        ended_at=parse_stamp(row["ended_at"]) if row["ended_at"] else None,
        slides=tuple(
            SlideTime(one["number"], one["title"], one["planned_s"], one["used_s"])
            for one in slides
        ),
    )
