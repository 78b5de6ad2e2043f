"""Training an Experiment: seeds, evaluation, checkpoints, what it tells."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import torch
from support.tiny_training import SETTINGS, Lines, Plain, Rich, Said, numbers, trained
from torch import nn

from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.experiment import Batch, Experiment, Split
from researchdesk.harness.training.loop import train
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.run import Run


class StoppedError(Exception):
    """The machine went off."""


def stopped_at(experiment: Experiment, step: int, path: Path, lines: Lines) -> None:
    """Train, with a checkpoint every 7 steps, until the machine goes off in a step's batch."""
    settings = {**SETTINGS, "checkpoint_every": 7}
    training = Training(experiment, Run("ours", 0, settings, steps=lines))

    class Until(type(experiment)):  # type: ignore[misc]
        def augment(self, batch: Batch, run: Run) -> Batch:
            if training.step == step:
                raise StoppedError
            changed: Batch = super().augment(batch, run)
            return changed

    training.experiment = Until()
    with pytest.raises(StoppedError):
        train(training, Checkpoints(path, 7))


@pytest.mark.parametrize("experiment", [Plain(), Rich()], ids=["plain", "rich"])
@pytest.mark.parametrize("step", [7, 13, 23])
def test_a_resumed_training_ends_with_the_same_numbers_bit_for_bit(
    tmp_path: Path, experiment: Experiment, step: int
) -> None:
    whole, parts = Lines(), Lines()
    expected = trained(experiment, lines=whole)
    path = tmp_path / "0.pt"
    stopped_at(experiment, step, path, parts)
    state = Checkpoints(path).load()
    assert state is not None
    assert state["step"] == step // 7 * 7
    torch.manual_seed(999)
    run = Run("ours", 0, SETTINGS, steps=parts)
    resumed = Training(experiment, run)
    resumed.restore(state)
    del parts.kept[state["run"]["lines"] :]
    train(resumed, Checkpoints(path))
    assert torch.equal(numbers(resumed.model), numbers(expected.model))
    assert run.measured() == expected.run.measured()
    assert parts.kept == whole.kept


def test_the_same_seed_gives_the_same_numbers_and_another_does_not() -> None:
    first, again, other = (trained(Rich(), seed=seed) for seed in (0, 0, 1))
    assert first.run.measured() == again.run.measured()
    assert first.run.measured() != other.run.measured()


@pytest.mark.parametrize("vary", ["init", "order", "split", "noise", "augment"])
def test_one_source_of_randomness_varies_alone(vary: str) -> None:
    found = {}
    for seed in (1, 2):
        training = Training(Rich(), Run("ours", seed, SETTINGS, vary=vary))
        parameters = tuple(numbers(training.model).tolist())
        data = tuple(training.split.train[0].flatten().tolist())
        noise = torch.rand(()).item()
        added = training.experiment.augment((torch.zeros(2, 2), torch.zeros(2)), training.run)[0]
        found[seed] = {
            "init": parameters,
            "split": data,
            "noise": noise,
            "augment": tuple(added.flatten().tolist()),
        }
    same = {source: found[1][source] == found[2][source] for source in found[1]}
    assert same == {source: source != vary for source in found[1]}


def test_order_alone_changes_the_batches_and_not_the_data() -> None:
    ones, others = (Training(Plain(), Run("ours", seed, SETTINGS, vary="order")) for seed in (1, 2))
    assert torch.equal(ones.split.train[0], others.split.train[0])
    assert not torch.equal(ones.batch()[0], others.batch()[0])


def test_evaluating_more_often_changes_nothing() -> None:
    class Draws(Rich):
        def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
            return {**super().evaluate(model, split, run), "drawn": torch.rand(()).item()}

    rarely = trained(Draws())
    often = trained(Draws(), {**SETTINGS, "evaluate_every": 1})
    assert torch.equal(numbers(rarely.model), numbers(often.model))


def test_what_is_measured_follows_from_the_task() -> None:
    found = trained(Plain()).run.measured()
    assert set(found) == {"loss", "train_accuracy", "test_accuracy", "moved_accuracy"}
    assert 0.5 < found["train_accuracy"] <= 1

    class Line(Experiment):
        task = "regression"

        def data(self, run: Run) -> Split:
            x = torch.linspace(0, 1, 3000).unsqueeze(1)
            return Split((x, 2 * x), (x, 2 * x + 1), valid=(x, 2 * x))

        def model(self, run: Run) -> nn.Module:
            return nn.Linear(1, 1)

        def finish(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
            assert not model.training
            return {"slope": model.weight.item()}

    found = trained(Line(), {"lr": 0.5, "steps": 300}).run.measured()
    assert found["slope"] == pytest.approx(2, abs=1e-3)
    assert found["train_mse"] == found["valid_mse"] == pytest.approx(0, abs=1e-5)
    assert found["test_mse"] == pytest.approx(1, abs=1e-3)


def test_epochs_are_counted_in_batches() -> None:
    settings = {"lr": 0.05, "epochs": 2, "batch_size": 20}
    lines = Lines()
    training = trained(Plain(), settings, lines=lines)
    assert training.step == training.steps == 6
    evaluated = [line for line in map(json.loads, lines.kept) if "test_accuracy" in line["m"]]
    assert [line["s"] for line in evaluated] == [1, 2, 3, 4, 5, 6]


def test_every_pass_has_every_example_once() -> None:
    training = Training(Plain(), Run("ours", 0, {**SETTINGS, "batch_size": 30}))
    rows = torch.cat([training.batch()[0] for _ in range(2)])
    again = torch.cat([training.batch()[0] for _ in range(2)])
    assert len(rows) == 44
    assert not torch.equal(rows, again)
    everything = training.split.train[0].sort(dim=0).values
    assert torch.equal(rows.sort(dim=0).values, everything)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"lr": 0.1}, "neither steps nor epochs"),
        ({"lr": 0.1, "steps": 3, "empty": True}, "gave no batch"),
    ],
)
def test_a_wrong_experiment_is_told(settings: Mapping[str, object], words: str) -> None:
    class Wrong(Plain):
        def batches(self, split: Split, run: Run) -> Iterator[Batch]:
            return iter(()) if run.settings.get("empty") else super().batches(split, run)

    with pytest.raises(ValueError, match=words):
        trained(Wrong(), settings)


def test_predictions_on_a_fixed_batch_are_told_about_forty_times() -> None:
    said = Said()
    trained(Plain(), {**SETTINGS, "steps": 400}, said=said)
    told = said.of("predictions")
    assert [told[0]["step"], told[-1]["step"]] == [0, 400]
    assert 35 <= len(told) <= 45
    truth = told[0]["truth"]
    assert len(truth) == 16
    assert all(one["truth"] == truth and len(one["values"]) == 16 for one in told)
    right = [
        sum(a == b for a, b in zip(one["values"], truth, strict=True))
        for one in (told[0], told[-1])
    ]
    assert right[0] < right[1]
    assert all(0 <= sure <= 1 for one in told for sure in one["sure"])


def test_the_trained_model_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints" / "ours" / "0.pt"
    training = trained(Plain(), checkpoint=path)
    state = Checkpoints(path).load()
    assert state is not None
    assert state["step"] == 24
    model = Plain().model(training.run)
    model.load_state_dict(state["model"])
    assert torch.equal(numbers(model), numbers(training.model))
