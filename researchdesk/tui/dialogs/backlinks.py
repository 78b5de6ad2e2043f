"""Which notes link to a thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.widgets.brief import Option, Static

_NONE = """No note links here yet.

Write [[{name}]] in any note, and it stands here."""


@dataclass(frozen=True, slots=True)
class Backlink:
    """A note that links: ``target`` leads to it, ``where`` is its place, ``text`` what it says."""

    target: str
    where: str
    text: str


class BacklinksDialog(Dialog[str]):
    """Ends with the target of the note to go to."""

    ACCEPT_LABEL = "Go there"

    def __init__(self, name: str, title: str, found: Sequence[Backlink]) -> None:
        super().__init__()
        self._name, self._title, self._found = name, title, list(found)

    def heading(self) -> str:
        return f"Links to {self._name}"

    def compose_fields(self) -> ComposeResult:
        yield Static(Content(self._title), classes="about")
        if not self._found:
            yield Static(Content(_NONE.format(name=self._name)), classes="none")
            return
        options = [
            Option(Content.assemble((item.where, "bold"), "\n", item.text), id=item.target)
            for item in self._found
        ]
        yield OptionList(*options, id="links", markup=False)

    def compose_buttons(self) -> ComposeResult:
        if self._found:
            yield button("accept", "Go there  enter", "Open the note where it stands.", "primary")
        yield button("cancel", self.leaving("Close"), CANCEL.help)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)

    async def action_accept(self) -> None:
        found = self.query("#links").results(OptionList)
        options = next(iter(found), None)
        at = options.highlighted if options else None
        self.dismiss(None if at is None else self._found[at].target)
