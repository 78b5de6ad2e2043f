"""The notes of a pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from researchdesk.domain.reading import Note, NoteKind
from researchdesk.tui.commands import Command, bindings

_SIGNS = {NoteKind.NOTE: "✎ note", NoteKind.QUESTION: "? question", NoteKind.TRICK: "! trick"}


class NoteList(OptionList):
    """Notes, oldest first; enter or a click opens one."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("note.open", "enter", "select", "Open", "Open the marked note.", shown=True),
        Command("note.delete", "delete,backspace", "delete", "Delete",
                "Delete the marked note; ctrl+z brings it back.", shown=True, key_label="del"),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    NoteList { height: 1fr; border: none; padding: 0; background: $background; }
    """

    @dataclass
    class Opened(Message):
        note: Note

    @dataclass
    class Unwanted(Message):
        note: Note

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._notes: list[Note] = []

    @property
    def current(self) -> Note | None:
        """The note that is marked."""
        at = self.highlighted
        return self._notes[at] if at is not None and at < len(self._notes) else None

    def show(self, notes: Sequence[Note], prefer: int | None = None) -> None:
        """Show these; the mark goes to the note ``prefer``, or stays."""
        wanted = prefer or (self.current.id if self.current else None)
        self._notes = list(notes)
        self.clear_options()
        for note in notes:
            self.add_options(
                [None, Option(_prompt(note))] if self.options else [Option(_prompt(note))]
            )
        ids = [note.id for note in notes]
        if ids:
            self.highlighted = ids.index(wanted) if wanted in ids else len(ids) - 1

    @on(OptionList.OptionSelected)
    def announce(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Opened(self._notes[event.option_index]))

    def action_delete(self) -> None:
        if self.current is not None:
            self.post_message(self.Unwanted(self.current))


def _prompt(note: Note) -> Content:
    where = f" · page {note.page}" if note.page else ""
    parts = [Content.styled(f"{_SIGNS[note.kind]}{where}", "bold")]
    if note.quote:
        parts.append(Content.styled(f"“{note.quote}”", "italic"))
    parts.append(Content(note.text))
    return Content("\n").join(parts)
