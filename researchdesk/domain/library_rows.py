"""What a page of the library shows of each paper, and where a search hit it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; ``hit`` where it is what was looked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """Words round a hit. ``where`` says in what it stands: ``title``, ``authors``, ``abstract``,
    ``note``, ``claim``, ``surprise``, ``storyline``, ``full text p. 3``."""

    where: str
    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A paper in a list. ``name`` is its arXiv id, else its key; ``category`` the first one.

    ``status`` says in words where its reading stands. ``again_on`` is the day to which it was put
    off, where it was not taken up since; ``again_pass`` and ``again_why`` are of that. ``newer`` is
    a version newer than what was read, or than the one at hand where nothing was. ``withdrawn`` is
    the version that was withdrawn.
    """

    id: int
    key: str
    name: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    category: str = ""
    status: str = "unread"
    stars: int = 0
    priority: int = 0
    tags: tuple[str, ...] = ()
    again_on: date | None = None
    again_pass: int | None = None
    again_why: str = ""
    newer: int | None = None
    withdrawn: int | None = None
    snippet: Snippet | None = None
    added: datetime | None = None


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """``rows`` from ``offset`` on, of ``total`` papers that fit.

    Where ``exact`` is False there are at least ``total``: counting all of them would have taken too
    long. ``problems`` are sentences on what of the query was not understood.
    """

    total: int
    offset: int
    rows: tuple[LibraryRow, ...]
    problems: tuple[str, ...] = ()
    exact: bool = True
