"""The time spent on a pass: counted while the reader is looked at and something is done."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import ClassVar

from textual import events
from textual.screen import ModalScreen

from researchdesk.errors import BusyError
from researchdesk.services import reading
from researchdesk.services.desk import Desk
from researchdesk.tui.active_time import ActiveTime
from researchdesk.tui.notices import telling
from researchdesk.tui.position import written
from researchdesk.tui.screens.reader_base import ReaderBase

_EVERY_S = 30.0


class Timing(ReaderBase):
    """The part of the reader that keeps the time. What is written in a dialog over it counts."""

    CLOCK: ClassVar[Callable[[], float]] = monotonic

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._time = ActiveTime(type(self).CLOCK)
        self._on_top = False
        self._owed: dict[int, float] = {}

    def on_mount(self) -> None:
        self.set_interval(_EVERY_S, self.keep_time)
        self.watch(self.app, "app_focus", self._focus_changed, init=False)

    def on_screen_resume(self) -> None:
        self._on_top = True
        self._time.resume()
        self._time.touch()

    def on_screen_suspend(self) -> None:
        if not isinstance(self.app.screen, ModalScreen):
            self._on_top = False
            self.keep_time()
            self._time.pause()

    def _focus_changed(self, focused: bool) -> None:
        if focused and self._on_top:
            self._time.resume()
        elif not focused:
            self._time.pause()

    def on_key(self) -> None:
        self._time.touch()

    def on_mouse_move(self, _event: events.MouseMove) -> None:
        self._time.touch()

    def touch(self) -> None:
        """Something was done."""
        self._time.touch()

    def keep_time(self) -> None:
        """Add to the pass at hand what was not added yet, and write the step that was not written.

        Nobody waits for another program that writes: the next time does it then.
        """
        with telling(self):
            if self.position is not None:
                self.position = written(self.desk, self.position)
            self._count()
            self._pay()

    def _count(self) -> None:
        """Put the seconds down to the pass at hand."""
        position = self.position
        if position is None or position.item is None:
            return
        item, seconds = position.item, self._time.take()
        if seconds > 0:
            self._owed[item.id] = self._owed.get(item.id, 0.0) + seconds
            self.position = replace(position, item=replace(item, seconds=item.seconds + seconds))
            self.show_header()

    def _pay(self) -> None:
        """Raises DeskError where the desk cannot be written."""
        for number, seconds in list(self._owed.items()):
            del self._owed[number]
            try:
                reading.spend(self.desk, number, seconds)
            except BusyError:
                self._owed[number] = seconds
                return

    def forget_time(self) -> None:
        """Another paper, or another pass: what was before a pass was begun is let go."""
        self.keep_time()
        self._time.take()

    def settle(self) -> None:
        """What is still owed is waited for: there is no next time."""
        self.keep_time()
        if self._owed or (self.position is not None and self.position.unwritten):
            with telling(self), self.desk.database.writing():
                self.keep_time()
