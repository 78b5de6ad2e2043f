"""Where a trained classifier is wrong on the test split, and how easily it is made so."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from researchdesk.domain.error_analysis import (
    Attacked,
    Bin,
    ClassScore,
    ErrorAnalysis,
    WorstExample,
)
from researchdesk.domain.looking import Picture
from researchdesk.harness.training.experiment import CLASSIFICATION, Split
from researchdesk.harness.training.tables import Tables, picture_of, plain_record, tables_of

EPSILONS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2)
_MOST_ROWS = 5_000
_WORST = 24
_SALIENT = 8
_BINS = 10
_AT_ONCE = 256
_NO_GRADIENT = "The model has no gradient by its input: no saliency and no attack."


def analyse(
    model: nn.Module,
    split: Split,
    device: torch.device | None = None,
    epsilons: Sequence[float] = EPSILONS,
) -> dict[str, Any]:
    """The model's errors on the test split, as the record of an ErrorAnalysis that JSON can hold.

    ``model(x)`` gives logits (rows, classes), or one logit a row for two classes. FGSM moves an
    input by ``epsilon`` times the range of its feature in training (of all pixels for pictures) in
    the direction of the sign of the loss's gradient, and keeps it within that range. Longer test
    splits than 5,000 rows are cut to their first, and ``notes`` says so. Raises ValueError where
    the targets are no classes or the model gives no logits for them.

    Sources: saliency, Simonyan, Vedaldi & Zisserman (2013), arXiv:1312.6034, with the gradient of
    the loss; FGSM, Goodfellow, Shlens & Szegedy (2014), arXiv:1412.6572; expected calibration
    error in ten bins of equal width, Guo et al. (2017), arXiv:1706.04599.
    """
    tables = tables_of(split, CLASSIFICATION)
    device = device or torch.device("cpu")
    model.eval().to(device)
    x, y = (part[:_MOST_ROWS].to(device) for part in split.test)
    if not len(x):
        raise ValueError("The test split has no row.")
    y = y.reshape(-1).long()
    notes = []
    if len(x) < len(split.test[0]):
        notes.append(f"The first {len(x):,} of {len(split.test[0]):,} test rows were looked at.")
    names = _names(tables, split, model, x)
    logits, slopes = _passed(model, x, y)
    if slopes is None:
        notes.append(_NO_GRADIENT)
    worst, mean_picture = _worst(tables, names, logits, y, slopes)
    more = {
        "worst": [asdict(example) for example in worst],
        "mean_saliency": None if mean_picture is None else asdict(mean_picture),
        "fgsm": [asdict(p) for p in _fgsm(model, split, x, y, slopes, epsilons)],
        "notes": notes,
    }
    return plain_record(asdict(_described(names, logits, y)) | more)


def _names(tables: Tables, split: Split, model: nn.Module, x: Tensor) -> tuple[str, ...]:
    """A name for each logit. Class numbers count logits, so a gap in them is named, too."""
    with torch.no_grad():
        width = _logits(model, x[:1]).shape[1]
    highest = max(int(y.max()) for _, y in split.parts().values() if len(y))
    if highest >= width:
        raise ValueError(f"The model gives {width} logits, and there is a class {highest}.")
    given = [str(name) for name in split.classes or ()]
    known = dict(zip(_class_numbers(split), tables.classes, strict=True))
    return tuple(known.get(at, given[at] if at < len(given) else str(at)) for at in range(width))


def _class_numbers(split: Split) -> list[int]:
    labels = [y.reshape(-1).long().cpu() for _, y in split.parts().values()]
    return sorted(set(torch.cat(labels).tolist()))


def _logits(model: nn.Module, x: Tensor) -> Tensor:
    out = model(x)
    if not isinstance(out, Tensor) or out.ndim > 2 or len(out) != len(x):
        raise ValueError("The model does not give one row of logits for each input.")
    out = out.reshape(len(x), -1).float()
    return torch.cat([torch.zeros_like(out), out], dim=1) if out.shape[1] == 1 else out


def _passed(model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor | None]:
    """Logits, and the gradient of each row's loss by its input; None where there is none."""
    if not x.is_floating_point():
        with torch.no_grad():
            return torch.cat([_logits(model, part) for part in torch.split(x, _AT_ONCE)]), None
    logits, slopes = [], []
    for some, truth in zip(torch.split(x, _AT_ONCE), torch.split(y, _AT_ONCE), strict=True):
        given = some.detach().clone().requires_grad_()
        with torch.enable_grad():
            out = _logits(model, given)
            loss = functional.cross_entropy(out, truth, reduction="sum")
        slope = None
        if loss.requires_grad:
            (slope,) = torch.autograd.grad(loss, given, allow_unused=True)
        logits.append(out.detach())
        slopes.append(slope)
    known = [slope for slope in slopes if slope is not None]
    return torch.cat(logits), torch.cat(known) if len(known) == len(slopes) else None


