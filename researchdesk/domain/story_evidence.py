"""What stands behind the lines of a storyline."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What is to be said of something linked: how it stands now, or that it is not what it was.

    ``CHANGED``: it says something else than when the line was first kept. ``PLAIN``: there is
    nothing to decide about it, as a paper or a note.
    """

    HOLDS = "holds"
    PLAIN = "there"
    OPEN = "not decided"
    CHANGED = "changed"
    CONTRADICTED = "contradicted"
    GONE = "gone"


_MILD_FIRST = tuple(Mark)
SIGNS = {
    Mark.HOLDS: "✓",
    Mark.PLAIN: "·",
    Mark.OPEN: "○",
    Mark.CHANGED: "!",
    Mark.CONTRADICTED: "✗",
    Mark.GONE: "?",
}
"""One sign for each mark, the same wherever it is shown."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Something that a line links. ``said`` is what it says now, ``before`` what it said when the
    line was first kept or last seen, ``""`` where that is not known.

    ``news``: it changed, is gone or was contradicted, and nobody said yet that it was seen.
    ``since``: that its paper was withdrawn or replaced, which stands at the end of ``said``.
    """

    ref: str
    title: str
    said: str
    mark: Mark
    before: str = ""
    news: bool = False
    since: str = ""


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A line (from 0) of a text with what it links, in the order of the links."""

    line: int
    links: tuple[Linked, ...]

    @property
    def mark(self) -> Mark:
        """The gravest of its links' marks."""
        return max((item.mark for item in self.links), key=_MILD_FIRST.index)

    @property
    def news(self) -> bool:
        """Whether something of it wants to be looked at."""
        return any(item.news for item in self.links)
