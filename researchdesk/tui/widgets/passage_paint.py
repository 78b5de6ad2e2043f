"""How a row of a text looks: its kind, what is marked in it, what is selected."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.screen import Screen
from textual.selection import Selection
from textual.strip import Strip

from researchdesk.domain.documents import Block
from researchdesk.tui.passage_rows import Row, RowKind, label_end

GUTTER = 2
"""Cells left of the text; a note's sign stands there."""

PAINTS = (
    "heading", "subheading", "minor", "label", "equation", "page", "rule", "note", "bar", "quote",
    "sign", "marked",
)  # fmt: skip
"""Names of component styles, each ``passage--<name>``."""


_MOST_KEPT = 1000


class Touch(NamedTuple):
    """``start``..``end`` of a block's text painted as ``paint``."""

    start: int
    end: int
    paint: str


class Canvas(Protocol):
    """What is painted."""

    @property
    def rich_style(self) -> Style: ...

    @property
    def screen(self) -> Screen[object]: ...

    @property
    def text_selection(self) -> Selection | None: ...

    @property
    def blocks(self) -> tuple[Block, ...]: ...

    def get_component_rich_style(self, *names: str, partial: bool = False) -> Style: ...

    def touches_of(self, block: int) -> list[Touch]: ...

    def sign_at(self, row: Row) -> str: ...


class Painter:
    """Makes strips of rows, and finds places in them."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._made: dict[tuple[int, int], Strip] = {}
        self._base: Style | None = None

    def forget(self) -> None:
        """What was painted looks otherwise now."""
        self._made.clear()
        self._base = None

    def strip(self, row: Row | None, at: int, width: int) -> Strip:
        """The strip of the row with index ``at``, in ``width`` cells."""
        if len(self._made) > _MOST_KEPT:
            self._made.clear()
        strip = self._made.get((at, width))
        if strip is None:
            strip = self._made[at, width] = self._paint_row(row, at, width)
        return strip

    @property
    def _ground(self) -> Style:
        if self._base is None:
            self._base = self._canvas.rich_style
        return self._base

    def _paint_row(self, row: Row | None, at: int, width: int) -> Strip:
        base = self._ground
        if row is None or row.kind is RowKind.BLANK:
            return Strip([Segment(" " * width, base)], width).apply_offsets(0, at)
        segments = list(self._furniture(row, width) if row.block < 0 else self._text(row, at))
        return Strip(segments).extend_cell_length(width, base).apply_offsets(0, at)

    def place_at(self, row: Row, text: str, x: int) -> int:
        """The index into a block's text of the cell ``x`` of its row."""
        wanted = x - GUTTER - row.indent
        line = text[row.start : row.end]
        if len(line) == cell_len(line):
            return row.start + max(0, min(wanted, len(line)))
        at = 0
        while at < len(line) and cell_len(line[: at + 1]) <= wanted:
            at += 1
        return row.start + at

    @staticmethod
    def cells(text: str) -> int:
        return cell_len(text)

    def _paint(self, name: str) -> Style:
        return self._canvas.get_component_rich_style(f"passage--{name}", partial=True)

    def _furniture(self, row: Row, width: int) -> Iterator[Segment]:
        base = self._ground
        if row.kind is RowKind.PAGE:
            yield Segment(f"{'─' * GUTTER} {row.words} ", base + self._paint("page"))
        elif row.kind is RowKind.RULE:
            yield Segment(f"  {row.words}  ", base + self._paint("rule"))
        else:
            note = base + self._paint("note")
            yield Segment("▌ ", base + self._paint("bar"))
            yield Segment(row.words.ljust(min(width, 88) - GUTTER), note)

    def _text(self, row: Row, at: int) -> Iterator[Segment]:
        canvas, block = self._canvas, self._canvas.blocks[row.block]
        base = self._ground
        sign = canvas.sign_at(row)
        if sign:
            yield Segment(sign.ljust(GUTTER), base + self._paint("sign"))
        yield Segment(" " * (row.indent + (0 if sign else GUTTER)), base)
        own = base + self._paint(row.kind.value) if row.kind.value in PAINTS else base
        touches = self._touches(row, block, at)
        edges = {row.start, row.end}
        for touch in touches:
            edges.update(place for place in touch[:2] if row.start < place < row.end)
        places = sorted(edges)
        for start, end in pairwise(places):
            style = own
            for touch in touches:
                if touch.start <= start < touch.end:
                    style += self._style(touch.paint)
            yield Segment(block.text[start:end].replace("\n", " "), style)

    def _style(self, paint: str) -> Style:
        if paint == "selection":
            ground = self._canvas.screen.get_component_rich_style("screen--selection").bgcolor
            return Style(bgcolor=ground)  # its own ink may be transparent: the ground's colour
        if paint == "quote":  # its ground is mixed with the one below, which a part has not
            whole = self._canvas.get_component_rich_style("passage--quote")
            return self._paint(paint) + Style(bgcolor=whole.bgcolor)
        return self._paint(paint)

    def _touches(self, row: Row, block: Block, at: int) -> list[Touch]:
        touches = [
            touch
            for touch in self._canvas.touches_of(row.block)
            if touch.start < row.end and touch.end > row.start
        ]
        if label := label_end(block):
            touches.insert(0, Touch(0, label, "label"))
        selection = self._canvas.text_selection
        span = selection.get_span(at) if selection else None
        if span is not None:
            start = self.place_at(row, block.text, span[0])
            end = row.end if span[1] < 0 else self.place_at(row, block.text, span[1])
            touches.append(Touch(start, end, "selection"))
        return touches
