"""Batch normalization's recipe: the network of section 4.1, with it and without."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from researchdesk import assets
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.training.datasets import file_of, keep
from researchdesk.harness.training.loop import Training
from researchdesk.harness.training.run import Run

FOLDER = assets.folder("data") / "recipes" / "1502.03167-batch-normalization"
RECIPE = load_recipe(FOLDER, bundled=True)
DIGITS = {"mnist": "substitute:scikit-learn:digits"}


@pytest.fixture(scope="module")
def experiment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("batch_normalization", FOLDER / "experiment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trained(
    experiment: ModuleType,
    name: str,
    cache: Path,
    data: dict[str, str] = DIGITS,
    **settings: Any,
) -> Training:
    arm = RECIPE.arm(name)
    assert arm is not None
    run = Run(name, 2, {**arm.settings, **settings}, data=data, cache=cache)
    training = Training(experiment.BatchNormalization(), run)
    while training.step < training.steps:
        training.advance(training.batch())
        if training.is_evaluated_at(training.step):
            run.log(training.step, **training.evaluate())
    return training


def test_images_are_binary_and_layers_as_the_paper_says(
    experiment: ModuleType, tmp_path: Path
) -> None:
    training = trained(experiment, "without", tmp_path, substitute_steps=1)
    assert set(training.split.train[0].unique().tolist()) == {0.0, 1.0}
    shapes = [tuple(layer.weight.shape) for layer in training.model.layers]
    assert shapes == [(100, 64), (100, 100), (100, 100), (10, 100)]


def test_with_and_without_differ_in_scale_and_shift_alone(
    experiment: ModuleType, tmp_path: Path
) -> None:
    """A normalized layer has no bias, and a scale and a shift for each unit."""
    counts = {}
    for name in ("with", "without"):
        model = trained(experiment, name, tmp_path, substitute_steps=1).model
        counts[name] = sum(parameter.numel() for parameter in model.parameters())
    assert counts["with"] - counts["without"] == 3 * (2 * 100 - 100)


def test_three_hundred_steps_show_the_difference(experiment: ModuleType, tmp_path: Path) -> None:
    accuracies = {}
    for name in ("with", "without"):
        training = trained(experiment, name, tmp_path, substitute_steps=300)
        accuracies[name] = training.evaluate()["test_accuracy"]
    assert accuracies["with"] > 0.8 > accuracies["without"]


def test_what_was_seen_is_part_of_the_models_state(experiment: ModuleType, tmp_path: Path) -> None:
    training = trained(experiment, "with", tmp_path, substitute_steps=300)
    model = training.model
    assert int(model.seen) == len(model.history) == 3
    assert {"history", "accuracies", "seen"} <= set(model.state_dict())
    lower, middle, upper = model.history[-1]
    assert bool((lower <= middle).all())
    assert bool((middle <= upper).all())


def test_steps_to_an_accuracy_are_those_of_its_first_evaluation(
    experiment: ModuleType, tmp_path: Path
) -> None:
    training = trained(experiment, "with", tmp_path, substitute_steps=300)
    training.model.accuracies[:] = torch.tensor([0.7, 0.85, 0.75])
    assert training.finish()["steps_to_80"] == 200
    training.model.accuracies[:] = 0.1
    assert training.finish()["steps_to_80"] == 300


def test_the_equations_of_section_3_3(experiment: ModuleType, tmp_path: Path) -> None:
    found = trained(experiment, "algebra", tmp_path).finish()
    assert found["scale_change"] < 1e-12
    assert found["gradient_change"] < 1e-12
    assert found["added_per_activation"] == 2


def test_mnist_is_read_from_the_cache_where_it_is_kept(
    experiment: ModuleType, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "image_shape": np.asarray((28, 28)),
        "classes": np.asarray([str(i) for i in range(10)]),
        "highest": np.asarray(255.0),
        "licence": np.asarray("mit"),
    }
    for part, count in (("train", 120), ("test", 30)):
        arrays[f"{part}_x"] = rng.integers(0, 256, (count, 784), dtype=np.uint8)
        arrays[f"{part}_y"] = rng.integers(0, 10, count)
    keep(file_of(experiment.MNIST, tmp_path), arrays)
    training = trained(experiment, "with", tmp_path, {"mnist": "mnist"}, full_steps=4)
    split = training.split
    assert training.steps == 4
    assert (len(split.train[0]), len(split.test[0])) == (120, 30)
    assert split.train[0].tolist() == (arrays["train_x"] > 127.5).astype(float).tolist()
    assert training.model.layers[0].weight.shape == (100, 784)
