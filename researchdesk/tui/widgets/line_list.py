"""A list of which only the lines that are seen are made, so ten thousand cost as ten."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from researchdesk.tui.commands import Command, bindings

Item = TypeVar("Item")
_move = partial(Command, moves=True)


class LineList(ScrollView, Generic[Item], can_focus=True):
    """Items, one a line, with a cursor.

    A subclass writes a line in ``segments`` and says in ``announce`` where the cursor is, in
    ``announce_opened`` what was opened with enter or a double click. ``key_of`` names an item.
    """

    VERBS: ClassVar[tuple[Command, ...]] = (
        _move("list.up", "up,k", "move(-1)", "Up", "The line above.", key_label="↑ or k"),
        _move("list.down", "down,j", "move(1)", "Down", "The line below.", key_label="↓ or j"),
        _move("list.page-up", "pageup", "move_page(-1)", "Page up", "A page up."),
        _move("list.page-down", "pagedown", "move_page(1)", "Page down", "A page down."),
        _move("list.first", "home", "move_to(0)", "First", "The first line."),
        _move("list.last", "end", "move_to(-1)", "Last", "The last line."),
    )
    BINDINGS = bindings(VERBS)
    COMPONENT_CLASSES = {"line-list--cursor", "line-list--muted", "line-list--hover"}
    DEFAULT_CSS = """
    LineList {
        height: 1fr; overflow-x: hidden; background: $background; color: $foreground;
        & > .line-list--cursor {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        &:focus > .line-list--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: bold;
        }
        & > .line-list--muted { color: $text-muted; }
        & > .line-list--hover { background: $primary 20%; }
    }
    """

    cursor = reactive(0)
    hovered = reactive(-1)

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []

    @abstractmethod
    def key_of(self, item: Item) -> str:
        """What names the item as long as the screen lives."""

    @abstractmethod
    def segments(self, item: Item, width: int, base: Style, muted: Style) -> list[Segment]:
        """The line of an item."""

    @abstractmethod
    def announce(self) -> None:
        """Tell where the cursor is."""

    def announce_opened(self, item: Item) -> None:
        """Tell that an item was opened."""

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if 0 <= self.cursor < len(self.items) else None

    def __len__(self) -> int:
        return len(self.items)

    def put(self, items: Sequence[Item], prefer: str = "") -> None:
        """Show these; the cursor stays on its item, or goes to the one named ``prefer``."""
        wanted = prefer or ("" if self.current is None else self.key_of(self.current))
        self.items = list(items)
        keys = [self.key_of(item) for item in self.items]
        at = keys.index(wanted) if wanted in keys else min(self.cursor, len(keys) - 1)
        self.set_reactive(LineList.cursor, max(at, 0))
        self.virtual_size = Size(0, len(self.items))
        self.refresh()
        self._keep_in_view()
        self.announce()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        at = y + self.scroll_offset.y
        base = self.rich_style
        if not 0 <= at < len(self.items):
            return Strip.blank(width, base)
        muted = self.get_component_rich_style("line-list--muted", partial=True)
        if at == self.cursor:
            base = self.get_component_rich_style("line-list--cursor")
            muted = Style()
        elif at == self.hovered:
            base += self.get_component_rich_style("line-list--hover", partial=True)
        parts = self.segments(self.items[at], width, base, base + muted)
        return Strip(Segment.adjust_line_length(parts, width, base), width)

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_lines(old - self.scroll_offset.y, 1)
        self.refresh_lines(new - self.scroll_offset.y, 1)
        self._keep_in_view()
        self.announce()

    def watch_hovered(self) -> None:
        self.refresh()

    def _keep_in_view(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self.items) - 1))

    def action_move_page(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height - 1))

    def action_move_to(self, at: int) -> None:
        self.cursor = max(0, len(self.items) - 1) if at < 0 else at

    def action_open(self) -> None:
        if self.current is not None:
            self.announce_opened(self.current)

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if 0 <= at < len(self.items):
            self.cursor = at
            if event.chain == 2:
                self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.hovered = event.y + self.scroll_offset.y

    def on_leave(self) -> None:
        self.hovered = -1


def fit(text: str, width: int) -> str:
    """``text`` in exactly ``width`` columns, cut with an ellipsis where it is longer."""
    if width < 1:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"
