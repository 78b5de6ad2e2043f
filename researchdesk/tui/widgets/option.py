"""One of several, of which one is chosen."""

from textual.content import Content
from textual.widgets import RadioButton


class OptionButton(RadioButton):
    """A radio button whose sign tells the choice, not its colour alone."""

    def __init__(self, label: str, *, chosen: bool) -> None:
        self.BUTTON_INNER = "●" if chosen else "○"
        super().__init__(Content(label), value=chosen, compact=True)

    def watch_value(self) -> None:
        self.BUTTON_INNER = "●" if self.value else "○"
        super().watch_value()
