"""Text of a paper from which the mouse takes parts: words, sentences, paragraphs."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.selection import Selection

from researchdesk.tui.sentences import Span, sentences
from researchdesk.tui.widgets.page_text import PageText
from researchdesk.tui.widgets.passage_paint import GUTTER

Pieces = list[tuple[int, Span]]
"""(block, span of its text) for each block of a part."""


class SelectableText(PageText, inherit_bindings=False):
    """A click on a quote chooses its note; two clicks take the sentence, three the paragraph."""

    @dataclass
    class PinChosen(Message):
        """The quote of this note was clicked."""

        note: int

    def selected_pieces(self) -> Pieces:
        """(block, span) of what is selected with the mouse."""
        return self._pieces_of(self.text_selection) if self.text_selection else []

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        pieces = self._pieces_of(selection)
        if not pieces:
            return None
        return "\n\n".join(self._blocks[at].text[a:b] for at, (a, b) in pieces), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.repaint()

    def on_click(self, event: events.Click) -> None:
        """Once: a quote's note. Twice: the sentence. Three times: the paragraph."""
        offset = event.get_content_offset(self)
        at = -1 if offset is None else self.spot + offset.y
        row = self._rows[at] if 0 <= at < len(self._rows) else None
        if offset is None or row is None or row.block < 0:
            return
        place = self._painter.place_at(row, self._blocks[row.block].text, offset.x)
        if event.chain > 1:
            event.prevent_default()
            self._select(row.block, place, whole=event.chain > 2)
        elif not self.text_selection:
            for pin, pieces in self._pins:
                if any(p.block == row.block and p.start <= place < p.end for p in pieces):
                    self.post_message(self.PinChosen(pin.note))
                    return

    def _select(self, block: int, place: int, *, whole: bool) -> None:
        text = self._blocks[block].text
        spans = sentences(text)
        if not spans:
            return
        span = next((span for span in spans if span[1] > place), spans[-1])
        start, end = (0, len(text)) if whole else span
        rows = [(at, row) for at, row in enumerate(self._rows) if row.block == block]
        first = next(item for item in rows if item[1].end > start)
        last = next(item for item in reversed(rows) if item[1].start < end)
        x = [
            GUTTER + row.indent + self._painter.cells(text[row.start : stop])
            for row, stop in ((first[1], start), (last[1], min(end, last[1].end)))
        ]
        self.screen.selections = {self: Selection(Offset(x[0], first[0]), Offset(x[1], last[0]))}

    def _pieces_of(self, selection: Selection) -> Pieces:
        found: dict[int, Span] = {}
        for block, start, end in self._selected_rows(selection):
            before = found.get(block)
            found[block] = (before[0] if before else start, end)
        return [(block, span) for block, span in found.items() if span[1] > span[0]]

    def _selected_rows(self, selection: Selection) -> Iterator[tuple[int, int, int]]:
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else len(self._rows) - 1
        for at in range(max(0, first), min(last, len(self._rows) - 1) + 1):
            row, span = self._rows[at], selection.get_span(at)
            if row.block >= 0 and span is not None:
                text = self._blocks[row.block].text
                start = self._painter.place_at(row, text, span[0])
                end = row.end if span[1] < 0 else self._painter.place_at(row, text, span[1])
                yield row.block, start, end
