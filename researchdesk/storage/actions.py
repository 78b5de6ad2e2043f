"""What was done to notes, kept so that it can be undone after a restart, in rows.

A row says what the note was before and after. Undone rows wait to be redone until something else is
done to a note of the paper; then they go. The texts themselves stay among the revisions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.reading import Note, NoteKind
from researchdesk.storage import notes, rows


class ActionKind(StrEnum):
    ADD = "add"
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"
    RESOLVE = "resolve"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done to a note. ``answer`` is the note that came with it, or None."""

    id: int
    note_id: int
    kind: ActionKind
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    answer: int | None = None


def state_of(db: Database, note_id: int) -> dict[str, Any]:
    """What of a note can be done and undone."""
    note = notes.get(db, note_id)
    return {
        "text": note.text,
        "quote": note.quote,
        "page": note.page,
        "kind": note.kind.value,
        "resolved_at": stamp(note.resolved_at) if note.resolved_at else None,
        "deleted": notes.is_deleted(db, note_id),
    }


def keep(
    db: Database,
    kind: ActionKind,
    note: Note,
    before: Mapping[str, Any],
    moment: datetime,
    answer: int | None = None,
) -> None:
    """Keep what was just done to ``note``; nothing that was undone can be redone after it."""
    after = {**state_of(db, note.id), "answer": answer}
    row = {
        "paper_id": note.paper_id,
        "note_id": note.id,
        "action": kind.value,
        "before": json.dumps(before, ensure_ascii=False),
        "after": json.dumps(after, ensure_ascii=False),
        "at": stamp(moment),
    }
    with db.atomic():
        db.table("note_actions").delete_where(
            "paper_id = ? AND undone_at IS NOT NULL", [note.paper_id]
        )
        rows.insert(db, "note_actions", row)


def undo(db: Database, paper_id: int, moment: datetime) -> Action | None:
    """Take back what was done last to a note of the paper; None where nothing is left."""
    where = "paper_id = ? AND undone_at IS NULL"
    found = db.table("note_actions").rows_where(where, [paper_id], order_by="id DESC", limit=1)
    return _turn(db, next(iter(found), None), moment, back=True)


def redo(db: Database, paper_id: int, moment: datetime) -> Action | None:
    """Do again what was undone last; None where nothing is left."""
    where = "paper_id = ? AND undone_at IS NOT NULL"
    found = db.table("note_actions").rows_where(where, [paper_id], order_by="id", limit=1)
    return _turn(db, next(iter(found), None), moment, back=False)


def _turn(
    db: Database, row: Mapping[str, Any] | None, moment: datetime, *, back: bool
) -> Action | None:
    if row is None:
        return None
    before, after = json.loads(row["before"]), json.loads(row["after"])
    answer = after.pop("answer", None)
    action = Action(row["id"], row["note_id"], ActionKind(row["action"]), before, after, answer)
    with db.atomic():
        _apply(db, action.note_id, before if back else after, moment)
        if answer is not None:
            notes.set_deleted(db, answer, moment if back else None)
        undone = stamp(moment) if back else None
        db.table("note_actions").update(action.id, {"undone_at": undone})
    return action


def _apply(db: Database, note_id: int, state: Mapping[str, Any], moment: datetime) -> None:
    old = notes.get(db, note_id)
    new = replace(
        old,
        text=state["text"],
        quote=state["quote"],
        page=state["page"],
        kind=NoteKind(state["kind"]),
    )
    if new != old:
        notes.update(db, replace(new, updated_at=moment))
    resolved = state["resolved_at"]
    notes.set_resolved(db, note_id, parse_stamp(resolved) if resolved else None)
    if notes.is_deleted(db, note_id) is not state["deleted"]:
        notes.set_deleted(db, note_id, moment if state["deleted"] else None)
