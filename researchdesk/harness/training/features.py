"""Single features: ranges, missing values, shifts between splits, and labels given away."""

from collections.abc import Callable

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from researchdesk.domain.looking import FeatureLook
from researchdesk.harness.training.tables import Array, Tables, by_chance

_ROWS = 20_000
_TREE_ROWS = 2_000
_TREES = 128
_GROUPS = 50
_KEPT = 256
_HUGE = 1e30


def feature_looks(
    tables: Tables, rng: np.random.Generator, say: Callable[[str], None]
) -> tuple[tuple[FeatureLook, ...], tuple[str, ...]]:
    """The features, and the names of the constant ones.

    ``decides``: for classes, the balanced accuracy on the test split of a decision tree with two
    leaves a class that sees this feature alone; for numbers, the squared correlation with the
    target on the test split. Of more than 256 features those with the greatest ``decides``, then
    ``shift`` are kept.
    """
    train = tables.train
    chosen = by_chance(len(train.x), _ROWS, rng)
    if len(chosen) < len(train.x):
        say(f"Features were looked at over {len(chosen):,} of {len(train.x):,} training rows.")
    x = np.where(np.isfinite(train.x[chosen]), train.x[chosen], np.nan).astype(np.float64)
    count = np.maximum(1, (~np.isnan(x)).sum(axis=0))
    mean = np.nansum(x, axis=0) / count
    spread = np.sqrt(np.nansum((x - mean) ** 2, axis=0) / count)
    low, high = np.fmin.reduce(x), np.fmax.reduce(x)
    shift = _shifts(tables, mean, spread, rng)
    decides = _decides(tables, rng, say)
    still = (low == high) | np.isnan(low)
    missing = np.isnan(x).sum(axis=0)
    looks = [
        FeatureLook(
            name,
            float(low[at]),
            float(high[at]),
            float(mean[at]) if missing[at] < len(x) else float("nan"),
            float(spread[at]),
            int(missing[at]),
            float(shift[at]),
            decides.get(at),
        )
        for at, name in enumerate(tables.features)
    ]
    constant = tuple(name for name, same in zip(tables.features, still, strict=True) if same)
    return _first(looks, say), constant


def _first(looks: list[FeatureLook], say: Callable[[str], None]) -> tuple[FeatureLook, ...]:
    if len(looks) <= _KEPT:
        return tuple(looks)
    say(f"Of {len(looks):,} features the {_KEPT} that stand out most are listed.")
    rank = sorted(
        range(len(looks)),
        key=lambda at: (-(looks[at].decides or 0), -looks[at].shift, -looks[at].missing, at),
    )
    return tuple(looks[at] for at in sorted(rank[:_KEPT]))


def _shifts(tables: Tables, mean: Array, spread: Array, rng: np.random.Generator) -> Array:
    """The largest standardised difference of means between training and another split.

    0 for a feature that is constant in training: there is nothing to measure it by.
    """
    largest = np.zeros(len(mean))
    for part in tables.parts[1:]:
        x = part.x[by_chance(len(part.x), _ROWS, rng)]
        x = np.where(np.isfinite(x), x, np.nan).astype(np.float64)
        count = (~np.isnan(x)).sum(axis=0)
        theirs = np.nansum(x, axis=0) / np.maximum(1, count)
        moved = np.divide(np.abs(theirs - mean), spread, out=np.zeros_like(mean), where=spread > 0)
        largest = np.maximum(largest, np.where(count > 0, moved, 0.0))
    return largest


def _decides(
    tables: Tables, rng: np.random.Generator, say: Callable[[str], None]
) -> dict[int, float]:
    train, test = tables.train, next(part for part in tables.parts if part.name == "test")
    ours = by_chance(len(train.x), _TREE_ROWS, rng)
    theirs = by_chance(len(test.x), _TREE_ROWS, rng)
    if not len(theirs):
        return {}
    x, y = _plain(train.x[ours]), train.y[ours]
    chosen = list(range(x.shape[1]))
    if len(chosen) > _TREES:
        chosen = _promising(x, y if tables.classes else y[:, 0])
        say(f"Whether one alone tells the target: of the {_TREES} features that go with it most.")
    measure = _tells_class if tables.classes else _tells_number
    targets = np.nan_to_num(test.y[theirs])
    return {at: measure(x[:, at], y, _plain(test.x[theirs, at]), targets) for at in chosen}


def _promising(x: Array, y: Array) -> list[int]:
    """The features whose ranks go with the target: by their variance between its values' groups."""
    ranks = x.argsort(axis=0).argsort(axis=0).astype(np.float32)
    groups = np.unique(y, return_inverse=True)[1]
    if groups.max() >= _GROUPS:
        groups = y.argsort().argsort() * _GROUPS // len(y)
    means = np.stack([ranks[groups == group].mean(axis=0) for group in np.unique(groups)])
    sizes = np.bincount(groups)[np.unique(groups), None]
    between = (sizes * (means - ranks.mean(axis=0)) ** 2).sum(axis=0)
    return [int(at) for at in np.sort(np.argsort(-between, kind="stable")[:_TREES])]


def _plain(column: Array) -> Array:
    """Numbers that a tree can compare: missing and infinite ones are 0."""
    finite = np.where(np.isfinite(column), column, 0).astype(np.float64)
    kept: Array = np.clip(finite, -_HUGE, _HUGE)
    return kept


def _tells_class(x: Array, y: Array, test_x: Array, test_y: Array) -> float:
    if (x == x[0]).all() or len(np.unique(y)) < 2:
        return 0.0
    leaves = 2 * len(np.unique(y))
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=0).fit(x[:, None], y)
    right = tree.predict(test_x[:, None]) == test_y
    shares = [right[test_y == label].mean() for label in np.unique(test_y) if label in y]
    return float(np.mean(shares)) if len(shares) > 1 else 0.0


def _tells_number(x: Array, y: Array, test_x: Array, test_y: Array) -> float:
    """The greatest squared correlation with one of the targets, on the test split."""
    both = [(test_x, test_y[:, at]) for at in range(test_y.shape[1])]
    able = [(a, b) for a, b in both if len(a) > 2 and np.ptp(a) > 0 and np.ptp(b) > 0]
    return max((float(np.corrcoef(a, b)[0, 1] ** 2) for a, b in able), default=0.0)
