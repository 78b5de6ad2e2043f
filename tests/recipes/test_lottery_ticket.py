"""The lottery ticket's recipe: pruning by magnitude, resets, and what needs which data."""

import importlib.util
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from researchdesk import assets
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.training.datasets import file_of, keep
from researchdesk.harness.training.run import Run

FOLDER = assets.folder("data") / "recipes" / "1803.03635-lottery-ticket"
RECIPE = load_recipe(FOLDER, bundled=True)
DIGITS = {"mnist": "substitute:scikit-learn:digits"}
SHORT = {"substitute_steps": 20, "full_steps": 4, "evaluate_every": 2}


@pytest.fixture(scope="module")
def experiment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lottery_ticket", FOLDER / "experiment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_of(name: str, cache: Path, data: dict[str, str] = DIGITS, **settings: Any) -> Run:
    arm = RECIPE.arm(name)
    assert arm is not None
    return Run(name, 3, {**arm.settings, **SHORT, **settings}, data=data, cache=cache)


def test_lenet_has_266_thousand_weights(experiment: ModuleType, tmp_path: Path) -> None:
    assert experiment.measure(run_of("size", tmp_path)) == {"weights": 266_200}


def test_conv_2_has_the_weights_of_figure_2(experiment: ModuleType) -> None:
    """4.3M in all, 38K of them in convolutions."""
    shapes = experiment.shapes("conv-2", (3, 32, 32), 10)
    convolutions = sum(math.prod(shape) for shape in shapes if len(shape) == 4)
    assert round(sum(map(math.prod, shapes)) / 1e6, 1) == 4.3
    assert convolutions // 1000 == 38


def test_the_smallest_of_what_is_left_are_pruned(experiment: ModuleType, tmp_path: Path) -> None:
    run = run_of("ticket", tmp_path)
    hidden = torch.tensor([[5.0, -0.1, 0.3, -4.0, 0.0]])
    outputs = torch.arange(1.0, 21.0).reshape(2, 10)
    masks = [torch.tensor([[1.0, 1.0, 1.0, 1.0, 0.0]]), torch.ones(2, 10)]
    first, last = experiment.pruned(run, [hidden, outputs], masks)
    assert first.tolist() == [[1.0, 0.0, 1.0, 1.0, 0.0]]
    assert last.flatten().tolist() == [0.0, 0.0] + [1.0] * 18


def test_seven_rounds_leave_a_fifth(experiment: ModuleType, tmp_path: Path) -> None:
    measured = experiment.measure(run_of("ticket", tmp_path))
    assert measured["weights_left"] == pytest.approx(21.5, abs=0.05)


def test_arms_of_a_seed_share_their_split_and_their_pruning(
    experiment: ModuleType, tmp_path: Path
) -> None:
    whole = experiment.measure(run_of("original", tmp_path))
    ticket = experiment.measure(run_of("ticket", tmp_path))
    again = experiment.measure(run_of("reinitialised", tmp_path))
    lost = 100 * (ticket["accuracy"] - again["accuracy"])
    assert again["points_lost"] == pytest.approx(lost)
    assert whole["earlier"] == 0
    assert again["weights_left"] == ticket["weights_left"]


def test_pruned_weights_stay_out(experiment: ModuleType, tmp_path: Path) -> None:
    run = run_of("original", tmp_path)
    parts = experiment.data(run)
    layers = experiment.shapes("lenet", parts.shape, parts.classes)
    start = experiment.initial(layers, run.generator("init"))
    masks = [torch.ones(shape) for shape in layers]
    masks[0][::2] = 0.0
    moved = experiment.train(run, parts, start, masks).weights[0] != start[0]
    assert not moved[::2].any()
    assert moved[1::2].any()


def test_cifar_10_is_read_from_the_cache_where_it_is_kept(
    experiment: ModuleType, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "image_shape": np.asarray((32, 32, 3)),
        "classes": np.asarray([str(i) for i in range(10)]),
        "highest": np.asarray(255.0),
        "licence": np.asarray(""),
    }
    for part, count in (("train", 72), ("test", 20)):
        arrays[f"{part}_x"] = rng.integers(0, 256, (count, 3072), dtype=np.uint8)
        arrays[f"{part}_y"] = rng.integers(0, 10, count)
    keep(file_of(experiment.SOURCES["cifar10"], tmp_path), arrays)
    run = run_of("conv-2-ticket", tmp_path, {"cifar10": "cifar10"}, rounds=1, batch_size=6)
    measured = experiment.measure(run)
    assert 70 < measured["weights_left"] < 82
    assert 1 <= measured["early_stop"] <= SHORT["full_steps"]


def test_what_the_digits_cannot_say_needs_mnist() -> None:
    needs = {claim.id: RECIPE.arm(claim.arm).needs for claim in RECIPE.claims}
    assert needs["lenet-weights"] == ("blank",)
    assert needs["conv-2-learns-faster"] == ("cifar10",)
    assert {need.name: need.substitute for need in RECIPE.data} == {
        "mnist": "scikit-learn:digits",
        "cifar10": "",
        "blank": "",
    }
