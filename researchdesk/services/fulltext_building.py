"""The full text of papers that are on the desk already, taken into the search."""

from collections.abc import Callable
from dataclasses import dataclass

from researchdesk.domain.papers import Paper
from researchdesk.errors import DeskError
from researchdesk.services import documents, fulltext
from researchdesk.services.desk import Desk
from researchdesk.storage import fulltexts, library_papers

Progress = Callable[[Paper, int, int], None]
"""Is told the paper, how many were done before it, and of how many."""


@dataclass(frozen=True, slots=True)
class Built:
    """How many papers got their text, and of which there is none: paper and why."""

    done: int
    left_out: tuple[tuple[Paper, str], ...] = ()


def build(desk: Desk, progress: Progress | None = None) -> Built:
    """Read every paper whose file is here and whose text the search does not know, and keep it.

    Stopped in between, what was done is kept. Slow: about a second a paper that was never opened.
    """
    db = desk.database.raw
    ids = fulltexts.missing(db)
    left_out: list[tuple[Paper, str]] = []
    for number, paper in enumerate(library_papers.papers_of(db, ids)):
        if progress:
            progress(paper, number, len(ids))
        why = _build(desk, paper)
        if why:
            left_out.append((paper, why))
    return Built(len(ids) - len(left_out), tuple(left_out))


def _build(desk: Desk, paper: Paper) -> str:
    """Index one paper; gives why it has no text, ``""`` where it has."""
    try:
        document = documents.document_of(desk, paper)
    except DeskError as error:
        return error.message
    if not any(page.strip() for page in fulltext.pages_of(document)):
        return document.problem or "It has no text."
    if not fulltexts.has(desk.database.raw, paper.id):
        # it was in memory, and not read just now
        fulltext.keep_text(desk, paper.id, paper.version, "", document)
    return ""
