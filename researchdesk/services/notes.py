"""Notes: pinned to a pass, a version, a page and a quote; no state of one is ever lost."""

from dataclasses import replace
from datetime import datetime

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, NoteKind, PassState
from researchdesk.domain.text import clean
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.reading import current_pass, start_pass
from researchdesk.storage import reading


def add_note(
    desk: Desk,
    paper: Paper,
    pass_number: int,
    text: str,
    *,
    page: int | None = None,
    quote: str = "",
    kind: NoteKind = NoteKind.NOTE,
    step: str = "",
    version: int | None = None,
) -> Note:
    """Keep a note; the pass is started where it was not.

    A note added to a pass that ended does not open it again. Raises UsageProblemError for an
    empty note or a page below 1.
    """
    text, now = _checked(text, page), desk.clock()
    with desk.database.writing() as db:
        reading_pass = current_pass(desk, paper, pass_number)
        if reading_pass is None or (version is not None and reading_pass.version != version):
            reading_pass = start_pass(desk, paper, pass_number, version=version)
        note = Note(
            id=0,
            paper_id=paper.id,
            version=reading_pass.version,
            pass_id=reading_pass.id,
            pass_number=pass_number,
            text=text,
            created_at=now,
            updated_at=now,
            kind=kind,
            page=page,
            quote=clean(quote).strip(),
            step=step,
        )
        return reading.insert_note(db, note)


def edit_note(
    desk: Desk,
    note_id: int,
    *,
    text: str | None = None,
    quote: str | None = None,
    page: int | None = None,
    kind: NoteKind | None = None,
) -> Note:
    """Change what is given of a note; unchanged, nothing is written."""
    old = get_note(desk, note_id)
    new = replace(
        old,
        text=old.text if text is None else _checked(text, page),
        quote=old.quote if quote is None else clean(quote).strip(),
        page=old.page if page is None else page,
        kind=old.kind if kind is None else kind,
    )
    if new == old:
        return old
    with desk.database.writing() as db:
        return reading.update_note(db, replace(new, updated_at=desk.clock()))


def get_note(desk: Desk, note_id: int) -> Note:
    """The note of this number, a deleted one too. Raises NotOnDeskError."""
    try:
        return reading.get_note(desk.database.connection, note_id)
    except LookupError as error:
        raise NotOnDeskError(
            f"There is no note {note_id}.", "See them with: researchdesk note list"
        ) from error


def delete_note(desk: Desk, note_id: int) -> Note:
    """Take a note away; ``undelete_note`` brings it back."""
    note = get_note(desk, note_id)
    with desk.database.writing() as db:
        reading.set_note_deleted(db, note_id, desk.clock())
    return note


def undelete_note(desk: Desk, note_id: int) -> Note:
    with desk.database.writing() as db:
        reading.set_note_deleted(db, note_id, None)
    return get_note(desk, note_id)


def notes_of(desk: Desk, paper: Paper | None = None, pass_number: int | None = None) -> list[Note]:
    """The notes of a paper (of all), of a pass (of all), oldest first."""
    return reading.notes(desk.database.connection, None if paper is None else paper.id, pass_number)


def revisions(desk: Desk, note_id: int) -> list[tuple[datetime, str, str]]:
    """(saved at, text, quote) of every state of a note, oldest first."""
    return reading.revisions(desk.database.connection, note_id)


def pass_is_over(desk: Desk, paper: Paper, number: int) -> bool:
    """Whether this pass was finished or dropped."""
    found = current_pass(desk, paper, number)
    return found is not None and found.state is not PassState.STARTED


def _checked(text: str, page: int | None) -> str:
    text = clean(text).strip()
    if not text:
        raise UsageProblemError("The note is empty; nothing was kept.")
    if page is not None and page < 1:
        raise UsageProblemError("Pages count from 1.")
    return text
