"""Data that are changed in place while they are trained on."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import Items, is_plain
from researchdesk.harness.training.watch.events import Batch
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_VALUES = 256
_SLICES = 200
_TIMES = 3
_PASSES, _SELDOM = 16, 8
_ALIKE = 0.9


@dataclass(slots=True)
class _Held:
    """Some values of data, as they were when they were seen last."""

    values: Tensor
    changes: int = 0


class Drift(Part):
    """``data-changed-in-place``: what is read again is what an earlier pass made of it."""

    names = ("data-changed-in-place",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._slices: dict[tuple[Any, ...], _Held] = {}
        self._loaders: weakref.WeakKeyDictionary[Any, dict[str, _Held]] = (
            weakref.WeakKeyDictionary()
        )
        self._changes = 0

    def trained(self, items: Items) -> None:
        if items.batch is not None or items.data.numel() > 0.9 * items.held:
            return
        key = (items.data.data_ptr(), tuple(items.data.shape), items.held)
        known = self._slices.get(key)
        if known is not None:
            self._changes += _changed(known, _values(items.data))
            if self._changes >= _TIMES:
                self._report(items.site)
        elif len(self._slices) < _SLICES:
            self._slices[key] = _Held(_values(items.data))

    def batch(self, batch: Batch) -> None:
        if batch.index or not isinstance(batch.loader, DataLoader) or batch.loader.num_workers:
            return
        held = self._loaders.setdefault(batch.loader, {})
        if batch.epoch > _PASSES and batch.epoch % _SELDOM:
            return
        for name, found in data_of(batch.loader.dataset):
            values = _values(found)
            known = held.setdefault(f"{name} {tuple(found.shape)}", _Held(values))
            known.changes += _changed(known, values)
            if known.changes >= _TIMES:
                self._report(batch.site)

    def _report(self, site: Site) -> None:
        self.session.report(
            "data-changed-in-place",
            LIKELY,
            "The data that batches are taken from change from pass to pass: an operation in place "
            "writes to them, and is applied again to what it made.",
            site,
        )


def _values(data: Any) -> Tensor:
    """A few of the values, evenly spread over each dimension, as a copy."""
    sizes = tuple(data.shape)
    first = slice(None, None, max(1, sizes[0] // _VALUES))
    rest = (slice(None, None, max(1, size // 4)) for size in sizes[1:])
    some = data[(first, *rest)]
    if isinstance(some, Tensor):
        return some.detach().double().flatten().cpu().clone()
    return torch.from_numpy(some.astype("float64")).flatten()


def _changed(known: _Held, values: Tensor) -> bool:
    """Whether the same data were changed: other data in their place have nothing in common."""
    before, known.values = known.values, values
    if before.shape != values.shape or torch.equal(before, values) or values.numel() < 8:
        return False
    both = torch.stack([before, values])
    if not bool(torch.isfinite(both).all()) or float(both.std(1).min()) == 0:
        return False
    return abs(float(torch.corrcoef(both)[0, 1])) > _ALIKE


def data_of(dataset: Any, depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Tensors and arrays of numbers that a dataset holds."""
    numpy = sys.modules.get("numpy")
    for name, item in list(getattr(dataset, "__dict__", {}).items())[:20]:
        for number, one in enumerate(item[:5] if isinstance(item, list | tuple) else [item]):
            where = f"{name} {number}"
            if is_plain(one):
                yield where, one
            elif numpy is not None and isinstance(one, numpy.ndarray) and one.dtype.kind in "fiu":
                if one.size and one.ndim:
                    yield where, one
            elif depth and hasattr(one, "__getitem__") and hasattr(one, "__dict__"):
                for inner, found in data_of(one, depth - 1):
                    yield f"{where} {inner}", found
