"""A note that is there already, changed in a dialog."""

from functools import partial

from researchdesk.domain.reading import Note
from researchdesk.services import notes
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.note import FROM_CODE, FROM_PAPER, NoteDialog, NoteForm
from researchdesk.tui.drafts import Drafts
from researchdesk.tui.link_targets import link_targets
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen


def form_of(note: Note) -> NoteForm:
    """A note as a dialog shows it."""
    return NoteForm(note.text, note.quote, note.page, note.kind)


class EditsNotes(DeskScreen):
    """Screens that show notes, and let one be changed; what is begun and not kept is a draft."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drafts = Drafts(desk.root / "drafts")
        self._targets = partial(link_targets, desk)

    def note_edited(self, note: Note) -> None:
        """Show what the note says now."""
        raise NotImplementedError

    def stays_words(self) -> str:
        """That the note stays as it was, and which key goes on with the change."""
        raise NotImplementedError

    def edit_note(self, note: Note) -> None:
        """What it says now is changed: another program may have written it since it was listed."""
        with telling(self):
            self._ask_edit(notes.get_note(self.desk, note.id))

    def _ask_edit(self, note: Note) -> None:
        before = form_of(note)
        draft = f"note-{note.id}"
        form = self._drafts.load(draft) or before
        keep, quoted = partial(self._drafts.keep, draft), FROM_CODE if note.code else FROM_PAPER
        save = partial(self._change, note, draft)
        dialog = NoteDialog(f"Note {note.id}", form, keep, save, self._targets, before, quoted)
        self.app.push_screen(dialog, partial(self._changed, note, before, draft))

    def _change(self, note: Note, draft: str, form: NoteForm) -> None:
        """Raises DeskError."""
        self._write_over(note, form)
        self._drafts.forget(draft)

    def _write_over(self, note: Note, form: NoteForm) -> None:
        """Raises DeskError."""
        notes.edit_note(
            self.desk, note.id, text=form.text, quote=form.quote, page=form.page, kind=form.kind
        )

    def _changed(self, note: Note, before: NoteForm, draft: str, form: NoteForm | None) -> None:
        if form is None:
            return
        if form.saved:
            self.note_edited(note)
        elif form == before:
            self._drafts.forget(draft)
        else:
            refused = self._drafts.keep(draft, form)
            say(self, f"{self.stays_words()} {refused}".rstrip())
