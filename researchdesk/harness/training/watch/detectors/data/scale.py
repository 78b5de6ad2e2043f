"""How large inputs are, in training and in evaluation."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import Items, PerModule, narrow
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_LOOKS = 3
_LARGE, _HUGE, _TINY = 10.0, 50.0, 0.01
_PIXELS = 100.0


class Scale(Part):
    """``inputs-not-normalised``: a first layer is given numbers far from the size of one."""

    names = ("inputs-not-normalised",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._looked: weakref.WeakKeyDictionary[nn.Module, list[float]] = (
            weakref.WeakKeyDictionary()
        )

    def fed(self, layer: nn.Module, data: Tensor) -> None:
        seen = self._looked.setdefault(layer, [])
        if len(seen) >= _LOOKS or data.shape[0] < 2:
            return
        given = data.detach().float()
        columns = given.movedim(1 if isinstance(layer, nn.modules.conv._ConvNd) else -1, -1)
        columns = columns.reshape(-1, columns.shape[-1])
        size = float(columns.square().mean(0).sqrt().max())
        seen.append(size)
        if len(seen) < _LOOKS:
            return
        size = min(seen)
        if math.isfinite(size) and (size > _LARGE or max(seen) < _TINY):
            self._report(layer, columns, size)

    def _report(self, layer: nn.Module, columns: Tensor, size: float) -> None:
        least, most = float(columns.min()), float(columns.max())
        pixels = least >= 0 and _PIXELS <= most <= 255
        if most == least:
            return
        words = "as pixels are before they are divided by 255" if pixels else "in its largest input"
        sure = size > _HUGE or (pixels and bool((columns == columns.round()).all()))
        self.session.report(
            "inputs-not-normalised",
            LIKELY if sure else LOOK,
            f"The first {type(layer).__name__} is given numbers from {least:.4g} to {most:.4g}, "
            f"{words} (root of the mean square: {size:.3g}; near 1 is what weights are made for).",
            here(),
            least=least,
            most=most,
            root_mean_square=size,
        )


@dataclass(slots=True)
class Sums:
    """Counts, sums and sums of squares of different finite rows, column by column."""

    rows: set[int] = field(default_factory=set)
    shape: tuple[int, ...] = ()
    sums: Tensor = field(default_factory=lambda: torch.zeros(()))
    squares: Tensor = field(default_factory=lambda: torch.zeros(()))
    site: Site = field(default_factory=Site)
    named: str = ""

    def add(self, items: Items) -> None:
        shape = tuple(items.data.shape[1:])
        if (self.shape and shape != self.shape) or len(self.rows) > 20_000:
            return
        fresh: dict[int, int] = {}
        for index, key in enumerate(items.keys):
            if key not in self.rows:
                fresh.setdefault(key, index)
        if not fresh:
            return
        data = narrow(items.data)
        found = data[list(fresh.values())] if len(fresh) < data.shape[0] else data
        found = found.double().cpu()
        whole = torch.isfinite(found).flatten(1).all(1)
        if not bool(whole.any()):
            return
        found = found[whole]
        self.shape, self.site = shape, self.site if self.shape else items.site
        self.rows.update(key for key, kept in zip(fresh, whole.tolist(), strict=True) if kept)
        self.sums = self.sums + found.sum(0)
        self.squares = self.squares + found.square().sum(0)

    def mean(self) -> Tensor:
        return self.sums / len(self.rows)

    def spread(self) -> Tensor:
        return (self.squares / len(self.rows) - self.mean().square()).clamp_min(0).sqrt()


@dataclass(slots=True)
class _Both:
    trained: Sums = field(default_factory=Sums)
    evaluated: dict[Site, Sums] = field(default_factory=dict)


class Difference(Part):
    """Evaluation's inputs against training's."""

    names = ("evaluation-inputs-differ", "normalised-apart", "normalised-before-split")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._both: PerModule[_Both] = PerModule(_Both)

    def trained(self, items: Items) -> None:
        if items.data.is_floating_point() and not items.graph and items.width >= 2:
            self._both.of(items.module).trained.add(items)

    def evaluated(self, items: Items) -> None:
        both = self._both.known(items.module)
        if both is None or items.named == "train" or not items.data.is_floating_point():
            return
        if items.graph or items.width < 2:
            return
        sums = both.evaluated.setdefault(items.site, Sums())
        sums.named = items.named
        sums.add(items)

    def finish(self) -> None:
        for both in self._both.all():
            for sums in both.evaluated.values():
                self._judge(both.trained, sums)

    def _judge(self, trained: Sums, other: Sums) -> None:
        if min(len(trained.rows), len(other.rows)) < 20 or trained.shape != other.shape:
            return
        shared = len(trained.rows & other.rows) / len(other.rows)
        if shared > 0.2:
            return
        if not self._judge_size(trained, other) and len(other.shape) == 1:
            self._judge_exact(trained, other)

    def _judge_size(self, trained: Sums, other: Sums) -> bool:
        (mean, spread), (found, found_spread) = _overall(trained), _overall(other)
        if spread < 1e-6 or found_spread < 1e-6:
            return False
        ratio = max(spread / found_spread, found_spread / spread)
        moved = abs(found - mean) / spread
        if ratio < 1.6 and moved < 0.6:
            return False
        self.session.report(
            "evaluation-inputs-differ",
            LIKELY if (ratio > 2.5 or moved > 1.5) and other.named == "test" else LOOK,
            f"Inputs have mean {found:.3g} and deviation {found_spread:.3g} in evaluation, "
            f"{mean:.3g} and {spread:.3g} in training: they were prepared in another way.",
            other.site,
            mean=found,
            deviation=found_spread,
            training_mean=mean,
            training_deviation=spread,
        )
        return True

    def _judge_exact(self, trained: Sums, other: Sums) -> None:
        if _is_exact(other.mean(), other.spread(), len(other.rows)):
            self.session.report(
                "normalised-apart",
                LIKELY if other.named == "test" else LOOK,
                f"Each column of the {len(other.rows)} items evaluated here has mean 0 and "
                "deviation 1 exactly: normalised by their own statistics, not by training's.",
                other.site,
                items=len(other.rows),
            )
            return
        whole = Sums(rows=trained.rows | other.rows, shape=trained.shape)
        whole.sums = trained.sums + other.sums
        whole.squares = trained.squares + other.squares
        if _is_exact(whole.mean(), whole.spread(), len(whole.rows)):
            self.session.report(
                "normalised-before-split",
                LOOK,
                "Only training and evaluation items together have mean 0 and deviation 1 exactly: "
                "they were normalised before they were split.",
                other.site,
                items=len(whole.rows),
            )


def _overall(sums: Sums) -> tuple[float, float]:
    mean = float(sums.mean().mean())
    square = float((sums.spread().square() + sums.mean().square()).mean())
    return mean, math.sqrt(max(0.0, square - mean * mean))


def _is_exact(mean: Tensor, spread: Tensor, count: int) -> bool:
    """By chance, means are off by one over the root of the count."""
    if mean.numel() < 2 or count < 20:
        return False
    near = min(0.001, 0.02 / math.sqrt(count))
    unbiased = spread * math.sqrt(count / (count - 1))
    ones = torch.minimum((spread - 1).abs(), (unbiased - 1).abs()) < 5e-3
    return bool((mean.abs() < near).all()) and bool(ones.all())
