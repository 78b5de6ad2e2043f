"""Predictions and targets whose shapes do not match, and are stretched until they do."""

from typing import Any

import torch

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    LINEAR,
    MOVES,
    kind_of,
    parents,
    saved,
    shape_of,
)
from researchdesk.harness.training.watch.events import Backward, LossCall
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ELEMENTWISE = frozenset(
    {
        *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss"),
        *("soft_margin_loss", "hinge_embedding_loss"),
    }
)
_SHELL = frozenset(
    {
        *("Mean", "Sum", "Pow", "Abs", "Mul", "Div", "Add", "Neg", "Sub", "Rsub", "Log", "Exp"),
        *("Sqrt", "Clamp", "ClampMin", "ClampMax", "Minimum", "Maximum", "Where", "Log1p"),
        *("Softplus", "Cosh", "Square"),
    }
)
_PAIRING = frozenset({"Sub", "Rsub", "Mul", "Div", "Add"})
_PREDICTING = LINEAR | {"Sigmoid", "Tanh", "Relu", "Softplus", "Exp", "Gather", "Select", "Squeeze"}
_NODES = 40
_LOOKS = 6


class Broadcast(Detector):
    """``shapes-broadcast``: every prediction is held against every target."""

    names = ("shapes-broadcast",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._looked: dict[Site, int] = {}

    def loss(self, call: LossCall) -> None:
        given, target = tuple(call.input.shape), tuple(call.target.shape)
        if call.name not in _ELEMENTWISE or given == target:
            return
        both = torch.broadcast_shapes(given, target)  # type: ignore[no-untyped-call]
        count = both.numel()
        if count > max(call.input.numel(), call.target.numel()):
            self._say(CERTAIN, call.name, given, target, tuple(both), call.site)
        elif count > call.input.numel() > 1:
            self._say(LOOK, call.name, given, target, tuple(both), call.site)

    def before_backward(self, backward: Backward) -> None:
        looked = self._looked.get(backward.site, 0)
        if looked >= _LOOKS or not self.session.sampled:
            return
        self._looked[backward.site] = looked + 1
        for node in _shell(backward.root.grad_fn):
            grown = _grown(node)
            if grown:
                name = f"The loss that goes backward here ({kind_of(node).lower()})"
                result = shape_of(node) or ()
                other = (result[0],) if len(grown) > 1 else (result[0], 1)
                self._say(LIKELY, name, grown, other, result, backward.site)
                break

    def _say(
        self,
        certainty: str,
        what: str,
        given: tuple[int, ...],
        target: tuple[int, ...],
        both: tuple[int, ...],
        at: Site,
    ) -> None:
        self.session.report(
            "shapes-broadcast",
            certainty,
            f"{what} held {given} against {target}: they were stretched to {both}, so that "
            "predictions are compared with other samples' targets.",
            at,
            input=list(given),
            target=list(target),
            result=list(both),
        )


def _shell(root: Any) -> list[Any]:
    """The nodes of the loss itself: arithmetic between its root and the model."""
    row, known = [root], {root}
    found: list[Any] = []
    while row and len(found) < _NODES:
        node = row.pop(0)
        if kind_of(node) not in _SHELL:
            continue
        found.append(node)
        for before in parents(node):
            if before not in known:
                known.add(before)
                row.append(before)
    return found


def _grown(node: Any) -> tuple[int, ...]:
    """The shape of a column or row that was stretched to a square; empty where none was."""
    shape = shape_of(node)
    if kind_of(node) not in _PAIRING or not shape or len(shape) != 2:
        return ()
    size = shape[0]
    before = parents(node)
    if size < 2 or shape[1] != size or not 1 <= len(before) <= 2:
        return ()
    shapes = [shape_of(one) for one in before]
    if len(before) == 2 and set(shapes) != {(size, 1), (size,)}:
        return ()
    if any(known not in ((size, 1), (size,)) for known in shapes):
        return ()
    other = _other_shape(node)
    if len(before) == 1 and other in ((size,), (size, 1)) and other != shapes[0]:
        return () if kind_of(before[0]) == "Unsqueeze" else shapes[0] or ()
    if other == (size, size) or not all(_predicts(one) for one in before):
        return ()
    return shapes[0] or ()


def _predicts(node: Any) -> bool:
    """Whether it is a model's output, and not shaped so that it would be stretched."""
    for _ in range(8):
        kind = kind_of(node)
        if kind == "Unsqueeze":
            return False
        if kind in _PREDICTING and kind not in MOVES:
            return True
        before = parents(node)
        if kind not in MOVES | _SHELL or not before:
            return False
        if kind in ("Sum", "Mean"):
            return False
        node = before[0]
    return False


def _other_shape(node: Any) -> tuple[int, ...] | None:
    """The shape of the other factor of a product, where it was kept."""
    for name in ("other", "self"):
        other = saved(node, name)
        if isinstance(other, torch.Tensor):
            return tuple(other.shape)
    return None
