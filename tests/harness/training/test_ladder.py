"""The rungs of the ladder: a planted fault fails its own rung, a sound experiment passes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch
from support.tiny_training import SETTINGS, Plain, Rich
from torch import Tensor, nn
from torch.nn import functional

from researchdesk.domain.ladder import RUNGS, RungState
from researchdesk.harness.training.assignment import Assignment, SeedGiven
from researchdesk.harness.training.experiment import Batch, Experiment, Split
from researchdesk.harness.training.ladder import (
    compared,
    data,
    job,
    overfit,
    soundness,
    watched,
)
from researchdesk.harness.training.ladder.climbing import Climb, Found
from researchdesk.harness.training.ladder.job import climb
from researchdesk.harness.training.one_seed import split_of
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.shapes import Shape
from researchdesk.harness.training.watch.session import Session

PASSED, FAILED, NOT_RUN = RungState.PASSED, RungState.FAILED, RungState.NOT_RUN


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overfit, "MOST_STEPS", 400)
    monkeypatch.setattr(compared, "_MOST_STEPS", 120)
    # its probes would stay in this process: test_ladder_watched has processes of its own
    monkeypatch.setattr(watched, "observed", lambda: Session(()))


def climber(experiment: Experiment, **settings: Any) -> Climb:
    """The first seed, whose time is never over."""
    run = Run("ours", 3, {**SETTINGS, **settings})
    return Climb(experiment, run, split_of(experiment, run), clock=lambda: 0.0, until=1.0)


class Line(Plain):
    """A line through noise, to be fitted by least squares."""

    task = "regression"

    def data(self, run: Run) -> Split:
        made = torch.Generator().manual_seed(7)
        x = torch.randn(160, 3, generator=made)
        y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.01 * torch.randn(160, 1, generator=made)
        return Split((x[:120], y[:120]), (x[120:], y[120:]))

    def model(self, run: Run) -> nn.Module:
        width = run.settings.get("hidden", 16)
        return nn.Sequential(nn.Linear(3, width), nn.Tanh(), nn.Linear(width, 1))


class Blobs(Plain):
    """Four classes of 120 rows, far apart; ``noise`` makes the labels chance."""

    def data(self, run: Run) -> Split:
        made = torch.Generator().manual_seed(9)
        y = torch.arange(160) % 4
        centres = torch.tensor([[2.0, 0], [0, 2], [-2, 0], [0, -2]])
        x = centres[y] + 0.2 * torch.randn(160, 2, generator=made)
        if run.settings.get("noise"):
            y = y[torch.randperm(160, generator=made)]
        return Split((x[:120], y[:120]), (x[120:], y[120:]))

    def model(self, run: Run) -> nn.Module:
        return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 4))


class Full(Rich):
    """With dropout and batch normalization, in batches of any size."""

    batches = Experiment.batches


RUNGS_OF_ALL: Mapping[str, Callable[[Climb], Found]] = {name: rung for name, rung, _ in job.WHOLE}


@pytest.mark.parametrize("name", [name for name in RUNGS_OF_ALL if name != "baselines"])
@pytest.mark.parametrize(
    "experiment", [Plain(), Full(), Line(), Blobs()], ids=lambda e: repr(type(e).__name__)
)
def test_sound_experiments_fall_at_no_rung(name: str, experiment: Experiment) -> None:
    found = RUNGS_OF_ALL[name](climber(experiment, batch_size=11))
    assert found.state is not FAILED, found
    if found.state is PASSED:
        assert found.figure


class Overlapping(Plain):
    def data(self, run: Run) -> Split:
        split = super().data(run)
        x, y = split.test
        return replace(split, test=(torch.cat([x, split.train[0][:3]]), torch.cat([y, y[:3]])))


class OneClassAway(Plain):
    def data(self, run: Run) -> Split:
        split = super().data(run)
        x, y = split.train
        return replace(split, train=(x[y != 2], y[y != 2]))


class TooSure(Plain):
    def model(self, run: Run) -> nn.Module:
        model = super().model(run)
        model[2].weight.data *= 200
        return model


class FarOff(Line):
    def model(self, run: Run) -> nn.Module:
        model = super().model(run)
        model[2].bias.data += 100.0
        return model


class Crossed(Plain):
    """A softmax over the batch, not over a row's own features."""

    def model(self, run: Run) -> nn.Module:
        return nn.Sequential(nn.Linear(2, 8), nn.Softmax(dim=0), nn.Linear(8, 3))


