"""The papers' own reference lists, kept as edges: who cites whom on the desk, without a service."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

from researchdesk.document.extraction import PARSER_VERSION
from researchdesk.domain.citations import (
    OWN_LIST,
    Answered,
    Relation,
    Work,
    arxiv_of,
    doi_of,
)
from researchdesk.domain.documents import Document, Reference
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import one_line, slug
from researchdesk.domain.venues import venue_of
from researchdesk.errors import BusyError
from researchdesk.services.desk import Desk
from researchdesk.storage import citations
from researchdesk.storage.citations import Subject

_LONGEST = 300
_LONGEST_AUTHORS = 160
_LABEL = re.compile(r"^\s*(?:\[[^\]]{1,20}\]|\(?\d{1,3}[.)])\s*")
_NO_NAMES = re.compile(r"[\s\d.,;:()\[\]“”\"'‘’]+$")


def keep_references(desk: Desk, paper: Paper, document: Document) -> None:
    """Keep what the paper itself says that it cites, where these files' list is not kept yet."""
    name = files_of(desk, paper)
    of = Subject(paper_id=paper.id)
    known = citations.answers(desk.database.connection, of)
    answered = known.get((Relation.REFERENCES, OWN_LIST))
    if (answered and answered.of == name) or not name or document.problem:
        return
    works = list({work.source_id: work for work in _works(document)}.values())
    moment = desk.clock()
    with desk.database.writing() as db:
        rows = citations.keep_works(db, works, moment)
        edges = [(row, False) for row in rows]
        citations.keep_edges(db, of, Relation.REFERENCES, OWN_LIST, edges)
        told = Answered(moment, len(rows), of=name)
        citations.keep_answer(db, of, Relation.REFERENCES, OWN_LIST, told)


def note_references(desk: Desk, paper: Paper, version: int, document: Document) -> None:
    """As ``keep_references``, where this is the version at hand: for those who only read it.

    A desk that another writer holds for long is left as it is; the list is kept another time.
    """
    if version == paper.version:
        with suppress(BusyError):
            keep_references(desk, paper, document)


def is_current(desk: Desk, paper: Paper) -> bool:
    """Whether the list of the files at hand is kept."""
    known = citations.answers(desk.database.connection, Subject(paper_id=paper.id))
    answered = known.get((Relation.REFERENCES, OWN_LIST))
    return answered is not None and answered.of == files_of(desk, paper) != ""


def files_of(desk: Desk, paper: Paper) -> str:
    """What names the files at hand, and the parser that reads them; ``""`` without a file."""
    held = paper.held()
    if held is None:
        return ""
    parts = [
        digest[:16]
        for path, digest in ((held.pdf, held.sha256), (held.html, held.html_sha256))
        if path and (desk.root / path).is_file()
    ]
    return "-".join([*parts, f"{PARSER_VERSION}"]) if parts else ""


def _works(document: Document) -> Iterator[Work]:
    for reference in document.references:
        text = _LABEL.sub("", one_line(reference.text))
        title = one_line(unicodedata.normalize("NFKC", reference.title))
        arxiv = arxiv_of(reference.arxiv, reference.doi)
        doi = doi_of(reference.doi)
        if not (title or text):
            continue
        yield Work(
            source=OWN_LIST,
            source_id=_name_of(reference, arxiv, doi, title, text),
            title=(title or text)[:_LONGEST],
            authors=_authors(text, title),
            year=reference.year or None,
            venue=venue_of(text.partition(title)[2]) if title else "",
            arxiv_id=arxiv,
            doi=doi,
        )


def _name_of(reference: Reference, arxiv: str, doi: str, title: str, text: str) -> str:
    if arxiv or doi:
        return f"arxiv:{arxiv}" if arxiv else f"doi:{doi}"
    if title:
        return f"title:{slug(title, 120)}:{reference.year}"
    return f"text:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _authors(text: str, title: str) -> tuple[str, ...]:
    """What stands before the title, where that is short enough to be names."""
    before = _NO_NAMES.sub("", text.partition(title)[0]) if title else ""
    return (before,) if 2 < len(before) <= _LONGEST_AUTHORS else ()
