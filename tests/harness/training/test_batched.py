"""Seeds trained together are what they are alone."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest
import torch
from support.tiny_training import SETTINGS, Lines, Plain, Rich, Said, numbers, trained
from torch import Tensor, nn
from torch.optim import LBFGS, Optimizer
from torch.optim.lr_scheduler import LRScheduler, StepLR

from researchdesk.harness.training.assignment import Assignment, SeedGiven
from researchdesk.harness.training.batched import ELEMENTWISE, Together, refusal, trainings_of
from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.experiment import Batch
from researchdesk.harness.training.finite import NotFiniteError
from researchdesk.harness.training.group_loop import GroupLoop, state_in
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.plan import plan
from researchdesk.harness.training.run import Run

SEEDS = (0, 1, 5)
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}


class Chosen(Plain):
    """Plain, with the optimizer that the settings name, a schedule and noise of its own."""

    def optimizer(self, parameters: Iterator[nn.Parameter], run: Run) -> Optimizer:
        kinds = {kind.__name__: kind for kind in ELEMENTWISE}
        kind = kinds[run.settings.get("optimizer", "SGD")]
        return kind(parameters, lr=0.01)

    def schedule(self, optimizer: Optimizer, run: Run) -> LRScheduler:
        return StepLR(optimizer, 10, 0.5)

    def augment(self, batch: Batch, run: Run) -> Batch:
        x, y = batch
        return x + 0.1 * torch.randn(x.shape, generator=run.generator("augment")), y


def together(
    experiment: Plain, settings: Mapping[str, object] = SETTINGS, path: Path | None = None
) -> tuple[Together, dict[int, Lines], dict[int, Exception]]:
    lines = {seed: Lines() for seed in SEEDS}
    runs = [Run("ours", seed, settings, steps=lines[seed]) for seed in SEEDS]
    lost: dict[int, Exception] = {}
    group = Together(trainings_of(experiment, runs))
    checkpoints = Checkpoints(path, settings.get("checkpoint_every"))  # type: ignore[arg-type]
    GroupLoop(group, checkpoints, lambda one, error: lost.update({one.run.seed: error})).train()
    return group, lines, lost


@pytest.mark.parametrize("optimizer", [kind.__name__ for kind in ELEMENTWISE])
def test_stacked_seeds_train_as_they_do_alone(optimizer: str) -> None:
    settings = {**SETTINGS, "optimizer": optimizer}
    group, _, lost = together(Chosen(), settings)
    assert not lost
    for training in group.trainings:
        alone = trained(Chosen(), settings, training.run.seed)
        torch.testing.assert_close(numbers(training.model), numbers(alone.model), **TOLERANCE)
        found, expected = training.run.measured(), alone.run.measured()
        assert found.keys() == expected.keys()
        assert found["loss"] == pytest.approx(expected["loss"], rel=1e-4)


def test_each_seed_logs_what_it_logs_alone() -> None:
    _, lines, _ = together(Plain())
    for seed in SEEDS:
        alone = Lines()
        trained(Plain(), seed=seed, lines=alone)
        assert len(lines[seed].kept) == len(alone.kept)
        assert [line[:8] for line in lines[seed].kept] == [line[:8] for line in alone.kept]


def test_frozen_parameters_stay() -> None:
    class Frozen(Plain):
        def model(self, run: Run) -> nn.Module:
            model = super().model(run)
            next(model.parameters()).requires_grad_(False)
            return model

    group, _, _ = together(Frozen())
    for training in group.trainings:
        before = next(
            Training(Frozen(), Run("ours", training.run.seed, SETTINGS)).model.parameters()
        )
        assert torch.equal(next(training.model.parameters()), before)
        alone = trained(Frozen(), seed=training.run.seed)
        torch.testing.assert_close(numbers(training.model), numbers(alone.model), **TOLERANCE)


def test_a_seed_that_breaks_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    class Breaks(Plain):
        def augment(self, batch: Batch, run: Run) -> Batch:
            x, y = batch
            count = int(torch.randint(1, 2**40, (), generator=run.generator("augment")))
            bad = run.seed == 1 and count % 7 == 0
            return (x * torch.nan if bad else x), y

    path = tmp_path / "together.pt"
    group, lines, lost = together(Breaks(), path=path)
    assert list(lost) == [1]
    error = lost[1]
    assert isinstance(error, NotFiniteError)
    assert (error.layer, error.checkpoint) == ("what goes into 0 (Linear)", path)
    assert len(lines[1].kept) < len(lines[0].kept)
    with pytest.raises(NotFiniteError) as alone:
        trained(Breaks(), seed=1)
    assert alone.value.step == error.step
    for training in (group.trainings[0], group.trainings[2]):
        expected = numbers(trained(Breaks(), seed=training.run.seed).model)
        torch.testing.assert_close(numbers(training.model), expected, **TOLERANCE)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_group_goes_on_from_its_checkpoint_bit_for_bit(tmp_path: Path, optimizer: str) -> None:
    path = tmp_path / "together.pt"
    settings = {**SETTINGS, "optimizer": optimizer, "checkpoint_every": 9}
    whole, _, _ = together(Chosen(), settings)
    expected = [numbers(training.model) for training in whole.trainings]

    class Stops(Chosen):
        left: ClassVar[int] = 14 * len(SEEDS)

        def augment(self, batch: Batch, run: Run) -> Batch:
            Stops.left -= 1
            if Stops.left < 0:
                raise KeyboardInterrupt
            return super().augment(batch, run)

    with pytest.raises(KeyboardInterrupt):
        together(Stops(), settings, path)
    kept = Checkpoints(path).load()
    assert kept is not None
    assert kept["step"] == 9
    states = [state_in(kept, seed, "") for seed in SEEDS]
    group = Together(trainings_of(Chosen(), [Run("ours", seed, settings) for seed in SEEDS]))
    group.restore([state for state in states if state is not None])
    assert group.step == 9
    GroupLoop(group, Checkpoints(None), lambda one, error: None).train()
    for training, numbers_alone in zip(group.trainings, expected, strict=True):
        assert torch.equal(numbers(training.model), numbers_alone)


class Scale(nn.Module):
    """What ``net`` gives, multiplied by a parameter that is a scalar."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net, self.scale = net, nn.Parameter(torch.tensor(1.5))

    def forward(self, x: Tensor) -> Tensor:
        given: Tensor = self.scale * self.net(x)
        return given


