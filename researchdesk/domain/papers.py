"""Papers and their versions."""

from dataclasses import dataclass, field
from datetime import datetime

from researchdesk.domain.identifiers import ArxivId, year_of
from researchdesk.domain.version_marks import OWN_FILES

_LONGEST = {
    "title": 2_000, "abstract": 50_000, "doi": 500, "journal_ref": 2_000, "comment": 5_000,
    "venue": 2_000,
}  # fmt: skip
"""Signs at most of each text; the longest of arXiv have a tenth of it."""
_AUTHOR, _AUTHORS, _ALL_AUTHORS = 500, 10_000, 500_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a source says of a paper. ``version`` is the version the words are of.

    ``venue`` is where it was published, as its record says it; ``stated_year`` is the year of a
    record that has no day.
    """

    title: str
    authors: tuple[str, ...] = ()
    abstract: str = ""
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    arxiv_id: str | None = None
    version: int = 1
    doi: str = ""
    journal_ref: str = ""
    comment: str = ""
    venue: str = ""
    stated_year: int | None = None

    def __post_init__(self) -> None:
        """What is longer than any record says in earnest is cut."""
        for name, most in _LONGEST.items():
            if len(said := getattr(self, name)) > most:
                object.__setattr__(self, name, f"{said[: most - 1]}…")
        if sum(map(len, self.authors)) > _ALL_AUTHORS:
            cut = tuple(author[:_AUTHOR] for author in self.authors[:_AUTHORS])
            object.__setattr__(self, "authors", cut)

    @property
    def year(self) -> int | None:
        """That of publication; where that is not said, the one that the arXiv id holds."""
        if self.published is not None:
            return self.published.year
        if self.stated_year is not None:
            return self.stated_year
        return year_of(self.arxiv_id) if self.arxiv_id else None


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """One version of a paper; ``pdf`` and ``html`` are relative to the desk folder, empty where
    there is none. ``sha256`` and ``size`` (bytes) are the PDF's.

    ``html_asked_at`` is when arXiv was last asked for the HTML, None where it never was.
    """

    version: int
    pdf: str = ""
    sha256: str = ""
    size: int = 0
    fetched_at: datetime | None = None
    html: str = ""
    html_sha256: str = ""
    html_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper on the desk. ``key`` is the desk's own name for it; ``id`` the row.

    ``stars`` are 0 to 5, ``priority`` is 0 (none) to 3 (read next). ``withdrawn`` is the version
    that its authors withdrew, ``latest`` the newest version that arXiv is known to have.
    """

    id: int
    key: str
    metadata: Metadata
    added_at: datetime
    versions: tuple[PaperVersion, ...] = field(default=())
    stars: int = 0
    priority: int = 0
    withdrawn: int | None = None
    latest: int | None = None

    @property
    def title(self) -> str:
        return self.metadata.title

    @property
    def version(self) -> int:
        """The version at hand: that of the metadata; that of the published record's file, where
        there is only that one."""
        told = next((v for v in self.versions if v.version == self.metadata.version), None)
        own = [v.version for v in self.versions if v.version > OWN_FILES and v.pdf]
        if own and (told is None or not (told.pdf or told.html)):
            return max(own)
        return self.metadata.version

    @property
    def name(self) -> str:
        """What a person calls it: the arXiv id, else the key."""
        return self.metadata.arxiv_id or self.key

    @property
    def arxiv(self) -> ArxivId | None:
        base = self.metadata.arxiv_id
        return None if base is None else ArxivId(base, self.metadata.version)

    def held(self, version: int | None = None) -> PaperVersion | None:
        """What the desk holds of this version (None: the one at hand), or None."""
        wanted = version or self.version
        return next((v for v in self.versions if v.version == wanted), None)

    def pdf_of(self, version: int) -> str:
        """Path of the version's PDF relative to the desk folder, or ``""``."""
        return next((v.pdf for v in self.versions if v.version == version), "")
