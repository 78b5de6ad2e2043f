"""Gradients that another optimizer's loss left, and that are stepped with."""

import weakref
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import is_dense, parameters
from researchdesk.harness.training.watch.findings import LIKELY
from researchdesk.harness.training.watch.session import Session

_PICKS, _ENOUGH, _SHARE = 4, 4, 0.8


@dataclass(eq=False)
class _Left:
    """``held``: gradients that were there when another optimizer stepped, of an unused pass."""

    held: dict[int, tuple[Tensor, "weakref.ref[Tensor]", int]] = field(default_factory=dict)
    stepped: bool = False
    times: int = 0
    looks: int = 0


class Leftover(Detector):
    """``gradients-left-by-another``: a GAN's D keeps what G's backward put into it.

    D steps and is zeroed; G's backward goes through D, and G steps; D's own backward adds to what
    is there, and D steps with both. Zeroed right before D's own backward, it would not.
    """

    names = ("gradients-left-by-another",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._left: weakref.WeakKeyDictionary[Optimizer, _Left] = weakref.WeakKeyDictionary()

    def zeroed(self, owner: Any) -> None:
        if len(self._left) < 2:
            return
        held = parameters(owner) if isinstance(owner, Optimizer) else owner.parameters()
        ids = {id(p) for p in held}
        for left in self._left.values():
            for key in ids & left.held.keys():
                del left.held[key]

    def after_step(self, optimizer: Optimizer) -> None:
        own = self._left.setdefault(optimizer, _Left())
        own.held.clear()
        if len(self._left) < 2:
            return
        mine = {id(p) for p in parameters(optimizer)}
        for other, left in tuple(self._left.items()):
            if other is not optimizer:
                left.held = {} if not self.session.sampled else _gradients(other, mine)

    def before_step(self, optimizer: Optimizer) -> None:
        left = self._left.get(optimizer)
        if left is None or len(self._left) < 2 or not self.session.sampled:
            return
        left.looks += 1
        added = [
            p
            for p, ref, version in left.held.values()
            if p.grad is not None and p.grad is ref() and p.grad._version > version
        ]
        left.times += bool(added)
        if left.times >= _ENOUGH and left.times >= _SHARE * (left.looks - 2):
            self.session.report(
                "gradients-left-by-another",
                LIKELY,
                f"In {left.times} of {left.looks} steps this optimizer used gradients that a "
                "backward pass before another optimizer's step had left, with those of its own "
                "added to them: nothing zeroed them between.",
                steps=left.times,
                of=left.looks,
            )


def _gradients(optimizer: Optimizer, apart: set[int]) -> dict[int, Any]:
    """A few gradients that are not zero, of parameters that the other optimizer has not."""
    found: dict[int, Any] = {}
    for p in parameters(optimizer):
        grad = p.grad
        if len(found) == _PICKS:
            break
        if grad is not None and id(p) not in apart and is_dense(grad) and bool(grad.any()):
            found[id(p)] = (p, weakref.ref(grad), grad._version)
    return found
