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
_ON_ITS_WAY = "   · · ·"


class LineList(ScrollView, Generic[Item], can_focus=True):
    """Items, one a line, with a cursor.

    A subclass writes a line in ``segments`` and says in ``announce`` where the cursor is, in
    ``announce_opened`` what was opened with enter or a double click. ``key_of`` names an item.
    Where an item takes more lines (``item_height``), ``further_segments`` writes those below.
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

    item_height = 1
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

    def further_segments(
        self, item: Item, part: int, width: int, base: Style, muted: Style
    ) -> list[Segment]:
        """A line below the first, from 1."""
        return []

    @abstractmethod
    def announce(self) -> None:
        """Tell where the cursor is."""

    def announce_opened(self, item: Item) -> None:
        """Tell that an item was opened."""

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.item_at(self.cursor)

    def item_at(self, at: int) -> Item | None:
        """The item of this line, or None."""
        return self.items[at] if 0 <= at < len(self.items) else None

    def __len__(self) -> int:
        return len(self.items)

    def put(self, items: Sequence[Item], prefer: str = "") -> None:
        """Show these; the cursor stays on its item, or goes to the one named ``prefer``."""
        wanted = prefer or ("" if self.current is None else self.key_of(self.current))
        self.items = list(items)
        keys = [self.key_of(item) for item in self.items]
        at = keys.index(wanted) if wanted in keys else min(self.cursor, len(keys) - 1)
        self.set_reactive(LineList.cursor, max(at, 0))
        self.measure()
        self.announce()

    def measure(self) -> None:
        """Take the number of items anew, and keep the cursor in view."""
        self.virtual_size = Size(0, len(self) * self.item_height)
        self.refresh()
        self._keep_in_view()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        at, part = divmod(y + self.scroll_offset.y, self.item_height)
        base = self.rich_style
        if not 0 <= at < len(self):
            return Strip.blank(width, base)
        muted = self.get_component_rich_style("line-list--muted", partial=True)
        if at == self.cursor:
            base = self.get_component_rich_style("line-list--cursor")
            muted = Style()
        elif at == self.hovered:
            base += self.get_component_rich_style("line-list--hover", partial=True)
        item, muted = self.item_at(at), base + muted
        if item is None:
            parts = [Segment(_ON_ITS_WAY if part == 0 else "", muted)]
        elif part:
            parts = self.further_segments(item, part, self.room, base, muted)
        else:
            parts = self.segments(item, self.room, base, muted)
        parts = Segment.adjust_line_length(parts, self.room, base)
        return Strip(Segment.adjust_line_length(parts, width, base), width)

    @property
    def room(self) -> int:
        """Columns beside the scroll bar's, which ``size`` counts as well."""
        return self.scrollable_content_region.width or self.size.width

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_item(old)
        self.refresh_item(new)
        self._keep_in_view()
        self.announce()

    def watch_hovered(self) -> None:
        self.refresh()

    def _keep_in_view(self) -> None:
        region = Region(0, self.cursor * self.item_height, 1, self.item_height)
        self.scroll_to_region(region, animate=False, force=True)

    def refresh_item(self, at: int) -> None:
        """Draw the lines of this item anew."""
        self.refresh_lines(at * self.item_height - self.scroll_offset.y, self.item_height)

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self) - 1))

    def action_move_page(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height // self.item_height - 1))

    def action_move_to(self, at: int) -> None:
        self.cursor = max(0, len(self) - 1) if at < 0 else at

    def action_open(self) -> None:
        if self.current is not None:
            self.announce_opened(self.current)

    def on_click(self, event: events.Click) -> None:
        at = self._under(event)
        if 0 <= at < len(self):
            self.cursor = at
            if event.chain == 2:
                self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.hovered = self._under(event)

    def on_leave(self) -> None:
        self.hovered = -1

    def _under(self, event: events.MouseEvent) -> int:
        return (event.y + self.scroll_offset.y) // self.item_height


def fit(text: str, width: int) -> str:
    """``text`` in exactly ``width`` columns, cut with an ellipsis where it is longer."""
    if width < 1:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"
