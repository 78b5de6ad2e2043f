"""The last gate before the terminal: whatever a widget drew, no line of it acts, hides or turns."""

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from researchdesk.domain.text import clean

_BLANKS = str.maketrans("\n\t", "  ")


class CleanLines(LineFilter):
    """What is cleaned elsewhere already stays as it is; the columns of a line never change."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [segment if _is_clean(segment) else _cleaned(segment) for segment in segments]


def _is_clean(segment: Segment) -> bool:
    text = segment.text
    return text.isprintable() and (text.isascii() or clean(text) == text)


def _cleaned(segment: Segment) -> Segment:
    text = clean(segment.text).translate(_BLANKS)
    return Segment(set_cell_size(text, segment.cell_length), segment.style, segment.control)
