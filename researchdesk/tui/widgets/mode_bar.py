"""The bar at the top: which screens there are, and on which one is."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from researchdesk.tui.commands import Command
from researchdesk.tui.widgets.mode_tab import ModeTab


class ModeBar(Horizontal):
    """One tab a screen; at the right the keys for help and palette, the last of them short."""

    DEFAULT_CSS = """
    ModeBar {
        dock: top; height: 1; background: $panel; color: $foreground;
        ModeTab { width: auto; padding: 0 1; }
        ModeTab:hover { background: $primary 30%; }
        ModeTab.-current { background: $background; text-style: bold underline; }
        .gap { width: 1fr; }
        ModeTab.-key { display: none; }
    }
    """

    def __init__(self, screens: Sequence[Command], others: Sequence[Command], mode: str) -> None:
        super().__init__()
        self._screens, self._others, self._mode = screens, others, mode

    def compose(self) -> ComposeResult:
        for command in self._screens:
            current = command.id == f"app.{self._mode}"
            yield ModeTab(command, classes="-current" if current else "")
        yield Static(classes="gap")
        *others, last = self._others
        for command in others:
            yield ModeTab(command)
        yield ModeTab(last, classes="-words")
        yield ModeTab(last, classes="-key")
