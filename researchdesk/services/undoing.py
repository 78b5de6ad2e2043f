"""Undo and redo of what was done to the notes of a paper; they work after a restart."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note
from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.storage import actions, notes
from researchdesk.storage.actions import Action, ActionKind, Mark, StaleError
from researchdesk.storage.database import DeskDatabase

_OWN: WeakKeyDictionary[DeskDatabase, set[Mark]] = WeakKeyDictionary()
"""What this program did by each database that it has open."""
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


def keep(
    desk: Desk,
    kind: ActionKind,
    note: Note,
    before: Mapping[str, Any],
    moment: datetime,
    answer: int | None = None,
) -> None:
    """Keep what was just done to a note, so that it can be undone."""
    mark = actions.keep(desk.database.connection, kind, note, before, moment, answer)
    _OWN.setdefault(desk.database, set()).add(mark)


def undo(desk: Desk, paper: Paper) -> Done | None:
    """Take back what this program did last to a note of the paper; where it did nothing, or all is
    taken back, what was done last by any. None where nothing is left.

    The state before it is written as a revision of its own, so that no text is lost. Raises
    UsageProblemError where another program changed that note since: then nothing is changed, and
    who asks again gets what was done before that.
    """
    own = _OWN.setdefault(desk.database, set())
    with desk.database.writing() as db, _stale("taken back", own):
        return _told(desk, actions.undo(db, paper.id, desk.clock(), own), _UNDONE)


def redo(desk: Desk, paper: Paper) -> Done | None:
    """Do again what this program undid last, else what any did; None where nothing is left, as
    after any new change. Raises UsageProblemError as ``undo``."""
    own = _OWN.setdefault(desk.database, set())
    with desk.database.writing() as db, _stale("done again", own):
        return _told(desk, actions.redo(db, paper.id, desk.clock(), own), _REDONE)


@contextmanager
def _stale(what: str, own: set[Mark]) -> Iterator[None]:
    try:
        yield
    except StaleError as error:
        own.discard(error.action)
        raise UsageProblemError(
            f"Note {error.note_id} was changed by another program in between. Nothing was {what}.",
            f"Its earlier states are kept: researchdesk note revisions {error.note_id}",
        ) from error


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
