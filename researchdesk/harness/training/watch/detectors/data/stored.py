"""Data that are saved and loaded again, and are not what they were."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Stored as File
from researchdesk.harness.training.watch.findings import LIKELY, LOOK
from researchdesk.harness.training.watch.session import Session

_FEWEST, _VALUES, _FILES, _PARTS = 32, 4096, 50, 20
_JUMPS = 0.02
_ROUNDED = 0.98


@dataclass(slots=True)
class _Kept:
    """What a file was made of: evenly spread values of one array, and its shape."""

    shape: tuple[int, ...]
    values: Tensor


class Saved(Detector):
    """``data-differ-after-loading``: what is read again is not what was there before."""

    names = ("data-differ-after-loading",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._files: dict[str, dict[str, list[_Kept]]] = {}

    def stored(self, file: File) -> None:
        if len(self._files) >= _FILES and file.path not in self._files:
            return
        kept: dict[str, list[_Kept]] = {}
        for name, part in _parts(file.data):
            own = _kept(part)
            alike = [
                one
                for known in file.known
                if known is not part and _is_finer(known, part) and (one := _kept(known))
            ]
            if own is not None:
                kept[name] = [own, *alike[:2]]
        self._files[file.path] = kept

    def fetched(self, file: File) -> None:
        kept = self._files.get(file.path) or self._files.get(file.path.removesuffix(".npy"))
        if not kept:
            return
        for name, part in _parts(file.data):
            loaded = _kept(part)
            for number, before in enumerate(kept.get(name, ())):
                if loaded is not None and before.shape == loaded.shape:
                    self._compare(before.values, loaded.values, written=number == 0)

    def _compare(self, before: Tensor, after: Tensor, *, written: bool) -> None:
        """``written``: ``before`` is what was handed over, and not what that was made of."""
        if torch.equal(before, after) or float(before.std()) == 0:
            return
        order = before.argsort()
        steps = after[order].diff()[before[order].diff() > 0]
        if len(steps) < _FEWEST // 2:
            return
        back = float((steps < 0).double().mean())
        spread = float(after.max() - after.min())
        both = torch.stack([before, after])
        alike = float(torch.corrcoef(both)[0, 1]) if spread else 0.0
        if 0 < back <= _JUMPS and float(steps.min()) < -0.5 * spread and alike < _ROUNDED:
            self._say(LIKELY, "what its type cannot hold begins again at its other end", alike)
        elif back == 0 and alike < _ROUNDED:
            self._say(LIKELY if written else LOOK, "so much was rounded or cut off", alike)
        elif back > _JUMPS and torch.equal(before.sort().values, after.sort().values):
            self._say(LOOK, "the same values come in another order", alike)

    def _say(self, certainty: str, how: str, alike: float) -> None:
        self.session.report(
            "data-differ-after-loading",
            certainty,
            f"What was loaded is not what was there when the file was written: {how} "
            f"(correlation {alike:.2f}).",
            correlation=alike,
        )


def _parts(data: Any) -> Iterator[tuple[str, Any]]:
    """The arrays of a file by name; "" where it is one."""
    if _is_array(data):
        yield "", data
        return
    if isinstance(data, list | tuple):
        data = dict(enumerate(data))
    if isinstance(data, Mapping) or hasattr(data, "files"):
        for name in list(data)[:_PARTS]:
            one = data[name]
            if _is_array(one):
                yield str(name), one


def _is_array(one: Any) -> bool:
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(one, numpy.ndarray):
        return bool(one.dtype.kind in "fiu" and one.size >= _FEWEST)
    return is_ordinary(one) and not one.is_complex() and one.numel() >= _FEWEST


def _is_finer(known: Any, part: Any) -> bool:
    """Whether one is the same table as the other, with decimals where that has none."""
    if not _is_array(known) or tuple(known.shape) != tuple(part.shape):
        return False
    return _decimals(known) > _decimals(part)


def _decimals(one: Any) -> int:
    """Bytes of a number with decimals, 0 for whole numbers."""
    if isinstance(one, Tensor):
        return one.element_size() if one.is_floating_point() else 0
    return int(one.dtype.itemsize) if one.dtype.kind == "f" else 0


def _kept(one: Any) -> _Kept | None:
    if not _is_array(one):
        return None
    flat = one.detach().reshape(-1) if isinstance(one, Tensor) else one.reshape(-1)
    some = flat[:: max(1, len(flat) // _VALUES)]
    values = some.double().cpu() if isinstance(some, Tensor) else torch.tensor(some.tolist())
    values = values.double().clone()
    return _Kept(tuple(one.shape), values) if bool(torch.isfinite(values).all()) else None
