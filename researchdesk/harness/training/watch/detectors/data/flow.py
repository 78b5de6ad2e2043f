"""Follows data into models: which rows were trained on, which were evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.data.items import (
    Items,
    is_plain,
    tensors_in,
)
from researchdesk.harness.training.watch.detectors.data.naming import named_by
from researchdesk.harness.training.watch.events import Backward, Batch, Call, LossCall
from researchdesk.harness.training.watch.findings import Site
from researchdesk.harness.training.watch.session import Session

_MARK = "researchdesk watch"
_PENDING = 16
_NODES = 400
_USUAL = 4
_BUDGET = 3_000_000
_LEAST = 20_000
_WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.RNNBase)


class Part:
    """Looks at rows as they go into models. It overrides what it needs."""

    names: tuple[str, ...] = ()

    def __init__(self, session: Session) -> None:
        self.session = session

    def trained(self, items: Items) -> None:
        """A backward pass is about to go through a call of a model with these rows."""

    def evaluated(self, items: Items) -> None:
        """A model was called with these rows, and nothing was learned from them."""

    def fed(self, layer: nn.Module, data: Tensor) -> None:
        """A layer with weights that learn is given data, not what another layer computed."""

    def batch(self, batch: Batch) -> None:
        """A DataLoader gave a batch."""

    def restarted(self) -> None:
        """Training began anew: an optimizer that was not seen before."""

    def finish(self) -> None:
        """The script is over."""


class Flow(Detector):
    """Tells training from evaluation by the graph: what backward goes through is trained on."""

    parts: tuple[type[Part], ...] = ()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._parts = [kind(session) for kind in self.parts]
        self._fed = [part.fed for part in self._parts if type(part).fed is not Part.fed]
        self._batched = [part.batch for part in self._parts if type(part).batch is not Part.batch]
        self._pending: dict[int, Items] = {}
        self._losses: list[LossCall] = []
        self._batch: Batch | None = None
        self._optimizers: set[int] = set()
        self._alone: Counter[Site] = Counter()
        self._count = 0
        self._left = {True: _BUDGET, False: _BUDGET}

    def batch(self, batch: Batch) -> None:
        self._batch = batch
        for look in self._batched:
            look(batch)

    def epoch_over(self, loader: Any, batches: int) -> None:
        if self._batch is not None and self._batch.loader is loader:
            self._batch = None

    def loss(self, call: LossCall) -> None:
        if len(self._losses) < _PENDING and call.output.requires_grad:
            self._losses.append(call)

    def called(self, call: Call) -> None:
        if self.session.sampled and isinstance(call.module, _WEIGHTED):
            self._feed(call)
        if not call.root:
            return
        output = next(tensors_in(call.output), None)
        learning = call.grad and output is not None and output.requires_grad
        spent = self._left[bool(learning)] <= 0 or (learning and self.session.is_spared)
        if spent and not self.session.sampled:
            return
        items = self._items_of(call, bool(learning))
        if items is None:
            return
        if learning and output is not None and output.grad_fn is not None:
            self._await(items, output)
        elif not learning:
            self._evaluate(items)

    called_inside = called

    def _feed(self, call: Call) -> None:
        data = next(iter(call.inputs), None)
        weight = next(call.module.parameters(), None)
        if not is_plain(data) or weight is None or not weight.requires_grad or not call.grad:
            return
        if isinstance(data, Tensor) and not data.requires_grad and data.is_floating_point():
            for look in self._fed:
                look(call.module, data)

    def _items_of(self, call: Call, learning: bool) -> Items | None:
        given = [one for one in tensors_in(call.inputs) if is_plain(one)]
        if not given and self._batch is not None:
            given = [one for one in tensors_in(self._batch.batch) if is_plain(one)]
        if not given or given[0].requires_grad or next(call.module.parameters(), None) is None:
            return None
        data = given[0].detach()
        if not self._afford(data, learning):
            return None
        rest = tuple(
            one.detach()
            for one in given[1:]
            if one.shape[0] == data.shape[0] and not one.requires_grad
        )
        graph = any(_is_graph(one, data.shape[0]) for one in list(tensors_in(call.inputs))[1:])
        module = getattr(call.module, "_orig_mod", call.module)
        module = getattr(module, "module", module)
        if not isinstance(module, nn.Module):
            module = call.module
        words = hash(tuple(one for one in call.inputs if isinstance(one, int | float | str)))
        return Items(module, data, rest, call.site, self._batch, graph=graph, words=words)

    def _afford(self, data: Tensor, learning: bool) -> bool:
        """Everything at first; later, when this step is looked at closely."""
        if self.session.sampled:
            return True
        if data.device.type != "cpu" and learning:
            return False
        self._left[learning] -= max(_LEAST, min(data.numel(), data.shape[0] * 256))
        return self._left[learning] > 0

    def _await(self, items: Items, output: Tensor) -> None:
        if not self._pending:
            self._losses.clear()
        self._count += 1
        # stays with the node of the graph as long as the graph lives, and keeps nothing alive
        getattr(output.grad_fn, "metadata", {})[_MARK] = self._count
        self._pending[self._count] = items
        if len(self._pending) > _PENDING:
            self._pending.pop(next(iter(self._pending)))

    def _evaluate(self, items: Items) -> None:
        sites = [items.site]
        if items.batch is not None and items.batch.site.file == items.site.file:
            sites.append(items.batch.site)
        items.named = named_by(sites)
        if not items.module.training or items.named:
            for part in self._parts:
                part.evaluated(items)

    def before_backward(self, backward: Backward) -> None:
        if not self._pending:
            self._losses.clear()
            return
        found = self._gone_through(backward)
        losses, self._losses = self._losses, []
        for items in found:
            items.losses = losses if len(found) == 1 else []
            for part in self._parts:
                part.trained(items)

    def _gone_through(self, backward: Backward) -> list[Items]:
        """The calls that a loss was computed of.

        A line of the code that so often went through the one call before it is taken at its word.
        """
        alone = len(self._pending) == 1
        if alone and self._alone[backward.site] >= _USUAL and not self.session.sampled:
            return [self._pending.popitem()[1]]
        marks = _marks(backward)
        found = [items for n in marks if (items := self._pending.pop(n, None))]
        self._alone[backward.site] += 1 if alone and found else -_USUAL
        return found

    def before_step(self, optimizer: Optimizer) -> None:
        if id(optimizer) not in self._optimizers:
            self._optimizers.add(id(optimizer))
            for part in self._parts:
                part.restarted()

    def after_step(self, optimizer: Optimizer) -> None:
        left, self._pending = self._pending, {}
        for items in left.values():
            if not items.module.training:
                self._evaluate(items)

    def finish(self) -> None:
        self._batch = None
        self._pending.clear()
        for part in self._parts:
            part.finish()


def _is_graph(found: Tensor, rows: int) -> bool:
    """Edges between rows, or their adjacency: rows are not items of their own then."""
    if found.is_nested:
        return False
    pairs = found.dim() == 2 and found.shape[0] == 2 and not found.is_floating_point()
    return pairs or tuple(found.shape) == (rows, rows)


def _marks(backward: Backward) -> list[int]:
    """The marks in the graph of a loss, as far as it is looked at."""
    metadata = (getattr(node, "metadata", {}) for node in backward.walk.first(_NODES)[:_NODES])
    return [mark for one in metadata if (mark := one.get(_MARK)) is not None]


def names_of(parts: Sequence[type[Part]]) -> tuple[str, ...]:
    """All their findings."""
    return tuple(name for part in parts for name in part.names)


def label_counts(labels: Tensor) -> dict[int, int]:
    """How often each class is there."""
    values, counts = torch.unique(labels, return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))
