"""The two networks, the two splits, and a step of the training of coordinate classification."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from support.experiments import experiment_of, run_of
from torch.nn import functional

from researchdesk.harness.training.loop import Training

ID = "1807.03247"
experiment = experiment_of(ID)


def test_the_coordconv_network_by_hand() -> None:
    """Convolutions of 1 x 1 of 4, 32, 32, 64, 64 and 1 channels, each with a bias."""
    widths = (4, 32, 32, 64, 64, 1)
    by_hand = sum(a * b + b for a, b in pairwise(widths))
    assert experiment.count(experiment.CoordConv(1)) == by_hand == 7553


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("multiple", [1, 2])
def test_the_convolution_network_by_hand(multiple: int, size: int) -> None:
    network = experiment.Convolution(multiple, size)
    filters = [2, *(multiple * count for count in (64, 64, 64, 32, 32)), 1]
    kernels = sum(size**2 * a * b + b for a, b in pairwise(filters))
    assert experiment.count(network) == kernels + 2 * sum(filters[1:-1])
    assert network(torch.zeros(3, 2)).shape == (3, 64 * 64)


def test_coordconv_sees_each_pixel_with_its_coordinates() -> None:
    """Written anew as convolutions of 1 x 1 over the concatenated channels."""
    torch.manual_seed(0)
    network = experiment.CoordConv(1)
    places = torch.tensor([[4.0, 59.0], [30.0, 7.0]])
    axis = torch.arange(64) / 63 * 2 - 1
    h = torch.empty(2, 4, 64, 64)
    h[:, :2] = places[:, :, None, None]
    h[:, 2], h[:, 3] = axis[:, None], axis[None, :]
    for number, layer in enumerate(network.layers):
        h = functional.conv2d(h, layer.weight[:, :, None, None], layer.bias)
        h = torch.relu(h) if number < 4 else h
    torch.testing.assert_close(network(places), h.flatten(1), rtol=1e-4, atol=1e-4)


def test_networks_answer_alike_in_parts_when_not_in_training() -> None:
    torch.manual_seed(0)
    places = torch.randint(4, 60, (70, 2)).float()
    network = experiment.CoordConv(1)
    whole = network.train()(places)
    torch.testing.assert_close(network.eval()(places), whole)


def test_weights_are_drawn_with_the_variance_of_he() -> None:
    torch.manual_seed(0)
    weights = torch.empty(400, 400)
    experiment.he_normal(weights, 400)
    assert weights.var() == pytest.approx(2 / 400, rel=0.02)
    assert weights.abs().max() <= 2 * math.sqrt(2 / 400) / 0.8796


def test_places_are_the_centres_of_squares_of_nine(tmp_path: Path) -> None:
    made = experiment.CoordinateClassification()
    split = made.data(run_of(ID, "coordconv-uniform", tmp_path))
    places = torch.cat([split.train[0], split.test[0]])
    assert len(places.unique(dim=0)) == 56 * 56
    assert (float(places.min()), float(places.max())) == (4.0, 59.0)
    assert len(split.test[0]) / len(places) == pytest.approx(0.25, abs=0.03)
    pixels = torch.cat([split.train[1], split.test[1]])
    assert torch.equal(pixels, (places[:, 0] * 64 + places[:, 1]).long())


def test_the_quadrant_is_held_out_whole(tmp_path: Path) -> None:
    made = experiment.CoordinateClassification()
    split = made.data(run_of(ID, "coordconv-quadrant", tmp_path))
    assert len(split.test[0]) == 27 * 27
    assert (split.test[0] > 32).all()
    assert not (split.train[0] > 32).all(dim=1).any()


def test_a_step_in_parts_is_a_step_of_the_whole(tmp_path: Path) -> None:
    made, found = experiment.CoordinateClassification(), []
    for at_once in (0, 1, 3):
        changed = {"at_once": at_once, "batch_size": 4, "steps": 2}
        training = Training(made, run_of(ID, "coordconv-uniform", tmp_path, **changed))
        losses = [training.advance(training.batch())["loss"] for _ in range(2)]
        found.append((losses, training.model.layers[0].weight.detach().clone()))
    for losses, weights in found[1:]:
        assert losses == pytest.approx(found[0][0], rel=1e-4)
        torch.testing.assert_close(weights, found[0][1], rtol=1e-3, atol=1e-4)


def test_kernels_decay_and_biases_do_not(tmp_path: Path) -> None:
    """Adam's first step goes by the sign of the gradient: a large penalty shrinks each weight."""
    made, after = experiment.CoordinateClassification(), []
    for l2 in (0.0, 100.0):
        changed = {"l2": l2, "lr": 1e-6, "batch_size": 2, "steps": 1, "multiple": 1}
        training = Training(made, run_of(ID, "convolution-uniform", tmp_path, **changed))
        kernels = experiment.kernels(training.model)
        before = [kernel.detach().clone() for kernel in kernels]
        training.advance(training.batch())
        smaller = [
            float((now.abs() < was.abs()).float().mean())
            for now, was in zip(kernels, before, strict=True)
        ]
        biases = [p.detach() for p in training.model.parameters() if p.dim() == 1]
        after.append((smaller, biases))
    assert len(after[1][0]) == 6
    assert min(after[1][0]) > 0.95 > max(after[0][0])
    for plain, penalised in zip(after[0][1], after[1][1], strict=True):
        assert torch.equal(plain, penalised)
