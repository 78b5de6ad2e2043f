"""Data of recipes: what scikit-learn brings along, and data sets of the Hugging Face hub.

A source is written

- ``scikit-learn:NAME``: comes with scikit-learn, nothing is fetched. NAME is one of ``BUNDLED``.
- ``hf:OWNER/NAME@REVISION``: a data set of the hub at a pinned revision (a commit), read with
  Hugging Face ``datasets``, which is an extra: ``pip install "researchdesk[data]"``. An absolute
  path in place of OWNER/NAME is a local folder of the same shape (parquet files and a README).
- either with ``substitute:`` before it, as a run says it of what was taken in another's place.

A hub source is fetched once and kept below the cache folder, in ``datasets``, as numbers only::

    OWNER--NAME@REVISION.npz          train_x, train_y, test_x, test_y, classes, licence, ...
    OWNER--NAME@REVISION.npz.sha256   as sha256sum writes it; checked at every reading
    OWNER--NAME@REVISION.npz.lock     one process makes it, the others wait
    hub/                              what Hugging Face keeps; may be deleted at any time

A copy whose checksum is wrong is made again. ``why_not`` says without fetching whether a source can
be had. Neither scikit-learn nor ``datasets`` is imported before it is asked for, nor torch ever.

Nothing of the hub is shipped: who runs a recipe fetches it, under the licence that the card of the
data set names (``LICENCES``).
"""

import hashlib
import importlib
import importlib.util
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from researchdesk.domain.recipes import SUBSTITUTE
from researchdesk.errors import BadInputError, SourceError

BUNDLED = ("digits", "wine", "iris", "breast_cancer", "diabetes")
LICENCES = {"ylecun/mnist": "mit", "uoft-cs/cifar10": "unknown"}
"""What the hub's cards say of the data sets that our recipes name."""

EXTRA = 'pip install "researchdesk[data]"'

