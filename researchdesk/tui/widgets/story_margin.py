"""The margin of a storyline: what each linked thing says now, at the height of its line."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from researchdesk.domain.story_evidence import Linked
from researchdesk.tui.story_rows import MOST_ROWS, Anchor, Row, anchors_in, lines_of, rows_of
from researchdesk.tui.widgets.line_list import fit
from researchdesk.tui.widgets.story_text import StoryText


class StoryMargin(Widget):
    """Stands beside a text, scrolled and wrapped in step with it. Less than 12 columns wide it
    shows the marks alone."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {
        "story-margin--quiet",
        "story-margin--holds",
        "story-margin--open",
        "story-margin--changed",
        "story-margin--contradicted",
        "story-margin--gone",
        "story-margin--news",
        "story-margin--here",
    }
    DEFAULT_CSS = """
    StoryMargin {
        height: 1fr; background: $background; color: $foreground;
        & > .story-margin--quiet { color: $text-muted; }
        & > .story-margin--holds { color: $text-success; }
        & > .story-margin--open { color: $text-accent; }
        & > .story-margin--changed { color: $text-warning; text-style: bold; }
        & > .story-margin--contradicted { color: $text-error; text-style: bold; }
        & > .story-margin--gone { color: $text-error; text-style: bold; }
        & > .story-margin--news { background: $error-muted; }
        & > .story-margin--here { background: $panel; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A person pointed at what is linked; ``opened`` where they want to go there."""

        anchor: Anchor
        opened: bool

    def __init__(self, text: StoryText) -> None:
        super().__init__(id="margin")
        self._text = text
        self._told: Mapping[str, Linked] = {}
        self._anchors: list[Anchor] = []
        self._rows: dict[int, Row] = {}
        self._drawn: object = None
        self._styles: dict[str, Style] = {}

    def on_mount(self) -> None:
        self.watch(self._text, "scroll_y", self._moved, init=False)
        self.watch(self._text, "selection", self._moved, init=False)
        self.watch(self._text, "virtual_size", self._moved, init=False)

    def on_resize(self) -> None:
        self._moved()

    def tell(self, told: Mapping[str, Linked]) -> None:
        """What the linked things say now, by their refs."""
        self._told = told
        self._moved()

    def place(self) -> None:
        """The text changed: find its links again."""
        anchors = list(anchors_in(self._text.text))
        if anchors != self._anchors:
            self._anchors = anchors
            self._moved()

    @property
    def refs(self) -> tuple[str, ...]:
        """What the text links, each once, in its order."""
        return tuple(dict.fromkeys(anchor.ref for anchor in self._anchors))

    def anchors_of(self, line: int) -> list[Anchor]:
        """The links of a line of the text."""
        return [anchor for anchor in self._anchors if anchor.line == line]

    @property
    def rows(self) -> list[str]:
        """What it shows now, from the top of the view."""
        return [self.render_line(y).text.rstrip() for y in range(self.size.height)]

    def _moved(self) -> None:
        """Lay out again; drawn again only where that makes a difference."""
        self._rows = rows_of(self._heights(), self._told, self.size.width)
        line = self._text.cursor_location[0]
        seen = {
            at: (row.words, row.style, row.news, row.anchor.line == line)
            for at, row in self._rows.items()
        }
        drawn = (self.size, self._text.scroll_offset.y, seen)
        if drawn != self._drawn:
            self._drawn = drawn
            self.refresh()

    def _heights(self) -> dict[int, list[Anchor]]:
        """The links near what is seen, by their height in the wrapped text."""
        document = self._text.wrapped_document
        heights: dict[int, list[Anchor]] = {}
        for line, anchors in groupby(self._near(), key=lambda anchor: anchor.line):
            top, breaks = document.location_to_offset((line, 0)).y, document.get_offsets(line)
            for anchor in anchors:
                heights.setdefault(top + bisect_right(breaks, anchor.column), []).append(anchor)
        return heights

    def _near(self) -> Sequence[Anchor]:
        """The links of the lines that are seen, and of a few above, which may reach into view."""
        document = self._text.wrapped_document
        top = self._text.scroll_offset.y
        first = document.offset_to_location(Offset(0, top))[0] - MOST_ROWS
        last = document.offset_to_location(Offset(0, top + self.size.height))[0]
        lines = [anchor.line for anchor in self._anchors]
        return self._anchors[bisect_left(lines, first) : bisect_left(lines, last + 1)]

    # Drawn

    def notify_style_update(self) -> None:
        self._styles = {}
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self._ink("")
        row = self._rows.get(y + self._text.scroll_offset.y)
        if row is None:
            return Strip.blank(width, base)
        ink = "" if row.news and row.style == "quiet" else row.style
        style = base + self._ink(ink)
        if row.anchor.line == self._text.cursor_location[0]:
            style += self._ink("here")
        if row.news:
            style += self._ink("news")
        words = fit(row.words, width - 1)
        return Strip([Segment(words, style), Segment(" ", base)], width)

    def _ink(self, name: str) -> Style:
        """The style of a row of this kind; ``""`` for that of the margin."""
        if name not in self._styles:
            self._styles[name] = (
                self.get_component_rich_style(f"story-margin--{name}", partial=True)
                if name
                else self.rich_style
            )
        return self._styles[name]

    # The mouse

    def on_click(self, event: events.Click) -> None:
        row = self._at(event.y)
        if row is not None:
            self.post_message(self.Chosen(row.anchor, event.chain == 2))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        row = self._at(event.y)
        linked = None if row is None else self._told.get(row.anchor.ref)
        self.tooltip = None if linked is None else Content("\n".join(lines_of(linked)))

    def _at(self, y: int) -> Row | None:
        return self._rows.get(y + self._text.scroll_offset.y)
