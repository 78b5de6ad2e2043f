"""What is to be seen to on the papers of the library: due, half done, read in an older version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import ReadingPass
from researchdesk.services import library, reading
from researchdesk.services.desk import Desk
from researchdesk.services.library import Listed

DUE_WORD = "due"


@dataclass(frozen=True, slots=True)
class Sign:
    """``due`` says in words since when a paper is due, ``newer`` is a version on the desk that is
    newer than what was read of it; None where it is not so."""

    due: str | None = None
    newer: int | None = None


def papers_with(desk: Desk, words: str) -> list[Listed]:
    """The papers in which every word stands; the word ``due`` leaves those that are due."""
    wanted = words.casefold().split()
    if DUE_WORD not in wanted:
        return library.list_papers(desk, words)
    rest = " ".join(word for word in wanted if word != DUE_WORD)
    return library.list_papers(desk, rest, due_on=desk.today())


def signs_of(desk: Desk, papers: Sequence[Listed]) -> dict[int, Sign]:
    """The signs of these papers by row number; only of those that have one."""
    today = desk.today()
    waiting = {item.paper.id: item.reading_pass for item in reading.due(desk)}
    signs: dict[int, Sign] = {}
    for item in papers:
        paper = item.paper
        again = waiting[paper.id].again_on if paper.id in waiting else None
        several = sum(bool(held.pdf) for held in paper.versions) > 1
        newer = newer_version(paper, reading.passes_of(desk, paper)) if several else None
        if again or newer:
            signs[paper.id] = Sign(_due_words(again, today) if again else None, newer)
    return signs


def newer_version(paper: Paper, passes: Sequence[ReadingPass]) -> int | None:
    """The newest version on the desk, where what was read is older."""
    held = max((item.version for item in paper.versions if item.pdf), default=0)
    read = max((item.version for item in passes), default=held)
    return held if held > read else None


def _due_words(again: date, today: date) -> str:
    days = (today - again).days
    return "due today" if days < 1 else f"due for {days} d"
