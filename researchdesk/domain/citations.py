"""Works that cite each other: references, cited by, similar; and what a source of them gives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.errors import UsageProblemError

OWN_LIST, DESK, SEMANTIC_SCHOLAR = "paper", "desk", "s2"
"""Who says that a work belongs there: the paper's own list, the papers on the desk, a service."""

MOST, FURTHEST = 1000, 9999
"""Works that are asked for of one relation: as a rule, and at most (a limit of the service)."""

Progress = Callable[[str, int, int | None], None]
_ARXIV_DOI = "10.48550/arxiv."


class Relation(StrEnum):
    """What the works are to a paper: it cites them, they cite it, they are like it."""

    REFERENCES = "references"
    CITED_BY = "cited-by"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Ids:
    """How a work is known elsewhere; ``arxiv`` is a base id, ``s2`` Semantic Scholar's own."""

    arxiv: str = ""
    doi: str = ""
    s2: str = ""

    def __bool__(self) -> bool:
        return bool(self.arxiv or self.doi or self.s2)


@dataclass(frozen=True, slots=True)
class Work:
    """A publication as ``source`` tells of it. ``source_id`` is unique for the source.

    ``cited_by`` counts the works that cite it, None where the source does not say;
    ``influential``: what it says of this paper, or this paper of it, is more than a mention.
    """

    source: str
    source_id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    arxiv_id: str = ""
    doi: str = ""
    cited_by: int | None = None
    influential: bool = False

    @property
    def ids(self) -> Ids:
        own = self.source == SEMANTIC_SCHOLAR and ":" not in self.source_id
        return Ids(self.arxiv_id, self.doi, self.source_id if own else "")


@dataclass(frozen=True, slots=True)
class Known:
    """What a source says of the work that is asked about; the counts may be unknown."""

    work: Work
    references: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """``works`` of a relation as they came; ``whole``: the source has no more of them.

    ``withheld``: its publisher does not let the source show them.
    """

    works: tuple[Work, ...]
    whole: bool = True
    withheld: bool = False


class UnknownWorkError(Exception):
    """The source does not know the work."""


class CitationSource(Protocol):
    """A service that knows who cites whom.

    Both methods raise SourceError where it fails or may not be asked, and UnknownWorkError.
    """

    @property
    def name(self) -> str:
        """Its name in the tables, as ``s2``."""
        ...

    def known(self, ids: Ids, progress: Progress) -> Known:
        """What it says of the work with one of these ids."""
        ...

    def around(self, ids: Ids, relation: Relation, most: int, progress: Progress) -> Found:
        """The works around it, ``most`` at most."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What a source said of a relation, and when. ``known`` is False where it had no such work;
    ``of`` is what was asked about, in the source's own name; ``total`` None where not said."""

    at: datetime
    total: int | None = None
    known: bool = True
    of: str = ""


def arxiv_of(text: str, doi: str = "") -> str:
    """The base arXiv id of an id in any form, or of arXiv's DOI of a paper; ``""``: none."""
    for form in (text, doi[len(_ARXIV_DOI) :] if doi.lower().startswith(_ARXIV_DOI) else ""):
        if form:
            try:
                return parse_arxiv_id(form).base
            except UsageProblemError:
                continue
    return ""


def doi_of(text: str) -> str:
    """A DOI without resolver, in lower case as they are compared; ``""`` for arXiv's own, and for
    what is none."""
    bare = text.strip().lower()
    for resolver in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/",
                     "http://dx.doi.org/", "doi:"):  # fmt: skip
        bare = bare.removeprefix(resolver)
    bare = bare.strip()
    return bare if bare.startswith("10.") and not bare.startswith(_ARXIV_DOI) else ""
