"""Cells side by side that wrap in their columns, for lists whose rows are not all one line high."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """``least`` cells wide, and ``share`` of what is left over; at most ``lines`` high."""

    least: int
    share: int = 0
    lines: int | None = None


class Columns(Visual):
    """One row. Where it is narrower than its columns need, ``narrow`` stands in its place."""

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Sequence[Content],
        narrow: Content | None = None,
    ) -> None:
        self._columns, self._cells, self._narrow = columns, cells, narrow
        self._made: tuple[int, Content] | None = None

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._content(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._content(width).get_height(rules, width)

    def _content(self, width: int) -> Content:
        if self._made is None or self._made[0] != width:
            self._made = (width, self._laid_out(width))
        return self._made[1]

    def _laid_out(self, width: int) -> Content:
        widths = _widths(self._columns, width)
        if not widths:
            return self._narrow or Content(" ").join(self._cells)
        wrapped = [
            _wrapped(cell, room, column.lines)
            for cell, room, column in zip(self._cells, widths, self._columns, strict=True)
        ]
        lines = []
        for line in range(max(map(len, wrapped), default=1)):
            parts = [
                _padded(cell[line] if line < len(cell) else Content(""), room)
                for cell, room in zip(wrapped, widths, strict=True)
            ]
            lines.append(Content(" " * _GAP).join(parts).rstrip())
        return Content("\n").join(lines)


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    spare = width - sum(column.least for column in columns) - _GAP * (len(columns) - 1)
    if spare < 0:
        return []
    shares = sum(column.share for column in columns) or 1
    return [column.least + spare * column.share // shares for column in columns]


def _wrapped(cell: Content, room: int, most: int | None) -> list[Content]:
    lines = cell.wrap(room) if cell else []
    if most is None or len(lines) <= most:
        return lines
    last = lines[most - 1].rstrip()
    return [*lines[: most - 1], last.truncate(room - 1) + "…"]


def _padded(cell: Content, room: int) -> Content:
    cell = cell.rstrip()
    return cell.pad_right(max(0, room - cell.cell_length))
