"""Every state of a note, any of which can be taken back."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from researchdesk.domain.clock import local_minute
from researchdesk.domain.reading import NoteRevision
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.dialogs.note import NoteForm
from researchdesk.tui.markdown import preview
from researchdesk.tui.widgets.brief import Option


class RevisionsDialog(Dialog[NoteForm]):
    """Ends with the state that is wanted back. The last state stands first."""

    AUTO_FOCUS = "#states"
    ACCEPT_LABEL: ClassVar[str] = "Take this state back"

    def __init__(self, note_id: int, states: Sequence[NoteRevision]) -> None:
        super().__init__()
        self._note_id, self._states = note_id, list(reversed(states))

    def heading(self) -> str:
        return f"States of note {self._note_id}"

    def compose_fields(self) -> ComposeResult:
        options: list[Option | None] = []
        for at, state in enumerate(self._states):
            options += (
                [None, Option(_prompt(state, at))] if options else [Option(_prompt(state, at))]
            )
        yield OptionList(*options, id="states", markup=False)

    def on_mount(self) -> None:
        self.query_one("#states", OptionList).highlighted = min(1, len(self._states) - 1)

    @on(OptionList.OptionSelected)
    async def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_accept()

    async def action_accept(self) -> None:
        at = self.query_one("#states", OptionList).highlighted
        if not at:
            self.complain("This is how the note stands now; mark an earlier state.")
            return
        state = self._states[at]
        self.dismiss(NoteForm(state.text, state.quote, state.page, state.kind))


def _prompt(state: NoteRevision, at: int) -> Content:
    now = "  as it stands now" if at == 0 else ""
    page = f" · page {state.page}" if state.page else ""
    head = f"{local_minute(state.saved_at)} · {state.kind.value}{page}{now}"
    parts = [Content.styled(head, "bold")]
    if state.quote:
        parts.append(Content.styled(f"“{state.quote}”", "italic"))
    if state.text:
        parts.append(preview(state.text))
    return Content("\n").join(parts)
