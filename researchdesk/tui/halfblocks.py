"""A picture as half-blocks: two pixels in a cell, in any terminal with enough colours."""

from pathlib import Path

from PIL import Image
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_LARGEST = 40_000_000
"""Pixels; a larger file is no picture of a page."""


def fitted(size: tuple[int, int], columns: int, rows: int) -> tuple[int, int]:
    """(columns, rows) of a picture of ``size`` pixels that fits into so many cells, each twice as
    high as it is wide; never larger than the picture itself."""
    width, height = max(1, size[0]), max(1, size[1])
    scale = min(columns / width, 2 * rows / height, 1.0)
    return max(1, int(width * scale)), max(1, int(height * scale + 1) // 2)


def strips(path: Path, columns: int, rows: int) -> list[Strip]:
    """The rows of the picture, fitted into so many cells. Raises OSError, ValueError."""
    with Image.open(path) as picture:
        if picture.width * picture.height > _LARGEST:
            raise ValueError("the picture is too large")
        wide, high = fitted(picture.size, columns, rows)
        small = picture.convert("RGB").resize((wide, 2 * high), Image.Resampling.LANCZOS)
    data = small.tobytes()
    return [_strip(data, wide, row) for row in range(high)]


def _strip(data: bytes, wide: int, row: int) -> Strip:
    segments: list[Segment] = []
    upper, lower = 6 * wide * row, 6 * wide * row + 3 * wide
    run, before = 0, b""
    for at in range(0, 3 * wide, 3):
        pair = data[upper + at : upper + at + 3] + data[lower + at : lower + at + 3]
        if pair != before and run:
            segments.append(_segment(before, run))
            run = 0
        before, run = pair, run + 1
    segments.append(_segment(before, run))
    return Strip(segments, wide)


def _segment(pair: bytes, run: int) -> Segment:
    upper, lower = Color.from_rgb(*pair[:3]), Color.from_rgb(*pair[3:])
    return Segment("▀" * run, Style(color=upper, bgcolor=lower))
