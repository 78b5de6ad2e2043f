"""Losses averaged over what only fills sequences up."""

from typing import Any

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import is_readable
from researchdesk.harness.training.watch.events import Call, LossCall
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH = 2
_SHARE = 0.1
_LONG = 0.2
_LAST_IN_TIME = 3


class Padding(Detector):
    """``loss-over-padding``: rows of targets end in runs of one label, and all of it counts."""

    names = ("loss-over-padding",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._reads_tokens = False
        self._pads: set[int] = set()
        self._shapes: list[tuple[int, int]] = []
        self._times: dict[Site, int] = {}

    def called(self, call: Call) -> None:
        if isinstance(call.module, nn.Embedding | nn.EmbeddingBag):
            self._reads_tokens = True
            if call.module.padding_idx is not None:
                self._pads.add(call.module.padding_idx)
        if call.root and self.session.sampled:
            shapes = [s for item in call.inputs if (s := _rows_and_steps(item))]
            self._shapes = shapes or self._shapes

    called_inside = called

    def loss(self, call: LossCall) -> None:
        if call.name not in ("cross_entropy", "nll_loss") or not call.input.requires_grad:
            return
        if call.target.is_floating_point() or not is_readable(call.target):
            return
        if call.options.get("reduction", "mean") == "none":
            return
        for grid in self._grids(call.target):
            pad, share, shortest = _padding(grid, self._pads)
            if pad is not None and _counts(call, pad):
                self._seen(call, pad, share, shortest)
                return

    def _grids(self, target: Tensor) -> list[Tensor]:
        """The targets as (rows, steps), in each way that they may be meant."""
        if target.ndim == 2:
            return (
                [target, target.t()]
                if (target.shape[1], target.shape[0]) in self._shapes
                else [target]
            )
        if target.ndim != 1:
            return []
        base = target._base
        if base is not None and base.ndim == 2 and base.numel() == target.numel():
            return [base, base.t()]
        found = []
        for rows, steps in self._shapes:
            for length in (steps, steps - 1):
                if target.numel() == rows * length and length > 0:
                    found += [target.reshape(rows, length), target.reshape(length, rows).t()]
        return found

    def _seen(self, call: LossCall, pad: int, share: float, shortest: int) -> None:
        times = self._times[call.site] = self._times.get(call.site, 0) + 1
        if times < _ENOUGH:
            return
        ignored = call.options.get("ignore_index", -100)
        self.session.report(
            "loss-over-padding",
            LIKELY if self._reads_tokens else LOOK,
            f"{share:.0%} of the targets are runs of label {pad} at the end of rows of different "
            f"lengths (from {shortest}): padding, which counts in the mean as ignore_index is "
            f"{ignored}.",
            call.site,
            share=share,
            label=pad,
            ignore_index=ignored,
        )


def _rows_and_steps(item: Any) -> tuple[int, int] | None:
    if isinstance(item, Tensor) and item.ndim in (2, 3):
        return int(item.shape[0]), int(item.shape[1])
    return None


def _counts(call: LossCall, pad: int) -> bool:
    weight = call.options.get("weight")
    if isinstance(weight, Tensor) and 0 <= pad < weight.numel() and float(weight[pad]) == 0:
        return False
    return bool(call.options.get("ignore_index", -100) != pad)


def _padding(grid: Tensor, known: set[int]) -> tuple[int | None, float, int]:
    """The label that rows end in, its share, and the shortest row without it."""
    nothing = (None, 0.0, 0)
    if grid.shape[0] < 2 or grid.shape[1] < _LAST_IN_TIME:
        return nothing
    pad = int(torch.mode(grid[:, -1]).values)
    is_pad = grid == pad
    runs = is_pad.flip(1).long().cumprod(1).sum(1)
    share = float(runs.sum()) / grid.numel()
    elsewhere = int(is_pad.sum()) - int(runs.sum())
    if elsewhere and pad not in known:
        return nothing
    long = float((runs >= 2).float().mean())
    lengths = set(runs.tolist())
    # a sequence is not all padding
    if max(lengths) == grid.shape[1]:
        return nothing
    if share < _SHARE or long < _LONG or len(lengths) < 2:
        return nothing
    return pad, share, grid.shape[1] - max(lengths)
