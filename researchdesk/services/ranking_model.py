"""What a reader likes, as a weight for each term: a linear SVM, or the middle of what was liked."""

import hashlib
import importlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import vstack

from researchdesk.domain.recommending import Basis, Method, PaperText, Taste, Word
from researchdesk.domain.text import slug
from researchdesk.services import ranking_cache
from researchdesk.services.ranking_matrix import DeskMatrix, Progress
from researchdesk.services.ranking_rows import Ids, Stacked
from researchdesk.services.ranking_terms import Floats, Matrix, Vocabulary

FEWEST = 3
"""Liked papers, and others beside them, below which there is nothing to separate."""
BACKGROUND = 10_000
"""Papers of which nothing was said that the SVM sees at most, as many as a sample."""
COST = 0.3
"""C of the SVM for a liked paper of weight 1."""
_AGAINST = 0.5
"""The share of what was not liked in the centroid. Source: Rocchio (1971)."""
_SPOKEN = 0.03
"""A word with less than this share of the strongest one's is not worth telling."""
_ROUNDS = 2000
_ARRAYS = ("signature", "weights", "rest")


@dataclass(frozen=True)
class Model:
    """A score is the sum of a row's terms by their ``weights``, plus ``offset``."""

    weights: Floats
    offset: float
    basis: Basis

    def scores(self, rows: Matrix | Stacked) -> Floats:
        """The score of each row, above 0 more liked than not where the method is the SVM."""
        values: Floats = rows.dot(self.weights)
        return values + np.float32(self.offset)

    def words(self, vocabulary: Vocabulary, row: Matrix, most: int) -> "Words":
        """The terms of one row that add most to its score, and those that take most."""
        return spoken(vocabulary, row.indices, row.data * self.weights[row.indices], most)


@dataclass(frozen=True)
class Words:
    """The strongest first."""

    words_for: tuple[Word, ...]
    words_against: tuple[Word, ...]


def spoken(vocabulary: Vocabulary, columns: Any, shares: Any, most: int) -> Words:
    """The strongest terms of either sign, with their shares."""
    strength = np.abs(shares)
    least = _SPOKEN * float(strength.max(initial=1e-6))
    order = np.lexsort((columns, -strength))
    found = [(int(columns[at]), float(shares[at])) for at in order if strength[at] > least]
    words = [Word(vocabulary.word(at), share) for at, share in found]
    return Words(
        tuple([word for word in words if word.share > 0][:most]),
        tuple([word for word in words if word.share < 0][:most]),
    )


def fitted(
    matrix: DeskMatrix, taste: Taste, folder: Path, tag: str, progress: Progress
) -> Model | None:
    """The model of a taste, kept in ``folder`` as long as nothing of the taste changes.

    New papers of which nothing was said change nothing of it, but on a small desk. None where the
    taste is of no paper that has words.
    """
    path = folder / f"model-{slug(tag, 40)}-{_digest(tag.casefold())[:8]}.npz"
    signature = _signature(matrix, taste)
    kept = ranking_cache.load(path, _ARRAYS)
    if kept is not None and (model := _model(kept, signature, matrix)) is not None:
        return model
    progress("Learning what speaks for a paper …")
    made = _fit(matrix, taste)
    if made is not None:
        _keep(path, signature, made)
    return made


def _keep(path: Path, signature: str, made: Model) -> None:
    basis = made.basis
    counts = [basis.liked, basis.not_liked, basis.background]
    rest = np.array([made.offset, basis.method is Method.SVM, *counts], dtype=np.float64)
    ranking_cache.save(path, signature=np.array([signature]), weights=made.weights, rest=rest)


def _model(kept: Mapping[str, Any], signature: str, matrix: DeskMatrix) -> Model | None:
    weights, rest = kept["weights"], kept["rest"]
    if kept["signature"].tolist() != [signature] or rest.shape != (5,):
        return None
    if weights.shape != (len(matrix.vocabulary.terms),):
        return None
    method = Method.SVM if rest[1] else Method.CENTROID
    return Model(weights, float(rest[0]), Basis(method, *(int(value) for value in rest[2:])))


