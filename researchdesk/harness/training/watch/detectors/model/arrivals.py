"""Checkpoints that were read from a file, and of which nothing came to the model."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Loaded, Stored
from researchdesk.harness.training.watch.findings import LIKELY
from researchdesk.harness.training.watch.session import Session

_FEW, _LARGEST, _DEEP = 2, 5_000_000, 2


class NothingArrived(Detector):
    """``checkpoint-loaded-in-part``: a state without missing names, in which nothing is new.

    Its names were matched with the model's own, and where none matched, the model was given what
    it had.
    """

    names = ("checkpoint-loaded-in-part",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._read: list[Tensor] = []

    def fetched(self, stored: Stored) -> None:
        found = [x for x in _weights_in(stored.data) if is_ordinary(x) and x.numel() < _LARGEST]
        if len(found) >= _FEW:
            self._read = found

    def loaded(self, loaded: Loaded) -> None:
        read, self._read = self._read, []
        if loaded.missing or loaded.unexpected or not read:
            return
        own = _matrices(loaded.module)
        shapes = {tuple(p.shape) for p in own}
        fitting = [x for x in read if tuple(x.shape) in shapes]
        if len(fitting) < _FEW or len(fitting) < len(own) / 2:
            return
        if any(_same(x, p) for x in fitting for p in own if p.shape == x.shape):
            return
        self.session.report(
            "checkpoint-loaded-in-part",
            LIKELY,
            f"{len(fitting)} tensors that were read from the file have the shapes of the model's "
            "weights, and none of them is in the model after its state was loaded: their names "
            "matched none of the model's.",
            loaded.site,
            read=len(fitting),
        )


def _weights_in(data: Any, deep: int = _DEEP) -> list[Tensor]:
    """The matrices of a state, or of states within."""
    if not isinstance(data, Mapping):
        return []
    found = [x for x in data.values() if isinstance(x, Tensor) and _is_matrix(x)]
    for inner in data.values() if deep and not found else ():
        found += _weights_in(inner, deep - 1)
    return found


def _matrices(module: nn.Module) -> list[Tensor]:
    return [p for p in module.parameters() if is_ordinary(p) and _is_matrix(p)]


def _is_matrix(x: Tensor) -> bool:
    return x.dim() >= 2 and x.is_floating_point() and x.numel() > 1


def _same(read: Tensor, own: Tensor) -> bool:
    return bool((read.detach().to(own.device, own.dtype) == own.detach()).all())
