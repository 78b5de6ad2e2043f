"""Updates that are smaller than the distance of two neighbouring numbers."""

import weakref
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import (
    is_dense,
    parameters,
    spread,
)
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_PICKS = 4
_ENOUGH, _LOST = 8, 0.5
_COARSE = (torch.bfloat16, torch.float16)


@dataclass(slots=True)
class _Lost:
    """One optimizer: of the weights with a gradient, which share did not move, look by look."""

    site: Site
    dtype: str = ""
    rate: float = 0.0
    shares: list[float] = field(default_factory=list)
    before: list[tuple[Tensor, Tensor]] = field(default_factory=list)


class Rounding(Detector):
    """``updates-rounded-away``: weights of 16 bits, which most steps leave as they were.

    bfloat16 keeps 8 bits of a number and float16 11: a change of less than 1/256, or 1/2048, of the
    weight is lost where it is rounded. Optimizers that are not torch's may keep the rest elsewhere.
    """

    names = ("updates-rounded-away",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._lost: weakref.WeakKeyDictionary[Optimizer, _Lost] = weakref.WeakKeyDictionary()
        self._all: list[_Lost] = []

    def created(self, owner: Any, site: Site) -> None:
        if isinstance(owner, Optimizer):
            self._of(owner, site)

    def _of(self, optimizer: Optimizer, site: Site | None = None) -> _Lost:
        found = self._lost.get(optimizer)
        if found is None:
            found = self._lost[optimizer] = _Lost(site or here(2))
            if len(self._all) < 100:
                self._all.append(found)
        return found

    def before_step(self, optimizer: Optimizer) -> None:
        if not self.session.sampled or not type(optimizer).__module__.startswith("torch.optim"):
            return
        coarse = [p for p in parameters(optimizer) if p.dtype in _COARSE and p.grad is not None]
        if not coarse:
            return
        lost = self._of(optimizer)
        lost.dtype = str(coarse[0].dtype).removeprefix("torch.")
        lost.rate = float(optimizer.param_groups[0].get("lr", 0.0))
        dense = [p for p in coarse if is_dense(p.data) and p.dim() > 1]
        lost.before = [
            (p, spread(p.detach()).clone()) for p in dense[:: max(1, len(dense) // _PICKS)]
        ]

    def after_step(self, optimizer: Optimizer) -> None:
        lost = self._lost.get(optimizer)
        if lost is None or not lost.before:
            return
        still = pulled = 0
        for p, before in lost.before:
            if p.grad is not None and is_dense(p.grad):
                pulling = spread(p.grad) != 0
                pulled += int(pulling.sum())
                still += int((pulling & (spread(p.detach()) == before)).sum())
        lost.before = []
        if pulled and lost.rate:
            lost.shares.append(still / pulled)

    def finish(self) -> None:
        for lost in self._all:
            late = lost.shares[len(lost.shares) // 3 :]
            if len(lost.shares) < _ENOUGH or not late:
                continue
            share = sum(late) / len(late)
            if _LOST <= share < 1:
                self.session.report(
                    "updates-rounded-away",
                    LIKELY,
                    f"{share:.0%} of the weights that had a gradient stayed as they were in a step "
                    f"(in {len(lost.shares)} observed steps): they are {lost.dtype}, and what was "
                    "to be added is less than half the distance to the next such number.",
                    lost.site,
                    share=share,
                    looks=len(lost.shares),
                )
