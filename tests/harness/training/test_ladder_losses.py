"""The rungs that compare losses, where a loss is negative, not finite or not logged."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from support.tiny_training import SETTINGS, Plain
from torch import Tensor, nn

from researchdesk.domain.ladder import RungState
from researchdesk.harness.training.experiment import Batch
from researchdesk.harness.training.ladder import compared
from researchdesk.harness.training.ladder.climbing import Climb
from researchdesk.harness.training.ladder.trial import Trial
from researchdesk.harness.training.one_seed import split_of
from researchdesk.harness.training.run import Run


class Told(Plain):
    """Its loss is what ``told`` makes of the width and of whether inputs are blank.

    Its own step logs nothing.
    """

    task = ""

    def __init__(self, told: Callable[[int, bool], float]) -> None:
        self._told = told

    def model(self, run: Run) -> nn.Module:
        return nn.Linear(2, run.settings["hidden"])

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        blank = bool((batch[0] == batch[0][:1]).all())
        given = model(batch[0])
        return 0 * given.sum() + self._told(given.shape[1], blank)

    def step(self, *given: Any) -> Mapping[str, float]:
        return {}


def climber(told: Callable[[int, bool], float]) -> Climb:
    run, experiment = Run("ours", 3, {**SETTINGS, "hidden": 8, "steps": 60}), Told(told)
    return Climb(experiment, run, split_of(experiment, run), clock=lambda: 0.0, until=1.0)


@pytest.mark.parametrize(
    ("wide", "narrow", "state"),
    [
        (-10.0, -9.0, RungState.PASSED),
        (-9.0, -10.0, RungState.PASSED),
        (-5.0, -10.0, RungState.FAILED),
        (1.0, 0.5, RungState.FAILED),
        (float("nan"), -9.0, RungState.FAILED),
    ],
)
def test_a_wider_model_may_be_worse_by_the_size_of_the_loss(
    wide: float, narrow: float, state: RungState
) -> None:
    found = compared.capacity(climber(lambda hidden, blank: wide if hidden == 8 else narrow))
    assert found.state is state, found


@pytest.mark.parametrize(
    ("real", "empty", "state"),
    [
        (-10.0, -9.0, RungState.PASSED),
        (-9.9, -10.0, RungState.FAILED),
        (-10.1, -10.0, RungState.FAILED),
        (float("nan"), 1.0, RungState.FAILED),
    ],
)
def test_inputs_are_used_where_the_loss_is_less_than_without(
    real: float, empty: float, state: RungState
) -> None:
    found = compared.input_used(climber(lambda hidden, blank: empty if blank else real))
    assert found.state is state, found


class Sized(Told):
    """Its loss lays its outputs out by the width that its run says."""

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        return model(batch[0]).view(-1, run.settings["hidden"]).square().sum(dim=1).mean()


def test_the_loss_of_a_smaller_model_goes_by_its_own_settings() -> None:
    run = Run("ours", 3, {**SETTINGS, "hidden": 8, "steps": 60})
    experiment = Sized(lambda hidden, blank: 0.0)
    climb = Climb(experiment, run, split_of(experiment, run), clock=lambda: 0.0, until=1.0)
    small = Trial(climb, climb.split, run=climb.fresh({**run.settings, "hidden": 3}))
    x, _ = next(iter(experiment.batches(climb.split, small.training.run)))
    own = small.model(x).square().sum(dim=1).mean()
    assert small.loss() == pytest.approx(float(own.detach()))