def _described(names: tuple[str, ...], logits: Tensor, y: Tensor) -> ErrorAnalysis:
    taken = logits.argmax(dim=1)
    count = len(names)
    grid = torch.bincount(y * count + taken, minlength=count * count).reshape(count, count)
    right = taken == y
    bins, gap = _calibration(logits.softmax(dim=1).amax(dim=1), right)
    return ErrorAnalysis(
        names,
        len(y),
        float(right.double().mean()),
        float(functional.cross_entropy(logits, y)),
        tuple(tuple(line) for line in grid.tolist()),
        tuple(_score(name, grid, at) for at, name in enumerate(names)),
        bins=bins,
        calibration_error=gap,
    )


def _score(name: str, grid: Tensor, at: int) -> ClassScore:
    hits, support, called = (
        int(grid[at, at]),
        int(grid[at].sum()),
        int(grid[:, at].sum()),
    )
    precision = hits / called if called else None
    recall = hits / support if support else None
    f1 = 2 * hits / (support + called) if support + called else None
    return ClassScore(name, support, precision, recall, f1)


def _calibration(confidence: Tensor, right: Tensor) -> tuple[tuple[Bin, ...], float]:
    at = (confidence * _BINS).long().clamp(0, _BINS - 1)
    bins = tuple(
        Bin(
            int(chosen.sum()),
            float(confidence[chosen].mean()),
            float(right[chosen].double().mean()),
        )
        for chosen in (at == number for number in range(_BINS))
        if bool(chosen.any())
    )
    gap = sum(item.count * abs(item.confidence - item.accuracy) for item in bins)
    return bins, gap / len(right)


def _worst(
    tables: Tables,
    names: tuple[str, ...],
    logits: Tensor,
    y: Tensor,
    slopes: Tensor | None,
) -> tuple[list[WorstExample], Picture | None]:
    loss = functional.cross_entropy(logits, y, reduction="none")
    shares = logits.softmax(dim=1)
    test = next(part for part in tables.parts if part.name == "test")
    ends = _ends(tables.train.x)
    spread = np.nan_to_num(np.nanstd(tables.train.x, axis=0))
    steep = None if slopes is None else slopes.detach().abs().cpu().numpy()
    found = []
    for row in (
        loss.nan_to_num(nan=torch.inf).argsort(descending=True, stable=True)[:_WORST].tolist()
    ):
        taken, truth = int(logits[row].argmax()), int(y[row])
        picture = picture_of(test.x[row], tables.picture, *ends) if tables.picture else None
        example = WorstExample(
            row,
            names[truth],
            names[taken],
            float(shares[row, taken]),
            float(shares[row, truth]),
            float(loss[row]),
            picture,
            _saliency(steep, row, tables),
            () if picture or steep is None else _salient(test.x[row], steep[row], spread, tables),
        )
        found.append(example)
    return found, _mean_saliency(steep, tables)


def _ends(x: Any) -> tuple[float, float]:
    finite = x[np.isfinite(x)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def _saliency(steep: Any, row: int, tables: Tables) -> Picture | None:
    return None if steep is None else _map(steep[row], tables)


def _mean_saliency(steep: Any, tables: Tables) -> Picture | None:
    return None if steep is None else _map(steep.mean(axis=0), tables)


def _map(steep: Any, tables: Tables) -> Picture | None:
    """The largest of a pixel's channels, from 0 to the largest of the picture."""
    if tables.picture is None:
        return None
    height, width = tables.picture
    grid = steep.reshape(-1, height, width).max(axis=0)
    return picture_of(grid.reshape(-1), tables.picture, 0.0, float(grid.max()))


def _salient(
    row: Any, steep: Any, spread: Any, tables: Tables
) -> tuple[tuple[str, float, float], ...]:
    flat = steep.reshape(-1) * spread
    total = float(flat.sum()) or 1.0
    first = np.argsort(-flat, kind="stable")[:_SALIENT]
    return tuple((tables.features[at], float(row[at]), float(flat[at]) / total) for at in first)


def _fgsm(
    model: nn.Module,
    split: Split,
    x: Tensor,
    y: Tensor,
    slopes: Tensor | None,
    epsilons: Sequence[float],
) -> list[Attacked]:
    if slopes is None:
        return []
    train = split.train[0].to(x)
    whole = split.image_shape is not None
    low = train.amin() if whole else train.amin(dim=0)
    high = train.amax() if whole else train.amax(dim=0)
    found = []
    for epsilon in sorted({0.0, *epsilons}):
        right = 0
        for at in range(0, len(x), _AT_ONCE):
            some = x[at : at + _AT_ONCE]
            moved = some + epsilon * (high - low) * slopes[at : at + _AT_ONCE].sign()
            kept = torch.minimum(torch.maximum(moved, torch.minimum(low, some)),
                                 torch.maximum(high, some))  # fmt: skip
            with torch.no_grad():
                taken = _logits(model, some if epsilon == 0 else kept).argmax(dim=1)
            right += int((taken == y[at : at + _AT_ONCE]).sum())
        found.append(Attacked(epsilon, right / len(x)))
    return found
