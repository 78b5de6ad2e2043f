"""A short training on some rows, at a constant rate."""

import math
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from researchdesk.harness.training.experiment import (
    CLASSIFICATION,
    REGRESSION,
    Split,
    accuracy,
    mean_squared_error,
)
from researchdesk.harness.training.ladder.climbing import Climb
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.run import Run

_GROWTH = 1.25
T = TypeVar("T")


class Trial:
    """A training of the experiment on ``split``, without a schedule, its rate times ``rate``."""

    def __init__(
        self, climb: Climb, split: Split, rate: float = 1.0, run: Run | None = None
    ) -> None:
        self._climb = climb
        self.split = split
        self.training = Training(climb.experiment, run or climb.fresh(), split)
        self.training.scheduler = None
        for group in self.training.optimizer.param_groups:
            if isinstance(group.get("lr"), float | int):
                group["lr"] = group.get("initial_lr", group["lr"]) * rate
        self.losses: list[float] = []

    @property
    def model(self) -> nn.Module:
        return self.training.model

    @property
    def steps(self) -> int:
        return self.training.step

    @property
    def broken(self) -> bool:
        """Whether the loss stopped being finite."""
        return bool(self.losses) and not math.isfinite(self.losses[-1])

    def go(self, most: int, enough: Callable[[], bool] = lambda: False) -> bool:
        """Train to ``most`` steps or until it is ``enough``: then it is true.

        Stops where the time is over or the loss is not finite.
        """
        look_at = self.steps + 1
        while self.steps < most and not self._climb.over and not self.broken:
            logged = self.training.advance(self.training.batch())
            if "loss" in logged:
                self.losses.append(float(logged["loss"]))
            if self.steps >= look_at:
                look_at = max(look_at + 1, math.ceil(look_at * _GROWTH))
                if self._at_rest(enough):
                    return True
        return not self.broken and self._at_rest(enough)

    def score(self, x: Tensor, y: Tensor) -> float:
        """The accuracy, or the mean squared error, on these rows, in eval mode."""
        measured = accuracy if self._climb.experiment.task == CLASSIFICATION else mean_squared_error
        return self._at_rest(lambda: measured(self.model, x, y))

    def loss(self) -> float:
        """The loss on the first batch of its data, in eval mode, by the settings of its run."""
        experiment, run = self._climb.experiment, self.training.run.silent()
        batch = next(iter(experiment.batches(self.split, run)))
        return self._at_rest(lambda: float(experiment.loss(self.model, batch, run).detach()))

    def fitted(self, share: float = 0.01) -> bool:
        """Whether its own training rows are learnt by heart.

        Every class right, or ``share`` of the targets' variance left (of their square, for one
        row). Of another task: all right where ``evaluate`` tells a ``train_accuracy``, else a tenth
        of the first loss.
        """
        task, (x, y) = self._climb.experiment.task, self.split.train
        if task == CLASSIFICATION:
            return self.score(x, y) == 1.0
        if task == REGRESSION:
            return self.score(x, y) <= share * _spread(y)
        found = self.training.evaluate()
        if "train_accuracy" in found:
            return found["train_accuracy"] == 1.0
        return len(self.losses) > 1 and 0 <= self.losses[-1] <= 0.1 * self.losses[0]

    def figure(self) -> str:
        """How far it came on its own rows, as words."""
        task, (x, y) = self._climb.experiment.task, self.split.train
        if task == CLASSIFICATION:
            return f"accuracy {self.score(x, y):.2f} after {self.steps:,} steps"
        if task == REGRESSION:
            left = self.score(x, y) / _spread(y)
            return f"{left:.2g} of the variance left after {self.steps:,} steps"
        first, last = (self.losses[0], self.losses[-1]) if self.losses else (math.nan, math.nan)
        return f"loss {first:.3g} to {last:.3g} in {self.steps:,} steps"

    def _at_rest(self, measured: Callable[[], T]) -> T:
        before = torch.get_rng_state()
        self.model.eval()
        try:
            return measured()
        finally:
            self.model.train()
            torch.set_rng_state(before)


def has_batch_norm(model: nn.Module) -> bool:
    return any(isinstance(module, _BatchNorm) for module in model.modules())


def _spread(y: Tensor) -> float:
    """The variance of the targets; their mean square where they are all the same."""
    y = y.double()
    spread = float((y - y.mean(dim=0)).square().mean()) if len(y) > 1 else 0.0
    return spread or float(y.square().mean()) or 1.0
