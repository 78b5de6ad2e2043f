"""Gradients that pile up from step to step."""

from typing import Any

from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import CERTAIN, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH = 3


class Zeroing(Detector):
    """``gradients-not-zeroed``: a step, a backward pass, a step, and nobody zeroed in between."""

    names = ("gradients-not-zeroed",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._piled: dict[int, int] = {}
        self._stepped: dict[int, set[int]] = {}
        self._at = Site()

    def after_backward(self, backward: Backward) -> None:
        self._at = backward.site

    def zeroed(self, owner: Any) -> None:
        self._piled.clear()
        self._stepped.clear()

    def before_step(self, optimizer: Optimizer) -> None:
        held = [p for group in optimizer.param_groups for p in group["params"]]
        left = {id(p.grad) for p in held if p.grad is not None}
        known = self._stepped.get(id(optimizer), set())
        # the same tensor of a gradient, added to: a new one comes where it was set to None
        if left and left & known == left:
            times = self._piled[id(optimizer)] = self._piled.get(id(optimizer), 0) + 1
            if times >= _ENOUGH:
                self.session.report(
                    "gradients-not-zeroed",
                    CERTAIN,
                    f"{times + 1} optimizer steps used gradients that were never zeroed: each "
                    "adds to those of all the steps before.",
                    self._at,
                    steps=times + 1,
                )
        self._stepped[id(optimizer)] = left
