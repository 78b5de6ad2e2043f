"""A look at data: planted faults are found, and clean data is left in peace."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn import datasets

from researchdesk.document.codec import decode
from researchdesk.domain.looking import DataLook, FindingKind, Place
from researchdesk.harness.training.alike import intrinsic_dimension
from researchdesk.harness.training.experiment import Split
from researchdesk.harness.training.looking import look

KINDS = FindingKind


def split_of(name: str, seed: int = 0) -> Split:
    """A quarter of a dataset of scikit-learn as the test split."""
    held = getattr(datasets, f"load_{name}")()
    order = np.random.default_rng(seed).permutation(len(held.data))
    cut = len(order) // 4

    def part(rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.tensor(held.data[rows], dtype=torch.float32), torch.tensor(held.target[rows])

    return Split(
        part(order[cut:]),
        part(order[:cut]),
        classes=[str(name) for name in held.target_names],
        feature_names=[str(name) for name in held.feature_names],
        image_shape=(8, 8) if name == "digits" else None,
    )


def seen(split: Split) -> DataLook:
    """The look as it comes back from JSON."""
    return decode(DataLook, json.loads(json.dumps(look(split), allow_nan=False)))


def kinds(found: DataLook) -> set[FindingKind]:
    return {finding.kind for finding in found.findings}


def test_sizes_classes_and_balance_are_counted():
    split = split_of("wine")
    found = seen(split)
    train, test = found.splits
    assert (found.task, found.classes) == ("classification", ("class_0", "class_1", "class_2"))
    assert (train.name, train.rows, train.shape) == ("train", 134, (13,))
    assert train.counts == tuple(torch.bincount(split.train[1]).tolist())
    assert sum(test.counts) == test.rows == 44
    assert train.low == pytest.approx(float(split.train[0].min()))
    assert train.mean == pytest.approx(float(split.train[0].double().mean()))
    assert train.sd == pytest.approx(float(split.train[0].double().std(unbiased=False)))


@pytest.mark.parametrize("name", ["digits", "breast_cancer", "wine"])
def test_clean_data_has_no_duplicates_and_few_suspects(name):
    found = seen(split_of(name))
    assert found.totals["duplicates"] == found.totals["near"] == 0
    assert found.totals["suspects"] <= 2
    assert not kinds(found) & {KINDS.MISSING, KINDS.LEAK, KINDS.ACROSS, KINDS.SHIFT}


def test_rows_in_two_splits_are_found_each_and_all():
    split = split_of("digits")
    (x, y), (test_x, test_y) = split.train, split.test
    split = replace(
        split, test=(torch.cat([test_x, x[[3, 50, 7]]]), torch.cat([test_y, y[[3, 50, 7]]]))
    )
    found = seen(split)
    first = len(test_x)
    assert {group.places for group in found.duplicates} == {
        (Place("train", row), Place("test", first + at)) for at, row in enumerate([3, 50, 7])
    }
    assert KINDS.ACROSS in kinds(found)
    assert KINDS.CONTRADICTION not in kinds(found)


def test_one_input_with_two_labels_stands_first():
    split = split_of("iris")
    (x, y) = split.train
    split = replace(split, train=(torch.cat([x, x[:1]]), torch.cat([y, (y[:1] + 1) % 3])))
    found = seen(split)
    assert found.findings[0].kind is KINDS.CONTRADICTION
    assert found.duplicates[0].places == (Place("train", 0), Place("train", len(x)))
    assert found.duplicates[0].contradict


@pytest.mark.parametrize("name", ["digits", "breast_cancer", "wine"])
def test_near_duplicates_are_found_and_nothing_else_is(name):
    split = split_of(name)
    (x, y), (test_x, test_y) = split.train, split.test
    spread = x.std(dim=0) if name != "digits" else x.std()
    noise = torch.randn(10, x.shape[1], generator=torch.Generator().manual_seed(1))
    near = x[:10] + 0.03 * spread * noise
    found = seen(replace(split, test=(torch.cat([test_x, near]), torch.cat([test_y, y[:10]]))))
    assert {pair.places for pair in found.near} == {
        (Place("test", len(test_x) + at), Place("train", at)) for at in range(10)
    }
    assert all(pair.distance < pair.spacing for pair in found.near)
    assert KINDS.NEAR in kinds(found)


@pytest.mark.parametrize("name", ["digits", "breast_cancer", "iris"])
def test_most_flipped_labels_are_suspected_and_most_suspected_are_flipped(name):
    split = split_of(name, seed=2)
    x, y = split.train
    rng = np.random.default_rng(2)
    rows = rng.choice(len(y), len(y) // 20, replace=False)
    flipped = y.clone()
    flipped[rows] = (y[rows] + 1) % len(split.classes or ())
    found = seen(replace(split, train=(x, flipped)))
    named = {item.place.row for item in found.suspects if item.place.split == "train"}
    hits = named & set(rows.tolist())
    assert len(hits) >= 0.6 * len(rows)
    assert len(hits) >= 0.8 * len(found.suspects)
    right = [item for item in found.suspects if item.place.row in hits]
    true = [(split.classes or ())[int(y[item.place.row])] for item in right]
    assert [item.looks_like for item in right] == true


def test_missing_infinite_and_constant_values_are_counted_where_they_are():
    split = split_of("wine")
    x, y = split.train
    x = x.clone()
    x[:5, 2], x[7, 3], x[:, 4] = float("nan"), float("inf"), 1.5
    found = seen(replace(split, train=(x, y)))
    assert (found.splits[0].missing, found.splits[0].infinite) == (5, 1)
    assert found.features[2].missing == 5
    assert found.constant == (found.features[4].name,)
    assert {KINDS.MISSING, KINDS.CONSTANT} <= kinds(found)


def test_a_feature_made_from_the_label_is_named():
    split = split_of("breast_cancer")
    parts = []
    for x, y in (split.train, split.test):
        leak = 10 * y[:, None] + torch.rand(len(y), 1)
        parts.append((torch.cat([x, leak], dim=1), y))
    names = [*(split.feature_names or ()), "code of the ward"]
    found = seen(replace(split, train=parts[0], test=parts[1], feature_names=names))
    (leak,) = [finding for finding in found.findings if finding.kind is KINDS.LEAK]
    assert leak.message.startswith("code of the ward alone tells the class")
    assert not leak.certain


def test_a_shifted_test_set_is_told_from_the_usual_one():
    split = split_of("wine")
    x, y = split.test
    found = seen(replace(split, tests={"shifted": (x + 2 * x.std(dim=0), y)}))
    assert [part.name for part in found.splits] == ["train", "test", "shifted"]
    assert KINDS.SHIFT in kinds(found)
    assert found.splits[2].outside > 10 * found.splits[1].outside


def test_classes_that_training_lacks_and_rare_ones_are_named():
    y = torch.tensor([0] * 60 + [1] * 3)
    x = torch.randn(63, 4, generator=torch.Generator().manual_seed(0))
    found = seen(Split((x, y), (x[:2] + 1, torch.tensor([0, 2])), classes=["a", "b", "c"]))
    assert {KINDS.BALANCE, KINDS.UNSEEN} <= kinds(found)
    (unseen,) = [finding for finding in found.findings if finding.kind is KINDS.UNSEEN]
    assert unseen.message == "test has classes that training lacks: c."


def test_examples_of_each_class_are_kept_as_pictures_and_so_is_what_was_found():
    split = split_of("digits")
    found = seen(split)
    for name in found.classes:
        for part in ("train", "test"):
            kept = [s for s in found.samples if (s.label, s.place.split) == (name, part)]
            assert len(kept) >= 20
    by_place = {one.place: one for one in found.samples}
    first = by_place[Place("train", 0)]
    assert first.picture is not None
    assert (first.picture.width, first.picture.height, first.picture.channels) == (8, 8, 1)
    expected = (split.train[0][0] / 16 * 255).round().int().tolist()
    assert list(first.picture.pixels) == expected
    assert all(item.place in by_place for item in found.suspects)


def test_colour_pictures_have_their_channels_last():
    x = torch.zeros(12, 3, 4, 4)
    x[:, 0] = 1.0
    y = torch.arange(12) % 2
    found = seen(Split((x, y), (x[:3], y[:3]), image_shape=(4, 4)))
    picture = found.samples[0].picture
    assert picture is not None
    assert (picture.channels, picture.pixels[:6]) == (3, (255, 0, 0, 255, 0, 0))


def test_targets_that_are_numbers_have_ranges_and_a_copy_of_them_is_named():
    generator = torch.Generator().manual_seed(0)
    y = torch.randn(300, 1, generator=generator)
    x = torch.cat([torch.randn(300, 3, generator=generator), 2 * y + 1], dim=1)
    found = seen(Split((x[:200], y[:200]), (x[200:], y[200:])))
    assert (found.task, found.classes, found.suspects) == ("regression", (), ())
    low, high, mean, _ = found.splits[0].target
    assert (low, high) == (pytest.approx(float(y[:200].min())), pytest.approx(float(y[:200].max())))
    assert mean == pytest.approx(float(y[:200].mean()), abs=1e-6)
    (leak,) = [finding for finding in found.findings if finding.kind is KINDS.LEAK]
    assert leak.message.startswith("x[3] alone tells the target")


def test_the_same_look_twice_is_the_same():
    split = split_of("iris")
    assert look(split) == look(split)


def test_what_is_no_table_is_refused():
    with pytest.raises(ValueError, match="3 inputs and 2 targets"):
        look(Split((torch.zeros(3, 2), torch.zeros(2)), (torch.zeros(1, 2), torch.zeros(1))))
    with pytest.raises(ValueError, match="no training row"):
        look(Split((torch.zeros(0, 2), torch.zeros(0)), (torch.zeros(1, 2), torch.zeros(1))))


@pytest.mark.parametrize("dimension", [2, 5])
def test_the_intrinsic_dimension_of_a_sheet_in_many_dimensions_is_the_sheets(dimension):
    rng = np.random.default_rng(0)
    flat = rng.uniform(size=(3_000, dimension)) @ rng.standard_normal((dimension, 20))
    apart = np.linalg.norm(flat[:600, None] - flat[None], axis=2)
    apart[np.arange(600), np.arange(600)] = np.inf
    nearest = np.sort(apart, axis=1)[:, :2]
    assert intrinsic_dimension(nearest) == pytest.approx(dimension, rel=0.15)


@pytest.mark.slow
def test_data_as_large_as_mnist_takes_a_bounded_time_and_says_what_was_left_out():
    generator = torch.Generator().manual_seed(0)
    x, y = torch.rand(70_000, 784, generator=generator), torch.arange(70_000) % 10
    found = seen(Split((x[:60_000], y[:60_000]), (x[60_000:], y[60_000:]), image_shape=(28, 28)))
    assert found.splits[0].rows == 60_000
    assert any("20,000 of the training rows" in note for note in found.notes)
