"""Every draft of a story, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, OptionList

from researchdesk.domain.clock import local_day
from researchdesk.domain.stories import Draft
from researchdesk.domain.story_diff import shortened
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings, key_words, keyed
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.widgets.brief import Option

_VERBS = (
    Command("drafts.take-up", "u", "ask('take up')", "Take up",
            "Begin a new draft with the words of this one.", True),
    Command("drafts.compare", "c", "ask('compare')", "Compare",
            "What changed between this draft and the newest.", True),
    Command("drafts.states", "s", "ask('states')", "States",
            "What this draft said at its pauses: read one, take it up.", True),
    Command("drafts.title", "t", "ask('title')", "Title", "Give this draft a title.", True),
)  # fmt: skip
_OPENING = 300


@dataclass(frozen=True, slots=True)
class DraftAsked:
    """``what`` is to be done with the draft: read, take up, compare, title, states."""

    what: str
    number: int


class DraftsDialog(Dialog[DraftAsked]):
    """Ends with what is to be done with which draft."""

    AUTO_FOCUS = "#drafts"
    CSS_PATH = ["dialogs.tcss", "story.tcss"]
    VERBS: ClassVar[tuple[Command, ...]] = (*_VERBS, CANCEL)
    BINDINGS = bindings(VERBS)

    def __init__(self, title: str, drafts: Sequence[Draft]) -> None:
        super().__init__()
        self._title, self._drafts = title, list(reversed(drafts))

    def heading(self) -> str:
        return f"Drafts of {self._title}"

    def compose_fields(self) -> ComposeResult:
        options = [Option(_prompt(item), id=str(item.number)) for item in self._drafts]
        yield OptionList(*options, id="drafts", markup=False)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", "Read enter", "Read it beside the newest.", "primary")
        for command in _VERBS:
            name = command.id.partition(".")[2]
            yield button(name, f"{command.label} {key_words(self.app, command)}", command.help)
        yield button("cancel", keyed("Close {dialog.cancel}"), CANCEL.help)

    def on_mount(self) -> None:
        self.query_one("#drafts", OptionList).highlighted = min(1, len(self._drafts) - 1)

    @on(OptionList.OptionSelected)
    async def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_accept()

    async def action_accept(self) -> None:
        self.action_ask("read")

    def action_ask(self, what: str) -> None:
        at = self.query_one("#drafts", OptionList).highlighted
        self.dismiss(None if at is None else DraftAsked(what, self._drafts[at].number))

    @on(Button.Pressed, "#take-up, #compare, #states, #title")
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_ask((event.button.id or "").replace("-", " "))


def _prompt(draft: Draft) -> Content:
    count = len(draft.text.split())
    words = {0: "empty", 1: "1 word"}.get(count, f"{count} words")
    opening = one_line(draft.text[:_OPENING]).lstrip("# ") or "nothing is written yet"
    head = f"   {local_day(draft.begun_at)} · {words}\n"
    return Content.assemble((draft.name, "bold"), head, shortened(opening, 60))
