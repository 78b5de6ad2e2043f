"""Two drafts in one text: what was taken out, what was put in, change by change."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from researchdesk.domain.word_diff import BRACKETS, How, Piece
from researchdesk.tui.commands import Command, bindings

_WIDEST = 96
_WORDS = re.compile(r"\n|[^\S\n]+|\S+")
_move = partial(Command, moves=True)


class _Word(NamedTuple):
    text: str
    how: How
    change: int


class StoryDiff(ScrollView, can_focus=True):
    """Pieces of a diff, wrapped; the cursor goes from change to change. ``changes`` counts them."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("diff.next", "n", "change(1)", "Next", "The next change.", True),
        Command("diff.before", "p", "change(-1)", "Previous", "The change before.", True),
        _move("diff.up", "up,k", "line(-1)", "Up", "A line up."),
        _move("diff.down", "down,j", "line(1)", "Down", "A line down."),
        _move("diff.page-up", "pageup", "line(-9)", "Page up", "Some lines up."),
        _move("diff.page-down", "pagedown,space", "line(9)", "Page down", "Some lines down."),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    COMPONENT_CLASSES = {"story-diff--added", "story-diff--removed", "story-diff--here"}
    DEFAULT_CSS = """
    StoryDiff {
        height: 1fr; background: $background; color: $foreground; overflow-x: hidden;
        & > .story-diff--added { color: $text-success; text-style: underline; }
        & > .story-diff--removed { color: $text-error; text-style: strike; }
        & > .story-diff--here { background: $primary-muted; }
    }
    """

    at = reactive(-1)

    @dataclass
    class Moved(Message):
        """The cursor is on another change; ``at`` counts from 0, -1 where there is none."""

        at: int

    def __init__(self) -> None:
        super().__init__()
        self._words: list[_Word] = []
        self._rows: list[list[_Word]] = []
        self._starts: list[int] = []
        self.changes = 0

    def show(self, pieces: Sequence[Piece]) -> None:
        """Show these; the cursor goes to the first change."""
        self._words = list(_words(pieces))
        self.changes = max((word.change for word in self._words), default=-1) + 1
        self.set_reactive(StoryDiff.at, 0 if self.changes else -1)
        self.scroll_home(animate=False, immediate=True)
        self._lay_out()
        self.post_message(self.Moved(self.at))

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        self._rows = _wrapped(self._words, min(_WIDEST, self.size.width - 2))
        first: dict[int, int] = {}
        for row, words in enumerate(self._rows):
            for word in words:
                first.setdefault(word.change, row)
        self._starts = [first.get(change, 0) for change in range(self.changes)]
        self.virtual_size = Size(0, len(self._rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.rich_style
        row = y + self.scroll_offset.y
        if row >= len(self._rows):
            return Strip.blank(width, base)
        parts = [Segment(" ", base)]
        for word in self._rows[row]:
            style = base
            if word.how is not How.SAME:
                style += self.get_component_rich_style(f"story-diff--{word.how}", partial=True)
            if word.change == self.at and word.change >= 0:
                style += self.get_component_rich_style("story-diff--here", partial=True)
            parts.append(Segment(word.text, style))
        return Strip(Segment.adjust_line_length(parts, width, base), width)

    def watch_at(self) -> None:
        if 0 <= self.at < len(self._starts):
            region = Region(0, self._starts[self.at], 1, 1)
            self.scroll_to_region(region, center=True, animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self.at))

    def action_change(self, by: int) -> None:
        if self.changes:
            self.at = (self.at + by) % self.changes

    def action_line(self, by: int) -> None:
        self.scroll_relative(y=by * max(1, self.size.height // 10), animate=False)


def _words(pieces: Sequence[Piece]) -> Iterator[_Word]:
    """The words of a diff with their marks; pieces side by side are one change."""
    change, before = -1, How.SAME
    for piece in pieces:
        if piece.how is not How.SAME and before is How.SAME:
            change += 1
        before = piece.how
        core = piece.text.strip()
        text = piece.text
        if piece.how in BRACKETS and core:
            opened, closed = BRACKETS[piece.how]
            start = text.index(core)
            text = f"{text[:start]}{opened}{core}{closed}{text[start + len(core) :]}"
        number = -1 if piece.how is How.SAME else change
        for word in _WORDS.findall(text):
            yield _Word(word, piece.how, number)


def _wrapped(words: Sequence[_Word], width: int) -> list[list[_Word]]:
    """The words in rows of at most ``width`` cells. Blanks between rows are left out."""
    rows: list[list[_Word]] = [[]]
    used = 0
    for word in words:
        if word.text == "\n":
            rows.append([])
            used = 0
            continue
        blank = word.text.isspace()
        for part in chop_cells(word.text, max(width, 2)) if not blank else [" "]:
            if used + cell_len(part) > width:
                if rows[-1] and rows[-1][-1].text.isspace():
                    rows[-1].pop()
                rows.append([])
                used = 0
            if blank and not used:
                continue
            rows[-1].append(_Word(part, word.how, word.change))
            used += cell_len(part)
    return rows
