"""A small picture of a delta: where the expected and the observed number stand, and the spread."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from researchdesk.domain.deltas import Delta, words

EXPECTED, OBSERVED, BOTH = "◆", "●", "◈"
_LEAST = 24
_MARGIN = 0.08


class DeltaPicture(Widget):
    """Four lines: the observed number, the line that both stand on, the expected one, the delta.

    One spread about the observed number is drawn thick.
    """

    DEFAULT_CSS = """
    DeltaPicture { height: auto; width: 1fr; max-width: 90; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._delta: Delta | None = None

    def show(self, delta: Delta | None) -> None:
        """Draw this one; nothing where there is none."""
        self._delta = delta
        self.display = delta is not None
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 4 if self._delta else 0

    def render(self) -> Content:
        if self._delta is None:
            return Content("")
        return picture(self._delta, self.content_size.width)


def picture(delta: Delta, width: int) -> Content:
    """The picture in so many columns."""
    width = max(_LEAST, width)
    low, high = _ends(delta)
    room = (high - low) * (1 + 2 * _MARGIN) or 1.0
    start = low - _MARGIN * (high - low)

    def column(value: float) -> int:
        return min(width - 1, max(0, round((value - start) / room * (width - 1))))

    here, there = column(delta.observed), column(delta.expected)
    spread = delta.spread or 0.0
    band = range(column(delta.observed - spread), column(delta.observed + spread) + 1)
    line = []
    for at in range(width):
        if at == here == there:
            line.append((BOTH, "bold $text-warning"))
        elif at == here:
            line.append((OBSERVED, "bold $text-warning"))
        elif at == there:
            line.append((EXPECTED, "bold $text-accent"))
        elif spread and at in band:
            line.append(("━", "$text-warning"))
        else:
            line.append(("─", "$text-muted"))
    return Content("\n").join(
        [
            _label(f"observed {delta.observed:.6g}", here, width, "$text-warning"),
            Content.assemble(*line),
            _label(f"expected {delta.expected:.6g}", there, width, "$text-accent"),
            Content.styled(words(delta), "bold"),
        ]
    )


def _ends(delta: Delta) -> tuple[float, float]:
    """What has to be on the line: both numbers, and one spread to both sides."""
    spread = delta.spread or 0.0
    low = min(delta.expected, delta.observed - spread)
    high = max(delta.expected, delta.observed + spread)
    return (low, high) if high > low else (low - 1, high + 1)


def _label(text: str, at: int, width: int, colour: str) -> Content:
    """The words with their middle over the column, kept inside."""
    start = min(max(0, at - len(text) // 2), max(0, width - len(text)))
    return Content.assemble(" " * start, (text, colour))
