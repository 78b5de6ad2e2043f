"""Weights that something else than the optimizer changes, step after step."""

import weakref
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import is_dense, parameters
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_LARGEST, _LEAST = 1 << 16, 8
_ENOUGH = 8


@dataclass
class _Seen:
    """How often one optimizer's weights were others at the next backward; ``by`` what factor."""

    site: Site
    looks: int = 0
    changed: int = 0
    scaled: int = 0
    by: float = 1.0


class Outside(Detector):
    """``weights-changed-outside``: an average that shares their memory, a decay by hand."""

    names = ("weights-changed-outside",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: weakref.WeakKeyDictionary[Optimizer, _Seen] = weakref.WeakKeyDictionary()
        self._all: list[_Seen] = []
        self._held: list[tuple[weakref.ref[Tensor], Tensor, _Seen]] = []

    def after_step(self, optimizer: Optimizer) -> None:
        if not self.session.sampled:
            return
        seen = self._seen.get(optimizer)
        if seen is None:
            seen = self._seen[optimizer] = _Seen(here())
            if len(self._all) < 100:
                self._all.append(seen)
        own = (p for p in parameters(optimizer) if p.requires_grad and is_dense(p.data))
        one = next((p for p in own if _LEAST <= p.numel() <= _LARGEST and p.dim() > 1), None)
        if one is not None and len(self._held) < 4:
            self._held.append((weakref.ref(one), one.detach().clone(), seen))

    def before_backward(self, backward: Backward) -> None:
        held, self._held = self._held, []
        for ref, before, seen in held:
            now = ref()
            if now is not None and now.shape == before.shape:
                self._compare(now.detach(), before, seen)

    def before_step(self, optimizer: Optimizer) -> None:
        self._held.clear()  # a step without a backward pass of its own

    def _compare(self, now: Tensor, before: Tensor, seen: _Seen) -> None:
        if torch.equal(now, before):
            seen.looks += 1
            return
        if not bool(torch.isfinite(now).all() & torch.isfinite(before).all()):
            return
        seen.looks += 1
        if not bool(before.any()):
            return
        seen.changed += 1
        large = before.abs() > 0.1 * before.abs().max()
        ratios = now[large] / before[large]
        middle = float(ratios.mean())
        if float((ratios - middle).abs().max()) < 1e-5 and abs(middle - 1) > 1e-7:
            seen.scaled += 1
            seen.by = middle

    def finish(self) -> None:
        for seen in self._all:
            if seen.changed < _ENOUGH or seen.changed < 0.8 * seen.looks:
                continue
            scaled = seen.scaled >= 0.8 * seen.changed
            how = f"each was multiplied by about {seen.by:.6g}" if scaled else "not all alike"
            self.session.report(
                "weights-changed-outside",
                LOOK,
                f"Between a step and the next backward pass the weights changed in {seen.changed} "
                f"of {seen.looks} looks ({how}), and no optimizer did it: an average of weights "
                "that shares their memory does so.",
                seen.site,
                changed=seen.changed,
                looks=seen.looks,
                factor=seen.by,
            )
