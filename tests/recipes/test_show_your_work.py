"""The estimate of expected validation performance, and the two searches that it is made from."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from support.experiments import experiment_of, run_of

from researchdesk.harness.statistics.expected import budget_grid, expected_maxima

ID = "1909.03004"
experiment = experiment_of(ID)


def test_the_estimate_is_the_mean_over_all_draws_with_replacement() -> None:
    values = np.array([0.3, 0.5, 0.5, 0.9])
    for n in (1, 2, 3):
        best = [max(draw) for draw in itertools.product(values, repeat=n)]
        mean, deviation = experiment.expected_best(values, n)
        assert mean == pytest.approx(np.mean(best), abs=1e-12)
        assert deviation == pytest.approx(np.std(best), abs=1e-12)


def test_the_estimate_is_the_harnesss_own() -> None:
    values = np.random.default_rng(0).random(50)
    ours = expected_maxima(values, budget_grid(50))
    theirs = np.array([experiment.expected_best(values, n) for n in range(1, 51)])
    assert ours.mean == pytest.approx(theirs[:, 0], abs=1e-12)
    assert ours.sd == pytest.approx(theirs[:, 1], abs=1e-12)


def test_the_papers_two_remarks_hold() -> None:
    """At n = 1 it is the mean of the values; it is never above the largest of them."""
    values = np.random.default_rng(1).random(50)
    means = [experiment.expected_best(values, n)[0] for n in range(1, 51)]
    assert means[0] == pytest.approx(values.mean())
    assert means == sorted(means)
    assert means[-1] <= values.max()


def test_the_bootstrap_tends_to_the_estimate() -> None:
    values = np.random.default_rng(2).random(50)
    mean, deviation = experiment.expected_best(values, 10)
    found = experiment.bootstrap_best(values, 10, 40_000, np.random.default_rng(3))
    assert found == pytest.approx(mean, abs=5 * deviation / 200)


def test_both_estimators_meet_the_same_samples(tmp_path: Path) -> None:
    settings = {"samples": 200, "trials": 50, "n": 10}
    ours = experiment.measure(run_of(ID, "closed-form", tmp_path, **settings))
    again = experiment.measure(run_of(ID, "closed-form", tmp_path, **settings))
    theirs = experiment.measure(run_of(ID, "bootstrap", tmp_path, **settings))
    assert ours == again
    assert ours["above_best"] == theirs["above_best"] <= 0
    assert ours["squared_error"] != theirs["squared_error"]
    assert ours["bias"] == pytest.approx(theirs["bias"], abs=0.005)


def test_a_search_gives_the_curve_over_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([0.2, 0.6, 0.4, 0.8, 0.5])
    monkeypatch.setitem(experiment.TRIALS, "logistic", lambda *_: next(drawn))
    run = run_of(ID, "logistic", tmp_path, trials=5)
    found = experiment.measure(run)
    run.result(**found)
    assert found["expected_1"] == pytest.approx(0.5)
    best = expected_maxima([0.2, 0.6, 0.4, 0.8, 0.5], [5])
    assert found["expected_5"] == pytest.approx(best.mean[0])
    assert found["deviation_5"] == pytest.approx(best.sd[0])
    assert run.measured()["best"] == 0.8
    assert run.measured()["expected"] == found["expected_5"]


def test_logistic_regression_learns_the_digits(tmp_path: Path) -> None:
    data = experiment.digits(run_of(ID, "logistic", tmp_path, images=200))
    assert data.x.shape == data.valid_x.shape == (200, 1, 8, 8)
    assert (float(data.x.min()), float(data.x.max())) == (0.0, 1.0)
    accuracies = [
        experiment.logistic_trial(data, np.random.default_rng(seed), seed) for seed in range(3)
    ]
    assert max(accuracies) > 0.8
    assert len(set(accuracies)) > 1


def test_the_network_pools_each_filter_over_all_places() -> None:
    torch.manual_seed(0)
    network = experiment.ConvNet(filters=4, largest=3, hidden=7, dropout=0.0)
    image = torch.zeros(1, 1, 8, 8)
    image[0, 0, 2:5, 2:5] = torch.rand(3, 3)
    moved = image.roll((1, 1), dims=(2, 3))
    torch.testing.assert_close(network(image), network(moved))
    parameters = sum(parameter.numel() for parameter in network.parameters())
    filters = sum(4 * size**2 + 4 for size in (1, 2, 3))
    assert parameters == filters + (12 * 7 + 7) + (7 * 10 + 10)
