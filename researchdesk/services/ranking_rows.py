"""Rows of many papers in two blocks: those of the file, which are mapped, and those added since."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from researchdesk.services.ranking_cache import Arrays
from researchdesk.services.ranking_terms import Floats, Matrix

Ids = NDArray[np.int64]
NUMBERS = ("ids", "prints", "starts")
CELLS = ("values", "columns")


@dataclass(frozen=True)
class Part:
    """Papers by row id, in order, with the fingerprint of their words, and a row for each."""

    ids: Ids
    prints: Ids
    rows: Matrix

    def places(self, ids: Ids, prints: Ids) -> Ids:
        """Where each of these papers stands with just these words; -1 where it does not."""
        if not len(self.ids):
            return np.full(len(ids), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where((self.ids[at] == ids) & (self.prints[at] == prints), at, -1)

    def taken(self, places: Ids) -> "Part":
        """The papers of these places."""
        return Part(self.ids[places], self.prints[places], self.rows[places])

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What is kept of it."""
        return {
            "ids": self.ids,
            "prints": self.prints,
            "starts": self.rows.indptr,
            "values": self.rows.data,
            "columns": self.rows.indices,
        }


def part_of(found: Arrays, terms: int) -> Part | None:
    """Undo ``Part.arrays``; None where the arrays do not go together."""
    ids, prints, starts, values, columns = (found[name] for name in NUMBERS + CELLS)
    if not (
        len(ids) == len(prints) == len(starts) - 1
        and len(values) == len(columns) == starts[-1]
        and (np.diff(starts) >= 0).all()
        and (not len(columns) or 0 <= int(columns.min()) <= int(columns.max()) < terms)
    ):
        return None
    return Part(ids, prints, csr_matrix((values, columns, starts), shape=(len(ids), terms)))


def joined(first: Part, second: Part) -> Part:
    """The papers of both, in the order of their ids."""
    ids = np.concatenate((first.ids, second.ids))
    order = np.argsort(ids)
    prints = np.concatenate((first.prints, second.prints))[order]
    return Part(ids[order], prints, vstack([first.rows, second.rows], format="csr")[order])


@dataclass(frozen=True)
class Stacked:
    """Rows of ``first`` at the places ``used``, then all rows of ``second``; nothing is copied."""

    first: Matrix
    used: Ids
    second: Matrix

    def __len__(self) -> int:
        return len(self.used) + int(self.second.shape[0])

    @property
    def width(self) -> int:
        return int(self.first.shape[1])

    def dot(self, weights: Floats) -> Floats:
        """The product of each row with the weights."""
        values: Floats = np.concatenate(((self.first @ weights)[self.used], self.second @ weights))
        return values

    def take(self, places: Ids) -> Matrix:
        """These rows, as a matrix of their own."""
        places = np.asarray(places, dtype=np.int64)
        here = places < len(self.used)
        rows = vstack(
            [self.first[self.used[places[here]]], self.second[places[~here] - len(self.used)]],
            format="csr",
        )
        if (np.diff(here.astype(np.int8)) <= 0).all():
            return rows
        order = np.concatenate((np.flatnonzero(here), np.flatnonzero(~here)))
        return rows[np.argsort(order)]
