"""A split as tables of numbers: one row an example, whatever shape it had."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from researchdesk.domain.looking import Picture
from researchdesk.domain.text import one_line
from researchdesk.harness.training.experiment import CLASSIFICATION, REGRESSION, Split

Array = npt.NDArray[Any]
MOST_CLASSES = 1_000
_LARGEST_SIDE = 32
_TARGETS = 4
_HUGE = 1e30


@dataclass(frozen=True, slots=True)
class Part:
    """``x`` is (rows, features). ``y`` holds positions in ``classes``, or numbers (rows, outputs).

    ``shape`` is that of one row as the experiment has it.
    """

    name: str
    x: Array
    y: Array
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Tables:
    """``picture`` is (height, width) where the rows are pictures."""

    task: str
    classes: tuple[str, ...]
    parts: tuple[Part, ...]
    features: tuple[str, ...]
    picture: tuple[int, int] | None

    @property
    def train(self) -> Part:
        return self.parts[0]

    def label(self, part: Part, row: int) -> str:
        """The name of the row's class, or its target numbers."""
        target = part.y[row]
        if self.classes:
            return self.classes[int(target)]
        return " ".join(f"{number:.4g}" for number in target[:_TARGETS])


def tables_of(split: Split, task: str = "") -> Tables:
    """The split as tables, training first. Raises ValueError where inputs and targets do not fit.

    Without a ``task`` it is told by the targets: one whole number for each row, of at most 1,000
    different ones, is a class.
    """
    raw = {name: (_numpy(x), _numpy(y)) for name, (x, y) in split.parts().items()}
    for name, (x, y) in raw.items():
        if len(x) != len(y):
            raise ValueError(f"{name} has {len(x)} inputs and {len(y)} targets.")
    if not len(raw["train"][0]):
        raise ValueError("There is no training row.")
    task = task or _task([y for _, y in raw.values()])
    labels: Array = np.array([])
    if task == CLASSIFICATION:
        if not all(np.array_equal(y, np.round(y)) for _, y in raw.values()):
            raise ValueError("The targets are not one class for each row.")
        labels = np.unique(np.concatenate([y.reshape(-1) for _, y in raw.values()]).astype(int))
    parts = [
        Part(name, x.reshape(len(x), -1), _targets(y, task, labels), x.shape[1:], str(x.dtype))
        for name, (x, y) in raw.items()
    ]
    width = parts[0].x.shape[1]
    if any(part.x.shape[1] != width for part in parts):
        raise ValueError("The splits have rows of different sizes.")
    return Tables(
        task,
        tuple(_class_name(int(label), split.classes) for label in labels),
        tuple(parts),
        _feature_names(split.feature_names, parts[0].shape, width),
        _picture_shape(split.image_shape, width),
    )


def picture_record(picture: Picture) -> dict[str, Any]:
    """What ``asdict`` would give, without copying every pixel one by one."""
    return {item.name: getattr(picture, item.name) for item in fields(picture)}


def by_chance(total: int, most: int, rng: np.random.Generator) -> Array:
    """At most ``most`` of the row numbers, in their order, drawn without replacement."""
    if total <= most:
        return np.arange(total)
    return np.sort(rng.choice(total, most, replace=False))


def scaler(x: Array, picture: tuple[int, int] | None) -> Callable[[Array], Array]:
    """Takes rows to mean 0 and spread 1: of each feature of ``x``, or of all pixels of pictures.

    A feature without spread becomes 0. Values that are not finite become the mean.
    """
    finite = np.where(np.isfinite(x), np.clip(x, -_HUGE, _HUGE), np.nan).astype(np.float32)
    axis = None if picture else 0
    known = ~np.isnan(finite).all(axis=axis)
    mean = np.nan_to_num(np.nanmean(np.where(known, finite, 0), axis=axis, dtype=np.float64))
    spread = np.nan_to_num(np.nanstd(np.where(known, finite, 0), axis=axis, dtype=np.float64))
    divisor = np.where(spread > 1e-12 * np.maximum(1, np.abs(mean)), spread, np.inf)

    def scale(rows: Array) -> Array:
        rows = np.asarray(rows, dtype=np.float64)
        moved = (np.clip(rows, -_HUGE, _HUGE) - mean) / divisor
        scaled: Array = np.where(np.isfinite(rows), moved, 0).astype(np.float32)
        return scaled

    return scale


