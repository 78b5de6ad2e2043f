"""What to read next: papers put in order by what was read, liked, dropped and tagged.

What numpy, scipy and scikit-learn cost to load is paid by the first call.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from researchdesk.domain.recommending import (
    PaperText,
    Recommended,
    Taste,
    Word,
    summed,
)
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import library
from researchdesk.services.desk import Desk
from researchdesk.storage import ranking

if TYPE_CHECKING:
    from researchdesk.services.ranking_matrix import DeskMatrix
    from researchdesk.services.ranking_model import Model

Progress = Callable[[str], None]
WORDS = 6
"""Words for and against that are shown of a paper."""
NOTHING_YET = 'Nothing to go on yet: finish a pass with "go on", or give papers stars.'
NOTHING_LEFT = (
    "Every paper that could be recommended is read, or is what a recommendation goes by: papers "
    "with stars, notes or the tag asked for. No feed entry waits."
)
NO_WORDS = "This paper has no words that another one has."
NOTHING_ALIKE = "No other paper on the desk has words of this one."


def rank_new(desk: Desk, texts: Sequence[tuple[str, Sequence[str], str]]) -> list[float] | None:
    """The scores of texts (title, authors, abstract) that are not on the desk, higher is better.

    None where the desk says nothing yet. The scores order the texts of one call.
    """
    fitted = _fitted(desk, "")
    if fitted is None:
        return None
    matrix, model = fitted
    rows = matrix.vocabulary.rows(_paper_text(text) for text in texts)
    return [float(score) for score in model.scores(rows)]


def explain_new(
    desk: Desk, texts: Sequence[tuple[str, Sequence[str], str]], most: int = WORDS
) -> list[tuple[tuple[Word, ...], tuple[Word, ...]]] | None:
    """The words that speak for each text and those that speak against it, the strongest first.

    None where the desk says nothing yet.
    """
    fitted = _fitted(desk, "")
    if fitted is None:
        return None
    matrix, model = fitted
    rows = matrix.vocabulary.rows(_paper_text(text) for text in texts)
    spoken = [model.words(matrix.vocabulary, row, most) for row in rows]
    return [(words.words_for, words.words_against) for words in spoken]


def taste_of(desk: Desk, tag: str = "") -> Taste:
    """What was said of the desk's papers, for the whole desk or for a tag.

    For a tag: its papers are liked; of the others, those that were dropped are not.
    """
    db = desk.database.connection
    whole = summed(ranking.said(db))
    if not tag:
        return Taste(whole, tuple(ranking.said_of_others(db)))
    disliked = {paper_id: weight for paper_id, weight in whole.items() if weight < 0}
    return Taste({**disliked, **dict(ranking.tagged(db, tag))})


def recommend(
    desk: Desk,
    *,
    tag: str = "",
    limit: int = 20,
    unread: bool = False,
    everything: bool = False,
    progress: Progress = lambda _: None,
) -> Recommended:
    """Papers not read yet, and feed entries that wait, the best first.

    Not read: without a pass that has ended. Papers that were judged already (stars, notes, the tag
    asked for) are what the others are ranked by, and are left out. With ``everything`` these and
    those read are there, too. ``unread`` leaves only papers of the desk without any pass. Raises
    NotOnDeskError for a tag that no paper has, UsageProblemError for a limit below 1.
    """
    _check(limit)
    tag = _known_tag(desk, tag)
    fitted = _fitted(desk, tag, progress)
    if fitted is None:
        return Recommended((), why_none=NOTHING_YET, tag=tag)
    from researchdesk.services import ranking_lists  # noqa: PLC0415

    matrix, model = fitted
    out = _left_out(desk, tag, unread, everything)
    found = ranking_lists.best(desk, matrix, model, limit, out, not unread, WORDS)
    why_none = "" if found else NOTHING_LEFT
    left_out = len(matrix.places(sorted(out)))
    return Recommended(tuple(found), model.basis, why_none, tag, left_out)


def similar(
    desk: Desk, paper_id: int, limit: int = 20, progress: Progress = lambda _: None
) -> Recommended:
    """The papers of the desk whose words are nearest to this one's, by cosine; read ones too.

    ``words_for`` are the words that both have. Raises NotOnDeskError where the paper is not on the
    desk, UsageProblemError for a limit below 1.
    """
    _check(limit)
    paper = library.paper_of(desk, paper_id)
    if paper is None:
        raise NotOnDeskError("This paper was taken off the desk.", "Add it again to compare it.")
    from researchdesk.services import ranking_lists, ranking_matrix  # noqa: PLC0415

    matrix = ranking_matrix.current(desk, progress)
    found = ranking_lists.alike(desk, matrix, paper, limit, WORDS)
    why_none = NO_WORDS if found is None else "" if found else NOTHING_ALIKE
    return Recommended(tuple(found or ()), None, why_none)


def tags(desk: Desk) -> list[str]:
    """The tags to recommend by, the most used first."""
    return ranking.tags(desk.database.connection)


def _left_out(desk: Desk, tag: str, unread: bool, everything: bool) -> set[int]:
    """The rows of papers that are not to be recommended."""
    db = desk.database.connection
    passes = ranking.reading(db)
    if everything:
        return set(passes) if unread else set()
    judged = {*ranking.judged(db), *(one for one, _ in ranking.tagged(db, tag) if tag)}
    return judged | {one for one, ended in passes.items() if ended or unread}


def _check(limit: int) -> None:
    if limit < 1:
        raise UsageProblemError(
            "--limit must be at least 1.", "Leave --limit out, or give a larger number."
        )


def _known_tag(desk: Desk, tag: str) -> str:
    """The tag as it is written on the desk. Raises NotOnDeskError."""
    wanted = tag.strip()
    known = tags(desk) if wanted else []
    for name in known:
        if name.casefold() == wanted.casefold():
            return name
    if not wanted:
        return ""
    hint = f"There are: {', '.join(known[:12])}." if known else "Tag papers first."
    raise NotOnDeskError(f"No paper on this desk has the tag {wanted!r}.", hint)


def _paper_text(text: tuple[str, Sequence[str], str]) -> PaperText:
    title, authors, abstract = text
    return PaperText(title, tuple(authors), abstract)


def _fitted(
    desk: Desk, tag: str, progress: Progress = lambda _: None
) -> "tuple[DeskMatrix, Model] | None":
    """Matrix and model as they are now; None where there is nothing to go on."""
    taste = taste_of(desk, tag)
    if taste.is_empty:
        return None
    from researchdesk.services import ranking_matrix, ranking_model  # noqa: PLC0415

    matrix = ranking_matrix.current(desk, progress)
    folder = ranking_matrix.folder(desk)
    model = ranking_model.fitted(matrix, taste, folder, tag, progress)
    return None if model is None else (matrix, model)
