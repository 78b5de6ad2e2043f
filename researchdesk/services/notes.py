"""Notes: pinned to a pass, a version, a page and a quote; no state of one is ever lost."""

import importlib
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Any

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import (
    CodePlace,
    Note,
    NoteKind,
    NoteRevision,
    PassState,
    ReadingPass,
)
from researchdesk.domain.text import as_written, clean
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import undoing
from researchdesk.services.desk import Desk
from researchdesk.services.reading import current_pass, start_pass
from researchdesk.services.undoing import Done as Done
from researchdesk.services.undoing import redo as redo
from researchdesk.services.undoing import undo as undo
from researchdesk.storage import actions, notes, papers, reading
from researchdesk.storage.actions import ActionKind


class Unchanged(Enum):
    """What is left as it is, where None means: none."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


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
    code: CodePlace | None = None,
    answers: int | None = None,
) -> Note:
    """Keep a note; the pass is started where it was not.

    A note added to a pass that ended does not open it again. A quote of the paper (not of ``code``)
    without a page gets its page, if that is known. Raises UsageProblemError for an empty note (a
    question may do with a quote) and for a page that the paper has not, NotOnDeskError where
    ``answers`` is no question of the paper.
    """
    quote = clean(quote).strip()
    text = _checked(text, quote, kind)
    page = _quotes().page_for(desk, paper, page, quote if code is None else "", version)
    with desk.database.writing() as db:
        if answers is not None:
            _question(desk, answers, paper)
        note = replace(
            _blank(desk, _pass_for(desk, paper, pass_number, version), text),
            kind=kind,
            page=page,
            quote=quote,
            step=step,
            code=code,
            answers=answers,
        )
        kept = notes.insert(db, note)
        before = {**actions.state_of(db, kept.id), "deleted": True}
        undoing.keep(desk, ActionKind.ADD, kept, before, note.created_at)
        return kept


def mark(
    desk: Desk,
    paper: Paper,
    pass_number: int,
    quote: str,
    page: int | None = None,
    step: str = "",
    text: str = "",
    version: int | None = None,
) -> Note:
    """Mark a passage as not understood; words of one's own may come with it, or later."""
    return add_note(
        desk,
        paper,
        pass_number,
        text,
        page=page,
        quote=quote,
        kind=NoteKind.QUESTION,
        step=step,
        version=version,
    )


def edit_note(
    desk: Desk,
    note_id: int,
    *,
    text: str | None = None,
    quote: str | None = None,
    page: int | Unchanged | None = UNCHANGED,
    kind: NoteKind | None = None,
) -> Note:
    """Change what is given of a note; a page of None takes it away. Unchanged, nothing is written.

    Raises as ``add_note`` does.
    """
    known = get_note(desk, note_id)
    if isinstance(page, int) and page != known.page:
        paper = papers.by_id(desk.database.connection, known.paper_id)
        _quotes().check_page(desk, paper, page, known.version)
    with desk.database.writing() as db:
        old = get_note(desk, note_id)
        new = replace(
            old,
            text=old.text if text is None else as_written(text).strip(),
            quote=old.quote if quote is None else clean(quote).strip(),
            page=old.page if isinstance(page, Unchanged) else page,
            kind=old.kind if kind is None else kind,
        )
        if new == old:
            return old
        _checked(new.text, new.quote, new.kind)
        before, now = actions.state_of(db, note_id), desk.clock()
        kept = notes.update(db, replace(new, updated_at=now))
        undoing.keep(desk, ActionKind.EDIT, kept, before, now)
        return kept


def get_note(desk: Desk, note_id: int) -> Note:
    """The note of this number, a deleted one too. Raises NotOnDeskError."""
    try:
        return notes.get(desk.database.connection, note_id)
    except LookupError as error:
        raise NotOnDeskError(
            f"There is no note {note_id}.", "See them with: researchdesk note list"
        ) from error


def is_deleted(desk: Desk, note_id: int) -> bool:
    """Whether a note is off the lists. Raises NotOnDeskError."""
    return notes.is_deleted(desk.database.connection, get_note(desk, note_id).id)


def delete_note(desk: Desk, note_id: int) -> Note:
    """Take a note away; ``undelete_note`` and ``undo`` bring it back."""
    return _set_deleted(desk, note_id, ActionKind.DELETE)


def undelete_note(desk: Desk, note_id: int) -> Note:
    """Bring a deleted note back."""
    return _set_deleted(desk, note_id, ActionKind.RESTORE)