def _signature(matrix: DeskMatrix, taste: Taste) -> str:
    """Changes with the vocabulary, what was said, and the words of the papers it was said of."""
    places = matrix.places(list(taste.papers))
    papers = sorted(
        (int(matrix.ids[at]), int(matrix.prints[at]), taste.papers[int(matrix.ids[at])])
        for at in places
    )
    return _digest(repr((matrix.name, papers, taste.others)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _fit(matrix: DeskMatrix, taste: Taste) -> Model | None:
    said = np.array([taste.papers.get(int(key), 0.0) for key in matrix.ids], dtype=np.float64)
    places = np.flatnonzero(said)
    others = matrix.vocabulary.rows(_texts(taste.others))
    rows = vstack([matrix.rows.take(places), others], format="csr")
    weights = np.concatenate((said[places], [weight for _, weight in taste.others]))
    filled = np.diff(rows.indptr) > 0
    rows, weights = rows[filled], weights[filled]
    if not len(weights):
        return None
    background = matrix.rows.take(_sample(matrix, np.flatnonzero(said == 0)))
    return fit(rows, weights, background)


def fit(rows: Matrix, weights: Floats, background: Matrix) -> Model:
    """The model of rows with what was said of each (above 0 liked), before a background."""
    liked, not_liked = int((weights > 0).sum()), int((weights < 0).sum())
    counts = (liked, not_liked, int(background.shape[0]))
    if liked < FEWEST or not_liked + counts[2] < FEWEST:
        return centroid(rows, weights, Basis(Method.CENTROID, *counts))
    return _separated(rows, weights, background, Basis(Method.SVM, *counts))


def centroid(rows: Matrix, weights: Floats, basis: Basis) -> Model:
    towards = np.where(weights > 0, weights, 0.0)
    away = np.where(weights < 0, -weights, 0.0)
    middle = rows.T @ towards / max(towards.sum(), 1e-9)
    middle = middle - _AGAINST * (rows.T @ away) / max(away.sum(), 1e-9)
    length = float(np.linalg.norm(middle))
    return Model((middle / (length or 1.0)).astype(np.float32), 0.0, basis)


def _separated(rows: Matrix, weights: Floats, background: Matrix, basis: Basis) -> Model:
    """A paper said to be liked or not counts by its weight.

    All that was not liked counts at most as much as all that was liked, so that many an entry
    refused does not drown it; all of the background together counts just as much.
    """
    svm = importlib.import_module("sklearn.svm")
    towards, away = float(weights[weights > 0].sum()), float(-weights[weights < 0].sum())
    weights = np.where(weights < 0, weights * min(1.0, towards / (away or 1.0)), weights)
    each = towards / max(background.shape[0], 1)
    samples = vstack([rows, background], format="csr")
    labels = np.concatenate((np.sign(weights), np.full(background.shape[0], -1.0)))
    shares = np.concatenate((np.abs(weights), np.full(background.shape[0], each)))
    machine = svm.LinearSVC(C=COST, dual=False, tol=1e-4, max_iter=_ROUNDS, random_state=0)
    with warnings.catch_warnings():
        # where it did not quite converge the order is good enough
        warnings.simplefilter("ignore")
        machine.fit(samples, labels, sample_weight=shares)
    offset = float(machine.intercept_[0])
    return Model(machine.coef_[0].astype(np.float32), offset, basis)


def _sample(matrix: DeskMatrix, places: Ids) -> Ids:
    """At most 10,000 of these rows; the same papers are taken whatever else is on the desk."""
    if len(places) <= BACKGROUND:
        return places
    keys = matrix.ids[places].astype(np.uint64) * np.uint64(2654435761) % np.uint64(2**32)
    return np.sort(places[np.argsort(keys, kind="stable")[:BACKGROUND]])


def _texts(others: Sequence[tuple[PaperText, float]]) -> list[PaperText]:
    return [text for text, _ in others]