class Deaf(Plain):
    def model(self, run: Run) -> nn.Module:
        class Constant(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.answer = nn.Parameter(torch.zeros(3))

            def forward(self, x: Tensor) -> Tensor:
                return self.answer.expand(len(x), 3)

        return Constant()


class Mixed(Plain):
    """Every batch's labels in another order than its rows."""

    def augment(self, batch: Batch, run: Run) -> Batch:
        x, y = batch
        return x * 0.0, y


class Unused(Plain):
    def model(self, run: Run) -> nn.Module:
        model = super().model(run)
        model.register_module("spare", nn.Linear(2, 2))
        model.forward = lambda x: model[2](model[1](model[0](x)))
        return model


class HalfGiven(Plain):
    def optimizer(self, parameters: Any, run: Run) -> torch.optim.Optimizer:
        return super().optimizer(iter(list(parameters)[:2]), run)


class Frozen(HalfGiven):
    """The same, and said so: nothing is wrong with it."""

    def model(self, run: Run) -> nn.Module:
        model = super().model(run)
        model[2].requires_grad_(False)
        return model


class Hidden(Plain):
    """A layer in a plain list: neither trained nor saved."""

    def model(self, run: Run) -> nn.Module:
        class Listed(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.first = nn.Linear(2, 8)
                self.others = [nn.Linear(8, 3)]

            def forward(self, x: Tensor) -> Tensor:
                return self.others[0](torch.tanh(self.first(x)))

        return Listed()


class Counting(Plain):
    """State that training changes and that is no buffer."""

    def model(self, run: Run) -> nn.Module:
        class Counts(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.layer, self.calls = nn.Linear(2, 3), 0

            def forward(self, x: Tensor) -> Tensor:
                self.calls += self.training
                return self.layer(x) + self.calls

        return Counts()


class Clipped(Plain):
    """The loss is clamped where the gradient was meant."""

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        return functional.cross_entropy(model(batch[0]), batch[1]).clamp(max=0.01)


class Uphill(Plain):
    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        return -functional.cross_entropy(model(batch[0]), batch[1])


FAULTS: list[tuple[Callable[[Climb], Found], Experiment, str]] = [
    (data.overlap, Overlapping(), "3 of 19 rows of test"),
    (data.balance, OneClassAway(), "training lacks: 2"),
    (soundness.initial_loss, TooSure(), "too sure"),
    (soundness.initial_loss, FarOff(), "far larger"),
    (soundness.own_input, Crossed(), "another row"),
    (soundness.own_input, Deaf(), "its own input"),
    (soundness.parameters, Unused(), "spare.weight"),
    (soundness.parameters, HalfGiven(), "In no optimizer"),
    (soundness.save_reload, Hidden(), "another seed"),
    (soundness.save_reload, Counting(), "state_dict"),
    (overfit.one_sample, Clipped(), "one sample"),
    (overfit.four_samples, Uphill(), "4 rows"),
    (overfit.one_batch, Deaf(), "does not fit 8 rows"),
    (compared.input_used, Mixed(), "no better than without"),
    (compared.input_used, Deaf(), "same output"),
]


@pytest.mark.parametrize(
    ("rung", "experiment", "words"),
    FAULTS,
    ids=lambda one: getattr(one, "__name__", None) or repr(one)[:30],
)
def test_a_planted_fault_fails_its_rung(
    rung: Callable[[Climb], Found], experiment: Experiment, words: str
) -> None:
    found = rung(climber(experiment))
    assert found.state is FAILED, found
    assert words in found.message


def test_what_is_frozen_on_purpose_is_sound() -> None:
    found = soundness.parameters(climber(Frozen()))
    assert found.state is PASSED
    assert found.figure == "51, 24 of them trained"


def test_a_rate_that_is_off_is_named() -> None:
    found = overfit.one_batch(climber(Plain(), lr=0.02))
    assert found.state is FAILED
    assert "ten times its learning rate" in found.message
    few = overfit.one_sample(climber(Line(), lr=1.0))
    assert few.state is PASSED, few
    assert "a tenth of its learning rate" in few.message


def test_a_hundred_rows_generalise_or_do_not() -> None:
    sound = overfit.hundred(climber(Blobs()))
    assert sound.state is PASSED, sound
    assert "majority 0.25" in sound.figure
    chance = overfit.hundred(climber(Blobs(), noise=True))
    assert chance.state is FAILED, chance
    assert overfit.hundred(climber(Plain())).state is NOT_RUN
    line = overfit.thousand(climber(Line()))
    assert line.state is PASSED, line
    assert "120 rows" in line.figure


def test_baselines_stand_beside_the_network() -> None:
    one = climber(Blobs())
    overfit.hundred(one)
    found = compared.baselines(one)
    assert found.state is PASSED, found
    assert "network 1" in found.figure
    assert "1-nn 1" in found.figure
    found = compared.baselines(climber(Line()))
    assert "linear 0.000" in found.figure
    assert "no network" in found.message


@pytest.mark.slow
def test_capacity_is_compared_where_a_width_is_set() -> None:
    assert compared.capacity(climber(Line())).state is NOT_RUN
    found = compared.capacity(climber(Line(), hidden=16, steps=100))
    assert found.state is PASSED, found
    assert found.message == "The smaller one has hidden = 4."


class Own(Plain):
    """A task of its own: only its loss is known."""

    task = ""

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        return functional.cross_entropy(model(batch[0]), batch[1])

    def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
        return {"nothing": 0.0}


def test_a_task_of_its_own_is_judged_by_its_loss() -> None:
    assert overfit.one_sample(climber(Own())).state is PASSED
    assert overfit.hundred(climber(Own())).state is NOT_RUN
    assert soundness.initial_loss(climber(Own())).state is NOT_RUN
    assert soundness.own_input(climber(Own())).state is PASSED
    assert compared.input_used(climber(Own())).state is PASSED


def test_time_that_is_over_tells_nothing() -> None:
    late = climber(Clipped())
    late.until = 0.0
    for _, rung, _ in job.WHOLE[4:-1]:
        assert rung(late).state in (NOT_RUN, PASSED)


def test_a_loss_that_breaks_is_told_with_its_step() -> None:
    found = overfit.four_samples(climber(Line(), lr=1e20))
    assert found.state is FAILED
    assert "stopped being finite at step" in found.message


def _told(experiment: Experiment, **more: Any) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    settings = {**SETTINGS, "lr": 0.5}
    given = Assignment("ladder", "ours", (SeedGiven(3),), settings, seconds=20.0, **more)
    climb(given, Shape(experiment=experiment), lambda rung: told.append(dict(rung)))
    return told


def test_the_job_tells_every_rung_once() -> None:
    told = _told(Plain())
    assert {rung["name"] for rung in told} == set(RUNGS)
    assert len(told) == len(RUNGS)
    assert [r["name"] for r in told if r["state"] == "failed"] == []
    brief = _told(Plain(), brief=True)
    assert len(brief) == len(job.BRIEF) < len(told)
    assert all(rung["seconds"] >= 0 for rung in brief)
    with pytest.raises(TypeError, match="measure"):
        climb(Assignment("ladder", "ours", (SeedGiven(3),)), Shape(measure=lambda run: {}), print)


def test_what_the_experiment_raises_is_told_at_its_rung() -> None:
    class Narrow(Plain):
        def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
            if len(batch[0]) < 8:
                raise ValueError("fewer than eight")
            return super().loss(model, batch, run)

    told = {rung["name"]: rung for rung in _told(Narrow(), brief=True)}
    assert told["one-sample"]["state"] == "not run"
    assert told["one-sample"]["message"] == "It raised ValueError: fewer than eight"
    assert told["one-batch"]["state"] == "passed"


def test_a_brief_look_does_not_condemn_what_learns_slowly() -> None:
    slow = climber(Plain(), lr=1e-9, steps=10_000)
    slow.brief = True
    found = compared.input_used(slow)
    assert found.state is NOT_RUN
    assert math.isfinite(slow.left_s)
