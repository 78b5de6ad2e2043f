"""The bar at the top: which screens there are, and on which one is."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from researchdesk.tui.commands import Command
from researchdesk.tui.widgets.mode_tab import ModeTab


class ModeBar(Horizontal):
    """One tab a screen; at the right the keys for help and palette, the last of them short.

    Where there is little room, those of ``seldom`` are hidden; the one that is on takes the place
    of help and palette.
    """

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

    def __init__(
        self,
        screens: Sequence[Command],
        seldom: Sequence[Command],
        others: Sequence[Command],
        mode: str,
    ) -> None:
        on_seldom = any(command.id == f"app.{mode}" for command in seldom)
        super().__init__(classes="-on-seldom" if on_seldom else None)
        self._screens, self._seldom, self._others, self._mode = screens, seldom, others, mode

    def compose(self) -> ComposeResult:
        for command in self._screens:
            yield ModeTab(command, classes=self._on(command))
        for command in self._seldom:
            yield ModeTab(command, classes=f"-seldom {self._on(command)}")
        yield Static(classes="gap")
        *others, last = self._others
        for command in others:
            yield ModeTab(command, classes="-other")
        yield ModeTab(last, classes="-words")
        yield ModeTab(last, classes="-key")

    def _on(self, command: Command) -> str:
        return "-current" if command.id == f"app.{self._mode}" else ""
