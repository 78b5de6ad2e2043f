"""The help panel: every key that works here, with what it does."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from researchdesk.tui.commands import Command, bindings, key_words, keyed
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.palette import commands_at
from researchdesk.tui.verbs import EVERYWHERE
from researchdesk.tui.widgets.brief import Static

_MOVING = (
    (
        "{app.home} … {app.ideas}",
        "That screen as you left it; once more: it alone, without what lies over it.",
    ),
    ("tab", "Next part of the screen; shift+tab: the part before."),
    ("enter", "Open or press what is marked."),
    ("ctrl+c", "Copy the text that is selected with the mouse."),
)
_CLOSE = Command("help.close", "question_mark,q", "cancel", "Close", "Close this.")


class HelpDialog(Dialog[None]):
    """Commands of the screen below, then those that hold everywhere."""

    VERBS: ClassVar[tuple[Command, ...]] = (CANCEL, _CLOSE)
    BINDINGS = bindings(VERBS)

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._below = below

    def heading(self) -> str:
        return "Keys"

    def compose_fields(self) -> ComposeResult:
        about = getattr(self._below, "ABOUT", "")
        if about:
            yield Static(Content(keyed(about)), classes="about")
        start = self._below.focused or self._below
        here = [command for owner, command in commands_at(start) if owner is not self.app]
        moves = [self._row(item) for item in here if item.moves]
        here = [item for item in here if not item.moves]
        if here:
            yield from _rows("On this screen", [self._row(item) for item in here])
        yield from _rows("Everywhere", [self._row(item) for item in EVERYWHERE])
        yield from _rows("Moving", [*moves, *((keyed(keys), words) for keys, words in _MOVING)])

    def _row(self, command: Command) -> tuple[str, str]:
        return key_words(self.app, command), keyed(command.help)

    def compose_buttons(self) -> ComposeResult:
        yield button("cancel", self.leaving("Close"), "Close this.", "primary")

    def on_mount(self) -> None:
        fields = self.query_one("#fields")
        fields.can_focus = True
        fields.focus()


def _rows(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[Widget]:
    yield Static(Content(title), classes="section")
    for keys, words in dict.fromkeys(rows):
        yield Horizontal(
            Static(Content(keys), classes="keys"),
            Static(Content(words), classes="words"),
            classes="row",
        )
