"""Undo and redo of what was done to the notes of a paper; they work after a restart."""

from collections.abc import Mapping
from dataclasses import dataclass

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note
from researchdesk.services.desk import Desk
from researchdesk.storage import actions, notes
from researchdesk.storage.actions import Action, ActionKind

_UNDONE: Mapping[ActionKind, str] = {
    ActionKind.ADD: "Note {} is taken back.",
    ActionKind.EDIT: "Note {} says what it said before.",
    ActionKind.DELETE: "Note {} is back.",
    ActionKind.RESTORE: "Note {} is deleted again.",
    ActionKind.RESOLVE: "Question {} is open again.",
    ActionKind.REOPEN: "Question {} is resolved again.",
}
_REDONE: Mapping[ActionKind, str] = {
    ActionKind.ADD: "Note {} is there again.",
    ActionKind.EDIT: "Note {} is changed again.",
    ActionKind.DELETE: "Note {} is deleted again.",
    ActionKind.RESTORE: "Note {} is back.",
    ActionKind.RESOLVE: "Question {} is resolved again.",
    ActionKind.REOPEN: "Question {} is open again.",
}


@dataclass(frozen=True, slots=True)
class Done:
    """What an undo or redo did, in words, and the note as it is now.

    ``gone`` says that the note is off the lists now.
    """

    words: str
    note: Note
    gone: bool


def undo(desk: Desk, paper: Paper) -> Done | None:
    """Take back what was done last to a note of the paper; None where nothing is left.

    The state before it is written as a revision of its own, so that no text is lost.
    """
    with desk.database.writing() as db:
        return _told(desk, actions.undo(db, paper.id, desk.clock()), _UNDONE)


def redo(desk: Desk, paper: Paper) -> Done | None:
    """Do again what was undone last; None where nothing is left, as after any new change."""
    with desk.database.writing() as db:
        return _told(desk, actions.redo(db, paper.id, desk.clock()), _REDONE)


def _told(desk: Desk, action: Action | None, words: Mapping[ActionKind, str]) -> Done | None:
    if action is None:
        return None
    db = desk.database.connection
    note = notes.get(db, action.note_id)
    told = words[action.kind].format(action.note_id)
    if action.answer is not None and action.before["resolved_at"]:
        state = "taken back" if words is _UNDONE else "there again"
        told = f"The answer in note {action.answer} is {state}."
    return Done(told, note, notes.is_deleted(db, action.note_id))
