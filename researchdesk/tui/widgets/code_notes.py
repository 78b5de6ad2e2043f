"""The notes on lines of a clone."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.reading import CodePlace, Note
from researchdesk.domain.text import one_line
from researchdesk.tui.widgets.brief import Option


class CodeNotes(OptionList):
    """By file and line; enter goes to the line."""

    DEFAULT_CSS = """
    CodeNotes { height: auto; border: none; padding: 0; background: $background; }
    """

    @dataclass
    class Chosen(Message):
        note: Note
        place: CodePlace

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._notes: list[tuple[Note, CodePlace]] = []

    @property
    def current(self) -> Note | None:
        """The note that is marked."""
        at = self.highlighted
        return self._notes[at][0] if at is not None and at < len(self._notes) else None

    def show(self, notes: Sequence[Note], commit: str) -> None:
        """Show these. ``commit`` is the one in view; of another one is said so."""
        at = self.highlighted
        self._notes = [(note, note.code) for note in notes if note.code is not None]
        self.clear_options()
        self.add_options([Option(_prompt(note, place, commit)) for note, place in self._notes])
        if self._notes:
            self.highlighted = min(at or 0, len(self._notes) - 1)

    @on(OptionList.OptionSelected)
    def announce(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(*self._notes[event.option_index]))


def _prompt(note: Note, place: CodePlace, commit: str) -> Content:
    older = "" if place.commit == commit else f" at {place.commit[:8]}"
    return Content.assemble(
        (f"✎ {place.path}:{place.line}{older}", "bold"), "\n  ", one_line(note.text or note.quote)
    )