_FOLDER = "datasets"
_HUB = re.compile(r"hf:(?P<name>/.+|[\w.-]+/[\w.-]+)@(?P<revision>[\w.-]+)", re.ASCII)
_FORMS = "Sources are `scikit-learn:NAME` and `hf:OWNER/NAME@REVISION`. Nothing was fetched."
_LATER = "Run it again with a network, or let the recipe take its substitute. Nothing was run."

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set as arrays.

    ``x`` is (examples, features), images flattened row by row; ``y`` (examples,) of class numbers
    (int64), or of targets (float64) where ``classes`` is empty. ``test`` is the set's own test part
    as (x, y), None where it has none. ``image_shape`` is (height, width) or (height, width,
    channels); ``highest`` the largest value a pixel can have.
    """

    source: str
    x: Array
    y: Array
    test: tuple[Array, Array] | None = None
    classes: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    image_shape: tuple[int, ...] | None = None
    highest: float | None = None
    licence: str = ""


def load(source: str, cache: Path, *, offline: bool = False) -> Dataset:
    """The data of ``source``, from the cache folder ``cache`` or fetched into it.

    Raises BadInputError where the source is of no known form, SourceError where it cannot be had.
    """
    source = source.removeprefix(SUBSTITUTE)
    library, _, name = source.partition(":")
    if library == "scikit-learn" and name in BUNDLED:
        return _bundled(source, name)
    file = file_of(source, cache)
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{file}.lock"):
        kept = _kept(source, file)
        if kept is None:
            reason = why_not(source, cache, offline=offline)
            if reason:
                raise SourceError(f"The data {source} cannot be had: {reason}.", _hint(reason))
            keep(file, _fetched(source, file.parent / "hub"))
            kept = _kept(source, file)
    if kept is None:
        raise SourceError(f"{file} changed while it was written.", "Run it again.")
    return kept


def why_not(source: str, cache: Path, *, offline: bool = False) -> str:
    """Why ``source`` cannot be had, in words; empty where it can, as far as can be told unfetched.

    Raises BadInputError where the source is of no known form.
    """
    source = source.removeprefix(SUBSTITUTE)
    if source.partition(":")[0] == "scikit-learn" and source.partition(":")[2] in BUNDLED:
        return ""
    file = file_of(source, cache)
    if file.is_file() and is_whole(file):
        return ""
    broken = ", and the copy kept is broken (its checksum is wrong)" if file.is_file() else ""
    if importlib.util.find_spec("datasets") is None:
        return f"the package `datasets` is not installed{broken}"
    if offline and not _name_and_revision(source)[0].startswith("/"):
        return f"it is not in the cache and fetching is off{broken}"
    return ""


def file_of(source: str, cache: Path) -> Path:
    """Where a hub source is kept. Raises BadInputError where the source is of no known form."""
    name, revision = _name_and_revision(source.removeprefix(SUBSTITUTE))
    return cache / _FOLDER / f"{name.strip('/').replace('/', '--')}@{revision}.npz"


def is_whole(file: Path) -> bool:
    """Whether a kept file has the checksum written beside it."""
    try:
        said = _checksum_file(file).read_text(encoding="ascii").split()
        return said[:1] == [_digest(file)]
    except (OSError, UnicodeDecodeError):
        return False


def keep(file: Path, arrays: dict[str, Array]) -> None:
    """Keep arrays named as above; the checksum comes last, so that half a file is never whole.

    Raises SourceError where they cannot be written.
    """
    unfinished = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _checksum_file(file).unlink(missing_ok=True)
        with unfinished.open("wb") as out:
            np.savez(out, **arrays)  # type: ignore[arg-type]
        unfinished.replace(file)
        _checksum_file(file).write_text(f"{_digest(file)}  {file.name}\n", encoding="ascii")
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise SourceError(
            f"{file} cannot be written: {error}", "Nothing else was harmed."
        ) from error


def _name_and_revision(source: str) -> tuple[str, str]:
    found = _HUB.fullmatch(source)
    if found is None or ".." in found["name"]:
        raise BadInputError(f"{source!r} is no source of data.", _FORMS)
    return found["name"], found["revision"]


def _hint(reason: str) -> str:
    return f"Install it: {EXTRA}. {_LATER}" if "not installed" in reason else _LATER


def _bundled(source: str, name: str) -> Dataset:
    module: Any = importlib.import_module("sklearn.datasets")
    bunch = getattr(module, f"load_{name}")()
    names = getattr(bunch, "target_names", None)
    digits = name == "digits"
    return Dataset(
        source=source,
        x=np.asarray(bunch.data, dtype=np.float64),
        y=np.asarray(bunch.target, dtype=np.float64 if names is None else np.int64),
        classes=() if names is None else tuple(str(name) for name in names),
        feature_names=tuple(str(name) for name in bunch.feature_names),
        image_shape=(8, 8) if digits else None,
        highest=16.0 if digits else None,
        licence="distributed with scikit-learn",
    )


def _kept(source: str, file: Path) -> Dataset | None:
    """What is kept of it; None where it is not, or broken."""
    if not is_whole(file):
        return None
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return Dataset(
                source=source,
                x=arrays["train_x"],
                y=arrays["train_y"],
                test=(arrays["test_x"], arrays["test_y"]) if "test_x" in arrays else None,
                classes=tuple(arrays["classes"].tolist()),
                image_shape=tuple(arrays["image_shape"].tolist()),
                highest=float(arrays["highest"]),
                licence=str(arrays["licence"]),
            )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def _fetched(source: str, hub: Path) -> dict[str, Array]:
    """The arrays of a hub source, read with Hugging Face ``datasets``."""
    name, revision = _name_and_revision(source)
    local = name.startswith("/")
    if not local and Path(name).exists():
        raise BadInputError(
            f"A folder {name} is here, which would be read in place of the hub's data set.",
            "Run it from another folder. Nothing was fetched.",
        )
    module = _library(hub)
    try:
        parts = module.load_dataset(
            name, revision=None if local else revision, cache_dir=str(hub / "datasets")
        )
    except (OSError, ValueError, module.exceptions.DatasetsError) as error:
        raise SourceError(f"The data {source} could not be fetched: {error}", _LATER) from error
    if "train" not in parts:
        raise BadInputError(f"The data set {name} has no part named train.", "Nothing was kept.")
    arrays = _arrays(source, parts["train"], "train")
    arrays["licence"] = np.asarray(LICENCES.get(name, ""), dtype=np.str_)
    if "test" in parts:
        test = _arrays(source, parts["test"], "test")
        arrays |= {key: test[key] for key in ("test_x", "test_y")}
    return arrays


def _library(home: Path) -> Any:
    """Hugging Face ``datasets``, keeping its files below ``home`` and saying nothing of us."""
    os.environ["HF_HOME"] = str(home)
    os.environ["HF_HUB_CACHE"] = str(home / "hub")
    for name in (
        "DO_NOT_TRACK",
        "HF_HUB_DISABLE_TELEMETRY",
        "HF_HUB_DISABLE_PROGRESS_BARS",
        "HF_DATASETS_DISABLE_PROGRESS_BARS",
    ):
        os.environ[name] = "1"
    return importlib.import_module("datasets")


def _arrays(source: str, part: Any, which: str) -> dict[str, Array]:
    """One part's images and labels, whatever the set calls their columns."""
    kinds = {type(kind).__name__: column for column, kind in part.features.items()}
    if not {"Image", "ClassLabel"} <= set(kinds):
        raise BadInputError(
            f"The data {source} has no column of images and one of classes.",
            "Other data sets of the hub cannot be read yet. Nothing was kept.",
        )
    rows = part.with_format("numpy")[:]
    images = np.asarray(rows[kinds["Image"]])
    if images.dtype != np.uint8 or images.ndim not in (3, 4):
        raise BadInputError(f"The images of {source} differ in size.", "Nothing was kept.")
    return {
        f"{which}_x": images.reshape(len(images), -1),
        f"{which}_y": np.asarray(rows[kinds["ClassLabel"]], dtype=np.int64),
        "classes": np.asarray(part.features[kinds["ClassLabel"]].names, dtype=np.str_),
        "image_shape": np.asarray(images.shape[1:], dtype=np.int64),
        "highest": np.asarray(255.0),
    }


def _checksum_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
