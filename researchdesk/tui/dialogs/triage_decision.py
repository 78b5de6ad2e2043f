"""Why a new paper is kept, put off or refused; for the one its tags, for the other its day."""

from dataclasses import dataclass
from datetime import date

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label

from researchdesk.domain.feeds import EntryState
from researchdesk.tui.days import coming, no_day
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Static

_HEADINGS = {
    EntryState.KEPT: "Keep it",
    EntryState.LATER: "Put it off",
    EntryState.NO: "No",
}
_TOMORROW = "+1"


@dataclass(frozen=True, slots=True)
class Decided:
    """The reason, the tags, and the day on which it comes again."""

    why: str
    tags: tuple[str, ...] = ()
    again_on: date | None = None


class TriageDecisionDialog(Dialog[Decided]):
    """Asks for what belongs to this decision; all of it may stay empty."""

    def __init__(self, state: EntryState, title: str, today: date) -> None:
        super().__init__()
        self._state, self._title, self._today = state, title, today

    def heading(self) -> str:
        return _HEADINGS[self._state]

    def compose_fields(self) -> ComposeResult:
        yield Static(Content(self._title), id="subject")
        if self._state is EntryState.LATER:
            with Horizontal(classes="row"):
                yield Label("Until", classes="name")
                words = "tomorrow; +7 for in seven days, or 2027-01-31"
                yield Input(id="until", placeholder=words, compact=True)
        with Horizontal(classes="row"):
            yield Label("Why", classes="name")
            yield Input(id="why", placeholder="in a line; may stay empty", compact=True)
        if self._state is EntryState.KEPT:
            with Horizontal(classes="row"):
                yield Label("Tags", classes="name")
                yield Input(id="tags", placeholder="divided by commas", compact=True)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        again = None
        if self._state is EntryState.LATER:
            typed = self._value("until")
            again = coming(typed or _TOMORROW, self._today)
            if again is None:
                self.complain(no_day(typed))
                return
        tags = self._value("tags").split(",") if self._state is EntryState.KEPT else []
        named = tuple(tag for text in tags if (tag := text.strip()))
        self.end_with(Decided(self._value("why"), named, again))

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()
