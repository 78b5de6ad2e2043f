"""What a draft said at its pauses, the last first."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, OptionList

from researchdesk.domain.clock import local_minute
from researchdesk.domain.stories import Draft, DraftState
from researchdesk.domain.story_diff import brief_change
from researchdesk.domain.word_diff import How
from researchdesk.tui.commands import Command, bindings, key_words, keyed
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.dialogs.story_drafts import DraftAsked
from researchdesk.tui.widgets.brief import Option

_TAKE_UP = Command(
    "states.take-up", "u", "ask('take up')", "Take up",
    "Begin a new draft with the words of this state.", True,
)  # fmt: skip
_INKS = {How.REMOVED: ("[-{}-]", "$text-error"), How.ADDED: ("{{+{}+}}", "$text-success")}


class StatesDialog(Dialog[DraftAsked]):
    """Ends with what is to be done with the state of which number: read, take up."""

    AUTO_FOCUS = "#states"
    CSS_PATH = ["dialogs.tcss", "story.tcss"]
    VERBS: ClassVar[tuple[Command, ...]] = (_TAKE_UP, CANCEL)
    BINDINGS = bindings(VERBS)

    def __init__(self, draft: Draft, states: Sequence[DraftState]) -> None:
        super().__init__()
        self._draft, self._states = draft, states

    def heading(self) -> str:
        return f"States of {self._draft.name}"

    def compose_fields(self) -> ComposeResult:
        before = ["", *(state.text for state in self._states)]
        pairs = list(zip(before, self._states, strict=False))
        options = [Option(_prompt(old, state), id=str(state.number)) for old, state in pairs[::-1]]
        yield OptionList(*options, id="states", markup=False)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", "Read enter", "Read it beside the newest draft.", "primary")
        label = f"{_TAKE_UP.label} {key_words(self.app, _TAKE_UP)}"
        yield button("take-up", label, _TAKE_UP.help)
        yield button("cancel", keyed("Close {dialog.cancel}"), CANCEL.help)

    def on_mount(self) -> None:
        self.query_one("#states", OptionList).highlighted = 0

    @on(OptionList.OptionSelected)
    async def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_accept()

    async def action_accept(self) -> None:
        self.action_ask("read")

    def action_ask(self, what: str) -> None:
        marked = self.query_one("#states", OptionList).highlighted_option
        if marked is not None and marked.id is not None:
            self.dismiss(DraftAsked(what, int(marked.id)))

    @on(Button.Pressed, "#take-up")
    def _pressed(self) -> None:
        self.action_ask("take up")


def _prompt(before: str, state: DraftState) -> Content:
    """When it was kept, and what had changed since the state before."""
    count = len(state.text.split())
    words = "1 word" if count == 1 else f"{count} words"
    head = f"   {local_minute(state.saved_at)} · {words}\n"
    found = [
        Content.styled(_INKS[piece.how][0].format(piece.text), _INKS[piece.how][1])
        for piece in brief_change(before, state.text)
    ]
    changed = Content(" ").join(found) if found else Content.styled("the same words", "$text-muted")
    return Content.assemble((f"State {state.number}", "bold"), head, changed)
