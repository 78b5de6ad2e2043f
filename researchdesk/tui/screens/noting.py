"""Taking notes in the reader: written, changed, deleted, brought back."""

from typing import Any

from textual import on

from researchdesk.domain.reading import Note
from researchdesk.services import notes
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.note import NoteDialog, NoteForm
from researchdesk.tui.editor import edit_text
from researchdesk.tui.messages import LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.position import Position, position_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.widgets.note_list import NoteList
from researchdesk.tui.widgets.passage_view import PassageView


class Noting(DeskScreen):
    """The part of the reader that has to do with notes."""

    position: Position | None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._unkept: NoteForm | None = None
        self._deleted: list[Note] = []

    def show_notes(self, prefer: int | None = None) -> None:
        """Read the notes of the pass again."""
        raise NotImplementedError

    def go_to(self, position: Position) -> None:
        """Show this place."""
        raise NotImplementedError

    def forget_note(self) -> None:
        """Another paper: what was begun on the last one is let go."""
        self._unkept = None
        self._deleted.clear()

    def action_note(self) -> None:
        """A new note; selected text is its quote. One left unkept is gone on with."""
        if self.position is None:
            return
        view = self.query_one(PassageView)
        quote, page = view.selected()
        form = self._unkept or NoteForm(page=view.page)
        if quote:
            form = NoteForm(form.text, quote, page, form.kind)
        title = f"A note in pass {self.position.plan.number}: {self.position.current.title}"
        self.app.push_screen(NoteDialog(title, form), self._add)

    def _add(self, form: NoteForm | None) -> None:
        self._unkept = None
        if form is None or self.position is None:
            return
        if not form.saved:
            if form.text.strip():
                self._unkept = form
                say(self, "The note is not kept; n goes on with it.")
            return
        with telling(self):
            note = notes.add_note(
                self.desk,
                self.position.paper,
                self.position.plan.number,
                form.text,
                page=form.page,
                quote=form.quote,
                kind=form.kind,
                step=self.position.current.key,
                version=self.position.paper.version,
            )
            self.clear_selection()
            self._after(note)

    def _after(self, note: Note) -> None:
        if self.position is None:
            return
        if self.position.item is None:
            fresh = position_of(self.desk, self.position.paper.name, note.pass_number)
            self.position = fresh
            self.post_message(LibraryChanged())
        self.show_notes(note.id)

    @on(NoteList.Opened)
    def open_note(self, event: NoteList.Opened) -> None:
        note = event.note
        form = NoteForm(note.text, note.quote, note.page, note.kind)
        dialog = NoteDialog(f"Note {note.id}", form)
        self.app.push_screen(dialog, lambda result: self._change(note, result))

    def _change(self, note: Note, form: NoteForm | None) -> None:
        if form is None:
            return
        if not form.saved:
            say(self, "The note stays as it was.")
            return
        with telling(self):
            changed = notes.edit_note(
                self.desk,
                note.id,
                text=form.text,
                quote=form.quote,
                page=form.page,
                kind=form.kind,
            )
            self.show_notes(changed.id)

    @on(NoteList.Unwanted)
    def delete_note(self, event: NoteList.Unwanted) -> None:
        with telling(self):
            notes.delete_note(self.desk, event.note.id)
            self._deleted.append(event.note)
            say(self, "ctrl+z brings it back.", "Note deleted")
            self.show_notes()

    def action_undo(self) -> None:
        if self._deleted:
            with telling(self):
                note = notes.undelete_note(self.desk, self._deleted.pop().id)
                say(self, note.text, "The note is back")
                self.show_notes(note.id)

    def action_editor(self) -> None:
        """The marked note in the user's own editor; a new one where none is marked."""
        note = self.query_one(NoteList).current
        if self.position is None:
            return
        with telling(self):
            app: Any = self.app
            text = edit_text(app, note.text if note else "")
            if note is not None and text.strip():
                self.show_notes(notes.edit_note(self.desk, note.id, text=text).id)
            elif note is None and text.strip():
                self._add(NoteForm(text, page=self.query_one(PassageView).page, saved=True))
