"""Labels that the nearest rows contradict."""

from collections.abc import Callable

import numpy as np
from sklearn.neighbors import NearestNeighbors

from researchdesk.domain.looking import Place, Suspect
from researchdesk.harness.training.tables import Array, Tables, by_chance, projected, scaler

_MOST_TRAIN, _MOST_OTHERS = 10_000, 5_000
_WIDE, _PROJECTED = 512, 256
_NEIGHBOURS = 10
LABEL_RULE = (
    "A label is suspicious where the ten nearest other rows of all splits mostly bear another "
    "class, and bear it no less than the rows of that class do among their own neighbours on "
    "average: confident learning (Northcutt, Jiang & Chuang 2021, JAIR 70) with the neighbours' "
    "shares as probabilities. Ranked by how far the other class leads. To be looked at: a row "
    "on the border between two classes looks the same to this rule as one that is labelled wrong."
)


def suspects(tables: Tables, rng: np.random.Generator, say: Callable[[str], None]) -> list[Suspect]:
    """The rows with a suspicious label by ``LABEL_RULE``, the most suspicious first."""
    if len(tables.classes) < 2:
        return []
    places, x, y = _pool(tables, rng, say)
    if len(x) <= _NEIGHBOURS:
        return []
    index = NearestNeighbors(n_neighbors=_NEIGHBOURS, algorithm="brute").fit(x)
    nearest = index.kneighbors(return_distance=False)
    share = np.zeros((len(x), len(tables.classes)))
    np.add.at(share, (np.arange(len(x))[:, None], y[nearest]), 1 / _NEIGHBOURS)
    own = share[np.arange(len(x)), y]
    usual = np.array([own[y == label].mean() if (y == label).any() else np.inf
                      for label in range(len(tables.classes))])  # fmt: skip
    others = np.where(share >= usual[None, :] - 1e-12, share, 0.0)
    others[np.arange(len(x)), y] = 0.0
    other = others.argmax(axis=1)
    lead = others[np.arange(len(x)), other] - own
    ranked = [row for row in np.lexsort((np.arange(len(x)), -lead)) if lead[row] > 0]
    return [
        Suspect(
            places[row],
            tables.classes[y[row]],
            tables.classes[other[row]],
            round(float(share[row, other[row]]), 4),
            round(float(own[row]), 4),
        )
        for row in ranked
    ]


def _pool(
    tables: Tables, rng: np.random.Generator, say: Callable[[str], None]
) -> tuple[list[Place], Array, Array]:
    scale = scaler(tables.train.x[by_chance(len(tables.train.x), _MOST_TRAIN, rng)], tables.picture)
    turn = projected(tables.train.x.shape[1], _WIDE, _PROJECTED, rng, say)
    places: list[Place] = []
    rows, labels = [], []
    for part in tables.parts:
        most = _MOST_TRAIN if part is tables.train else _MOST_OTHERS
        chosen = by_chance(len(part.x), most, rng)
        if len(chosen) < len(part.x):
            say(f"Labels were checked of {len(chosen):,} of {len(part.x):,} rows of {part.name}.")
        places += [Place(part.name, int(row)) for row in chosen]
        rows.append(turn(scale(part.x[chosen])))
        labels.append(part.y[chosen])
    return places, np.concatenate(rows), np.concatenate(labels)
