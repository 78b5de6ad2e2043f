"""Which way a page is up, and its boxes once it is turned so."""

from collections import Counter
from collections.abc import Iterable

from researchdesk.domain.documents import Box

Direction = tuple[int, int]
"""Where a line of text runs to: (1, 0) to the right, (0, -1) up the page."""

RUNNING = 24
"""A line of more characters is running text: a figure's labels may run another way."""


def main_direction(lines: Iterable[tuple[Direction, int]]) -> Direction:
    """The direction of most running text; that of all print where there is none.

    Each line is its direction and its count of characters. To the right without lines.
    """
    running: Counter[Direction] = Counter()
    weights: Counter[Direction] = Counter({(1, 0): 1})
    for direction, length in lines:
        if abs(direction[0]) + abs(direction[1]) == 1:
            weights[direction] += length
            running[direction] += length if length > RUNNING else 0
    return (running if running.total() else weights).most_common(1)[0][0]


def turned_size(size: tuple[float, float], direction: Direction) -> tuple[float, float]:
    """A page's width and height once text of this direction runs to the right."""
    return size if direction[1] == 0 else (size[1], size[0])


def turned_box(box: Box, direction: Direction, size: tuple[float, float]) -> Box:
    """A box of a page of this width and height once text of this direction runs to the right."""
    x0, y0, x1, y1 = box
    width, height = size
    if direction == (0, -1):
        return height - y1, x0, height - y0, x1
    if direction == (0, 1):
        return y0, width - x1, y1, width - x0
    if direction == (-1, 0):
        return width - x1, height - y1, width - x0, height - y0
    return x0, y0, x1, y1
