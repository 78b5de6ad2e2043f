"""Keys one after the other: what a key opens gets the keys typed after it, however fast."""

from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import ClassVar

from textual import events
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input

from researchdesk.tui.styling import QuickStyles

_SOON_S = 0.01


class KeysInTurn(QuickStyles):
    """Hands on a key when the one before has done its work, not when it was read.

    Textual chooses where a key goes as it is read. In a burst such as ``/adam`` all of them would
    go where the focus was before the first, and ``d`` would be a command. Here a key, or a paste,
    waits until the one before was dealt with, and until a dialog that it opened has the focus.
    """

    KEY_PATIENCE_S: ClassVar[float] = 1.0
    """Seconds that a key waits at most for the one before."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Event] = deque()
        self._since: float | None = None
        self._turn = 0

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            if self._since is None or monotonic() - self._since > self.KEY_PATIENCE_S:
                await self._hand_on()
        else:
            await super().on_event(event)

    async def _hand_on(self) -> None:
        """Send on what was typed, up to the first key that may move the focus.

        Behind that one goes a callback, on the same way; letters for a text field need not wait.
        """
        self._turn += 1
        while self._typed:
            event = self._typed.popleft()
            self._since = monotonic()
            target, writes = self.focused or self.screen, self._writes(event)
            await super().on_event(event)
            if not writes:
                self._follow(target, self._turn, partial(self._again, target))
                return
        self._since = None

    def _writes(self, event: events.Event) -> bool:
        """Whether this only puts text where the focus is."""
        printable = isinstance(event, events.Paste) or (
            isinstance(event, events.Key) and event.is_printable
        )
        return printable and _is_field(self.focused)

    def _follow(self, node: MessagePump, turn: int, then: Callable[[int], None]) -> None:
        """Run in ``node`` after the key was handled there, and go on to where a key bubbles to."""
        above = node._parent
        if node is self or above is None:
            self.call_later(then, turn)
        elif not node.call_later(self._follow, above, turn, then):
            self._follow(above, turn, then)

    def _again(self, target: MessagePump, turn: int) -> None:
        """The same way once more, behind the messages that the key's action sent."""
        if turn == self._turn:
            self._follow(target, turn, self._done)

    def _done(self, turn: int) -> None:
        if turn == self._turn:
            self.call_later(self._when_ready, turn)

    async def _when_ready(self, turn: int) -> None:
        if turn != self._turn or not self.is_running:
            return
        screen = self.screen
        late = self._since is None or monotonic() - self._since > self.KEY_PATIENCE_S
        if _gets_focus(screen) and not late:
            self.set_timer(_SOON_S, lambda: self._when_ready(turn))
        else:
            await self._hand_on()


def _is_field(widget: Widget | None) -> bool:
    """Whether letters go into it. TextArea is long to load, and the first screen has none."""
    if widget is None or isinstance(widget, Input):
        return widget is not None
    return any(kind.__name__ == "TextArea" for kind in type(widget).__mro__)


def _gets_focus(screen: Screen[object]) -> bool:
    """Whether something in a dialog is about to get the focus."""
    if not isinstance(screen, ModalScreen) or screen.focused is not None:
        return False
    return not screen.is_mounted or bool(screen.focus_chain)
