"""The labels and pixels that are randomised, the networks, and when they have fitted their data."""

import math
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import torch
from support.experiments import experiment_of, recipe_of, run_of

from researchdesk.harness.training.loop import Training

ID = "1611.03530"
experiment = experiment_of(ID)


def test_the_quotes_are_in_the_paper(corpus: Path) -> None:
    code = (
        "import sys, pymupdf\n"
        "print(*(page.get_text() for page in pymupdf.open(sys.argv[1])), sep='\\n')"
    )
    pdf = corpus / "pdf" / "1611.03530v2.pdf"
    done = subprocess.run(
        [sys.executable, "-c", code, str(pdf)], capture_output=True, text=True, check=True
    )
    text = unicodedata.normalize("NFKC", done.stdout)
    text = re.sub(r"\s+", " ", re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text))
    for claim in recipe_of(ID).claims:
        assert claim.quote in text, claim.id
        assert claim.verified


def test_labels_are_corrupted_with_the_probability() -> None:
    labels = torch.arange(10).repeat(4000)
    drawn = torch.Generator().manual_seed(0)
    assert torch.equal(experiment.corrupted(labels, 0.0, 10, drawn), labels)
    half = experiment.corrupted(labels, 0.5, 10, drawn)
    # A label that is corrupted is drawn among all ten classes: one in ten stays what it was.
    assert (half == labels).float().mean() == pytest.approx(0.55, abs=0.02)
    random = experiment.corrupted(labels, 1.0, 10, drawn)
    assert (random == labels).float().mean() == pytest.approx(0.1, abs=0.01)
    assert random.bincount(minlength=10).float().div(len(labels)).sub(0.1).abs().max() < 0.01


def test_images_are_whitened_one_by_one() -> None:
    images = torch.rand(5, 64) * 9 + 3
    white = experiment.whitened(images)
    assert white.mean(dim=1).abs().max() < 1e-5
    assert (white.std(dim=1, correction=0) - 1).abs().max() < 1e-4
    flat = experiment.whitened(torch.full((1, 64), 0.5))
    assert not flat.any()  # the deviation is at least 1 / 8, so that nothing is divided by 0


@pytest.mark.parametrize(("layers", "inner"), [(1, 0), (3, 2)])
def test_the_networks_have_the_papers_shape(layers: int, inner: int) -> None:
    network = experiment.Perceptron(inputs=28 * 28 * 3, layers=layers, classes=10)
    by_hand = (2352 * 512 + 512) + inner * (512 * 512 + 512) + (512 * 10 + 10)
    assert sum(parameter.numel() for parameter in network.parameters()) == by_hand
    printed = {1: 1_209_866, 3: 1_735_178}[layers]  # table 1
    assert by_hand == printed


def test_data_are_drawn_anew_for_each_seed_and_the_test_stays_true(tmp_path: Path) -> None:
    made = experiment.RandomLabels()
    true = made.data(run_of(ID, "true", tmp_path))
    random = made.data(run_of(ID, "random", tmp_path))
    gaussian = made.data(run_of(ID, "gaussian", tmp_path))
    other = made.data(run_of(ID, "true", tmp_path, seed=1))
    assert len(true.train[1]) == 1437
    for split in (random, gaussian):
        assert torch.equal(split.test[0], true.test[0])
        assert torch.equal(split.test[1], true.test[1])
    assert torch.equal(random.train[0], true.train[0])
    assert (random.train[1] == true.train[1]).float().mean() < 0.2
    assert torch.equal(gaussian.train[1], true.train[1])
    assert gaussian.train[0].mean() == pytest.approx(float(true.train[0].mean()), abs=0.02)
    assert gaussian.train[0].std() == pytest.approx(float(true.train[0].std()), abs=0.02)
    assert not torch.equal(other.test[0], true.test[0])


def test_the_rate_decays_by_the_images_seen(tmp_path: Path) -> None:
    run = run_of(ID, "true", tmp_path, batch_size=25_000)  # two steps are an epoch of CIFAR-10
    weights = torch.nn.Parameter(torch.zeros(1))
    made = experiment.RandomLabels()
    optimizer = made.optimizer([weights], run)
    schedule = made.schedule(optimizer, run)
    rates = []
    for _ in range(5):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates == pytest.approx([0.01, 0.01, 0.0095, 0.0095, 0.01 * 0.95**2])
    assert optimizer.param_groups[0]["momentum"] == 0.9
    assert optimizer.param_groups[0]["weight_decay"] == 0


def test_the_step_at_which_the_data_were_fitted_is_kept(tmp_path: Path) -> None:
    changed = {"test_images": 1747, "steps": 60, "evaluate_every": 10, "batch_size": 10}
    training = Training(experiment.RandomLabels(), run_of(ID, "true", tmp_path, **changed))
    seen = []
    while training.step < training.steps:
        training.advance(training.batch())
        if training.is_evaluated_at(training.step):
            seen.append((training.step, training.evaluate()))
    first = next(step for step, found in seen if found["train_accuracy"] == 1.0)
    assert first < 60
    assert [found["steps_to_fit"] for step, found in seen if step < first] == [
        step for step, _ in seen if step < first
    ]
    assert {found["steps_to_fit"] for step, found in seen if step >= first} == {first}
    assert math.isfinite(first)
