"""Baselines that a classification experiment gets for nothing, fitted with scikit-learn."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from researchdesk.harness.training.experiment import CLASSIFICATION, Split
from researchdesk.harness.training.tables import (
    Array,
    Tables,
    by_chance,
    projected,
    scaler,
    tables_of,
)

MOST_ROWS = 10_000
MOST_FEATURES = 4_096
_PROJECTED = 1_024
_UPDATES = 2_000_000


def _majority(seed: int, rows: int) -> Any:
    return DummyClassifier(strategy="most_frequent")


def _nearest(seed: int, rows: int) -> Any:
    return KNeighborsClassifier(n_neighbors=1, algorithm="brute")


def _logistic(seed: int, rows: int) -> Any:
    return LogisticRegression(max_iter=500, random_state=seed)


def _mlp(seed: int, rows: int) -> Any:
    epochs = int(np.clip(_UPDATES // max(rows, 1), 30, 300))
    return MLPClassifier((64,), max_iter=epochs, random_state=seed)


_MODELS: Mapping[str, Callable[[int, int], Any]] = {
    "majority": _majority,
    "1-nn": _nearest,
    "logistic": _logistic,
    "mlp": _mlp,
}
BASELINES = tuple(_MODELS)
"""``majority``: the most frequent class. ``1-nn``: the nearest training row. ``logistic``:
multinomial, L2 penalty of scikit-learn's default. ``mlp``: 64 hidden units, Adam."""


def measure_baseline(
    name: str, split: Split, seed: int, note: Callable[[str], None] | None = None
) -> dict[str, float]:
    """Fit one baseline to the training split: ``train_accuracy``, ``test_accuracy``, and
    ``NAME_accuracy`` for a validation split and further tests.

    Rows of any shape are flattened and scaled: pictures by one mean and spread, tables by those of
    each feature. The same seed gives the same numbers. ``note`` is told where rows were left out,
    dimensions reduced, missing values filled, or a fit stopped early. Raises ValueError for an
    unknown name, and where the targets are not one class for each row.
    """
    if name not in _MODELS:
        raise ValueError(f"There is no baseline {name!r}; there are {', '.join(BASELINES)}.")
    say = note or (lambda words: None)
    tables = tables_of(split)
    if tables.task != CLASSIFICATION:
        raise ValueError("Baselines need one class for each row; these targets are none.")
    rng = np.random.default_rng(seed)
    x, y = _fewer(tables, rng, say)
    scale = scaler(x, tables.picture)
    turn = projected(x.shape[1], MOST_FEATURES, _PROJECTED, rng, say)
    model = _MODELS[name](seed, len(x))
    _fit(model, turn(scale(x)), y, name, say)
    if any(not np.isfinite(part.x).all() for part in tables.parts):
        say("Missing and infinite values were set to the mean of their feature in training.")
    measured = {"train": (x, y), **{part.name: (part.x, part.y) for part in tables.parts[1:]}}
    return {
        f"{part}_accuracy": _accuracy(model, lambda rows: turn(scale(rows)), *rows_and_classes)
        for part, rows_and_classes in measured.items()
    }


def _fewer(
    tables: Tables, rng: np.random.Generator, say: Callable[[str], None]
) -> tuple[Array, Array]:
    train = tables.train
    chosen = by_chance(len(train.x), MOST_ROWS, rng)
    if len(chosen) < len(train.x):
        say(
            f"Fitted to {len(chosen):,} of {len(train.x):,} training rows, drawn by the seed; "
            "the training accuracy is of these."
        )
    return train.x[chosen], train.y[chosen]


def _fit(model: Any, x: Array, y: Array, name: str, say: Callable[[str], None]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(x, y)
    if any(issubclass(item.category, ConvergenceWarning) for item in caught):
        say(f"The fit of {name} was stopped before it had converged.")


def _accuracy(model: Any, ready: Callable[[Array], Array], x: Array, y: Array) -> float:
    right = sum(
        int((model.predict(ready(x[at : at + 2_000])) == y[at : at + 2_000]).sum())
        for at in range(0, len(x), 2_000)
    )
    return right / len(x) if len(x) else float("nan")
