"""Grids that the arrows move about in."""

from functools import partial
from typing import ClassVar

from textual.scroll_view import ScrollView

from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.table_grid import TableGrid

_move = partial(Command, moves=True)
_VERBS = (
    _move("grid.up", "up,k", "scroll_up", "Up", "A line up.", key_label="↑ or k"),
    _move("grid.down", "down,j", "scroll_down", "Down", "A line down.", key_label="↓ or j"),
    _move("grid.left", "left,h", "aside(-8)", "Left", "To the left.", key_label="←"),
    _move("grid.right", "right,l", "aside(8)", "Right", "To the right.", key_label="→"),
    _move("grid.page-up", "pageup", "page_up", "Page up", "A page up."),
    _move("grid.page-down", "pagedown,space", "page_down", "Page down", "A page down.",
          key_label="space"),
    _move("grid.home", "home", "scroll_home", "Top", "To the top."),
    _move("grid.end", "end", "scroll_end", "End", "To the end."),
)  # fmt: skip


class Scrolled(ScrollView, inherit_bindings=False, can_focus=True):
    """What arrows, page keys, home and end scroll."""

    VERBS: ClassVar[tuple[Command, ...]] = _VERBS
    BINDINGS = bindings(_VERBS)
    DEFAULT_CSS = "Scrolled { height: 1fr; width: 1fr; background: $background; }"

    def action_aside(self, by: int) -> None:
        self.scroll_to(x=self.scroll_offset.x + by, animate=False)


class CellGrid(TableGrid, inherit_bindings=False, can_focus=True):
    """A table of words that takes the focus."""

    VERBS: ClassVar[tuple[Command, ...]] = _VERBS
    BINDINGS = bindings(_VERBS)

    def action_aside(self, by: int) -> None:
        self.scroll_to(x=self.scroll_offset.x + by, animate=False)
