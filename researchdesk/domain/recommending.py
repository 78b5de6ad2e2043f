"""What the desk says of a reader's taste, in numbers, and what is suggested from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

GO_ON, LEFT = 1.0, -1.0
"""A pass finished with "go on"; a pass dropped, or finished with "stop"."""
NOTED = 0.5
"""A paper with at least one note."""
STAR = 0.4
"""Each star."""
PRIORITY = (0.0, 0.0, 0.4, 0.8)
"""By priority, 0 to 3."""
KEPT, REFUSED = 0.6, -0.6
"""An entry of a feed kept, or answered with no."""
TAGGED = 1.0
"""A paper that has the tag, where the model is of a tag."""
_LEAST, _MOST = 0.2, 3.0


class Method(StrEnum):
    """How papers were put in order."""

    SVM = "linear SVM"
    CENTROID = "centroid cosine"


@dataclass(frozen=True, slots=True)
class Taste:
    """Papers (row ids) with the sum of what was said of each; above 0 liked, below 0 not.

    ``others`` are texts that are not on the desk, of feed entries, with the same sort of sum.
    """

    papers: Mapping[int, float]
    others: tuple[tuple["PaperText", float], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.papers and not self.others


@dataclass(frozen=True, slots=True)
class PaperText:
    """The words that a paper is known by."""

    title: str
    authors: tuple[str, ...]
    abstract: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or an author's name, with its share in a score; below 0 it speaks against."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Basis:
    """What a ranking stands on: the method, and how many papers were liked, not liked, and
    neither."""

    method: Method
    liked: int
    not_liked: int
    background: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A paper of the desk (``paper_id``) or an entry of a feed (``entry_id``), with its score.

    ``name`` is the arXiv id or key. ``score`` is the decision value of the SVM, or a cosine: it
    orders papers of one answer, and says nothing across answers. ``status`` is ``unread``,
    ``in pass``, ``read`` or ``feed``.
    """

    name: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    score: float
    words_for: tuple[Word, ...] = ()
    words_against: tuple[Word, ...] = ()
    paper_id: int | None = None
    entry_id: int | None = None
    status: str = ""
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class Recommended:
    """Suggestions, the best first; ``why_none`` says in words why there are none, else empty.

    ``left_out`` is how many papers of the desk were not to be suggested: read, or judged already.
    """

    suggestions: tuple[Suggestion, ...]
    basis: Basis | None = None
    why_none: str = ""
    tag: str = ""
    left_out: int = 0


def summed(said: list[tuple[int, float]]) -> dict[int, float]:
    """What was said of each paper, added up, kept within ±3; where it cancels out, left out."""
    sums: dict[int, float] = {}
    for paper_id, weight in said:
        sums[paper_id] = sums.get(paper_id, 0.0) + weight
    return {
        paper_id: max(-_MOST, min(_MOST, value))
        for paper_id, value in sums.items()
        if abs(value) >= _LEAST
    }
