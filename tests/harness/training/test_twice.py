"""The check that the same seed gives the same result."""

import itertools
from collections.abc import Mapping

import torch
from support.tiny_training import SETTINGS, Plain, Rich
from torch import Tensor, nn

from researchdesk.harness.training.assignment import Assignment, SeedGiven
from researchdesk.harness.training.experiment import Batch
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.shapes import Shape
from researchdesk.harness.training.twice import twice

JOB = Assignment("twice", "ours", (SeedGiven(3),), SETTINGS)


def test_an_experiment_that_is_seeded_well_passes() -> None:
    found = twice(JOB, Shape(experiment=Rich()))
    assert found["ok"] is True
    assert found["name"] == "same seed, same result"
    assert "22 logged lines" in found["message"]


def test_an_experiment_with_chance_of_its_own_is_caught() -> None:
    class Chancy(Plain):
        def augment(self, batch: Batch, run: Run) -> Batch:
            x, y = batch
            noise = torch.rand(x.shape, generator=torch.Generator().manual_seed(next(self.count)))
            return x + noise, y

        count = itertools.count()

    found = twice(JOB, Shape(experiment=Chancy()))
    assert found["ok"] is False
    assert '{"s":1,"m":{"loss":' in found["message"]


def test_a_plain_measure_is_run_twice() -> None:
    calls = itertools.count()

    def steady(run: Run) -> Mapping[str, float]:
        for step in range(10):
            run.log(step, loss=torch.rand(()))
        return {"score": float(torch.rand(()))}

    def forgetful(run: Run) -> Mapping[str, float]:
        run.log(0, loss=torch.rand(()))
        return {"score": next(calls)}

    def growing(run: Run) -> None:
        for step in range(2 + next(calls)):
            run.log(step, loss=1.0)

    assert twice(JOB, Shape(measure=steady))["ok"] is True
    assert twice(JOB, Shape(measure=forgetful))["ok"] is False
    assert twice(JOB, Shape(measure=growing))["ok"] is False


def test_a_long_measure_is_cut_short() -> None:
    steps = []

    def endless(run: Run) -> None:
        for step in itertools.count():
            steps.append(step)
            run.log(step, loss=torch.rand(()))

    assert twice(JOB, Shape(measure=endless))["ok"] is True
    assert len(steps) == 400


def test_all_seeds_at_once_are_checked_with_one() -> None:
    def measure_seeds(runs: list[Run]) -> None:
        for run in runs:
            run.log(1, loss=torch.rand((), generator=run.generator("noise")))

    assert twice(JOB, Shape(measure_seeds=measure_seeds))["ok"] is True


def test_a_model_that_remembers_between_seeds_is_caught() -> None:
    class Remembers(Plain):
        scale = 1.0

        def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
            Remembers.scale *= 1.01
            return super().loss(model, batch, run) * Remembers.scale

    assert twice(JOB, Shape(experiment=Remembers()))["ok"] is False
