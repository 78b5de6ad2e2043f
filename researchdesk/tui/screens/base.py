"""What every main screen has: the bar at the top, the footer, and a way back."""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer
from textual.worker import Worker

from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command
from researchdesk.tui.notices import tell_fault
from researchdesk.tui.verbs import OTHERS, SCREENS
from researchdesk.tui.widgets.mode_bar import ModeBar


class DeskScreen(Screen[None]):
    """A main screen. It lives as long as the app, so its state stays while others are looked at.

    A subclass names its ``MODE``, its commands (``VERBS``, with ``BINDINGS = bindings(VERBS)``),
    says in ``ABOUT`` what it is for, and yields its widgets in ``compose_body``.
    """

    MODE: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""
    VERBS: ClassVar[tuple[Command, ...]] = ()
    CSS_PATH: ClassVar[Any] = "base.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-roomy")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        yield ModeBar(SCREENS, OTHERS, self.MODE)
        yield from self.compose_body()
        yield Footer(show_command_palette=False, compact=True)

    def compose_body(self) -> ComposeResult:
        """The widgets between bar and footer."""
        yield from ()

    def paper_at_hand(self) -> str:
        """The arXiv id or key of the paper that is looked at, or ``""``."""
        return ""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_fault(self, event)

    def settle(self) -> None:
        """Called before the app ends: keep what is not kept yet."""

    def unsaved(self) -> str:
        """Why the app should not end now, in words, or ``""``."""
        return ""
