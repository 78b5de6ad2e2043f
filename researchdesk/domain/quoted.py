"""Where words that were quoted from one version stand in another."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from researchdesk.domain.documents import Document
from researchdesk.domain.word_diff import How, likeness, words_of

_NO_LETTER = re.compile(r"[\W_]+")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z])")
_SHORTEST = 3
_HELD = 0.6
"""Share of a quote's words that a passage must have to be what became of it."""
_FEW, _HELD_OF_FEW = 4, 0.75


@dataclass(frozen=True, slots=True)
class Standing:
    """``how`` is SAME, CHANGED (``text`` is the passage as it is now) or REMOVED; ``page`` counts
    from 1, 0 where unknown."""

    how: How
    page: int = 0
    text: str = ""


class QuoteFinder:
    """Looks quotes up in a document, whatever their line ends, hyphens, capitals and signs are."""

    def __init__(self, document: Document) -> None:
        self._blocks = [block for block in document.blocks if block.text.strip()]
        letters = [_letters(block.text) for block in self._blocks]
        self._starts = list(accumulate((len(text) for text in letters), initial=0))
        self._all = "".join(letters)
        self._words = [words_of(block.text) for block in self._blocks]

    def page_of(self, quote: str) -> int | None:
        """The page on which the quote begins (0: unknown); None where it does not stand there."""
        wanted = _letters(quote)
        at = self._all.find(wanted) if len(wanted) >= _SHORTEST else -1
        if at < 0:
            return None
        return self._blocks[bisect_right(self._starts, at) - 1].page

    def nearest(self, quote: str) -> Standing | None:
        """The sentences that have most of the quote's words; None where none has enough."""
        wanted = words_of(quote)
        if not wanted:
            return None
        shares = [len(wanted & words) / len(wanted) for words in self._words]
        best = max(
            range(len(shares)), key=lambda at: (shares[at], -len(self._words[at])), default=-1
        )
        least = _HELD_OF_FEW if len(wanted) <= _FEW else _HELD
        if best < 0 or shares[best] < least:
            return None
        block = self._blocks[best]
        return Standing(How.CHANGED, block.page, _closest(block.text, wanted))


def standing(quote: str, old: QuoteFinder, new: QuoteFinder) -> Standing | None:
    """What became of words quoted from ``old`` in ``new``; None where they stand in neither, so
    that nothing can be said."""
    page = new.page_of(quote)
    if page is not None:
        return Standing(How.SAME, page)
    if old.page_of(quote) is None:
        was = old.nearest(quote)
        if was is None:
            return None
        page = new.page_of(was.text)
        if page is not None:
            return Standing(How.SAME, page)
    return new.nearest(quote) or Standing(How.REMOVED)


def _closest(text: str, wanted: frozenset[str]) -> str:
    """The run of sentences that is most like the words wanted."""
    sentences = _SENTENCES.split(" ".join(text.split()))[:60]
    runs = [
        " ".join(sentences[first:last])
        for first in range(len(sentences))
        for last in range(first + 1, min(first + 6, len(sentences)) + 1)
    ]
    return max(runs, key=lambda run: likeness(words_of(run), wanted))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
