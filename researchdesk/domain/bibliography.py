"""Entries of bibliographies: what a file says of a paper, as it came and as it is read."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from researchdesk.domain.identifiers import ArxivId, parse_arxiv_id
from researchdesk.domain.marks import UNMARKED, Marks
from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import as_name, clean, one_line
from researchdesk.errors import UsageProblemError

CSL_OTHERS = "other-fields"
"""Under ``custom`` of a CSL item: the fields that its schema does not know."""


class Source(StrEnum):
    """The forms in which entries come."""

    BIBTEX = "bibtex"
    CSL = "csl-json"
    ZOTERO = "zotero-rdf"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file, and at which line of it (from 1; 0: the file as a whole)."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file. ``fields`` are exactly as they came, those that nothing here reads too:
    BibTeX values with their braces, CSL's JSON, Zotero's XML. ``words`` are what they say.

    ``kind`` is the source's own word (``inproceedings``, ``article-journal``); ``files`` are paths
    as the entry has them. ``version`` is the arXiv version it names, where it names one.
    """

    source: Source
    kind: str
    key: str
    fields: Mapping[str, Any]
    line: int
    words: Metadata
    tags: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    marks: Marks = UNMARKED
    version: int | None = None

    def __post_init__(self) -> None:
        """``fields`` stay as they came; kind and key are shown, and are cleaned."""
        object.__setattr__(self, "kind", one_line(self.kind))
        object.__setattr__(self, "key", as_name(self.key))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one file. ``left_out`` came not in at all, ``mended`` came in though
    something was wrong with it."""

    entries: tuple[Entry, ...] = ()
    left_out: tuple[Problem, ...] = ()
    mended: tuple[Problem, ...] = ()
    aside: int = field(default=0)
    """Comments and other things beside entries, which stay in the file."""
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    """What BibTeX files that are read after this one may use."""


_ARXIV = re.compile(
    r"(?:arxiv(?:\.org)?[\s:./]*(?:(?:preprint|e-?print|abs|pdf|html)?[\s:./]*(?:arxiv)?[\s:./]*)"
    r"|\babs/)(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<id>.+)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_NO_VENUE = re.compile(r"(?:\s*(?:arxiv|corr|e-?prints?|preprint|abs/|ArXiv)\b.*)", re.IGNORECASE)
_UNTITLED = "Untitled"
_NOT_IN_KEY = re.compile(r"[^\w./-]+")


def arxiv_in(text: str) -> ArxivId | None:
    """The arXiv id that a text names (``arXiv preprint arXiv:2401.10241``, an address), or None."""
    match = _ARXIV.search(text)
    return None if match is None else arxiv_as(match["id"])


def arxiv_as(text: str) -> ArxivId | None:
    """The arXiv id that the whole of ``text`` is, or None."""
    try:
        return parse_arxiv_id(text)
    except UsageProblemError:
        return None


def doi_in(text: str) -> str:
    """The DOI in a text, without the address before it; ``""`` where there is none."""
    match = _DOI.search(clean(text))
    return match[0].rstrip(".,;\"'") if match else ""


def arxiv_of_doi(doi: str) -> ArxivId | None:
    """The paper of one of arXiv's own DOIs (10.48550/arXiv.…)."""
    match = _ARXIV_DOI.fullmatch(doi)
    return None if match is None else arxiv_as(match["id"])


def year_in(text: str) -> int | None:
    """The first year that stands in a text."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def venue_as(text: str) -> str:
    """``text`` as a venue: ``""`` where it is but a word for arXiv."""
    return "" if _NO_VENUE.fullmatch(text) else text


def plain(text: str) -> str:
    """Letters and digits of ``text``, lower case, without accents: what likeness goes by."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return "".join(filter(str.isalnum, text.casefold()))


def surname(author: str) -> str:
    """The last word of a name as ``plain`` has it; ``""`` for no name."""
    words = author.split()
    return plain(words[-1]) if words else ""


def likeness(words: Metadata) -> tuple[str, str, int | None] | None:
    """What two records of one paper share: title, first author's surname, year.

    None where that says too little: a title of less than eight letters; or, without an author, of
    less than twenty, or no year.
    """
    title = plain(words.title)
    first = surname(words.authors[0]) if words.authors else ""
    untold = len(title) < 8 or words.title.startswith(_UNTITLED)
    enough = first or (len(title) >= 20 and words.year)
    return None if untold or not enough else (title, first, words.year)


def named(words: Metadata, other: str = "") -> Metadata:
    """``words`` under a title: where there is none ``other``, or the author and the year."""
    if words.title:
        return words
    said = " ".join([*words.authors[:1], str(words.year or "")]).strip()
    return replace(words, title=other or (f"{_UNTITLED} ({said})" if said else _UNTITLED))


def desk_key(key: str) -> str:
    """An entry's key as a paper's: only what a link can hold; ``""`` where nothing fit is left.

    Addresses and the numbers of Zotero's items are no keys.
    """
    if "://" in key or key.startswith("#"):
        return ""
    bare = _NOT_IN_KEY.sub("-", key).strip("-./_")
    return "" if not bare or len(bare) > 100 or arxiv_as(bare) else bare


def keywords(text: str) -> tuple[str, ...]:
    """Words that are parted by commas or semicolons, each once."""
    parts = re.split("[,;]", clean(text))
    words = (as_name(part.replace('"', "")).lstrip("#") for part in parts)
    known: dict[str, str] = {}
    for word in words:
        if word and len(word) <= 80:
            known.setdefault(word.casefold(), word)
    return tuple(known.values())
