"""What arXiv says of a paper beside what the desk knows: versions, withdrawals, publication."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain.news import NewsKind
from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import one_line

_SENTENCES = 300
_ARXIV_DOI = "10.48550/"
_LONGEST = 240
_JOURNAL = re.compile(
    r"[\s,;(]+(?:vol\b|volume\b|pp?\b|no\b|[\[(]?\d+(?!\d|st\b|nd\b|rd\b|th\b))", re.IGNORECASE
)
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version as arXiv's history has it. ``size`` is in kB, None where it is not said;
    ``source_type`` has an I where the files are to be ignored: they were withdrawn."""

    version: int
    date: datetime | None = None
    size: int | None = None
    source_type: str = ""

    @property
    def has_files(self) -> bool:
        return self.size != 0 and "I" not in self.source_type.upper()


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """A paper's record of OAI-PMH. ``versions`` are the oldest first, empty where the record does
    not tell them; ``deleted`` says that arXiv took the whole record away."""

    arxiv_id: str
    changed_on: str = ""
    deleted: bool = False
    title: str = ""
    versions: tuple[VersionRecord, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """``version`` is the one that took the paper back, ``why`` what its authors say."""

    version: int
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the desk has of a paper that arXiv is asked about.

    ``pinned``: a file, a pass, a note or a claim is of the version at hand or an older one.
    ``imported``: a record of another source (a bibliography, a merged paper) is beside it.
    ``told`` says that arXiv was heard of it: the version at hand is one that arXiv named.
    ``asked_at`` is when arXiv was last asked about it.
    """

    id: int
    metadata: Metadata
    latest: int | None = None
    withdrawn: int | None = None
    withdrawn_why: str = ""
    pinned: bool = False
    imported: bool = False
    asked_at: datetime | None = None

    @property
    def told(self) -> bool:
        words = self.metadata
        return words.updated is not None or words.published is not None or self.pinned

    @property
    def arxivs(self) -> bool:
        """Whether the words at hand are arXiv's own, so that newer ones may take their place."""
        return self.told and not self.imported

    @property
    def newest(self) -> int:
        """The newest version that the desk knows of."""
        return max(self.latest or 0, self.metadata.version)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that changed about a paper: one row of news."""

    kind: NewsKind
    text: str
    version: int | None = None


def suspected(words: Metadata, comment: Sequence[str], abstract: Sequence[str]) -> bool:
    """Whether comment or abstract sound as if the paper was withdrawn; never certain."""
    said = one_line(words.comment).lower()
    begins = one_line(words.abstract).lower()[:_SENTENCES]
    return any(phrase in said for phrase in comment) or any(phrase in begins for phrase in abstract)


def withdrawal(words: Metadata, history: HistoryRecord | None) -> Withdrawal | None:
    """The withdrawal that the history shows: its newest version has no files.

    One that ends before the version of the words says nothing of it.
    Where versions without files follow each other, the first of them took the paper back.
    """
    if not tells(history, words.version) or history is None or history.versions[-1].has_files:
        return None
    first = history.versions[-1].version
    for record in reversed(history.versions):
        if record.has_files:
            break
        first = record.version
    return Withdrawal(first, reason(words, history.comment))


def tells(history: HistoryRecord | None, version: int) -> bool:
    """Whether a history reaches to this version; OAI comes a day after the rest."""
    return bool(history and history.versions and history.versions[-1].version >= version)


def reason(words: Metadata, comment: str = "") -> str:
    """Why a paper was withdrawn, in its authors' words: the comment, else the abstract, cut."""
    said = one_line(words.comment) or one_line(comment) or one_line(words.abstract)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…"


def published(known: Metadata, words: Metadata) -> Happening | None:
    """That the paper has a journal reference or a DOI now and had none before."""
    doi = words.doi if is_publishers(words.doi) and not is_publishers(known.doi) else ""
    journal = words.journal_ref if not known.journal_ref else ""
    if not doi and not journal:
        return None
    said = " · ".join(part for part in (journal, f"doi:{doi}" if doi else "") if part)
    return Happening(NewsKind.PUBLISHED, f"published: {said}")


def is_publishers(doi: str) -> bool:
    """Whether it is a DOI that is not arXiv's own."""
    return bool(doi) and not doi.lower().startswith(_ARXIV_DOI)


def venue_in(journal_ref: str) -> str:
    """The journal's or proceedings' name in a reference: what stands before volume and pages."""
    line = one_line(journal_ref)
    cut = _JOURNAL.search(line)
    name = (line[: cut.start()] if cut else line).strip(" ,;:(")
    return name if len(name) >= _SHORTEST else line


def newer(known: Known, latest: int, withdrawn: Withdrawal | None) -> Happening | None:
    """That there is a newer version, or that the paper was withdrawn or is back."""
    if withdrawn is not None:
        if known.withdrawn == withdrawn.version:
            return None
        why = f": {withdrawn.why}" if withdrawn.why else ""
        return Happening(
            NewsKind.WITHDRAWN, f"withdrawn in v{withdrawn.version}{why}", withdrawn.version
        )
    if known.withdrawn is not None:
        return Happening(NewsKind.BACK, f"v{latest} is out; it is no longer withdrawn", latest)
    if latest > known.newest and known.told:
        at_hand = known.metadata.version
        return Happening(NewsKind.VERSION, f"v{latest} is out; v{at_hand} is at hand", latest)
    return None
