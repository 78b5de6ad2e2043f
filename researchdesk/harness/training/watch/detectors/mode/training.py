"""Steps taken for a model that is in evaluation mode."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detectors.mode.noise import normalises, told
from researchdesk.harness.training.watch.detectors.mode.passes import Known, Pass
from researchdesk.harness.training.watch.findings import LIKELY, LOOK

if TYPE_CHECKING:
    from researchdesk.harness.training.watch.session import Session

_ENOUGH = 3
_MAJORITY = 0.5


@dataclass(slots=True)
class Steps:
    """How many steps a model was trained for in training mode, and since then in the other."""

    training: int = 0
    evaluating: int = 0


class Trainings:
    """Tells a forgotten ``train()`` from what is frozen on purpose."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._steps: dict[Known, Steps] = {}

    def trained(self, optimizer: Optimizer, used: Iterable[Pass]) -> None:
        """An optimizer stepped after backward passes through these calls."""
        by_model: dict[Known, list[Pass]] = {}
        for one in used:
            by_model.setdefault(one.known, []).append(one)
        for known, passes in by_model.items():
            steps = self._steps.setdefault(known, Steps())
            if any(one.training or one.noisy for one in passes):
                steps.training += 1
                steps.evaluating = 0
            else:
                steps.evaluating += 1
                if steps.evaluating >= _ENOUGH:
                    self._judge(optimizer, passes[-1], steps)

    def _judge(self, optimizer: Optimizer, one: Pass, steps: Steps) -> None:
        module = one.known.module()
        layers = one.known.noise
        if module is None or not _is_trained(module, layers, optimizer):
            return
        if not layers and not steps.training:
            return
        before = f", after {steps.training} in training mode" if steps.training else ""
        idle = f"; it has {told(layers)}" if layers else ""
        self._session.report(
            "training-in-evaluation-mode",
            LIKELY if layers else LOOK,
            f"{steps.evaluating} optimizer steps trained {type(module).__name__} in evaluation "
            f"mode{before}{idle}.",
            one.site,
            steps=steps.evaluating,
            steps_in_training_mode=steps.training,
        )


def _is_trained(module: nn.Module, layers: list[nn.Module], optimizer: Optimizer) -> bool:
    """Whether the optimizer holds most of the model, and what its layers would need."""
    held = {id(p) for group in optimizer.param_groups for p in group["params"] if p.requires_grad}
    own = [id(p) in held for p in module.parameters()]
    if not own or sum(own) < _MAJORITY * len(own):
        return False
    weights = [p for layer in layers if normalises(layer) for p in layer.parameters()]
    if layers and all(normalises(layer) for layer in layers):
        return not weights or any(id(p) in held for p in weights)
    return True
