"""What the library says of a paper: since when it is due, which version is newer."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from researchdesk.domain.papers import Paper
    from researchdesk.domain.reading import ReadingPass


def newer_version(paper: "Paper", passes: "Sequence[ReadingPass]") -> int | None:
    """The newest version on the desk, where what was read is older."""
    held = max((item.version for item in paper.versions if item.pdf), default=0)
    read = max((item.version for item in passes), default=held)
    return held if held > read else None


def due_words(again: date, today: date) -> str:
    """Since when a paper is due."""
    days = (today - again).days
    return "due today" if days < 1 else f"due for {days} d"
