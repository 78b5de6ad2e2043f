"""Rows that are equal, and rows of two splits that are nearly so."""

import hashlib
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from sklearn.neighbors import NearestNeighbors

from researchdesk.domain.looking import Alike, Place
from researchdesk.harness.training.tables import Array, Tables, by_chance, projected, scaler

_MOST_TRAIN = 20_000
_MOST_OTHERS = 5_000
_WIDE, _PROJECTED = 512, 256
_NEIGHBOURS = 5
_FALSE_ALARMS = 0.05
NEAR_RULE = (
    "A row is called near-duplicate where its nearest training row is so much nearer than the "
    "fifth nearest that, were rows spread evenly around it, fewer than 0.05 such rows would be "
    "expected in its whole split. Evenly spread, the ratio r of the two distances is below x with "
    "probability 1 - (1 - x^m)^4, where m is the training rows' intrinsic dimension, estimated by "
    "the two-nearest-neighbours method (Facco et al. 2017, Scientific Reports 7, 12140)."
)


def duplicates(tables: Tables) -> list[Alike]:
    """Groups of rows whose inputs are equal to the last bit, those across splits first."""
    groups: dict[bytes, list[tuple[Place, str]]] = defaultdict(list)
    for part in tables.parts:
        rows = np.ascontiguousarray(part.x)
        for number, row in enumerate(rows):
            key = hashlib.blake2b((row + 0).tobytes(), digest_size=16).digest()
            groups[key].append((Place(part.name, number), tables.label(part, number)))
    found = [
        Alike(tuple(place for place, _ in group), tuple(label for _, label in group))
        for group in groups.values()
        if len(group) > 1
    ]
    return sorted(found, key=lambda alike: (not alike.contradict, not across(alike)))


def across(alike: Alike) -> bool:
    """Whether the rows are of more than one split."""
    return len({place.split for place in alike.places}) > 1


def near_duplicates(
    tables: Tables, rng: np.random.Generator, say: Callable[[str], None]
) -> tuple[list[Alike], int]:
    """Rows of other splits with their near-duplicate in training, by ``NEAR_RULE``, and how many.

    Equal rows are not among them. ``distance`` and ``spacing`` are those to the nearest and the
    fifth nearest different training row.
    """
    train = tables.train
    chosen = by_chance(len(train.x), _MOST_TRAIN, rng)
    if len(chosen) < len(train.x):
        say(f"Near-duplicates were looked for among {len(chosen):,} of the training rows.")
    scale = scaler(train.x[chosen], tables.picture)
    turn = projected(train.x.shape[1], _WIDE, _PROJECTED, rng, say)
    pool, first = np.unique(turn(scale(train.x[chosen])), axis=0, return_index=True)
    if len(pool) <= _NEIGHBOURS + 1:
        return [], 0
    index = NearestNeighbors(n_neighbors=_NEIGHBOURS + 1, algorithm="brute").fit(pool)
    dimension = intrinsic_dimension(index.kneighbors(n_neighbors=2)[0])
    found = []
    for part in tables.parts[1:]:
        rows = by_chance(len(part.x), _MOST_OTHERS, rng)
        if len(rows) < len(part.x):
            say(f"Near-duplicates were looked for of {len(rows):,} rows of {part.name}.")
        for row, nearest, distance, spacing in _near(turn(scale(part.x[rows])), index, dimension):
            mate = int(chosen[first[nearest]])
            places = (Place(part.name, int(rows[row])), Place(train.name, mate))
            labels = (tables.label(part, places[0].row), tables.label(train, mate))
            found.append(Alike(places, labels, distance, spacing))
    return sorted(found, key=lambda pair: pair.distance / pair.spacing), len(found)


def intrinsic_dimension(distances: Array) -> float:
    """The maximum-likelihood two-nearest-neighbours estimate from (rows, 2) distances.

    n / Σ ln(r2 / r1) over the rows whose nearest is at a distance; at least 1.
    Source: Facco, d'Errico, Rodriguez & Laio (2017), Scientific Reports 7, 12140; as a maximum
    likelihood: Denti et al. (2022), Scientific Reports 12, 20005.
    """
    apart = distances[distances[:, 0] > 0].astype(float)
    logs = np.log(apart[:, 1] / apart[:, 0])
    total = float(logs.sum())
    return max(1.0, len(logs) / total) if total > 0 else 1.0


def _near(
    rows: Array, index: NearestNeighbors, dimension: float
) -> list[tuple[int, int, float, float]]:
    """(row, its nearest in the pool, that distance, the fifth's) for each near-duplicate.

    A pool row at no distance is the row itself in the other split, and passed over.
    """
    distances, nearest = index.kneighbors(rows)
    tiny = 1e-5 * np.median(distances[:, -1])
    at = (distances[:, 0] <= tiny).astype(int)
    lines = np.arange(len(rows))
    close, spacing = distances[lines, at], distances[lines, at + _NEIGHBOURS - 1]
    ratio = np.divide(close, spacing, out=np.ones_like(close), where=spacing > 0)
    chance = 1 - (1 - ratio.astype(float) ** dimension) ** (_NEIGHBOURS - 1)
    chosen = np.flatnonzero(len(rows) * chance < _FALSE_ALARMS)
    return [
        (int(row), int(nearest[row, at[row]]), float(close[row]), float(spacing[row]))
        for row in chosen
    ]
