"""One of several, of which one is chosen."""

from dataclasses import dataclass

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import RadioButton, RadioSet


class OptionButton(RadioButton):
    """A radio button whose sign tells the choice, not its colour alone."""

    def __init__(self, label: str, *, chosen: bool) -> None:
        self.BUTTON_INNER = "●" if chosen else "○"
        super().__init__(Content(label), value=chosen, compact=True)

    def watch_value(self) -> None:
        self.BUTTON_INNER = "●" if self.value else "○"
        super().watch_value()


class OptionSet(RadioSet):
    """What the arrows come to is chosen, so that the mark and the choice are never two things.

    Enter, space and a click choose too, and say that the person is done with it.
    """

    @dataclass
    class Settled(Message):
        """Enter, space or the mouse was pressed on ``index``."""

        index: int

    def on_mount(self) -> None:
        self.call_next(self._mark_chosen)

    def _mark_chosen(self) -> None:
        for _ in range(self.pressed_index):
            super().action_next_button()

    def action_next_button(self) -> None:
        super().action_next_button()
        self._choose_marked()

    def action_previous_button(self) -> None:
        super().action_previous_button()
        self._choose_marked()

    def _choose_marked(self) -> None:
        if self.has_focus:
            super().action_toggle_button()

    def action_toggle_button(self) -> None:
        super().action_toggle_button()
        self.post_message(self.Settled(self.pressed_index))

    def on_click(self, event: Click) -> None:
        """The click still takes the focus here, so what follows from it has to come later."""
        buttons = list(self.query(OptionButton))
        if event.widget in buttons:
            settled = self.Settled(buttons.index(event.widget))
            self.call_after_refresh(self.post_message, settled)
