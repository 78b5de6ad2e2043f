"""What every main screen has: the bar at the top, the footer, and a way back."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.worker import Worker

from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command
from researchdesk.tui.late import late
from researchdesk.tui.notices import tell_fault
from researchdesk.tui.verbs import OTHERS, SCREENS, SELDOM
from researchdesk.tui.widgets.key_bar import KeyBar
from researchdesk.tui.widgets.mode_bar import ModeBar

if TYPE_CHECKING:
    from researchdesk.tui.surprise_form import SurpriseForm


class DeskScreen(Screen[None]):
    """A main screen. It lives as long as the app, so its state stays while others are looked at.

    A subclass names its ``MODE`` (one that lies over another has none), its commands (``VERBS``,
    with ``BINDINGS = bindings(VERBS)``), says in ``ABOUT`` what it is for, and yields its widgets
    in ``compose_body``.
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
        self._fit(self.app.size)
        yield ModeBar(SCREENS, SELDOM, OTHERS, self.MODE or self.app.current_mode)
        yield from self.compose_body()
        yield KeyBar()

    def _fit(self, size: Size) -> None:
        """The classes of this size beforehand: to learn it later would be to style all twice."""
        for length, steps in (
            (size.width, self.HORIZONTAL_BREAKPOINTS),
            (size.height, self.VERTICAL_BREAKPOINTS),
        ):
            names = [name for least, name in sorted(steps or []) if length >= least]
            for _, name in steps or []:
                self.set_class(name == names[-1] if names else False, name, update=False)

    def draw_now(self) -> None:
        """Draw all of it without waiting for the next beat of the screen."""
        self._refresh_layout()

    def _compositor_refresh(self) -> None:
        """Not in a batch: Textual draws there, shows nothing of it, and takes it for drawn."""
        if not self.app._batch_count:
            super()._compositor_refresh()

    def compose_body(self) -> ComposeResult:
        """The widgets between bar and footer."""
        yield from ()

    _is_told = False

    def on_screen_resume(self) -> None:
        """Textual tells a mode's screen twice that it resumes where it is shown first."""
        if not self._is_told:
            self._is_told = True
            self.call_later(self._resume)

    def _resume(self) -> None:
        self._is_told = False
        self.resumed()

    def resumed(self) -> None:
        """Called once each time that the screen is shown: read again what it shows."""

    def paper_at_hand(self) -> str:
        """The arXiv id or key of the paper that is looked at, or ``""``."""
        return ""

    def subject_at_hand(self) -> str:
        """What a checklist would be put to here, as ``subject_of`` takes it, or ``""``."""
        return self.paper_at_hand()

    def surprise_at_hand(self) -> "SurpriseForm":
        """What would be funny of what is looked at, filled in as far as it is known.

        May raise DeskError.
        """
        form: SurpriseForm = late("tui.surprise_form").SurpriseForm(on=self.paper_at_hand())
        return form

    @property
    def runs_on(self) -> bool:
        """Whether a run goes on here that ends with the app."""
        return False

    def came_from(self, ref: str) -> None:
        """Called when a key led here from another screen, on which this paper was looked at."""

    def library_changed(self) -> None:
        """Called when papers came, went, or their reading moved on."""

    def surprise_kept(self) -> None:
        """Called when a surprise was kept while this screen, or one over it, was looked at."""

    def clear_selection(self) -> None:
        """What is selected stays so while a key in the bar is clicked, which may be about it."""
        clicked = self._mouse_down_offset
        bars = self.query(KeyBar)
        if clicked is None or not any(bar.region.contains_point(clicked) for bar in bars):
            super().clear_selection()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_fault(self, event)

    def settle(self) -> None:
        """Called before the app ends: keep what is not kept yet."""

    def unsaved(self) -> str:
        """Why the app should not end now, in words, or ``""``."""
        return ""
