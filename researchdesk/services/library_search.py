"""The library searched: a page of it for each keystroke, and all that fits for bulk edits."""

import importlib
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from researchdesk.domain.library_rows import LibraryPage, LibraryRow, Piece, Snippet
from researchdesk.domain.search_query import SearchQuery, parse_query
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.library_filters import understand
from researchdesk.services.library_snippets import with_snippets
from researchdesk.storage import library_pages, library_search, search_index

if TYPE_CHECKING:
    from researchdesk.domain.papers import Paper

__all__ = [
    "LibraryPage",
    "LibraryRow",
    "Piece",
    "Snippet",
    "count",
    "ids_of",
    "is_up_to_date",
    "page",
    "papers_of",
    "parse_query",
]


def page(desk: Desk, query: SearchQuery, offset: int = 0, limit: int = 50) -> LibraryPage:
    """The papers that fit, from ``offset`` on. Safe to call from any thread.

    A total above 10,000 may be only the least that it can be: see ``LibraryPage.exact``.
    """
    _bring_up_to_date(desk)
    asked = understand(desk, query)
    db = desk.database.raw
    hits = library_search.find(db, asked.wanted, max(0, offset), max(0, limit))
    rows = with_snippets(
        db, library_pages.rows_of(db, hits.ids), asked.wanted.terms, asked.elsewhere
    )
    return LibraryPage(hits.total, offset, rows, asked.problems, hits.exact)


def is_up_to_date(desk: Desk) -> bool:
    """Whether the index has all that the desk has, so that nothing must be written first."""
    return not search_index.is_stale(desk.database.raw)


def papers_of(desk: Desk, ids: Sequence[int]) -> "list[Paper]":
    """All that is kept of these papers, in this order."""
    whole = importlib.import_module("researchdesk.storage.library_papers")
    found: list[Paper] = whole.papers_of(desk.database.raw, ids)
    return found


def ids_of(desk: Desk, query: SearchQuery) -> list[int]:
    """Rows of all papers that fit, in the order of ``page``."""
    _bring_up_to_date(desk)
    return library_search.find_all(desk.database.raw, understand(desk, query).wanted)


def count(desk: Desk, query: SearchQuery) -> int:
    """How many papers fit; up to a tenth of a second for 100,000."""
    _bring_up_to_date(desk)
    return library_search.count(desk.database.raw, understand(desk, query).wanted)


def _bring_up_to_date(desk: Desk) -> None:
    """Let the index take what changed. While another program writes, what it has is searched."""
    if search_index.is_stale(desk.database.raw):
        with suppress(DeskError), desk.database.writing_at_once() as db:
            search_index.refresh(db.conn)
