"""Images whose channels came last in memory, and were only counted as if they came first."""

import weakref
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import LIKELY
from researchdesk.harness.training.watch.session import Session

_NAME = "view-for-transpose"
_CHANNELS = range(2, 5)
_ITEMS = (8, 64)
_LARGEST = 1_000_000
_LOOKS, _AGREED = 4, 2
_ALIKE, _CLEARLY, _HALF = 0.1, 0.2, 0.5
_CHANCE = 6.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike values of one plane are, by their distance along a row or a column.

    ``next_row`` and ``next_column`` are for a distance of 1, ``rows`` and ``columns`` for as many
    as there are channels, ``beside`` is the most of the distances just below and above that, down
    a column. ``across`` compares the last rows of a plane with the first ones of the next,
    ``through`` the same places of both.
    """

    next_column: float
    columns: float
    next_row: float
    rows: float
    beside: float
    across: float
    through: float
    pairs: int

    @property
    def is_misread(self) -> bool:
        """Whether planes are stripes of one picture, with its channels side by side in each row.

        Then the neighbour above is as many rows away as there are channels, and the picture goes
        on from one plane to the next, which in planes of their own it never does: but for a
        pattern that repeats itself, and then planes are alike in the same places.
        """
        least = max(_ALIKE, _CHANCE / self.pairs**0.5)
        if min(self.columns, self.rows, self.across) < least or self.across < _HALF * self.rows:
            return False
        if self.across - self.through < _ALIKE:
            return False
        nearer = max(self.next_row, self.beside)
        clear = self.rows - nearer > (_ALIKE if nearer < _HALF * self.rows else _CLEARLY)
        return clear and self.columns > self.next_column - _ALIKE


def likeness(images: Tensor) -> Likeness:
    """Of images (items, channels, rows, columns), without what all items or places share."""
    x = images - images.mean((1, 2, 3), keepdim=True)
    x = x - x.mean(0)
    size = x.shape[1]
    last, first = x[:, :-1, -size:], x[:, 1:, :size]
    down = {k: _alike(x[:, :, k:], x[:, :, :-k]) for k in {1, size - 1, size, size + 1}}
    return Likeness(
        _alike(x[..., 1:], x[..., :-1]),
        _alike(x[..., size:], x[..., :-size]),
        down[1],
        down[size],
        max(down[size - 1], down[size + 1]),
        _alike(last, first),
        _alike(x[:, 1:], x[:, :-1]),
        last.numel(),
    )


def _alike(one: Tensor, two: Tensor) -> float:
    norm = float(one.square().sum() * two.square().sum()) ** 0.5
    return float((one * two).sum()) / norm if norm > 0 else 0.0


class ChannelsLast(Detector):
    """``view-for-transpose`` of images, before any module saw them."""

    names = (_NAME,)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._looks: weakref.WeakKeyDictionary[nn.Module, int] = weakref.WeakKeyDictionary()
        self._agreed: weakref.WeakKeyDictionary[nn.Module, int] = weakref.WeakKeyDictionary()
        self._found: tuple[tuple[int, ...], Likeness] | None = None

    def called(self, call: Call) -> None:
        if self.session.sampled and call.grad and isinstance(call.module, nn.Conv2d):
            self._look(call.module, call)
        if call.root and self._found is not None:
            shape, found = self._found
            self._found = None
            self._tell(call, shape, found)

    called_inside = called

    def _look(self, module: nn.Module, call: Call) -> None:
        images = call.inputs[0] if call.inputs else None
        looks = self._looks.get(module, 0)
        if looks >= _LOOKS or not is_ordinary(images) or not _are_images(images):
            return
        self._looks[module] = looks + 1
        count = max(_ITEMS[0], min(_ITEMS[1], _LARGEST // images[0].numel()))
        found = likeness(images.detach()[:count].float())
        if found.is_misread:
            self._agreed[module] = self._agreed.get(module, 0) + 1
            if self._agreed[module] == _AGREED:
                self._found = (tuple(images.shape), found)

    def _tell(self, call: Call, shape: tuple[int, ...], found: Likeness) -> None:
        size = shape[1]
        self.session.report(
            _NAME,
            LIKELY,
            f"Images of shape {shape} have the channels last in memory: values {size} rows apart "
            f"are alike (correlation {found.rows:.2f}) and those of neighbouring rows are not "
            f"({found.next_row:.2f}), and each plane goes on where the one before ends "
            f"({found.across:.2f}). They were reshaped where a permute was meant.",
            call.site,
            shape=list(shape),
            apart=found.rows,
            neighbours=found.next_row,
            across=found.across,
        )


def _are_images(found: Tensor) -> bool:
    """Whether it can be a batch of pictures that come from data, not from another layer."""
    if found.dim() != 4 or not found.is_floating_point() or found.requires_grad:
        return False
    items, channels, rows, columns = found.shape
    least = 2 * channels + 1
    if items < _ITEMS[0] or channels not in _CHANNELS or min(rows, columns) < least:
        return False
    return bool(torch.isfinite(found[: _ITEMS[0]]).all())
