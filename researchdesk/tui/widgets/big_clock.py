"""A time in digits that can be read from the other end of a room."""

from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

_ROWS = 5
_GLYPHS = {
    "0": ("███", "█ █", "█ █", "█ █", "███"),
    "1": (" █ ", "██ ", " █ ", " █ ", "███"),
    "2": ("███", "  █", "███", "█  ", "███"),
    "3": ("███", "  █", "███", "  █", "███"),
    "4": ("█ █", "█ █", "███", "  █", "  █"),
    "5": ("███", "█  ", "███", "  █", "███"),
    "6": ("███", "█  ", "███", "█ █", "███"),
    "7": ("███", "  █", "  █", "  █", "  █"),
    "8": ("███", "█ █", "███", "█ █", "███"),
    "9": ("███", "█ █", "███", "  █", "███"),
    ":": (" ", "█", " ", "█", " "),
}
_LARGEST = 4


@dataclass(frozen=True, slots=True)
class Dot:
    """How many cells a dot of a digit is wide and high; cells are twice as high as wide."""

    wide: int
    high: int


def drawn(time: str, dot: Dot) -> list[str]:
    """The rows of a time such as ``12:05``."""
    rows = []
    for row in range(_ROWS):
        dots = " ".join(_GLYPHS[sign][row] for sign in time if sign in _GLYPHS)
        rows += ["".join(one * dot.wide for one in dots).rstrip()] * dot.high
    return rows


def fitting(time: str, size: Size) -> Dot:
    """The largest dot by which ``time`` fits into so many cells; never less than two cells."""
    dots = sum(len(_GLYPHS[sign][0]) + 1 for sign in time if sign in _GLYPHS) - 1
    for high in range(_LARGEST, 1, -1):
        wide = min(2 * high, size.width // max(1, dots))
        if high * _ROWS <= size.height and 2 * wide >= 3 * high:
            return Dot(wide, high)
    return Dot(2, 1)


class BigClock(Widget):
    """As large as it fits into its own width and height."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    BigClock { height: 5; width: 1fr; }
    """
    time: reactive[str] = reactive("0:00")

    def render(self) -> Content:
        widest = max(self.time, "00:00", key=len)
        return Content("\n".join(drawn(self.time, fitting(widest, self.size))))
