"""A field for a text of several lines."""

from textual import on
from textual.widgets import TextArea


class LongText(TextArea):
    """A TextArea that shows the cursor also where the last key began a new line by wrapping.

    Textual scrolls before it knows that the text grew, so that the new line stayed below the edge
    until the next key.
    """

    @on(TextArea.Changed)
    def _show_cursor(self) -> None:
        self.call_after_refresh(self.scroll_cursor_visible)
