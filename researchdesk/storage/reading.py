"""Passes, their history, and the notes with every earlier revision, in rows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.reading import Note, NoteKind, PassState, ReadingPass
from researchdesk.storage import rows

_NOTES = "SELECT notes.*, passes.number FROM notes JOIN passes ON passes.id = notes.pass_id"


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
        _record(db, pass_id, PassState.STARTED, moment)
    return get_pass(db, pass_id)


def move_pass(
    db: Database,
    pass_id: int,
    state: PassState,
    moment: datetime,
    why: str = "",
    again_on: date | None = None,
) -> ReadingPass:
    """Change a pass's state, and keep the change in its history."""
    ended = None if state is PassState.STARTED else stamp(moment)
    again = again_on.isoformat() if again_on else None
    with db.atomic():
        db.table("passes").update(
            pass_id, {"state": state.value, "ended_at": ended, "why": why, "again_on": again}
        )
        _record(db, pass_id, state, moment, why, again)
    return get_pass(db, pass_id)


def set_step(db: Database, pass_id: int, step: int) -> ReadingPass:
    db.table("passes").update(pass_id, {"step": step})
    return get_pass(db, pass_id)


def get_pass(db: Database, pass_id: int) -> ReadingPass:
    return _pass(db.table("passes").get(pass_id))


def passes(db: Database, paper_id: int | None = None) -> list[ReadingPass]:
    """The passes of one paper, or of all, in the order they were started."""
    where, values = ("paper_id = ?", [paper_id]) if paper_id is not None else (None, [])
    found = db.table("passes").rows_where(where, values, order_by="started_at, id")
    return [_pass(row) for row in found]


def insert_note(db: Database, note: Note) -> Note:
    """Keep a new note (its ``id`` is not looked at) and its first revision."""
    with db.atomic():
        note_id = rows.insert(db, "notes", _note_row(note))
        _revise(db, replace(note, id=note_id))
    return get_note(db, note_id)


def update_note(db: Database, note: Note) -> Note:
    """Write a note's new state; the earlier one stays among its revisions."""
    with db.atomic():
        db.table("notes").update(note.id, _note_row(note))
        _revise(db, note)
    return get_note(db, note.id)


def set_note_deleted(db: Database, note_id: int, moment: datetime | None) -> None:
    db.table("notes").update(note_id, {"deleted_at": stamp(moment) if moment else None})


def get_note(db: Database, note_id: int) -> Note:
    """Raises LookupError where there is no such note."""
    for row in db.query(f"{_NOTES} WHERE notes.id = ?", [note_id]):
        return _note(row)
    raise LookupError(note_id)


def notes(db: Database, paper_id: int | None = None, number: int | None = None) -> list[Note]:
    """The notes of a paper (of all), of a pass (of all), that were not deleted, oldest first."""
    sql = (
        f"{_NOTES} WHERE notes.deleted_at IS NULL"
        " AND (:paper IS NULL OR notes.paper_id = :paper)"
        " AND (:number IS NULL OR passes.number = :number) ORDER BY notes.created_at, notes.id"
    )
    return [_note(row) for row in db.query(sql, {"paper": paper_id, "number": number})]


def revisions(db: Database, note_id: int) -> list[tuple[datetime, str, str]]:
    """(saved at, text, quote) of every state of a note, oldest first."""
    found: Iterable[Mapping[str, Any]] = db.table("note_revisions").rows_where(
        "note_id = ?", [note_id], order_by="id"
    )
    return [(parse_stamp(row["saved_at"]), row["text"], row["quote"]) for row in found]


def _record(
    db: Database,
    pass_id: int,
    state: PassState,
    moment: datetime,
    why: str = "",
    again: str | None = None,
) -> None:
    db.table("pass_events").insert(
        {
            "pass_id": pass_id,
            "state": state.value,
            "why": why,
            "again_on": again,
            "at": stamp(moment),
        }
    )


def _revise(db: Database, note: Note) -> None:
    db.table("note_revisions").insert(
        {
            "note_id": note.id,
            "kind": note.kind.value,
            "page": note.page,
            "quote": note.quote,
            "text": note.text,
            "saved_at": stamp(note.updated_at),
        }
    )


def _note_row(note: Note) -> dict[str, Any]:
    return {
        "paper_id": note.paper_id,
        "version": note.version,
        "pass_id": note.pass_id,
        "kind": note.kind.value,
        "page": note.page,
        "quote": note.quote,
        "text": note.text,
        "step": note.step,
        "created_at": stamp(note.created_at),
        "updated_at": stamp(note.updated_at),
    }


def _note(row: Mapping[str, Any]) -> Note:
    return Note(
        id=row["id"],
        paper_id=row["paper_id"],
        version=row["version"],
        pass_id=row["pass_id"],
        pass_number=row["number"],
        text=row["text"],
        created_at=parse_stamp(row["created_at"]),
        updated_at=parse_stamp(row["updated_at"]),
        kind=NoteKind(row["kind"]),
        page=row["page"],
        quote=row["quote"],
        step=row["step"],
    )


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
    )
