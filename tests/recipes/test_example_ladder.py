"""Our own example: every rung does what it says."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from researchdesk import assets
from researchdesk.domain.recipes import ArmKind, ClaimKind
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.training.experiment import accuracy
from researchdesk.harness.training.loop import Training
from researchdesk.harness.training.run import Run

FOLDER = assets.folder("data") / "recipes" / "example-ladder"
RECIPE = load_recipe(FOLDER, bundled=True)


@pytest.fixture(scope="module")
def experiment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_ladder", FOLDER / "experiment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trained(experiment: ModuleType, name: str, cache: Path, **settings: Any) -> Training:
    arm = RECIPE.arm(name)
    assert arm is not None
    run = Run(name, 5, {**arm.settings, **settings}, cache=cache)
    training = Training(experiment.Ladder(), run)
    while training.step < training.steps:
        training.advance(training.batch())
    return training


def test_it_shows_everything() -> None:
    kinds = {arm.kind for arm in RECIPE.arms}
    assert kinds >= {ArmKind.OURS, ArmKind.LADDER, ArmKind.ABLATION, ArmKind.BASELINE}
    assert {claim.kind for claim in RECIPE.claims} == set(ClaimKind)
    assert any(len(claim.over) > 5 for claim in RECIPE.claims)
    assert any(claim.paired for claim in RECIPE.claims)


def test_its_claims_are_predictions_without_a_quote() -> None:
    assert RECIPE.arxiv_id == ""
    assert not any(claim.quote or claim.verified for claim in RECIPE.claims)


def test_one_batch_is_overfitted(experiment: ModuleType, tmp_path: Path) -> None:
    training = trained(experiment, "overfit-one-batch", tmp_path)
    assert len(training.split.train[0]) == 32
    assert training.finish()["fitted"] == 1.0


def test_shifted_images_moved_by_one_pixel(experiment: ModuleType) -> None:
    image = torch.zeros(50, 8, 8)
    image[:, 4, 4] = 1.0
    moved = experiment.shifted(
        image.flatten(1), torch.Generator().manual_seed(0), sides_only=True
    ).reshape(50, 8, 8)
    places = {tuple(place[1:].tolist()) for place in moved.nonzero()}
    assert places == {(3, 4), (5, 4), (4, 3), (4, 5)}


def test_what_leaves_the_image_does_not_come_back(experiment: ModuleType) -> None:
    edge = torch.zeros(40, 8, 8)
    edge[:, 0, :] = 1.0
    moved = experiment.shifted(edge.flatten(1), torch.Generator().manual_seed(1))
    assert not moved.reshape(40, 8, 8)[:, 7, :].any()


def test_members_are_trained_as_if_alone(experiment: ModuleType, tmp_path: Path) -> None:
    """A member of two has the gradient that it would have by itself."""
    run = Run("voting", 0, {"hidden": 6}, cache=tmp_path)
    x, y = torch.randn(9, 4), torch.randint(3, (9,))
    pair = experiment.networks(run, 4, 3, 2)
    alone = experiment.networks(run, 4, 3, 1)
    with torch.no_grad():
        for both, one in zip(pair.parameters(), alone.parameters(), strict=True):
            one.copy_(both[1:])
    experiment.loss_of_each(pair, (x, y)).backward()
    experiment.loss_of_each(alone, (x, y)).backward()
    for both, one in zip(pair.parameters(), alone.parameters(), strict=True):
        assert torch.allclose(both.grad[1:], one.grad, atol=1e-6)


def test_voting_is_the_mean_of_probabilities(experiment: ModuleType, tmp_path: Path) -> None:
    network = experiment.networks(Run("voting", 0, {"hidden": 6}, cache=tmp_path), 4, 3, 5)
    x = torch.randn(7, 4)
    mean = network.each(x).softmax(dim=2).mean(dim=0)
    assert torch.allclose(network(x).exp(), mean, atol=1e-6)


def test_stacking_leaves_out_who_knows_nothing(experiment: ModuleType, tmp_path: Path) -> None:
    network = experiment.networks(Run("stacking", 0, {"hidden": 6}, cache=tmp_path), 4, 3, 2)
    x = torch.randn(60, 4)
    y = network.each(x)[0].argmax(dim=1).detach()
    experiment.stack(network, (x, y))
    assert network.mixture[0] > 0.9
    assert float(network.mixture.sum()) == pytest.approx(1.0)
    assert accuracy(network, x, y) > 0.9


def test_a_student_learns_from_a_teacher_that_stays(experiment: ModuleType, tmp_path: Path) -> None:
    training = trained(experiment, "distil", tmp_path, epochs=3)
    found = training.finish()
    before = experiment.Ladder().model(Run("distil", 5, training.run.settings, cache=tmp_path))
    assert found["parameters"] == 64 * 256 + 256 + 256 * 10 + 10
    assert not any(parameter.requires_grad for parameter in training.model.teacher.parameters())
    assert before.teacher.first.shape == training.model.teacher.first.shape
    assert -30 < found["kept"] < 30


def test_a_teacher_sees_what_its_student_is_trained_on_and_no_more(
    experiment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[torch.Tensor] = []

    def fit(model: Any, train: tuple[torch.Tensor, torch.Tensor], *_: Any) -> None:
        seen.append(train[0])

    monkeypatch.setattr(experiment, "fit", fit)
    split = trained(experiment, "distil", tmp_path, epochs=1).split
    assert torch.equal(seen[0], split.train[0])
    tested = {tuple(image.tolist()) for image in split.test[0]}
    assert not any(tuple(image.tolist()) in tested for image in seen[0])


def test_other_sets_are_measured_with_the_same_settings(
    experiment: ModuleType, tmp_path: Path
) -> None:
    found = trained(experiment, "fit", tmp_path, epochs=2).finish()
    names = {name.partition("/")[2] for name in found if name.startswith("accuracy/")}
    claim = next(claim for claim in RECIPE.claims if claim.over)
    assert names == set(claim.over)
    assert found["parameters"] == 4810