def resolve(desk: Desk, question_id: int, text: str = "", step: str = "") -> Note | None:
    """Close a question; with words, they become a note that answers it, in the pass at hand.

    Gives that note. Raises NotOnDeskError where there is no such question.
    """
    with desk.database.writing() as db:
        question, now = _question(desk, question_id), desk.clock()
        before = actions.state_of(db, question_id)
        text, answer = as_written(text).strip(), None
        if text:
            answer = notes.insert(db, _answer(desk, question, text, step))
        elif question.resolved_at is not None:
            return None
        notes.set_resolved(db, question_id, question.resolved_at or now)
        undoing.keep(desk, ActionKind.RESOLVE, question, before, now, answer.id if answer else None)
        return answer


def reopen(desk: Desk, question_id: int) -> Note:
    """Open a question again; its answers stay."""
    with desk.database.writing() as db:
        question = _question(desk, question_id)
        if question.resolved_at is not None:
            before = actions.state_of(db, question_id)
            notes.set_resolved(db, question_id, None)
            undoing.keep(desk, ActionKind.REOPEN, question, before, desk.clock())
        return get_note(desk, question_id)


def questions_of(desk: Desk, paper: Paper | None = None, only_open: bool = False) -> list[Note]:
    """What was not understood in a paper (in all), oldest first."""
    found = (note for note in notes_of(desk, paper) if note.kind is NoteKind.QUESTION)
    return [note for note in found if not only_open or note.resolved_at is None]


def answers_to(desk: Desk, question_id: int) -> list[Note]:
    """The notes that answer a question, oldest first."""
    return notes.answers(desk.database.connection, question_id)


def notes_of(desk: Desk, paper: Paper | None = None, pass_number: int | None = None) -> list[Note]:
    """The notes of a paper (of all), of a pass (of all), oldest first."""
    return notes.notes(desk.database.connection, None if paper is None else paper.id, pass_number)


def counted(desk: Desk) -> dict[int, tuple[int, datetime]]:
    """How many notes each paper (by its row) has, and when one was last written; none without."""
    return notes.counted(desk.database.connection)


def revisions(desk: Desk, note_id: int) -> list[NoteRevision]:
    """Every state of a note, oldest first. Raises NotOnDeskError."""
    get_note(desk, note_id)
    return notes.revisions(desk.database.connection, note_id)


def _set_deleted(desk: Desk, note_id: int, kind: ActionKind) -> Note:
    deleted = kind is ActionKind.DELETE
    with desk.database.writing() as db:
        note = get_note(desk, note_id)
        before = actions.state_of(db, note_id)
        if before["deleted"] is not deleted:
            notes.set_deleted(db, note_id, desk.clock() if deleted else None)
            undoing.keep(desk, kind, note, before, desk.clock())
        return note


def _question(desk: Desk, note_id: int, paper: Paper | None = None) -> Note:
    note = get_note(desk, note_id)
    if note.kind is not NoteKind.QUESTION or (paper is not None and note.paper_id != paper.id):
        raise NotOnDeskError(
            f"Note {note_id} is no question{f' of {paper.name}' if paper else ''}.",
            "See them with: researchdesk note list --open",
        )
    return note


def _answer(desk: Desk, question: Note, text: str, step: str) -> Note:
    """A note in the pass that is under way (the one with the highest number), else in that of the
    question."""
    found = reading.passes(desk.database.connection, question.paper_id)
    under_way = [item for item in found if item.state is PassState.STARTED]
    own = [item for item in found if item.id == question.pass_id]
    at_hand = max(under_way or own, key=lambda item: (item.number, item.started_at))
    return replace(
        _blank(desk, at_hand, text),
        page=question.page if question.version == at_hand.version else None,
        step=step,
        answers=question.id,
    )


def _pass_for(desk: Desk, paper: Paper, number: int, version: int | None) -> ReadingPass:
    """The pass that a new note belongs to, started where it was not."""
    found = current_pass(desk, paper, number, version)
    return start_pass(desk, paper, number, version=version) if found is None else found


def _blank(desk: Desk, reading_pass: ReadingPass, text: str) -> Note:
    """A note of this pass that nothing but its words is said of."""
    now = desk.clock()
    return Note(
        id=0,
        paper_id=reading_pass.paper_id,
        version=reading_pass.version,
        pass_id=reading_pass.id,
        pass_number=reading_pass.number,
        text=text,
        created_at=now,
        updated_at=now,
    )


def _checked(text: str, quote: str, kind: NoteKind) -> str:
    text = as_written(text).strip()
    if not text and not (quote and kind is NoteKind.QUESTION):
        raise UsageProblemError(
            "The note is empty; nothing was kept.", "Write a word, or mark a quote with --quote."
        )
    return text


def _quotes() -> Any:
    """Loaded with the first note that is kept: it brings how a paper is taken apart."""
    return importlib.import_module("researchdesk.services.quotes")
