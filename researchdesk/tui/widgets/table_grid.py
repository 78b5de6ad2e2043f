"""The cells of a table as text; wide ones are scrolled sideways, the first column stays.

A long text that stands in adjacent cells of a row is taken for one cell that spans them.
"""

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

_FIRST, _WIDEST = 32, 24
_LONG = 12
_GAP = "  "


class TableGrid(ScrollView, inherit_bindings=False, can_focus=False):
    """Rows of cells; the first row is taken for the heads of the columns."""

    COMPONENT_CLASSES = {"table--head", "table--first"}
    DEFAULT_CSS = """
    TableGrid {
        height: 1fr; width: 1fr; background: $background; color: $foreground;
        & > .table--head { text-style: bold underline; color: $text-primary; }
        & > .table--first { text-style: bold; }
    }
    """

    class Laid(Message):
        """Its columns may be wider than the view, or not any more."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[tuple[str, int]]] = []
        self._lines: list[tuple[str, str]] = []

    @property
    def text(self) -> str:
        """The lines as they stand on the screen, seen or not."""
        return "\n".join(first + rest for first, rest in self._lines)

    @property
    def wide(self) -> bool:
        """Whether there is more than fits side by side."""
        return self.virtual_size.width > self.size.width

    def show(self, cells: Sequence[Sequence[str]]) -> None:
        columns = max((len(row) for row in cells), default=0)
        self._rows = [_spans([*row, *[""] * (columns - len(row))]) for row in cells]
        self._lay_out()
        self.scroll_to(0, 0, animate=False, immediate=True)

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        widths = _widths(self._rows, self.size.width - 1)
        self._lines = [_line(row, widths) for row in self._rows]
        width = max((cell_len(first + rest) for first, rest in self._lines), default=0)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()
        self.post_message(self.Laid())

    def render_line(self, y: int) -> Strip:
        base, width = self.rich_style, self.size.width
        x, at = int(self.scroll_offset.x), int(self.scroll_offset.y) + y
        if at >= len(self._lines):
            return Strip.blank(width, base)
        first, rest = self._lines[at]
        head = self.get_component_rich_style("table--head", partial=True) if at == 0 else None
        stub = head or self.get_component_rich_style("table--first", partial=True)
        fixed = Strip([Segment(first, base + stub)])
        moving = Strip([Segment(rest, base + head if head else base)])
        moving = moving.crop(x, x + max(0, width - fixed.cell_length))
        return Strip.join([fixed, moving]).extend_cell_length(width, base).crop(0, width)


def _spans(row: Sequence[str]) -> list[tuple[str, int]]:
    """The cells of a row, each with the number of columns that it stands over."""
    found: list[tuple[str, int]] = []
    for text, group in groupby(_plain(cell) for cell in row):
        count = len(list(group))
        found += [(text, count)] if cell_len(text) > _LONG else [(text, 1)] * count
    return found


def _widths(rows: Sequence[Sequence[tuple[str, int]]], room: int) -> list[int]:
    """As wide as the cells of one column ask for, within limits; what is left over goes to the
    columns that were cut, the first before the others."""
    wanted = [0] * max((sum(span for _, span in row) for row in rows), default=0)
    for row in rows:
        at = 0
        for text, span in row:
            if span == 1:
                wanted[at] = max(wanted[at], cell_len(text))
            at += span
    widths = [min(want, _WIDEST if at else _FIRST) for at, want in enumerate(wanted)]
    spare = room - sum(widths) - len(_GAP) * (len(widths) - 1)
    for at, want in enumerate(wanted):
        more = max(0, min(spare, want - widths[at]))
        widths[at], spare = widths[at] + more, spare - more
    return widths


def _line(row: Sequence[tuple[str, int]], widths: Sequence[int]) -> tuple[str, str]:
    """The first column of a line with the gap after it, and the rest."""
    parts, at = [], 0
    for text, span in row:
        room = sum(widths[at : at + span]) + len(_GAP) * (span - 1)
        cut = cell_len(text) > room
        parts.append(set_cell_size(f"{set_cell_size(text, room - 1)}…" if cut else text, room))
        at += span
    whole = _GAP.join(parts)
    first = set_cell_size(whole, widths[0] + len(_GAP)) if widths else ""
    return (f" {first}", whole[len(first) :]) if parts else ("", "")


def _plain(cell: str) -> str:
    return " ".join(cell.split())
