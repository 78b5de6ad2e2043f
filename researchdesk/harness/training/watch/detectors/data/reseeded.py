"""Augmentations that are drawn anew for each item, and come out the same in each epoch."""

from __future__ import annotations

import inspect
import weakref
from dataclasses import dataclass, field
from typing import Any

from torch.utils.data import Subset

from researchdesk.harness.training.watch.detectors.data.drift import data_of
from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import Items
from researchdesk.harness.training.watch.findings import LOOK
from researchdesk.harness.training.watch.session import Session

_SEEDS = frozenset(("manual_seed", "default_rng", "RandomState", "seed", "Random"))
_ROWS, _MOST, _SHARE, _PASSES = 50, 20_000, 0.95, 3


@dataclass(slots=True)
class _Seen:
    """A dataset that seeds within ``__getitem__``: its rows, and how many came again."""

    passes: set[int] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    again: int = 0
    of: int = 0
    told: bool = False


class Reseeded(Part):
    """``random-numbers-repeat``: a generator that is seeded by the item's number alone."""

    names = ("random-numbers-repeat",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: weakref.WeakKeyDictionary[Any, _Seen | None] = weakref.WeakKeyDictionary()

    def trained(self, items: Items) -> None:
        batch = items.batch
        dataset = getattr(batch.loader, "dataset", None) if batch is not None else None
        while isinstance(dataset, Subset):
            dataset = dataset.dataset
        if batch is None or dataset is None or not items.is_rich:
            return
        if dataset not in self._seen:
            self._seen[dataset] = _Seen() if _seeds(dataset) and _is_stored(dataset) else None
        seen = self._seen[dataset]
        if seen is None or seen.told or len(seen.rows) >= _MOST:
            return
        if seen.passes and batch.epoch > min(seen.passes):
            seen.of += items.rows
            seen.again += sum(key in seen.rows for key in items.keys)
        seen.passes.add(batch.epoch)
        seen.rows.update(items.keys)
        if len(seen.passes) >= _PASSES and seen.of >= _ROWS and seen.again >= _SHARE * seen.of:
            seen.told = True
            self.session.report(
                "random-numbers-repeat",
                LOOK,
                f"{type(dataset).__name__}.__getitem__ seeds a generator, and {seen.again} of "
                f"{seen.of} items of later passes were bit for bit those of an earlier one: what "
                "it draws is the same in each epoch.",
                batch.site,
                again=seen.again,
                of=seen.of,
            )


def _seeds(dataset: Any) -> bool:
    """Whether the code that gives an item makes or seeds a generator."""
    kind = type(dataset)
    give = getattr(kind, "__getitem__", None)
    code = getattr(inspect.unwrap(give), "__code__", None) if give is not None else None
    if code is None or kind.__module__.startswith("torch."):
        return False
    own = (vars(kind).get(name) for name in code.co_names)
    inner = [getattr(one, "__code__", None) for one in own]
    names = {name for one in (code, *inner) if one is not None for name in one.co_names}
    return bool(names & _SEEDS)


def _is_stored(dataset: Any) -> bool:
    """Whether it has its items, and does not make them of their numbers."""
    try:
        count = len(dataset)
    except TypeError:
        return False
    return any(found.ndim > 1 and len(found) >= count for _, found in data_of(dataset))
