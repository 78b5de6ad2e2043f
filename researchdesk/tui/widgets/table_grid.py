"""The cells of a table as text; wide ones are scrolled sideways, the first column stays."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

_WIDEST = 32
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

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[str, str]] = []

    @property
    def text(self) -> str:
        """The lines as they stand on the screen, seen or not."""
        return "\n".join(first + rest for first, rest in self._lines)

    def show(self, cells: Sequence[Sequence[str]]) -> None:
        columns = max((len(row) for row in cells), default=0)
        full = [[*row, *[""] * (columns - len(row))] for row in cells]
        widths = [
            min(_WIDEST, max(cell_len(_plain(row[column])) for row in full))
            for column in range(columns)
        ]
        self._lines = []
        for row in full:
            parts = [set_cell_size(_plain(c), w) for c, w in zip(row, widths, strict=True)]
            first = f" {parts[0]}{_GAP}" if parts else ""
            self._lines.append((first, _GAP.join(parts[1:])))
        width = max((cell_len(first + rest) for first, rest in self._lines), default=0)
        self.virtual_size = Size(width, len(self._lines))
        self.scroll_to(0, 0, animate=False, immediate=True)
        self.refresh()

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


def _plain(cell: str) -> str:
    return " ".join(cell.split())