def projected(
    width: int, most: int, to: int, rng: np.random.Generator, say: Callable[[str], None]
) -> Callable[[Array], Array]:
    """Rows of more than ``most`` numbers go to ``to`` random directions, which keeps distances.

    Source: Johnson & Lindenstrauss (1984); Gaussian directions as in Dasgupta & Gupta (2003).
    """
    if width <= most:
        return lambda rows: rows
    turn = rng.standard_normal((width, to), dtype=np.float32) / np.float32(np.sqrt(to))
    say(f"Rows of {width:,} numbers were projected to {to:,} random directions.")
    return lambda rows: rows @ turn


def picture_of(row: Array, shape: tuple[int, int], low: float, high: float) -> Picture:
    """A row of grey or RGB pixels as a picture, ``low`` to ``high`` as 0 to 255.

    Channels stand first, as torch has them, or last where the row is (height, width, channels) in
    memory with three of them. Longer sides than 32 pixels are thinned.
    """
    height, width = shape
    channels = max(1, row.size // (height * width))
    grid = row.reshape(channels, height, width)
    grid = grid[:3] if channels >= 3 else grid[:1]
    step = max(1, -(-max(height, width) // _LARGEST_SIDE))
    grid = np.nan_to_num(grid[:, ::step, ::step].astype(float), nan=low, posinf=high, neginf=low)
    spread = high - low if high > low else 1.0
    bytes_ = np.clip((grid - low) / spread * 255, 0, 255).round().astype(int)
    _, rows, columns = bytes_.shape
    pixels = tuple(bytes_.transpose(1, 2, 0).reshape(-1).tolist())
    return Picture(columns, rows, len(bytes_), pixels)


def plain_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """``record`` made of what JSON has; numbers that are not finite become None."""
    return {key: _plain(value) for key, value in record.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if all(type(item) is int for item in value):
            return value
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _numpy(values: torch.Tensor) -> Array:
    tensor = values.detach().cpu()
    if tensor.dtype in (torch.bfloat16, torch.float16):
        tensor = tensor.float()
    array: Array = tensor.numpy()
    return array


def _task(targets: Sequence[Array]) -> str:
    one = all(y.ndim == 1 or (y.ndim == 2 and y.shape[1] == 1) for y in targets)
    whole = all(np.issubdtype(y.dtype, np.integer) or y.dtype == bool for y in targets)
    if one and whole:
        different = {label for y in targets for label in np.unique(y).tolist()}
        if len(different) <= MOST_CLASSES:
            return CLASSIFICATION
    return REGRESSION


def _targets(y: Array, task: str, labels: Array) -> Array:
    if task != CLASSIFICATION:
        return y.reshape(len(y), -1).astype(float)
    if y.size != len(y):
        raise ValueError("The targets are not one class for each row.")
    return np.searchsorted(labels, y.reshape(-1).astype(int))


def _class_name(label: int, names: Sequence[str] | None) -> str:
    named = names is not None and 0 <= label < len(names)
    return one_line(str(names[label])) if named and names is not None else str(label)


def _feature_names(
    names: Sequence[str] | None, shape: tuple[int, ...], width: int
) -> tuple[str, ...]:
    if names is not None and len(names) == width:
        return tuple(one_line(str(name)) for name in names)
    if len(shape) > 1:
        places = np.stack(np.unravel_index(np.arange(width), shape), axis=1).tolist()
        return tuple("x[" + ",".join(map(str, place)) + "]" for place in places)
    return tuple(f"x[{number}]" for number in range(width))


def _picture_shape(shape: tuple[int, int] | None, width: int) -> tuple[int, int] | None:
    if shape is None or shape[0] * shape[1] == 0 or width % (shape[0] * shape[1]):
        return None
    return (int(shape[0]), int(shape[1]))
