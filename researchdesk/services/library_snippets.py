"""Where a search hit each paper of a page, and the words round the hit."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from researchdesk.domain.library_rows import LibraryRow, Snippet
from researchdesk.domain.search_query import Term
from researchdesk.domain.snippets import Needle, cut, marked, needles_of, present, spans
from researchdesk.storage import search_texts

_WHOLE = ("title", "id")
Also = Mapping[int, tuple[str, str]]
"""Of papers that were found by what is said of them elsewhere: where, and the text."""


def with_snippets(
    db: sqlite3.Connection, rows: Sequence[LibraryRow], terms: Sequence[Term], also: Also
) -> tuple[LibraryRow, ...]:
    """The rows with the place that has most of the words; the nearer to the title the better.

    What is not yet needed is not read: full texts only where the words do not all stand elsewhere.
    """
    needles = needles_of(terms)
    if not needles:
        return tuple(rows)
    best = {row.id: _Best(needles) for row in rows}
    for row in rows:
        best[row.id].look("title", "title", row.title)
        best[row.id].look("authors", "author", ", ".join(row.authors))
        best[row.id].look("id", "", row.name)
    for paper, text in search_texts.abstracts(db, _open(best)).items():
        best[paper].look("abstract", "abstract", text)
    for paper, found in search_texts.said(db, _open(best)).items():
        for where, text in found:
            best[paper].look(where, where, text)
    for paper in _open(best):
        if paper in also:
            best[paper].look(also[paper][0], "", also[paper][1])
    rest = [paper for paper, found in best.items() if not found.is_explained]
    for paper, pages in search_texts.pages(db, rest).items():
        for number, text in enumerate(pages):
            best[paper].look(f"full text p. {number}" if number else "full text", "text", text)
    return tuple(replace(row, snippet=best[row.id].snippet()) for row in rows)


class _Best:
    """The place that has most of the words of those that were looked at."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._needles = needles
        self._most = 0
        self._seen: set[int] = set()
        self._place = ("", "", "")

    @property
    def is_whole(self) -> bool:
        return self._most == len(self._needles)

    @property
    def is_explained(self) -> bool:
        """Whether each word was seen somewhere."""
        return len(self._seen) == len(self._needles)

    def look(self, where: str, field: str, text: str) -> None:
        """Take this place where it has more of the words than the best so far."""
        if self.is_whole:
            return
        hits = present(text, self._needles, field)
        self._seen |= hits
        if len(hits) > self._most:
            self._most, self._place = len(hits), (where, field, text)

    def snippet(self) -> Snippet | None:
        where, field, text = self._place
        if not where:
            return None
        found = spans(text, self._needles, field)
        return Snippet(where, marked(text, found) if where in _WHOLE else cut(text, found))


def _open(best: Mapping[int, _Best]) -> list[int]:
    """The papers of which no place has all the words yet."""
    return [paper for paper, found in best.items() if not found.is_whole]
