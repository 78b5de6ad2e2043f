"""The app on a terminal that has ASCII alone, and maybe no colours: what every widget drew is
written in it."""

from collections.abc import Mapping
from typing import Any

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from researchdesk.domain.ascii_text import ascii_cells

_FOCUSED, _BLURRED = ">", "-"
_MARKS = ((0.32, _FOCUSED), (0.18, _BLURRED))
"""How much of the primary colour is behind the line that is marked: see ``app.tcss``."""
_BLOCKS = (
    ("block-cursor-background", _FOCUSED),
    ("block-cursor-blurred-background", _BLURRED),
)
_FREE = (" ", "|")
"""What may stand before a line, and need not."""
_PADDING = 8
"""Columns at most around the words of a tab or a button."""
_BAR = {"grab": "#", "scroll_up": "|", "scroll_down": "|"}
"""What stands in a scroll bar, by what a click there does."""


class AsciiFilter(LineFilter):
    """Every sign becomes one of ASCII, or as many as it has columns: nothing moves.

    What colours and styles alone say gets a sign: the line that is marked, the tab that is open,
    the thumb of a scroll bar. What they hide is not written.
    """

    def __init__(self, app: App[Any]) -> None:
        super().__init__()
        self._app = app
        self._marks: dict[tuple[str, Color], dict[RichColor, str]] = {}

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        made = [_plain(segment) for segment in segments]
        grounds = self._grounds(background)
        _enclose(made)
        for at, (_, style, _) in enumerate(made):
            if style and style.bgcolor and (sign := grounds.get(style.bgcolor)):
                _mark(made, at, sign)
                break
        return made

    def _grounds(self, background: Color) -> dict[RichColor, str]:
        """The sign of each ground that marks a line, over this background."""
        found = self._marks.get((self._app.theme, background))
        if found is None:
            found = _grounds(self._app.theme_variables, background)
            self._marks[self._app.theme, background] = found
        return found


def _grounds(variables: Mapping[str, str], background: Color) -> dict[RichColor, str]:
    primary = Color.parse(variables["primary"])
    found = {(background + primary.with_alpha(a)).rich_color: sign for a, sign in _MARKS}
    for name, sign in _BLOCKS:
        found[(background + Color.parse(variables[name])).rich_color] = sign
    return found


def _mark(segments: list[Segment], at: int, sign: str) -> None:
    """Put the sign where the line begins, or into the border before it."""
    if segments[at].text[:1] == " ":
        segments[at] = _with(segments[at], sign + segments[at].text[1:])
    elif at and segments[at - 1].text[-1:] in _FREE:
        segments[at - 1] = _with(segments[at - 1], segments[at - 1].text[:-1] + sign)


def _enclose(segments: list[Segment]) -> None:
    """What stands out goes in brackets, where it is a bar's or all that there is: the tab that is
    open, the button that has the focus."""
    out = [at for at, segment in enumerate(segments) if _stands_out(segment.style)]
    if not out or out[0] == 0 or out[-1] == len(segments) - 1:
        return
    before, after = segments[out[0] - 1], segments[out[-1] + 1]
    room = sum(len(segment.text) for segment in segments)
    style = segments[out[0]].style
    in_bar = style is not None and "command" in style.meta
    if not in_bar and room > sum(len(segments[at].text) for at in out) + _PADDING:
        return
    if before.text[-1:] == after.text[:1] == " ":
        segments[out[0] - 1] = _with(before, f"{before.text[:-1]}[")
        segments[out[-1] + 1] = _with(after, f"]{after.text[1:]}")


def _stands_out(style: Style | None) -> bool:
    return bool(style and style.bold and (style.underline or style.reverse))


def _with(segment: Segment, text: str) -> Segment:
    return Segment(text, segment.style, segment.control)


def _plain(segment: Segment) -> Segment:
    text, style, control = segment
    if style is None:
        return segment if text.isascii() else Segment(_cells(text), style, control)
    if style._meta and (sign := _BAR.get(str(style.meta.get("@mouse.down")))):
        text = sign * cell_len(text)
    elif _hides(style):
        text = " " * cell_len(text)
    elif text.isascii():
        return segment
    else:
        text = _cells(text)
    return Segment(text, style, control)


def _hides(style: Style) -> bool:
    return style.color is not None and style.color == style.bgcolor


def _cells(text: str) -> str:
    """What joins with the sign before it takes no column: where that is so, the end gives way."""
    room = cell_len(text)
    return ascii_cells(text)[:room].ljust(room)
