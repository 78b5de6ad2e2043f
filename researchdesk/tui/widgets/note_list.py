"""The notes of a pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.links import links_in
from researchdesk.domain.reading import Note, NoteKind
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.markdown import preview
from researchdesk.tui.widgets.brief import Option

_Pin = tuple[int, int]
NONE: Mapping[_Pin, str] = {}
SIGNS = {NoteKind.NOTE: "✎", NoteKind.QUESTION: "?", NoteKind.TRICK: "!"}


class NoteList(OptionList):
    """Notes, oldest first; enter or a click goes to the place of one."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("note.go", "enter", "select", "To its place",
                "Go to the place in the text that the marked note is about.", True),
        Command("note.edit", "e", "ask('edit')", "Edit", "Change the marked note.", True),
        Command("note.delete", "delete,backspace", "ask('delete')", "Delete",
                "Delete the marked note; {reader.undo} brings it back.", True, key_label="del"),
        Command("note.history", "h", "ask('history')", "Earlier states",
                "What the marked note said before; any state can be taken back.", True),
        Command("note.follow", "l", "ask('follow')", "Follow link",
                "Go where a [[link]] of the marked note points.", True),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    NoteList { height: 1fr; border: none; padding: 0; background: $background; }
    """

    @dataclass
    class Asked(Message):
        """``what`` is to be done with the note: go, edit, delete, history, follow."""

        what: str
        note: Note

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._notes: list[Note] = []
        self._told: list[str] = []

    @property
    def current(self) -> Note | None:
        """The note that is marked."""
        at = self.highlighted
        return self._notes[at] if at is not None and at < len(self._notes) else None

    def show(
        self, notes: Sequence[Note], prefer: int | None = None, since: Mapping[_Pin, str] = NONE
    ) -> None:
        """Show these; the mark goes to the note ``prefer``, or stays. ``since`` says of paper and
        version what became of it."""
        wanted = prefer or (self.current.id if self.current else None)
        told = [since.get((note.paper_id, note.version), "") for note in notes]
        if list(notes) != self._notes or told != self._told:
            self._notes, self._told = list(notes), told
            self.clear_options()
            options: list[Option | None] = []
            for note, words in zip(notes, told, strict=True):
                prompt = Option(_prompt(note, words))
                options += [None, prompt] if options else [prompt]
            self.add_options(options)
        ids = [note.id for note in notes]
        if ids:
            self.highlighted = ids.index(wanted) if wanted in ids else len(ids) - 1

    def mark_note(self, note_id: int) -> None:
        """Put the mark on this note."""
        ids = [note.id for note in self._notes]
        if note_id in ids:
            self.highlighted = ids.index(note_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "ask":
            linked = parameters != ("follow",) or bool(self.current and links_in(self.current.text))
            return self.current is not None and linked
        return True

    @on(OptionList.OptionHighlighted)
    def _marked(self) -> None:
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def announce(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Asked("go", self._notes[event.option_index]))

    def action_ask(self, what: str) -> None:
        if self.current is not None:
            self.post_message(self.Asked(what, self.current))


def _prompt(note: Note, since: str) -> Content:
    page = f" · page {note.page}" if note.page else ""
    code = f" · {note.code.path}:{note.code.line}" if note.code else ""
    answers = f" · answers {note.answers}" if note.answers else ""
    over = " · resolved" if note.resolved_at else ""
    sign = "↳" if note.answers else SIGNS[note.kind]
    head = f"{sign} {note.kind.value}{page}{code}{answers}{over}"
    parts = [Content.styled(head, "bold")]
    if since:
        parts.append(Content(f"≠ {since}"))
    if note.quote:
        parts.append(Content.styled(f"“{note.quote}”", "italic"))
    if note.text:
        parts.append(preview(note.text))
    return Content("\n").join(parts)
