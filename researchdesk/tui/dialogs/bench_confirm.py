"""A question that is answered with yes or no."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button

from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.widgets.brief import Static

_YES = Command("confirm.yes", "y", "accept", "Yes", "Do it.")
_NO = Command("confirm.no", "n", "cancel", "No", "Leave everything as it is.")


class ConfirmDialog(Dialog[bool]):
    """Ends with True for yes, else with None. The button for no has the focus at first."""

    AUTO_FOCUS = "#cancel"
    VERBS: ClassVar[tuple[Command, ...]] = (_YES, _NO, CANCEL)
    BINDINGS = bindings(VERBS)

    def __init__(self, title: str, words: Content, yes: str) -> None:
        super().__init__()
        self._title, self._words, self._yes = title, words, yes

    def heading(self) -> str:
        return self._title

    def compose_fields(self) -> ComposeResult:
        yield Static(self._words, markup=False, classes="words")

    def compose_buttons(self) -> ComposeResult:
        yield button(
            "accept", keyed("{label}  {confirm.yes}", label=self._yes), _YES.help, "primary"
        )
        yield button("cancel", keyed("No  {confirm.no}"), _NO.help)

    def on_mount(self) -> None:
        self.query_one("#cancel", Button).focus()

    async def action_accept(self) -> None:
        self.dismiss(True)
