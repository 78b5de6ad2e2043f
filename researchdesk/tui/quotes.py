"""Where in a text a quote stands, however it was broken over lines. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from researchdesk.domain.documents import Block

_SHORTEST = 8
_HYPHENS = "-\u2010\u00ad"


@dataclass(frozen=True, slots=True)
class Piece:
    """``start``..``end`` of the text of the block at ``block``, ``end`` not included."""

    block: int
    start: int
    end: int


class QuoteFinder:
    """Finds quotes in these blocks; blanks, line breaks and hyphens do not count."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._whole: str | None = None
        self._starts: list[int] = []
        self._found: dict[tuple[str, int | None], tuple[Piece, ...]] = {}

    def find(self, quote: str, page: int | None = None) -> tuple[Piece, ...]:
        """The pieces of the place nearest to ``page``, one for each block; none where it is not
        here. A quote whose end is not here is found by its beginning."""
        if (quote, page) not in self._found:
            self._found[quote, page] = self._find(quote, page)
        return self._found[quote, page]

    def _find(self, quote: str, page: int | None) -> tuple[Piece, ...]:
        needle = _squeezed(quote)
        whole = self._squeezed_whole()
        places = _places(whole, needle)
        while not places and len(needle) > 4 * _SHORTEST:
            needle = needle[: len(needle) // 2]
            places = _places(whole, needle)
        if not places:
            return ()
        at = min(places, key=lambda place: self._distance(place, page))
        return self._pieces(at, at + len(needle))

    def _squeezed_whole(self) -> str:
        if self._whole is None:
            parts = [_squeezed(block.text) for block in self._blocks]
            total = 0
            for part in parts:
                self._starts.append(total)
                total += len(part)
            self._whole = "".join(parts)
        return self._whole

    def _block_at(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def _distance(self, place: int, page: int | None) -> int:
        return abs(self._blocks[self._block_at(place)].page - page) if page else 0

    def _pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        found = []
        for block in range(self._block_at(start), self._block_at(end - 1) + 1):
            base, text = self._starts[block], self._blocks[block].text
            kept = [at for at, char in enumerate(text) if not _skipped(char)]
            inside = kept[max(0, start - base) : end - base]
            if inside:
                found.append(Piece(block, inside[0], inside[-1] + 1))
        return tuple(found)


def _squeezed(text: str) -> str:
    text = "".join(text.split())
    for hyphen in _HYPHENS:
        text = text.replace(hyphen, "")
    return text


def _skipped(char: str) -> bool:
    return char.isspace() or char in _HYPHENS


def _places(whole: str, needle: str) -> list[int]:
    found: list[int] = []
    at = whole.find(needle) if needle else -1
    while at >= 0 and len(found) < 100:
        found.append(at)
        at = whole.find(needle, at + 1)
    return found
