"""Run as a file: the rung that watches, on an experiment that is named; prints what it found."""

import json
import sys
from dataclasses import asdict
from typing import Any

import torch
from support.tiny_training import SETTINGS, Plain, Rich
from torch import Tensor, nn
from torch.nn import functional

from researchdesk.harness.training.experiment import Batch
from researchdesk.harness.training.ladder.climbing import Climb
from researchdesk.harness.training.ladder.watched import silent_bugs
from researchdesk.harness.training.one_seed import split_of
from researchdesk.harness.training.run import Run


class Twice(Plain):
    """A softmax before a loss that takes one itself."""

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        return functional.cross_entropy(model(batch[0]).softmax(1), batch[1])


class Clamped(Plain):
    """The loss is clamped where its gradient was meant."""

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        return functional.cross_entropy(model(batch[0]), batch[1]).clamp(max=0.9)


class Far(Plain):
    """A learning rate that no training survives."""

    def optimizer(self, parameters: Any, run: Run) -> torch.optim.Optimizer:
        return torch.optim.Adam(parameters, lr=30.0)


if __name__ == "__main__":
    experiment = {kind.__name__: kind for kind in (Plain, Rich, Twice, Clamped, Far)}[sys.argv[1]]()
    run = Run("ours", 3, {**SETTINGS, "batch_size": 11, "epochs": 20})
    steps = json.loads(sys.argv[2])
    clock = iter(range(10**9)).__next__
    until = 1e9 if steps is None else float(steps)
    climb = Climb(experiment, run, split_of(experiment, run), clock=clock, until=until)
    print(json.dumps(asdict(silent_bugs(climb))))
