"""What loaders hand out: batches of one, a smaller last one, items left out or changing."""

from __future__ import annotations

import weakref
from typing import Any

from torch import nn
from torch.utils.data import DataLoader, IterableDataset

from researchdesk.harness.training.watch.detectors.data.averaging import (
    Sizes,
    Slices,
    averaged_per_batch,
)
from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import (
    Items,
    is_plain,
    row_keys,
    tensors_in,
)
from researchdesk.harness.training.watch.detectors.data.order import is_sequential
from researchdesk.harness.training.watch.events import Batch
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_PLACES = 50
_INDICES = 4


class Batches(Part):
    """``batch-of-one`` and its like."""

    names = ("batch-of-one", "last-batch-averaged", "evaluation-drops-items", "evaluation-varies")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._norming: weakref.WeakKeyDictionary[nn.Module, bool] = weakref.WeakKeyDictionary()
        self._normed: weakref.WeakSet[Any] = weakref.WeakSet()
        self._evaluating: weakref.WeakSet[Any] = weakref.WeakSet()
        self._widest = 0
        self._firsts: weakref.WeakKeyDictionary[Any, dict[int, tuple[int, int]]] = (
            weakref.WeakKeyDictionary()
        )
        self._looked: set[Site] = set()
        self._slices = Slices()

    def trained(self, items: Items) -> None:
        known = self._norming.get(items.module)
        if known is None or self.session.sampled:
            known = self._norming[items.module] = _normalises(items.module)
        if not known:
            return
        self._widest = max(self._widest, items.rows)
        if items.batch is not None:
            self._normed.add(items.batch.loader)
        if items.rows == 1 and self._widest > 1 and items.batch is None:
            self._report_one(items.site)

    def batch(self, batch: Batch) -> None:
        if batch.site.file and batch.site not in self._looked and len(self._looked) < _PLACES:
            self._looked.add(batch.site)
            self._look_at_average(batch)
        if batch.loader in self._normed and self._widest > 1:
            first = next((one for one in tensors_in(batch.batch) if is_plain(one)), None)
            if first is not None and first.shape[0] == 1:
                self._report_one(batch.site)

    def _report_one(self, site: Site) -> None:
        self.session.report(
            "batch-of-one",
            LIKELY,
            f"A batch of one item comes to training, beside batches of {self._widest}; the model "
            "has batch normalisation, and one item has no spread to be normalised by.",
            site,
            largest=self._widest,
        )

    def _look_at_average(self, batch: Batch) -> None:
        loader = batch.loader
        left = _left_over(loader)
        if not left or loader.drop_last or len(loader.dataset) < loader.batch_size:
            return
        if at := averaged_per_batch(batch.site):
            self.session.report(
                "last-batch-averaged",
                LOOK,
                f"Means of batches are averaged, and the last batch has {left} items in place of "
                f"{loader.batch_size}: its items count {loader.batch_size / left:.3g} times.",
                at,
                last=left,
                batch_size=loader.batch_size,
            )

    def finish(self) -> None:
        for at, sizes in self._slices.rest():
            self._report_slices(at, sizes)

    def _report_slices(self, at: Site, sizes: Sizes) -> None:
        self.session.report(
            "last-batch-averaged",
            LOOK,
            f"Means of batches are averaged, and the last batch has {sizes.last} items in place "
            f"of {sizes.whole}: its items count {sizes.whole / sizes.last:.3g} times.",
            at,
            last=sizes.last,
            batch_size=sizes.whole,
        )

    def evaluated(self, items: Items) -> None:
        if found := self._slices.add(items.site, items.module, items.rows):
            self._report_slices(*found)
        batch = items.batch
        if batch is None or not isinstance(batch.loader, DataLoader) or items.named == "train":
            return
        if items.module.training and items.named != "test":
            return
        self._look_at_dropped(batch)
        self._look_at_change(batch)

    def _look_at_dropped(self, batch: Batch) -> None:
        loader = batch.loader
        if loader in self._evaluating:
            return
        self._evaluating.add(loader)
        left = _left_over(loader)
        if left and loader.drop_last:
            self.session.report(
                "evaluation-drops-items",
                LOOK,
                f"The loader used for evaluation has drop_last: {left} of {len(loader.dataset)} "
                "items are never evaluated.",
                batch.site,
                dropped=left,
                items=len(loader.dataset),
            )

    def _look_at_change(self, batch: Batch) -> None:
        loader = batch.loader
        if batch.index >= _INDICES or not is_sequential(loader):
            return
        first = next((one for one in tensors_in(batch.batch) if is_plain(one)), None)
        if first is None or isinstance(loader.dataset, IterableDataset):
            return
        firsts = self._firsts.setdefault(loader, {})
        key = hash(tuple(row_keys(first[:32])))
        epoch, known = firsts.setdefault(batch.index, (batch.epoch, key))
        if epoch != batch.epoch and known != key:
            self.session.report(
                "evaluation-varies",
                LOOK,
                "The same items, evaluated again, were not the same: a random transform is at "
                "work in evaluation.",
                batch.site,
            )


def _normalises(module: nn.Module) -> bool:
    return any(
        isinstance(one, nn.modules.batchnorm._BatchNorm) and one.training
        for one in module.modules()
    )


def _left_over(loader: Any) -> int:
    """How many items are left for a last batch that is not whole."""
    size = getattr(loader, "batch_size", None)
    dataset = getattr(loader, "dataset", None)
    if not isinstance(size, int) or isinstance(dataset, IterableDataset):
        return 0
    try:
        return len(dataset) % size  # type: ignore[arg-type]
    except TypeError:
        return 0
