"""Predictions on a fixed batch through the training."""

from typing import Any

import torch
from torch import Tensor, nn

from researchdesk.harness.training.experiment import CLASSIFICATION, Split
from researchdesk.harness.training.run import Emit

EXAMPLES = 64
SNAPSHOTS = 40


class Dynamics:
    """Tells ``predictions``: ``step``, ``values`` and ``truth`` of up to 64 test examples.

    For classification these are classes, with ``sure`` the probability given to each; for
    regression the first output. About 40 times in a training, from before its first step on.
    """

    def __init__(self, task: str, split: Split, steps: int, emit: Emit) -> None:
        self._task = task
        self._emit = emit
        self._every = max(1, steps // SNAPSHOTS)
        self._steps = steps
        x, y = split.test
        self._x, truth = x[:EXAMPLES], y[:EXAMPLES]
        self._truth = _numbers(truth if task == CLASSIFICATION else _first(truth))

    def due(self, step: int) -> bool:
        """Whether predictions are to be told after ``step``."""
        return step % self._every == 0 or step == self._steps

    def tell(self, model: nn.Module, step: int) -> None:
        """Tell what the model predicts now; it is left in the mode it was in."""
        if not self._task:
            return
        was_training = model.training
        model.eval()
        with torch.no_grad():
            output = model(self._x)
        model.train(was_training)
        told: dict[str, Any] = {"step": step, "truth": self._truth}
        if self._task == CLASSIFICATION:
            if output.dim() != 2 or output.shape[1] < 2:
                return  # an experiment with a loss of its own, whose outputs mean something else
            sure, classes = output.softmax(dim=1).max(dim=1)
            told |= {"values": _numbers(classes), "sure": _numbers(sure)}
        else:
            told |= {"values": _numbers(_first(output))}
        self._emit("predictions", told)


def _first(values: Tensor) -> Tensor:
    return values.reshape(len(values), -1)[:, 0]


def _numbers(values: Tensor) -> list[float]:
    if values.is_floating_point():
        return [round(value, 5) for value in values.tolist()]
    return [int(value) for value in values.tolist()]
