"""A list that knows how many items there are and asks for those that are looked at."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message

from researchdesk.tui.widgets.line_list import Item, LineList

PAGE = 200
"""Items that are asked for at once."""
_KEPT = 2_000


class PagedList(LineList[Item]):
    """Of many items only those near the ones that are seen are held.

    Whoever owns it answers ``Wanted`` with ``fill``, and gives the list anew with ``begin``. An
    item that is opened before it came is opened once it is there.
    """

    @dataclass
    class Wanted(Message):
        """Items from ``offset`` (from 0) on are seen and not held."""

        offset: int

    def __init__(self) -> None:
        super().__init__()
        self._total = 0
        self._held: dict[int, Item] = {}
        self._opens = False

    @abstractmethod
    def announce(self) -> None:
        """Tell where the cursor is; called again when its item came."""

    def __len__(self) -> int:
        return self._total

    def item_at(self, at: int) -> Item | None:
        return self._held.get(at)

    @property
    def held(self) -> Sequence[Item]:
        """The items that are held, in their order."""
        return [self._held[at] for at in sorted(self._held)]

    @property
    def first_seen(self) -> int:
        """Place of the first item on the screen."""
        return self.scroll_offset.y // self.item_height

    def begin(self, total: int, offset: int, items: Sequence[Item], cursor: int) -> None:
        """Show a list of ``total`` items, of which ``items`` begin at ``offset``."""
        self._total = total
        self._held = dict(enumerate(items, offset))
        self._opens = False
        self.set_reactive(LineList.cursor, max(0, min(cursor, total - 1)))
        self.measure()
        self.announce()
        self.call_after_refresh(self._want)

    def fill(self, offset: int, items: Sequence[Item], total: int) -> None:
        """Take in the items that were wanted. ``total`` may be more than was known before."""
        missed = self.current is None
        self.grow(total)
        self._held.update(enumerate(items, offset))
        if len(self._held) > _KEPT:
            near = range(offset - _KEPT // 4, offset + _KEPT // 4)
            self._held = {
                at: item for at, item in self._held.items() if at in near or at == self.cursor
            }
        self.refresh()
        if missed and self.current is not None:
            self.announce()
            if self._opens:
                self._opens = False
                self.action_open()
        self._want()

    def grow(self, total: int) -> None:
        """There are more items than was known."""
        if total > self._total:
            self._total = total
            self.virtual_size = Size(0, total * self.item_height)

    def action_open(self) -> None:
        self._opens = self.current is None and self._total > 0
        super().action_open()

    def watch_cursor(self, old: int, new: int) -> None:
        self._opens = False
        super().watch_cursor(old, new)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._want()

    def on_resize(self, event: events.Resize) -> None:
        self._want()

    def _want(self) -> None:
        """Ask for the first that is seen and not there; else for what comes next on the way."""
        rows = max(1, self.size.height // self.item_height + 1)
        first = self.first_seen
        seen = [*range(first, min(first + rows, self._total)), self.cursor]
        ahead = [at for at in (first + 2 * rows, first - rows) if 0 <= at < self._total]
        for at in (*seen, *ahead):
            if at not in self._held and 0 <= at < self._total:
                self.post_message(self.Wanted(at - at % PAGE))
                return
