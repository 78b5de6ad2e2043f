"""The list of papers: of any number of them, those that are seen are held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.domain.library_rows import LibraryRow, Piece
from researchdesk.domain.text import clean
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.shelf import due_words
from researchdesk.tui.widgets.line_list import LineList, fit
from researchdesk.tui.widgets.paged_list import PagedList

_OPEN = Command("list.open", "enter", "open", "Read", "Open the paper in the reader.", shown=True)
_MARK = Command(
    "list.mark", "space", "mark", "Mark", "Mark the paper, for what is done to several.", shown=True
)
_MARKS = {"unread": "○", "in": "◐", "pass": "●", "left": "×"}
_WIDE = 100
_STATUS = 14
_NARROW_STATUS = 12


def mark_of(status: str) -> str:
    """A sign for a reading status; the words stand beside it."""
    return _MARKS.get(status.split(" ")[0], " ")


class PaperList(PagedList[LibraryRow]):
    """Papers, one a line: reading status, name, title, and what is to be seen to.

    ``item_height`` 2 gives each a line more: where the words that were looked for stand in it.
    """

    COMPONENT_CLASSES = {
        "paper-list--due",
        "paper-list--gone",
        "paper-list--hit",
        "paper-list--marked",
        "paper-list--stars",
    }
    DEFAULT_CSS = """
    PaperList > .paper-list--due { color: $text-warning; text-style: bold; }
    PaperList > .paper-list--gone { color: $text-error; text-style: bold; }
    PaperList > .paper-list--hit { color: $text-accent; text-style: bold; }
    PaperList > .paper-list--marked { color: $text-primary; text-style: bold; }
    PaperList > .paper-list--stars { color: $text-warning; }
    """

    VERBS: ClassVar[tuple[Command, ...]] = (*LineList.VERBS, _OPEN, _MARK)
    BINDINGS = bindings([_OPEN, _MARK])

    @dataclass
    class Highlighted(Message):
        """The cursor came to this paper, or to where none is, or none is known yet."""

        row: LibraryRow | None

    @dataclass
    class Opened(Message):
        row: LibraryRow

    @dataclass
    class Marked(Message):
        """Other papers than before are marked."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today
        self.marked: frozenset[int] = frozenset()
        self._name_width = 10

    def key_of(self, item: LibraryRow) -> str:
        return str(item.id)

    def announce(self) -> None:
        widest = max((cell_len(row.name) for row in self.held), default=10)
        self._name_width = min(max(widest, 10), 20)
        self.post_message(self.Highlighted(self.current))

    def announce_opened(self, item: LibraryRow) -> None:
        self.post_message(self.Opened(item))

    def action_mark(self) -> None:
        """Mark the paper, or no longer; and on to the next."""
        if (row := self.current) is not None:
            self.mark(self.marked ^ {row.id})
            self.action_move(1)

    def mark(self, ids: Iterable[int]) -> None:
        """Mark these papers, by row number, and no others."""
        self.marked = frozenset(ids)
        self.refresh()
        self.post_message(self.Marked())

    # How a paper is drawn

    def segments(self, item: LibraryRow, width: int, base: Style, muted: Style) -> list[Segment]:
        wide = width >= _WIDE
        chosen = item.id in self.marked
        signs = [Segment(f"{word} ", style) for word, style in self._signs(item, wide, base, muted)]
        tail = [*signs, *self._columns(item, wide, base, muted)]
        room = width - self._name_width - 5 - sum(part.cell_length for part in tail)
        mark = self._toned("paper-list--marked", base, muted) if chosen else base
        return [
            Segment(" ✓" if chosen else "  ", mark),
            Segment(f"{mark_of(item.status)} ", base),
            Segment(fit(item.name, self._name_width) + " ", muted),
            *self._title(item, max(room, 1), base, muted),
            *tail,
        ]

    def _title(self, item: LibraryRow, width: int, base: Style, muted: Style) -> list[Segment]:
        """The title, with what was looked for where it stands in it."""
        found = item.snippet
        if found is None or found.where != "title" or str(found) != item.title:
            return [Segment(fit(item.title, width), base)]
        parts = [
            Segment(_flat(piece.text), self._hit(piece, base, muted)) for piece in found.pieces
        ]
        return Segment.adjust_line_length(_cut(parts, width, base), width, base)

    def _hit(self, piece: Piece, base: Style, muted: Style) -> Style:
        return self._toned("paper-list--hit", base, muted) if piece.hit else base

    def further_segments(
        self, item: LibraryRow, part: int, width: int, base: Style, muted: Style
    ) -> list[Segment]:
        indent = self._name_width + 5
        parts = [Segment(" " * indent, base)]
        if item.snippet is None or item.snippet.where == "title":
            about = " · ".join(filter(None, (", ".join(item.authors), item.venue)))
            parts.append(Segment(about, muted))
        else:
            parts.append(Segment(f"{item.snippet.where}: ", muted))
            parts += [
                Segment(_flat(piece.text), muted + self._hit(piece, base, muted))
                for piece in item.snippet.pieces
            ]
        return _cut(parts, width - 1, muted)

    def _signs(
        self, item: LibraryRow, wide: bool, base: Style, muted: Style
    ) -> Iterator[tuple[str, Style]]:
        """What a paper has and most have not, in the words it is shown by."""
        yield "", base
        if item.withdrawn:
            yield "withdrawn", self._toned("paper-list--gone", base, muted)
        if item.newer:
            yield f"↑v{item.newer}", self._toned("paper-list--due", base, muted)
        if wide and item.tags:
            yield fit(" ".join(f"#{tag}" for tag in item.tags), 24).rstrip(), muted
        if item.priority:
            yield "!" * item.priority, self._toned("paper-list--due", base, muted)
        if item.stars and not wide:
            yield f"★{item.stars}", self._toned("paper-list--stars", base, muted)

    def _columns(
        self, item: LibraryRow, wide: bool, base: Style, muted: Style
    ) -> Iterator[Segment]:
        """What every paper has."""
        if wide:
            stars = ("★" * item.stars).ljust(6)
            yield Segment(stars, self._toned("paper-list--stars", base, muted))
        yield Segment(f"{item.year or '':>4} ", muted)
        words, style = item.status, muted
        if item.again_on is not None and item.again_on <= self.today:
            words = due_words(item.again_on, self.today)
            style = self._toned("paper-list--due", base, muted)
        if not wide:
            words = words.replace("left in pass", "left pass")
        yield Segment(fit(words, _STATUS if wide else _NARROW_STATUS) + " ", style)

    def _toned(self, name: str, base: Style, muted: Style) -> Style:
        """The style of this name; none of its own on the line under the cursor."""
        if muted == base:
            return base
        return base + self.get_component_rich_style(name, partial=True)


def _flat(text: str) -> str:
    """Without line breaks; blanks at its ends stay."""
    return clean(text).replace("\n", " ").replace("\t", " ")


def _cut(parts: list[Segment], width: int, muted: Style) -> list[Segment]:
    """As much of the parts as fits, with an ellipsis where that is not all."""
    if sum(part.cell_length for part in parts) <= width:
        return parts
    return [*Segment.adjust_line_length(parts, width - 1), Segment("…", muted)]
