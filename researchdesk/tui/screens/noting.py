"""Taking notes in the reader: written, changed, deleted, taken back, followed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from textual import on

from researchdesk.domain.links import links_in
from researchdesk.domain.reading import Note
from researchdesk.errors import DeskError
from researchdesk.services import notes
from researchdesk.services.desk import Desk
from researchdesk.services.links import title_of
from researchdesk.services.reading import current_pass
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.note import NoteDialog, NoteForm
from researchdesk.tui.dialogs.revisions import RevisionsDialog
from researchdesk.tui.editor import edit_text
from researchdesk.tui.messages import Follow, LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.position import Position, position_of
from researchdesk.tui.screens.note_editing import EditsNotes, form_of
from researchdesk.tui.screens.reader_base import ReaderBase
from researchdesk.tui.widgets.bench_words import ago
from researchdesk.tui.widgets.note_list import NoteList

_STAYS = "The note stays as it was; {note.edit} goes on with the change."
_NOT_KEPT = "The note is not kept; {reader.note} goes on with it."
_IN_DRAFT = "What you wrote is kept beside the note; {reader.editor} goes on with it."


class Noting(EditsNotes, ReaderBase):
    """The part of the reader that has to do with notes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._last: Note | None = None

    def action_note(self) -> None:
        """A new note; what is marked or selected is its quote. One left unkept is gone on with."""
        if self.position is None:
            return
        taken = self.text.taken()
        draft = self._draft_of_paper()
        written = self._drafts.written_at(draft)
        begun = self._drafts.load(draft)
        form = begun or NoteForm()
        if not form.quote and form.page is None:
            form = replace(form, page=self.page_at_hand())
        if taken.quote:
            form = replace(form, quote=taken.quote, page=taken.page)
        title = f"A note in pass {self.position.plan.number}: {self.position.current.title}"
        if begun is not None:
            when = f", {ago(written, self.desk.clock())}" if written else ""
            title = f"Begun before{when}, not kept yet · {title}"
        keep, save = partial(self._drafts.keep, draft), partial(self._add, draft, self.position)
        dialog = NoteDialog(title, form, keep, save, self._targets)
        self.app.push_screen(dialog, partial(self._added, draft))

    def _draft_of_paper(self) -> str:
        return f"paper-{self.position.paper.id}" if self.position else ""

    def _add(self, draft: str, place: Position, form: NoteForm) -> None:
        """Keep it where it was begun. Raises DeskError."""
        self._last = notes.add_note(
            self.desk,
            place.paper,
            place.plan.number,
            form.text,
            page=form.page,
            quote=form.quote,
            kind=form.kind,
            step=place.current.key,
            version=place.paper.version,
        )
        self._drafts.forget(draft)

    def _added(self, draft: str, form: NoteForm | None) -> None:
        if form is not None and form.saved and self._last is not None:
            self.text.let_go()
            self.after_change(self._last)
        elif form is not None:
            refused = self._drafts.keep(draft, form)
            if form.text.strip():
                say(self, f"{keyed(_NOT_KEPT)} {refused}".rstrip())

    def unsaved(self) -> str:
        return super().unsaved() or self._drafts.unsaved()

    def after_change(self, note: Note) -> None:
        if self.position is None:
            return
        if self.position.item is None:
            was = self.position
            fresh = position_of(self.desk, was.paper.name, note.pass_number)
            if fresh.paper.version != note.version:  # another program put a newer one on the desk
                fresh = replace(was, item=current_pass(self.desk, was.paper, note.pass_number))
            self.position = replace(fresh, step=was.step, unwritten=was.unwritten)
            self.post_message(LibraryChanged())
        self.show_notes(note.id)

    @on(NoteList.Asked)
    def do_with_note(self, event: NoteList.Asked) -> None:
        event.stop()
        {
            "go": self.go_to_note,
            "edit": self.edit_note,
            "delete": self._delete,
            "history": self._history,
            "follow": self._follow,
        }[event.what](event.note)

    def note_edited(self, note: Note) -> None:
        self.show_notes(note.id)

    def stays_words(self) -> str:
        return keyed(_STAYS)

    def _delete(self, note: Note) -> None:
        with telling(self):
            notes.delete_note(self.desk, note.id)
            say(self, keyed("{reader.undo} brings it back."), "Note deleted")
            self.show_notes()

    def _history(self, note: Note) -> None:
        with telling(self):
            states = notes.revisions(self.desk, note.id)
            if len(states) < 2:
                say(self, "This note has no earlier state.")
                return
            dialog = RevisionsDialog(note.id, states)
            self.app.push_screen(dialog, partial(self._take_back, note))

    def _take_back(self, note: Note, form: NoteForm | None) -> None:
        """A change that was begun and not kept is a draft still."""
        if form is not None:
            with telling(self):
                self._write_over(note, form)
                self.show_notes(note.id)

    def _follow(self, note: Note) -> None:
        """Where the link of a note points; where it has several, the one that is chosen."""
        links = {note.text[link.start : link.end][2:-2]: link for link in links_in(note.text)}
        if len(links) == 1:
            self.post_message(Follow(next(iter(links))))
        elif links:
            choices = [
                Choice(words, words, title_of(self.desk, link) or "nothing of this name is here")
                for words, link in links.items()
            ]
            self.app.push_screen(ChoiceDialog("Follow", choices), self._followed)

    def _followed(self, target: str | None) -> None:
        if target is not None:
            self.post_message(Follow(target))

    # Taken back, and by another hand

    def action_undo(self) -> None:
        if self.position is not None:
            with telling(self):
                self._tell(notes.undo(self.desk, self.position.paper), "Nothing to take back.")

    def action_redo(self) -> None:
        if self.position is not None:
            with telling(self):
                self._tell(notes.redo(self.desk, self.position.paper), "Nothing to do again.")

    def _tell(self, done: notes.Done | None, nothing: str) -> None:
        say(self, done.words if done else nothing)
        if done:
            self.show_notes(done.note.id)

    def action_editor(self) -> None:
        """The marked note in the user's own editor; a new one where none is marked.

        What was begun and not kept of it is gone on with.
        """
        marked, place = self.query_one(NoteList).current, self.position
        if place is None:
            return
        with telling(self):
            if marked is None:
                draft, before = self._draft_of_paper(), NoteForm(page=self.page_at_hand())
                if form := self._by_editor(draft, before, partial(self._add, draft, place)):
                    self._added(draft, form)
            else:
                note = notes.get_note(self.desk, marked.id)
                draft, before = f"note-{note.id}", form_of(note)
                if self._by_editor(draft, before, partial(self._change, note, draft)):
                    self.show_notes(note.id)

    def _by_editor(
        self, draft: str, before: NoteForm, save: Callable[[NoteForm], None]
    ) -> NoteForm | None:
        """What the editor made of it, once it is saved; what is refused is a draft still.

        None where the editor was left without saving, and where there is nothing to save, or it is
        as it was ``before``: then no draft is left. Raises DeskError.
        """
        app: Any = self.app
        begun = self._drafts.load(draft) or before
        if (text := edit_text(app, begun.text)) is None:
            return None
        form = replace(begun, text=text)
        if not form.text.strip() or replace(form, text=form.text.rstrip()) == before:
            self._drafts.forget(draft)
            return None
        refused = self._drafts.keep(draft, form)
        try:
            save(form)
        except DeskError as error:
            stays = keyed(_IN_DRAFT)
            raise DeskError(error.message, f"{error.hint}\n{stays} {refused}".strip()) from error
        return replace(form, saved=True)
