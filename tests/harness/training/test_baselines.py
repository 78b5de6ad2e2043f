"""Baselines: what scikit-learn reaches on data that is known."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn import datasets
from sklearn.neighbors import KNeighborsClassifier

from researchdesk.harness.training.baselines import BASELINES, MOST_ROWS, measure_baseline
from researchdesk.harness.training.experiment import Split


def digits(share: float = 0.25) -> Split:
    x, y = datasets.load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    cut = int(len(x) * share)
    test, train = order[:cut], order[cut:]
    return Split(
        (torch.tensor(x[train], dtype=torch.float32), torch.tensor(y[train])),
        (torch.tensor(x[test], dtype=torch.float32), torch.tensor(y[test])),
        image_shape=(8, 8),
    )


def test_majority_is_the_share_of_the_most_frequent_class():
    train = torch.tensor([0, 0, 0, 1, 2])
    test = torch.tensor([0, 1, 1, 1])
    split = Split((torch.randn(5, 2), train), (torch.randn(4, 2), test))
    assert measure_baseline("majority", split, 0) == {"train_accuracy": 0.6, "test_accuracy": 0.25}


def test_the_nearest_neighbour_is_scikit_learns_on_pictures_and_any_shape():
    split = digits()
    (x, y), (test_x, test_y) = split.train, split.test
    expected = KNeighborsClassifier(1).fit(x.numpy(), y.numpy()).score(test_x.numpy(), test_y)
    found = measure_baseline("1-nn", split, 0)
    assert found["test_accuracy"] == pytest.approx(expected, abs=1e-12)
    assert found["train_accuracy"] == 1.0
    folded = replace(
        split, train=(x.reshape(-1, 1, 8, 8), y), test=(test_x.reshape(-1, 1, 8, 8), test_y)
    )
    assert measure_baseline("1-nn", folded, 0) == found


def test_the_learned_ones_are_well_above_majority_and_in_their_order():
    split = digits()
    found = {name: measure_baseline(name, split, 0)["test_accuracy"] for name in BASELINES}
    assert found["majority"] < 0.15
    assert all(found[name] > 0.94 for name in ("1-nn", "logistic", "mlp"))


@pytest.mark.parametrize("name", BASELINES)
def test_the_same_seed_gives_the_same_numbers(name):
    split = digits(0.8)
    assert measure_baseline(name, split, 3) == measure_baseline(name, split, 3)


def test_a_feature_in_large_units_does_not_drown_the_others():
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(200) % 2
    x = torch.stack([1e6 * torch.randn(200, generator=generator), y + 0.1 * torch.randn(200)], 1)
    split = Split((x[:100], y[:100]), (x[100:], y[100:]))
    assert measure_baseline("logistic", split, 0)["test_accuracy"] == 1.0
    assert measure_baseline("1-nn", split, 0)["test_accuracy"] > 0.9


def test_further_tests_and_a_validation_split_are_measured_by_their_names():
    split = digits()
    split = replace(split, valid=split.test, tests={"shifted": split.test})
    assert set(measure_baseline("majority", split, 0)) == {
        "train_accuracy",
        "valid_accuracy",
        "test_accuracy",
        "shifted_accuracy",
    }


def test_long_data_is_drawn_from_and_that_is_said():
    y = torch.arange(MOST_ROWS + 500) % 2
    x = y[:, None].float()
    notes: list[str] = []
    found = measure_baseline("logistic", Split((x, y), (x[:10], y[:10])), 0, notes.append)
    assert found == {"train_accuracy": 1.0, "test_accuracy": 1.0}
    assert "10,000 of 10,500 training rows" in notes[0]


def test_missing_values_are_filled_and_that_is_said():
    y = torch.arange(100) % 2
    x = torch.stack([y.float(), torch.full((100,), float("nan"))], 1)
    x[3, 0], x[4, 0] = float("nan"), float("inf")
    notes: list[str] = []
    found = measure_baseline("1-nn", Split((x, y), (x[10:], y[10:])), 0, notes.append)
    assert found["test_accuracy"] == 1.0
    assert any("Missing" in note for note in notes)


def test_names_and_targets_that_are_none_are_refused():
    split = digits()
    with pytest.raises(ValueError, match=r"'forest'.*majority"):
        measure_baseline("forest", split, 0)
    x = split.train[0]
    with pytest.raises(ValueError, match="one class for each row"):
        measure_baseline("majority", Split((x, torch.randn(len(x))), (x, torch.randn(len(x)))), 0)
