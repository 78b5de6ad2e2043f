"""The list of papers: only the lines that are seen are made, so ten thousand cost as ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from researchdesk.services.library import Listed
from researchdesk.tui.commands import Command, bindings

_move = partial(Command, moves=True)
_MARKS = {"unread": "○", "in": "◐", "pass": "●", "left": "×"}
_STATUS_WIDTH = 14


def mark_of(status: str) -> str:
    """A sign for a reading status; the words stand beside it."""
    return _MARKS.get(status.split(" ")[0], " ")


class PaperList(ScrollView, can_focus=True):
    """Papers, one a line: reading status, name, title."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        _move("list.up", "up,k", "move(-1)", "Up", "The paper above.", key_label="↑ or k"),
        _move("list.down", "down,j", "move(1)", "Down", "The paper below.", key_label="↓ or j"),
        _move("list.page-up", "pageup", "move_page(-1)", "Page up", "A page up."),
        _move("list.page-down", "pagedown", "move_page(1)", "Page down", "A page down."),
        _move("list.first", "home", "move_to(0)", "First", "The first paper."),
        _move("list.last", "end", "move_to(-1)", "Last", "The last paper."),
        Command("list.open", "enter", "open", "Read", "Open the paper in the reader.", shown=True),
    )
    BINDINGS = bindings(VERBS)
    COMPONENT_CLASSES = {"paper-list--cursor", "paper-list--muted", "paper-list--hover"}
    DEFAULT_CSS = """
    PaperList {
        height: 1fr; overflow-x: hidden; background: $background; color: $foreground;
        & > .paper-list--cursor {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        &:focus > .paper-list--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: bold;
        }
        & > .paper-list--muted { color: $text-muted; }
        & > .paper-list--hover { background: $primary 20%; }
    }
    """

    cursor = reactive(0)
    hovered = reactive(-1)

    @dataclass
    class Highlighted(Message):
        """The cursor came to this paper, or the list became empty."""

        listed: Listed | None

    @dataclass
    class Opened(Message):
        listed: Listed

    def __init__(self) -> None:
        super().__init__()
        self._papers: list[Listed] = []
        self._name_width = 10

    @property
    def current(self) -> Listed | None:
        """The paper under the cursor."""
        return self._papers[self.cursor] if 0 <= self.cursor < len(self._papers) else None

    def __len__(self) -> int:
        return len(self._papers)

    def show(self, papers: Sequence[Listed], prefer: str = "") -> None:
        """Show these; the cursor stays on its paper, or goes to the one named ``prefer``."""
        wanted = prefer or (self.current.paper.name if self.current else "")
        self._papers = list(papers)
        widest = max((cell_len(item.paper.name) for item in self._papers), default=10)
        self._name_width = min(max(widest, 10), 20)
        names = [item.paper.name for item in self._papers]
        at = names.index(wanted) if wanted in names else min(self.cursor, len(names) - 1)
        self.set_reactive(PaperList.cursor, max(at, 0))
        self.virtual_size = Size(0, len(self._papers))
        self.refresh()
        self._follow()
        self.post_message(self.Highlighted(self.current))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        at = y + self.scroll_offset.y
        base = self.rich_style
        if not 0 <= at < len(self._papers):
            return Strip.blank(width, base)
        muted = self.get_component_rich_style("paper-list--muted", partial=True)
        if at == self.cursor:
            base = self.get_component_rich_style("paper-list--cursor")
            muted = Style()
        elif at == self.hovered:
            base += self.get_component_rich_style("paper-list--hover", partial=True)
        return Strip(self._segments(self._papers[at], width, base, base + muted), width)

    def _segments(self, item: Listed, width: int, base: Style, muted: Style) -> list[Segment]:
        title_width = width - self._name_width - _STATUS_WIDTH - 6
        parts = [
            Segment(f" {mark_of(item.status)} ", base),
            Segment(_fit(item.paper.name, self._name_width) + " ", muted),
            Segment(_fit(item.paper.title, max(title_width, 1)) + " ", base),
            Segment(_fit(item.status, _STATUS_WIDTH) + " ", muted),
        ]
        return Segment.adjust_line_length(parts, width, base)

    @property
    def heading(self) -> str:
        """Column names, to stand above the lines."""
        title_width = max(self.size.width - self._name_width - _STATUS_WIDTH - 6, 1)
        return f"   {'Paper':<{self._name_width}} {'Title':<{title_width}} Reading"

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_lines(old - self.scroll_offset.y, 1)
        self.refresh_lines(new - self.scroll_offset.y, 1)
        self._follow()
        self.post_message(self.Highlighted(self.current))

    def watch_hovered(self) -> None:
        self.refresh()

    def _follow(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self._papers) - 1))

    def action_move_page(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height - 1))

    def action_move_to(self, at: int) -> None:
        self.cursor = max(0, len(self._papers) - 1) if at < 0 else at

    def action_open(self) -> None:
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if 0 <= at < len(self._papers):
            self.cursor = at
            if event.chain == 2:
                self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.hovered = event.y + self.scroll_offset.y

    def on_leave(self) -> None:
        self.hovered = -1


def _fit(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"
