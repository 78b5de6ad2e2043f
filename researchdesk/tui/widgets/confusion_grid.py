"""A confusion matrix: what is right stands out in one colour, what is wrong in another."""

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from researchdesk.domain.text import one_line
from researchdesk.tui.looked_at import Heat
from researchdesk.tui.widgets.cell_grid import Scrolled
from researchdesk.tui.widgets.line_list import fit

_NAME, _LEAST, _MOST = 14, 3, 12
_LEVELS = (0.01, 0.1, 0.4)


class ConfusionGrid(Scrolled):
    """Rows are classes, columns what they were taken for; a cell's colour is its row's share."""

    COMPONENT_CLASSES = {
        "confusion--head", "confusion--none", "confusion--right",
        "confusion--wrong-1", "confusion--wrong-2", "confusion--wrong-3",
    }  # fmt: skip
    DEFAULT_CSS = """
    ConfusionGrid {
        & > .confusion--head { color: $text-primary; text-style: bold; }
        & > .confusion--none { color: $text-muted; }
        & > .confusion--right { background: $success 35%; color: $foreground; }
        & > .confusion--wrong-1 { background: $error 20%; color: $foreground; }
        & > .confusion--wrong-2 { background: $error 40%; color: $foreground; }
        & > .confusion--wrong-3 { background: $error 70%; color: $foreground; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._heat = Heat((), ())
        self._stub = self._cell = _LEAST

    def show(self, heat: Heat) -> None:
        self._heat = heat
        self._lay_out()
        self.scroll_to(0, 0, animate=False, immediate=True)

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Columns as narrow as all fit, if they can, and no wider than their names."""
        names, counts = self._heat.names, self._heat.counts
        longest = max((cell_len(one_line(name)) for name in names), default=0)
        largest = max((len(f"{count:,}") for row in counts for count in row), default=1)
        self._stub = min(longest, _NAME)
        room = (self.size.width - self._stub - 2) // max(1, len(names))
        self._cell = max(_LEAST, largest + 2, min(longest + 1, _MOST, room))
        width = self._stub + 2 + self._cell * len(names)
        self.virtual_size = Size(width, len(names) + 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        base, width = self.rich_style, self.size.width
        x, at = int(self.scroll_offset.x), int(self.scroll_offset.y) + y
        if at > len(self._heat.names):
            return Strip.blank(width, base)
        head = self._style("head")
        name = fit(one_line(self._heat.names[at - 1]), self._stub) if at else " " * self._stub
        fixed = Strip([Segment(f" {name} ", head)])
        cells = [self._head(i, head) for i in range(len(self._heat.names))] if at == 0 else [
            self._number(at - 1, i) for i in range(len(self._heat.names))
        ]  # fmt: skip
        moving = Strip(cells).crop(x, x + max(0, width - fixed.cell_length))
        return Strip.join([fixed, moving]).extend_cell_length(width, base).crop(0, width)

    def _head(self, column: int, style: Style) -> Segment:
        name = fit(one_line(self._heat.names[column]), self._cell - 1).rstrip()
        return Segment(" " * (self._cell - 1 - cell_len(name)) + name + " ", style)

    def _number(self, row: int, column: int) -> Segment:
        counts = self._heat.counts[row]
        count, total = counts[column], sum(counts)
        text = (
            f"{count or '·':>{self._cell - 1}} " if count < 1000 else f"{count:>{self._cell - 1},} "
        )
        if not count:
            return Segment(text, self._style("none"))
        if row == column:
            return Segment(text, self._style("right"))
        share = count / total
        level = 1 + sum(share >= limit for limit in _LEVELS[1:])
        return Segment(text, self._style(f"wrong-{level}"))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"confusion--{name}")
