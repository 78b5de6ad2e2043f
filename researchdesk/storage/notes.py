"""Notes with every earlier revision, and what they link to, in rows."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.links import LinkKind, links_in
from researchdesk.domain.reading import CodePlace, Note, NoteKind, NoteRevision
from researchdesk.storage import rows

_NOTES = "SELECT notes.*, passes.number FROM notes JOIN passes ON passes.id = notes.pass_id"
_ORDER = "ORDER BY notes.id"
_KEPT = "notes.deleted_at IS NULL"
_LINKS_TO = (
    "notes.id IN (SELECT note_id FROM note_links WHERE kind = :kind"
    " AND target IN (SELECT value FROM json_each(:targets)))"
)
_LINKING = f"{_NOTES} WHERE {_KEPT} AND {_LINKS_TO} {_ORDER}"


def insert(db: Database, note: Note) -> Note:
    """Keep a new note (its ``id`` is not looked at) and its first revision."""
    with db.atomic():
        note_id = rows.insert(db, "notes", _row_of(note))
        kept = get(db, note_id)
        _revise(db, kept)
    return kept


def update(db: Database, note: Note) -> Note:
    """Write a note's new state; the earlier one stays among its revisions."""
    with db.atomic():
        db.table("notes").update(note.id, _row_of(note))
        _revise(db, note)
    return get(db, note.id)


def set_deleted(db: Database, note_id: int, moment: datetime | None) -> None:
    db.table("notes").update(note_id, {"deleted_at": stamp(moment) if moment else None})


def set_resolved(db: Database, note_id: int, moment: datetime | None) -> None:
    db.table("notes").update(note_id, {"resolved_at": stamp(moment) if moment else None})


def get(db: Database, note_id: int) -> Note:
    """The note, a deleted one too. Raises LookupError where there is no such note."""
    for row in db.query(f"{_NOTES} WHERE notes.id = ?", [note_id]):
        return _note(row)
    raise LookupError(note_id)


def is_deleted(db: Database, note_id: int) -> bool:
    return bool(db.table("notes").get(note_id)["deleted_at"])


def notes(db: Database, paper_id: int | None = None, number: int | None = None) -> list[Note]:
    """The notes of a paper (of all), of a pass (of all), that were not deleted, oldest first."""
    sql = (
        f"{_NOTES} WHERE {_KEPT}"
        " AND (:paper IS NULL OR notes.paper_id = :paper)"
        f" AND (:number IS NULL OR passes.number = :number) {_ORDER}"
    )
    return [_note(row) for row in db.query(sql, {"paper": paper_id, "number": number})]


def counted(db: Database) -> dict[int, tuple[int, datetime]]:
    """How many notes each paper has that were not deleted, and when one was last written."""
    sql = (
        "SELECT paper_id, COUNT(*) AS count, MAX(updated_at) AS last FROM notes"
        " WHERE deleted_at IS NULL GROUP BY paper_id"
    )
    return {row["paper_id"]: (row["count"], parse_stamp(row["last"])) for row in db.query(sql)}


def answers(db: Database, question_id: int) -> list[Note]:
    """The notes that answer a question, oldest first."""
    sql = f"{_NOTES} WHERE {_KEPT} AND notes.answers = ? {_ORDER}"
    return [_note(row) for row in db.query(sql, [question_id])]


def linking(db: Database, kind: LinkKind, targets: tuple[str, ...]) -> list[Note]:
    """The notes that link to one of ``targets``, oldest first."""
    values = {"kind": kind.value, "targets": json.dumps(targets)}
    return [_note(row) for row in db.query(_LINKING, values)]


def revisions(db: Database, note_id: int) -> list[NoteRevision]:
    """Every state of a note, oldest first."""
    found = db.table("note_revisions").rows_where("note_id = ?", [note_id], order_by="id")
    return [
        NoteRevision(
            parse_stamp(row["saved_at"]),
            row["text"],
            row["quote"],
            row["page"],
            NoteKind(row["kind"]),
        )
        for row in found
    ]


def _revise(db: Database, note: Note) -> None:
    row = {
        "note_id": note.id,
        "kind": note.kind.value,
        "page": note.page,
        "quote": note.quote,
        "text": note.text,
        "saved_at": stamp(note.updated_at),
    }
    db.table("note_revisions").insert(row)
    db.table("note_links").delete_where("note_id = ?", [note.id])
    links = {(link.kind.value, link.target) for link in links_in(note.text)}
    db.table("note_links").insert_all(
        {"note_id": note.id, "kind": kind, "target": target} for kind, target in sorted(links)
    )


def _row_of(note: Note) -> dict[str, Any]:
    code = note.code or CodePlace("", "", "", 0)
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
        "code_repository": code.repository,
        "code_commit": code.commit,
        "code_path": code.path,
        "code_line": code.line or None,
        "answers": note.answers,
        "resolved_at": stamp(note.resolved_at) if note.resolved_at else None,
    }


def _note(row: Mapping[str, Any]) -> Note:
    place = (row["code_repository"], row["code_commit"], row["code_path"], row["code_line"] or 0)
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
        code=CodePlace(*place) if any(place) else None,
        answers=row["answers"],
        resolved_at=parse_stamp(row["resolved_at"]) if row["resolved_at"] else None,
    )
