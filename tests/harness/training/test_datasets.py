"""Data of recipes: bundled with scikit-learn, or of the hub through the cache folder."""

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from researchdesk.errors import BadInputError, SourceError
from researchdesk.harness.training.datasets import file_of, is_whole, load, why_not

REVISION = "77f3279092a1c1579b2250db8eafed0ad422088c"
MNIST = f"hf:ylecun/mnist@{REVISION}"
README = """---
configs:
- config_name: mnist
  data_files:
  - split: train
    path: mnist/train-*
  - split: test
    path: mnist/test-*
---
"""


class Image:
    """Named as the library names its kind of column."""


class ClassLabel:
    names = ("zero", "one")


class Part:
    """As much of a ``datasets.Dataset`` as is read."""

    def __init__(self, count: int, **features: object) -> None:
        self.features = features or {"label": ClassLabel(), "image": Image()}
        self.count = count

    def with_format(self, kind: str) -> "Part":
        assert kind == "numpy"
        return self

    def __getitem__(self, rows: slice) -> dict[str, np.ndarray]:
        images = np.arange(self.count * 12, dtype=np.uint8).reshape(self.count, 4, 3)
        return {"image": images, "label": np.arange(self.count) % 2}


class Hub(ModuleType):
    """In place of Hugging Face ``datasets``: counts what is asked of it."""

    def __init__(self, answer: dict[str, Part] | Exception) -> None:
        super().__init__("datasets")
        self.__spec__ = importlib.util.spec_from_loader("datasets", loader=None)
        self.exceptions = SimpleNamespace(DatasetsError=type("DatasetsError", (Exception,), {}))
        self.answer = answer
        self.asked: list[tuple[str, Any]] = []

    def load_dataset(self, name: str, revision: str | None, cache_dir: str) -> dict[str, Part]:
        self.asked.append((name, revision))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the loader sets for Hugging Face is gone after the test."""
    for name in (
        *("HF_HOME", "HF_HUB_CACHE", "HF_HUB_DISABLE_TELEMETRY"),
        *("HF_HUB_DISABLE_PROGRESS_BARS", "HF_DATASETS_DISABLE_PROGRESS_BARS"),
    ):
        monkeypatch.setenv(name, "set")


def hub(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Part] | Exception) -> Hub:
    module = Hub(answer)
    monkeypatch.setitem(sys.modules, "datasets", module)
    return module


def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "datasets" else found(name)
    )


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("digits", (1797, 64), 10),
        ("wine", (178, 13), 3),
        ("iris", (150, 4), 3),
        ("breast_cancer", (569, 30), 2),
        ("diabetes", (442, 10), 0),
    ],
)
def test_bundled_sets_need_no_cache(
    name: str, shape: tuple[int, int], classes: int, tmp_path: Path
) -> None:
    found = load(f"scikit-learn:{name}", tmp_path / "none", offline=True)
    assert found.x.shape == shape
    assert len(found.y) == len(found.x)
    assert len(found.classes) == classes
    assert set(found.y.tolist()) == set(range(classes)) or not classes
    assert not (tmp_path / "none").exists()


def test_digits_are_images_with_a_highest_value(tmp_path: Path) -> None:
    found = load("substitute:scikit-learn:digits", tmp_path)
    assert found.image_shape == (8, 8)
    assert found.highest == found.x.max()
    assert found.test is None


@pytest.mark.parametrize(
    "source",
    ["", "mnist", "scikit-learn:moon", "hf:mnist", "hf:ylecun/mnist", "hf:../x@1", "hf:/../x@1"],
)
def test_a_source_of_no_known_form_is_refused(source: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no source of data"):
        load(source, tmp_path)
    with pytest.raises(BadInputError):
        why_not(source, tmp_path)


def test_a_hub_set_is_fetched_once_at_its_revision(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = hub(monkeypatch, {"train": Part(6), "test": Part(2)})
    first = load(MNIST, tmp_path)
    again = load(MNIST, tmp_path, offline=True)
    assert module.asked == [("ylecun/mnist", REVISION)]
    assert first.x.shape == (6, 12)
    assert first.image_shape == (4, 3)
    assert first.classes == ("zero", "one")
    assert first.licence == "mit"
    assert again.test is not None
    assert again.test[0].shape == (2, 12)
    assert np.array_equal(first.x, again.x)


def test_the_kept_file_has_its_checksum_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hub(monkeypatch, {"train": Part(6)})
    load(MNIST, tmp_path)
    file = file_of(MNIST, tmp_path)
    assert file.name == f"ylecun--mnist@{REVISION}.npz"
    said = (file.parent / f"{file.name}.sha256").read_text()
    assert said == f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"


def test_a_broken_copy_is_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = hub(monkeypatch, {"train": Part(6)})
    whole = load(MNIST, tmp_path)
    file = file_of(MNIST, tmp_path)
    file.write_bytes(file.read_bytes()[:-9])
    assert not is_whole(file)
    assert np.array_equal(load(MNIST, tmp_path).x, whole.x)
    assert is_whole(file)
    assert len(module.asked) == 2


def test_a_broken_copy_without_network_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hub(monkeypatch, {"train": Part(6)})
    load(MNIST, tmp_path)
    file_of(MNIST, tmp_path).write_bytes(b"half")
    with pytest.raises(SourceError, match="checksum is wrong"):
        load(MNIST, tmp_path, offline=True)


def test_off_line_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = hub(monkeypatch, {"train": Part(6)})
    assert "not in the cache" in why_not(MNIST, tmp_path, offline=True)
    with pytest.raises(SourceError, match="fetching is off") as caught:
        load(MNIST, tmp_path, offline=True)
    assert "network" in caught.value.hint
    assert module.asked == []
    assert why_not(MNIST, tmp_path) == ""


def test_no_network_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub(monkeypatch, ConnectionError("Couldn't reach the Hub"))
    with pytest.raises(SourceError, match="could not be fetched: Couldn't reach"):
        load(MNIST, tmp_path)
    assert not file_of(MNIST, tmp_path).exists()


def test_without_the_extra_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_the_extra(monkeypatch)
    assert "not installed" in why_not(MNIST, tmp_path)
    with pytest.raises(SourceError, match="`datasets` is not installed") as caught:
        load(MNIST, tmp_path)
    assert 'pip install "researchdesk[data]"' in caught.value.hint


def test_what_is_kept_needs_no_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub(monkeypatch, {"train": Part(6)})
    load(MNIST, tmp_path)
    without_the_extra(monkeypatch)
    assert why_not(MNIST, tmp_path, offline=True) == ""
    assert len(load(MNIST, tmp_path, offline=True).x) == 6


def test_a_set_of_other_columns_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub(monkeypatch, {"train": Part(6, text=object())})
    with pytest.raises(BadInputError, match="no column of images"):
        load(MNIST, tmp_path)
    hub(monkeypatch, {"other": Part(6)})
    with pytest.raises(BadInputError, match="no part named train"):
        load(MNIST, tmp_path)
    assert not file_of(MNIST, tmp_path).exists()


def test_a_folder_of_the_same_name_is_not_read_for_the_hub(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = hub(monkeypatch, {"train": Part(6)})
    (tmp_path / "ylecun" / "mnist").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInputError, match="in place of the hub"):
        load(MNIST, tmp_path / "cache")
    assert module.asked == []


@pytest.mark.parametrize(("columns", "channels"), [(("image", "label"), 0), (("img", "label"), 3)])
def test_the_library_itself_reads_a_folder_of_the_hubs_shape(
    columns: tuple[str, str], channels: int, tmp_path: Path
) -> None:
    """MNIST's card (``image``, grey) and CIFAR-10's (``img``, colours), a few made images each."""
    library = pytest.importorskip("datasets", reason="the extra `data` is not installed")
    pictures = pytest.importorskip("PIL.Image")
    rng = np.random.default_rng(0)
    shape = (20, 8, 8, channels) if channels else (20, 8, 8)
    images = rng.integers(0, 256, shape, dtype=np.uint8)
    features = library.Features(
        {columns[0]: library.Image(), columns[1]: library.ClassLabel(names=list("0123456789"))}
    )
    rows = {
        columns[0]: [pictures.fromarray(image) for image in images],
        columns[1]: [i % 10 for i in range(20)],
    }
    made = library.Dataset.from_dict(rows, features=features)
    folder = tmp_path / "hub" / "mnist"
    folder.mkdir(parents=True)
    made.select(range(15)).to_parquet(str(folder / "train-00000-of-00001.parquet"))
    made.select(range(15, 20)).to_parquet(str(folder / "test-00000-of-00001.parquet"))
    (folder.parent / "README.md").write_text(README)
    found = load(f"hf:{folder.parent}@{REVISION}", tmp_path / "cache", offline=True)
    assert found.test is not None
    assert np.array_equal(found.x, images[:15].reshape(15, -1))
    assert np.array_equal(found.test[0], images[15:].reshape(5, -1))
    assert found.y.tolist() == [i % 10 for i in range(15)]
    assert found.image_shape == shape[1:]
    assert found.classes == tuple("0123456789")
    assert (tmp_path / "cache" / "datasets" / "hub").is_dir()
