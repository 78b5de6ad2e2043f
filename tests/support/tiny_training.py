"""A small experiment with every source of randomness in it, and what it takes to train it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler

from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.experiment import Batch, Experiment, Split
from researchdesk.harness.training.loop import train
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.run import Run

SETTINGS = {"lr": 0.05, "steps": 24, "batch_size": 8, "evaluate_every": 5}


class Plain(Experiment):
    """Three classes of points in the plane, learned by a small network; can be stacked."""

    task: ClassVar[str] = "classification"
    batchable: ClassVar[bool] = True

    def data(self, run: Run) -> Split:
        made = torch.Generator().manual_seed(5)
        x = torch.randn(60, 2, generator=made)
        y = (x[:, 0] > 0).long() + (x[:, 1] > 0.5).long()
        order = torch.randperm(60, generator=run.generator("split"))
        x, y = x[order], y[order]
        return Split((x[:44], y[:44]), (x[44:], y[44:]), tests={"moved": (x[44:] + 1, y[44:])})

    def model(self, run: Run) -> nn.Module:
        return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3))


class Rich(Plain):
    """The same with dropout, Adam, a schedule, noisy batches in an order of its own."""

    def model(self, run: Run) -> nn.Module:
        return nn.Sequential(
            nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3)
        )

    def optimizer(self, parameters: Iterator[nn.Parameter], run: Run) -> Optimizer:
        return Adam(parameters, lr=run.settings["lr"])

    def schedule(self, optimizer: Optimizer, run: Run) -> LRScheduler:
        return CosineAnnealingLR(optimizer, run.settings["steps"])

    def batches(self, split: Split, run: Run) -> Iterator[Batch]:
        x, y = split.train
        for chosen in torch.randperm(len(x)).reshape(-1, 11):
            yield x[chosen], y[chosen]

    def augment(self, batch: Batch, run: Run) -> Batch:
        x, y = batch
        return x + 0.1 * torch.randn(x.shape, generator=run.generator("augment")), y


class Said:
    """Keeps what runs say."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, kind: str, data: Mapping[str, Any]) -> None:
        self.all.append((kind, data))

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        return [data for found, data in self.all if found == kind]


class Lines:
    """Keeps what runs log."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def write(self, line: bytes) -> None:
        self.kept.append(line)


def trained(
    experiment: Experiment,
    settings: Mapping[str, Any] = SETTINGS,
    seed: int = 0,
    *,
    vary: str = "",
    checkpoint: Path | None = None,
    lines: Lines | None = None,
    said: Said | None = None,
) -> Training:
    """A seed, trained to its end."""
    run = Run("ours", seed, settings, said, vary=vary, steps=lines)
    training = Training(experiment, run)
    train(training, Checkpoints(checkpoint, settings.get("checkpoint_every")))
    return training


def numbers(model: nn.Module) -> Tensor:
    """All parameters in a row."""
    return torch.cat([one.detach().flatten() for one in model.parameters()])
