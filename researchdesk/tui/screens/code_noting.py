"""Notes on lines of code."""

import hashlib
from functools import partial

from textual import on

from researchdesk.domain.code import Clone
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import CodePlace, Note
from researchdesk.domain.text import clean
from researchdesk.services import code, notes
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.note import FROM_CODE, NoteDialog, NoteForm
from researchdesk.tui.messages import LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.note_editing import EditsNotes
from researchdesk.tui.widgets.code_notes import CodeNotes
from researchdesk.tui.widgets.code_view import CodeView

_STAYS = "The note stays as it was; {code.edit-note} goes on with the change."
_NOT_KEPT = "The note is not kept; {code.note} on its line goes on with it."


class CodeNoting(EditsNotes):
    """The part of the code screen that has to do with notes.

    ``clone``, ``path`` and ``commit`` say what is shown; ``path`` is empty without a file.
    """

    clone: Clone | None
    path: str
    commit: str

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.clone = None
        self.path = self.commit = ""
        self._code_notes: list[Note] = []

    @property
    def paper(self) -> Paper | None:
        """The paper whose code this is."""
        raise NotImplementedError

    def open_file(self, path: str, line: int = 1, commit: str = "") -> None:
        """Show a file of the clone."""
        raise NotImplementedError

    def action_note(self) -> None:
        """A note on the marked line; one begun there and not kept is gone on with."""
        if self.clone is None or not self.path:
            return
        view = self.query_one(CodeView)
        place = CodePlace(self.clone.url, self.commit, clean(self.path), view.line)
        draft = self._draft(place)
        form = self._drafts.load(draft) or NoteForm(quote=view.line_text)
        title = f"A note on {place.path}:{place.line}"
        keep, save = partial(self._drafts.keep, draft), partial(self._add, place, draft)
        dialog = NoteDialog(title, form, keep, save, self._targets, quoted=FROM_CODE)
        self.app.push_screen(dialog, partial(self._added, draft))

    def _draft(self, place: CodePlace) -> str:
        named = f"{place.repository} {place.commit} {place.path} {place.line}"
        return f"code-{hashlib.sha256(named.encode()).hexdigest()[:24]}"

    def _add(self, place: CodePlace, draft: str, form: NoteForm) -> None:
        """Raises DeskError."""
        if self.paper is None:
            return
        number, step = code.code_step(self.desk, self.paper)
        notes.add_note(
            self.desk,
            self.paper,
            number,
            form.text,
            page=form.page,
            quote=form.quote,
            kind=form.kind,
            step=step,
            code=place,
        )
        self._drafts.forget(draft)

    def _added(self, draft: str, form: NoteForm | None) -> None:
        if form is not None and form.saved:
            self.post_message(LibraryChanged())
            self.show_notes()
        elif form is not None:
            refused = self._drafts.keep(draft, form)
            if form.text.strip():
                say(self, f"{keyed(_NOT_KEPT)} {refused}".rstrip())

    def unsaved(self) -> str:
        return super().unsaved() or self._drafts.unsaved()

    def action_edit_note(self) -> None:
        """The marked note, or that of the marked line."""
        note = self._note_at_hand()
        if note is None:
            say(self, keyed("There is no note on this line; {code.note} keeps one."))
            return
        self.edit_note(note)

    def note_edited(self, note: Note) -> None:
        self.show_notes()

    def stays_words(self) -> str:
        return keyed(_STAYS)

    def action_delete_note(self) -> None:
        note = self._note_at_hand()
        if note is not None:
            with telling(self):
                notes.delete_note(self.desk, note.id)
                say(self, keyed("{code.undo} brings it back."), "Note deleted")
                self.show_notes()

    def action_undo(self) -> None:
        if self.paper is not None:
            with telling(self):
                done = notes.undo(self.desk, self.paper)
                say(self, done.words if done else "Nothing to take back.")
                self.show_notes()

    def _note_at_hand(self) -> Note | None:
        listed = self.query_one(CodeNotes)
        if listed.has_focus:
            return listed.current
        line, here = self.query_one(CodeView).line, (self.path, self.commit)
        for note in self._code_notes:
            place = note.code
            if place and place.line == line and (place.path, place.commit) == here:
                return note
        return None

    def show_notes(self) -> None:
        """Read the notes of the clone again."""
        if self.paper is None or self.clone is None:
            return
        self._code_notes = code.code_notes(self.desk, self.paper, self.clone)
        self.query_one(CodeNotes).show(self._code_notes, self.clone.commit)
        self.set_class(not self._code_notes, "-no-notes")
        self.mark_lines()

    def mark_lines(self) -> None:
        """Give the lines of the file that is shown the sign of their notes."""
        self.query_one(CodeView).mark_notes(self._noted_lines())

    def _noted_lines(self) -> list[int]:
        here = (self.path, self.commit)
        return sorted(
            note.code.line
            for note in self._code_notes
            if note.code is not None and (note.code.path, note.code.commit) == here
        )

    @on(CodeNotes.Chosen)
    def go_to_note(self, message: CodeNotes.Chosen) -> None:
        self.open_file(message.place.path, message.place.line, message.place.commit)

    def action_to_note(self, by: int) -> None:
        view = self.query_one(CodeView)
        lines = self._noted_lines()
        ahead = [line for line in lines if (line > view.line if by > 0 else line < view.line)]
        if ahead:
            view.line = min(ahead) if by > 0 else max(ahead)
        else:
            say(self, "No further note in this file.")
