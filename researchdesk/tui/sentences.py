"""Sentences of a paragraph, as spans of its text. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from researchdesk.domain.documents import Block, BlockKind

_END = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z0-9À-Þ])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|fig|figs|eq|eqs|eqn|sec|secs|tab|ref|refs|thm|resp"
    r"|approx|dr|prof|mr|ms|vol|pp|ed|eds|w\.r\.t|a\.k\.a)|(?:^|[\s(.\-])[A-Za-z])\.$",
    re.IGNORECASE,
)
_LOOK_BACK = 12

Span = tuple[int, int]
_ASIDE = {BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.GRAPHIC}


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[Span, ...]:
    """(start, end) of each sentence, without the blanks around it; one span at least where there
    is a word."""
    found: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        stop = match.start() + 1
        if _ABBREVIATED.search(text[max(start, stop - _LOOK_BACK) : stop]):
            continue
        found.append(_trimmed(text, start, match.end()))
        start = match.end()
    found.append(_trimmed(text, start, len(text)))
    return tuple(span for span in found if span[1] > span[0])


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A sentence: the ``sentence``-th of the ``block``-th block, from 0."""

    block: int
    sentence: int


class Marking:
    """A run of sentences, from the one where it began to the one where it is now.

    Where it began in running text, captions and footnotes on its way are no part of it.
    """

    def __init__(self, blocks: Sequence[Block], start: Point) -> None:
        self._blocks = blocks
        self._anchor = self.head = start

    @property
    def first(self) -> Point:
        return min(self._anchor, self.head)

    @property
    def last(self) -> Point:
        return max(self._anchor, self.head)

    def move(self, by: int, *, extend: bool = False) -> None:
        """Go on by sentences; with ``extend`` those on the way stay marked."""
        for _ in range(abs(by)):
            self.head = self._next(self.head, 1 if by > 0 else -1, extend)
        if not extend:
            self._anchor = self.head

    def move_block(self, by: int, *, extend: bool = False) -> None:
        """Go on to the first sentence of the paragraph after (1) or before (-1)."""
        block = self._next_block(self.head.block, by, extend)
        if block is not None:
            last = len(sentences(self._blocks[block].text)) - 1
            self.head = Point(block, last if extend and by > 0 else 0)
        if not extend:
            self._anchor = self.head

    def whole_block(self) -> None:
        """Mark the whole paragraph, of all that is marked."""
        first, last = self.first.block, self.last.block
        self._anchor = Point(first, 0)
        self.head = Point(last, len(sentences(self._blocks[last].text)) - 1)

    def pieces(self) -> list[tuple[int, Span]]:
        """What is marked: (block, (start, end)) for each block."""
        first, last = self.first, self.last
        found = []
        for block in range(first.block, last.block + 1):
            spans = sentences(self._blocks[block].text)
            if spans and self._fits(block, extend=True):
                start = spans[first.sentence][0] if block == first.block else spans[0][0]
                end = spans[last.sentence][1] if block == last.block else spans[-1][1]
                found.append((block, (start, end)))
        return found

    def _next(self, point: Point, by: int, extend: bool) -> Point:
        sentence = point.sentence + by
        if 0 <= sentence < len(sentences(self._blocks[point.block].text)):
            return Point(point.block, sentence)
        block = self._next_block(point.block, by, extend)
        if block is None:
            return point
        return Point(block, 0 if by > 0 else len(sentences(self._blocks[block].text)) - 1)

    def _next_block(self, block: int, by: int, extend: bool) -> int | None:
        block += by
        while 0 <= block < len(self._blocks):
            if sentences(self._blocks[block].text) and self._fits(block, extend):
                return block
            block += by
        return None

    def _fits(self, block: int, extend: bool) -> bool:
        kind = self._blocks[block].kind
        if extend and self._blocks[self._anchor.block].kind not in _ASIDE:
            return kind not in _ASIDE
        return kind is not BlockKind.GRAPHIC
