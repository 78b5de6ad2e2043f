"""NaN and infinity: the step, the layer, the last good checkpoint."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from support.tiny_training import SETTINGS, Lines, Plain, numbers, trained
from torch import Tensor, nn

from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.experiment import Batch, Split
from researchdesk.harness.training.finite import NotFiniteError
from researchdesk.harness.training.run import Run

AT = 17


class Faulty(nn.Module):
    """Does as it is told from the step on that its buffer counts to."""

    count: Tensor

    def __init__(self, forward: bool) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        self._forward = forward

    def forward(self, x: Tensor) -> Tensor:
        self.count += int(self.training)
        if self.count < AT or not self.training:
            return x
        return x / 0 if self._forward else torch.sqrt(x * 0) + x


class Breaks(Plain):
    def __init__(self, forward: bool) -> None:
        self._forward = forward

    def model(self, run: Run) -> nn.Module:
        parts = [nn.Linear(2, 8), nn.Tanh(), Faulty(self._forward), nn.Linear(8, 3)]
        return nn.Sequential(*parts)


@pytest.mark.parametrize(
    ("forward", "noticed", "layer"),
    [(True, AT, "2 (Faulty)"), (False, AT + 1, "the gradient at the output of 1 (Tanh)")],
)
def test_the_first_layer_is_found(tmp_path: Path, forward: bool, noticed: int, layer: str) -> None:
    path, lines = tmp_path / "0.pt", Lines()
    settings = {**SETTINGS, "checkpoint_every": 6}
    with pytest.raises(NotFiniteError) as caught:
        trained(Breaks(forward), settings, checkpoint=path, lines=lines)
    error = caught.value
    assert (error.step, error.layer, error.checkpoint) == (AT, layer, path)
    assert f"loss became nan at step {noticed}" in str(error)
    assert str(path) in str(error)
    state = Checkpoints(path).load()
    assert state is not None
    assert state["step"] == 12
    assert all(bool(one.isfinite().all()) for one in state["model"].values())
    logged = [line for line in lines.kept if b"loss" in line]
    assert len(logged) == noticed


def test_a_batch_that_is_not_finite_is_told_from_the_layers() -> None:
    class BadBatch(Plain):
        def augment(self, batch: Batch, run: Run) -> Batch:
            x, y = batch
            drawn = torch.rand((), generator=run.generator("augment"))
            return (x * torch.inf if drawn < 0.1 else x), y

    with pytest.raises(NotFiniteError) as caught:
        trained(BadBatch(), {**SETTINGS, "steps": 200})
    assert caught.value.layer == "what goes into 0 (Linear)"


def test_parameters_that_overflow_at_the_end_are_no_result() -> None:
    class Leaps(Plain):
        def step(
            self, model: nn.Module, batch: Batch, optimizer: torch.optim.Optimizer, run: Run
        ) -> Mapping[str, Tensor | float]:
            logged = super().step(model, batch, optimizer, run)
            if len(optimizer.param_groups) and run.lines == 27:
                with torch.no_grad():
                    next(model.parameters()).fill_(torch.inf)
            return logged

        def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
            return {"score": 1.0}

    with pytest.raises(NotFiniteError, match=r"0.weight stopped being finite at step 24"):
        trained(Leaps())


def test_a_metric_that_is_not_finite_stops_the_seed() -> None:
    class BadMetric(Plain):
        def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
            return {"score": float(numbers(model).sum() / 0)}

    with pytest.raises(NotFiniteError, match=r"score became -?inf at step 5"):
        trained(BadMetric())


def test_learning_too_fast_is_found_by_training_again() -> None:
    class Squares(Plain):
        def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
            return model(batch[0]).square().square().mean()

    with pytest.raises(NotFiniteError) as caught:
        trained(Squares(), {**SETTINGS, "lr": 1e4})
    assert caught.value.layer
    assert 1 <= caught.value.step <= 24
