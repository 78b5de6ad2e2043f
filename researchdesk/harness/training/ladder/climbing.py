"""What the rungs share: the experiment with its data, and the time that is left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from researchdesk.domain.ladder import RungState
from researchdesk.harness.training.experiment import Experiment, Part, Split
from researchdesk.harness.training.one_seed import model_of
from researchdesk.harness.training.randomness import seed_everything
from researchdesk.harness.training.run import Run

Clock = Callable[[], float]
_PROBED = 1024


@dataclass(frozen=True, slots=True)
class Found:
    """What a rung found out: its state, the figure it hangs on, and a sentence."""

    state: RungState
    figure: str = ""
    message: str = ""


def passed(figure: str, message: str = "") -> Found:
    return Found(RungState.PASSED, figure, message)


def failed(figure: str, message: str) -> Found:
    return Found(RungState.FAILED, figure, message)


def not_run(message: str, figure: str = "") -> Found:
    return Found(RungState.NOT_RUN, figure, message)


@dataclass(slots=True)
class Climb:
    """One arm's first seed. ``until`` is when the rung at hand is to end, on ``clock``.

    ``scores`` are what trained networks reached on rows they had not seen, by how many they had;
    ``settings`` are the arm's.
    """

    experiment: Experiment
    run: Run
    split: Split
    brief: bool = False
    clock: Clock = time.monotonic
    until: float = 0.0
    scores: dict[int, float] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.clock() >= self.until

    @property
    def left_s(self) -> float:
        return max(0.0, self.until - self.clock())

    def fresh(
        self,
        settings: Mapping[str, Any] | None = None,
        streams: Mapping[str, int] | None = None,
    ) -> Run:
        """The seed at its beginning, of which nothing is told; see ``Run.silent``."""
        return self.run.silent(settings, streams)

    def model(self, run: Run | None = None) -> nn.Module:
        """The seed's model before training, or that of another run."""
        return model_of(self.experiment, run or self.fresh())

    def held_out(self) -> Part:
        """Rows to see whether it generalises: of validation where there is one, else of test."""
        x, y = self.split.test if self.split.valid is None else self.split.valid
        return x[:_PROBED], y[:_PROBED]


def outputs(model: nn.Module, x: Tensor) -> Tensor:
    """The model's outputs in eval mode, the same random numbers at each call.

    Raises TypeError where they are no tensor of as many rows as ``x``.
    """
    model.eval()
    seed_everything(0)
    given = model(x)
    if not isinstance(given, Tensor):
        raise TypeError(f"model(x) gives {type(given).__name__}, not a tensor")
    if given.dim() == 0 or len(given) != len(x):
        raise TypeError(f"model(x) gives {tuple(given.shape)} for {len(x)} rows")
    return given.detach()


def class_counts(y: Tensor) -> Tensor:
    """How many rows each class number has."""
    return torch.bincount(y.reshape(-1))