class Scaled(Chosen):
    def model(self, run: Run) -> nn.Module:
        return Scale(super().model(run))


@pytest.mark.parametrize("optimizer", [kind.__name__ for kind in ELEMENTWISE])
def test_a_group_with_a_scalar_parameter_goes_on(optimizer: str) -> None:
    settings = {**SETTINGS, "optimizer": optimizer}
    whole, _, _ = together(Scaled(), settings)
    begun, _, _ = together(Scaled(), {**settings, "steps": 10})
    group = Together(trainings_of(Scaled(), [Run("ours", seed, settings) for seed in SEEDS]))
    group.restore(begun.states())
    GroupLoop(group, Checkpoints(None), lambda one, error: None).train()
    for training, expected in zip(group.trainings, whole.trainings, strict=True):
        assert torch.equal(numbers(training.model), numbers(expected.model))


def test_what_a_group_keeps_of_a_seed_goes_on_alone_too() -> None:
    group, _, _ = together(Chosen(), {**SETTINGS, "steps": 10})
    alone = Training(Chosen(), Run("ours", 1, SETTINGS))
    alone.restore(group.states()[1])
    while alone.step < alone.steps:
        alone.advance(alone.batch())
    expected = numbers(trained(Chosen(), seed=1).model)
    torch.testing.assert_close(numbers(alone.model), expected, **TOLERANCE)


def test_what_cannot_be_stacked_says_why() -> None:
    class Own(Plain):
        def step(
            self, model: nn.Module, batch: Batch, optimizer: Optimizer, run: Run
        ) -> Mapping[str, Tensor | float]:
            return super().step(model, batch, optimizer, run)

    class Whole(Plain):
        def optimizer(self, parameters: Iterator[nn.Parameter], run: Run) -> Optimizer:
            return LBFGS(parameters)

    class Shy(Plain):
        batchable = False

    words = [
        refusal(one, Run("ours", 0, SETTINGS)) for one in (Plain(), Own(), Whole(), Shy(), Rich())
    ]
    for said, expected in zip(
        words, ["", "step of its own", "LBFGS", "not say", "BatchNorm1d (1)"], strict=True
    ):
        assert expected in said
        assert bool(said) == bool(expected)


def job(*seeds: int) -> Assignment:
    return Assignment("plan", "ours", tuple(map(SeedGiven, seeds)), SETTINGS)


def test_a_plan_measures_both_ways_and_sees_that_they_agree() -> None:
    found = plan(job(0, 1, 2, 3), Plain())
    assert found["same"] is True
    assert found["sequential"] > 0
    assert found["batched"] > 0


def test_a_plan_sees_that_stacked_seeds_train_otherwise() -> None:
    class ByShape(Plain):
        """Decays weights and not biases, by their dimensions, which stacking changes."""

        def optimizer(self, parameters: Iterator[nn.Parameter], run: Run) -> Optimizer:
            given = list(parameters)
            groups = [
                {"params": [one for one in given if one.dim() > 1], "lr": 1.0},
                {"params": [one for one in given if one.dim() <= 1], "lr": 0.0},
            ]
            return torch.optim.SGD([group for group in groups if group["params"]])

    found = plan(job(0, 1), ByShape())
    assert (found["same"], found["batched"]) == (False, 0)
    assert "train otherwise: the loss of seed" in found["message"]


def test_a_plan_says_why_seeds_cannot_be_stacked() -> None:
    class Branches(Plain):
        def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
            loss = super().loss(model, batch, run)
            return loss if loss.item() > 0 else -loss

    found = plan(job(0, 1), Branches())
    assert (found["same"], found["batched"]) == (False, 0)
    assert "cannot be stacked" in found["message"]
    assert "BatchNorm1d" in plan(job(0, 1), Rich())["message"]


def test_groups_tell_what_single_seeds_tell() -> None:
    said = {seed: Said() for seed in SEEDS}
    runs = [Run("ours", seed, SETTINGS, said[seed]) for seed in SEEDS]
    GroupLoop(
        Together(trainings_of(Plain(), runs)), Checkpoints(None), lambda one, error: None
    ).train()
    alone = Said()
    trained(Plain(), said=alone)
    assert [one["step"] for one in said[0].of("predictions")] == [
        one["step"] for one in alone.of("predictions")
    ]
    assert said[5].of("timing")[-1]["together"] == 3
