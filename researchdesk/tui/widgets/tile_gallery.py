"""Small pictures side by side, with their captions; drawn line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from researchdesk.domain.looking import Picture
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.looked_at import Tile
from researchdesk.tui.pictures import Manner, manner
from researchdesk.tui.widgets.line_list import fit

_move = partial(Command, moves=True)
_GAP = 2
_LEAST = 14
_ENLARGED = 16
_RAMP = " .:-=+*#%@"


class TileGallery(ScrollView, can_focus=True):
    """Tiles row by row, one of them marked."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        _move("tiles.left", "left,h", "by(-1)", "Left", "The picture before.", key_label="←"),
        _move("tiles.right", "right,l", "by(1)", "Right", "The next picture.", key_label="→"),
        _move("tiles.up", "up,k", "line(-1)", "Up", "A row up.", key_label="↑ or k"),
        _move("tiles.down", "down,j", "line(1)", "Down", "A row down.", key_label="↓ or j"),
        _move("tiles.page-up", "pageup", "line(-3)", "Page up", "Three rows up."),
        _move("tiles.page-down", "pagedown,space", "line(3)", "Page down", "Three rows down.",
              key_label="space"),
        _move("tiles.first", "home", "to(0)", "First", "The first picture."),
        _move("tiles.last", "end", "to(-1)", "Last", "The last picture."),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tiles--marked", "tiles--caption"}
    DEFAULT_CSS = """
    TileGallery {
        height: 1fr; width: 1fr; overflow-x: hidden; background: $background; color: $foreground;
        & > .tiles--caption { color: $foreground; }
        & > .tiles--marked {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        &:focus > .tiles--marked {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: bold;
        }
    }
    """

    cursor = reactive(0, init=False)

    @dataclass
    class Marked(Message):
        """Another tile is marked; None where there is none."""

        tile: Tile | None

    def __init__(self) -> None:
        super().__init__()
        self._tiles: Sequence[Tile] = ()
        self._drawn: dict[int, list[Strip]] = {}
        self._wide, self._high = _LEAST, 2

    @property
    def tile(self) -> Tile | None:
        """The marked one."""
        return self._tiles[self.cursor] if 0 <= self.cursor < len(self._tiles) else None

    @property
    def columns(self) -> int:
        """How many stand side by side."""
        return max(1, (self.size.width + _GAP - 1) // (self._wide + _GAP))

    def show(self, tiles: Sequence[Tile]) -> None:
        """Show these, the first one marked."""
        self._tiles = tiles
        self.set_reactive(TileGallery.cursor, 0)
        self._lay_out()
        self.scroll_to(0, 0, animate=False, immediate=True)
        self.post_message(self.Marked(self.tile))

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        sizes = [_size(tile, self._scale(tile)) for tile in self._tiles] or [(0, 0)]
        self._wide = max(_LEAST, *(wide for wide, _ in sizes))
        self._high = max(high for _, high in sizes) + 2
        self._drawn = {}
        rows = -(-len(self._tiles) // self.columns)
        self.virtual_size = Size(self.size.width, rows * self._high)
        self.refresh()

    def _scale(self, tile: Tile) -> float:
        """Small ones are enlarged by whole numbers, such as are too large made smaller."""
        shown = [picture for picture in (tile.picture, tile.below) if picture is not None]
        if not shown:
            return 1.0
        wide, high = shown[0].width, sum(picture.height for picture in shown)
        room = max(8, self.size.width - 2), 2 * max(4, self.size.height - 1)
        fits = min(room[0] / wide, room[1] / high)
        return min(fits, 1.0) if fits < 1 else float(max(1, min(_ENLARGED // wide, int(fits))))

    def render_line(self, y: int) -> Strip:
        base, width = self.rich_style, self.size.width
        row, line = divmod(y + int(self.scroll_offset.y), self._high)
        parts = [Strip.blank(1, base)]
        for at in range(row * self.columns, min((row + 1) * self.columns, len(self._tiles))):
            parts += [self._line(at, line, base), Strip.blank(_GAP, base)]
        return Strip.join(parts).extend_cell_length(width, base).crop(0, width)

    def _line(self, at: int, line: int, base: Style) -> Strip:
        if line == self._high - 2:
            marked = "tiles--marked" if at == self.cursor else "tiles--caption"
            style = self.get_component_rich_style(marked)
            return Strip([Segment(fit(one_line(self._tiles[at].caption), self._wide), style)])
        if at not in self._drawn:
            self._drawn[at] = self._draw(self._tiles[at])
        drawn = self._drawn[at]
        strip = drawn[line] if line < len(drawn) else Strip([])
        return strip.extend_cell_length(self._wide, base)

    def _draw(self, tile: Tile) -> list[Strip]:
        scale, colours = self._scale(tile), manner(self.app) is not Manner.NONE
        found: list[Strip] = []
        for picture, hot in ((tile.picture, False), (tile.below, True)):
            if picture is not None:
                found += _strips(picture, scale, hot, colours)
        return found

    # Moving

    def watch_cursor(self) -> None:
        top = self.cursor // self.columns * self._high
        self.scroll_to_region(Region(0, top, 1, self._high), animate=False, force=True)
        self.refresh()
        self.post_message(self.Marked(self.tile))

    def action_by(self, by: int) -> None:
        self.action_to(max(0, min(self.cursor + by, len(self._tiles) - 1)))

    def action_line(self, by: int) -> None:
        self.action_by(by * self.columns)

    def action_to(self, at: int) -> None:
        self.cursor = max(0, len(self._tiles) - 1) if at < 0 else at

    def on_click(self, event: events.Click) -> None:
        row = (event.y + int(self.scroll_offset.y)) // self._high
        column = (event.x - 1) // (self._wide + _GAP)
        at = row * self.columns + column
        if 0 <= column < self.columns and at < len(self._tiles):
            self.cursor = at


def _size(tile: Tile, scale: float) -> tuple[int, int]:
    """Columns, and rows of half-blocks, without the caption."""
    shown = [picture for picture in (tile.picture, tile.below) if picture is not None]
    wide = max((max(1, int(picture.width * scale)) for picture in shown), default=0)
    high = sum((max(1, int(picture.height * scale)) + 1) // 2 for picture in shown)
    return wide, high


def _strips(picture: Picture, scale: float, hot: bool, colours: bool) -> list[Strip]:
    wide, high = max(1, int(picture.width * scale)), max(1, int(picture.height * scale))
    rows = [
        [_pixel(picture, int(x / scale), int(y / scale), hot) for x in range(wide)]
        for y in range(high)
    ]
    if not colours:
        return [
            Strip([Segment("".join(_RAMP[max(rgb) * 9 // 255] for rgb in row))])
            for row in rows[::2]
        ]
    rows += [[(0, 0, 0)] * wide] if high % 2 else []
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return [
        Strip([_cell(upper, lower) for upper, lower in zip(above, below, strict=True)])
        for above, below in pairs
    ]


def _cell(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Segment:
    style = Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))
    return Segment("▀", style)


def _pixel(picture: Picture, x: int, y: int, hot: bool) -> tuple[int, int, int]:
    column, row = min(x, picture.width - 1), min(y, picture.height - 1)
    at = (row * picture.width + column) * picture.channels
    found = picture.pixels[at : at + picture.channels]
    if len(found) == 3:
        return found[0], found[1], found[2]
    grey = found[0]
    return (grey, grey * grey // 255, grey // 6) if hot else (grey, grey, grey)
