"""What was done to notes, kept so that it can be undone after a restart, in rows.

A row says what the note was before and after. Undone rows wait to be redone until something else is
done to a note of the paper; then they go. The texts themselves stay among the revisions. What was
done to one note is undone in the order of time, whoever did it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
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


Mark = tuple[int, str]
"""What tells an action from all others: its number, which may be given again once it is gone, and
its moment."""


class StaleError(Exception):
    """Something else was done to the note, of the number given, since the action."""

    def __init__(self, note_id: int, action: Mark) -> None:
        super().__init__(note_id)
        self.note_id, self.action = note_id, action


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
) -> Mark:
    """Keep what was just done to ``note``; nothing that was undone can be redone after it."""
    after = {**state_of(db, note.id), "answer": answer}
    at = stamp(moment)
    row = {
        "paper_id": note.paper_id,
        "note_id": note.id,
        "action": kind.value,
        "before": json.dumps(before, ensure_ascii=False),
        "after": json.dumps(after, ensure_ascii=False),
        "at": at,
    }
    with db.atomic():
        db.table("note_actions").delete_where(
            "paper_id = ? AND undone_at IS NOT NULL", [note.paper_id]
        )
        return (rows.insert(db, "note_actions", row), at)


def undo(
    db: Database, paper_id: int, moment: datetime, own: Collection[Mark] = ()
) -> Action | None:
    """Take back what was done last to a note of the paper, of ``own`` first; None where nothing is
    left. Raises StaleError where something else was done to that note since."""
    where = "paper_id = ? AND undone_at IS NULL"
    found = db.table("note_actions").rows_where(where, [paper_id], order_by="id DESC")
    return _turn(db, _first(list(found), own), moment, back=True)


def redo(
    db: Database, paper_id: int, moment: datetime, own: Collection[Mark] = ()
) -> Action | None:
    """Do again what was undone last, of ``own`` first; None where nothing is left. Raises
    StaleError where something else of that note was undone before."""
    where = "paper_id = ? AND undone_at IS NOT NULL"
    found = db.table("note_actions").rows_where(where, [paper_id], order_by="id")
    return _turn(db, _first(list(found), own), moment, back=False)


_Row = Mapping[str, Any]


def _first(found: Sequence[_Row], own: Collection[Mark]) -> _Row | None:
    mine = (row for row in found if (row["id"], row["at"]) in own)
    return next(mine, next(iter(found), None))


def _refuse_stale(db: Database, row: _Row, answer: int | None, *, back: bool) -> None:
    stands = "undone_at IS NULL AND id > ?" if back else "undone_at IS NOT NULL AND id < ?"
    where = f"paper_id = ? AND note_id IN (?, ?) AND {stands}"
    values = [row["paper_id"], row["note_id"], answer or row["note_id"], row["id"]]
    if db.table("note_actions").count_where(where, values):
        raise StaleError(row["note_id"], (row["id"], row["at"]))


def _turn(db: Database, row: _Row | None, moment: datetime, *, back: bool) -> Action | None:
    if row is None:
        return None
    before, after = json.loads(row["before"]), json.loads(row["after"])
    answer = after.pop("answer", None)
    _refuse_stale(db, row, answer, back=back)
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
