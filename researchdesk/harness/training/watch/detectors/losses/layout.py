"""Scores whose dimensions are not in the order that the loss takes them in."""

from typing import Any

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    LINEAR,
    is_readable,
    origin,
    shape_of,
)
from researchdesk.harness.training.watch.events import LossCall, LossRefused
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY

_INDEXED = ("cross_entropy", "nll_loss")
_VIEWS = ("View", "UnsafeView", "ReshapeAlias")


class ClassDimension(Detector):
    """Classes that are not in dimension 1, and scores put there by a view."""

    names = ("classes-not-in-dimension-one", "scores-scrambled-by-view", "targets-in-other-order")

    def loss(self, call: LossCall) -> None:
        if call.name not in _INDEXED or not is_readable(call.input, call.target):
            return
        if call.input.ndim == 3 and call.input.shape[1] == call.input.shape[2]:
            self._channel_last(call)
        shape = tuple(call.input.shape)
        for kind, node in origin(call.input).moves:
            before = _sizes(node)
            if kind in _VIEWS and before:
                self._view(call, before, shape)
            shape = before or shape

    def loss_refused(self, call: LossRefused) -> None:
        given, target = tuple(call.input.shape), tuple(call.target.shape)
        if call.name in _INDEXED and len(given) > 2 and given[:-1] == target:
            self.session.report(
                "classes-not-in-dimension-one",
                CERTAIN,
                f"{call.name} got scores of shape {given} for targets of {target}: classes are to "
                "be in dimension 1, and here they are last.",
                call.site,
                input=list(given),
                target=list(target),
            )

    def _channel_last(self, call: LossCall) -> None:
        """A layer's features are last: where nothing was transposed since, so are the classes."""
        found = origin(call.input)
        kinds = [kind for kind, _ in found.moves]
        made = shape_of(found.node) if found.node is not None else None
        moved = [kind for kind in kinds if kind not in _VIEWS]
        if found.kind in ("Addmm", "Mm", "Linear") and made and not moved and len(kinds) < 2:
            shape = tuple(call.input.shape)
            if made[-1] == shape[2] and (len(made) == 3 or made[0] == shape[0] * shape[1]):
                self.session.report(
                    "classes-not-in-dimension-one",
                    LIKELY,
                    f"{call.name} got scores of shape {shape} as a linear layer gives them, with "
                    "the classes last, and takes them in dimension 1: it compares positions.",
                    call.site,
                    input=list(shape),
                )

    def _view(self, call: LossCall, before: tuple[int, ...], after: tuple[int, ...]) -> None:
        if len(before) == 3 and after == (before[0], before[2], before[1]) and before[1] > 1:
            swapped = before[1] != before[2] and before[2] > 1
        else:
            swapped = _mixes_channels(call.input, before, after)
        if swapped:
            self.session.report(
                "scores-scrambled-by-view",
                CERTAIN,
                f"Scores of shape {before} became {after} by a view, where a transpose was meant: "
                "classes and positions are mixed.",
                call.site,
                before=list(before),
                after=list(after),
            )
        elif _is_other_order(call.target, before, after):
            self.session.report(
                "targets-in-other-order",
                CERTAIN,
                f"Scores of shape {before} and targets of shape {_base(call.target)} were both "
                "laid out in one row: time comes first in one, and samples in the other.",
                call.site,
                scores=list(before),
                targets=list(_base(call.target)),
            )


def _sizes(node: Any) -> tuple[int, ...]:
    return tuple(getattr(node, "_saved_self_sym_sizes", ()))


def _mixes_channels(given: Tensor, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether a convolution's output, with channels in dimension 1, became rows of channels."""
    if len(before) not in (3, 4) or len(after) != 2 or after[1] != before[1]:
        return False
    inner = 1
    for size in before[2:]:
        inner *= size
    found = origin(given)
    direct = not any(kind not in _VIEWS for kind, _ in found.moves)
    channels_first = found.kind in LINEAR - {"Addmm", "Mm", "Bmm", "Linear"}
    return direct and channels_first and inner > 1 and before[-1] != before[1]


def _base(target: Tensor) -> tuple[int, ...]:
    base = target._base
    return () if base is None else tuple(base.shape)


def _is_other_order(target: Tensor, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    base = _base(target)
    return (
        len(before) == 3
        and len(after) == 2
        and target.ndim == 1
        and len(base) == 2
        and before[0] != before[1]
        and base == (before[1], before[0])
        and target.numel() == base[0] * base[1]
        and target.stride() == (1,)
    )
