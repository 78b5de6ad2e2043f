"""A passage of the paper, made page by page as it is scrolled into sight."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from researchdesk.domain.documents import Block
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.page_text import PageText

_move = partial(Command, moves=True)
_AT_ONCE = 3


class PassageView(VerticalScroll, inherit_bindings=False):
    """Text of a step's place. Left and right are free for the steps."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        _move("text.up", "up,k", "scroll_up", "Up", "A line up.", key_label="↑ or k"),
        _move("text.down", "down,j", "scroll_down", "Down", "A line down.", key_label="↓ or j"),
        _move("text.page-up", "pageup", "page_up", "Page up", "A screen up."),
        _move(
            "text.page-down", "pagedown,space", "page_down", "Page down", "A screen down.",
            key_label="space"),
        _move("text.top", "home", "scroll_home", "Top", "To the beginning."),
        _move("text.end", "end", "to_end", "End", "To the end."),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    PassageView {
        height: 1fr; background: $background; color: $foreground;
        .mark { width: 100%; max-width: 90; height: auto; color: $text-muted; padding: 0 1; }
        .note {
            width: 100%; max-width: 90; height: auto; padding: 0 1; margin-bottom: 1;
            border-left: thick $warning; background: $surface;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[tuple[int, list[Block]]] = []

    async def show(self, blocks: Sequence[Block], note: str = "") -> None:
        """Show these blocks from the beginning; ``note`` says what a person should know of them."""
        self._waiting = [
            (page, list(group)) for page, group in groupby(blocks, key=lambda block: block.page)
        ]
        await self.remove_children()
        if note:
            await self.mount(Static(Content(note), classes="note"))
        await self._make(_AT_ONCE)
        self.scroll_home(animate=False)

    async def say(self, text: str) -> None:
        """Show a sentence in place of a text."""
        await self.show((), text)

    @property
    def page(self) -> int | None:
        """The page at the top of the view."""
        top = self.scroll_offset.y
        for child in self.query(PageText):
            if child.virtual_region.bottom > top:
                return child.page or None
        return None

    async def _make(self, count: int) -> None:
        made: list[Widget] = []
        for page, blocks in self._waiting[:count]:
            if page:
                made.append(Static(Content(f"── page {page} "), classes="mark"))
            made.append(PageText(page, blocks))
        del self._waiting[:count]
        if made:
            await self.mount_all(made)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._waiting and new_value + 2 * self.size.height >= self.max_scroll_y:
            self.call_next(self._make, _AT_ONCE)

    async def action_to_end(self) -> None:
        await self._make(len(self._waiting))
        self.call_after_refresh(self.scroll_end, animate=False)

    def selected(self) -> tuple[str, int | None]:
        """The text selected here and the page it begins on; ``("", None)`` without."""
        pages = [
            (widget.region.y, widget)
            for widget in self.screen.selections
            if isinstance(widget, PageText) and widget.is_attached
        ]
        parts = []
        for _, widget in sorted(pages, key=lambda pair: pair[0]):
            taken = widget.get_selection(self.screen.selections[widget])
            if taken and taken[0].strip():
                parts.append((taken[0].strip(), widget.page))
        if not parts:
            return "", None
        return " ".join(text for text, _ in parts), parts[0][1] or None
