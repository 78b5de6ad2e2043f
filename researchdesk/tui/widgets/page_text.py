"""Text of a paper, drawn row by row: only what is in sight costs anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from researchdesk.domain.documents import Block
from researchdesk.tui.passage_rows import Row, rows_of
from researchdesk.tui.quotes import Piece, QuoteFinder
from researchdesk.tui.sentences import Span
from researchdesk.tui.widgets.passage_paint import GUTTER, PAINTS, Painter, Touch

_MARGIN = 2
_MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class Pin:
    """What is visibly marked in the text: the quote of a note, with the sign of its kind."""

    note: int
    sign: str
    quote: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A part of the text. ``page`` is where it begins, None where unknown."""

    quote: str = ""
    page: int | None = None


@dataclass(slots=True)
class _Laid:
    """A text as it was laid out last, to be shown again at no cost."""

    blocks: tuple[Block, ...]
    finder: QuoteFinder
    form: tuple[int, str, int | None, str] | None = None
    rows: list[Row] = field(default_factory=list)


class PageText(ScrollView, inherit_bindings=False):
    """Shows blocks with the quotes of notes marked in them, and finds its way in them."""

    COMPONENT_CLASSES = {f"passage--{name}" for name in PAINTS}
    DEFAULT_CSS = """
    PageText {
        height: 1fr; background: $background; color: $foreground; overflow-y: scroll;
        & > .passage--heading { color: $text-primary; text-style: bold underline; }
        & > .passage--subheading { color: $text-primary; text-style: bold; }
        & > .passage--minor { color: $text-muted; }
        & > .passage--label { text-style: bold; }
        & > .passage--equation { text-style: italic; }
        & > .passage--page { color: $text-muted; }
        & > .passage--rule { color: $text-primary; text-style: bold reverse; }
        & > .passage--note { background: $surface; }
        & > .passage--bar { color: $warning; background: $surface; }
        & > .passage--quote { background: $accent 20%; text-style: underline; }
        & > .passage--sign { color: $text-accent; text-style: bold; }
        & > .passage--marked { text-style: reverse; }
    }
    """

    class Moved(Message):
        """The text was scrolled, or more of it was marked."""

    def __init__(self) -> None:
        self._painter = Painter(self)
        super().__init__()
        self._blocks: tuple[Block, ...] = ()
        self._rows: list[Row] = []
        self._width = 0
        self._note = self._source = ""
        self._appendix: int | None = None
        self._touches: dict[int, list[Touch]] = {}
        self._signs: dict[int, dict[int, str]] = {}
        self._laid = _Laid((), QuoteFinder(()))
        self._kept: list[_Laid] = []
        self._pins: list[tuple[Pin, tuple[Piece, ...]]] = []

    # What is shown

    def show(
        self,
        blocks: Sequence[Block],
        note: str = "",
        appendix: int | None = None,
        source: str = "",
    ) -> None:
        """Show these blocks from the beginning; ``note`` says what a person should know of them,
        ``appendix`` is the index of the block where the appendix begins, ``source`` says in words
        where the text is from."""
        self._blocks, self._note = tuple(blocks), note
        self._appendix, self._source = appendix, source
        self._pins, self._touches, self._signs = [], {}, {}
        self._kept = self._kept[-_MOST_KEPT:]
        known = next((item for item in self._kept if item.blocks is self._blocks), None)
        if known is None:
            known = _Laid(self._blocks, QuoteFinder(self._blocks))
            self._kept.append(known)
        self._laid = known
        self._lay_out()
        self.scroll_to(0, 0, animate=False, immediate=True)

    def pin(self, pins: Sequence[Pin]) -> None:
        """Mark the quotes of these notes, where they stand here."""
        self._pins = [
            (pin, self._laid.finder.find(pin.quote, pin.page)) for pin in pins if pin.quote
        ]
        self._touches, self._signs = {}, {}
        for pin, pieces in self._pins:
            for piece in pieces:
                touch = Touch(piece.start, piece.end, "quote")
                self._touches.setdefault(piece.block, []).append(touch)
            for piece in pieces[:1]:
                self._signs.setdefault(piece.block, {})[piece.start] = pin.sign
        self.repaint()

    @property
    def text(self) -> str:
        """All the words, in sight or not."""
        return "\n".join([self._note, *(block.text for block in self._blocks)])

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._blocks

    @property
    def pinned(self) -> frozenset[int]:
        """The notes whose quotes were found here."""
        return frozenset(pin.note for pin, pieces in self._pins if pieces)

    # Where one is

    @property
    def page(self) -> int | None:
        """The page at the top of the view."""
        row = self.row_in_view
        return (self._blocks[row.block].page or None) if row else None

    @property
    def row_in_view(self) -> Row | None:
        """The first row in view that belongs to a block."""
        return next(self.rows_from_here(), None)

    def rows_from_here(self) -> Iterator[Row]:
        """The rows of blocks, from the top of the view on."""
        return (row for row in self._rows[self.spot :] if row.block >= 0)

    @property
    def spot(self) -> int:
        """The row at the top; ``go_to_spot`` comes back to it."""
        return int(self.scroll_offset.y)

    def go_to_spot(self, spot: int) -> None:
        self.scroll_to(0, spot, animate=False, immediate=True, force=True)

    def go_to_quote(self, quote: str, page: int | None = None) -> bool:
        """Bring the quote into view; False where it is not here."""
        pieces = self._laid.finder.find(quote, page) if quote else ()
        if not pieces:
            return False
        self.reveal(pieces[0].block, (pieces[0].start, pieces[0].end), above=2)
        return True

    def go_to_page(self, page: int) -> bool:
        """Bring the beginning of the page into view; False where nothing of it is here."""
        for at, row in enumerate(self._rows):
            if row.block >= 0 and self._blocks[row.block].page == page:
                self.go_to_spot(max(0, at - 1))
                return True
        return False

    def reveal(self, block: int, span: Span, above: int = 1) -> None:
        """Scroll no more than is needed to see this part of a block."""
        found = [
            at
            for at, row in enumerate(self._rows)
            if row.block == block and row.end > span[0] and row.start < max(span[1], span[0] + 1)
        ]
        if not found:
            return
        top, height = self.spot, max(1, self.size.height)
        if found[0] - above < top or found[0] >= top + height:
            self.go_to_spot(max(0, found[0] - above))
        elif found[-1] >= top + height:
            self.go_to_spot(min(found[-1] - height + 2, found[0]))

    # Drawing

    def touches_of(self, block: int) -> list[Touch]:
        """What is marked in a block, the weakest first."""
        return self._touches.get(block, [])

    def sign_at(self, row: Row) -> str:
        """The sign of a note whose quote begins in this row."""
        signs = self._signs.get(row.block, {})
        return next((sign for at, sign in signs.items() if row.start <= at < row.end), "")

    def render_line(self, y: int) -> Strip:
        at = self.spot + y
        row = self._rows[at] if at < len(self._rows) else None
        return self._painter.strip(row, at, self.size.width)

    def repaint(self) -> None:
        """What is marked changed: draw again."""
        self._painter.forget()
        self.refresh()

    def notify_style_update(self) -> None:
        self._painter.forget()
        super().notify_style_update()

    def on_resize(self) -> None:
        if self.scrollable_content_region.width == self._width:
            return
        row = self.row_in_view if self.spot else None
        self._lay_out()
        if row is not None:
            again = (n for n, r in enumerate(self._rows) if r.block == row.block)
            at = next((n for n in again if self._rows[n].end > row.start), None)
            if at is not None:
                self.go_to_spot(at)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Moved())

    def _lay_out(self) -> None:
        """Break the lines anew. Out of sight the text keeps the width that it had."""
        self._width = self.scrollable_content_region.width or self._width
        room = self._width - GUTTER - _MARGIN
        form = (room, self._note, self._appendix, self._source)
        if self._laid.form != form:
            self._laid.form = form
            self._laid.rows = rows_of(self._blocks, *form)
        self._rows = self._laid.rows
        self.virtual_size = Size(self._width, len(self._rows))
        self.repaint()
