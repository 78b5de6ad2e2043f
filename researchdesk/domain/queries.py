"""Questions to arXiv's search, and pages of answers."""

from dataclasses import dataclass
from datetime import date

from researchdesk.domain.papers import Metadata


@dataclass(frozen=True, slots=True)
class FindQuery:
    """Words anywhere, in title, author or abstract; all that is given must hold.

    ``categories`` are alternatives. ``since`` and ``until`` bound the day of submission, both
    included. ``start`` counts from 0.
    """

    words: str = ""
    title: str = ""
    author: str = ""
    abstract: str = ""
    categories: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    newest: bool = False
    limit: int = 25
    start: int = 0


@dataclass(frozen=True, slots=True)
class FindPage:
    """``papers`` from ``start`` on, of ``total`` that match."""

    total: int
    start: int
    papers: tuple[Metadata, ...]
