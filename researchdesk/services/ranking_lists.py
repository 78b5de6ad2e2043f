"""The best of a ranking, with their names and the words that speak for and against them."""

from collections.abc import Set
from dataclasses import replace

import numpy as np

from researchdesk.domain.papers import Paper
from researchdesk.domain.recommending import Suggestion, Word
from researchdesk.services.desk import Desk
from researchdesk.services.ranking_matrix import DeskMatrix
from researchdesk.services.ranking_model import Model, spoken
from researchdesk.services.ranking_rows import Ids
from researchdesk.services.ranking_terms import Floats
from researchdesk.storage import ranking
from researchdesk.storage.ranking import WaitingEntry

_SPARE = 50
"""Taken beyond the limit, in the place of papers that were withdrawn."""


def best(
    desk: Desk,
    matrix: DeskMatrix,
    model: Model,
    limit: int,
    out: Set[int],
    entries: bool,
    words: int,
) -> list[Suggestion]:
    """Papers but for those of the rows ``out`` and, with ``entries``, feed entries that wait: the
    best first."""
    found = _best_papers(desk, matrix, model, limit, out, words)
    if entries:
        found += _best_entries(desk, matrix, model, limit, words)
    found.sort(key=lambda item: -item.score)
    return found[:limit]


def alike(
    desk: Desk, matrix: DeskMatrix, paper: Paper, limit: int, words: int
) -> list[Suggestion] | None:
    """The papers whose words are the nearest, by cosine; the words are those of both.

    None where the paper has no words that others have.
    """
    places = matrix.places([paper.id])
    own = matrix.rows.take(places[:1])
    if not own.nnz:
        return None
    weights = np.zeros(matrix.rows.width, dtype=np.float32)
    weights[own.indices] = own.data
    scores = matrix.rows.dot(weights)
    passes = ranking.reading(desk.database.connection)
    may = np.flatnonzero((matrix.ids != paper.id) & (scores > 0))
    found = []
    first = _first(scores, matrix.ids, may, limit + _SPARE)
    for at, row in zip(first, matrix.rows.take(np.array(first)), strict=True):
        paper_id = int(matrix.ids[at])
        both = spoken(matrix.vocabulary, row.indices, row.data * weights[row.indices], words)
        status = _status(passes.get(paper_id))
        found.append(_blank(float(scores[at]), paper_id, status, both.words_for))
    return _named(desk, found)[:limit]


def _best_papers(
    desk: Desk, matrix: DeskMatrix, model: Model, limit: int, out: Set[int], words: int
) -> list[Suggestion]:
    passes = ranking.reading(desk.database.connection)
    scores = model.scores(matrix.rows)
    may = np.flatnonzero(~np.isin(matrix.ids, np.array(sorted(out), dtype=np.int64)))
    found = []
    first = _first(scores, matrix.ids, may, limit + _SPARE)
    for at, row in zip(first, matrix.rows.take(np.array(first)), strict=True):
        paper_id = int(matrix.ids[at])
        said = model.words(matrix.vocabulary, row, words)
        item = _blank(float(scores[at]), paper_id, _status(passes.get(paper_id)), said.words_for)
        found.append(replace(item, words_against=said.words_against))
    return _named(desk, found)[:limit]


def _best_entries(
    desk: Desk, matrix: DeskMatrix, model: Model, limit: int, words: int
) -> list[Suggestion]:
    entries = ranking.waiting(desk.database.connection, desk.today())
    rows = matrix.vocabulary.rows(entry.text for entry in entries)
    scores = model.scores(rows)
    ids = np.array([entry.id for entry in entries], dtype=np.int64)
    found = []
    for at in _first(scores, ids, np.arange(len(entries)), limit):
        said = model.words(matrix.vocabulary, rows[at], words)
        item = _of_entry(entries[at], float(scores[at]))
        found.append(replace(item, words_for=said.words_for, words_against=said.words_against))
    return found


def _first(scores: Floats, ids: Ids, may: Ids, limit: int) -> list[int]:
    """The rows among ``may`` with the highest scores; of the same score, the newest id first."""
    order = np.lexsort((-ids[may], -scores[may]))
    return [int(at) for at in may[order[:limit]]]


def _blank(score: float, paper_id: int, status: str, words_for: tuple[Word, ...]) -> Suggestion:
    return Suggestion("", "", (), None, score, words_for, (), paper_id, status=status)


def _of_entry(entry: WaitingEntry, score: float) -> Suggestion:
    text = entry.text
    return Suggestion(
        name=entry.name,
        title=text.title,
        authors=text.authors,
        year=entry.year,
        score=score,
        entry_id=entry.id,
        status="feed",
        abstract=text.abstract,
    )


def _named(desk: Desk, found: list[Suggestion]) -> list[Suggestion]:
    ids = [item.paper_id for item in found if item.paper_id is not None]
    shown = ranking.shown(desk.database.connection, ids)
    return [
        replace(
            item,
            name=at.name,
            title=at.title,
            authors=at.authors,
            year=at.year,
            abstract=at.abstract,
        )
        for item in found
        if item.paper_id is not None and (at := shown.get(item.paper_id)) is not None
    ]


def _status(ended: bool | None) -> str:
    """``ended`` is whether a pass has ended; None without a pass."""
    return "unread" if ended is None else "read" if ended else "in pass"
