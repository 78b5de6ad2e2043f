"""A file of code with numbered lines, one of them marked; drawn line by line."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import events, work
from textual.content import Content
from textual.geometry import Region, Size
from textual.highlight import guess_language, highlight
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import get_current_worker

from researchdesk.tui.commands import Command, bindings

_move = partial(Command, moves=True)
_COLOURED = 400_000
"""Characters up to which a file gets colours."""
_LONG_LINE = 2_000
_TAB = 4
_SIGN = "✎"


class CodeView(ScrollView, can_focus=True):
    """A file of text. ``line`` is the marked line, from 1; lines with notes bear a sign."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        _move("code.line-up", "up,k", "line(-1)", "Up", "A line up.", key_label="↑ or k"),
        _move("code.line-down", "down,j", "line(1)", "Down", "A line down.", key_label="↓ or j"),
        _move("code.page-up", "pageup", "screen(-1)", "Page up", "A screen up."),
        _move("code.page-down", "pagedown,space", "screen(1)", "Page down", "A screen down.",
              key_label="space"),
        _move("code.top", "home", "to_line(1)", "Top", "To the first line."),
        _move("code.end", "end", "to_line(-1)", "End", "To the last line."),
        _move("code.left", "left,h", "aside(-8)", "Left", "To the left.", key_label="←"),
        _move("code.right", "right,l", "aside(8)", "Right", "To the right.", key_label="→"),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code--number", "code--marked", "code--marked-number", "code--noted",
    }  # fmt: skip
    DEFAULT_CSS = """
    CodeView {
        height: 1fr; background: $background; color: $foreground;
        .code--number { color: $text-muted; }
        .code--marked { background: $primary 18%; }
        .code--marked-number { color: $text-primary; background: $primary 18%; text-style: bold; }
        .code--noted { color: $text-warning; text-style: bold; }
        &:focus .code--marked { background: $primary 32%; }
        &:focus .code--marked-number { background: $primary 32%; }
    }
    """

    line: reactive[int] = reactive(1, init=False)

    @dataclass
    class Moved(Message):
        """Another line is marked."""

        line: int

    @dataclass
    class _Coloured(Message):
        lines: list[Content]
        serial: int

    def __init__(self) -> None:
        super().__init__()
        self._plain: list[str] = []
        self._lines: list[Content] = []
        self._noted: frozenset[int] = frozenset()
        self._serial = 0

    @property
    def line_text(self) -> str:
        """The marked line without the white space around it."""
        return self._plain[self.line - 1].strip() if self._plain else ""

    @property
    def line_count(self) -> int:
        return len(self._plain)

    def show(self, text: str, path: str, line: int = 1) -> None:
        """Show a file's text with ``line`` marked; colours follow as soon as they are known."""
        self._serial += 1
        whole = text.removesuffix("\n").expandtabs(_TAB)
        self._plain = [_cut(line) for line in whole.split("\n")]
        text = "\n".join(self._plain)
        self._lines = []
        self._noted = frozenset()
        widest = max(map(cell_len, self._plain), default=0)
        self.virtual_size = Size(self._gutter + widest + 1, len(self._plain))
        self.scroll_to(0, 0, animate=False, immediate=True)
        self.set_reactive(CodeView.line, 0)
        self.line = line
        self._look()
        self.refresh()
        if len(text) <= _COLOURED:
            self._colour(text, path, self._serial)

    def clear(self) -> None:
        """Show nothing."""
        self._serial += 1
        self._plain, self._lines, self._noted = [], [], frozenset()
        self.virtual_size = Size(0, 0)
        self.refresh()

    def mark_notes(self, lines: Collection[int]) -> None:
        """Give these lines (from 1) the sign of a note."""
        self._noted = frozenset(lines)
        self.refresh()

    def validate_line(self, line: int) -> int:
        return max(1, min(line, len(self._plain) or 1))

    def watch_line(self, old: int, new: int) -> None:
        self._look()
        self.refresh()
        if self._plain:
            self.post_message(self.Moved(new))

    def on_resize(self) -> None:
        self._look()

    # Drawing

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        base = self.visual_style
        if at >= len(self._plain):
            return Strip.blank(self.size.width, base.rich_style)
        marked, noted = at + 1 == self.line, at + 1 in self._noted
        number = self.get_visual_style("code--marked-number" if marked else "code--number")
        sign = self.get_visual_style("code--noted") if noted else number
        if marked:
            base += self.get_visual_style("code--marked", partial=True)
            sign = base + sign if noted else sign
        digits = self._gutter - 3
        head = Content.assemble(
            (f"{at + 1:>{digits}} ", number), (_SIGN if noted else " ", sign), (" ", number)
        )
        body = self._lines[at] if at < len(self._lines) else Content(self._plain[at])
        width = self.size.width - self._gutter
        text = Strip(body.render_segments(base)).crop(
            self.scroll_offset.x, self.scroll_offset.x + width
        )
        return Strip.join(
            [
                Strip(head.render_segments(self.visual_style)),
                text.extend_cell_length(width, base.rich_style),
            ]
        )

    @property
    def _gutter(self) -> int:
        """Columns left of the text: number, sign, and blanks."""
        return len(str(len(self._plain))) + 3

    @work(thread=True, exclusive=True, group="colour", exit_on_error=False)
    def _colour(self, text: str, path: str, serial: int) -> None:
        coloured = highlight(text, language=guess_language(" ", path), tab_size=_TAB)
        lines = list(coloured.split("\n", allow_blank=True))
        if not get_current_worker().is_cancelled and len(lines) == text.count("\n") + 1:
            self.post_message(self._Coloured(lines, serial))

    def on_code_view__coloured(self, event: _Coloured) -> None:
        event.stop()
        if event.serial == self._serial:
            self._lines = event.lines
            self.refresh()

    # Moving

    def action_line(self, by: int) -> None:
        self.line += by

    def action_screen(self, by: int) -> None:
        self.line += by * max(1, self.size.height - 2)

    def action_to_line(self, line: int) -> None:
        self.line = line if line > 0 else len(self._plain)

    def action_aside(self, by: int) -> None:
        self.scroll_to(x=self.scroll_offset.x + by, animate=False)

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is not None and self._plain:
            self.line = place.y + self.scroll_offset.y + 1

    def _look(self) -> None:
        """Bring the marked line into sight, a little away from the edge."""
        height = self.size.height
        if not height:
            return
        near = min(3, height // 4)
        region = Region(self.scroll_offset.x, self.line - 1 - near, 1, 1 + 2 * near)
        top, end = region.y, region.bottom
        if top < self.scroll_offset.y:
            self.scroll_to(y=max(0, top), animate=False, immediate=True)
        elif end > self.scroll_offset.y + height:
            self.scroll_to(y=end - height, animate=False, immediate=True)


def _cut(line: str) -> str:
    return line if len(line) <= _LONG_LINE else f"{line[:_LONG_LINE]} …"
