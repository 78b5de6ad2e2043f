"""What a model was given: rows, told apart by their content."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.events import Batch, LossCall
from researchdesk.harness.training.watch.findings import Site

T = TypeVar("T")
COLUMNS = 256
ROWS = 4_096
_RICH = 16
_LAST_BITS = 16
_MODULES = 500
_CLASS_LOSSES = ("cross_entropy", "nll_loss")
BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


@dataclass(slots=True)
class Items:
    """The rows of one call of a model. ``data`` is its first tensor, without graph.

    ``others`` are further tensors with as many rows, ``words`` stands for other arguments.
    ``named`` is what the script calls them,
    ``train`` or ``test``, else empty. ``batch`` is the loader's batch that came last before.
    """

    module: nn.Module
    data: Tensor
    others: tuple[Tensor, ...]
    site: Site
    batch: Batch | None
    named: str = ""
    graph: bool = False
    words: int = 0
    losses: list[LossCall] = field(default_factory=list)
    _keys: list[int] | None = None
    _joint: list[int] | None = None
    _labels: list[Tensor | None] = field(default_factory=list)

    @property
    def keys(self) -> list[int]:
        """One number a row, the same for the same content."""
        if self._keys is None:
            self._keys = row_keys(self.data)
        return self._keys

    def joint_keys(self) -> list[int]:
        """The same, over all tensors that were given."""
        if self._joint is None:
            self._joint = [key ^ self.words for key in self.keys]
            for other in self.others:
                pairs = zip(self._joint, row_keys(other), strict=False)
                self._joint = [hash(pair) for pair in pairs]
        return self._joint

    @property
    def rows(self) -> int:
        return int(self.data.shape[0])

    @property
    def width(self) -> int:
        return self.data[0].numel() if self.rows else 0

    @property
    def held(self) -> int:
        """How many numbers the memory holds that its data are the whole, or a slice, of."""
        return self.data.untyped_storage().nbytes() // self.data.element_size()

    @property
    def is_rich(self) -> bool:
        """Whether two rows that are alike by chance are out of the question."""
        if self.width < 4:
            return False
        if not self.data.is_floating_point():
            return self.width >= _RICH
        some = self.data[:32].reshape(-1)[:2_048]
        few = some[:: max(1, some.numel() // 64)].tolist()
        return len(set(few)) > _RICH or len(set(some.tolist())) > _RICH

    def loss(self) -> LossCall | None:
        """The one loss that was computed of it; None where there are several, or none."""
        return self.losses[0] if len(self.losses) == 1 else None

    def labels(self) -> Tensor | None:
        """The class of each row, where there is one for each. Never those of a matching task."""
        if not self._labels:
            self._labels.append(self._find_labels())
        return self._labels[0]

    def _find_labels(self) -> Tensor | None:
        call = self.loss()
        if call is None:
            return None
        target = call.target.detach()
        if target.dim() == 2 and target.shape[1] == 1:
            target = target[:, 0]
        if target.dim() != 1 or target.shape[0] != self.rows or self.rows == 0:
            return None
        if call.name in BINARY and self._from_loader(target):
            target = target.long() if bool(((target == 0) | (target == 1)).all()) else target
        if call.name not in _CLASS_LOSSES + BINARY or target.is_floating_point():
            return None
        if self.rows > 4 and len(set(target.tolist())) == self.rows:
            return None
        return target

    def _from_loader(self, target: Tensor) -> bool:
        """Whether labels are data: not made up for the moment, as a GAN's are."""
        if self.batch is None:
            return False
        return any(
            one.numel() == target.numel() and bool((one.reshape(-1) == target.to(one)).all())
            for one in tensors_in(self.batch.batch)
            if is_plain(one) and one.device == target.device
        )


def is_plain(found: Any) -> bool:
    """Whether this is a tensor of numbers that can be read."""
    return (
        isinstance(found, Tensor)
        and type(found) in (Tensor, nn.Parameter)
        and found.layout is torch.strided
        and not found.is_nested
        and not found.is_complex()
        and found.device.type != "meta"
        and found.numel() > 0
        and found.dim() > 0
    )


def tensors_in(found: Any, depth: int = 3) -> Iterator[Tensor]:
    """The tensors in it, in lists, tuples and mappings too."""
    if isinstance(found, Tensor):
        yield found
    elif depth and isinstance(found, Mapping):
        for item in found.values():
            yield from tensors_in(item, depth - 1)
    elif depth and isinstance(found, list | tuple):
        for item in found:
            yield from tensors_in(item, depth - 1)


@functools.lru_cache(16)
def _weights(count: int, device: torch.device) -> Tensor:
    """Numbers between 1/2 and 3/2, always the same (of a linear congruential generator)."""
    found, state = [], 88_172_645_463_325_252
    for _ in range(count):
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        found.append(0.5 + (state >> 11) / 2**53)
    return torch.tensor(found, dtype=torch.float64, device=device)


def narrow(data: Tensor) -> Tensor:
    """(rows, at most COLUMNS of the columns, evenly spread), no graph."""
    flat = data.detach()[:ROWS].reshape(min(data.shape[0], ROWS), -1)
    if flat.shape[1] > COLUMNS:
        flat = flat[:, :: -(-flat.shape[1] // COLUMNS)]
    return flat


def row_keys(data: Tensor) -> list[int]:
    """A number for each row's content: 48 bits of a weighted sum in float64.

    The last bits hang on the order in which a sum is computed, which is not the same for each
    size of a batch.
    """
    flat = narrow(data).double()
    sums = flat @ _weights(flat.shape[1], flat.device)
    found: list[int] = (sums.view(torch.int64) >> _LAST_BITS).tolist()
    return found


class PerModule(Generic[T]):
    """Something for each module. It is kept to the end: a script's model may not live so long."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self._all: list[T] = []
        self._held: weakref.WeakKeyDictionary[nn.Module, T] = weakref.WeakKeyDictionary()

    def of(self, module: nn.Module) -> T:
        found = self._held.get(module)
        if found is None:
            found = self._held[module] = self._make()
            if len(self._all) < _MODULES:
                self._all.append(found)
        return found

    def known(self, module: nn.Module) -> T | None:
        return self._held.get(module)

    def all(self) -> list[T]:
        return list(self._all)

    def clear(self) -> None:
        self._held.clear()
        self._all.clear()
